"""What a pull request changes in one environment: everything that its comment says, and what couldn't be looked at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from deployer.app.connection import connect
from deployer.app.operations import plan as make_plan
from deployer.errors import UsageError
from deployer.forge.boxes import Scope
from deployer.forge.refs import RefError
from deployer.kinds.base import GuardError
from deployer.source import ProblemsError, Severity
from deployer.state import StateError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deployer.contracts.compat.project import Compatibility
    from deployer.engine.plan import Plan
    from deployer.preview.values import Preview
    from deployer.source import Problem
    from deployer.workspace.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Unchecked:
    """Something that was not looked at: ``what`` and ``why``, both for people.

    ``expected``: nobody could have looked here, such as at Attentive without a key; that fails nothing.
    """

    what: str
    why: str
    expected: bool = False


@dataclass(frozen=True, slots=True)
class Overview:
    """What a pull request changes in an environment.

    ``plan``, ``preview`` and ``compat`` are ``None`` where they couldn't be made or weren't asked for; ``against`` is
    the commit that messages and events are compared with.
    """

    scope: Scope
    problems: tuple[Problem, ...] = ()
    plan: Plan | None = None
    preview: Preview | None = None
    compat: Compatibility | Mapping[str, Any] | None = None
    """A comparison of events, or what ``deployer compat --format json`` wrote of one."""
    against: str = ""
    unchecked: tuple[Unchecked, ...] = ()
    known: int | None = None
    """Problems that the earlier version had already, and that aren't among ``problems``; ``None``: all are there."""

    @property
    def environment(self) -> str:
        """The environment's name."""
        return self.scope.environment

    @property
    def failed(self) -> bool:
        """Whether the project has errors, or something couldn't be looked at that should have been."""
        errors = any(problem.severity is Severity.ERROR for problem in self.problems)
        return errors or any(not one.expected for one in self.unchecked)


@dataclass(frozen=True, slots=True)
class Given:
    """What the comment is made from besides the project.

    ``live`` is a plan that looked at Attentive; without one the plan is made offline. ``fork``: the run has no secrets,
    so that what needs one isn't expected. ``new_only``: problems that the earlier version had too don't count.
    """

    against: str = ""
    live: Plan | None = None
    compat: Mapping[str, Any] | None = None
    fork: bool = False
    new_only: bool = False


def overview(workspace: Workspace, environment: str | None, given: Given) -> Overview:
    """Look at everything that a pull request's comment tells, whatever is wrong with the project.

    Nothing is written and Attentive isn't asked. What can't be looked at is told, never taken for unchanged. Raises
    ``UsageError`` for an unknown environment, and ``ProblemsError`` where ``deployer.yaml`` can't be read and no
    environment is named.
    """
    if workspace.settings is None and environment:
        unread = Unchecked("What would change", "`deployer.yaml` can't be read")
        return Overview(Scope("", environment), workspace.problems, against=given.against, unchecked=(unread,))
    chosen = workspace.environment(environment)
    if given.live is not None and given.live.environment != chosen.name:
        what = f"the plan is one of `{given.live.environment}`, not of `{chosen.name}`"
        raise UsageError(what, f"pass --env {given.live.environment}, or give the plan of {chosen.name}")
    unchecked: list[Unchecked] = []
    plan = given.live or _offline(workspace, chosen.name, given, unchecked)
    if plan is not None and plan is not given.live:
        unchecked.append(_not_asked(given))
    preview = _preview(workspace, chosen.name, given.against, unchecked)
    compat = given.compat or _compat(workspace, given.against, unchecked)
    problems, known = _problems(workspace, chosen.name, given, unchecked)
    assert workspace.settings is not None
    scope = Scope(workspace.settings.project, chosen.name)
    return Overview(scope, problems, plan, preview, compat, given.against, tuple(unchecked), known)


def _problems(
    workspace: Workspace, environment: str, given: Given, unchecked: list[Unchecked]
) -> tuple[tuple[Problem, ...], int | None]:
    """The problems, or only the new ones with how many others there are."""
    from deployer.workspace.since import new_since  # noqa: PLC0415 - only a comparison reads a second project

    checked = workspace.checked(environment)
    if not given.new_only or not given.against:
        return checked.problems, None
    try:
        new = new_since(workspace, checked, given.against, environment).problems
    except RefError as error:
        unchecked.append(Unchecked("Which problems are new", str(error)))
        return checked.problems, None
    return new, len(checked.problems) - len(new)


def _not_asked(given: Given) -> Unchecked:
    why = "this run has no key, as a pull request from a fork has no secrets" if given.fork else "this run uses no key"
    what = "The current state at Attentive"
    return Unchecked(what, f"{why}; the plan compares the YAML with what is recorded", expected=True)


def _offline(workspace: Workspace, environment: str, given: Given, unchecked: list[Unchecked]) -> Plan | None:
    what = "What would change"
    try:
        with connect(workspace, environment) as connection:
            return make_plan(connection, offline=True)
    except ProblemsError:
        unchecked.append(Unchecked(what, "the project has errors"))
    except StateError as error:
        why = f"what is recorded can't be read: {error}"
        unchecked.append(Unchecked(what, f"{why} (this run has no secrets)" if given.fork else why, given.fork))
    except GuardError as error:
        unchecked.append(Unchecked(what, error.message))
    return None


def _preview(workspace: Workspace, environment: str, against: str, unchecked: list[Unchecked]) -> Preview | None:
    from deployer.preview.previewer import preview  # noqa: PLC0415 - only a comparison renders every message

    if not against:
        return None
    try:
        return preview(workspace, environment, against)
    except (RefError, ProblemsError) as error:
        unchecked.append(Unchecked(f"How messages differ from {against}", str(error)))
        return None


def _compat(workspace: Workspace, against: str, unchecked: list[Unchecked]) -> Compatibility | None:
    """What changed of the events in any environment; an environment that is new is told, and breaks nothing."""
    from deployer.contracts.compat.project import CompatError, compatibility  # noqa: PLC0415 - as above

    if not against:
        return None
    try:
        return compatibility(workspace, against, datetime.now(UTC).date())
    except (CompatError, RefError, ProblemsError) as error:
        unchecked.append(Unchecked("The impact on senders and readers of events", str(error)))
        return None
