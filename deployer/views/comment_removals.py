"""What a pull request takes away: what is no longer declared, the gravest first, and what becomes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployer.nouns import counted
from deployer.views import markdown
from deployer.views.outline import Quote, Run, Tone, entry, labelled
from deployer.views.plan import PlanPart, plan_sections

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deployer.app.pull_request import Overview
    from deployer.preview.values import Gone
    from deployer.views.outline import Node

_ORDER = ("journey", "message", "opt_in_source", "event_type")
_LEAD = ("body", "subject")
_BESIDE = ("journey_test", "property")
"""Kinds of which nothing is at Attentive: tests are counted, and a property belongs to its events."""


def removal_items(overview: Overview) -> Iterator[str]:
    """Each removal as markdown: journeys that customers get now, other journeys, messages, and the rest."""
    gone = {message.address: message for message in _messages(overview)}
    declared = tuple(_declared(overview))
    planned = _planned(overview)
    addresses = {
        address for address in (*declared, *gone) if address not in planned and address.partition(".")[0] not in _BESIDE
    }
    for address in sorted(addresses, key=lambda address: _rank(address, overview)):
        yield markdown.write([_gone(address, gone.get(address), overview)])
    yield from planned.values()
    tests = sum(address.startswith("journey_test.") for address in declared)
    if tests:
        yield markdown.write([entry(f"{counted(tests, 'journey test')} no longer declared", marker="-")])


def _declared(overview: Overview) -> Iterator[str]:
    against = overview.preview.against if overview.preview else None
    yield from (change.address for change in (against.changes if against else ()) if change.kind == "gone")


def _messages(overview: Overview) -> tuple[Gone, ...]:
    against = overview.preview.against if overview.preview else None
    return against.gone if against else ()


def _planned(overview: Overview) -> dict[str, str]:
    """What the plan itself takes away, by address: with ``--prune``."""
    if overview.plan is None:
        return {}
    plan = overview.plan.own
    entries = next((section.entries for section in plan_sections(plan) if section.part is PlanPart.REMOVALS), ())
    return {change.address: markdown.write([item]) for change, item in zip(plan.removals, entries, strict=True)}


def _rank(address: str, overview: Overview) -> tuple[bool, int, str]:
    kind = address.partition(".")[0]
    return address not in overview.running, _ORDER.index(kind) if kind in _ORDER else len(_ORDER), address


def _gone(address: str, message: Gone | None, overview: Overview) -> Node:
    name = Run(address, Tone.STRONG, code=True)
    notes = [note for note in (overview.plan.whole.notes if overview.plan else ()) if note.address == address]
    becomes = "; ".join(note.text for note in notes) or "no longer declared"
    if address in overview.running:
        becomes += f"; it is turned on in {overview.environment}, and customers get it until it is turned off"
    texts = (Quote(text) for part, text in (message.parts.items() if message else ()) if part in _LEAD)
    hints = (labelled("hint", note.hint) for note in notes if note.hint)
    return entry(name, f": {becomes}", children=(*texts, *hints), marker="-")
