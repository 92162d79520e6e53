"""Captured payloads are read one after the other, in whatever form a file holds them, with the lines they stand on."""

from __future__ import annotations

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deployer.contracts.captured import Capture
from deployer.contracts.locating import place
from deployer.contracts.scanning import MAX_PAYLOAD, Captured

TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
SCALARS = st.none() | st.booleans() | st.integers() | TEXTS | st.floats(allow_nan=False, allow_infinity=False)
VALUES = st.recursive(SCALARS, lambda one: st.lists(one, max_size=3) | st.dictionaries(TEXTS, one, max_size=3))
OBJECTS = st.dictionaries(TEXTS, VALUES, max_size=4)


class Drips(io.RawIOBase):
    """A stream that gives a few bytes at a time, as a slow pipe does."""

    def __init__(self, data: bytes, size: int) -> None:
        """Give ``data``, ``size`` bytes a time."""
        super().__init__()
        self.data, self.size = data, size

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer) -> int:
        """Give the next bytes."""
        size = min(self.size, len(buffer))
        part, self.data = self.data[:size], self.data[size:]
        buffer[: len(part)] = part
        return len(part)


def read(text: str | bytes, size: int = 100_000):
    """Every item of a file, and its form."""
    data = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    capture = Capture(io.BufferedReader(Drips(data, size)))
    return list(capture), capture


def found(text: str | bytes) -> list[object]:
    """Lines with values, and lines with what is wrong."""
    return [(one.line, one.value if isinstance(one, Captured) else one.kind) for one in read(text)[0]]


@given(st.lists(OBJECTS, max_size=5), st.integers(1, 50), st.sampled_from([None, 0, 2]))
def test_values_come_back_whatever_the_form(values, size, indent) -> None:
    """One a line, over several lines, or in a list: the same values come back, each with the line it begins on.

    Where values go over several lines, the first one does.
    """
    values = values if indent is None or (values and values[0]) else [{"first": 1}, *values]
    texts = [json.dumps(one, indent=indent) for one in values]
    one_after_the_other, in_a_list = "\n".join(texts), json.dumps(values, indent=indent)
    for text in (one_after_the_other, in_a_list):
        items, _ = read(text, size)
        assert [one.value for one in items] == values
        lines = text.split("\n")
        assert all(lines[one.line - 1][one.column - 1 :].lstrip().startswith(one.text[:1]) for one in items)
        assert [json.loads(one.text) for one in items] == values


@given(st.binary(max_size=200), st.integers(1, 50))
def test_any_bytes_are_read_to_their_end(data, size) -> None:
    """Whatever a file holds, reading it ends, and every line number is one of the file's."""
    items, _ = read(data, size)
    assert all(1 <= one.line <= data.count(b"\n") + 1 for one in items)
    assert bool(items) or not data.removeprefix(b"\xef\xbb\xbf").strip() or data.strip() in {b"[", b"]"} or b"[" in data


@pytest.mark.parametrize(
    ("text", "form", "expected"),
    [
        ("", "empty", []),
        ("\n \n", "empty", []),
        ('\ufeff{"a": 1}\n\n{"a": 2}', "ndjson", [(1, {"a": 1}), (3, {"a": 2})]),
        ('\n\n{"a": 1}', "ndjson", [(3, {"a": 1})]),
        ('{"a": 1}\n{"a":\n{"a": 3}', "ndjson", [(1, {"a": 1}), (2, "not-json"), (3, {"a": 3})]),
        ('{"a": NaN}\n{"a": 2}', "ndjson", [(1, "not-json"), (2, {"a": 2})]),
        ('{"a": 1} {"a": 2}\n', "ndjson", [(1, "not-json")]),
        ('{"a": "x\n{"a": 2}', "ndjson", [(1, "not-json"), (2, {"a": 2})]),
        ('{\n "a": 1\n}\n{\n "a": 2\n}\n', "json", [(1, {"a": 1}), (4, {"a": 2})]),
        ('{\n "a" 1\n}\n{\n "a": 2\n}\n', "json", [(2, "not-json"), (4, {"a": 2})]),
        ('{"a": 1,\n{"a": 2}\n', "ndjson", [(1, "not-json"), (2, {"a": 2})]),
        ('{"a": [\n{"a": [\n{"a": [\n', "json", [(1, "not-json"), (2, "not-json"), (3, "not-json")]),
        ('{\n "a": [\n{\n "a": [\n{\n "a": 1}', "json", [(1, "not-json"), (3, "not-json"), (5, {"a": 1})]),
        ('{"a": 1}\n\ufeff{"a": 2}', "ndjson", [(1, {"a": 1}), (2, {"a": 2})]),
        ('{\n"a": 1}\n\ufeff{\n"a": 2}', "json", [(1, {"a": 1}), (3, {"a": 2})]),
        ('{"a": 1}\r\n\r\n{"a": 2}\r\n', "ndjson", [(1, {"a": 1}), (3, {"a": 2})]),
        ('{"a": 1}\n\0\0\n{"a": 2}', "ndjson", [(1, {"a": 1}), (2, "not-json"), (3, {"a": 2})]),
        ('{"a": 1, "a": 2}\n{"a": 3}', "ndjson", [(1, "duplicate-key"), (2, {"a": 3})]),
        (
            '[{"a": {"b": 1, "b": 2}}, {"a": 1e999}, {"a": 3}]',
            "json",
            [(1, "duplicate-key"), (1, "bad-number"), (1, {"a": 3})],
        ),
        ('{"a": "\\ud83d"}\n{"\\udc00": 1}', "ndjson", [(1, "bad-text"), (2, "bad-text")]),
        ('{"a": "\\ud83d\\ude00 \\\\ud83d \\\\u0000"}', "ndjson", [(1, {"a": "\U0001f600 \\ud83d \\u0000"})]),
        ('{"a": "\\u0000"}\n{"a": -Infinity}', "ndjson", [(1, "bad-text"), (2, "not-json")]),
        ('{\n "a": 1', "json", [(1, "not-json")]),
        ('[\n {"a": 1},\n {"a" 2},\n {"a": 3}\n]', "json", [(2, {"a": 1}), (3, "not-json"), (4, {"a": 3})]),
        ('[{"a": 1} {"a": 2}]', "json", [(1, {"a": 1}), (1, "not-json")]),
        ('[{"a": 1}, {"a": 2}', "json", [(1, {"a": 1}), (1, {"a": 2}), (1, "not-json")]),
        ("[]", "json", []),
        ("[" * 100_000, "json", [(1, "not-json")]),
    ],
    ids=lambda value: value[:30] if isinstance(value, str) else None,
)
def test_what_a_file_may_hold(text, form, expected) -> None:
    """Each form is told by the first line, and a broken value by its line; reading goes on behind it."""
    items, capture = read(text)
    assert (found(text), capture.form) == (expected, form if items or text == "[]" else "empty")


def test_bytes_that_are_not_utf8_are_said_with_their_line() -> None:
    """In both forms, and the payloads around them are read."""
    assert found(b'{"a": 1}\n{"a": "\xff"}\n{"a": 3}') == [(1, {"a": 1}), (2, "not-json"), (3, {"a": 3})]
    assert found(b'[{"a": "\xff"},\n{"a": 2}]') == [(1, "not-json"), (2, {"a": 2})]


def test_what_follows_a_broken_value_and_is_not_read_is_said() -> None:
    """If nobody can tell where the next value of a list on one line begins, the hint says that the rest wasn't read."""
    items, _ = read('[{"a": 1}, {"a" 2}, {"a": 3}]')
    assert len(items) == 2
    assert "wasn't read" in items[1].hint


def test_a_payload_that_is_too_large_is_passed_over() -> None:
    """One that no API takes isn't held in memory; the next one is read."""
    large = '{"a": "' + "x" * (MAX_PAYLOAD + 10) + '"}'
    assert found(f'{large}\n{{"a": 2}}') == [(1, "too-large"), (2, {"a": 2})]


def test_reasons_quote_nothing() -> None:
    """A text that isn't JSON may hold customers' data: no message repeats any of it."""
    for text in ('{"phone": +12065550100}', '{"phone: +12065550100', '{"a": 12065550100, }', '[{"phone" "1206555"}]'):
        items, _ = read(text)
        assert not any("206555" in one.message + one.hint for one in items)


@given(OBJECTS, st.sampled_from([None, 2]), st.data())
def test_a_pointer_is_found_in_a_text(value, indent, data) -> None:
    """Where a value is said to begin, it begins; so for its key."""
    text = json.dumps(value, indent=indent)
    pointer, inner = [], value
    while isinstance(inner, dict | list) and inner and data.draw(st.booleans()):
        step = data.draw(st.sampled_from(sorted(inner) if isinstance(inner, dict) else range(len(inner))))
        pointer.append(step)
        inner = inner[step]
    line, column = place(text, tuple(pointer))
    rest = "\n".join(text.split("\n")[line - 1 :])[column - 1 :]
    assert json.JSONDecoder().raw_decode(rest)[0] == inner
    if pointer and isinstance(pointer[-1], str):
        line, column = place(text, tuple(pointer), key=True)
        assert json.JSONDecoder().raw_decode("\n".join(text.split("\n")[line - 1 :])[column - 1 :])[0] == pointer[-1]


def test_a_pointer_that_leads_nowhere_is_at_its_nearest_ancestor() -> None:
    """A missing key is said at the object that lacks it; of a key that stands twice, the last one counts."""
    assert place('{\n "a": {"b": 1}}', ("a", "c")) == (2, 7)
    assert place('{"a": 1, "a": 22}', ("a",)) == (1, 15)
