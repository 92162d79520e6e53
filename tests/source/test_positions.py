"""Where values stand: keys, values, and characters inside texts of every style."""

from __future__ import annotations

import json

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from deployer.source import Position, Severity, SourceFile, compose, problem_at

TEXT = """\
# a comment
kind: Message   # another
body: |
  Order {{a}} is on its way.

    Indented {{b}}.
folded: >-
  One line
  and another {{c}}.
plain: some words
  go on {{d}}
single: 'it''s {{e}}'
double: "tab\\t and \\u00e9 {{f}}"
list:
  - one
  - {x: 1, "y y": two}
base: &base
  deep: value
use: *base
"""


def document(text=TEXT, index=0):
    """Read a document of a text that has no problem."""
    documents, problems = compose(SourceFile("a.yaml", text))
    assert problems == ()
    return documents[index]


def place(position):
    """Line and column of a position."""
    return position.line, position.column


@pytest.mark.parametrize(
    ("pointer", "value", "key"),
    [
        ((), (2, 1), (2, 1)),
        (("kind",), (2, 7), (2, 1)),
        (("body",), (3, 7), (3, 1)),
        (("list",), (15, 3), (14, 1)),
        (("list", 0), (15, 5), (15, 5)),
        (("list", 1, "y y"), (16, 19), (16, 12)),
        (("use",), (19, 6), (19, 1)),
        (("use", "deep"), (18, 9), (18, 3)),
        (("list", 1, "missing", "more"), (16, 5), (16, 5)),
        (("missing",), (2, 1), (2, 1)),
    ],
)
def test_values_and_keys_are_located(pointer, value, key):
    """A pointer leads to the value or its key, and to the nearest ancestor where there is nothing."""
    found = document()
    assert place(found.locate(pointer)) == value
    assert place(found.locate(pointer, key=True)) == key


@pytest.mark.parametrize("name", ["body", "folded", "plain", "single", "double"])
def test_a_character_of_a_text_is_located(name):
    """Every macro in a text of any style is found where it stands in the file."""
    found = document()
    text = found.value[name]
    for offset in (at for at in range(len(text)) if text.startswith("{{", at)):
        line, column = place(found.locate_text((name,), offset))
        assert found.file.line(line)[column - 1 :].startswith(text[offset : offset + 5])


def test_escapes_are_counted():
    """The character after an escape is found behind the whole escape."""
    found = document('a: "\\u00e9\\n\\x41b"\n')
    assert [place(found.locate_text(("a",), offset)) for offset in range(4)] == [(1, 5), (1, 11), (1, 13), (1, 17)]


def test_crlf_and_indentation_indicators_are_understood():
    """A literal with Windows line ends and an indentation indicator is aligned line by line."""
    found = document("a: 1\r\nb: |2-\r\n    x\r\n  yz\r\n")
    assert found.value["b"] == "  x\nyz"
    assert place(found.locate_text(("b",), 2)) == (3, 5)
    assert place(found.locate_text(("b",), 0)) == (3, 3)
    assert place(found.locate_text(("b",), 5)) == (4, 4)


def test_an_offset_beyond_the_text_is_at_its_end():
    """An offset that is no character, or a pointer to no text, still gives a place in the document."""
    found = document()
    assert place(found.locate_text(("kind",), 100)) == (2, 14)
    assert place(found.locate_text(("list",), 3)) == (15, 3)
    assert place(found.locate_text(("use", "deep"), 2)) == (18, 9)


def test_later_documents_are_located_in_the_file():
    """Positions of a later document count from the top of the file."""
    text = "# é😀\na: 1\n---\n# x\nb:\n  c: 2\n--- {d: 3}\n...\n---\ne: |\n  {{x}}\n"
    assert place(document(text, 1).locate(("b", "c"))) == (6, 6)
    assert place(document(text, 2).locate(("d",))) == (7, 9)
    assert place(document(text, 3).locate_text(("e",), 2)) == (11, 5)


def test_lengths_are_those_of_the_scalar_on_its_line():
    """A caret underlines a scalar or key with its quotes; a block or a collection is one character."""
    found = document()
    assert found.length(("kind",)) == len("Message")
    assert found.length(("list", 1, "y y"), key=True) == len('"y y"')
    assert found.length(("body",)) == 1
    assert found.length(("list",)) == 1


def test_a_problem_carries_the_users_line():
    """A problem made for a pointer has position, excerpt, length and what else was said."""
    problem = problem_at(
        document(), ("kind",), "a/b", "wrong", hint="so", severity=Severity.WARNING, address="message.x", key=True
    )
    assert (place(problem.position), problem.length, problem.excerpt) == ((2, 1), 4, "kind: Message   # another")
    assert (problem.rule, problem.severity, problem.hint, problem.address) == (
        "a/b",
        Severity.WARNING,
        "so",
        "message.x",
    )
    inside = problem_at(document(), ("body",), "a/b", "wrong", offset=6, length=5)
    assert (place(inside.position), inside.length, inside.excerpt) == ((4, 9), 5, "  Order {{a}} is on its way.")


KEYS = st.text(st.characters(codec="ascii", categories=("L", "N")), min_size=1, max_size=6)
TREES = st.recursive(
    st.integers(), lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3)
)


def pointers(value, pointer=()):
    """Every pointer in a value that ends with a key."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for part, item in items:
        if isinstance(part, str):
            yield (*pointer, part)
        yield from pointers(item, (*pointer, part))


@given(
    st.lists(st.dictionaries(KEYS, TREES, min_size=1, max_size=3), min_size=1, max_size=3),
    st.sampled_from([True, False]),
)
def test_every_key_is_located(values, flow):
    """In any documents, the text at the place of a key begins with the key."""
    text = yaml.safe_dump_all(values, default_flow_style=flow, width=40, sort_keys=False)
    documents, problems = compose(SourceFile("a.yaml", text))
    assert problems == ()
    for found in documents:
        for pointer in pointers(found.value):
            position = found.locate(pointer, key=True)
            at_key = found.file.line(position.line)[position.column - 1 :].lstrip("?'\" ")
            assert at_key.startswith(pointer[-1])


@given(st.text(st.sampled_from("ab {}\n\"'\\é"), max_size=30), st.sampled_from(["|", '"', "'", ">"]))
def test_every_visible_character_is_located(text, style):
    """In a text of any style, the place of a letter holds that letter."""
    dumped = yaml.dump({"k": text}, default_style=style, allow_unicode=True, width=20)
    found = document(dumped)
    assert found.value == {"k": text}
    for offset in (at for at, character in enumerate(text) if character in "ab"):
        position = found.locate_text(("k",), offset)
        assert found.file.line(position.line)[position.column - 1 : position.column] == text[offset]


@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=20), st.integers(-2, 30))
def test_any_offset_gives_a_place(text, offset):
    """No text and no offset make it fail."""
    found = (
        document(json.dumps({"k": text}, ensure_ascii=True).encode().decode()) if text.isascii() else document("k: x")
    )
    assert found.locate_text(("k",), offset).line >= 1


LINES = st.sampled_from(
    [
        *("kind: EventType", "id: order_shipped", "name: Order", "id: 'quoted'", 'id: "quoted"', "id: 1", "'id': a"),
        *(
            "id: a  ",
            "id:  a",
            "id: a # why",
            "id: a\u2028b",
            "id: a b",
            "id:",
            "  more",
            "# id: a",
            "#\u2028id: a",
            "",
        ),
        *(
            "---",
            "--- # first",
            "---  ",
            "text: |",
            "  id: a",
            "words: 'a",
            "id: b'",
            "flow: {id: a}",
            "- id: a",
            "\tid: a",
        ),
        *(
            "x: &a b",
            "id: *a",
            "id: !!str a",
            "? id",
            ": a",
            "{id: a}",
            "%YAML 1.2",
            "...",
            "\ufeffid: a",
            "é: a",
            "id: é",
        ),
    ]
)


@settings(max_examples=1_500, deadline=None)
@given(st.lists(LINES, max_size=7), st.sampled_from(["\n", "\r\n"]), st.sampled_from(["", "\n"]))
def test_a_word_near_the_top_is_where_a_parser_finds_it(lines, end, last):
    """What is found without parsing is what is found with it, whatever comes in front."""
    documents, _ = compose(SourceFile("a.yaml", end.join(lines) + last))
    for document in documents:
        for key in (*document.value, "id"):
            at_once = document.locate((key,)), document.length((key,))
            document.locate((key,), key=True)  # parses
            assert (document.locate((key,)), document.length((key,))) == at_once


def test_the_id_of_a_usual_document_is_found_without_parsing(monkeypatch):
    """A kind, an id, comments and blank lines: no parser is asked."""
    text = "# ours\n\nkind: EventType\n---\n# the second\nkind: EventType\nid: order_shipped  \nname: Order Shipped\n"
    _, document = compose(SourceFile("a.yaml", text))[0]
    monkeypatch.setattr("deployer.source.positions.nodes", lambda *_: pytest.fail("it was parsed"))
    assert document.locate(("id",)) == Position("a.yaml", 7, 5)
    assert document.length(("id",)) == len("order_shipped")
