"""Files as nearly all are written come to what a parser makes of them, and all others are left to it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deployer.source import SourceFile
from deployer.source.parsed_yaml import parsed
from deployer.source.plain_flow import plain_flow
from deployer.source.plain_yaml import plain_yaml
from deployer.source.yaml_files import compose, on_one_line
from tests.source.test_yaml import TEXTS, trees

EXAMPLES = Path(__file__).parents[2] / "examples"
PIECES = re.split(
    "¦",
    "a: b¦a:¦- c¦- a: b¦  - d¦  e: f¦    g: h¦- ¦text: |-¦text: |¦text: >-¦text: >"
    "¦  words¦   more¦    ¦  ¦ ¦# note¦  # note¦a: # note"
    "¦---¦--- x¦...¦a: 'it''s'¦'a': b¦a: \"b\"¦a: \"\\u00e9\"¦a: {b: c, d: [1, 2]}¦a: {b¦}¦- [a]¦- - a¦a: b: c¦a: b # c"
    "¦a: b#c¦a: b:c¦a: &x b¦a: {b: *x}¦a: !!int 1¦a: ~¦null: a¦a: 0x1F¦a: .inf¦a: - b¦a: -1¦a: > ¦\ta: b¦a: b\t¦a: é"
    "¦a: \u2028¦\ufeffa: b¦%YAML 1.2¦? a¦a : b¦a: [[b]]¦a: {{b}}¦a: {b, c: d}¦a: \x7f¦a: \\d¦b: 1.0¦c: true¦d: 012"
    "¦text:  |¦z:¦y: z¦x:¦  x:¦  y:¦    - |¦      words",
)
"""Lines, and parts of them."""


def whole(read):
    """All that reading gave, written down: ``1``, ``1.0`` and ``true`` are three."""
    documents, problems = read
    return repr([(one.index, one.value, one.span, one.locate(("a",))) for one in documents]), problems


def as_parsed(text):
    """Hold what is read of a text against the parser; tell whether it was read without it."""
    file = SourceFile("a.yaml", text)
    assert whole(compose(file)) == whole(parsed(file))
    return plain_yaml(text, on_one_line) is not None


@given(st.lists(st.sampled_from(PIECES), max_size=8))
def test_any_lines_are_read_as_parsed(lines):
    """Lines of all sorts, in any order, are what the parser makes of them."""
    as_parsed("\n".join([*lines, ""]))


@given(st.dictionaries(TEXTS, trees(TEXTS), max_size=4))
def test_any_value_on_one_line_is_read_as_parsed(value):
    """A value of any shape in brackets, as JSON writes it."""
    as_parsed(f"a: {json.dumps(value)}\nb: {json.dumps(value, ensure_ascii=False)}\n")


FLOWS = re.split(
    "¦",
    "[¦]¦{¦}¦, ¦,¦a: ¦b: ¦Order Id: ¦a¦b c¦true¦null¦~¦1.0¦012¦-1¦-a¦.inf¦'¦\"¦'b, c'¦\"b: c\"¦\"\\n\"¦'it''s'¦it's¦b:c¦https://b.example/c"
    "¦:¦::¦#¦ # d¦ ¦  ¦?¦&x¦*x¦!!str ¦%¦@¦|¦>¦=¦<<: ¦$1.00¦b]¦é¦[]¦{}",
)
"""Parts of a value in brackets."""


@given(st.lists(st.sampled_from(FLOWS), max_size=7), st.sampled_from(["[{}]", "{{a: {}}}", "[{}, a]", "{}"]))
def test_any_value_in_brackets_is_read_as_parsed(parts, around):
    """Parts of all sorts, in any order, are what the parser makes of them."""
    as_parsed(f"a: {around.format(''.join(parts))}\n")


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        "{ }",
        "[a, b c, 'd, e', \"f: g\", it's]",
        '{ type: string, maxLength: 12, Order Id: "54321" } # note',
        "[{a: [b, {c: d}]}, 1, 1.0, 0x1F, true, null, ~, 012, -5, .5]",
        "[https://b.example/c?d, 20:50, $1.00]",
    ],
)
def test_a_value_in_brackets_needs_no_parser(text):
    """Words, numbers and texts in quotes, in lists and mappings, are what the parser makes of them."""
    assert as_parsed(f"a: {text}\n")
    assert (plain_flow(text) is None) == ("?" in text)


@pytest.mark.parametrize(
    "text", ["[a", "[a]]", "[[a]]", "{{a: b}}", "[a,]", "{a}", "{a: b, a: c}", "{null: a}", "[.inf]"]
)
def test_odd_values_in_brackets_are_left_to_the_parser(text):
    """Mistakes, and what is read in more ways than one, are the parser's."""
    assert plain_flow(text) is None
    as_parsed(f"a: {text}\n")


@pytest.mark.parametrize(
    "text",
    [
        "a: b\n",
        "# note\n\na: b  # note\n",
        "---\na: b\n---\n# nothing\n---\na: c\n",
        "a:\n- b\n- c: d\n  e:\n  - f\ng:\n  - h\n",
        "a:\nb:\n  c:\n    d: e\n  f: g\n",
        "a: {b: [c, 'd', \"\\u00e9\"]} # note\n",
        "a: 'it is'\nb: \"it is\"\nc: 'it''s'\n",
        "a: |\n  b\n\n    c\n  \nd: |-\n    e\n\nf: g\n",
        "a: 1\nb: 1.0\nc: 0x1F\nd: true\ne: ~\nf: 012\ng: -5\nh: 20:50\n",
        "a: b#c:d\n",
        "a: >\n  b\n  c\n\nd: >-\n  e\n  f\n",
        "Order Id: 😀 … é\n",
        "".join(f"{' ' * depth}a:\n" for depth in range(19)),
    ],
)
def test_it_is_read_without_a_parser(text):
    """What nearly all files consist of needs no parser, and is what it makes of it."""
    assert as_parsed(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a: b",
        "a: b\n  c\n",
        "a: b\na: c\n",
        "a: |\n  b\n \n   \n",
        "a: |\n\n  b\n",
        "a: &x {b: c}\nd: {e: *x}\n",
        "a: !!str 1\n",
        "a:\n\tb: c\n",
        "a: \u2028\n",
        "--- a: b\n",
        "a: b\n...\n",
        "null: a\n",
        "a: .inf\n",
        "a: {b: .nan}\n",
        "a: {b: c\n  }\n",
        "a: [[ b ]]\n",
        "a: '\n",
        '"a": b\n',
        "- a\n",
        "a: >-\n  b\n\n  c\n",
        "a: >\n  b\n    c\n",
        "a: >\n  b \n  c\n",
        "a: " + "[" * 21 + "]" * 21 + "\n",
        "".join(f"{' ' * depth}a:\n" for depth in range(21)),
        "a: b\n" + "---\na: b\n" * 100,
        f"a: {'b' * 50_000}\n",
    ],
)
def test_it_is_left_to_the_parser(text):
    """Mistakes, and what is seldom written or read in more ways than one, are the parser's."""
    assert not as_parsed(text)


def test_the_example_is_read_without_a_parser():
    """The files of the example are of the sort that this is for."""
    files = sorted(EXAMPLES.rglob("*.yaml"))
    left = [path.name for path in files if not as_parsed(path.read_text(encoding="utf-8"))]
    assert len(left) <= len(files) // 10, left


def test_values_of_two_lines_are_two():
    """What is known of a value is known by its identity: the same words on two lines are two values."""
    (one,) = compose(SourceFile("a.yaml", "a: {b: c}\nd: {b: c}\n"))[0]
    assert one.value["a"] == one.value["d"]
    assert one.value["a"] is not one.value["d"]
