"""Why a text isn't JSON, in words: what the decoder found, and what to do about the usual slips.

Nothing of the text is quoted but a character that can't be seen: values are customers' data.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from deployer.source.characters import CONTROL, UNSEEN, named

if TYPE_CHECKING:
    import json
    from collections.abc import Mapping

Slip: TypeAlias = tuple[str, str]
"""Message and hint."""

_COMMA = "leave out the comma in front of it: none follows the last one"
_QUOTES = "write keys and texts in double quotes"
_VALUE = "write a text in double quotes, and null, true or false in small letters"
_COMMENT = "leave the comment out: JSON has none"
_MISSING = 'write a comma or a bracket in front of it; inside of a text a quote is written as \\"'
_HINTS: Mapping[str, Mapping[str, str]] = {
    "expecting value": {"'": _QUOTES, "/": _COMMENT, "#": _COMMENT, "}": _COMMA, "]": _COMMA, "": _VALUE},
    "expecting property name": {"'": _QUOTES, "/": _COMMENT, "#": _COMMENT, "}": _COMMA, "": _QUOTES},
    "illegal trailing comma": {"": "leave the comma out: none follows the last one"},
    "expecting ',' delimiter": {"/": _COMMENT, "#": _COMMENT, "": _MISSING},
    "expecting ':' delimiter": {"": "write a colon between a key and its value"},
    "invalid \\escape": {"": "write a backslash inside of a text as \\\\"},
    "invalid control character": {"": "write a line end inside of a text as \\n, a tab as \\t"},
    "extra data": {",": "write one payload a line without commas between them, or all of them as one list"},
}
"""What to do about an error of Python's decoder by the character at its place; an empty one is any other."""


def slip(text: str, error: json.JSONDecodeError, start: int) -> Slip:
    """Say what isn't JSON about a text whose value begins at ``start``."""
    reason, sign = error.msg[:1].lower() + error.msg[1:], text[error.pos : error.pos + 1]
    if CONTROL.match(sign) or UNSEEN.match(sign):
        what = "a text" if reason.startswith("invalid control") else "the payload"
        return f"this isn't JSON: {what} holds {named(sign)} here", "delete that character, or end the line there"
    if reason.startswith("unterminated"):
        return "this isn't JSON: the text that begins here has no end", "the line was cut off, or a quote is missing"
    if reason.startswith("extra data"):
        return _more(text, sign, start)
    hints = next((hints for begin, hints in _HINTS.items() if reason.startswith(begin)), {})
    return f"this isn't JSON: {reason}", hints.get(sign) or hints.get("", "")


def _more(text: str, sign: str, start: int) -> Slip:
    """Say what to do where a value ends and the line goes on."""
    if text[start : start + 1] not in ("{", "["):
        return "this isn't JSON: the line doesn't begin with a payload", "leave out what a log wrote in front of it"
    if sign in ("{", "["):
        return "this isn't JSON: a second payload begins here", "write one payload a line, or all of them as one list"
    return "this isn't JSON: the payload goes on behind its end", _HINTS["extra data"].get(sign, "end the line there")
