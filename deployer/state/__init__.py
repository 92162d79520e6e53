"""Recorded state: the value, where it is kept, and who may change it now. Knows no kind and nothing of Attentive."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployer.on_demand import on_demand

if TYPE_CHECKING:
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

_MODULES = {
    "backend": ("Backend",),
    "encoding": ("decode", "encode"),
    "errors": (
        "ConflictError",
        "LockedError",
        "LostLockError",
        "OtherEnvironmentError",
        "StateError",
        "UnreadableError",
        "UnsupportedBackendError",
    ),
    "holder": ("Holder",),
    "journal": ("Journal",),
    "medium": ("File", "Medium", "Reason", "StoredFiles"),
    "model": (
        "FORMAT",
        "Applied",
        "ApplyResult",
        "Confirmation",
        "Effect",
        "Entry",
        "Intent",
        "Override",
        "State",
        "TaskRecord",
        "TaskStatus",
    ),
    "places": ("open_backend",),
}

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

if not TYPE_CHECKING:  # a type checker would take every name for one of the package's, mistyped ones too
    __getattr__ = on_demand(__name__, _MODULES)
