"""Where a part of a JSON text is, and the parts of a value by their JSON Pointer (RFC 6901)."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deployer.source import JSON, Pointer

_SPACE = re.compile(r"[ \t\r\n]*")
_DECODER = json.JSONDecoder()


def parse_pointer(text: str) -> Pointer:
    """The keys of a JSON Pointer such as ``/data/0/body``; raises ``ValueError`` where it isn't one."""
    if text and not text.startswith("/"):
        raise ValueError("a JSON Pointer begins with a slash")
    return tuple(part.replace("~1", "/").replace("~0", "~") for part in text.split("/")[1:])


def part(value: JSON, pointer: Pointer) -> tuple[JSON, Pointer] | None:
    """The part of a value at a pointer, with the pointer's numbers as numbers; ``None`` where nothing is there."""
    path: list[str | int] = []
    for step in pointer:
        if isinstance(value, list) and str(step).isdecimal() and int(step) < len(value):
            path.append(int(step))
        elif isinstance(value, dict) and step in value:
            path.append(step)
        else:
            return None
        value = value[path[-1]]
    return value, tuple(path)


def place(text: str, pointer: Pointer, *, key: bool = False) -> tuple[int, int]:
    """Line and column (from 1) of the value at ``pointer`` in a JSON text, or of its key.

    Where it is missing, of the nearest value that holds its place.
    """
    at = _after(text, 0)
    for depth, part in enumerate(pointer, 1):
        span = _children(text, at).get(part)
        if span is None:
            break
        at = span[0] if key and depth == len(pointer) else span[1]
    return text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)


def _after(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at


@lru_cache(maxsize=16)
def _children(text: str, at: int) -> Mapping[str | int, tuple[int, int]]:
    """Where each key of an object and its value begin, or each element of a list (twice); the last one of several.

    A few are kept: the violations of one payload are often in one object, which may be large.
    """
    is_object, index, at = text[at] == "{", 0, _after(text, at + 1)
    spans: dict[str | int, tuple[int, int]] = {}
    while text[at] not in "}]":
        start, name = at, index
        if is_object:
            name, at = _DECODER.raw_decode(text, at)
            at = _after(text, _after(text, at) + 1)
        spans[name] = (start, at)
        _, at = _DECODER.raw_decode(text, at)
        at = _after(text, at)
        at = _after(text, at + 1) if text[at] == "," else at
        index += 1
    return spans
