"""Comments that suppress: which are comments, what they hold for, and what is wrong with them."""

from __future__ import annotations

from datetime import date

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from deployer.source import SourceFile
from deployer.source.suppressing import suppressions

COMMENT = "# deployer: ignore[a/b] because"


def found(text):
    """The comments of a text."""
    return suppressions(SourceFile("a.yaml", text))


def test_a_comment_behind_a_value_holds_for_its_line():
    """If the comment stands behind a value, it holds for that line alone."""
    [one] = found(f"x: 1\ny: 2 {COMMENT} until 2027-01-31\nz: 3\n")
    assert (one.line, one.column, one.first, one.last) == (2, 6, 2, 2)
    assert (one.rules, one.reason, one.until, one.mistake) == (("a/b",), "because", date(2027, 1, 31), "")


def test_a_comment_of_its_own_holds_for_the_next_line_that_is_none():
    """If the comment has a line of its own, it holds for the line below, other comments left out."""
    assert [(one.first, one.last) for one in found(f"{COMMENT}\n# another\nx: 1\ny: 2\n")] == [(3, 3)]


@pytest.mark.parametrize("head", ["body: |", "body: >-", "body: |2-"])
def test_a_comment_behind_a_bar_holds_for_the_whole_text(head):
    """If a block scalar begins on the comment's line, the comment holds to its end; what is inside of it is text."""
    text = f"x: 1\n{head} {COMMENT}\n  one\n  {COMMENT}\n  three\ny: 2\n"
    assert [(one.line, one.first, one.last) for one in found(text)] == [(2, 2, 5)]


@pytest.mark.parametrize("value", [f'"one\n  {COMMENT}\n  three"', f"'one\n  {COMMENT}\n  three'"])
def test_a_comment_above_a_quoted_text_holds_for_the_whole_text(value):
    """If a quoted text begins on the next line, the comment holds to its end; a `#` inside of it is text."""
    assert [(one.line, one.first, one.last) for one in found(f"{COMMENT}\nbody: {value}\n")] == [(1, 2, 4)]


@pytest.mark.parametrize(
    "text",
    [
        f'x: "{COMMENT}"\n',
        f"x: '{COMMENT}'\n",
        f'"{COMMENT}": 1\n',
        f"x: |\n  {COMMENT}\n",
        f"x: [a, '{COMMENT}']\n",
        f"x: word{COMMENT}\n",
        "# deployer reads this file\n",
        "# deployer: is what reads this\n",
        "# ignore[a/b] because\n",
    ],
)
def test_what_is_no_comment_for_us_is_none(text):
    """A `#` in a text or a word is text, and prose about deployer is prose."""
    assert found(text) == ()


@pytest.mark.parametrize(
    ("comment", "mistake"),
    [
        ("# deployer: ignore a/b because", "put the rule's id in brackets after `ignore`"),
        ("# deployer: ignore[a/b because", "the bracket behind `ignore` isn't closed"),
        ("# deployer: ignore[] because", "the brackets must hold ids of rules with commas between them"),
        ("# deployer: ignore[a/b,] because", "the brackets must hold ids of rules with commas between them"),
        ("# deployer: ignroe[a/b] because", "deployer knows no `ignroe`; did you mean `ignore`?"),
        ("# deployer: ignore[a/b] because until 31.1.2027", "`31.1.2027` is not a date such as 2027-01-31"),
        ("# deployer: ignore[a/b] because until 2027-02-31", "`2027-02-31` is not a date such as 2027-01-31"),
    ],
)
def test_a_slip_is_named(comment, mistake):
    """If the comment can't be read, it says why."""
    [one] = found(f"x: 1 {comment}\n")
    assert one.mistake == mistake


@pytest.mark.parametrize(
    ("said", "reason", "until"),
    [
        ("", "", None),
        (" until 2027-01-31", "", date(2027, 1, 31)),
        (" wait until launch", "wait until launch", None),
        (" until 2027-01-31 for the agency", "for the agency", date(2027, 1, 31)),
        (": the agency fixes it until 2027-01-31.", "the agency fixes it", date(2027, 1, 31)),
    ],
)
def test_reason_and_day_are_told_apart(said, reason, until):
    """The day is what stands behind `until` and looks like a date; the rest is the reason."""
    [one] = found(f"x: 1 # deployer: ignore[a/b]{said}\n")
    assert (one.mistake, one.reason, one.until) == ("", reason, until)


def test_a_file_that_is_no_yaml_is_read_up_to_its_mistake():
    """If the file breaks off, comments in front of that are found, and nothing is raised."""
    assert len(found(f"x: 1 {COMMENT}\ny: [1\nz: }}\n")) == 1


words = st.text(st.sampled_from("ab #:'\"|\n-{}[],\\é🎉"), max_size=30)


@given(
    st.dictionaries(
        st.sampled_from(["a", "b", "c"]), words | st.just(COMMENT) | words.map(lambda one: f"{one} {COMMENT}")
    )
)
def test_no_value_is_taken_for_a_comment(values):
    """However a value is written, what a parser reads as a value is no comment."""
    for style in ("'", '"', "|", ">", None):
        text = yaml.safe_dump(values, default_style=style, allow_unicode=True)
        assert yaml.safe_load(text) == values
        assert found(text) == ()


texts = st.text(st.sampled_from("ab #:'\"|-{}[],\\é🎉"), min_size=1, max_size=30)


@given(st.dictionaries(st.sampled_from(["a", "b", "c"]), texts, min_size=1), st.sampled_from(["'", '"', "|"]))
def test_a_comment_between_values_is_always_found(values, style):
    """However the values around it are written, a comment on a line of its own is found, and holds for what follows."""
    first = yaml.safe_dump(values, default_style=style, allow_unicode=True)
    text = f"{first}{COMMENT}\nlast: 1\n"
    assert yaml.safe_load(text)["last"] == 1
    [one] = found(text)
    assert text.splitlines()[one.first - 1 :] == ["last: 1"]
