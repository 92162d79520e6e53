"""Recorded state: the value, where it is kept, and who may change it now. Knows no kind and nothing of Attentive."""

from deployer.state.backend import Backend, open_backend
from deployer.state.errors import (
    ConflictError,
    Holder,
    LockedError,
    OtherEnvironmentError,
    StateError,
    UnreadableError,
    UnsupportedBackendError,
)
from deployer.state.local import LocalBackend
from deployer.state.model import (
    FORMAT,
    Confirmation,
    Effect,
    Entry,
    Intent,
    State,
    TaskRecord,
    TaskStatus,
)

__all__ = [
    "FORMAT",
    "Backend",
    "Confirmation",
    "ConflictError",
    "Effect",
    "Entry",
    "Holder",
    "Intent",
    "LocalBackend",
    "LockedError",
    "OtherEnvironmentError",
    "State",
    "StateError",
    "TaskRecord",
    "TaskStatus",
    "UnreadableError",
    "UnsupportedBackendError",
    "open_backend",
]
