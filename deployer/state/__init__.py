"""Recorded state: the value, where it is kept, and who may change it now. Knows no kind and nothing of Attentive."""

from deployer.state.backend import Backend
from deployer.state.encoding import decode, encode
from deployer.state.errors import (
    ConflictError,
    LockedError,
    LostLockError,
    OtherEnvironmentError,
    StateError,
    UnreadableError,
    UnsupportedBackendError,
)
from deployer.state.holder import Holder
from deployer.state.journal import Journal
from deployer.state.medium import File, Medium, Reason, StoredFiles
from deployer.state.model import (
    FORMAT,
    Applied,
    ApplyResult,
    Confirmation,
    Effect,
    Entry,
    Intent,
    Override,
    State,
    TaskRecord,
    TaskStatus,
)
from deployer.state.places import open_backend

__all__ = [
    "FORMAT",
    "Applied",
    "ApplyResult",
    "Backend",
    "Confirmation",
    "ConflictError",
    "Effect",
    "Entry",
    "File",
    "Holder",
    "Intent",
    "Journal",
    "LockedError",
    "LostLockError",
    "Medium",
    "OtherEnvironmentError",
    "Override",
    "Reason",
    "State",
    "StateError",
    "StoredFiles",
    "TaskRecord",
    "TaskStatus",
    "UnreadableError",
    "UnsupportedBackendError",
    "decode",
    "encode",
    "open_backend",
]
