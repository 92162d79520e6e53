"""JSON as ``json.dumps`` indents it, byte for byte and several times as fast: that one makes a call for each token."""

from __future__ import annotations

import json
from json.encoder import encode_basestring as quoted
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

_STEP = "  "
_WORDS = {True: "true", False: "false", None: "null"}


def indented(value: Any, margin: str = "") -> str:
    """A value as indented JSON with sorted keys, whose lines after the first one begin with ``margin``.

    Raises ``ValueError`` on a number that JSON doesn't have (NaN), ``TypeError`` on a value that it doesn't have.
    """
    pieces: list[str] = []
    try:
        _write(value, margin, pieces.append)
    except (TypeError, RecursionError):  # such as keys that are numbers: it writes them, or says what is wrong
        return _by_the_library(value, margin)
    return "".join(pieces)


def _write(value: Any, margin: str, put: Callable[[str], None]) -> None:
    kind = type(value)
    if kind is dict and value:
        before, inner = f"{{\n{margin}{_STEP}", margin + _STEP
        for key in sorted(value):
            item = value[key]
            if type(item) is str:  # most are, and a call less for each
                put(f"{before}{quoted(key)}: {quoted(item)}")
            else:
                put(f"{before}{quoted(key)}: ")
                _write(item, inner, put)
            before = f",\n{inner}"
        put(f"\n{margin}}}")
    elif kind is list and value:
        before, inner = f"[\n{margin}{_STEP}", margin + _STEP
        for item in value:
            put(before)
            _write(item, inner, put)
            before = f",\n{inner}"
        put(f"\n{margin}]")
    else:
        put(_single(value, kind, margin))


def _single(value: Any, kind: type, margin: str) -> str:
    if kind is str:
        return quoted(value)
    if kind is int:
        return repr(value)
    if kind is bool or value is None:
        return _WORDS[value]
    if kind is dict or kind is list:
        return "{}" if kind is dict else "[]"  # full ones aren't single
    return _by_the_library(value, margin)


def _by_the_library(value: Any, margin: str) -> str:
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, indent=_STEP, allow_nan=False)
    return text.replace("\n", f"\n{margin}") if margin else text
