"""The boxes of an issue, and the event of its edit: which were ticked, and whose word counts."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deployer.forge.boxes import END, Scope, box, issue_mark, newly_ticked, read_boxes, scope_of, task_of
from deployer.forge.errors import ForgeError
from deployer.forge.events import issue_edit, read_event

TOKENS = st.text("abcdefghijklmnopqrstuvwxyz234567", min_size=7, max_size=7)
MARK = issue_mark(Scope("northwind", "production"))


def body(*boxes: tuple[str, bool]) -> str:
    """An issue's text with boxes."""
    return "\n".join([MARK, *(box(token, "Turn it on", ticked=ticked) for token, ticked in boxes), END, "clicks"])


def event(before: str, after: str, **more) -> dict:
    """The event that GitHub sends when an issue's text was edited."""
    made = {
        "action": "edited",
        "issue": {"number": 12, "body": after, "user": {"login": "github-actions[bot]", "type": "Bot"}},
        "changes": {"body": {"from": before}},
        "sender": {"login": "ana", "type": "User"},
    }
    return made | more


@given(st.dictionaries(TOKENS, st.tuples(st.booleans(), st.booleans()), max_size=8))
def test_newly_ticked_is_what_was_open_and_is_ticked(boxes):
    """Whatever stood before, exactly the boxes that went from open to ticked are new, in the order of the text."""
    before = body(*((token, was) for token, (was, _) in boxes.items()))
    after = body(*((token, now) for token, (_, now) in boxes.items()))
    assert newly_ticked(before, after) == tuple(token for token, (was, now) in boxes.items() if now and not was)


@given(TOKENS, st.booleans())
def test_a_box_is_read_as_it_was_written(token, ticked):
    """Reading a line gives the token and the tick that it was made of, with Windows's line ends as well."""
    line = box(token, "`journey.x` Set the text of step “text”", ticked=ticked)
    found = read_boxes(f"{MARK}\r\n{line}\r\n")
    assert (token in found.ticked, token in found.open) == (ticked, not ticked)
    assert task_of(line) == token


@given(
    st.dictionaries(TOKENS, st.booleans(), min_size=1, max_size=5),
    st.sampled_from(["\n", "\r\n", "\n  ", "\r\n\t"]),
    st.sampled_from(["", " ", " done by Ben!", "\r"]),
)
def test_a_box_whose_line_was_broken_or_written_on_is_read(boxes, broken, behind):
    """An editor that breaks long lines, and a remark behind a box, lose no tick and give none to another box."""
    lines = (box(token, "Turn on “Order shipped”", ticked=ticked) for token, ticked in boxes.items())
    text = "\n".join(
        [MARK, *(line.replace(" “", f"{broken}“").replace(" <!", f"{broken}<!") + behind for line in lines)]
    )
    found = read_boxes(text)
    assert (found.ticked, found.open) == (
        frozenset(token for token, ticked in boxes.items() if ticked),
        frozenset(token for token, ticked in boxes.items() if not ticked),
    )


@pytest.mark.parametrize("between", ["\n\n", "\n- ", "\n* ", "\n## "])
def test_a_mark_of_another_paragraph_is_no_boxs(between):
    """A box that lost its mark doesn't take the next one's."""
    assert read_boxes(f"{MARK}\n- [x] mine{between}<!-- deployer-task:aaaaaaa -->").ticked == frozenset()


def test_no_box_is_read_in_the_instructions():
    """A text to copy that looks like a box is a text: nobody confirms by quoting."""
    quoted = f"{body()}\n{box('aaaaaaa', 'x', ticked=True)}"
    assert read_boxes(quoted).ticked == frozenset()


@pytest.mark.parametrize(
    "text", ["", "x", f"see {MARK}", "<!-- deployer:production -->", "<!-- deployer-tasks:a b -->"]
)
def test_an_issue_without_a_line_with_the_mark_is_not_ours(text):
    """A mark that is quoted within a line, or another mark, is text."""
    assert scope_of(text) is None


@pytest.mark.parametrize("above", ["Please do these today.\n", "\n\n", "Please do these today.\r\n\r\n"])
def test_a_line_above_the_mark_changes_nothing(above):
    """Whatever people write above the text, the issue is ours, and of the same project and environment."""
    assert scope_of(above + body(("aaaaaaa", False))) == Scope("northwind", "production")


def test_a_tick_says_what_and_who():
    """A person's tick in our issue is read with the environment, the token and the person's handle."""
    edit = issue_edit(event(body(("aaaaaaa", False)), body(("aaaaaaa", True))))
    found = (edit.scope, edit.issue, edit.tokens, edit.by)
    assert found == (Scope("northwind", "production"), 12, ("aaaaaaa",), "ana")


def test_unticking_and_other_edits_confirm_nothing():
    """Taking a tick back, or editing the title, is an edit without a confirmation."""
    assert issue_edit(event(body(("aaaaaaa", True)), body(("aaaaaaa", False)))).tokens == ()
    assert issue_edit(event("", body(("aaaaaaa", True)), changes={"title": {"from": "x"}})).tokens == ()


def test_a_box_that_was_written_ticked_confirms_nothing():
    """A box that wasn't there before was not ticked by anybody."""
    assert issue_edit(event(body(), body(("aaaaaaa", True)))).tokens == ()


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"action": "opened"}, "not edited"),
        ({"issue": {"number": 3, "body": body(), "user": {"login": "eve", "type": "User"}}}, "opened by eve"),
        ({"issue": {"number": 3, "body": "hello", "user": {"login": "eve"}}}, "isn't one that"),
        ({"sender": {"login": "renovate[bot]", "type": "Bot"}}, "no person's account"),
        ({"issue": None}, "isn't that of an issue"),
        ({"issue": {"number": 3, "body": body(), "user": None}}, "isn't that of an issue"),
    ],
)
def test_what_is_no_persons_tick_in_our_issue_is_refused(change, why):
    """Another event, an issue that somebody else opened, and a program's edit confirm nothing and say why."""
    with pytest.raises(ForgeError, match=why):
        issue_edit(event(body(("aaaaaaa", False)), body(("aaaaaaa", True))) | change)


def test_another_account_that_opens_the_issues_can_be_named():
    """Where an app's account keeps the issues, its name is given."""
    made = event(body(("aaaaaaa", False)), body(("aaaaaaa", True)))
    made["issue"]["user"] = {"login": "our-app[bot]", "type": "Bot"}
    assert issue_edit(made, "our-app[bot]").tokens == ("aaaaaaa",)


@pytest.mark.parametrize(("text", "why"), [("{", "line 1"), ("[]", "no object"), (None, "can't be read")])
def test_an_event_that_cannot_be_read_says_why(tmp_path, text, why):
    """A missing file, one that isn't JSON and one that holds something else are told as such."""
    path = tmp_path / "event.json"
    if text is not None:
        path.write_text(text)
    with pytest.raises(ForgeError, match=why):
        read_event(path)


def test_an_event_is_read_from_its_file(tmp_path):
    """The file that GitHub names holds the event."""
    path = tmp_path / "event.json"
    path.write_text(json.dumps(event("", "")))
    assert read_event(path)["action"] == "edited"
