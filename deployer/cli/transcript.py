"""What a command prints while it runs, kept in mind so that it can be printed again."""

from __future__ import annotations

import sys
from contextlib import contextmanager, redirect_stderr
from dataclasses import field
from typing import TYPE_CHECKING, Any, TextIO, cast

from deployer.dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deployer.workspace.workspace import Workspace


@dataclass(slots=True)
class Transcript:
    """What a command printed: ``texts`` of its result, and whether there was ``more``.

    ``workspaces`` are the projects that it loaded.
    """

    texts: list[str] = field(default_factory=list)
    workspaces: list[Workspace] = field(default_factory=list)
    more: bool = False


@contextmanager
def noticing(transcript: Transcript) -> Iterator[None]:
    """Notice whatever is printed on standard error."""
    with redirect_stderr(cast("TextIO", _Noticing(sys.stderr, transcript))):
        yield


class _Noticing:
    """A text stream that tells a transcript when it is written to. Everything else is that of the stream behind it."""

    def __init__(self, stream: TextIO, transcript: Transcript) -> None:
        self._stream = stream
        self._transcript = transcript

    def write(self, text: str) -> int:
        self._transcript.more = True
        return self._stream.write(text)

    def writelines(self, lines: list[str]) -> None:
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)
