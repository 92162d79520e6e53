"""Environments that inherit say only what differs, and resources follow them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deployer.source import origin, parse_settings, read, specialise

HEAD = "version: 1\nproject: tea\nbrand: {name: Tea}\napps: {shop: {}}\nenvironments:\n"
BASE = """\
  clients:
    abstract: true
    target: attentive
    apps: {shop: {name: Shop, api_key: {env: SHOP_KEY}}}
    test_contacts: [{phone: {env: PHONE}}]
    state: git
"""


def parsed(tmp_path, environments):
    """The settings of a project with these environments, and what is wrong with them."""
    (tmp_path / "deployer.yaml").write_text(HEAD + environments, encoding="utf-8")
    return parse_settings(read(tmp_path))


def test_a_client_says_only_what_differs(tmp_path):
    """What an environment doesn't say holds as in the one that it inherits from; what it says wins."""
    own = "  tea: {inherits: clients, company_id: T, apps: {shop: {name: Tea Shop}}}\n"
    settings, problems = parsed(tmp_path, BASE + own)
    assert problems == ()
    assert (list(settings.environments), settings.bases) == (["tea"], ("clients",))
    tea = settings.environments["tea"]
    assert (tea.target, tea.company_id, tea.state, tea.inherits) == ("attentive", "T", "git", ("clients",))
    assert (tea.apps["shop"].name, tea.apps["shop"].api_key.env) == ("Tea Shop", "SHOP_KEY")


def test_what_is_adopted_belongs_to_one_account(tmp_path):
    """Ids of objects at Attentive aren't inherited."""
    more = "  eu: {target: sandbox, adopt: {webhook.a: {id: X}}}\n  fr: {inherits: eu}\n"
    settings, _ = parsed(tmp_path, more)
    assert (settings.environments["eu"].adopt, settings.environments["fr"].adopt) == ({"webhook.a": "X"}, {})


@pytest.mark.parametrize(
    ("environments", "rule", "words"),
    [
        ("  tea: {inherits: clinets}\n", "settings/inherits", "clinets"),
        ("  a: {inherits: b}\n  b: {inherits: a}\n", "settings/inherits", "itself"),
        ("  a: {inherits: a}\n", "settings/inherits", "itself"),
        ("  b: {abstract: true}\n  a: {inherits: b}\n", "settings/missing-key", "target"),
        (BASE + "  tea: {inherits: clients}\n", "settings/incomplete-environment", "company_id"),
        (BASE, "settings/no-environment", "no environment"),
    ],
)
def test_a_broken_line_is_a_problem(tmp_path, environments, rule, words):
    """An unknown parent, a ring, a target or a company that nobody says: each is said where it stands."""
    _, problems = parsed(tmp_path, environments)
    assert rule in [problem.rule for problem in problems]
    assert any(words in problem.message and problem.position.line > 1 for problem in problems)


NAMES = ("clients", "eu", "tea")


def test_a_resource_follows_the_line():
    """A patch for an ancestor holds too, under the own one; what exists in an ancestor exists here."""
    patches = {"clients": {"name": "C", "url": "c"}, "eu": {"name": "E"}, "tea": {"name": "T"}}
    body = {"kind": "A", "id": "a", "name": "N", "environments": ["clients"], "per_environment": patches}
    assert specialise(body, "tea", NAMES, ("eu", "clients")) == {"kind": "A", "id": "a", "name": "T", "url": "c"}
    assert specialise(body, "tea", NAMES, ("eu",)) is None
    assert origin(body, "tea", ("name",), ("eu", "clients")) == ("per_environment", "tea", "name")
    assert origin(body, "tea", ("url",), ("eu", "clients")) == ("per_environment", "clients", "url")
    assert origin(body, "tea", ("id",), ("eu", "clients")) == ("id",)


@given(st.dictionaries(st.sampled_from("abcd"), st.sampled_from("abcd")))
def test_any_web_of_parents_is_read(tmp_path_factory, parents):
    """Whatever inherits from whatever, reading ends, and a ring never yields settings."""
    lines = [
        f"  {name}: {{target: sandbox{f', inherits: {parents[name]}' if name in parents else ''}}}" for name in "abcd"
    ]
    settings, problems = parsed(tmp_path_factory.mktemp("web"), "\n".join(lines) + "\n")

    def rings(name):
        seen = []
        while name in parents and name not in seen:
            seen.append(name)
            name = parents[name]
        return name in seen

    assert (settings is None) == any(rings(name) for name in "abcd") == bool(problems)
