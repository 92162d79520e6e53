"""An Attentive to develop against: it enforces what Attentive documents, over an account in an SQLite file.

In process it is behind an httpx transport (``deployer.sandbox.transport``), on a port behind Starlette
(``deployer.sandbox.server``); both are imported where they are used, since httpx and Starlette are heavy. Either can
be set up to fail (``deployer.sandbox.faults``). The names of this package load their modules when they are first used:
most commands need the model only. Where Attentive's documents are silent, each endpoint's module says what the sandbox
chose.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployer.on_demand import on_demand

if TYPE_CHECKING:
    from deployer.sandbox.faults import Fault, FaultError, FaultKind, Faults, FaultsError
    from deployer.sandbox.model import (
        ALL_SCOPES,
        Request,
        Response,
        SandboxApp,
        SandboxFileError,
        SandboxUnwritableError,
        SignUpUnit,
    )
    from deployer.sandbox.service import Sandbox

_MODULES = {
    "faults": ("Fault", "FaultError", "FaultKind", "Faults", "FaultsError"),
    "model": (
        "ALL_SCOPES",
        "Request",
        "Response",
        "SandboxApp",
        "SandboxFileError",
        "SandboxUnwritableError",
        "SignUpUnit",
    ),
    "service": ("Sandbox",),
}

__all__ = [
    "ALL_SCOPES",
    "Fault",
    "FaultError",
    "FaultKind",
    "Faults",
    "FaultsError",
    "Request",
    "Response",
    "Sandbox",
    "SandboxApp",
    "SandboxFileError",
    "SandboxUnwritableError",
    "SignUpUnit",
]

if not TYPE_CHECKING:  # a type checker would take every name for one of the package's, mistyped ones too
    __getattr__ = on_demand(__name__, _MODULES)
