"""The gate: what fails, and what the earlier side lets through.

Its configuration is that of the side that is compared with, so that a change can't switch off its own gate.
"""

from __future__ import annotations

from dataclasses import field, replace
from datetime import date
from typing import TYPE_CHECKING

from deployer.contracts.compat.verdict import Verdict
from deployer.dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from deployer.contracts.compat.verdict import ContractChange
    from deployer.source import CompatAllow, CompatSettings


@dataclass(frozen=True, slots=True)
class Gated:
    """What became of the changes at the gate.

    ``fail_on`` is where it fails; ``unused`` and ``expired`` are the entries that let nothing through.
    """

    changes: tuple[ContractChange, ...]
    fail_on: Verdict
    unused: tuple[CompatAllow, ...] = ()
    expired: tuple[CompatAllow, ...] = ()

    @property
    def failing(self) -> tuple[ContractChange, ...]:
        """The changes for which the gate fails."""
        return tuple(change for change in self.changes if change.verdict >= self.fail_on and not change.allowed)

    @property
    def failed(self) -> bool:
        """Whether the gate fails."""
        return bool(self.failing)


@dataclass(slots=True)
class _Passing:
    allow: tuple[CompatAllow, ...]
    used: dict[CompatAllow, None] = field(default_factory=dict)

    def take(self, change: ContractChange) -> ContractChange:
        """Let a change through where an entry says so; a safe one needs none."""
        entry = next((allowed for allowed in self.allow if change.verdict and _covers(allowed, change)), None)
        if entry is None:
            return change
        self.used[entry] = None
        return replace(change, allowed=entry.reason)


def gate(
    changes: Iterable[ContractChange],
    base: CompatSettings,
    strictest: Verdict | None,
    today: date,
    let_through: str = "",
) -> Gated:
    """Hold changes against the earlier side's settings; ``strictest`` may only be stricter than these.

    ``let_through`` is a person's reason to let everything through that would fail.
    """
    own = Verdict.of(base.fail_on)
    expired = tuple(allowed for allowed in base.allow if allowed.until and date.fromisoformat(allowed.until) < today)
    passing = _Passing(tuple(allowed for allowed in base.allow if allowed not in expired))
    held = tuple(passing.take(change) for change in changes)
    unused = tuple(allowed for allowed in passing.allow if allowed not in passing.used)
    gated = Gated(held, own if strictest is None else min(own, strictest), unused, expired)
    failing = gated.failing if let_through else ()
    return replace(
        gated,
        changes=tuple(
            replace(contract_change, allowed=let_through) if contract_change in failing else contract_change
            for contract_change in held
        ),
    )


def _covers(entry: CompatAllow, change: ContractChange) -> bool:
    named = change.path[1] if len(change.path) > 1 else ""
    return (
        entry.address == change.address
        and entry.change == change.change
        and (not entry.property or entry.property == named)
    )


def counts(changes: Iterable[ContractChange]) -> Mapping[Verdict, int]:
    """How many changes there are of each verdict, the gravest first."""
    numbers = dict.fromkeys(sorted(Verdict, reverse=True), 0)
    for change in changes:
        numbers[change.verdict] += 1
    return numbers
