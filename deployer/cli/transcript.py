"""What a command prints while it runs, kept in mind so that it can be printed again."""

from __future__ import annotations

import sys
from contextlib import contextmanager, redirect_stderr
from contextvars import ContextVar
from dataclasses import field
from logging import Handler, LogRecord, getLogger
from typing import TYPE_CHECKING, Any, TextIO, cast

from deployer.cli.logged import LogHandler
from deployer.dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deployer.source.consulted import ConsultedFiles
    from deployer.workspace.workspace import Workspace


RECORDS = "deployer.state"
"""The logger of whatever reads records."""


@dataclass(slots=True)
class Transcript:
    """What a command printed: ``texts`` of its result, and whether there was ``more``.

    ``read`` are the project's files as far as they were read before; ``workspaces`` are the projects that it loaded.
    """

    read: ConsultedFiles | None = None

    texts: list[str] = field(default_factory=list)
    workspaces: list[Workspace] = field(default_factory=list)
    more: bool = False


@contextmanager
def noticing(transcript: Transcript, printed: list[str]) -> Iterator[None]:
    """Notice whatever is printed on standard error, but for what reading a record logs: the next look logs it, too.

    Of that, what was ``printed`` by a look before isn't printed twice.
    """
    stream = _Noticing(sys.stderr, transcript)
    with redirect_stderr(cast("TextIO", stream)), _handled_by(_Repeated(stream, printed), propagate=False):
        yield


@contextmanager
def listening() -> Iterator[list[str]]:
    """Give the messages that reading records logs within the block; they are printed as ever."""
    printed: list[str] = []
    with _handled_by(_Listening(printed), propagate=True):
        yield printed


@contextmanager
def _handled_by(handler: Handler, *, propagate: bool) -> Iterator[None]:
    logger = getLogger(RECORDS)
    before = logger.propagate
    logger.addHandler(handler)
    logger.propagate = propagate
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.propagate = before


class _Listening(Handler):
    def __init__(self, printed: list[str]) -> None:
        super().__init__()
        self._printed = printed

    def emit(self, record: LogRecord) -> None:
        self._printed.append(record.getMessage())


class _Repeated(Handler):
    def __init__(self, stream: _Noticing, printed: list[str]) -> None:
        super().__init__()
        self._stream = stream
        self._printed = printed

    def emit(self, record: LogRecord) -> None:
        message = record.getMessage()
        if message in self._printed:
            self._printed.remove(message)
        else:
            with self._stream.unnoticed():
                LogHandler().emit(record)


class _Noticing:
    """A text stream that tells a transcript when it is written to. Everything else is that of the stream behind it."""

    def __init__(self, stream: TextIO, transcript: Transcript) -> None:
        self._stream = stream
        self._transcript = transcript
        self._unnoticed = ContextVar("unnoticed", default=False)

    @contextmanager
    def unnoticed(self) -> Iterator[None]:
        """What this thread writes within the block isn't noticed."""
        before = self._unnoticed.set(True)
        try:
            yield
        finally:
            self._unnoticed.reset(before)

    def write(self, text: str) -> int:
        if not self._unnoticed.get():
            self._transcript.more = True
        return self._stream.write(text)

    def writelines(self, lines: list[str]) -> None:
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)
