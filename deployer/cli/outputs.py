"""The files that an option such as ``--out`` names: written whole, or refused with what to do.

A file goes into a folder that is there already, since a missing one is a slip of the keyboard; a folder that a command
fills with files is made.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from deployer.atomic import PUBLIC, write_file
from deployer.errors import UnwritableError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path


@contextmanager
def writing(path: Path, option: str) -> Iterator[None]:
    """Write one file in this block.

    Raises ``UsageError`` where the path can't be one, such as that of a folder or in none, and ``UnwritableError``
    where the machine is in the way.
    """
    if not path.absolute().parent.is_dir():
        raise UsageError(f"`{path}` can't be written: there is no folder `{path.parent}`", _other(option))
    with unwritable_refused(path, option):
        yield


def write_output(path: Path, content: str | bytes, option: str, *, mode: int = PUBLIC) -> None:
    """Write the file that an option names; raises as ``writing`` does."""
    with writing(path, option):
        write_file(path, content, mode=mode)


def write_folder(folder: Path, files: Mapping[str, str], option: str) -> None:
    """Write files into the folder that an option names, which is made; raises as ``writing`` does."""
    with unwritable_refused(folder, option):
        for name, text in files.items():
            write_file(folder / name, text)


@contextmanager
def unwritable_refused(path: Path, option: str) -> Iterator[None]:
    """Give what the machine says of a path that an option names as an expected error; raises as ``writing`` does."""
    try:
        yield
    except OSError as error:
        message = f"`{error.filename or path}` can't be written: {error.strerror}"
        if isinstance(error, FileNotFoundError | NotADirectoryError | IsADirectoryError | FileExistsError):
            raise UsageError(message, _other(option)) from error
        raise UnwritableError(message, f"make room or give the permission, or {_other(option)}") from error


def _other(option: str) -> str:
    return f"pass another {option}"
