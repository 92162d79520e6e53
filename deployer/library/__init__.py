"""The library: load a project, check it, connect to an environment, plan and apply; the command line only wraps it.

Names are imported when they are used: checking a project needs no HTTP client and no database.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from deployer.library.connection import Connection, connect
    from deployer.library.operations import (
        ApplyOptions,
        apply,
        baseline,
        body_recipient,
        confirm,
        drift,
        launch,
        plan,
        sample,
        send,
        subscribe,
        tasks,
        whoami,
    )
    from deployer.library.rendering import RenderedMessage, render_messages
    from deployer.library.workspace import UsageError, Workspace, load

_ROOMS = {
    "connection": ("Connection", "connect"),
    "operations": (
        *("ApplyOptions", "apply", "baseline", "body_recipient", "confirm", "drift", "launch", "plan"),
        *("sample", "send", "subscribe", "tasks", "whoami"),
    ),
    "rendering": ("RenderedMessage", "render_messages"),
    "workspace": ("UsageError", "Workspace", "load"),
}
_MODULES = {name: module for module, names in _ROOMS.items() for name in names}

__all__ = [
    "ApplyOptions",
    "Connection",
    "RenderedMessage",
    "UsageError",
    "Workspace",
    "apply",
    "baseline",
    "body_recipient",
    "confirm",
    "connect",
    "drift",
    "launch",
    "load",
    "plan",
    "render_messages",
    "sample",
    "send",
    "subscribe",
    "tasks",
    "whoami",
]


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return getattr(import_module(f"deployer.library.{_MODULES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
