"""Files that a command reads to their end: what has none is refused before it is opened."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import click

from deployer.endless import endless
from deployer.errors import UsageError

if TYPE_CHECKING:
    from click import Context, Parameter


class InputFile(click.File):
    """A file that is opened, or ``-`` for standard input."""

    def convert(self, value: Any, param: Parameter | None, ctx: Context | None) -> Any:
        """Open a file; a pipe without a writer and a device are wrong usage."""
        if value != "-":
            _refuse_endless(value)
        return super().convert(value, param, ctx)


class InputPath(click.Path):
    """A path that is read from later."""

    def convert(self, value: Any, param: Parameter | None, ctx: Context | None) -> Any:
        """Take a path; a pipe without a writer and a device are wrong usage."""
        _refuse_endless(value, "name a file; what a pipe brings can be written to one first")
        return super().convert(value, param, ctx)


def _refuse_endless(value: Any, instead: str = "") -> None:
    refused = endless(os.fspath(value)) if isinstance(value, str | os.PathLike) else None
    if refused:
        message, hint = refused
        raise UsageError(message, instead or hint)
