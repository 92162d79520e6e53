"""Carrying a plan out, change by change, recording each before the next: crash anywhere, run again, same end."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from deployer.attentive import AttentiveError, NotFound
from deployer.engine.desired import kind_of
from deployer.engine.objects import find_twin
from deployer.engine.report import Outcome, Report, Status
from deployer.engine.secrets import Sealer, is_reference
from deployer.engine.values import Action, Change, Plan
from deployer.kinds.base import GuardError, Session, Write, Written
from deployer.source import digest
from deployer.state.errors import StateError
from deployer.state.model import Entry, Intent, State, TaskRecord

if TYPE_CHECKING:
    from deployer.engine.guards import Overrides
    from deployer.engine.reading import Reading
    from deployer.kinds.base import ApiActions, Live
    from deployer.state import Backend

Progress = Callable[[Change, Status | None, str], None]
"""Told twice a change: with no status when it begins, then with what became of it and why."""


def silent(change: Change, status: Status | None, why: str) -> None:
    """Tell nobody."""
    del change, status, why


@dataclass(slots=True)
class Run:
    """An apply under way: it holds the state's lock while it lives (the caller's duty)."""

    plan: Plan
    session: Session
    backend: Backend
    state: State
    environ: Mapping[str, str] = field(repr=False)
    reading: Reading | None = None
    progress: Progress = silent
    outcomes: list[Outcome] = field(default_factory=list)

    def execute(self, overrides: Overrides | None = None) -> Report:
        """Do every change in order; what depends on a failed one is blocked, the rest goes on."""
        self.state = replace(self.state, lineage=self.state.lineage or uuid.uuid4().hex)
        interrupted = False
        unsaved: StateError | None = None
        running: Change | None = None
        try:
            for running in self.plan.changes:
                self._begin(running)
        except StateError as error:
            unsaved = error
            assert running is not None
            self.outcomes.append(Outcome(running, Status.FAILED, str(error), error.hint))
        except KeyboardInterrupt:
            interrupted = True
            if running is not None and (not self.outcomes or self.outcomes[-1].change is not running):
                self.outcomes.append(Outcome(running, Status.FAILED, "interrupted while it ran", "run apply again"))
        rest = [Outcome(one, Status.NOT_STARTED) for one in self.plan.changes[len(self.outcomes) :]]
        used = overrides.names if overrides else ()
        outcomes = (*self.outcomes, *rest)
        told = {"problem": str(unsaved), "hint": unsaved.hint} if unsaved else {}
        return Report(self.plan.environment, outcomes, len(self.state.open_tasks()), used, interrupted, **told)

    def _begin(self, change: Change) -> None:
        self.progress(change, None, "")
        outcome = self._attempt(change)
        self.outcomes.append(outcome)
        self.progress(change, outcome.status, outcome.message)

    def _attempt(self, change: Change) -> Outcome:
        if why := change.blocked or self._waits_for(change):
            return Outcome(change, Status.BLOCKED, why, "" if change.blocked else "apply again when that is mended")
        if why := self._changed_live(change):
            return Outcome(change, Status.FAILED, why, "plan again, and look at what changed")
        try:
            return self._do(change)
        except (AttentiveError, GuardError) as error:
            return Outcome(change, Status.FAILED, str(error), error.hint)

    def _waits_for(self, change: Change) -> str:
        bad = {
            outcome.change.address: outcome.status
            for outcome in self.outcomes
            if outcome.status in {Status.FAILED, Status.BLOCKED}
        }
        first = next((address for address in change.depends_on if address in bad), "")
        return f"it needs {first}, which {'failed' if bad[first] is Status.FAILED else 'is blocked'}" if first else ""

    def _changed_live(self, change: Change) -> str:
        """Why what is live isn't what the plan saw; empty where it is, or where nothing can be known."""
        listed = self.reading.of(change.kind) if self.reading else None
        if listed is None:
            return ""
        if change.action is Action.CREATE:
            return self._appeared(change, listed)
        live = next((one for one in listed if one.id == change.id), None)
        if not change.fingerprint or (live is None and change.removes):
            return ""
        if live is None:
            return "it is gone at Attentive since the plan was made"
        sealed = Sealer(self.plan.lineage, self.environ).like(live.fields, change.wanted, change.before)
        return "" if digest(sealed) == change.fingerprint else "it was changed at Attentive since the plan was made"

    def _appeared(self, change: Change, listed: Iterable[Live]) -> str:
        """Why a create would be a second one of its like: the plan saw none."""
        taken = {entry.id for entry in self.state.entries.values() if entry.kind == change.kind}
        sealer = Sealer(self.plan.lineage, self.environ)
        free = [live for live in listed if live.id not in taken]
        twin = find_twin(self._actions(change), sealer.wanted(change.wanted), free, sealer)
        return "it appeared at Attentive since the plan was made" if twin else ""

    def _do(self, change: Change) -> Outcome:
        if change.by == "person":
            self._save(self.state.with_entry(change.address, self._asked(change)))
            return Outcome(change, Status.WAITING if change.tasks else Status.DONE)
        if change.action is Action.FORGET:
            self._save(self.state.without(change.address))
        elif change.action is Action.MOVE:
            self._move(change)
        elif change.record_only:
            self._save(self.state.with_entry(change.address, self._told(change)))
        elif change.action is Action.DELETE:
            self._delete(change)
        else:
            self._write(change)
        return Outcome(change, Status.DONE)

    def _told(self, change: Change) -> Entry:
        """The entry with what only the record has to learn: nothing is written at Attentive."""
        entry = self._entry(change)
        sealed = Sealer(self.state.lineage, self.environ).wanted(change.wanted)
        secret = {name: sealed[name] for name, value in change.wanted.items() if is_reference(value)}
        tasks = {token: replace(task, superseded=task.superseded or task.open) for token, task in entry.tasks.items()}
        fields = {**entry.fields, **secret}
        return replace(entry, by=change.by, protect=change.protect, fields=fields, tasks=tasks, changed_at=self._now())

    def _asked(self, change: Change) -> Entry:
        """The entry with the change's tasks asked and the ones that nobody wants any more superseded.

        What it depended on stays recorded: it is used at Attentive until people are done.
        """
        entry = self._entry(change)
        tasks: dict[str, TaskRecord] = {
            token: replace(task, superseded=True) if token in change.withdrawn else task
            for token, task in entry.tasks.items()
        }
        asked = {task.token: task for task in change.tasks}
        kept = {token: task for token, task in tasks.items() if token not in asked}
        return replace(
            entry,
            by=change.by,
            tasks={**kept, **asked},
            depends_on=tuple(sorted({*entry.depends_on, *change.depends_on})),
            protect=change.protect,
            changed_at=self._now(),
        )

    def _move(self, change: Change) -> None:
        entry = self.state.entries[change.old_address]
        tasks = {token: _moved(task, change) for token, task in entry.tasks.items()}
        moved = replace(entry, tasks=tasks, changed_at=self._now())
        self._save(self.state.without(change.old_address).with_entry(change.address, moved))

    def _delete(self, change: Change) -> None:
        actions = self._actions(change)
        entry = self.state.entries[change.address]
        write = Write(change.address, change.app, entry.id, {}, entry.fields)
        with suppress(NotFound):  # gone already: what was wanted
            actions.delete(self.session, write)
        self._save(self.state.without(change.address))

    def _write(self, change: Change) -> None:
        """Create, send, adopt or update, with the intent of a create recorded before it."""
        actions = self._actions(change)
        write = Write(change.address, change.app, change.id, change.wanted, change.before, change.payload)
        if change.action is Action.CREATE:
            begun = replace(self._entry(change), app=change.app, intent=self._intent(change))
            self._save(self.state.with_entry(change.address, begun))
        if change.action is Action.ADOPT:
            written = Written(change.id, change.before or change.wanted)
            if change.fields:
                written = actions.update(self.session, write)
        elif change.action is Action.UPDATE or (change.action is Action.SEND and change.reason == "changed"):
            written = actions.update(self.session, write)
        else:
            written = actions.create(self.session, write)
        self._save(self.state.with_entry(change.address, self._recorded(change, actions, written)))

    def _intent(self, change: Change) -> Intent:
        return Intent(change.action.value, Sealer(self.state.lineage, self.environ).wanted(change.wanted))

    def _recorded(self, change: Change, actions: ApiActions, written: Written) -> Entry:
        entry = self._entry(change)
        sealer = Sealer(self.state.lineage, self.environ)
        wanted = sealer.wanted(change.wanted)
        fields: dict[str, Any] = sealer.like(written.fields, change.wanted, {})
        fields |= {name: wanted[name] for name, value in change.wanted.items() if is_reference(value)}
        return replace(
            entry,
            by=change.by,
            id=written.id or change.id,
            app=change.app,
            tasks={
                token: replace(task, superseded=task.superseded or task.open) for token, task in entry.tasks.items()
            },
            fields=dict(actions.aim(fields, entry.fields)) if actions.sends else fields,
            depends_on=change.depends_on,
            protect=change.protect,
            intent=None,
            changed_at=self._now(),
        )

    def _entry(self, change: Change) -> Entry:
        return self.state.entry(change.address) or Entry(kind=change.kind, by=change.by)

    def _actions(self, change: Change) -> ApiActions:
        kind = kind_of(change.address)
        assert kind is not None
        assert kind.api is not None
        return kind.api

    def _now(self) -> str:
        return self.session.now().isoformat(timespec="seconds")

    def _save(self, state: State) -> None:
        state = replace(state, company_id=self.session.company_id or state.company_id)
        self.state = self.backend.write(state, expected_serial=self.state.serial)


def _moved(task: TaskRecord, change: Change) -> TaskRecord:
    """A task of a resource that got another address: done under its old token, asked anew under the new id."""

    def named(task_id: str) -> str:
        here = task_id.partition("/")[0] == change.old_address
        return change.address + task_id.removeprefix(change.old_address) if here else task_id

    return replace(task, id=named(task.id), needs=tuple(named(need) for need in task.needs), superseded=True)
