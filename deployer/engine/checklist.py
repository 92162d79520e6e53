"""Attentive's launch checklist for one environment: six steps, each ticked or with the reasons why not.

Source: Attentive's help center, "Transactional messages using Attentive's APIs" (newer order of steps).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from deployer.attentive import AttentiveError, MissingScope
from deployer.engine.changes import fresh_tasks, tasks_of, waits_for
from deployer.engine.confirm import ESTIMATE
from deployer.engine.desired import kind_of
from deployer.engine.old_confirmations import LookAgain, look_again
from deployer.engine.stopping import stops
from deployer.kinds.base import GuardError
from deployer.state.model import TaskStatus

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime

    from deployer.attentive import Client, Me
    from deployer.engine.changes import Change
    from deployer.engine.plan import Plan
    from deployer.engine.session import LiveSession
    from deployer.project import Project
    from deployer.state.model import State, TaskRecord

TITLES = {
    1: "Transactional opt-in unit, reviewed by legal",
    2: "Custom app and API key",
    3: "Transactional events sent",
    4: "Transactional journeys built",
    5: "Transactional subscribers sent",
    6: "Tested on a phone",
}

SUBSCRIBED = "subscribed"
"""The confirmation that a subscribe through an opt-in source went through."""


@dataclass(frozen=True, slots=True)
class LaunchStep:
    """One of the six: ``done``, ``open`` with reasons, or ``unknown`` with what couldn't be seen."""

    number: int
    title: str
    outcome: Literal["done", "open", "unknown"]
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AppCheck:
    """What the API says about one app's key: the app and company, and each permission as far as a GET shows it."""

    app: str
    me: Me | None
    problem: str = ""
    hint: str = ""
    scopes: tuple[tuple[str, Literal["yes", "no", "unknown"]], ...] = ()


@dataclass(frozen=True, slots=True)
class CountedText:
    """A text whose segments in Attentive's composer aren't those estimated: ``fewest`` to ``most`` over all samples."""

    task: str
    composer: int
    fewest: int
    most: int


@dataclass(frozen=True, slots=True)
class Checklist:
    """The six steps of one environment, and what somebody should look at.

    ``counts`` are texts whose segments Attentive's composer counted otherwise than we, ``again`` what was confirmed too
    long ago.
    """

    environment: str
    steps: tuple[LaunchStep, ...]
    counts: tuple[CountedText, ...] = ()
    again: tuple[LookAgain, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The checklist as JSON, with a version."""
        return {
            "version": 1,
            "environment": self.environment,
            "steps": [
                {"step": one.number, "title": one.title, "outcome": one.outcome, "reasons": list(one.reasons)}
                for one in self.steps
            ],
            "counts": [
                {"task": one.task, "composer": one.composer, "estimate": [one.fewest, one.most]} for one in self.counts
            ],
            "look_again": [one.to_json() for one in self.again],
        }


def check_apps(session: LiveSession) -> tuple[AppCheck, ...]:
    """Ask whose key each app's is and what it may read. No POST is sent to find out about the other permissions."""
    return tuple(_check_app(session, app) for app in session.apps)


def _check_app(session: LiveSession, app: str) -> AppCheck:
    try:
        me, contact = session.identity(app), session.test_contact
    except (GuardError, AttentiveError) as error:
        return AppCheck(app, None, str(error), error.hint)
    client = session.client(app)
    probes: tuple[tuple[str, Callable[[], object]], ...] = (
        ("webhooks:write", client.webhooks),
        ("segments:read", lambda: _first_segment(client)),
        ("attributes:write", lambda: client.attributes(contact)),
        ("subscriptions:read", lambda: client.eligibilities(contact)),
    )
    seen = tuple((scope, _may(probe)) for scope, probe in probes)
    unseen: tuple[tuple[str, Literal["unknown"]], ...] = (
        ("events:write", "unknown"),
        ("subscriptions:write", "unknown"),
        ("segments:write", "unknown"),
    )
    return AppCheck(app, me, scopes=(*seen, *unseen))


def _first_segment(client: Client) -> object:
    return client.segment("deployer-looks-for-permission")


def _may(probe: Callable[[], object]) -> Literal["yes", "no", "unknown"]:
    try:
        probe()
    except MissingScope:
        return "no"
    except AttentiveError:
        return "unknown"
    return "yes"


def checklist(project: Project, state: State, plan: Plan, apps: tuple[AppCheck, ...], now: datetime) -> Checklist:
    """Tick the six steps from what is declared, what an offline plan leaves open, and what the keys said.

    ``now`` is when: confirmations grow old by it.
    """
    steps = (
        _declared(1, project, plan, state),
        _apps(apps, project),
        _declared(3, project, plan, state),
        _declared(4, project, plan, state),
        _subscribed(project, state),
        _proven(project, state, plan),
    )
    return Checklist(project.environment.name, steps, tuple(_otherwise(state)), look_again(project, state, now))


def _otherwise(state: State) -> Iterator[CountedText]:
    """The texts that the composer was said to count otherwise than was estimated when they were asked for."""
    for entry in state.entries.values():
        for task in entry.tasks.values():
            estimate = task.context.get(ESTIMATE)
            if estimate and task.segments is not None and not task.superseded and not task.review:
                fewest, most = estimate
                if not fewest <= task.segments <= most:
                    yield CountedText(task.id, task.segments, fewest, most)


def _step(number: int, reasons: Iterable[str]) -> LaunchStep:
    found = tuple(reasons)
    return LaunchStep(number, TITLES[number], "open" if found else "done", found)


def _declared(number: int, project: Project, plan: Plan, state: State) -> LaunchStep:
    """Every resource of the kinds that belong to a step stands, but for the proof at the end."""
    mine = {one.address for one in project.resources.values() if one.kind.launch_step == number}
    if not mine:
        return _step(number, ["nothing of it is declared for this environment"])
    reasons = [
        f"{change.address}: {change.action.value} not applied yet" for change in plan.changes if _is(change, number)
    ]
    tasks = [task for task in plan.waiting if task.address in mine and not task.proof]
    stopped = [f"{address}: {said}" for address, said in stops(state).items() if address in mine]
    return _step(number, [*reasons, *stopped, *(_why(task) for task in tasks)])


def _is(change: Change, number: int) -> bool:
    kind = kind_of(change.address)
    asked = tasks_of(change)
    proofs_only = bool(asked) and all(task.proof for task in asked)
    return kind is not None and kind.launch_step == number and not proofs_only and not waits_for(change)


def _why(task: TaskRecord) -> str:
    said = f" ({task.note})" if task.note and task.status is TaskStatus.REJECTED else ""
    return f"{task.id}: {task.status.value}{said} [{task.token}]"


def _apps(apps: tuple[AppCheck, ...], project: Project) -> LaunchStep:
    if not apps:
        return LaunchStep(2, TITLES[2], "open", ("no app is bound in this environment",))
    bad = [f"{one.app}: {one.problem}; {one.hint}; {_new_app(project, one.app)}" for one in apps if one.me is None]
    lacking = [
        f"{one.app}: the permission {scope} is missing" for one in apps for scope, has in one.scopes if has == "no"
    ]
    return _step(2, [*bad, *lacking])


def _new_app(project: Project, app: str) -> str:
    """How an app is made at Attentive (its page "Create and manage custom apps"), for the kinds that are declared."""
    permissions = sorted({one.kind.permission for one in project.resources.values()} - {""})
    clicks = f"Marketplace > + Create App, named “{project.app_name(app)}”"
    write = f", with Write for {', '.join(permissions)}" if permissions else ""
    return f"not there yet? {clicks}{write}; Attentive shows the key once: copy it then"


def _subscribed(project: Project, state: State) -> LaunchStep:
    sources = [address for address, one in project.resources.items() if one.kind.launch_step == 1]
    if not sources:
        return _step(5, ["no opt-in source is declared for this environment"])
    entries = [state.entry(address) for address in sources]
    if any(entry and SUBSCRIBED in entry.confirmations for entry in entries):
        return _step(5, [])
    names = " or ".join(address.partition(".")[2] for address in sources)
    command = f"`deployer subscribe SOURCE --env {project.environment.name}`"
    return _step(5, [f"no one has been subscribed yet: {command}, where SOURCE is {names}"])


def _proven(project: Project, state: State, plan: Plan) -> LaunchStep:
    if not any(one.kind.launch_step == 4 for one in project.resources.values()):  # noqa: PLR2004 - the checklist's step
        return _step(6, ["no journey is declared for this environment"])
    proofs = [task for change in plan.changes for task in fresh_tasks(change) if task.proof]
    unasked = [f"{task.id}: not asked yet, apply first" for task in proofs]
    waiting = [task for task in plan.waiting if task.proof]
    recorded = (task for entry in state.entries.values() for task in entry.tasks.values())
    if not proofs and not waiting and not any(task.proof and task.status is TaskStatus.DONE for task in recorded):
        return _step(6, ["no journey that is turned on was tested yet"])
    return _step(6, [*unasked, *(f"{_why(task)}{_expected(task)}" for task in waiting)])


def _expected(task: TaskRecord) -> str:
    """The event to send and the words to expect, as far as the task tells them."""
    sends = task.context.get("sends", ())
    words = f" and expect “{sends[0]['reads']}”" if sends else ""
    return f": `{task.context['command']}`{words}" if task.context.get("command") else ""
