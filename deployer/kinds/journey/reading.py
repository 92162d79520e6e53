"""Which properties of an event a journey shows to customers, told from what is recorded of its live texts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from deployer.kinds.journey.units import COPIED, FORMER
from deployer.messages import LiquidError, scan

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from deployer.kinds.base import Fields

SENDS = "send."
"""What the slots of sends begin with."""

PAYLOAD = ("triggerEvent", "custom")
"""Where a macro finds the properties of the event that started the journey."""


def reads(live: Fields, event: str, keys: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Which of the keys of ``event`` each live slot reads; the slots that read none are left out.

    A former journey that still runs, and a design in Attentive's own editor, count as reading them all: their words
    aren't recorded.
    """
    found = {slot: tuple(sorted(_slot(slot, value, live, event, keys))) for slot, value in live.items()}
    return {slot: read for slot, read in sorted(found.items()) if read}


def _slot(slot: str, value: Any, live: Fields, event: str, keys: Collection[str]) -> set[str]:
    if slot.startswith(FORMER):
        runs = value["status"] == "active" and value["trigger"] == event
        return set(keys) if runs else set()
    if not slot.startswith(SENDS) or not value or not _runs(live, event):
        return set()
    if value.get("design") == "external":
        return set(keys)
    shown = {value.get("media", {}).get("property")} & set(keys)
    return shown.union(*(_mentioned(value[part], keys) for part in COPIED if part in value))


def _runs(live: Fields, event: str) -> bool:
    started: Mapping[str, Any] = live.get("create") or {}
    return bool((live.get("turn_on") or {}).get("status") == "active" and started.get("trigger") == event)


def _mentioned(text: str, keys: Collection[str]) -> Iterator[str]:
    """The keys that a text reads. One that isn't valid Liquid reads each key whose name stands in it."""
    try:
        macros = scan(text).macros
    except LiquidError:
        yield from (key for key in keys if key in text)
        return
    for macro in macros:
        if macro.path[: len(PAYLOAD)] != PAYLOAD:
            continue
        if len(macro.path) > len(PAYLOAD):
            yield from (key for key in keys if key == macro.path[len(PAYLOAD)])
        else:
            yield from keys
