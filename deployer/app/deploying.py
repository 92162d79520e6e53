"""How far each declaration of an environment has come, without a look at Attentive."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from deployer.app.basis import Basis

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deployer.app.connection import Connection
    from deployer.state import Entry


class Deployment(StrEnum):
    """How far a declaration has come: by what is recorded of it, and by an offline plan."""

    NEW = "new"
    """Nothing is recorded of it."""
    CHANGED = "changed"
    """A plan would change what is recorded."""
    WAITING = "waiting"
    """Nothing is left to plan, but tasks wait for a person."""
    DONE = "done"
    """What is declared is what is recorded, and no task is open."""


def deployments(connection: Connection) -> Mapping[str, Deployment]:
    """How far each address has come that an apply or a person brings about; a message comes with its journeys.

    Nothing is written, and nothing is read at Attentive. Raises ``StateError``, ``GuardError``.
    """
    basis = Basis.recorded(connection)
    planned = {change.address for change in basis.plan().changes}
    return {
        desired.address: _deployment(basis.state.entry(desired.address), planned=desired.address in planned)
        for desired in basis.everything
    }


def _deployment(entry: Entry | None, *, planned: bool) -> Deployment:
    if entry is None:
        return Deployment.NEW
    if planned:
        return Deployment.CHANGED
    return Deployment.WAITING if any(task.open for task in entry.tasks.values()) else Deployment.DONE
