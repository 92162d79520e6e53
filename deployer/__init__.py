"""Attentive transactional journeys as code.

The library comes first: ``load`` a project, ``check`` it, ``connect`` to an environment, ``plan`` and ``apply``; the
command line only wraps it. Names are imported when they are used: ``import deployer`` costs nothing, and checking a
project needs no HTTP client and no database.
"""

from __future__ import annotations

from deployer.on_demand import on_demand

TYPE_CHECKING = False  # type checkers know the name; importing it from `typing` would double the time of `--version`
if TYPE_CHECKING:
    from deployer.app.absorbing import Absorption, absorb
    from deployer.app.cataloging import Catalog, catalog
    from deployer.app.confirming import confirm, confirmable, tasks
    from deployer.app.connection import Connection, connect
    from deployer.app.explaining import explain
    from deployer.app.importing import Import, plan_import, write_import
    from deployer.app.journey_tests import TestRun, run_tests, update_tests
    from deployer.app.operations import (
        ApplyOptions,
        apply,
        body_recipient,
        drift,
        launch,
        sample,
        send,
        subscribe,
        whoami,
    )
    from deployer.app.planning import plan
    from deployer.app.records import (
        EnvironmentRecord,
        Pushed,
        forget_addresses,
        pull_state,
        push_state,
        record,
        recorded,
    )
    from deployer.app.several import Result, across
    from deployer.app.simulating import Scene, Simulated, simulate_event
    from deployer.app.takeover import baseline, baseline_all, lift, record_live, stop
    from deployer.attentive.errors import AttentiveError
    from deployer.contracts.compat.project import CompatError, Compatibility, compatibility
    from deployer.contracts.export.project import export_events
    from deployer.contracts.infer.inference import Inference, Wish, write_inference
    from deployer.contracts.infer.project import infer_events
    from deployer.contracts.project import check_payloads, event_named, payload_files
    from deployer.contracts.streams import CheckReport
    from deployer.engine.apps import AppCheck
    from deployer.engine.checklist import Checklist
    from deployer.engine.confirm import ConfirmError, Statement
    from deployer.engine.drift import Drift
    from deployer.engine.guards import Overrides
    from deployer.engine.plan import Plan
    from deployer.engine.report import ApplyReport
    from deployer.engine.tasks import OpenTask
    from deployer.errors import DeployerError, TextError, UsageError
    from deployer.kinds.base import GuardError
    from deployer.messages.counting import Count, count
    from deployer.preview.previewer import Previewer
    from deployer.preview.rendering import RenderedMessage, render_messages
    from deployer.preview.tasks import task_page
    from deployer.preview.tasks_values import TaskPage
    from deployer.preview.values import Preview
    from deployer.project.model import Project
    from deployer.source.problems import Problem, Problems, ProblemsError
    from deployer.state.errors import StateError
    from deployer.workspace.loading import load
    from deployer.workspace.workspace import Workspace
__version__ = "0.2.0"

_MODULES = {
    "app.absorbing": ("Absorption", "absorb"),
    "app.cataloging": ("Catalog", "catalog"),
    "app.confirming": ("confirm", "confirmable", "tasks"),
    "app.connection": ("Connection", "connect"),
    "app.explaining": ("explain",),
    "app.importing": ("Import", "plan_import", "write_import"),
    "app.journey_tests": ("TestRun", "run_tests", "update_tests"),
    "app.operations": (
        "ApplyOptions",
        "apply",
        "body_recipient",
        "drift",
        "launch",
        "sample",
        "send",
        "subscribe",
        "whoami",
    ),
    "app.planning": ("plan",),
    "app.records": (
        "Pushed",
        "EnvironmentRecord",
        "forget_addresses",
        "pull_state",
        "push_state",
        "record",
        "recorded",
    ),
    "app.several": ("Result", "across"),
    "app.simulating": ("Scene", "Simulated", "simulate_event"),
    "app.takeover": ("baseline", "baseline_all", "lift", "record_live", "stop"),
    "contracts.compat.project": ("CompatError", "Compatibility", "compatibility"),
    "contracts.export.project": ("export_events",),
    "contracts.infer.inference": ("Inference", "Wish", "write_inference"),
    "contracts.infer.project": ("infer_events",),
    "contracts.project": ("check_payloads", "event_named", "payload_files"),
    "contracts.streams": ("CheckReport",),
    "attentive.errors": ("AttentiveError",),
    "engine.apps": ("AppCheck",),
    "engine.checklist": ("Checklist",),
    "engine.confirm": ("ConfirmError", "Statement"),
    "engine.drift": ("Drift",),
    "engine.guards": ("Overrides",),
    "engine.plan": ("Plan",),
    "engine.report": ("ApplyReport",),
    "engine.tasks": ("OpenTask",),
    "kinds.base": ("GuardError",),
    "messages.counting": ("Count", "count"),
    "preview.previewer": ("Previewer",),
    "preview.rendering": ("RenderedMessage", "render_messages"),
    "preview.tasks": ("task_page",),
    "preview.tasks_values": ("TaskPage",),
    "preview.values": ("Preview",),
    "project.model": ("Project",),
    "source.problems": ("Problem", "Problems", "ProblemsError"),
    "state.errors": ("StateError",),
    "workspace.loading": ("load",),
    "workspace.workspace": ("Workspace",),
    "errors": ("DeployerError", "TextError", "UsageError"),
}

__all__ = [
    "Absorption",
    "AppCheck",
    "ApplyOptions",
    "ApplyReport",
    "AttentiveError",
    "Catalog",
    "CheckReport",
    "Checklist",
    "CompatError",
    "Compatibility",
    "ConfirmError",
    "Connection",
    "Count",
    "DeployerError",
    "Drift",
    "EnvironmentRecord",
    "GuardError",
    "Import",
    "Inference",
    "OpenTask",
    "Overrides",
    "Plan",
    "Preview",
    "Previewer",
    "Problem",
    "Problems",
    "ProblemsError",
    "Project",
    "Pushed",
    "RenderedMessage",
    "Result",
    "Scene",
    "Simulated",
    "StateError",
    "Statement",
    "TaskPage",
    "TestRun",
    "TextError",
    "UsageError",
    "Wish",
    "Workspace",
    "__version__",
    "absorb",
    "across",
    "apply",
    "baseline",
    "baseline_all",
    "body_recipient",
    "catalog",
    "check_payloads",
    "compatibility",
    "confirm",
    "confirmable",
    "connect",
    "count",
    "drift",
    "event_named",
    "explain",
    "export_events",
    "forget_addresses",
    "infer_events",
    "launch",
    "lift",
    "load",
    "payload_files",
    "plan",
    "plan_import",
    "pull_state",
    "push_state",
    "record",
    "record_live",
    "recorded",
    "render_messages",
    "run_tests",
    "sample",
    "send",
    "simulate_event",
    "stop",
    "subscribe",
    "task_page",
    "tasks",
    "update_tests",
    "whoami",
    "write_import",
    "write_inference",
]

if not TYPE_CHECKING:  # a type checker would take every name for one of the package's, mistyped ones too
    __getattr__ = on_demand(__name__, _MODULES)
