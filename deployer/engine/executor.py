"""Carrying out one change: what is done at Attentive, and what the record learns from it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import field, replace
from functools import partial
from typing import TYPE_CHECKING, Any, assert_never

from deployer.attentive import AttentiveError, NotFound
from deployer.dataclass import dataclass
from deployer.engine.changes import (
    Action,
    ApiChange,
    ForgetChange,
    MoveChange,
    PersonChange,
    PropertyHold,
    Reason,
    RecordChange,
)
from deployer.engine.desired import kind_of
from deployer.engine.moving import moved_entry, renamed
from deployer.engine.stopping import ends_stop
from deployer.kinds.base import Session, Write, Written
from deployer.source.secret import Sealer, is_reference
from deployer.state.model import Entry, Intent, TaskRecord

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deployer.engine.changes import Change
    from deployer.engine.ledger import Ledger
    from deployer.kinds.actions import ApiActions


@dataclass(frozen=True, slots=True)
class Executor:
    """Does changes and records them. Changes of different addresses may be done side by side."""

    session: Session
    ledger: Ledger
    environ: Mapping[str, str] = field(repr=False)
    _intended: set[str] = field(default_factory=set)

    def intend(self, change: Change) -> bool:
        """Record that a create is about to be sent, so that a lost answer can be looked up; whether it is one."""
        if not isinstance(change, ApiChange) or change.action is not Action.CREATE:
            return False
        self.ledger.amend(change.address, lambda entry: self._begun(change, entry))
        return True

    def _begun(self, change: ApiChange, known: Entry | None) -> Entry:
        entry = known or _blank(change)
        if entry.intent is None:  # an older one is of a create whose answer was lost
            self._intended.add(change.address)
        intent = Intent(change.action.value, self._sealer().wanted(change.wanted))
        return replace(entry, app=change.app, intent=intent, changed_at=self._now())

    def retract(self, change: Change) -> None:
        """Record that a create wasn't sent after all, or was certainly refused."""
        if change.address in self._intended and self.ledger.entry(change.address) is not None:
            self.ledger.amend(change.address, _without_intent)

    def execute(self, change: Change) -> None:
        """Do a change; raises ``AttentiveError`` or ``GuardError``, and then records nothing."""
        match change:
            case ApiChange():
                self._call(change)
            case PersonChange():
                self.ledger.amend(change.address, lambda entry: self._with_tasks(change, entry or _blank(change)))
            case RecordChange():
                self.ledger.amend(change.address, lambda entry: self._learned(change, entry or _blank(change)))
            case MoveChange():
                self._move(change)
            case ForgetChange():
                self.ledger.amend(change.address, lambda _: None)
            case PropertyHold():  # it waits for people, or is blocked: the run never begins it
                raise AssertionError(change.address)
            case _:
                assert_never(change)

    def _learned(self, change: RecordChange, entry: Entry) -> Entry:
        """The entry with what only the record has to learn: nothing is written at Attentive."""
        sealed = self._sealer().wanted(change.wanted)
        named = {field_change.path for field_change in change.fields}
        readable = {name: sealed[name] for name, value in change.wanted.items() if is_reference(value) or name in named}
        return replace(
            entry,
            by=change.by,
            protect=change.protect,
            fields={**entry.fields, **readable},
            tasks=_superseded(entry),
            changed_at=self._now(),
        )

    def _with_tasks(self, change: PersonChange, entry: Entry) -> Entry:
        """The entry with the change's tasks asked and those that are no longer wanted superseded.

        What it depended on stays recorded: it is used at Attentive until people are done.
        """
        tasks: dict[str, TaskRecord] = {
            token: replace(task, superseded=True) if token in change.withdrawn else task
            for token, task in entry.tasks.items()
        }
        recorded = {task.token: replace(task, asked_at=task.asked_at or self._now()) for task in change.tasks}
        kept = {token: task for token, task in tasks.items() if token not in recorded}
        return replace(
            entry,
            by=change.by,
            tasks={**kept, **recorded},
            depends_on=tuple(sorted({*entry.depends_on, *change.uses})),
            protect=change.protect,
            stopped=None if ends_stop(change) else entry.stopped,
            changed_at=self._now(),
        )

    def _move(self, change: MoveChange) -> None:
        old, new = change.old_address, change.address
        with self.ledger.as_one():
            moving = self.ledger.entry(old)
            assert moving is not None
            self.ledger.amend(new, lambda _: replace(moved_entry(moving, old, new), changed_at=self._now()))
            self.ledger.amend(old, lambda _: None)
            for address in self.ledger.mentioning(old):
                self.ledger.amend(address, lambda entry: entry and renamed(entry, {old: new}))

    def _call(self, change: ApiChange) -> None:
        """Call Attentive, and record what it answered."""
        actions = _actions(change)
        write = Write(change.address, change.app, change.id, change.wanted, change.before, change.payload)
        match change.action:
            case Action.DELETE:
                self._delete(change, actions)
                return
            case Action.ADOPT:
                written = self._update(actions, write) if change.fields else _adopted(change)
            case Action.UPDATE:
                written = self._update(actions, write)
            case Action.SEND if change.reason is Reason.CHANGED:
                written = actions.update(self.session, write)
            case Action.CREATE if change.id:
                written = self._again(actions, write)
            case Action.CREATE | Action.SEND:
                written = _checked(actions.create(self.session, write), actions.own_id(change.wanted), write)
            case _:
                assert_never(change.action)
        recorded = partial(self._recorded, change, actions, written)
        self.ledger.amend(change.address, recorded, written=True)

    def _again(self, actions: ApiActions, write: Write) -> Written:
        """Bring about what is recorded and not listed: a list may be late, so the object itself is asked for first."""
        with suppress(NotFound):
            return self._update(actions, write)
        return _checked(actions.create(self.session, write), actions.own_id(write.fields), write)

    def _update(self, actions: ApiActions, write: Write) -> Written:
        return _checked(actions.update(self.session, write), write.id, write)

    def _delete(self, change: ApiChange, actions: ApiActions) -> None:
        with suppress(NotFound):  # gone already: what was wanted
            actions.delete(self.session, Write(change.address, change.app, change.id, {}, change.before))
        with self.ledger.as_one():
            if any(unique.kept for unique in actions.unique):
                self.ledger.archive(change.kind, change.id, self._now())
            self.ledger.amend(change.address, lambda _: None, written=True)

    def _recorded(self, change: ApiChange, actions: ApiActions, written: Written, known: Entry | None) -> Entry:
        entry = known or _blank(change)
        wanted = self._sealer().wanted(change.wanted)
        fields: dict[str, Any] = self._sealer().like(written.fields, change.wanted, {})
        fields |= {name: wanted[name] for name, value in change.wanted.items() if is_reference(value)}
        return replace(
            entry,
            by=change.by,
            id=written.id or change.id,
            app=change.app,
            tasks=_superseded(entry),
            fields=dict(actions.aim(fields, entry.fields)) if actions.sends else fields,
            depends_on=change.uses,
            protect=change.protect,
            intent=None,
            changed_at=self._now(),
        )

    def _sealer(self) -> Sealer:
        return Sealer(self.ledger.lineage, self.environ)

    def _now(self) -> str:
        return self.session.now().isoformat(timespec="seconds")


def _blank(change: Change) -> Entry:
    """What is recorded of an address before anything is."""
    return Entry(kind=change.kind, by=change.by)


def _without_intent(entry: Entry | None) -> Entry | None:
    """The entry without a create that didn't happen; ``None`` where there is nothing else in it."""
    if entry is None or not (entry.id or entry.fields or entry.tasks):
        return None
    return replace(entry, intent=None)


def _checked(written: Written, expected: str, write: Write) -> Written:
    """The answer to a write, unless it is about another object than was asked for; raises ``AttentiveError``."""
    if expected and written.id and written.id != expected:
        raise AttentiveError(
            write.address,
            what=f"Attentive answered with “{written.id}” to a request for “{expected}”",
            hint="look at both in Attentive; nothing was recorded",
            may_have_happened=True,
        )
    return written


def _adopted(change: ApiChange) -> Written:
    return Written(change.id, change.before or change.wanted)


def _actions(change: ApiChange) -> ApiActions:
    kind = kind_of(change.address)
    assert kind is not None
    assert kind.api is not None
    return kind.api


def _superseded(entry: Entry) -> dict[str, TaskRecord]:
    """The tasks of an entry that the API settles now."""
    return {token: replace(task, superseded=task.superseded or task.open) for token, task in entry.tasks.items()}
