"""Recorded state: the value, where it is kept, and who may change it now. Knows no kind and nothing of Attentive."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

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

_ON_DEMAND = {
    "Backend": "backend",
    "decode": "encoding",
    "encode": "encoding",
    "ConflictError": "errors",
    "LockedError": "errors",
    "LostLockError": "errors",
    "OtherEnvironmentError": "errors",
    "StateError": "errors",
    "UnreadableError": "errors",
    "UnsupportedBackendError": "errors",
    "Holder": "holder",
    "Journal": "journal",
    "File": "medium",
    "Medium": "medium",
    "Reason": "medium",
    "StoredFiles": "medium",
    "FORMAT": "model",
    "Applied": "model",
    "ApplyResult": "model",
    "Confirmation": "model",
    "Effect": "model",
    "Entry": "model",
    "Intent": "model",
    "Override": "model",
    "State": "model",
    "TaskRecord": "model",
    "TaskStatus": "model",
    "open_backend": "places",
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


def __getattr__(name: str) -> Any:
    """Load what keeps records when it is first used: a check of a project needs none."""
    if name not in _ON_DEMAND:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_ON_DEMAND[name]}"), name)
