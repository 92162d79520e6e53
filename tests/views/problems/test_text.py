"""The text report: its shape, its carets, and that users' text can do nothing to a terminal."""

import re
import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deployer.source.problems import Position, Problem, Severity
from deployer.views.problems import FORMATS, Report, cell_width, render, render_text, visible

ESCAPE = re.compile("\x1b\\[[0-9;]*m")

MISSPELT = Problem(
    rule="reference/unknown",
    message="event `order_shiped` is not declared",
    position=Position("journeys/shipped.yaml", 4, 10),
    hint="did you mean `order_shipped`?",
    excerpt="trigger: order_shiped",
    length=12,
)

SHOWN = """\
error: event `order_shiped` is not declared [reference/unknown]
  --> journeys/shipped.yaml:4:10
   |
 4 | trigger: order_shiped
   |          ^^^^^^^^^^^^
  hint: did you mean `order_shipped`?

1 error in 1 file"""

any_text = st.text(st.characters(), max_size=60)
problems = st.lists(
    st.builds(
        Problem,
        rule=any_text,
        message=any_text,
        position=st.builds(Position, any_text, st.integers(0, 2000), st.integers(0, 90)),
        severity=st.sampled_from(Severity),
        hint=any_text,
        excerpt=any_text,
        length=st.integers(0, 90),
        address=any_text,
    ),
    max_size=4,
)


def at(excerpt, column, length=1):
    """Make a problem on line 7 of a file."""
    return Problem("some/rule", "wrong", Position("a.yaml", 7, column), excerpt=excerpt, length=length)


def source_and_carets(problem, width=80):
    """Give the source line and the line of carets as shown, without the margin."""
    shown = render_text([problem], width=width).split("\n")
    source = next(line for line in shown if line.startswith(" 7 | "))
    carets = next((line for line in shown if line.endswith("^")), "")
    return source.removeprefix(" 7 | "), carets.removeprefix("   | ")


def test_a_problem_shows_message_place_line_caret_and_hint():
    """A problem is told in full, and the report ends with a count."""
    assert render_text([MISSPELT]) == SHOWN


def test_a_problem_without_a_line_shows_the_path_only():
    """Where there is no line there is no number and no source."""
    report = render_text([Problem("project/empty", "nothing is declared", Position("deployer.yaml"))])
    assert report.splitlines()[:3] == ["error: nothing is declared [project/empty]", "  --> deployer.yaml", ""]


def test_a_problem_without_a_file_shows_its_resource():
    """A problem that is in no file is found by the resource's address."""
    report = render_text([Problem("r", "m", Position(""), Severity.INFO, address="webhook.receipts")])
    assert report == "info: m [r]\n  --> webhook.receipts\n\n1 info"


def test_a_line_without_a_column_has_no_caret():
    """Column 0 shows the source line alone."""
    assert source_and_carets(at("kind: Journey", 0)) == ("kind: Journey", "")


def test_problems_are_sorted_and_counted_by_severity():
    """Problems stand in the order of their places; the last line counts them and the files they are in."""
    first = Problem("b", "one", Position("a.yaml", 2, 1), Severity.WARNING)
    later = Problem("a", "two", Position("a.yaml", 10, 1))
    other = Problem("a", "three", Position("b.yaml", 1, 1))
    report = render_text([other, later, first], files=9)
    assert [report.index(word) for word in ("one", "two", "three")] == sorted(
        report.index(word) for word in ("one", "two", "three")
    )
    assert report.count("\n\n") == 3
    assert report.endswith("\n\n2 errors, 1 warning in 2 files")


@pytest.mark.parametrize(
    ("files", "line"),
    [
        (1, "no problems in 1 file"),
        (12, "no problems in 12 files"),
        (0, "no problems in 0 files"),
        (None, "no problems"),
    ],
)
def test_no_problems_is_said(files, line):
    """A report without a problem says so, and how many files were looked at."""
    assert render_text([], files=files) == line


@pytest.mark.parametrize(
    ("excerpt", "column", "length", "carets"),
    [
        ("\tkey: value", 2, 3, "    ^^^"),
        ("日本: x", 5, 1, "      ^"),
        ("日本: x", 2, 1, "  ^^"),
        ("e\u0301a: x", 3, 1, " ^"),
        ("a\x1b[2Jb", 6, 1, "        ^"),
        ("name:", 9, 4, "     ^"),
        ("name: x\r\n", 7, 50, "      ^"),
    ],
    ids=["tab", "behind wide", "under wide", "combining", "escape", "behind the end", "line end"],
)
def test_carets_stand_under_the_place(excerpt, column, length, carets):
    """Tabs, wide characters, marks and escapes don't move the caret away from its place."""
    assert source_and_carets(at(excerpt, column, length))[1] == carets


@pytest.mark.parametrize("column", [1, 40, 500, 999_990, 1_000_000])
def test_a_long_line_is_cut_around_the_place(column):
    """Of a very long line the part around the caret is shown, within the width, with dots where it was cut."""
    line = "a" * (column - 1) + "HERE" + "z" * (1_000_000 - column)
    source, carets = source_and_carets(at(line, column, 4), width=60)
    assert len(source) <= 55
    assert source[carets.index("^") : len(carets)] == "HERE"
    assert source.startswith("...") == (column > 20)
    assert source.endswith("...") == (column < 999_990)


def test_colour_repeats_what_words_say():
    """With colour the report has escape sequences, and says the same without them."""
    colored = render_text([MISSPELT], color=True)
    assert "\x1b[1;31merror:\x1b[0m" in colored
    assert ESCAPE.sub("", colored) == render_text([MISSPELT])


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\x1b]0;title\x07", "a\\x1b]0;title\\x07"),
        ("one\r\ntwo\tthree", "one\\r\\ntwo\\tthree"),
        ("\x9b2J\x7f", "\\x9b2J\\x7f"),
        ("order\u200b_shipped\u202e", "order\\u200b_shipped\\u202e"),
        ("\u2028 \ud800 \U000e0041", "\\u2028 \\ud800 \\U000e0041"),
        ("Grüße 日本 👩\u200d💻", "Grüße 日本 👩\u200d💻"),
    ],
)
def test_what_is_unseen_or_steers_a_terminal_is_escaped(text, shown):
    """Control, format and surrogate characters are written as escapes; letters and emojis stay."""
    assert visible(text) == shown


@given(problems, st.integers(0, 120))
def test_no_text_can_steer_a_terminal(found, width):
    """If problems hold any text at all, the report has no control character but its line ends, and can be encoded."""
    report = render_text(found, width=width)
    assert not any(unicodedata.category(one) in {"Cc", "Cs"} for one in report.replace("\n", ""))
    assert report.encode()


@given(problems, st.integers(20, 120))
def test_colour_changes_no_text(found, width):
    """If the escape sequences are taken away, the coloured report is the plain one."""
    assert ESCAPE.sub("", render_text(found, color=True, width=width)) == render_text(found, width=width)


@given(st.text(st.characters(), max_size=300), st.integers(1, 320), st.integers(0, 40), st.integers(40, 120))
def test_source_lines_fit_the_width(line, column, length, width):
    """If the terminal has 40 columns or more, neither the source line nor the carets are wider."""
    if not line:
        return
    source, carets = source_and_carets(at(line, column, length), width=width)
    assert 5 + cell_width(source) <= width
    assert 5 + len(carets) <= width
    assert "^" in carets


@given(problems, st.randoms())
def test_the_order_of_finding_does_not_matter(found, random):
    """If the same problems are found in another order, every format reports the same."""
    shuffled = list(found)
    random.shuffle(shuffled)
    for name in FORMATS:
        assert render(name, Report(tuple(shuffled), 3)) == render(name, Report(tuple(found), 3))


@given(found=problems, width=st.integers(40, 100))
def test_wrapped_text_fits_the_width(found, width) -> None:
    """If it is wrapped, no message or hint is wider than the terminal, and the words are the same."""
    wrapped = render_text(found, width=width, wrap=True)
    loose = render_text(found, width=width)
    assert "".join(wrapped.split()) == "".join(loose.split())
    assert all(cell_width(line) <= width + 1 for line in wrapped.split("\n") if "-->" not in line)


def test_many_problems_are_counted_by_rule() -> None:
    """If there are more than ten, the end says which rules were broken how often, errors first."""
    many = [at("x", number + 1) for number in range(12)]
    assert "12  error  " in render_text(many)
    assert "10  error  " not in render_text(many[:10])


def test_what_is_wrong_alike_in_many_places_is_counted_once() -> None:
    """If more than ten problems say the same, the end says so once, below their rule; others are counted by rule."""
    alike = [at("x", number + 1) for number in range(12)]
    others = [replace(at("x", number + 1), message=f"no property `{number}`") for number in range(20, 40)]
    *_, counts, last = render_text([*alike, *others]).split("\n\n")
    assert last == "32 errors in 1 file"
    rule, message = alike[0].rule, alike[0].message
    assert counts.split("\n") == [f"32  error  {rule}", f"   12 times: {message}"]
    assert " times: " not in render_text([*alike[:10], *others])
