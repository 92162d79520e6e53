"""The gate lets through what the earlier side allows, and may be asked to be stricter, never weaker."""

from __future__ import annotations

from datetime import date

import pytest

from deployer.contracts.compat import ContractChange, Verdict, gate
from deployer.source import CompatAllow, CompatSettings

TODAY = date(2026, 11, 3)
REMOVED = ContractChange(
    "property-removed",
    "event_type.order_shipped",
    ("properties", "carrier"),
    {"type": "string"},
    None,
    Verdict.BREAKING,
    Verdict.SAFE,
)
GROWN = ContractChange(
    "enum-grown",
    "event_type.order_shipped",
    ("properties", "reason", "enum"),
    ["a"],
    ["a", "b"],
    Verdict.SAFE,
    Verdict.RISKY,
)
ADDED = ContractChange("event-added", "event_type.new", (), None, "New", Verdict.SAFE, Verdict.SAFE)


def allow(**more: str) -> CompatAllow:
    """An entry for the removal of the carrier."""
    fixed = {"address": REMOVED.address, "change": REMOVED.change, "reason": "nobody sends it"}
    return CompatAllow(**{**fixed, **more})


def test_it_fails_from_breaking_on_where_nothing_is_said() -> None:
    """A risky change passes, a breaking one fails."""
    assert not gate([GROWN, ADDED], CompatSettings(), None, TODAY).failed
    assert gate([GROWN, REMOVED], CompatSettings(), None, TODAY).failing == (REMOVED,)


@pytest.mark.parametrize(("own", "asked", "holds"), [
    ("breaking", None, "breaking"), ("breaking", "risky", "risky"),
    ("risky", "breaking", "risky"), ("risky", None, "risky"),
])  # fmt: skip
def test_the_stricter_of_two_holds(own: str, asked: str | None, holds: str) -> None:
    """What is asked for can't weaken what the earlier side says."""
    found = gate([GROWN], CompatSettings(own), Verdict.of(asked) if asked else None, TODAY)
    assert found.fail_on.word == holds
    assert found.failed == (holds == "risky")


@pytest.mark.parametrize("entry", [allow(), allow(property="carrier"), allow(until="2026-11-03")])
def test_an_entry_lets_its_change_through(entry: CompatAllow) -> None:
    """The change stays what it is, and says why it passes."""
    found = gate([REMOVED], CompatSettings(allow=(entry,)), None, TODAY)
    assert not found.failed
    assert found.changes[0].verdict is Verdict.BREAKING
    assert found.changes[0].allowed == "nobody sends it"
    assert (found.unused, found.expired) == ((), ())


@pytest.mark.parametrize("more", [
    {"property": "reason"}, {"change": "property-renamed"}, {"address": "event_type.other"},
])  # fmt: skip
def test_an_entry_for_something_else_is_unused(more: dict[str, str]) -> None:
    """An entry that meets nothing lets nothing through, and is told."""
    entry = allow(**more)
    found = gate([REMOVED], CompatSettings(allow=(entry,)), None, TODAY)
    assert found.failed
    assert found.unused == (entry,)


def test_an_entry_ends_with_its_last_day() -> None:
    """The day after, the change fails again."""
    entry = allow(until="2026-11-02")
    found = gate([REMOVED], CompatSettings(allow=(entry,)), None, TODAY)
    assert found.failed
    assert found.expired == (entry,)
