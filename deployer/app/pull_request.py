"""What a pull request changes in one environment: everything that its comment says, and what couldn't be looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from deployer.dataclass import dataclass
from deployer.errors import UsageError
from deployer.forge.boxes import Scope
from deployer.forge.refs import RefError
from deployer.kinds.base import GuardError
from deployer.source import Problems, ProblemsError
from deployer.state import StateError
from deployer.workspace.earlier import keeping_earlier

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deployer.app.change_plan import ChangePlan, Recorded
    from deployer.contracts.compat.project import Compatibility
    from deployer.engine.plan import Plan
    from deployer.preview.values import Preview
    from deployer.source import Problem
    from deployer.source.settings import Prices
    from deployer.workspace.workspace import Workspace

_WHAT = "What would change"


@dataclass(frozen=True, slots=True)
class Unchecked:
    """Something that was not looked at: ``what`` and ``why``, both for people.

    ``expected``: no one could have looked here, such as at Attentive without a key; that fails nothing.
    """

    what: str
    why: str
    expected: bool = False


@dataclass(frozen=True, slots=True)
class Overview:
    """What a pull request changes in an environment.

    ``plan``, ``preview`` and ``compat`` are ``None`` where they couldn't be made or weren't asked for; ``against`` is
    the commit that messages, events and plans are compared with.
    """

    scope: Scope
    problems: tuple[Problem, ...] = ()
    """Problems that are new; without a comparison all of them."""
    plan: ChangePlan | None = None
    preview: Preview | None = None
    compat: Compatibility | Mapping[str, Any] | None = None
    """A comparison of events, or what ``deployer compat --format json`` wrote of one."""
    against: str = ""
    unchecked: tuple[Unchecked, ...] = ()
    known: tuple[Problem, ...] | None = None
    """Problems that the earlier version had already; ``None``: they aren't told apart."""
    new_only: bool = False
    """Whether only new problems fail."""
    running: frozenset[str] = frozenset()
    """The journeys that are recorded as turned on, by address."""
    prices: Prices | None = None
    """What the environment's messages cost, where the project says so."""

    @property
    def environment(self) -> str:
        """The environment's name."""
        return self.scope.environment

    @property
    def failing(self) -> tuple[Problem, ...]:
        """The problems for which the check fails."""
        counted = self.problems if self.new_only else (*self.problems, *(self.known or ()))
        return Problems(counted).errors

    @property
    def missed(self) -> tuple[Unchecked, ...]:
        """What should have been looked at and couldn't be."""
        return tuple(unchecked for unchecked in self.unchecked if not unchecked.expected)

    @property
    def failed(self) -> bool:
        """Whether the project has errors, or something couldn't be looked at that should have been."""
        return bool(self.failing or self.missed)


@dataclass(frozen=True, slots=True)
class Given:
    """What the comment is made from besides the project.

    ``live`` is a plan that looked at Attentive; without one the plan is made offline. ``fork``: the run has no secrets,
    so that what needs one isn't expected. ``new_only``: problems that the earlier version had too don't count.
    ``let_through`` is a person's reason to let breaking changes of events pass.
    """

    against: str = ""
    live: Plan | None = None
    compat: Mapping[str, Any] | None = None
    fork: bool = False
    new_only: bool = False
    let_through: str = ""


def overview(workspace: Workspace, environment: str | None, given: Given) -> Overview:
    """Look at everything that a pull request's comment tells, whatever is wrong with the project.

    Nothing is written and Attentive isn't asked. What can't be looked at is reported, never taken for unchanged. Raises
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
    with keeping_earlier():
        return _looked(workspace, chosen.name, given)


def _looked(workspace: Workspace, environment: str, given: Given) -> Overview:
    """Look at an environment of a project whose settings can be read."""
    assert workspace.settings is not None
    unchecked: list[Unchecked] = []
    known = _recorded(workspace, environment, given, unchecked)
    plan = _plan(workspace, environment, given, known, unchecked)
    if plan is not None and given.live is None:
        unchecked.append(_not_compared(given))
    preview = _preview(workspace, environment, given.against, unchecked)
    compat = given.compat or _compat(workspace, given, unchecked)
    problems, old = _problems(workspace, environment, given, unchecked)
    running = known.running if known else frozenset()
    scope = Scope(workspace.settings.project, environment)
    prices = workspace.settings.environments[environment].prices
    return Overview(
        scope,
        problems,
        plan,
        preview,
        compat,
        given.against,
        tuple(unchecked),
        old,
        new_only=given.new_only,
        running=running,
        prices=prices,
    )


def _problems(
    workspace: Workspace, environment: str, given: Given, unchecked: list[Unchecked]
) -> tuple[tuple[Problem, ...], tuple[Problem, ...] | None]:
    """The new problems and those that were there; without a comparison all of them and ``None``."""
    from deployer.workspace.since import new_since  # noqa: PLC0415 - only a comparison reads a second project

    checked = workspace.checked(environment)
    if not given.against:
        return checked.problems, None
    try:
        new = new_since(workspace, checked, given.against, environment).problems
    except RefError as error:
        unchecked.append(Unchecked("Which problems are new", str(error)))
        return checked.problems, None
    ids = {id(problem) for problem in new}  # by identity: of two that read alike, one may be new
    return new, tuple(problem for problem in checked.problems if id(problem) not in ids)


def _not_compared(given: Given) -> Unchecked:
    why = "this run has no key, as a pull request from a fork has no secrets" if given.fork else "this run uses no key"
    what = "The current state at Attentive"
    return Unchecked(what, f"{why}; the plan compares the YAML with what is recorded", expected=True)


def _recorded(workspace: Workspace, environment: str, given: Given, unchecked: list[Unchecked]) -> Recorded | None:
    """What is recorded, whatever is wrong with the project."""
    from deployer.app.change_plan import recorded  # noqa: PLC0415 - only a project that can be read has a record

    try:
        return recorded(workspace, environment)
    except StateError as error:
        why = f"what is recorded can't be read: {error}"
        unread = Unchecked(_WHAT, f"{why} (this run has no secrets)" if given.fork else why, given.fork)
    except GuardError as error:
        unread = Unchecked(_WHAT, error.message)
    if given.live is None:
        unchecked.append(unread)
    return None


def _plan(
    workspace: Workspace, environment: str, given: Given, known: Recorded | None, unchecked: list[Unchecked]
) -> ChangePlan | None:
    """The plan, with what the change itself asks for told apart from what the base asks for."""
    from deployer.app.change_plan import BaseError, planned, told_apart, undivided  # noqa: PLC0415 - as above

    if known is None:
        return undivided(given.live) if given.live is not None else None
    try:
        plan = given.live or planned(workspace, environment, known)
    except ProblemsError:
        unchecked.append(Unchecked(_WHAT, "the project has errors"))
        return None
    except GuardError as error:
        unchecked.append(Unchecked(_WHAT, error.message))
        return None
    if not given.against:
        return undivided(plan)
    try:
        return told_apart(workspace, environment, plan, known, given.against)
    except BaseError as error:
        # Nothing is hidden: all tasks are shown as this change's.
        unchecked.append(Unchecked("Which tasks the base owes already", error.message, expected=True))
        return undivided(plan)


def _preview(workspace: Workspace, environment: str, against: str, unchecked: list[Unchecked]) -> Preview | None:
    from deployer.preview.previewer import preview  # noqa: PLC0415 - only a comparison renders every message

    if not against:
        return None
    try:
        return preview(workspace, environment, against)
    except (RefError, ProblemsError) as error:
        unchecked.append(Unchecked(f"How messages differ from {against}", str(error)))
        return None


def _compat(workspace: Workspace, given: Given, unchecked: list[Unchecked]) -> Compatibility | None:
    """What changed of the events in any environment; an environment that is new is reported, and breaks nothing."""
    from deployer.contracts.compat.project import CompatError, compatibility  # noqa: PLC0415 - as above

    if not given.against:
        return None
    try:
        return compatibility(workspace, given.against, let_through=given.let_through)
    except (CompatError, RefError, ProblemsError) as error:
        unchecked.append(Unchecked("The impact on senders and readers of events", str(error)))
        return None
