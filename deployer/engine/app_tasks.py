"""An app as a task: a person creates it at Attentive and puts its key where deployer runs; `whoami` ends it.

Sources: Attentive's help center, "Transactional messages using Attentive's APIs" (step 2) and "Create and manage custom
apps".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from deployer.engine.desired import desired
from deployer.engine.tasks import OpenTask
from deployer.engine.tokens import Tokens
from deployer.kinds.base import Instruction
from deployer.state.model import TaskRecord

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from deployer.kinds.base import Block
    from deployer.project import Project
    from deployer.source import AppBinding, Environment, Settings
    from deployer.state.model import State


def app_address(app: str) -> str:
    """How an app is named among tasks: ``app.orders``."""
    return f"app.{app}"


def unproven_apps(settings: Settings, environment: Environment, state: State) -> Iterator[AppBinding]:
    """The apps of an Attentive account whose key never wrote anything that is recorded, vendors' apps left out."""
    if environment.is_sandbox:  # it brings its apps and keys
        return
    used = _proven(state)
    for app, binding in environment.apps.items():
        declared = settings.apps.get(app)
        if app not in used and not (declared and declared.vendor):
            yield binding


def still_unproven(tasks: Iterable[OpenTask], state: State) -> tuple[OpenTask, ...]:
    """The tasks of those apps that no record shows at work by now."""
    proven = {app_address(app) for app in _proven(state)}
    return tuple(open_task for open_task in tasks if open_task.task.address not in proven)


def _proven(state: State) -> frozenset[str]:
    return frozenset(entry.app for entry in state.entries.values() if entry.by == "api")


def recorded_app_tasks(project: Project, state: State) -> Iterator[OpenTask]:
    """A task for each app that an apply has to write with and never did, as far as the record shows it.

    For those who look without a key, and ask Attentive nothing.
    """
    written = {each.wanted.app for each in desired(project) if each.wanted.by == "api"}
    for binding in unproven_apps(project.settings, project.environment, state):
        if binding.app in written:
            yield app_task(project, binding, "nothing was written with its key yet", "the first apply with its key")


def app_task(
    project: Project, binding: AppBinding, problem: str, ended_by: str = "an answer to “deployer whoami”"
) -> OpenTask:
    """The task that has a person create an app; ``problem`` is why it isn't known to be there."""
    value = {"name": binding.name or binding.app, "permissions": list(permissions(project, binding.app))}
    task_id = f"{app_address(binding.app)}/key"
    title = f"Create the app “{value['name']}”, and set its API key"
    token = Tokens.of(project).token(task_id, value)
    task = TaskRecord(task_id, token, title, "key", value, confirmable=False, note=problem)
    clicks = (*_clicks(project, binding, value), ("note", f"{ended_by[0].upper()}{ended_by[1:]} ends this task.", ""))
    return OpenTask(task, Instruction(title, (("field", "Why it waits", problem), *clicks)), (), ended_by)


def permissions(project: Project, app: str) -> tuple[str, ...]:
    """What the declared resources need of an app, in the words of Attentive's Permissions, sorted."""
    first = next(iter(project.environment.apps), "")
    using = (each for each in desired(project) if (each.wanted.app or first) == app)
    return tuple(sorted({each.kind.permission for each in using} - {""}))


def _clicks(project: Project, binding: AppBinding, value: dict[str, Any]) -> Iterator[Block]:
    where = f"environments.{project.environment.name}.apps.{binding.app}"
    yield "step", "In Attentive, open the Marketplace tab and click + Create App in the top-right corner.", ""
    yield "text", "App name", value["name"]
    yield "field", "Contact email", "a mailbox that your team reads"
    for permission in value["permissions"]:
        yield "field", permission, "Write"
    yield "note", "Leave every other permission at No Access.", ""
    yield "step", "Click Create, and copy the API key: Attentive shows it once. Keep it as you keep a password.", ""
    if binding.api_key is None:
        yield "step", f"Write `{where}: {{api_key: {{env: NAME}}}}` in deployer.yaml, NAME as you choose.", ""
        yield "step", "Set the variable NAME to the key where deployer runs.", ""
    else:
        yield "step", f"Set the variable {binding.api_key.env} to the key where deployer runs.", ""
    yield "step", "See whose key it is.", ""
    yield "text", "Command", f"deployer whoami --env {project.environment.name}"
