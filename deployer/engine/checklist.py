"""Attentive's launch checklist for one environment: six steps, each ticked or with the reasons why not.

Source: Attentive's help center, "Transactional messages using Attentive's APIs" (newer order of steps).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

from deployer.dataclass import dataclass
from deployer.engine.app_tasks import app_address
from deployer.engine.apps import AppCheck, check_apps
from deployer.engine.changes import fresh_tasks, tasks_of, waits_for
from deployer.engine.confirm import ESTIMATE
from deployer.engine.contact import reachable, unreached
from deployer.engine.desired import kind_of
from deployer.engine.old_confirmations import LookAgain, look_again
from deployer.engine.stopping import stops
from deployer.source import some
from deployer.state.model import TaskStatus

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from datetime import datetime

    from deployer.engine.changes import Change
    from deployer.engine.plan import Plan
    from deployer.engine.session import LiveSession
    from deployer.kinds.channels import Channel
    from deployer.project import Project
    from deployer.state.model import Confirmation, Entry, State, TaskRecord

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
    """One of the six: ``done``, ``open`` with reasons, or ``unknown`` with what couldn't be seen.

    ``notes`` say whose doing it was, where Attentive's API doesn't show whether the shop does it by itself.
    """

    number: int
    title: str
    outcome: Literal["done", "open", "unknown"]
    reasons: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CountedText:
    """A text whose segments in Attentive's composer aren't those estimated: ``fewest`` to ``most`` over all samples."""

    task: str
    composer: int
    fewest: int
    most: int


@dataclass(frozen=True, slots=True)
class Checklist:
    """The six steps of one environment, and what someone should look at.

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
                {
                    "step": step.number,
                    "title": step.title,
                    "outcome": step.outcome,
                    "reasons": list(step.reasons),
                    "notes": list(step.notes),
                }
                for step in self.steps
            ],
            "counts": [
                {
                    "task": count.task,
                    "composer": count.composer,
                    "estimate": [count.fewest, count.most],
                }
                for count in self.counts
            ],
            "look_again": [look.to_json() for look in self.again],
        }


@dataclass(frozen=True, slots=True)
class SeenAtAttentive:
    """What Attentive said: each app's key, and the channels on which the test contact gets messages.

    ``reach`` is ``None`` where that couldn't be read; ``now`` is the clock by which confirmations grow old.
    """

    apps: tuple[AppCheck, ...]
    reach: frozenset[Channel] | None
    now: Callable[[], datetime]


def look(session: LiveSession) -> SeenAtAttentive:
    """Look through the API at what the checklist needs. Nothing is written."""
    return SeenAtAttentive(check_apps(session), reachable(session), session.now)


def checklist(project: Project, state: State, plan: Plan, seen: SeenAtAttentive) -> Checklist:
    """Tick the six steps from what is declared, what an offline plan leaves open, and what Attentive said."""
    steps = (
        _declared(1, project, plan, state),
        _apps(seen.apps, project),
        replace(_declared(3, project, plan, state), notes=tuple(_senders(project, state))),
        _declared(4, project, plan, state),
        _subscribed(project, state),
        _proven(project, state, plan, seen),
    )
    return Checklist(project.environment.name, steps, tuple(_otherwise(state)), look_again(project, state, seen.now))


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
    open_reasons = tuple(reasons)
    return LaunchStep(number, TITLES[number], "open" if open_reasons else "done", open_reasons)


def _declared(number: int, project: Project, plan: Plan, state: State) -> LaunchStep:
    """Every resource of the kinds that belong to a step exists, but for the proof at the end."""
    mine = {resource.address for resource in project.resources.values() if resource.kind.launch_step == number}
    if not mine:
        return _step(number, ["nothing of it is declared for this environment"])
    reasons = [
        f"{change.address}: {change.action.value} not applied yet" for change in plan.changes if _is(change, number)
    ]
    tasks = [task for task in plan.waiting if task.address in mine and not task.proof]
    stopped = [f"{address}: {note}" for address, note in stops(state).items() if address in mine]
    return _step(number, [*reasons, *stopped, *_next(tasks)])


def _next(tasks: Iterable[TaskRecord]) -> Iterator[str]:
    """What is next of each resource, in one line: what was rejected, else the first task that waits."""
    by_address: dict[str, list[TaskRecord]] = {}
    for task in tasks:
        by_address.setdefault(task.address, []).append(task)
    for task_records in by_address.values():
        rejected = (task for task in task_records if task.status is TaskStatus.REJECTED)
        more = f", and {len(task_records) - 1} more" if len(task_records) > 1 else ""
        yield f"{_why(next(rejected, task_records[0]))}{more}"


def _is(change: Change, number: int) -> bool:
    kind = kind_of(change.address)
    tasks = tasks_of(change)
    proofs_only = bool(tasks) and all(task.proof for task in tasks)
    return kind is not None and kind.launch_step == number and not proofs_only and not waits_for(change)


def _why(task: TaskRecord) -> str:
    note = f" ({task.note})" if task.note and task.status is TaskStatus.REJECTED else ""
    return f"{task.id}: {task.status.value}{note} [{task.token}]"


def _apps(apps: tuple[AppCheck, ...], project: Project) -> LaunchStep:
    if not apps:
        return LaunchStep(2, TITLES[2], "open", ("no app is bound in this environment",))
    where = f"--env {project.environment.name}"
    bad = [
        f"{app.app}: {app.problem}; {app.hint}; not created yet? `deployer tasks {app_address(app.app)} {where}`"
        for app in apps
        if app.me is None
    ]
    lacking = [
        f"{app.app}: the permission {scope} is missing" for app in apps for scope, has in app.scopes if has == "no"
    ]
    return _step(2, [*bad, *lacking])


def _subscribed(project: Project, state: State) -> LaunchStep:
    sources = [address for address, resource in project.resources.items() if resource.kind.launch_step == 1]
    if not sources:
        return _step(5, ["no opt-in source is declared for this environment"])
    recorded = {address: state.entries[address] for address in sources if address in state.entries}
    through = {address: entry.confirmations[SUBSCRIBED] for address, entry in recorded.items() if _used(entry)}
    if through:
        return replace(
            _step(5, []), notes=tuple(f"{address}: {_tried(confirmation)}" for address, confirmation in through.items())
        )
    names = " or ".join(address.partition(".")[2] for address in sources)
    command = f"`deployer subscribe SOURCE --env {project.environment.name}`"
    return _step(5, [f"no one has been subscribed yet: {command}, where SOURCE is {names}"])


def _used(entry: Entry) -> bool:
    return SUBSCRIBED in entry.confirmations


def _tried(confirmation: Confirmation) -> str:
    """Who was subscribed as far as is known: the shop's own calls can't be seen."""
    ours = "the one subscribed before" if confirmation.how == "already" else "the one of our own test"
    return f"{ours}; Attentive's API doesn't list whom the shop subscribes"


def _senders(project: Project, state: State) -> Iterator[str]:
    """Whose events each type is known by: the producer's own, as people confirmed, or the one that we sent.

    No vendor sends to a sandbox: there someone played it.
    """
    sender = "in the sandbox" if project.environment.is_sandbox else "by its producer"
    ours: list[str] = []
    for address, resource in project.resources.items():
        entry = state.entry(address)
        if entry is None or not resource.kind.carried(entry.fields or entry.existing):
            continue
        if entry.by == "api":
            ours.append(address)
        else:
            who = next(
                (f" by {confirmation.by}" for confirmation in entry.confirmations.values() if confirmation.by), ""
            )
            yield f"{address}: sent {sender}, confirmed{who}"
    if ours:
        yield f"{some(ours)}: by our own test event; Attentive's API doesn't list the shop's"


def _proven(project: Project, state: State, plan: Plan, seen: SeenAtAttentive) -> LaunchStep:
    if not any(resource.kind.launch_step == 4 for resource in project.resources.values()):  # noqa: PLR2004 - the checklist's step
        return _step(6, ["no journey is declared for this environment"])
    proofs = [task for change in plan.changes for task in fresh_tasks(change) if task.proof]
    unasked = [f"{task.id}: not asked yet, apply first" for task in proofs]
    waiting = [task for task in plan.waiting if task.proof]
    recorded = (task for entry in state.entries.values() for task in entry.tasks.values())
    if not proofs and not waiting and not any(task.proof and task.status is TaskStatus.DONE for task in recorded):
        return _step(6, ["no journey that is turned on was tested yet"])
    return _step(6, [*unasked, *(f"{_why(task)}{_expected(task)}{unreached(task, seen.reach)}" for task in waiting)])


def _expected(task: TaskRecord) -> str:
    """The event to send and the words to expect, as far as the task has them: of an A/B test or branch, each way's."""
    sends = task.context.get("sends", ())
    fork = _fork(sends[0]) if sends else ""
    first = {send["lanes"][-1]: send for send in reversed(sends) if _fork(send) == fork} if fork else {}
    alternatives = [send for send in sends if send in first.values()] or sends[:1]
    words = " or ".join(f"“{send['reads']}”" for send in alternatives)
    words = f" and expect {words}" if words else ""
    return f": `{task.context['command']}`{words}" if task.context.get("command") else ""


def _fork(send: Mapping[str, Any]) -> str:
    """The A/B test or branch that decides whether a message comes."""
    fork: str = send.get("test") or send.get("branch") or ""
    return fork
