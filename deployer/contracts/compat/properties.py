"""The properties of one event type, then and now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from deployer.contracts.compat.definitions import STRUCTURES, differences, types
from deployer.contracts.compat.found import Found
from deployer.contracts.compat.verdict import Verdict
from deployer.dataclass import dataclass
from deployer.kinds.event_type import definition, filled_in
from deployer.source import Gate, SchemaError, canonical, name_form

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from deployer.contracts.compat.definitions import Difference
    from deployer.contracts.compat.readership import Readership
    from deployer.contracts.compat.verdict import Impact
    from deployer.kinds.event_type import EventProperty, EventType

ANNOTATIONS = frozenset({"title", "description", "examples"})
"""What says something about a value and restricts nothing."""


@dataclass(frozen=True, slots=True)
class Properties:
    """Both versions of an event type, each with the project that it is in, and who reads it."""

    old: EventType
    new: EventType
    readers: Readership

    def changes(self) -> Iterator[Found]:
        """Every change of the event's properties and reserved keys."""
        gone = [key for key in self.old.properties if key not in self.new.properties]
        came = [key for key in self.new.properties if key not in self.old.properties]
        for before, after in self._renamed(gone, came):
            gone.remove(before)
            came.remove(after)
            yield self._rename(before, after)
        yield from map(self._removed, gone)
        yield from map(self._added, came)
        for key, item in self.old.properties.items():
            if key in self.new.properties:
                yield from self._changed(item, self.new.properties[key])
        for key in self.old.reserved:
            if key not in self.new.reserved and key not in self.new.properties:
                yield self._found("reservation-lifted", ("reserved", key), key, None)

    def _renamed(self, gone: list[str], came: list[str]) -> list[tuple[str, str]]:
        """Pairs of keys of which one probably took the other's place: by their letters, else by their definition."""
        free = [key for key in came if key not in self.old.reserved]
        pairs: list[tuple[str, str]] = []
        for name in gone:
            alike = next((other for other in free if name_form(name) == name_form(other)), None)
            twin = alike or self._twin(name, gone, free)
            if twin is not None:
                free.remove(twin)
                pairs.append((name, twin))
        return pairs

    def _twin(self, key: str, gone: list[str], came: list[str]) -> str | None:
        """The one new key with the same definition, where no other key that went has it too."""
        shape = self._shape_then(key)
        twins = [other for other in came if self._shape_now(other) == shape]
        alone = sum(self._shape_then(other) == shape for other in gone) == 1
        return twins[0] if alone and len(twins) == 1 else None

    def _rename(self, before: str, after: str) -> Found:
        impacts = self._readers(before) + tuple(
            reader for reader in self._readers(after) if reader not in self._readers(before)
        )
        if name_form(before) == name_form(after):
            return self._found("property-case-changed", ("properties", after), before, after, impacts)
        remark = f"probably a rename: `{before}` and `{after}` have the same definition"
        return self._found("property-renamed", ("properties", after), before, after, impacts, remark)

    def _removed(self, key: str) -> Found:
        change = "property-removed-reserved" if key in self.new.reserved else "property-removed"
        return self._found(change, ("properties", key), self._then(key), None, self._readers(key))

    def _added(self, key: str) -> Found:
        item = self.new.properties[key]
        change = "property-added-optional" if item.optional else "property-added-required"
        if key in self.old.reserved:
            change = "property-returned"
        return self._found(change, ("properties", key), None, self._now(key), self._readers(key))

    def _changed(self, old: EventProperty, new: EventProperty) -> Iterator[Found]:
        key, here = old.key, ("properties", old.key)
        readers = self._readers(key)
        if old.optional != new.optional:
            change = "property-made-optional" if new.optional else "property-made-required"
            yield self._found(change, (*here, "optional"), old.optional, new.optional, readers)
        before, after = self._then(key), self._now(key)
        for difference in differences(before, after):
            yield self._difference(key, difference)
        if types(after) & STRUCTURES and not types(before) & STRUCTURES:
            yield self._found("value-not-scalar", here, before.get("type"), after.get("type"), readers)
        if _may_be_empty(after) and not _may_be_empty(before):
            yield self._found("value-may-be-empty", here, None, None, readers)
        yield from self._marks(old, new)

    def _difference(self, key: str, difference: Difference) -> Found:
        path = ("properties", key, *difference.path, *((difference.keyword,) if difference.keyword else ()))
        refused = difference.change == "pattern-changed" and self._sample_refused(key)
        remark = "a sample of the earlier side no longer fits" if refused else ""
        impacts = self._readers(key, *difference.path)
        least = Verdict.BREAKING if refused else None
        return self._found(
            difference.change, path, difference.before, difference.after, impacts, remark, at_least=least
        )

    def _sample_refused(self, key: str) -> bool:
        """Whether a value that the earlier side gives as an example doesn't fit now, though it fitted then."""
        before, after = self._then(key), self._now(key)
        known = [sample[key] for sample in self.old.samples.values() if key in sample]
        return any(_fits(before, item) and not _fits(after, item) for item in (*known, *before.get("examples", ())))

    def _marks(self, old: EventProperty, new: EventProperty) -> Iterator[Found]:
        """What is marked beside the definition: personal data, deprecated."""
        before, after = self._mark(old, "pii", then=True), self._mark(new, "pii", then=False)
        if before != after:
            yield self._found("pii-marked" if after else "pii-unmarked", ("properties", new.key, "pii"), before, after)
        if self._mark(new, "deprecated", then=False) and not self._mark(old, "deprecated", then=True):
            yield self._found("property-deprecated", ("properties", new.key, "deprecated"), before=False, after=True)

    def _mark(self, item: EventProperty, name: str, *, then: bool) -> bool:
        project = self.readers.before if then else self.readers.after
        return bool(filled_in(item, project).get(name))

    def _readers(self, *path: str) -> tuple[Impact, ...]:
        return self.readers.of_property(self.new.id, path)

    def _then(self, key: str) -> dict[str, Any]:
        return definition(self.old.properties[key], self.readers.before)

    def _now(self, key: str) -> dict[str, Any]:
        return definition(self.new.properties[key], self.readers.after)

    def _shape_then(self, key: str) -> str:
        return _shape(self._then(key))

    def _shape_now(self, key: str) -> str:
        return _shape(self._now(key))

    def _found(
        self,
        change: str,
        path: tuple[str, ...],
        before: Any,
        after: Any,
        impacts: tuple[Impact, ...] = (),
        remark: str = "",
        *,
        at_least: Verdict | None = None,
    ) -> Found:
        return Found(change, self.new.address, path, before, after, impacts, remark, at_least)


def _shape(schema: Mapping[str, Any]) -> str:
    return canonical({key: value for key, value in schema.items() if key not in ANNOTATIONS})


def _may_be_empty(schema: Mapping[str, Any]) -> bool:
    return _fits(schema, "")


def _fits(schema: Mapping[str, Any], value: Any) -> bool:
    try:
        return Gate.of(schema).valid(value)
    except SchemaError:  # a rule of `deployer validate` says so
        return True
