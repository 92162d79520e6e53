"""Looking at payloads to infer from, and holding those of declared events against their declaration meanwhile."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from deployer.contracts.checking import Verdict, not_an_object

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deployer.contracts.checking import EventCheck
    from deployer.contracts.faults import Fault
    from deployer.contracts.infer.observing import Observer
    from deployer.source import JSON

_AROUND = frozenset({"type", "user", "occurredAt", "externalEventId"})


@dataclass(slots=True)
class Onlooker:
    """Takes payloads in. ``checks`` are those of declared events, by name.

    The faults that it reports are what adding properties can't mend: values that aren't what is declared.
    """

    observer: Observer
    checks: Mapping[str, EventCheck]

    def verdict(self, value: JSON) -> Verdict:
        """Take one payload in."""
        if not isinstance(value, dict):
            return Verdict("", "neither", (not_an_object(value),))
        name = self.observer.add(value)
        known = self.checks.get(name)
        if known is None:
            return Verdict("", "neither")
        verdict = known.verdict(value)
        base = 1 if verdict.taken == "body" else 0
        kept = tuple(fault for fault in verdict.faults if not _mended(fault, base))
        return Verdict(verdict.event, verdict.taken, kept)


def _mended(fault: Fault, base: int) -> bool:
    """Whether a fault is about what stands around the properties, or goes away with a new property."""
    if fault.kind == "name-in-properties" or (base and fault.pointer[:1] and fault.pointer[0] in _AROUND):
        return True
    return fault.kind == "undeclared" and len(fault.pointer) == base + 1
