"""What is recorded and no longer declared: forgotten, taken away with ``--prune``, or kept and said."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from deployer.engine.desired import kind_of, ordered
from deployer.engine.plan import Action, Change, Note
from deployer.engine.plan_tasks import removal_change
from deployer.source import digest

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from deployer.engine.refresh import LiveObjects
    from deployer.engine.secrets import Sealer
    from deployer.kinds.base import Unit
    from deployer.state.model import Entry, State, TaskRecord

PROTECTED = "it is protected; declare it with `protect: false`, apply, then remove it"


@dataclass(frozen=True, slots=True)
class Leaving:
    """One address that isn't declared any more: its change or its note, and the tasks of it that stay open."""

    change: Change | None = None
    note: Note | None = None
    waiting: tuple[TaskRecord, ...] = ()


@dataclass(frozen=True, slots=True)
class Removals:
    """How what isn't declared any more leaves; ``forget`` are addresses whose record is let go of."""

    forget: Collection[str]
    prune: bool
    reading: LiveObjects | None
    sealer: Sealer

    def of(self, state: State, declared: Collection[str], busy: Collection[str]) -> Iterator[Leaving]:
        """Every recorded address that isn't declared, what depends on others first.

        ``busy`` are the declared addresses on which people still have work to do.
        """
        settled = set(declared) - set(busy)
        gone = [address for address in state.entries if address not in declared]
        depends_on = {address: state.entries[address].depends_on for address in gone}
        for address in reversed(ordered(depends_on, {address: address for address in gone})):
            yield self._one(address, state.entries[address], _users(address, state, settled))

    def _one(self, address: str, entry: Entry, users: tuple[str, ...]) -> Leaving:
        waiting = tuple(task for task in entry.tasks.values() if task.open)
        if address in self.forget:
            return Leaving(_forget(address, entry, "forgotten"))
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

    def _by_api(self, address: str, entry: Entry) -> Change:
        listed = self.reading.of(entry.kind) if self.reading else None
        live = next((one for one in listed or () if one.id == entry.id), None)
        return Change(
            address,
            entry.kind,
            Action.DELETE,
            "api",
            "removed",
            before=entry.fields,
            id=entry.id,
            app=entry.app,
            fingerprint=digest(self.sealer.like(live.fields, {}, entry.fields)) if live else "",
        )

    def _by_person(self, address: str, entry: Entry) -> Change | None:
        """What people are asked, ``None`` where they were asked already; if nothing runs, the record ends at once."""
        if not entry.stands or _at_rest(address, entry):
            return _forget(address, entry, "removed")
        return removal_change(entry.kind, address, _farewell(address, entry), entry)


def _users(address: str, state: State, settled: Collection[str]) -> tuple[str, ...]:
    """What stands at Attentive by people's work and may use an address still, whatever the YAML says by now."""
    standing = {user: entry for user, entry in state.entries.items() if entry.by == "person" and entry.stands}
    return tuple(user for user, entry in standing.items() if address in entry.depends_on and user not in settled)


def _forget(address: str, entry: Entry, reason: str) -> Change:
    return Change(address, entry.kind, Action.FORGET, "api", reason, record_only=True)


def _farewell(address: str, entry: Entry) -> tuple[Unit, ...]:
    kind = kind_of(address)
    return kind.person.removal(entry.stands) if kind and kind.person else ()


def _at_rest(address: str, entry: Entry) -> bool:
    """Whether it is known that nothing of it runs, so that there is nothing left to stop."""
    kind = kind_of(address)
    return bool(kind and kind.person and kind.person.stopped_as and not kind.person.stop(entry.stands))


def _removable(address: str, entry: Entry) -> bool:
    """Whether there is a way to take it away, or nothing of it stands that had to be."""
    kind = kind_of(address)
    if entry.by == "person":
        return kind is not None and (not entry.stands or bool(_farewell(address, entry)))
    return kind is not None and kind.api is not None and not kind.api.sends and bool(entry.id)


def _kept(address: str, entry: Entry) -> Note:
    forget = f"write `forget: [{address}]` in deployer.yaml to let go of the record"
    if _removable(address, entry):
        hint = "plan with --prune to remove it, list it under `forget:`, or under `moved:` if its id changed"
        return Note(address, "no longer declared, and kept", hint)
    if entry.intent is not None:
        text = "no longer declared, and nobody knows whether it was created: the answer was lost"
        return Note(address, text, f"look for it in Attentive; then {forget}")
    return Note(address, "no longer declared; Attentive can't delete it, so it stays there", forget)
