"""Carrying out one change: what is done at Attentive, and what the record learns from it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from deployer.attentive import NotFound
from deployer.engine.desired import kind_of
from deployer.engine.moving import mentions, moved_entry, renamed
from deployer.engine.plan import Action, Change
from deployer.engine.secrets import Sealer, is_reference
from deployer.engine.stopping import ends_stop
from deployer.kinds.base import Session, Write, Written
from deployer.state.model import Entry, Intent, TaskRecord

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deployer.engine.ledger import Ledger
    from deployer.kinds.actions import ApiActions


@dataclass(frozen=True, slots=True)
class Executor:
    """Does changes and records them. Changes of different addresses may be done side by side."""

    session: Session
    ledger: Ledger
    environ: Mapping[str, str] = field(repr=False)
    _intended: set[str] = field(default_factory=set)

    def intend(self, change: Change) -> None:
        """Record that a create is about to be sent, so that a lost answer can be looked up."""
        if change.action is Action.CREATE and change.by == "api":
            intent = Intent(change.action.value, self._sealer().wanted(change.wanted))
            entry = self._entry(change)
            if entry.intent is None:  # an older one stands for a create whose answer nobody heard
                self._intended.add(change.address)
            begun = replace(entry, app=change.app, intent=intent, changed_at=self._now())
            self.ledger.put(change.address, begun, written=False)

    def retract(self, change: Change) -> None:
        """Record that a create wasn't sent after all, or was certainly refused."""
        entry = self.ledger.state.entry(change.address)
        if entry is not None and change.address in self._intended:
            before = replace(entry, intent=None)
            empty = not (before.id or before.fields or before.tasks)
            self.ledger.put(change.address, None if empty else before, written=False)

    def execute(self, change: Change) -> None:
        """Do a change; raises ``AttentiveError`` or ``GuardError``, and then records nothing."""
        if change.by == "person":
            self.ledger.put(change.address, self._asked(change), written=False)
        elif change.action is Action.FORGET:
            self.ledger.put(change.address, None, written=False)
        elif change.action is Action.MOVE:
            self._move(change)
        elif change.record_only:
            self.ledger.put(change.address, self._told(change), written=False)
        elif change.action is Action.DELETE:
            self._delete(change)
        else:
            self._write(change)

    def _told(self, change: Change) -> Entry:
        """The entry with what only the record has to learn: nothing is written at Attentive."""
        entry = self._entry(change)
        sealed = self._sealer().wanted(change.wanted)
        named = {one.path for one in change.fields}
        told = {name: sealed[name] for name, value in change.wanted.items() if is_reference(value) or name in named}
        fields = {**entry.fields, **told}
        return replace(
            entry,
            by=change.by,
            protect=change.protect,
            fields=fields,
            tasks=_superseded(entry),
            changed_at=self._now(),
        )

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
            depends_on=tuple(sorted({*entry.depends_on, *change.uses})),
            protect=change.protect,
            stopped=None if ends_stop(change) else entry.stopped,
            changed_at=self._now(),
        )

    def _move(self, change: Change) -> None:
        state, old = self.ledger.state, change.old_address
        moved = replace(moved_entry(state.entries[old], old, change.address), changed_at=self._now())
        self.ledger.put(change.address, moved, written=False)
        self.ledger.put(old, None, written=False)
        for address in mentions(state, old):
            self.ledger.put(address, renamed(state.entries[address], old, change.address), written=False)

    def _delete(self, change: Change) -> None:
        entry = self.ledger.state.entries[change.address]
        write = Write(change.address, change.app, entry.id, {}, entry.fields)
        with suppress(NotFound):  # gone already: what was wanted
            _actions(change).delete(self.session, write)
        self.ledger.put(change.address, None, written=True)

    def _write(self, change: Change) -> None:
        """Create, send, adopt or update."""
        actions = _actions(change)
        write = Write(change.address, change.app, change.id, change.wanted, change.before, change.payload)
        if change.action is Action.ADOPT:
            written = Written(change.id, change.before or change.wanted)
            if change.fields:
                written = actions.update(self.session, write)
        elif change.action is Action.UPDATE or (change.action is Action.SEND and change.reason == "changed"):
            written = actions.update(self.session, write)
        else:
            written = actions.create(self.session, write)
        self.ledger.put(change.address, self._recorded(change, actions, written), written=True)

    def _recorded(self, change: Change, actions: ApiActions, written: Written) -> Entry:
        entry = self._entry(change)
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

    def _entry(self, change: Change) -> Entry:
        return self.ledger.state.entry(change.address) or Entry(kind=change.kind, by=change.by)

    def _sealer(self) -> Sealer:
        return Sealer(self.ledger.state.lineage, self.environ)

    def _now(self) -> str:
        return self.session.now().isoformat(timespec="seconds")


def _actions(change: Change) -> ApiActions:
    kind = kind_of(change.address)
    assert kind is not None
    assert kind.api is not None
    return kind.api


def _superseded(entry: Entry) -> dict[str, TaskRecord]:
    """The tasks of an entry that the API settles now."""
    return {token: replace(task, superseded=task.superseded or task.open) for token, task in entry.tasks.items()}
