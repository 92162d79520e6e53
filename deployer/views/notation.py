"""Values as a plan shows them: one line where they are short, a difference of lines where they are long."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from deployer.dataclass import dataclass
from deployer.source.scalars import reads_as_text
from deployer.source.secret import name_of
from deployer.source.suggestion import first_difference, visible

SHORT = 60
"""Characters up to which a text or a list is shown on one line."""

NOTHING = "(nothing)"
_PLAIN = re.compile(r"\w(?:(?:[\w./@%+?=&~'\u2019-]|:(?! )| (?=\S))*[\w./%])?")
"""A text in which nothing looks like an end, an edge or a list."""

_BLANKS = re.compile(r"[^\S \t\r]| +$")
"""What looks like a space and isn't, and spaces that no one sees."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """One value from old to new, somewhere within a field; ``path`` is empty where it is the field itself."""

    path: str
    old: Any
    new: Any


def notation(value: Any) -> str:
    """Write a value on one line as one would in YAML: a text is in quotes where it could be taken for something else.

    A secret is its variable's name.
    """
    return NOTHING if value is None else _flow(value)


def _flow(value: Any) -> str:
    if isinstance(value, str):
        return value if _is_plain(value) else json.dumps(value, ensure_ascii=False)
    name = name_of(value)
    if name is not None:
        return f"(secret ${name})" if name else "(a secret)"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_flow(str(key))}: {_flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_flow, value)) + "]"
    return json.dumps(value)


def _is_plain(text: str) -> bool:
    """Whether a text is clear without quotes: it is no number, and has no sign that something ends or begins with."""
    return _PLAIN.fullmatch(text) is not None and reads_as_text(text)


def arrow(old: Any, new: Any) -> str:
    """Write ``old → new`` on one line; of a secret whose value changed, that it did."""
    before, after = name_of(old), name_of(new)
    if before is not None and after is not None:
        return f"{notation(old)} → {notation(new)}, another value"
    if before is not None and isinstance(new, str):
        return f"{notation(old)} → {new}"
    if isinstance(old, str) and isinstance(new, str) and old != new and visible(old) == visible(new):
        here, there = first_difference(old, new), first_difference(new, old)
        return f"{notation(old)} → {notation(new)} (looks the same: {here} became {there})"
    return f"{notation(old)} → {notation(new)}"


def leaves(old: Any, new: Any, path: str = "") -> Iterator[Leaf]:
    """Take a change of a mapping apart into the values that differ."""
    if not _open(old, new):
        yield Leaf(path, old, new)
        return
    before, after = old or {}, new or {}
    for key in sorted({*before, *after}, key=str):
        was, becomes = before.get(key), after.get(key)
        if was != becomes:
            at = f"{path}.{key}" if path else str(key)
            if _open(was, becomes):
                yield from leaves(was, becomes, at)
            else:  # most are single values
                yield Leaf(at, was, becomes)


def _open(old: Any, new: Any) -> bool:
    """Whether a change is one of a mapping, which may be new or gone as a whole."""
    return _opens(new) and _opens(old) and not (old is None and new is None)


def _opens(value: Any) -> bool:
    if value is None or isinstance(value, str):
        return value is None
    return isinstance(value, Mapping) and bool(value) and name_of(value) is None


def is_long(value: Any) -> bool:
    """Whether a value is shown by lines: a text of several lines or many characters, or a list that fills a line."""
    if isinstance(value, str):
        return "\n" in value or len(value) > SHORT
    return isinstance(value, list | tuple) and len(notation(value)) > SHORT


def difference(old: Any, new: Any) -> tuple[tuple[str, str], ...]:
    """Compare two values line by line: rows of a sign and a line; ``None`` has no lines.

    Rows begin with where they are (``@``) unless all of it fits into one hunk from the first line on.
    """
    before, after = _lines(old), _lines(new)
    if not before or not after:  # nothing to compare
        return (*(("-", _exact(line)) for line in before), *(("+", _exact(line)) for line in after))
    import difflib  # noqa: PLC0415 - most plans compare with nothing

    rows = list(difflib.unified_diff(before, after, lineterm=""))[2:]
    if len([row for row in rows if row.startswith("@@")]) == 1 and re.match(
        r"@@ -[01](,\d+)? \+[01](,\d+)? @@", rows[0]
    ):
        rows = rows[1:]
    return tuple(("@", row) if row.startswith("@@") else (row[0], _exact(row[1:])) for row in rows)


def _lines(value: Any) -> list[str]:
    if value is None:
        return []
    if isinstance(value, list | tuple):
        return [item if isinstance(item, str) else notation(item) for item in value]
    return value.split("\n") if isinstance(value, str) else [notation(value)]


def _exact(line: str) -> str:
    """Write spaces at the end, and what only looks like a space, as escapes: a change of these must show."""
    return _BLANKS.sub(lambda match: "".join(_escape(character) for character in match[0]), line)


def _escape(blank: str) -> str:
    code = ord(blank)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"  # noqa: PLR2004 - as far as two digits reach
