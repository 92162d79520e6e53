"""The option that names a part of each captured value."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from deployer.source import Pointer

_Command = TypeVar("_Command", bound=Callable[..., Any])


def at_option(command: _Command) -> _Command:
    """Add ``--at``, read as a JSON Pointer."""
    text = "Where the payload is in each value, as a JSON Pointer: /data/0/body."
    return click.option("--at", default="", metavar="JSONPOINTER", callback=_parsed, help=text)(command)


def _parsed(_context: click.Context, _parameter: click.Parameter, value: str) -> Pointer:
    from deployer.contracts.locating import parse_pointer

    try:
        return parse_pointer(value)
    except ValueError as error:
        raise click.BadParameter(f"{error}, such as /properties") from error
