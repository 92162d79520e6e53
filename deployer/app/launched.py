"""What is live in an environment, since when and by whose word: the record read for people, without Attentive."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from deployer.dataclass import dataclass
from deployer.engine.stopping import stops
from deployer.kinds import KINDS
from deployer.kinds.journey import KIND as JOURNEY
from deployer.kinds.journey.live import running
from deployer.state import TaskStatus

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deployer.app.deploying import Deployment
    from deployer.state import Entry, State


class Presence(StrEnum):
    """Whether customers get something of it, or Attentive has it, as far as is recorded."""

    LIVE = "live"
    """It is at Attentive; a journey is turned on, an opt-in is on its page."""
    OFF = "off"
    """A journey that was turned on once and isn't now."""
    ABSENT = "absent"
    """Nothing of it is there yet."""


@dataclass(frozen=True, slots=True)
class ConfirmedPart:
    """A part of a person's work that is confirmed: ``title`` is its task's, ``how`` and ``by`` are as recorded."""

    title: str
    how: str
    by: str
    at: str
    note: str


@dataclass(frozen=True, slots=True)
class Launched:
    """A declaration in one environment.

    ``since``: when it became as it is now (ISO 8601, empty where that isn't known); ``by``: the handle of the colleague
    who confirmed that, empty for what the API wrote (``written``). ``deployment`` is ``None`` for what is no longer
    declared. ``stopped`` says who stopped it, outside git. ``reaches``: customers get something of it while it is live,
    rather than Attentive knowing of it.
    """

    environment: str
    presence: Presence
    deployment: Deployment | None
    written: bool = False
    since: str = ""
    by: str = ""
    open_tasks: int = 0
    confirmed: tuple[ConfirmedPart, ...] = ()
    stopped: str = ""
    reaches: bool = False


def launched(state: State, deployments: Mapping[str, Deployment]) -> Mapping[str, Launched]:
    """Each address that is declared or recorded, in one environment, by address."""
    recorded = {address: entry for address, entry in state.entries.items() if entry.kind in KINDS}
    stopped = stops(state)
    return {
        address: _launched(state.environment, recorded.get(address), deployments.get(address), stopped.get(address, ""))
        for address in sorted({*deployments, *recorded})
    }


def _launched(environment: str, entry: Entry | None, deployment: Deployment | None, stopped: str) -> Launched:
    if entry is None:
        return Launched(environment, Presence.ABSENT, deployment)
    presence, decisive = _presence(entry), _decisive(entry)
    parts = [part for slot, part in entry.confirmations.items() if slot in entry.live and decisive in {"", slot}]
    latest = max(parts, key=lambda part: part.at, default=None)
    written = bool(entry.fields)
    there = presence is not Presence.ABSENT
    return Launched(
        environment,
        presence,
        deployment,
        written,
        (entry.changed_at if written else latest.at if latest else "") if there else "",
        latest.by if latest and there and not written else "",
        sum(task.open for task in entry.tasks.values()),
        _confirmed(entry),
        stopped,
        bool(decisive),
    )


def _decisive(entry: Entry) -> str:
    """The slot whose confirmation brings something to customers; of kinds without one the latest one counts."""
    person = KINDS[entry.kind].person
    return person.reaches if person else ""


def _presence(entry: Entry) -> Presence:
    decisive = _decisive(entry)
    there = decisive in entry.live if decisive else bool(entry.fields or entry.live)
    if entry.kind == JOURNEY.name:  # a former version that still runs is live: customers get it
        return Presence.LIVE if any(running(entry.live)) else Presence.OFF if there else Presence.ABSENT
    return Presence.LIVE if there else Presence.ABSENT


def _confirmed(entry: Entry) -> tuple[ConfirmedPart, ...]:
    """What is confirmed of what is there now: by time, at the same time in the order of the tasks."""
    titles = {task.slot: task.title for task in entry.tasks.values() if task.status is TaskStatus.DONE}
    known = {slot: confirmation for slot, confirmation in entry.confirmations.items() if slot in entry.existing}
    ordered = [slot for slot in dict.fromkeys((*titles, *known)) if slot in known]
    return tuple(
        ConfirmedPart(titles.get(slot, slot), known[slot].how, known[slot].by, known[slot].at, known[slot].note)
        for slot in sorted(ordered, key=lambda slot: known[slot].at)
    )
