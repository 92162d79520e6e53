"""What a plain scalar means: the core schema of YAML 1.2, with leading zeros left as text.

``NO``, ``20:50``, ``2026-05-10`` and ``054321`` stay text: an order number that loses its zero is a wrong order number.
"""

from __future__ import annotations

import math
import re
from sys import intern

from deployer.errors import InnerError

NULLS = frozenset({"", "~", "null", "Null", "NULL"})
BOOLEANS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
WORDS = NULLS | BOOLEANS.keys()
"""What is written like a word and isn't one; any other word is the same few in every document (`string`, an owner)."""

_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]*)\Z")
_OTHER_BASE = re.compile(r"0o[0-7]+\Z|0x[0-9a-fA-F]+\Z")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|(?:0|[1-9][0-9]*)(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z")
_NOT_JSON = re.compile(r"[-+]?\.(?:inf|Inf|INF)\Z|\.(?:nan|NaN|NAN)\Z")
_MAY_BE_NUMBER = frozenset("0123456789.+-")
_DIGITS_LIMIT = 1000

Scalar = None | bool | int | float | str


class NotJsonNumberError(InnerError, ValueError):
    """A number that YAML knows and JSON doesn't: infinity, not a number, or too large to hold."""


def resolve_plain(text: str) -> Scalar:
    """Give the value of an unquoted scalar without a tag. Raises ``NotJsonNumberError``."""
    if text in NULLS:
        return None
    if text in BOOLEANS:
        return BOOLEANS[text]
    return _number(text) if text[0] in _MAY_BE_NUMBER else text


def interned(text: str) -> Scalar:
    """As ``resolve_plain``; a word is held once, however many documents have it."""
    return intern(text) if text.isalpha() and text not in WORDS else resolve_plain(text)


def reads_as_text(plain: str) -> bool:
    """Whether an unquoted scalar is a text to us, rather than a number, a boolean or null."""
    try:
        return isinstance(resolve_plain(plain), str)
    except NotJsonNumberError:
        return False


def _number(text: str) -> int | float | str:
    if (text.isdecimal() and text.isascii() and text[0] != "0") or _INTEGER.match(text) or _OTHER_BASE.match(text):
        if len(text) > _DIGITS_LIMIT:
            raise NotJsonNumberError(text)
        return int(text, 0)
    if _NOT_JSON.match(text):
        raise NotJsonNumberError(text)
    return _float(text) if _FLOAT.match(text) else text


def _float(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise NotJsonNumberError(text)
    return number


def resolve_tagged(tag: str, text: str) -> Scalar:
    """Give the value of a scalar under one of the core tags (``!!int``), given as its short name (``int``).

    Raises ``ValueError`` where the text isn't one of the tag's, ``NotJsonNumberError`` as ``resolve_plain`` does.
    """
    if tag == "str":
        return text
    value = resolve_plain(text)
    if tag == "float" and type(value) is int:
        return float(value)
    expected = {"null": type(None), "bool": bool, "int": int, "float": float}[tag]
    if type(value) is not expected:
        raise ValueError(text)
    return value
