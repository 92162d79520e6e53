"""Where in a YAML document a cursor is, by the text in front of it: also while the document isn't sound yet."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from deployer.dataclass import dataclass

if TYPE_CHECKING:
    from deployer.editor.text import Text
    from deployer.editor.values import Place

_KEY = re.compile(r"""(?P<key>"[^"]*"|'[^']*'|[^\s#'"{}\[\],:&*][^#{}\[\],]*?)\s*:(?:\s|$)""")
_LEAD = re.compile(r"^(?P<space>\s*)(?P<dashes>(?:-\s+)*)")
_SIGNS = re.compile(r"""[{}\[\],]|"(?:\\.|[^"\\])*"|'[^']*'|#.*""")
ITEM = 0
"""Stands for an item of a list in a path, whichever it is."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a cursor is: the keys down to the mapping or value it is in, and what is typed of the next word.

    ``key``: a key is being typed, else the value of the last key in ``path``.
    """

    path: tuple[str | int, ...]
    typed: str
    key: bool


def path_at(text: Text, place: Place) -> Cursor:
    """Find the path of a cursor by indentation and braces."""
    before = text.line(place.line)[: place.column]
    lead = _LEAD.match(before)
    assert lead is not None
    column = lead.end()
    outer = _above(text, place.line, len(lead["space"]), dashes=bool(lead["dashes"]))
    inner, typed = _in_braces(before[column:])
    path: tuple[str | int, ...] = (*outer, *([ITEM] if lead["dashes"] else []), *inner)
    word = _word(typed)
    match = _KEY.match(typed.lstrip())
    if match is not None:
        return Cursor((*path, _unquoted(match["key"])), word, key=False)
    return Cursor(path, word, key=not _is_item(inner, path, typed))


def _is_item(inner: tuple[str | int, ...], path: tuple[str | int, ...], typed: str) -> bool:
    """Whether a word is an item of a list rather than a key: in brackets."""
    del typed
    return bool(inner) and path[-1:] == (ITEM,)


def _word(typed: str) -> str:
    match = re.search(r"[\w.-]*$", typed)
    return match[0] if match else ""


def _unquoted(key: str) -> str:
    return key[1:-1] if key[:1] in {"'", '"'} else key


def _in_braces(line: str) -> tuple[tuple[str | int, ...], str]:
    """The keys of the braces and brackets that are open at the end of a line, and what is typed since the last sign."""
    stack: list[str | int] = []
    depths: list[int] = []
    start = 0
    for sign in _SIGNS.finditer(line):
        if sign[0] in "{[":
            depths.append(len(stack))
            match = _KEY.match(line[start : sign.start()].lstrip())
            stack += [_unquoted(match["key"])] if match else []
            stack += [ITEM] if sign[0] == "[" else []
        elif sign[0] in "}]" and depths:
            del stack[depths.pop() :]
        if sign[0] in "{}[],":
            start = sign.end()
    return tuple(stack), line[start:]


def _above(text: Text, line: int, indent: int, *, dashes: bool) -> tuple[str | int, ...]:
    """The keys of the lines above that a line is below."""
    first, _ = text.document(line)
    path: list[str | int] = []
    for number in range(line - 1, first - 1, -1):
        row = text.line(number)
        lead = _LEAD.match(row)
        if lead is None or not row.strip() or row.lstrip().startswith("#"):
            continue
        space, inside = len(lead["space"]), lead.end()
        key = _KEY.match(row[inside:])
        if lead["dashes"] and inside <= indent and space < indent:
            if inside < indent and key:
                path.append(_unquoted(key["key"]))
            path.append(ITEM)
            indent, dashes = space, True
        elif not lead["dashes"] and key and (space < indent or (dashes and space == indent)):
            path.append(_unquoted(key["key"]))
            indent, dashes = space, False
        if indent == 0 and not dashes:
            break
    return tuple(reversed(path))
