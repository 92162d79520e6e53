"""Values that may exist once at Attentive: what takes one comes after what releases it, or is refused."""

from __future__ import annotations

from dataclasses import field, replace
from typing import TYPE_CHECKING, Any, TypeGuard, assert_never

from deployer.dataclass import dataclass
from deployer.engine.changes import (
    Action,
    ApiChange,
    ForgetChange,
    MoveChange,
    PersonChange,
    PropertyHold,
    RecordChange,
    removes,
)
from deployer.engine.desired import kind_of
from deployer.engine.order import arranged, closing_needs, in_order, rings

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from deployer.engine.changes import Change
    from deployer.engine.desired import Desired
    from deployer.engine.refresh import LiveObjects
    from deployer.kinds.values import Unique
    from deployer.source.secret import Sealer
    from deployer.state.model import Entry, State

_CLAIMING = frozenset({Action.CREATE, Action.UPDATE, Action.ADOPT})


@dataclass(frozen=True, slots=True)
class _Need:
    """What the change of one address needs of another, which has the value now."""

    taker: str
    holder: str
    unique: Unique
    blocked: str = ""


@dataclass(frozen=True, slots=True)
class Values:
    """What exists now and what is wanted, with secrets as keyed hashes. ``state`` is as it is after the moves."""

    state: State
    wanted: Mapping[str, Desired]
    reading: LiveObjects | None
    sealer: Sealer

    def held(self, address: str, unique: Unique) -> tuple[str, ...] | None:
        """What an address holds at Attentive; ``None``: nothing, or no one knows."""
        entry = self.state.entry(address)
        return None if entry is None else self._key(self._existing(entry), unique)

    def wanted_value(self, address: str, unique: Unique) -> tuple[str, ...] | None:
        """What an address is to hold; ``None``: it isn't declared, or the secret isn't set here."""
        desired = self.wanted.get(address)
        return None if desired is None else self._key(self.sealer.wanted(desired.wanted.fields), unique)

    def _existing(self, entry: Entry) -> Mapping[str, Any]:
        """The fields as they are live, else as they were recorded; nothing of what is gone or was never made."""
        if not entry.id:
            return {}
        if self.reading is None or self.reading.of(entry.kind) is None:
            return entry.fields
        live = self.reading.find(entry.kind, entry.id)
        return {**entry.fields, **live.fields} if live else {}

    def _key(self, fields: Mapping[str, Any], unique: Unique) -> tuple[str, ...] | None:
        marks = [self.sealer.mark(fields.get(name)) for name in (unique.field, *unique.within)]
        return tuple(marks) if all(marks) else None


@dataclass(slots=True)
class _Ledger:
    """Who has each unique value, and which changes take it in the order of the plan."""

    values: Values
    changes: Mapping[str, Change]
    having: dict[tuple[str, ...], list[str]] = field(default_factory=dict)
    taking: dict[tuple[str, ...], list[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, changes: Sequence[Change], values: Values) -> _Ledger:
        ledger = cls(values, {change.address: change for change in changes if _writes(change)})
        for address in values.state.entries:
            for unique in _uniques(address):
                if (value := values.held(address, unique)) is not None:
                    ledger.having.setdefault(_slot(address, unique, value), []).append(address)
        for change in changes:
            for unique, value in ledger.takes(change):
                ledger.taking.setdefault(_slot(change.address, unique, value), []).append(change.address)
        return ledger

    def takes(self, change: Change) -> Iterator[tuple[Unique, tuple[str, ...]]]:
        """The unique values that a change brings to its address."""
        if not _claims(change):
            return
        for unique in _uniques(change.address):
            value = self.values.wanted_value(change.address, unique)
            if value is not None and value != self.values.held(change.address, unique):
                yield unique, value

    def needs(self, change: Change) -> Iterator[_Need]:
        """What a change needs of others, or why it can't be."""
        for unique, value in self.takes(change):
            slot = _slot(change.address, unique, value)
            takers = self.taking[slot]
            before = takers[: takers.index(change.address)]
            for holder in sorted({*self.having.get(slot, ()), *before} - {change.address}):
                yield self._need(change, holder, unique, value)

    def _need(self, change: Change, holder: str, unique: Unique, value: tuple[str, ...]) -> _Need:
        leaving = self.changes.get(holder)
        if holder not in self.values.wanted:
            why = _kept(change.address, holder, unique, leaving)
        elif self.values.wanted_value(holder, unique) == value:
            why = f"its `{unique.field}` is to be that of {holder} too, and there may be one; change one of them"
        else:
            why = "" if leaving else f"{holder} has this `{unique.field}` and nothing changes it in this plan"
        if leaving and leaving.blocked:
            why = why or f"{holder} has this `{unique.field}` and can't release it: {leaving.blocked}"
        return _Need(change.address, holder, unique, why)


def settle_values(changes: Sequence[Change], values: Values) -> tuple[Change, ...]:
    """The changes, each that takes a value after the one that releases it; blocked where no one does."""
    ledger = _Ledger.of(changes, values)
    needs = [need for change in changes for need in ledger.needs(change)]
    if not needs:
        return tuple(changes)
    refused = {need.taker: need.blocked for need in reversed(needs) if need.blocked}
    follow = [need for need in needs if not need.blocked]
    ringed = _ringed(follow)
    refused |= {need.taker: _exchange(need) for need in reversed(ringed) if need.unique.known}
    first: dict[str, set[str]] = {}
    for need in _without_rings([need for need in follow if need.taker not in refused]):
        first.setdefault(need.taker, set()).add(need.holder)
    needed = {need.holder: need.taker for need in reversed(needs) if need.taker in refused}
    settled = (_settled(change, refused, first.get(change.address, set())) for change in changes)
    return rearranged([_kept_back(change, needed) for change in settled])


def _writes(change: Change) -> bool:
    """Whether a change can release a value: it is about what is at Attentive, or ends its record."""
    match change:
        case ApiChange() | PersonChange() | ForgetChange():
            return True
        case RecordChange() | MoveChange() | PropertyHold():
            return False
        case _:
            assert_never(change)


def _claims(change: Change) -> TypeGuard[ApiChange]:
    return isinstance(change, ApiChange) and change.action in _CLAIMING


def _uniques(address: str) -> tuple[Unique, ...]:
    kind = kind_of(address)
    return kind.api.unique if kind and kind.api else ()


def _slot(address: str, unique: Unique, value: tuple[str, ...]) -> tuple[str, ...]:
    """A value within its kind and field."""
    return (address.partition(".")[0], unique.field, *value)


def _kept(taker: str, holder: str, unique: Unique, leaving: Change | None) -> str:
    """Why a resource that is no longer declared doesn't release its value; empty where it does."""
    renamed = f"write `moved: [{{from: {holder}, to: {taker}}}]` if it is the same with another id"
    if leaving is None:
        return f"{holder} has this `{unique.field}` at Attentive and is kept: {renamed}, or plan with --prune"
    if isinstance(leaving, ForgetChange):
        return f"only the state of {holder} goes, and its `{unique.field}` stays at Attentive: {renamed}"
    if unique.kept:
        return f"{holder} has this `{unique.field}`, and removing it frees nothing: {unique.kept}; {renamed}"
    return ""


def _exchange(need: _Need) -> str:
    way = "give one of them a temporary value, apply, then give it its final value"
    return f"it takes the `{need.unique.field}` of {need.holder}, which takes its own in turn: {way}"


def _ringed(needs: Sequence[_Need]) -> list[_Need]:
    """The needs whose holder waits for the taker in turn, perhaps through others."""
    held_up = _held_up(needs)
    ring = rings(_graph(held_up))
    return [need for need in held_up if ring[need.taker] == ring[need.holder]]


def _without_rings(needs: Sequence[_Need]) -> Sequence[_Need]:
    """Needs that can all be met: of a ring of values that may not be unique, the need that closes it is dropped."""
    closing = closing_needs(_graph(_held_up(needs)))
    return [need for need in needs if (need.taker, need.holder) not in closing]


def _held_up(needs: Sequence[_Need]) -> list[_Need]:
    """The needs that are in a ring or lead to one: mostly none, so that rings are only searched where there are any."""
    held_up = set(arranged(_graph(needs), str).held_up)
    return [need for need in needs if need.taker in held_up and need.holder in held_up]


def _graph(needs: Sequence[_Need]) -> dict[str, list[str]]:
    """The holders that each address waits for, in the order of the needs."""
    graph: dict[str, list[str]] = {}
    for need in needs:
        graph.setdefault(need.taker, []).append(need.holder)
        graph.setdefault(need.holder, [])
    return graph


def _settled(change: Change, refused: Mapping[str, str], first: Collection[str]) -> Change:
    if not _claims(change):
        return change
    return replace(
        change,
        blocked=change.blocked or refused.get(change.address, ""),
        depends_on=tuple(sorted({*change.depends_on, *first})),
        released_by=tuple(sorted(set(first) - set(change.depends_on))),
    )


def _kept_back(change: Change, needed: Mapping[str, str]) -> Change:
    """A removal is held while a blocked change still needs the object: perhaps it is the same under another id."""
    taker = needed.get(change.address)
    if taker is None or change.blocked or not isinstance(change, ApiChange) or not removes(change):
        return change
    return replace(change, blocked=f"{taker} is blocked and needs what this has; fix that first")


def rearranged(changes: Sequence[Change]) -> tuple[Change, ...]:
    """The changes in their order, but each after those of the addresses that release a value which it takes."""
    places: dict[str, list[int]] = {}
    for index, change in enumerate(changes):
        places.setdefault(change.address, []).append(index)
    order = in_order({index: _before(index, change, places) for index, change in enumerate(changes)}, int)
    return tuple(changes[index] for index in order)


def _before(index: int, change: Change, places: Mapping[str, Sequence[int]]) -> set[int]:
    """What comes before a change: what releases its values, and what was there already and has to."""
    released_by = change.released_by if isinstance(change, ApiChange) else ()
    letting = {other for address in released_by for other in places.get(address, ())}
    known = {other for address in (change.address, *change.depends_on) for other in places.get(address, ())}
    return letting | {other for other in known if other < index}
