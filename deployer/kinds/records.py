"""Opening a record whose every entry is held against the shapes that its kind declares."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployer.kinds import KINDS
from deployer.state import Backend, open_backend
from deployer.state.shape_error import ShapeError

if TYPE_CHECKING:
    from pathlib import Path

    from deployer.state import State


def open_record(url: str, *, root: Path, environment: str, protected: bool = False) -> Backend:
    """Open an environment's state as ``open_backend`` does; what it holds is checked as it is read.

    What isn't as its kind declares is an ``UnreadableError`` with the way to it, its line and the way back.
    """
    return open_backend(url, root=root, environment=environment, protected=protected, check=check_recorded)


def check_recorded(state: State) -> None:
    """Raise ``ShapeError`` where an entry holds what its kind doesn't write."""
    for address, entry in state.entries.items():
        kind = KINDS.get(entry.kind)
        if kind is None or kind.snake != address.partition(".")[0]:
            raise ShapeError(f"should be the kind of `{address}`", ("entries", address, "kind"))
        try:
            kind.recorded.check(address, entry)
        except ShapeError as error:
            raise error.under(address).under("entries") from None
