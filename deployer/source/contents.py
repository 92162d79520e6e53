"""What a file of a project holds: its bytes, where they aren't too many, and its text."""

from __future__ import annotations

import codecs
import os
import stat

from deployer.errors import DeployerError
from deployer.source.source_file import SourceFile

MAX_FILE = 8 * 1024 * 1024
"""Bytes that a file of a project may have."""

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_MARKS = tuple(mark for mark, _ in _BOMS)
UTF_8 = (b"", "utf-8")
"""The encoding of a text without a byte order mark."""

MOST_BYTES = 4
"""Bytes of a character in the encodings that are read, at most."""


class FileProblem(DeployerError):  # noqa: N818 - it becomes a Problem at the place that names the file
    """A file that can't be used: ``message`` says why, ``hint`` what to do, ``rule`` is ``file/…``.

    ``line`` and ``column`` (from 1; 0: none) are where the file's content is at fault.
    """

    def __init__(self, rule: str, message: str, hint: str = "", line: int = 0, column: int = 0) -> None:
        super().__init__(message, hint)
        self.rule = "file/" + rule
        self.line = line
        self.column = column


_READING = os.O_RDONLY | getattr(os, "O_BINARY", 0)
_AT_ONCE = _READING | getattr(os, "O_NONBLOCK", 0)
_SMALL = 16 * 1024


def read_small(place: str) -> bytes | None:
    """Read what was listed as a regular file; ``None`` where it may have more than some bytes. Raises ``OSError``.

    Of ten thousand files, looking at each one's size first takes half as long as reading them. What was listed may be
    another thing by now, as a pipe, which isn't waited for.
    """
    descriptor = os.open(place, _AT_ONCE)
    try:
        data = os.read(descriptor, _SMALL)
    finally:
        os.close(descriptor)
    return data if len(data) < _SMALL else None


def read_bytes(place: str, path: str, limit: int) -> bytes:
    """Read a regular file that is at a place on disk; ``path`` is how it is named.

    Raises ``FileProblem`` where it is something else or has more than ``limit`` bytes, and ``OSError``.
    """
    status = os.stat(place)  # noqa: PTH116 - of ten thousand files, making the paths takes as long as reading
    if stat.S_ISDIR(status.st_mode):
        raise FileProblem("unreadable", f"`{path}` is a folder", "name a file in it")
    if not stat.S_ISREG(status.st_mode):
        raise FileProblem("unreadable", f"`{path}` is not a regular file", "name a file with content")
    if status.st_size > limit:
        raise too_large(path, limit)
    return _content(place, status.st_size)


def too_large(path: str, limit: int) -> FileProblem:
    """The problem of a file with more than ``limit`` bytes."""
    hint = "split it" if limit < MAX_FILE else "make it smaller"
    return FileProblem("too-large", f"`{path}` is larger than the {limit // 1024 // 1024} MiB that are allowed", hint)


def _content(place: str, size: int) -> bytes:
    """The bytes of a regular file, of which there are probably ``size``: then one read is enough."""
    descriptor = os.open(place, _READING)
    try:
        data = os.read(descriptor, size + 1)
        more = data if len(data) > size else b""
        while more:  # it has grown since
            more = os.read(descriptor, size + 1)
            data += more
        return data
    finally:
        os.close(descriptor)


def encoding_of(data: bytes) -> tuple[bytes, str]:
    """The byte order mark that a text begins with (empty: none), and the encoding that it stands for."""
    if not data.startswith(_MARKS):  # as nearly every file
        return UTF_8
    return next(both for both in _BOMS if data.startswith(both[0]))


def decoded(path: str, data: bytes) -> str:
    """Decode UTF-8, or UTF-16 with a byte order mark; the mark isn't part of the text. Raises ``FileProblem``."""
    mark, encoding = encoding_of(data)
    try:
        text = data[len(mark) :].decode(encoding)  # without a mark, these are the same bytes
    except UnicodeDecodeError as error:
        raise _not_text(path, data, error) from None
    if "\0" in text:
        nul = text.index("\0")
        line, column = SourceFile(path, text[: nul + 1]).place(nul)
        message = f"`{path}` holds the control character U+0000 (NUL) on line {line}, as binary files do"
        raise FileProblem("not-text", message, "delete it, or name a text file", line, column)
    return text


def _not_text(path: str, data: bytes, error: UnicodeDecodeError) -> FileProblem:
    if b"\0" in data or error.encoding != "utf-8":
        return FileProblem("not-text", f"`{path}` is a binary file", "name a text file, or rename this one")
    before = data[: error.start]
    column = len(before[before.rfind(b"\n") + 1 :].decode("utf-8", "replace")) + 1
    message = f"`{path}` is not UTF-8: byte 0x{data[error.start]:02x} isn't valid here"
    hint = "save the file as UTF-8; rename it if it isn't text"
    return FileProblem("not-text", message, hint, before.count(b"\n") + 1, column)
