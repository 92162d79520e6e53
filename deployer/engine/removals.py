"""What is recorded and no longer declared: forgotten, taken away with ``--prune``, or kept and said."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from deployer.dataclass import dataclass
from deployer.engine.changes import Action, ApiChange, ForgetChange, Reason
from deployer.engine.desired import kind_of
from deployer.engine.order import in_order
from deployer.engine.plan import Note
from deployer.engine.plan_tasks import removal_change
from deployer.source import digest

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from deployer.engine.changes import Change, ForgetReason, PersonChange
    from deployer.engine.plan_api import KindObjects
    from deployer.engine.refresh import LiveObjects
    from deployer.engine.tokens import Tokens
    from deployer.kinds.base import Unit
    from deployer.source.secret import Sealer
    from deployer.state.model import Entry, State, TaskRecord

PROTECTED = "it is protected; declare it with `protect: false`, apply, then remove it"


@dataclass(frozen=True, slots=True)
class Leaving:
    """One address that is no longer declared: its change or its note, and the tasks of it that stay open."""

    change: Change | None = None
    note: Note | None = None
    waiting: tuple[TaskRecord, ...] = ()


@dataclass(frozen=True, slots=True)
class Removals:
    """How what is no longer declared leaves; ``forget`` are addresses whose record ends."""

    forget: Collection[str]
    prune: bool
    reading: LiveObjects | None
    objects: Mapping[str, KindObjects]
    sealer: Sealer
    tokens: Tokens

    def of(self, state: State, declared: Collection[str], busy: Collection[str]) -> Iterator[Leaving]:
        """Every recorded address that isn't declared, what depends on others first.

        ``busy`` are the declared addresses on which people still have work to do.
        """
        settled = set(declared) - set(busy)
        gone = [address for address in state.entries if address not in declared]
        depends_on = {address: state.entries[address].depends_on for address in gone}
        users = _users(state, settled)
        for address in reversed(in_order(depends_on, str)):
            yield self._one(address, state.entries[address], users.get(address, ()))

    def _one(self, address: str, entry: Entry, users: Sequence[str]) -> Leaving:
        entry = self._found(address, entry)
        waiting = tuple(task for task in entry.tasks.values() if task.open)
        if address in self.forget:
            return Leaving(_forget(address, entry, Reason.FORGOTTEN))
        if self._never_made(address, entry):
            return Leaving(_forget(address, entry, Reason.REMOVED))
        if not self.prune or not _removable(address, entry):
            return Leaving(note=_kept(address, entry), waiting=waiting)
        if users and entry.by == "api":
            hint = "its task comes first; plan with --prune again when that is confirmed"
            return Leaving(note=Note(address, f"no longer declared, and kept while {users[0]} uses it", hint))
        change = self._by_person(address, entry) if entry.by == "person" else self._by_api(address, entry)
        if change is None:
            return Leaving(waiting=waiting)
        blocked = PROTECTED if entry.protect else ""
        return Leaving(replace(change, blocked=blocked, protect=entry.protect))

    def _found(self, address: str, entry: Entry) -> Entry:
        """The entry with what became of a create whose answer was lost, where Attentive lists it."""
        kind, objects = kind_of(address), self.objects.get(entry.kind)
        if entry.intent is None or entry.id or kind is None or kind.api is None or objects is None:
            return entry
        twin = objects.twin(kind.api, entry.intent.fields, self.sealer)
        if twin is None:
            return entry
        return replace(entry, id=twin.id, fields=self.sealer.like(twin.fields, {}, entry.intent.fields))

    def _never_made(self, address: str, entry: Entry) -> bool:
        """Whether a create whose answer was lost is known not to have happened: a list lacks it after its hold."""
        objects = self.objects.get(entry.kind)
        lost = entry.intent is not None and not entry.id and not entry.tasks
        known = self.reading is not None and objects is not None and objects.listed is not None
        return lost and known and self.reading is not None and address not in self.reading.held

    def _by_api(self, address: str, entry: Entry) -> ApiChange:
        live = self.reading.find(entry.kind, entry.id) if self.reading else None
        return ApiChange(
            address=address,
            kind=entry.kind,
            action=Action.DELETE,
            reason=Reason.REMOVED,
            before=entry.fields,
            id=entry.id,
            app=entry.app,
            fingerprint=digest(self.sealer.like(live.fields, {}, entry.fields)) if live else "",
        )

    def _by_person(self, address: str, entry: Entry) -> PersonChange | ForgetChange | None:
        """What people are asked, ``None`` where they were asked already; if nothing runs, the record ends at once."""
        if not entry.existing or _at_rest(address, entry):
            return _forget(address, entry, Reason.REMOVED)
        return removal_change(entry.kind, address, _farewell(address, entry), entry, self.tokens)


def _users(state: State, settled: Collection[str]) -> Mapping[str, Sequence[str]]:
    """What exists at Attentive by people's work, by the address that it may use still, whatever the YAML says now."""
    users: dict[str, list[str]] = {}
    for user, entry in state.entries.items():
        if entry.by == "person" and entry.existing and user not in settled:
            for address in entry.depends_on:
                users.setdefault(address, []).append(user)
    return users


def _forget(address: str, entry: Entry, reason: ForgetReason) -> ForgetChange:
    return ForgetChange(address=address, kind=entry.kind, reason=reason)


def _farewell(address: str, entry: Entry) -> tuple[Unit, ...]:
    kind = kind_of(address)
    return kind.person.removal(entry.existing) if kind and kind.person else ()


def _at_rest(address: str, entry: Entry) -> bool:
    """Whether it is known that nothing of it runs, so that there is nothing left to stop."""
    kind = kind_of(address)
    return bool(kind and kind.person and kind.person.switch and not kind.person.stop(entry.existing))


def _removable(address: str, entry: Entry) -> bool:
    """Whether there is a way to take it away, or nothing of it exists that had to be."""
    kind = kind_of(address)
    if entry.by == "person":
        return kind is not None and (not entry.existing or bool(_farewell(address, entry)))
    return kind is not None and kind.api is not None and not kind.api.sends and bool(entry.id)


def _kept(address: str, entry: Entry) -> Note:
    forget = f"write `forget: [{address}]` in deployer.yaml to remove it from the state"
    if _removable(address, entry):
        hint = "plan with --prune to remove it, list it under `forget:`, or under `moved:` if its id changed"
        return Note(address, "no longer declared, and kept", hint)
    if entry.intent is not None:
        text = "no longer declared, and it is unknown whether it was created: the answer was lost"
        return Note(address, text, f"look for it in Attentive; then {forget}")
    return Note(address, "no longer declared; Attentive can't delete it, so it stays there", forget)
