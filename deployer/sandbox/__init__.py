"""An Attentive to develop against: it enforces what Attentive documents, over an account in an SQLite file.

In process it is behind an httpx transport (``deployer.sandbox.transport``), on a port behind Starlette
(``deployer.sandbox.server``); both are imported where they are used, since httpx and Starlette are heavy. Both can be
set up to fail (``deployer.sandbox.faults``). Where Attentive's documents are silent, each endpoint's module
says what the sandbox chose.
"""

from __future__ import annotations

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
