"""Why state couldn't be opened, read, locked or written.

    StateError                   anything about state that a person has to hear of
    ├── UnsupportedBackendError  the place can't hold state (yet)
    ├── UnreadableError          what stands there is no state that this version can read
    ├── OtherEnvironmentError    it is the state of another environment
    ├── ConflictError            somebody wrote in between: the serial or the lineage moved
    └── LockedError              somebody else is at work; carries the ``Holder``

Each has a ``message`` (what happened, where) and a ``hint`` (what to do).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a lock: ``since`` is ISO 8601 in UTC, ``pid`` a process of ``host``; of the person only a handle."""

    user: str
    host: str
    pid: int
    operation: str
    since: str

    def __str__(self) -> str:
        return f"{self.user} on {self.host} (process {self.pid}) has been running `{self.operation}` since {self.since}"

    def to_json(self) -> dict[str, str | int]:
        """Write the holder as a JSON object."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, str | int]) -> Self:
        """Read what ``to_json`` wrote; raises ``KeyError``, ``TypeError`` or ``ValueError`` on another shape."""
        return cls(
            user=str(data["user"]),
            host=str(data["host"]),
            pid=int(data["pid"]),
            operation=str(data["operation"]),
            since=str(data["since"]),
        )


class StateError(Exception):
    """State can't be used: ``message`` says what happened and where, ``hint`` what to do (may be empty)."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UnsupportedBackendError(StateError):
    """The place named by ``state:`` can't hold state, or not yet."""


class UnreadableError(StateError):
    """The stored state is damaged, out of reach or of a later format. Nothing was changed."""


class OtherEnvironmentError(StateError):
    """The stored state, or the one to be written, belongs to another environment. Nothing was changed."""


class ConflictError(StateError):
    """The stored state isn't the one that the work began with. Nothing was changed."""


class LockedError(StateError):
    """Somebody else is at work on the state; ``holder`` says who, ``None`` where the lock doesn't name anybody."""

    def __init__(self, location: str, holder: Holder | None) -> None:
        super().__init__(
            f"state `{location}` is locked: {holder or 'another process holds it and left no name'}",
            "wait until it has finished; the lock frees itself when that process ends, even if it crashes",
        )
        self.location = location
        self.holder = holder
