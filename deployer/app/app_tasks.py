"""The apps that a person still has to create: those whose key isn't set, or that `whoami` gets no answer for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployer.app.connection import connect_to
from deployer.attentive import AttentiveError
from deployer.engine.app_tasks import app_task, unproven_apps
from deployer.kinds.base import GuardError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deployer.engine.tasks import OpenTask
    from deployer.state import State
    from deployer.workspace.workspace import Workspace


def app_tasks(workspace: Workspace, environment: str, state: State) -> Iterator[OpenTask]:
    """A task for each app of an Attentive account that has recorded nothing and doesn't answer. Writes nothing.

    Attentive is asked (`whoami`'s GET) only about apps that have a key here and never wrote anything.
    """
    project = workspace.linked(environment).project
    with connect_to(workspace, project) as connection:
        for binding in unproven_apps(project.settings, project.environment, state):
            try:
                connection.session.identity(binding.app)
            except (GuardError, AttentiveError) as error:
                yield app_task(project, binding, error.message)
