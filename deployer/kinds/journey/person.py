"""What people do for a journey: its tasks, and what is read of it while it is live."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from deployer.kinds.journey.instructions import instruct
from deployer.kinds.journey.live import reads, running
from deployer.kinds.journey.units import observed, off, removal, units
from deployer.kinds.values import Switch

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from deployer.kinds.base import Fields, Instruction, Scope, Unit
    from deployer.kinds.journey.model import Journey


class JourneyPerson:
    """The tasks of one journey."""

    reaches = "turn_on"
    switch: Switch | None = Switch("turn_on", "turn_off", off_as="status: inactive", pointer=("status",))
    irreversible = "a journey's trigger and category are fixed once it is created at Attentive"

    def units(self, model: Journey, scope: Scope, existing: Fields) -> tuple[Unit, ...]:
        """Everything that should exist, given what exists."""
        return units(model, scope, existing)

    def removal(self, existing: Fields) -> tuple[Unit, ...]:
        """Turn it off."""
        return removal(existing)

    def reads(self, live: Fields, event: str, keys: Collection[str]) -> Mapping[str, tuple[str, ...]]:
        """The keys that the live texts mention."""
        return reads(live, event, keys)

    def triggers(self, live: Fields) -> frozenset[str]:
        """The journey's trigger while it is on, and those of the former ones that still run."""
        return frozenset(version.trigger for version in running(live))

    def stop(self, existing: Fields) -> tuple[Unit, ...]:
        """Turn off the journey, and the former ones that still run."""
        return off(existing)

    def running(self, model: Journey) -> Journey:
        """Turned on."""
        return replace(model, status="active")

    def observed(self, live: Fields) -> Fields:
        """What is turned on is the version that was seen, and a test of another version proves nothing of it."""
        return observed(live)

    def instruction(self, key: str, before: Any, value: Any, context: Fields) -> Instruction:
        """The exact clicks for one task."""
        return instruct(key, before, value, context)
