"""Looking at payloads to infer from, and holding those of declared events against their declaration meanwhile."""

from __future__ import annotations

from dataclasses import field, replace
from typing import TYPE_CHECKING, Any

from deployer.contracts.checking import PayloadVerdict, not_an_object
from deployer.contracts.foreign import foreign_body, odd_properties
from deployer.dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from deployer.contracts.checking import EventCheck
    from deployer.contracts.faults import PayloadFault
    from deployer.contracts.infer.observing import Observer
    from deployer.source import JSON

_AROUND = frozenset({"type", "user", "occurredAt", "externalEventId"})


@dataclass(slots=True)
class Onlooker:
    """Takes payloads in. ``checks`` are those of declared events, by name.

    ``misspelt`` are the keys of each event that were in the place of a declared one.
    The faults that it reports are what adding properties can't mend: values that aren't what is declared.
    """

    observer: Observer
    checks: Mapping[str, EventCheck]
    misspelt: dict[str, set[str]] = field(default_factory=dict)

    def verdict(self, value: JSON) -> PayloadVerdict:
        """Take one payload in."""
        if not isinstance(value, dict):
            return PayloadVerdict("", "neither", (not_an_object(value),))
        name = value.get("type")
        if not (isinstance(name, str) and name in self.checks) and (payload_fault := foreign_body(value)):
            return PayloadVerdict("", "neither", (payload_fault,))
        name = self.observer.add(value)
        known = self.checks.get(name)
        if known is None:
            odd = odd_properties(value)
            return PayloadVerdict("", "neither", (odd,) if odd else ())
        verdict = known.verdict(value)
        base = 1 if verdict.taken == "body" else 0
        kept = tuple(fault for fault in verdict.faults if not _mended(fault, base))
        faults = tuple(self._in_place_of(name, fault, base) for fault in kept)
        return PayloadVerdict(verdict.event, verdict.taken, faults)

    def all_fine(self, values: Sequence[JSON]) -> int | None:
        """Take payloads in that are plainly whole request bodies, with nothing to report of any."""
        by_name: dict[str, list[Any]] = {}
        for value in values:
            by_name.setdefault(self.observer.named(value), []).append(value)
        if "" in by_name or not all(self._fits(name, its) for name, its in by_name.items()):
            return None
        return sum(
            len(its) for name, its in by_name.items() if self.observer.add_bodies(name, its) and name in self.checks
        )

    def _fits(self, name: str, bodies: Sequence[JSON]) -> bool:
        known = self.checks.get(name)
        return known is None or known.all_fine(bodies) is not None

    def _in_place_of(self, event: str, fault: PayloadFault, base: int) -> PayloadFault:
        """A key that was probably misspelt, reported as the declared one that is missing; it is no new property."""
        if fault.kind != "undeclared" or len(fault.pointer) != base + 1:
            return fault
        key = str(fault.pointer[-1])
        self.misspelt.setdefault(event, set()).add(key)
        return replace(fault, kind="misspelt", message=f"missing `{fault.meant}`, and `{key}` is in its place")


def _mended(fault: PayloadFault, base: int) -> bool:
    """Whether a fault is about what surrounds the properties, or goes away with a new property."""
    if fault.kind == "name-in-properties" or (base and fault.pointer[:1] and fault.pointer[0] in _AROUND):
        return True
    new = fault.kind == "undeclared" and len(fault.pointer) == base + 1
    return new and not fault.meant
