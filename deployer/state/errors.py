"""Why state couldn't be opened, read, locked or written.

    StateError                   anything about state that a person has to hear of
    ├── UnsupportedBackendError  the place can't hold state (yet)
    ├── UnreadableError          the content is no state that this version can read
    ├── OtherEnvironmentError    it is the state of another environment
    ├── ConflictError            someone wrote in between: the serial or the lineage moved
    └── LockedError              someone else is at work; carries the ``Holder``
        └── LostLockError        our own lock was taken away while we worked

Each has a ``message`` (what happened, where) and a ``hint`` (what to do).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployer.errors import DeployerError

if TYPE_CHECKING:
    from deployer.state.holder import Holder

_WAIT = "wait until it has finished, or pass --lock-timeout SECONDS"


class StateError(DeployerError):
    """State can't be used: ``message`` says what happened and where, ``hint`` what to do (may be empty)."""


class UnsupportedBackendError(StateError):
    """The place named by ``state:`` can't hold state, or not yet."""


class UnreadableError(StateError):
    """The stored state is damaged, out of reach or of a later format. Nothing was changed."""


class OtherEnvironmentError(StateError):
    """The stored state, or the one to be written, belongs to another environment. Nothing was changed."""


class ConflictError(StateError):
    """The stored state isn't the one that the work began with. Nothing was changed."""


class LockedError(StateError):
    """Someone else is at work on the state; ``holder`` says who, ``None`` where the lock went free meanwhile.

    ``environment`` is given where the lock outlives its process, so that a person may have to free it.
    """

    def __init__(self, location: str, holder: Holder | None, *, environment: str | None = None) -> None:
        super().__init__(
            f"state `{location}` is locked: {holder or 'its holder has just released it'}",
            _locked_hint(holder, environment),
        )
        self.location = location
        self.holder = holder


class LostLockError(LockedError):
    """Our lock ``ours`` was taken away; ``holder`` has it now, ``None`` where no one has. Nothing was overwritten."""

    def __init__(self, location: str, holder: Holder | None, *, ours: Holder, environment: str | None = None) -> None:
        super().__init__(location, holder, environment=environment)
        now = f"it is held by {holder} now" if holder else "it is free now"
        self.message = f"state `{location}`: our lock {ours.id} was taken away while `{ours.operation}` ran; {now}"
        self.hint = "nothing more was written; find out who freed the lock, then run the command again"
        self.args = (self.message,)


def _locked_hint(holder: Holder | None, environment: str | None) -> str:
    if environment is None:
        return f"{_WAIT}; the lock frees itself when that process ends, even if it crashes"
    lock_id = holder.id if holder else "ID"
    unlock = f"`deployer state unlock {lock_id} --env {environment}`"
    return f"{_WAIT}; {unlock} frees it once you know that its process is gone"
