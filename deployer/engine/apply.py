"""Carrying a plan out: independent changes side by side, the next ones prepared while answers arrive.

Crash anywhere, run again, same end: a create's intent is stored before it is sent, each answer goes into the local
journal at once, and the backend is written now and then, while requests go on.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import field, replace
from typing import TYPE_CHECKING, TypeAlias

from deployer.attentive import AttentiveError
from deployer.dataclass import dataclass
from deployer.engine.changes import (
    Change,
    PersonChange,
    PropertyHold,
)
from deployer.engine.executor import Executor
from deployer.engine.ledger import Ledger
from deployer.engine.report import ApplyReport, Outcome, Status
from deployer.engine.schedule import Schedule
from deployer.engine.threads import Crew, Done
from deployer.kinds.base import GuardError, Session
from deployer.state.errors import StateError
from deployer.state.model import Applied, ApplyResult, Override, State

if TYPE_CHECKING:
    from deployer.engine.live_now import LiveNow
    from deployer.engine.plan import Plan
    from deployer.state import Backend, Journal

Progress = Callable[[Change, Status | None, str], None]
"""Called twice a change: with no status when it begins, then with what became of it and why. One call at a time."""

WORKERS = 24
"""Changes under way at once. 150 requests a second, Attentive's highest limit, at 0.1 s each are 15 in flight; while
some workers record answers, others wait for the limit's next slot: one that no one takes is lost."""

BATCH = 64
"""Changes that are prepared at once: while they wait for their turn, the next ones are prepared and stored."""

PAUSE = 1.0
"""Seconds between two writes of the backend that no create waits for: what happened in them is looked up when the
machine is lost."""

LEISURE = 10
"""How many times as long as a write took the next one waits, so that a slow backend takes a tenth of a run at most."""


_Workers: TypeAlias = "Crew[int, Outcome | None]"

_LEFT = (
    "stopped immediately: what was done since the last save is only in this machine's journal",
    "plan and apply again on this machine: the journal is stored first",
)


def silent(change: Change, status: Status | None, why: str) -> None:
    """Tell no one."""
    del change, status, why


@dataclass(slots=True)
class _Saving:
    """When the record is stored: before a create is sent, and now and then."""

    ledger: Ledger
    _due: float = field(default_factory=lambda: time.monotonic() + PAUSE)

    def now(self) -> None:
        """Store the record; raises ``StateError``."""
        began = time.monotonic()
        self.ledger.save()
        ended = time.monotonic()
        self._due = ended + max(PAUSE, LEISURE * (ended - began))

    def now_and_then(self) -> None:
        """Store the record where enough was recorded and the last time is long enough ago; raises ``StateError``."""
        if self.ledger.pending >= BATCH and time.monotonic() >= self._due:
            self.now()


@dataclass(slots=True)
class ApplyRun:
    """An apply under way: it holds the state's lock while it lives (the caller's duty).

    ``stop`` set by anyone (a signal) lets what runs finish, records it and begins nothing more; ``leave`` doesn't wait
    for what runs. ``recovered`` are the addresses that ``state`` has from the journal of an interrupted run.
    ``overrides`` are the options that switched a guard off, ``by`` who said so. ``commit`` holds the project as it is,
    empty where none does.
    """

    plan: Plan
    session: Session
    backend: Backend
    journal: Journal
    state: State
    environ: Mapping[str, str] = field(repr=False)
    live: LiveNow
    progress: Progress = silent
    stop: threading.Event = field(default_factory=threading.Event)
    leave: threading.Event = field(default_factory=threading.Event)
    recovered: tuple[str, ...] = ()
    overrides: tuple[str, ...] = ()
    by: str = ""
    commit: str = ""
    _outcomes: dict[int, Outcome] = field(default_factory=dict)
    _running: set[int] = field(default_factory=set)
    _prepared: set[int] = field(default_factory=set)
    _begun: set[int] = field(default_factory=set)
    _holding: dict[str, Outcome] = field(default_factory=dict)
    _telling: threading.Lock = field(default_factory=threading.Lock)

    def execute(self) -> ApplyReport:
        """Do every change whose predecessors are done; what depends on a failed one is blocked, the rest goes on."""
        ledger = Ledger(self.backend, self.journal, self._overridden(), self._stamped)
        executor = Executor(self.session, ledger, self.environ)
        unsaved: StateError | None = None
        try:
            ledger.open(recovered=bool(self.recovered) or bool(self.overrides))
            self._work(ledger, executor)
            ledger.applied(self._applied())
            ledger.save()
            ledger.close()
        except StateError as error:
            unsaved = error
        except KeyboardInterrupt:
            self.stop.set()
        return self._report(ledger, unsaved)

    def _work(self, ledger: Ledger, executor: Executor) -> None:
        schedule = Schedule(self.plan.changes, {name: entry.depends_on for name, entry in self.state.entries.items()})
        crew: _Workers = Crew(lambda index: self._attempt(index, executor), WORKERS, self.leave)
        try:
            self._keep_busy(crew, schedule, executor, _Saving(ledger))
        finally:
            if self._running:  # left in the midst: what waits for its turn is not begun
                self.stop.set()
            crew.dismiss()

    def _keep_busy(self, crew: _Workers, schedule: Schedule, executor: Executor, saving: _Saving) -> None:
        """Prepare changes while others run, until none is left; what goes wrong is raised once all that run ended."""
        broken: BaseException | None = None
        while True:
            try:
                if broken is None:
                    self._prepare(crew, schedule, executor, saving)
                if not self._running:
                    break
                broken = self._one_ended(crew, schedule) or broken
            except (StateError, KeyboardInterrupt) as error:
                if isinstance(error, KeyboardInterrupt):
                    if self.stop.is_set():
                        raise
                    self.stop.set()
                broken = error
        for index in self._prepared - self._begun:
            executor.retract(self.plan.changes[index])
        if broken is not None:
            raise broken

    def _prepare(self, crew: _Workers, schedule: Schedule, executor: Executor, saving: _Saving) -> None:
        """Begin the next changes before those under way are done, and store the record where it is time."""
        batch = self._batch(schedule) if len(self._running) <= BATCH else []
        if batch:
            self._intend(batch, executor, saving)
            self._prepared.update(batch)
            self._running.update(batch)
            crew.begin(batch)
        saving.now_and_then()

    def _intend(self, batch: list[int], executor: Executor, saving: _Saving) -> None:
        """Store what is about to be created; where that can't be stored, nothing of it was begun."""
        if not [index for index in batch if executor.intend(self.plan.changes[index])]:
            return
        try:
            saving.now()
        except StateError:
            for index in batch:
                executor.retract(self.plan.changes[index])
            raise

    def _batch(self, schedule: Schedule) -> list[int]:
        """The next changes to do side by side; those that can't be done are settled on the way."""
        batch: list[int] = []
        if self.stop.is_set():
            return batch
        for index in schedule.ready():
            verdict = self._verdict(self.plan.changes[index])
            if verdict is not None:
                self._tell(verdict.change, None, "")
                self._holding[verdict.change.address] = verdict
                self._settle(index, verdict)
                schedule.finish(index)
            elif len(batch) < BATCH:
                batch.append(index)
            else:
                schedule.put_back(index)
                break
        return batch

    def _one_ended(self, crew: _Workers, schedule: Schedule) -> BaseException | None:
        """Wait for a change that ends. The first interruption lets what runs finish; another one leaves it."""
        try:
            done = crew.ended()
        except KeyboardInterrupt:
            if self.stop.is_set():
                raise
            self.stop.set()
            return None
        self._running.discard(done.job)
        schedule.finish(done.job)
        return self._ended(done)

    def _ended(self, done: Done[int, Outcome | None]) -> BaseException | None:
        """Settle a change that ended; what it raised unexpectedly is given back, to be raised when all have ended."""
        if isinstance(done.error, KeyboardInterrupt):
            self.stop.set()
            self._settle(done.job, self._left(self.plan.changes[done.job]))
        elif done.error is not None:
            if isinstance(done.error, StateError):
                why = f"it was done, but couldn't be recorded: {done.error}"
                self._settle(done.job, Outcome(self.plan.changes[done.job], Status.FAILED, why, done.error.hint))
            return done.error
        elif done.result is not None:
            self._settle(done.job, done.result)
        return None

    def _attempt(self, index: int, executor: Executor) -> Outcome | None:
        """Do one change on its own thread; ``None`` where it wasn't begun because the run is to stop."""
        change = self.plan.changes[index]
        if self.stop.is_set():
            return None
        self._begun.add(index)
        self._tell(change, None, "")
        try:
            executor.execute(change)
        except (AttentiveError, GuardError) as error:
            if isinstance(error, GuardError) or not error.may_have_happened:
                executor.retract(change)
            return Outcome(change, Status.FAILED, str(error), error.hint)
        asks = isinstance(change, PersonChange) and change.tasks
        return Outcome(change, Status.WAITING if asks else Status.DONE)

    def _settle(self, index: int, outcome: Outcome) -> None:
        self._outcomes[index] = outcome
        if outcome.status is Status.FAILED:
            self._holding[outcome.change.address] = outcome
        self._tell(outcome.change, outcome.status, outcome.message)

    def _tell(self, change: Change, status: Status | None, why: str) -> None:
        with self._telling:
            self.progress(change, status, why)

    def _verdict(self, change: Change) -> Outcome | None:
        """Why a change isn't begun, where there is a reason."""
        if why := change.blocked:
            return Outcome(change, Status.BLOCKED, why)
        if held := self._held_by(change):
            return held
        if why := self.live.moved(change):
            return Outcome(change, Status.FAILED, why, "plan again, and look at what changed")
        return None

    def _held_by(self, change: Change) -> Outcome | None:
        """What became of the first thing that a change needs and that isn't done."""
        if isinstance(change, PropertyHold) and change.waits_for:
            return Outcome(change, Status.WAITING, f"it waits for {', '.join(change.waits_for)} to be confirmed")
        for address in change.depends_on:
            outcome = self._holding.get(address)
            if outcome is None:
                continue
            if outcome.status is Status.WAITING:
                return Outcome(change, Status.WAITING, f"it needs {address}, which waits for a person")
            what = "failed" if outcome.status is Status.FAILED else "is blocked"
            return Outcome(
                change, Status.BLOCKED, f"it needs {address}, which {what}", "apply again when that is fixed"
            )
        return None

    def _stamped(self, state: State) -> State:
        return replace(state, company_id=self.session.company_id or state.company_id)

    def _overridden(self) -> State:
        """The state with the guards that were switched off for this run, and by whom."""
        at = self.session.now().isoformat(timespec="seconds")
        used = tuple(Override(name, "apply", self.by, at) for name in self.overrides)
        return replace(self.state, overrides=(*self.state.overrides, *used))

    def _left(self, change: Change) -> Outcome:
        hint = "run apply again: it looks up what became of this"
        return Outcome(change, Status.FAILED, "interrupted while it ran", hint)

    def _all_outcomes(self) -> tuple[Outcome, ...]:
        return tuple(
            self._outcomes.get(index) or Outcome(change, Status.NOT_STARTED)
            for index, change in enumerate(self.plan.changes)
        )

    def _applied(self) -> Applied:
        failed = ApplyReport(self.plan.environment, self._all_outcomes()).failed
        at = self.session.now().isoformat(timespec="seconds")
        return Applied(self.commit, ApplyResult.FAILED if failed else ApplyResult.DONE, self.by, at)

    def _report(self, ledger: Ledger, unsaved: StateError | None) -> ApplyReport:
        for index in self._running & self._begun:
            self._outcomes.setdefault(index, self._left(self.plan.changes[index]))
        outcomes = self._all_outcomes()
        problem, hint = (str(unsaved), unsaved.hint) if unsaved else _LEFT if ledger.unsaved else ("", "")
        return ApplyReport(
            self.plan.environment,
            outcomes,
            len(ledger.state.open_tasks()),
            self.overrides,
            interrupted=self.stop.is_set(),
            problem=problem,
            hint=hint,
            unsaved=ledger.state if unsaved and ledger.changed else None,
            recovered=self.recovered,
            only=self.plan.only,
        )
