"""The library: load a project, check it, connect to an environment, plan and apply; the command line only wraps it.

Names are imported when they are used: checking a project needs no HTTP client and no database.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from deployer.library.absorbing import Absorption, absorb
    from deployer.library.compat import CompatError, Compatibility, compatibility
    from deployer.library.connection import Connection, connect
    from deployer.library.contracts import check_payloads, event_named, payload_files
    from deployer.library.contracts_export import export_events
    from deployer.library.contracts_infer import infer_events
    from deployer.library.contracts_inference import Inference, Wish, write_inference
    from deployer.library.explaining import explain
    from deployer.library.importing import Import, plan_import, write_import
    from deployer.library.operations import (
        ApplyOptions,
        apply,
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
    from deployer.library.preview_values import Preview
    from deployer.library.previewing import Previewer, preview
    from deployer.library.records import Pushed, Record, let_go, pull_state, push_state, record, recorded
    from deployer.library.rendering import RenderedMessage, render_messages
    from deployer.library.several import Result, across
    from deployer.library.takeover import baseline, baseline_all, lift, record_live, stop
    from deployer.library.taskpage import task_page
    from deployer.library.taskpage_values import TaskPage
    from deployer.library.workspace import UsageError, Workspace, load

_ROOMS = {
    "absorbing": ("Absorption", "absorb"),
    "compat": ("CompatError", "Compatibility", "compatibility"),
    "connection": ("Connection", "connect"),
    "contracts": ("check_payloads", "event_named", "payload_files"),
    "contracts_export": ("export_events",),
    "contracts_infer": ("infer_events",),
    "contracts_inference": ("Inference", "Wish", "write_inference"),
    "explaining": ("explain",),
    "importing": ("Import", "plan_import", "write_import"),
    "operations": (
        *("ApplyOptions", "apply", "body_recipient", "confirm", "drift", "launch", "plan"),
        *("sample", "send", "subscribe", "tasks", "whoami"),
    ),
    "several": ("Result", "across"),
    "preview_values": ("Preview",),
    "previewing": ("Previewer", "preview"),
    "records": ("Pushed", "Record", "let_go", "pull_state", "push_state", "record", "recorded"),
    "rendering": ("RenderedMessage", "render_messages"),
    "taskpage": ("task_page",),
    "taskpage_values": ("TaskPage",),
    "takeover": ("baseline", "baseline_all", "lift", "record_live", "stop"),
    "workspace": ("UsageError", "Workspace", "load"),
}
_MODULES = {name: module for module, names in _ROOMS.items() for name in names}

__all__ = [
    "Absorption",
    "ApplyOptions",
    "CompatError",
    "Compatibility",
    "Connection",
    "Import",
    "Inference",
    "Preview",
    "Previewer",
    "Pushed",
    "Record",
    "RenderedMessage",
    "Result",
    "TaskPage",
    "UsageError",
    "Wish",
    "Workspace",
    "absorb",
    "across",
    "apply",
    "baseline",
    "baseline_all",
    "body_recipient",
    "check_payloads",
    "compatibility",
    "confirm",
    "connect",
    "drift",
    "event_named",
    "explain",
    "export_events",
    "infer_events",
    "launch",
    "let_go",
    "lift",
    "load",
    "payload_files",
    "plan",
    "plan_import",
    "preview",
    "pull_state",
    "push_state",
    "record",
    "record_live",
    "recorded",
    "render_messages",
    "sample",
    "send",
    "stop",
    "subscribe",
    "task_page",
    "tasks",
    "whoami",
    "write_import",
    "write_inference",
]


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return getattr(import_module(f"deployer.library.{_MODULES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
