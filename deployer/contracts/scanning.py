"""JSON values in a stream of text, one after the other or in a list, without ever holding more than one of them."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NoReturn, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deployer.source import JSON

MAX_PAYLOAD = 8 * 1024 * 1024
"""Bytes (in a list: characters) of one payload that are read: nobody means to send Attentive one that is so large."""

_NEAR_END = 16
"""Characters from the end within which an error may only mean that the rest wasn't read yet."""

_LONGEST_INDENT = 128  # of a line that is laid out for people
_NOT_SPACE = re.compile(r"[^ \t\r\n]")
_INDENT = re.compile(r"[ \t]*")
_REST_UNREAD = "what follows it in the file wasn't read: write one event a line, so that each stands for itself"


@dataclass(frozen=True, slots=True)
class Captured:
    """One payload: ``text`` is the JSON as it stands at ``line`` and ``column`` (from 1)."""

    line: int
    column: int
    value: JSON
    text: str


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A part of a file that holds no payload: ``kind`` is ``not-json`` or ``too-large``; column 0: unknown."""

    line: int
    column: int
    kind: str
    message: str
    hint: str = ""


Item: TypeAlias = Captured | Unreadable


def too_large(line: int) -> Unreadable:
    """A payload that isn't read any further."""
    size = MAX_PAYLOAD // 1024 // 1024
    hint = "write one event a line, or a list of events"
    return Unreadable(line, 0, "too-large", f"this payload is larger than the {size} MiB that are read", hint)


def unread(line: int, column: int, error: ValueError | RecursionError) -> Unreadable:
    """A text that isn't JSON, and why, without quoting any of it."""
    if isinstance(error, RecursionError):
        return Unreadable(line, 0, "not-json", "this isn't read: it is nested too deeply")
    if isinstance(error, json.JSONDecodeError):
        return Unreadable(line, column, "not-json", f"this isn't JSON: {error.msg[:1].lower()}{error.msg[1:]}")
    hint = "NaN and Infinity don't exist in JSON, nor are numbers of thousands of digits read"
    return Unreadable(line, 0, "not-json", "this isn't JSON: a number that isn't one", hint)


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)


_DECODER = json.JSONDecoder(parse_constant=_no_constant)
loads = _DECODER.decode
"""Read a JSON text as RFC 8259 has it: Python's own NaN and Infinity raise ``ValueError``."""


class Scanner:
    """The values in ``chunks`` of text that begin on line ``line``; the elements of an outer list count as values.

    Behind a broken value it goes on at the next line that begins as the broken value's line did, with ``{``.
    """

    def __init__(self, chunks: Iterator[str], line: int = 1) -> None:
        self._chunks = chunks
        self._buffer = ""
        self._at = 0
        self._line = line
        self._line_start = 0  # an offset in the buffer; below 0 where that part of it is gone
        self._ended = False
        self._in_list = False
        self._after_value = False

    def __iter__(self) -> Iterator[Item]:
        """Yield every value, and what isn't one."""
        while self._skip_space():
            if self._punctuation():
                continue
            indent = self._indent()
            item = self._value()
            if isinstance(item, Captured):
                yield item
            elif indent is None:
                yield replace(item, hint=_REST_UNREAD)
                return
            else:
                yield item
                if not self._resume(indent):
                    return
        if self._in_list:
            yield Unreadable(self._line, 0, "not-json", "the list has no end: the file was cut off")

    def _skip_space(self) -> bool:
        """Go to the next character that isn't white space; false at the end."""
        while not (found := _NOT_SPACE.search(self._buffer, self._at)):
            self._go(len(self._buffer))
            if not self._more():
                return False
        self._go(found.start())
        return True

    def _punctuation(self) -> bool:
        """Step over a sign of the outer list, if there is one."""
        sign = self._buffer[self._at]
        if sign == "[" and not self._in_list:
            self._in_list, self._after_value = True, False
        elif sign == "]" and self._in_list:
            self._in_list = self._after_value = False
        elif sign == "," and self._in_list and self._after_value:
            self._after_value = False
        else:
            return False
        self._go(self._at + 1)
        return True

    def _value(self) -> Item:
        if self._in_list and self._after_value:
            return Unreadable(self._line, 0, "not-json", "this isn't JSON: there is no comma in front of it")
        while True:
            try:
                value, end = _DECODER.raw_decode(self._buffer, self._at)
            except (ValueError, RecursionError) as error:
                if self._is_whole(error):
                    return self._failed(error)
            else:
                if self._ended or end < len(self._buffer):
                    captured = Captured(
                        self._line, self._at - self._line_start + 1, value, self._buffer[self._at : end]
                    )
                    self._go(end)
                    self._after_value = True
                    return captured
            if len(self._buffer) - self._at > MAX_PAYLOAD:
                return too_large(self._line)
            self._more(least=len(self._buffer) - self._at)

    def _is_whole(self, error: ValueError | RecursionError) -> bool:
        """Whether an error stays one, whatever comes next."""
        if self._ended or not isinstance(error, json.JSONDecodeError):
            return True
        return error.pos < len(self._buffer) - _NEAR_END and not error.msg.startswith("Unterminated")

    def _failed(self, error: ValueError | RecursionError) -> Unreadable:
        if not isinstance(error, json.JSONDecodeError):
            return unread(self._line, 0, error)
        if self._ended and error.pos >= len(self._buffer.rstrip()):
            hint = "the file was cut off, or a bracket isn't closed"
            return Unreadable(self._line, 0, "not-json", "this value has no end", hint)
        return unread(self._line + self._buffer.count("\n", self._at, error.pos), 0, error)

    def _near(self) -> bool:
        """Whether the beginning of the line is there still, and not far away."""
        return self._line_start >= 0 and self._at - self._line_start < _LONGEST_INDENT

    def _indent(self) -> str | None:
        """What stands before a value on its line, if that is white space only."""
        before = self._buffer[self._line_start : self._at] if self._near() else "?"
        return before if not before.strip(" \t") else None

    def _resume(self, indent: str) -> bool:
        """Go to the next line that begins like that of a broken value; false where none does."""
        while True:
            end = self._buffer.find("\n", self._at)
            if end < 0:
                self._go(len(self._buffer))
                if not self._more():
                    return False
                continue
            self._go(end + 1)
            while len(self._buffer) - self._at <= len(indent) and self._more():
                pass
            found = _INDENT.match(self._buffer, self._at)
            if found and found[0] == indent and self._buffer.startswith("{", found.end()):
                self._after_value = False
                return True

    def _go(self, at: int) -> None:
        passed = self._buffer.count("\n", self._at, at)
        if passed:
            self._line += passed
            self._line_start = self._buffer.rindex("\n", self._at, at) + 1
        self._at = at

    def _more(self, least: int = 1) -> bool:
        """Read on by at least so many characters, letting go of what was dealt with; false at the end."""
        keep = self._line_start if self._near() else self._at
        parts, size = [self._buffer[keep:]], 0
        self._at -= keep
        self._line_start -= keep
        while size < least and not self._ended:
            chunk = next(self._chunks, None)
            self._ended = chunk is None
            parts.append(chunk or "")
            size += len(chunk or "")
        self._buffer = "".join(parts)
        return size > 0
