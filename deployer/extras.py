"""What only an extra of the package brings: imported where it is used, and named where it is missing."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from deployer.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

EXTRAS = {
    "lsprotocol": "lsp",
    "mcp": "mcp",
    "obstore": "s3",
    "pygls": "lsp",
    "starlette": "serve",
    "uvicorn": "serve",
    "watchfiles": "serve",
}
"""The extra that brings each module which a plain install lacks."""


class MissingExtraError(UsageError):
    """Something needs an extra of the package that isn't installed; ``hint`` is the command that installs it."""


@contextmanager
def needed_for(what: str) -> Iterator[None]:
    """Import modules of an extra within this; ``what`` needs them, as the subject of a sentence.

    Raises ``MissingExtraError`` where one isn't installed. A module of no extra is a bug, and stays one.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        extra = EXTRAS.get((error.name or "").partition(".")[0])
        if extra is None:
            raise
        message = f"{what} needs the extra [{extra}]: `{error.name}` isn't installed"
        raise MissingExtraError(message, f"pip install 'journey-deployer[{extra}]'") from error
