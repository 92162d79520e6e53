"""Absorbing: a text from Attentive's composer becomes the author's text, and nothing else changes."""

import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deployer.app.absorbing import absorb
from deployer.errors import UsageError
from deployer.kinds.base import GuardError
from deployer.kinds.message import Message
from deployer.source import ProblemsError
from deployer.workspace.loading import load

SETTINGS = """\
version: 1
project: tea
brand: {name: Tea Shop}
apps: {shop: {description: The shop sends with this app.}}
environments:
  sandbox: {target: sandbox}
  other: {target: sandbox}
"""
EVENT = """\
# everything about tea
kind: EventType
id: shipped
name: Shipped
app: shop
properties: {order: {type: string, minLength: 1}}
samples: {happy: {order: "17"}}
---
"""
MACROS = "[% macro help() %]Questions? [[ brand.name ]][% endmacro %]\n"
BODY = """\
kind: Message # a text
id: text
channel: text
event: shipped
body: | # the words
  Order [[ prop("order") ]] is here.
  [[ help() ]]
limits: {segments: 2} # at most
per_environment: {other: {body: "Here it is."}}
---
kind: Message
id: mail
channel: email
event: shipped
from: a@tea.example
subject: 'It''s here' # short
html: {file: mail.html}
"""
COMPOSED = "Order {{triggerEvent.custom['order']}} is here.\nQuestions? Tea Shop"


@pytest.fixture
def shop(tmp_path):
    """A small project in a folder."""
    _write(tmp_path, "deployer.yaml", SETTINGS)
    _write(tmp_path, "all.yaml", EVENT + BODY)
    _write(tmp_path, "macros/links.jinja", MACROS)
    _write(tmp_path, "mail.html", "<p>Hi</p>\r\n<p>Order {{triggerEvent.custom['order']}}</p>\r\n[[ help() ]]\r\n")
    return tmp_path


def _write(root: Path, name: str, text: str) -> None:
    (root / name).parent.mkdir(exist_ok=True)
    (root / name).write_bytes(text.encode())


def _read(root: Path, name: str = "all.yaml") -> str:
    return (root / name).read_bytes().decode()


def _composed(root: Path, message: str, part: str, environment: str = "sandbox") -> str:
    project = load(root).linked(environment).project
    return project.composed(project.find(Message, message), part).text


def test_a_block_keeps_everything_but_its_words(shop):
    """New words stand in the block scalar, beside the `[[ ]]` that stays; comments and other bytes are as they were."""
    found = absorb(load(shop), "message.text", COMPOSED.replace("is here.", "left us.\r\nGood!") + "  \n")
    assert found.written
    assert (found.path, found.refused, found.also, found.problems) == ("all.yaml", (), (), ())
    assert _read(shop) == EVENT + BODY.replace("is here.\n", "left us.\n  Good!\n")


def test_nothing_to_do(shop):
    """The text as it is needs no writing, whatever its line endings."""
    found = absorb(load(shop), "text", COMPOSED.replace("\n", "\r\n") + "\n\n")
    assert (found.changed, found.written) == (False, False)
    assert _read(shop) == EVENT + BODY


def test_a_dry_run_writes_nothing(shop):
    """With a dry run the difference is told and the file stays."""
    found = absorb(load(shop), "text", "Something else\nQuestions? Tea Shop", dry_run=True)
    assert found.changed or found.refused
    assert not found.written
    assert _read(shop) == EVENT + BODY


def test_a_file_keeps_its_line_ends(shop):
    """The words of an email's file are written to that file, with its own line endings."""
    pasted = _composed(shop, "mail", "html").replace("Hi", "Hello\nyou")
    found = absorb(load(shop), "mail", pasted, part="html")
    assert found.path == "mail.html"
    assert _read(shop, "mail.html").startswith("<p>Hello\r\nyou</p>\r\n<p>Order")
    assert _read(shop) == EVENT + BODY


def test_an_environment_s_own_words(shop):
    """What one environment says differently is changed there, and only there."""
    found = absorb(load(shop), "text", "There it is.", environment="other")
    assert _read(shop) == EVENT + BODY.replace("Here it", "There it")
    assert found.also == ()
    assert _composed(shop, "text", "body") == COMPOSED


def test_what_changes_with_it_is_told(shop):
    """Words that another environment shares change there too, which is said."""
    found = absorb(load(shop), "mail", "It isn't here", part="subject")
    assert found.also == ("message.mail subject in other",)
    assert "subject: 'It isn''t here' # short" in _read(shop)


def test_generated_words_are_refused(shop):
    """A change to what a macro file wrote is refused with its file, line and column; nothing is written."""
    found = absorb(load(shop), "text", COMPOSED.replace("Questions?", "Help:").replace("here", "there"))
    (problem,) = found.refused
    assert (problem.position.path, problem.position.line, problem.position.column) == ("macros/links.jinja", 1, 19)
    assert problem.excerpt == MACROS.strip()
    found = absorb(load(shop), "text", COMPOSED.replace("triggerEvent", "subscriber"))
    (problem,) = found.refused
    assert (problem.position.path, problem.position.line, problem.position.column) == ("all.yaml", 14, 9)
    assert _read(shop) == EVENT + BODY


def test_an_alias_is_refused(shop):
    """A text that an alias shares can't be changed in one place."""
    shared = BODY.replace("subject: 'It''s here'", "x-shared: &words Hi\nsubject: *words")
    _write(shop, "all.yaml", EVENT + shared)
    found = absorb(load(shop), "mail", "Hello", part="subject")
    (problem,) = found.refused
    assert "alias" in problem.message
    assert (problem.position.path, problem.excerpt) == ("all.yaml", "subject: *words # short")
    assert _read(shop) == EVENT + shared


def test_new_problems_are_told(shop):
    """What `validate` finds only since then is told, and the text is written."""
    found = absorb(load(shop), "text", COMPOSED.replace("is here", "{{a.b}}"))
    assert found.written
    assert found.problems
    assert all(problem.rule.startswith("message/") and problem.position.line == 14 for problem in found.problems)


def test_permissions_stay(shop):
    """A file that others may write can be written by them afterwards."""
    (shop / "all.yaml").chmod(0o664)
    absorb(load(shop), "text", COMPOSED.replace("here", "there"))
    assert (shop / "all.yaml").stat().st_mode & 0o777 == 0o664
    assert [path.name for path in shop.iterdir() if path.name.startswith(".all")] == []


@pytest.mark.parametrize(
    ("address", "part", "pasted", "said"),
    [
        ("txt", "", "a", "no message"),
        ("mail", "", "a", "several parts"),
        ("text", "html", "a", "no part"),
        ("text", "", " \n", "empty"),
    ],
)
def test_wrong_use(shop, address, part, pasted, said):
    """A message or part that isn't there, and an empty text, are wrong usage."""
    with pytest.raises(UsageError, match=said):
        absorb(load(shop), address, pasted, part=part)


def test_a_broken_project(shop):
    """Where the message isn't there because its file is wrong, that is told."""
    _write(shop, "all.yaml", EVENT + BODY.replace("id: text", "id: text\nid: text"))
    with pytest.raises(ProblemsError):
        absorb(load(shop), "text", "a")


def test_a_file_that_can_t_be_replaced(shop, monkeypatch):
    """Where the new file can't take the place of the old, the old one stays, and nothing else."""

    def full(self, target):
        del self, target
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(GuardError, match="No space"):
        absorb(load(shop), "text", COMPOSED.replace("here", "there"))
    assert _read(shop) == EVENT + BODY
    assert sorted(path.name for path in shop.iterdir()) == ["all.yaml", "deployer.yaml", "macros", "mail.html"]


WORDS = st.text("ab .,é'\"#:\n-|>€", min_size=0, max_size=12)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(WORDS, WORDS)
def test_any_words_are_absorbed(shop, before, after):
    """Whatever the author's words became in the composer, the project then says the same, byte by byte elsewhere."""
    root = shop.parent / "again"
    shutil.rmtree(root, ignore_errors=True)
    shutil.copytree(shop, root)
    pasted = f"{before}Order {{{{triggerEvent.custom['order']}}}} is{after}\nQuestions? Tea Shop"
    found = absorb(load(root), "text", pasted)
    assert found.refused == ()
    assert _composed(root, "text", "body") == pasted
    text = _read(root)
    assert text.startswith(EVENT + BODY[: BODY.index("|")])
    assert text.endswith(BODY[BODY.index("limits:") :])
