"""``deployer explain``: one rule, a family, all of them, and a slip."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from jsonschema import Draft202012Validator

from deployer.cli import exits
from deployer.rules import CATALOGUE
from deployer.source import schema

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.commands import Done

    Deployer = Callable[..., Done]


@pytest.mark.parametrize("name", ["message/optional-in-text", "yaml/tab", "suppression/unused"])
@pytest.mark.parametrize("form", ["text", "markdown"])
def test_a_rule_is_explained(deployer: Deployer, name: str, form: str) -> None:
    """Each form tells the rule's reason, both examples and what to do."""
    done = deployer("explain", name, "--format", form)
    rule = CATALOGUE[name]
    told = " ".join(done.out.split())
    for part in (name, rule.why, rule.fix, rule.bad.text, rule.good.text, rule.severity.value):
        assert " ".join(part.split()) in told
    assert (done.code, done.err) == (exits.DONE, "")


def test_text_fits_a_terminal_but_for_examples(deployer: Deployer) -> None:
    """Prose is wrapped to 80 columns; a list of rules is cut to them."""
    shown = deployer("explain", "event/no-complete-sample").out.split("bad:")[0]
    assert max(len(line) for line in shown.splitlines()) <= 80
    assert max(len(line) for line in deployer("explain").out.splitlines()) <= 80


def test_every_rule_is_listed(deployer: Deployer) -> None:
    """Without a rule all are listed, by family; with a family those of it."""
    shown = deployer("explain").out
    assert all(f"  {name} " in shown for name in CATALOGUE)
    webhooks = [name for name in CATALOGUE if name.startswith("webhook/")]
    for family in ("webhook", "webhook/*"):
        assert [line.split()[0] for line in deployer("explain", family).out.splitlines()[1:]] == webhooks
    assert "- `webhook/not-https` (error):" in deployer("explain", "--format", "markdown").out


@pytest.mark.parametrize("name", [(), ("message",), ("yaml/tab",)])
def test_json_is_what_its_schema_says(deployer: Deployer, name: tuple[str, ...]) -> None:
    """The JSON of one, several or all rules fits the published schema."""
    data = deployer("explain", *name, "--format", "json").data
    Draft202012Validator(schema("rules")).validate(data)
    assert len(data["rules"]) == (len(CATALOGUE) if not name else 1 if "/" in name[0] else len(data["rules"]))


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("message/optional-in-tetx", "did you mean `message/optional-in-text`?"),
        ("optional-in-text", "did you mean `message/optional-in-text`?"),
        ("evnt", "did you mean the family `event`?"),
        ("zzz", "`deployer explain` lists every rule"),
    ],
)
def test_an_unknown_rule_is_wrong_usage(deployer: Deployer, name: str, hint: str) -> None:
    """If no rule has the id, the nearest one is named."""
    done = deployer("explain", name)
    assert done.code == exits.USAGE
    assert f"there is no rule `{name}`" in done.err
    assert hint in done.err
