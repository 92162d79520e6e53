"""JSON values in a stream of text, one after the other or in a list, without ever holding more than one of them.

Why not ijson: its C backend reads events two to four times as fast (47 and 54 MB/s against 11 and 23, on lines and on
one list of 40,000 events), but it ends at the first malformed event, keeps the last of two equal keys without a word,
and knows neither line and column nor the text of a value. Capture files have such events in them, and a violation
without its place is of no use; the checks that follow take longer than the reading either way.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

from deployer.contracts.slips import slip
from deployer.contracts.strict_json import FlawError, decode, end_of
from deployer.dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deployer.source import JSON

MAX_PAYLOAD = 8 * 1024 * 1024
"""Bytes (in a list: characters) of one payload that are read: no one means to send Attentive one that is so large."""

_NEAR_END = 16
"""Characters from the end within which an error may only mean that the rest wasn't read yet."""

_LONGEST_INDENT = 128  # of a line that is laid out for people
_NOT_SPACE = re.compile(r"[^ \t\r\n\ufeff]")
"""White space, and the byte order marks of files that were joined."""

_INDENT = re.compile(r"[ \t]*")
_REST_UNREAD = (
    "what follows it in the file wasn't read: write one event per line, so that one mistake doesn't hide the next event"
)


@dataclass(frozen=True, slots=True)
class Captured:
    """One payload: ``text`` is the JSON as it is at ``line`` and ``column`` (from 1)."""

    line: int
    column: int
    value: JSON
    text: str


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A part of a file that holds no payload: ``kind`` says why (``not-json``, ``too-large``, …); column 0: unknown."""

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


def unread(text: str, line: int, error: ValueError, *, at: int = 0, column: int = 1) -> Unreadable:
    """A text that isn't read, and why, without quoting any of it but a key; its value begins at ``at``.

    ``line`` and ``column`` are those of ``at``; the place is that of what is wrong.
    """
    if isinstance(error, FlawError):
        flaw = error.flaw
        return Unreadable(*_place(text, flaw.at, at, line, column), flaw.kind, flaw.message, flaw.hint)
    if isinstance(error, json.JSONDecodeError):
        place = _place(text, error.pos, at, line, column)
        if text[error.pos : error.pos + 1] == "\0":
            return Unreadable(*place, "not-json", "this isn't JSON: it holds NUL bytes", _PADDED)
        if error.pos >= len(text):
            return endless(line)
        return Unreadable(*place, "not-json", *slip(text, error, _begin(text, at)))
    return not_utf8(line)


def _begin(text: str, at: int) -> int:
    """Where the first character is that isn't white space."""
    match = _NOT_SPACE.search(text, at)
    return match.start() if match else at


def not_utf8(line: int, column: int = 0, *, wide: bool = False) -> Unreadable:
    """A text in another encoding; ``wide``: its mark says that it is UTF-16."""
    encoding = ": it is UTF-16, as Windows PowerShell writes it" if wide else ""
    return Unreadable(line, column, "not-json", f"this isn't UTF-8{encoding}", "save the file as UTF-8")


def endless(line: int) -> Unreadable:
    """A value that was cut off."""
    hint = "the file was cut off, or a bracket isn't closed"
    return Unreadable(line, 0, "not-json", "this value has no end", hint)


_PADDED = "the file was cut or padded while it was written: capture it again"


def _place(text: str, at: int, start: int, line: int, column: int) -> tuple[int, int]:
    """Line and column of an offset, where those of ``start`` are known."""
    passed = text.count("\n", start, at)
    return (line + passed, at - text.rfind("\n", start, at)) if passed else (line, column + at - start)


class Scanner:
    """The values in ``chunks`` of text that begin on line ``line``; the elements of an outer list count as values.

    Behind a broken value it goes on at the next line that begins as the broken value's line did, with ``{``. Once a
    value was found to have no end, such a line always ends the one before it: a file of values that were all cut off
    takes no longer than another one.
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
        self._cut = False

    def __iter__(self) -> Iterator[Item]:
        """Yield every value, and what isn't one."""
        while self._skip_space():
            if self._punctuation():
                continue
            indent = self._indent()
            item = self._value(indent)
            if isinstance(item, Captured) or self._step_over(item):
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

    def _step_over(self, item: Unreadable) -> bool:
        """Go behind a value that isn't read though its end is plain; false where it isn't."""
        end = None if item.kind in {"not-json", "too-large"} else end_of(self._buffer, self._at)
        if end is None:
            return False
        self._go(end)
        self._after_value = True
        return True

    def _skip_space(self) -> bool:
        """Go to the next character that isn't white space; false at the end."""
        while not (match := _NOT_SPACE.search(self._buffer, self._at)):
            self._go(len(self._buffer))
            if not self._more():
                return False
        self._go(match.start())
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

    def _value(self, indent: str | None) -> Item:
        if self._in_list and self._after_value:
            return Unreadable(self._line, 0, "not-json", "this isn't JSON: there is no comma in front of it")
        while True:
            limit = self._next_beginning(indent) if self._cut else len(self._buffer)
            known = self._ended or limit < len(self._buffer)
            try:
                value, end = decode(self._buffer[:limit], self._at)
            except ValueError as error:
                if known or self._is_whole(error):
                    return self._failed(error, indent, limit)
            else:
                if known or end < len(self._buffer):
                    return self._captured(value, end)
            if len(self._buffer) - self._at > MAX_PAYLOAD:
                return too_large(self._line)
            self._more(least=len(self._buffer) - self._at)

    def _captured(self, value: JSON, end: int) -> Captured:
        text = self._buffer[self._at : end]
        captured = Captured(self._line, self._column(), value, text)
        self._go(end)
        self._after_value = True
        return captured

    def _column(self) -> int:
        return self._at - self._line_start + 1

    def _is_whole(self, error: ValueError) -> bool:
        """Whether an error stays one, whatever comes next."""
        if not isinstance(error, json.JSONDecodeError):
            return True
        return error.pos < len(self._buffer) - _NEAR_END and not error.msg.startswith("Unterminated")

    def _failed(self, error: ValueError, indent: str | None, limit: int) -> Unreadable:
        if isinstance(error, FlawError) and error.flaw.deep:
            inner = self._next_beginning(indent)
            if inner < error.flaw.at:  # what looks nested are the values that follow one without an end
                self._cut = True
                return endless(self._line)
        if isinstance(error, json.JSONDecodeError) and error.pos >= len(self._buffer[:limit].rstrip()):
            self._cut = indent is not None
            return endless(self._line)
        return unread(self._buffer, self._line, error, at=self._at, column=self._column())

    def _next_beginning(self, indent: str | None) -> int:
        """Where the next line begins that looks as a value's first one does; the buffer's end where none does."""
        at = -1 if indent is None else self._buffer.find(f"\n{indent}{{", self._at)
        return len(self._buffer) if at < 0 else at + 1

    def _near(self) -> bool:
        """Whether the beginning of the line is there still, and not far away."""
        return self._line_start >= 0 and self._at - self._line_start < _LONGEST_INDENT

    def _indent(self) -> str | None:
        """What is before a value on its line, if that is white space only."""
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
            match = _INDENT.match(self._buffer, self._at)
            if match and match[0] == indent and self._buffer.startswith("{", match.end()):
                self._after_value = False
                return True

    def _go(self, at: int) -> None:
        passed = self._buffer.count("\n", self._at, at)
        if passed:
            self._line += passed
            self._line_start = self._buffer.rindex("\n", self._at, at) + 1
        self._at = at

    def _more(self, least: int = 1) -> bool:
        """Read on by at least so many characters, dropping what was dealt with; false at the end."""
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
