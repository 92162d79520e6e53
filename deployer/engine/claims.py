"""Values that may exist once at Attentive: whoever takes one comes after whoever lets go of it, or is refused."""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from deployer.engine.desired import kind_of
from deployer.engine.plan import Action
from deployer.engine.secrets import REFERENCE, is_sealed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from deployer.engine.desired import Desired
    from deployer.engine.plan import Change
    from deployer.engine.refresh import LiveObjects
    from deployer.engine.secrets import Sealer
    from deployer.kinds.values import Unique
    from deployer.state.model import Entry, State

_TAKING = frozenset({Action.CREATE, Action.UPDATE, Action.ADOPT})


@dataclass(frozen=True, slots=True)
class _Need:
    """What the change of one address needs of another, which has the value now."""

    taker: str
    holder: str
    unique: Unique
    blocked: str = ""


@dataclass(frozen=True, slots=True)
class Values:
    """What stands now and what is wanted, with secrets as keyed hashes. ``state`` is as it is after the moves."""

    state: State
    wanted: Mapping[str, Desired]
    reading: LiveObjects | None
    sealer: Sealer

    def held(self, address: str, unique: Unique) -> tuple[str, ...] | None:
        """What an address holds at Attentive; ``None``: nothing, or nobody knows."""
        entry = self.state.entry(address)
        return None if entry is None else self._key(self._stands(entry), unique)

    def asked(self, address: str, unique: Unique) -> tuple[str, ...] | None:
        """What an address is to hold; ``None``: it isn't declared, or the secret isn't set here."""
        one = self.wanted.get(address)
        return None if one is None else self._key(self.sealer.wanted(one.wanted.fields), unique)

    def _stands(self, entry: Entry) -> Mapping[str, Any]:
        """The fields as they are live, else as they were recorded; nothing of what is gone or was never made."""
        listed = self.reading.of(entry.kind) if self.reading else None
        if not entry.id:
            return {}
        if listed is None:
            return entry.fields
        live = next((one.fields for one in listed if one.id == entry.id), {})
        return {**entry.fields, **live} if live else {}

    def _key(self, fields: Mapping[str, Any], unique: Unique) -> tuple[str, ...] | None:
        marks = [self._mark(fields.get(name)) for name in (unique.field, *unique.within)]
        return tuple(marks) if all(marks) else None

    def _mark(self, value: Any) -> str:
        """A value by its keyed hash, so that a secret compares with what is recorded in clear."""
        if is_sealed(value):
            return str(value["hash"])
        sealed = self.sealer.like({"": value}, {"": {REFERENCE: ""}}, {}) if value is not None else {}
        return str(sealed[""]["hash"]) if sealed else ""


@dataclass(slots=True)
class _Ledger:
    """Who has each unique value, and which changes take it in the order of the plan."""

    values: Values
    changes: Mapping[str, Change]
    having: dict[tuple[str, ...], list[str]] = field(default_factory=dict)
    taking: dict[tuple[str, ...], list[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, changes: Sequence[Change], values: Values) -> _Ledger:
        ledger = cls(
            values, {change.address: change for change in changes if not change.record_only or _leaves(change)}
        )
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
        if not _takes(change):
            return
        for unique in _uniques(change.address):
            value = self.values.asked(change.address, unique)
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
        elif self.values.asked(holder, unique) == value:
            why = f"its `{unique.field}` is to be that of {holder} too, and there may be one; change one of them"
        else:
            why = "" if leaving else f"{holder} has this `{unique.field}` and nothing changes it in this plan"
        if leaving and leaving.blocked:
            why = why or f"{holder} has this `{unique.field}` and can't let go of it: {leaving.blocked}"
        return _Need(change.address, holder, unique, why)


def settle_values(changes: Sequence[Change], values: Values) -> tuple[Change, ...]:
    """The changes, each that takes a value after the one that lets go of it; blocked where nobody does."""
    ledger = _Ledger.of(changes, values)
    needs = [need for change in changes for need in ledger.needs(change)]
    if not needs:
        return tuple(changes)
    refused = {need.taker: need.blocked for need in reversed(needs) if need.blocked}
    follow = [need for need in needs if not need.blocked]
    refused |= {need.taker: _exchange(need) for need in reversed(follow) if need.unique.known and _ring(need, follow)}
    ordered = _without_rings([need for need in follow if need.taker not in refused])
    return arranged([_settled(change, refused, ordered) for change in changes])


def _takes(change: Change) -> bool:
    return change.by == "api" and change.action in _TAKING and not change.record_only


def _leaves(change: Change) -> bool:
    return change.action in {Action.DELETE, Action.FORGET}


def _uniques(address: str) -> tuple[Unique, ...]:
    kind = kind_of(address)
    return kind.api.unique if kind and kind.api else ()


def _slot(address: str, unique: Unique, value: tuple[str, ...]) -> tuple[str, ...]:
    """A value within its kind and field."""
    return (address.partition(".")[0], unique.field, *value)


def _kept(taker: str, holder: str, unique: Unique, leaving: Change | None) -> str:
    """Why a resource that isn't declared any more doesn't let go of its value; empty where it does."""
    renamed = f"write `moved: [{{from: {holder}, to: {taker}}}]` if it is the same with another id"
    if leaving is None:
        return f"{holder} has this `{unique.field}` at Attentive and is kept: {renamed}, or plan with --prune"
    if leaving.action is Action.FORGET:
        return f"only the record of {holder} goes, and its `{unique.field}` stays at Attentive: {renamed}"
    if unique.kept:
        return f"{holder} has this `{unique.field}`, and removing it frees nothing: {unique.kept}; {renamed}"
    return ""


def _exchange(need: _Need) -> str:
    way = "give one of them another value first, apply, then the one that it is to have"
    return f"it takes the `{need.unique.field}` of {need.holder}, which takes its own in turn: {way}"


def _ring(need: _Need, needs: Sequence[_Need]) -> bool:
    """Whether the holder waits for the taker in turn, perhaps through others."""
    seen: set[str] = set()
    stack = [need.holder]
    while stack:
        here = stack.pop()
        if here == need.taker:
            return True
        if here not in seen:
            seen.add(here)
            stack.extend(one.holder for one in needs if one.taker == here)
    return False


def _without_rings(needs: Sequence[_Need]) -> list[_Need]:
    """Needs that can all be met: of a ring of values that nobody knows to be unique, the last need is dropped."""
    kept: list[_Need] = []
    for need in needs:
        if not _ring(need, kept):
            kept.append(need)
    return kept


def _settled(change: Change, refused: Mapping[str, str], needs: Iterable[_Need]) -> Change:
    if not _takes(change):
        return change
    first = {need.holder for need in needs if need.taker == change.address}
    return replace(
        change,
        blocked=change.blocked or refused.get(change.address, ""),
        depends_on=tuple(sorted({*change.depends_on, *first})),
        lets_go=tuple(sorted(first - set(change.depends_on))),
    )


def arranged(changes: Sequence[Change]) -> tuple[Change, ...]:
    """The changes in their order, but each after those of the addresses that let go of a value which it takes."""
    places: dict[str, list[int]] = {}
    for index, change in enumerate(changes):
        places.setdefault(change.address, []).append(index)
    first = [_before(index, change, places) for index, change in enumerate(changes)]
    after: dict[int, list[int]] = {}
    for index, needed in enumerate(first):
        for one in needed:
            after.setdefault(one, []).append(index)
    left = [len(needed) for needed in first]
    ready = [index for index, count in enumerate(left) if not count]
    result: list[Change] = []
    while ready:
        index = heapq.heappop(ready)
        result.append(changes[index])
        for other in after.get(index, ()):
            left[other] -= 1
            if not left[other]:
                heapq.heappush(ready, other)
    return (*result, *(change for index, change in enumerate(changes) if left[index]))  # a ring is never left out


def _before(index: int, change: Change, places: Mapping[str, Sequence[int]]) -> set[int]:
    """What stands before a change: what lets go of its values, and what stood there already and has to."""
    letting = {other for address in change.lets_go for other in places.get(address, ())}
    known = {other for address in (change.address, *change.depends_on) for other in places.get(address, ())}
    return letting | {other for other in known if other < index}
