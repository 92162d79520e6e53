"""Which files hold captured payloads, and opening them: folders are searched, gzip is recognized by its first bytes."""

from __future__ import annotations

import gzip
import io
import os
import stat
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

from deployer.dataclass import dataclass
from deployer.endless import endless
from deployer.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from _typeshed import WriteableBuffer

STDIN = "-"
SUFFIXES = (".json", ".ndjson", ".jsonl", ".json.gz", ".ndjson.gz", ".jsonl.gz")
"""How the names of files end that are read from a folder; a file that is named itself may have any name."""

GZIP = b"\x1f\x8b"
"""How a file begins that gzip packed."""

_CHUNK = 256 * 1024


class InputError(UsageError):
    """A file or folder that can't be read as captured payloads; ``hint`` says what to name instead."""


@dataclass(frozen=True, slots=True)
class Input:
    """A file with payloads: ``name`` as it is shown, ``path`` (``None``: standard input), ``size`` in bytes.

    ``named``: it was named itself, so that it has to hold something; not so for one found in a folder.
    """

    name: str
    path: Path | None
    size: int
    named: bool


def find_inputs(names: Sequence[str]) -> tuple[Input, ...]:
    """List the files that are named, and those in the folders that are named, hidden ones left out.

    Raises ``InputError`` for a name that leads nowhere, a folder without payloads, and standard input named twice.
    """
    if names.count(STDIN) > 1:
        raise InputError("standard input can be read once only", "name `-` once")
    inputs = [item for name in names for item in _inputs(name)]
    if not inputs:
        raise InputError("no file was named", "name files or folders with captured payloads, or `-` for standard input")
    return tuple(inputs)


def _inputs(name: str) -> list[Input]:
    if name == STDIN:
        return [Input("(stdin)", None, 0, named=True)]
    path = Path(name)
    if path.is_dir():
        return _in_folder(path)
    if not path.exists():
        raise InputError(f"there is no file {name}", "check the path; `-` reads standard input")
    return [_input(path, named=True)]


def _in_folder(folder: Path) -> list[Input]:
    def unreadable(error: OSError) -> None:
        raise InputError(f"the folder {error.filename} can't be read: {error.strerror}", "check its permissions")

    inputs: list[Input] = []
    for here, folders, files in os.walk(folder, onerror=unreadable):
        folders[:] = sorted(folder for folder in folders if not folder.startswith("."))
        names = sorted(file for file in files if file.endswith(SUFFIXES) and not file.startswith("."))
        names = [name for name in names if Path(here, name).is_file()]
        inputs += [_input(Path(here, name), named=False) for name in names]
    if not inputs:
        raise InputError(f"the folder {folder} holds no payloads", f"it has no file that ends in {', '.join(SUFFIXES)}")
    return inputs


def _input(path: Path, *, named: bool) -> Input:
    if refused := endless(path):
        raise InputError(*refused)
    status = path.stat()
    return Input(str(path), path, status.st_size if stat.S_ISREG(status.st_mode) else 0, named)


@contextmanager
def opened(source: Input, stdin: BinaryIO, on_bytes: Callable[[int], None]) -> Iterator[io.BufferedReader]:
    """Open an input, unpacked where it is gzip; ``on_bytes`` hears how many more of its bytes were read.

    Raises ``OSError`` where it can't be opened.
    """
    if source.path is None:
        yield _unpacked(stdin, on_bytes)
        return
    with source.path.open("rb", buffering=0) as file:
        yield _unpacked(cast("BinaryIO", file), on_bytes)


def _unpacked(file: BinaryIO, on_bytes: Callable[[int], None]) -> io.BufferedReader:
    counted: io.BufferedReader = io.BufferedReader(_Counted(file, on_bytes), _CHUNK)
    if counted.peek(len(GZIP)).startswith(GZIP):
        return io.BufferedReader(gzip.GzipFile(fileobj=counted), _CHUNK)
    return counted


class _Counted(io.RawIOBase):
    """A stream that says how much was read of it. Closing it leaves the stream open: that is its owner's."""

    def __init__(self, stream: BinaryIO, on_bytes: Callable[[int], None]) -> None:
        super().__init__()
        self._stream = stream
        self._on_bytes = on_bytes

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Read at most what fits."""
        view = memoryview(buffer).cast("B")
        data = (
            self._stream.read1(len(view))
            if isinstance(self._stream, io.BufferedReader)
            else self._stream.read(len(view))
        )
        view[: len(data)] = data
        self._on_bytes(len(data))
        return len(data)
