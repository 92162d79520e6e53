"""YAML text to documents: values, limits, and one problem for each mistake."""

from __future__ import annotations

import json
import re

import pytest
import yaml
from hypothesis import assume, given
from hypothesis import strategies as st

from deployer.source import SourceFile, compose

NOT_PLAIN = re.compile(r"[-+.]?[0-9]")
"""Texts that look like numbers: PyYAML knows YAML 1.1 and leaves some unquoted that are numbers in 1.2."""

NO_CHARACTERS = "".join(
    map(
        chr,
        (*range(0xFDD0, 0xFDF0), *(plane + last for plane in range(0, 0x110000, 0x10000) for last in (0xFFFE, 0xFFFF))),
    )
)
"""Unicode's noncharacters, which are findings."""
TEXTS = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters=f"\u2028\u2029\ufeff{NO_CHARACTERS}"), max_size=12
)
SCALARS = st.none() | st.booleans() | st.integers(-(10**20), 10**20) | st.floats(allow_nan=False, allow_infinity=False)
SAFE_TEXTS = TEXTS.filter(lambda text: not NOT_PLAIN.match(text))


def trees(texts):
    """JSON values without numbers that YAML 1.1 and 1.2 spell differently."""
    return st.recursive(
        SCALARS | texts,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
        max_leaves=12,
    )


def values(text):
    """Read the values of the documents in a text that has no problem."""
    documents, problems = compose(SourceFile("a.yaml", text))
    assert problems == ()
    return [document.value for document in documents]


def mistakes(text):
    """Line, column and rule of each problem in a text."""
    _, problems = compose(SourceFile("a.yaml", text))
    return [(problem.position.line, problem.position.column, problem.rule) for problem in problems]


@given(st.dictionaries(TEXTS, trees(TEXTS), max_size=4))
def test_json_is_read_as_json(value):
    """JSON text, which is YAML, gives the value that it encodes."""
    assert values(json.dumps(value, ensure_ascii=False)) == [value]


@given(st.dictionaries(SAFE_TEXTS, trees(SAFE_TEXTS), max_size=4), st.sampled_from([True, False, None]))
def test_yaml_that_pyyaml_wrote_is_read_as_it_reads_it(value, flow):
    """What PyYAML dumps is read as its own safe loader reads it."""
    text = yaml.safe_dump(value, allow_unicode=True, default_flow_style=flow)
    assume("[[" not in text)
    assert values(text) == [yaml.safe_load(text)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("054321", "054321"),
        ("NO", "NO"),
        ("yes", "yes"),
        ("20:50", "20:50"),
        ("2026-05-10", "2026-05-10"),
        ("1_000", "1_000"),
        ("0", 0),
        ("-17", -17),
        ("0o17", 15),
        ("0x1F", 31),
        ("1.50", 1.5),
        ("05.5", "05.5"),
        ("1e3", 1000.0),
        ("~", None),
        ("Null", None),
        ("", None),
        ("TRUE", True),
        ("False", False),
        ("'1'", "1"),
        ("!!str 1", "1"),
        ("!!float 1", 1.0),
        ("+12065550123", 12065550123),
        ("[[1, 2], [3]]", [[1, 2], [3]]),
        ('[["a"]]', [["a"]]),
        ("[[]]", [[]]),
    ],
)
def test_plain_scalars_follow_the_core_schema(text, value):
    """A plain scalar is what YAML 1.2's core schema says, and text where it begins with a needless zero."""
    found = values(f"key: {text}")[0]["key"]
    assert (found, type(found)) == (value, type(value))


def test_keys_are_text():
    """A scalar key is its own spelling, and a quoted `<<` is a key like any other."""
    text = "2023: a\ntrue: b\n1.50: c\n'': d\nbase: &base {x: 1}\nuse: {'<<': *base}\n"
    assert values(text) == [{"2023": "a", "true": "b", "1.50": "c", "": "d", "base": {"x": 1}, "use": {"<<": {"x": 1}}}]


def test_comments_alone_are_no_document():
    """Empty documents are left out, and the others keep their index."""
    documents, problems = compose(SourceFile("a.yaml", "# nothing\n---\n---\na: 1\n---\n# nothing\n"))
    assert [(document.index, document.value) for document in documents] == [(1, {"a": 1})]
    assert problems == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: 1\nb: 2\na: 3\n", (3, 1, "yaml/duplicate-key")),
        ("1: x\n'1': y\n", (2, 1, "yaml/duplicate-key")),
        ("a:\n\tb: 1\n", (2, 1, "yaml/tab")),
        ("a:\n  b: 1\n \tc: 2\n", (3, 2, "yaml/tab")),
        ("name: Inveterate: Welcome\n", (1, 7, "yaml/mapping-value-unquoted")),
        ("- name: Inveterate: Welcome\n", (1, 9, "yaml/mapping-value-unquoted")),
        ("body: {{triggerEvent.custom['x']}}\n", (1, 7, "yaml/unquoted-braces")),
        ("body: {{x}} is here\n", (1, 7, "yaml/unquoted-braces")),
        ("list:\n  - {{x}} hi\n", (2, 5, "yaml/unquoted-braces")),
        ('body: [[ track("u") ]]\n', (1, 7, "yaml/unquoted-braces")),
        ('body: [[ track("u") ]] hi\n', (1, 7, "yaml/unquoted-braces")),
        ("body: {% if x %}\n", (1, 7, "yaml/unquoted-braces")),
        ("a: {d: Aug 9, 2023}\n", (1, 15, "yaml/flow-comma")),
        ("a: !env NAME\n", (1, 4, "yaml/unknown-tag")),
        ("a: !!int x\n", (1, 4, "yaml/unknown-tag")),
        ("a: !!set {x: 1}\n", (1, 4, "yaml/unknown-tag")),
        ("a: .inf\n", (1, 4, "yaml/not-json-number")),
        ("a: .NaN\n", (1, 4, "yaml/not-json-number")),
        ("a: 1e999\n", (1, 4, "yaml/not-json-number")),
        ("a: " + "9" * 5000 + "\n", (1, 4, "yaml/not-json-number")),
        ("a: &x [*x]\n", (1, 8, "yaml/alias-bomb")),
        ("a: *x\n", (1, 4, "yaml/syntax")),
        ("- a\n", (1, 1, "yaml/not-a-mapping")),
        ("just text\n", (1, 1, "yaml/not-a-mapping")),
        ("? [a, b]\n: 1\n", (1, 3, "yaml/key")),
        ("~: 1\n", (1, 1, "yaml/key")),
        ("a: [1, 2\nb: 3\n", (1, 4, "yaml/syntax")),
        ('a: "never closed\n', (1, 4, "yaml/syntax")),
        ("a: @handle\n", (1, 4, "yaml/syntax")),
        ("a: \x07\n", (1, 4, "yaml/control-character")),
        ("a: 1\n  b: 2\n", (2, 4, "yaml/syntax")),
        ("a: 'b' c\n", (1, 8, "yaml/syntax")),
        ('a: "\\q"\n', (1, 5, "yaml/syntax")),
        ("a: **bold**\n", (1, 5, "yaml/syntax")),
        ("a: 1\n...\nb: 2\n", (3, 1, "yaml/syntax")),
        ("a: 1\nb\n", (2, 1, "yaml/syntax")),
        ("d: [\n", (1, 5, "yaml/syntax")),
    ],
)
def test_each_mistake_is_one_problem(text, expected):
    """A slip in YAML gives exactly one problem at the place of the slip, with a hint."""
    _, problems = compose(SourceFile("a.yaml", text))
    assert mistakes(text) == [expected]
    assert problems[0].hint
    assert problems[0].excerpt == text.split("\n")[expected[0] - 1]


def test_a_duplicate_key_names_both_lines():
    """The message about a duplicate key says where both of them are."""
    _, problems = compose(SourceFile("a.yaml", "a: 1\nb: 2\na: 3\n"))
    assert problems[0].message == "`a` is given twice: on line 1 and on line 3"


def test_a_duplicate_key_in_one_line_names_the_line_once():
    """The message about a key that is twice in one pair of braces names their line once."""
    _, problems = compose(SourceFile("a.yaml", "x: 1\na: { b: 1, b: 2 }\n"))
    assert problems[0].message == "`b` is given twice: both on line 2"


def test_an_unquoted_colon_is_quoted_in_the_hint():
    """The hint is the user's own line as it should be, without its comment."""
    _, problems = compose(SourceFile("a.yaml", "name: Inveterate: Welcome  # new\n"))
    assert problems[0].hint == 'quote it: `name: "Inveterate: Welcome"`'


def test_other_documents_of_the_file_still_count():
    """A problem in one document leaves the others of its file alone, as far as the file can be parsed."""
    text = "a: 1\n---\nb: 1\nb: 2\n---\nc: 1\n---\nd: @x\n"
    documents, _ = compose(SourceFile("a.yaml", text))
    assert [document.value for document in documents] == [{"a": 1}, {"c": 1}]
    assert mistakes(text) == [(4, 1, "yaml/duplicate-key"), (8, 4, "yaml/syntax")]


def test_deep_nesting_is_refused():
    """64 levels are read, 65 and 10,000 are one problem."""
    assert values("a: " + "[ " * 63 + "]" * 63)
    for depth in (64, 10_000):
        assert [rule for _, _, rule in mistakes("a: " + "[ " * depth + "]" * depth)] == ["yaml/too-deep"]


def test_an_alias_bomb_is_refused():
    """Aliases that multiply to more values than the limit are one problem, and a few aliases are none."""
    lines = ["l0: &l0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 10)}]" for n in range(1, 12)]
    assert [rule for _, _, rule in mistakes("\n".join(lines))] == ["yaml/alias-bomb"]
    assert values("\n".join(lines[:3]))


def test_a_huge_scalar_is_refused():
    """A text of 1 MB is one problem, in every style."""
    long = "x" * 1_000_000
    for text in (f"a: {long}\n", f'a: "{long}"\n', f"a: |\n  {long}\n"):
        assert mistakes(text) == [(1, 4, "yaml/scalar-too-long")]


def test_too_many_documents_are_refused():
    """Of a file with more than a thousand documents, the first thousand count and one problem is reported."""
    documents, problems = compose(SourceFile("a.yaml", "---\na: 1\n" * 1_200))
    assert len(documents) == 1_000
    assert [problem.rule for problem in problems] == ["yaml/too-many-documents"]


@given(st.text(st.sampled_from("abc:-[]{}&*!|>'\"%@`#,? \n\t01.~\x00\u2028é"), max_size=60))
def test_no_text_makes_it_fail(text):
    """Whatever a file holds, the answer is documents and problems, never an exception, and every place exists."""
    file = SourceFile("a.yaml", text)
    documents, problems = compose(file)
    assert all(isinstance(document.value, dict) for document in documents)
    assert all(1 <= problem.position.line <= len(file.lines()) and problem.position.column >= 1 for problem in problems)
