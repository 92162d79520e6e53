"""The plan of a pull request: the whole of it, what the change itself asks for, and what its base owes already."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING

from deployer.app.connection import connect_to
from deployer.dataclass import dataclass
from deployer.engine.desired import desired
from deployer.engine.plan_difference import Owed, beyond, owed
from deployer.engine.planner import make_plan
from deployer.errors import DeployerError, UsageError
from deployer.forge.refs import RefError
from deployer.kinds.base import GuardError
from deployer.kinds.journey import running
from deployer.source import ProblemsError
from deployer.workspace.earlier import earlier

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deployer.engine.plan import Plan
    from deployer.state import State
    from deployer.workspace.workspace import Workspace


class BaseError(DeployerError):
    """The version that a change is compared with can't be planned, so that its own tasks can't be told apart."""


@dataclass(frozen=True, slots=True)
class ChangePlan:
    """What a change would do in an environment.

    ``whole`` is the plan after the merge, ``own`` what of it the change asks for, ``owed`` what its base asks for too.
    """

    whole: Plan
    own: Plan
    owed: Owed = field(default_factory=Owed)


@dataclass(frozen=True, slots=True)
class Recorded:
    """What is recorded of an environment, read once; ``environ`` holds secrets, and no plan does."""

    state: State
    environ: Mapping[str, str] = field(repr=False)
    recovered: tuple[str, ...] = ()

    @property
    def running(self) -> frozenset[str]:
        """The addresses of the journeys that customers get now, former versions too."""
        return frozenset(address for address, entry in self.state.entries.items() if any(running(entry.live)))


def recorded(workspace: Workspace, environment: str) -> Recorded:
    """Read the record once, whatever is wrong with the project. Raises ``StateError``, ``GuardError``."""
    with connect_to(workspace, workspace.linked(environment).project) as connection:
        state, recovered = connection.recovered()
        return Recorded(state, connection.environ, recovered)


def planned(workspace: Workspace, environment: str, known: Recorded) -> Plan:
    """Plan the project against the record, offline. Raises ``ProblemsError``, ``GuardError``."""
    project = workspace.project(environment)
    wanted = desired(project)
    return make_plan(project, known.state, None, known.environ, everything=wanted, recovered=known.recovered)


def undivided(plan: Plan) -> ChangePlan:
    """All of a plan as what the change asks for, but for what waits already."""
    return ChangePlan(plan, plan, Owed(plan.waiting))


def told_apart(workspace: Workspace, environment: str, plan: Plan, known: Recorded, against: str) -> ChangePlan:
    """Tell what a plan asks for from what the plan of a commit, on the same record, asks for as well.

    Raises ``BaseError`` where that commit can't be planned.
    """
    try:
        with earlier(workspace, against) as base:
            if base is None or base.settings is None or environment not in base.settings.environments:
                return undivided(plan)
            before = planned(base, environment, known)
    except ProblemsError:
        raise BaseError(f"the project has errors at {against}", "compare with a version without errors") from None
    except (RefError, GuardError, UsageError) as error:
        raise BaseError(error.message, error.hint) from None
    return ChangePlan(plan, beyond(plan, before), owed(plan, before))
