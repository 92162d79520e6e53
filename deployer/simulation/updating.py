"""What a journey test would have to expect so that it passes: as little as possible is different."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from deployer.dataclass import dataclass
from deployer.simulation.expecting import expectations
from deployer.simulation.judging import COUNTING, counts, is_about, mismatches
from deployer.simulation.moments import shown_again
from deployer.simulation.timeline import NotEntered, NotSent, Received, Sent

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime, tzinfo

    from deployer.simulation.expecting import Expectation
    from deployer.simulation.timeline import AnyEntry
    from deployer.simulation.trial import JourneyTestResult
    from deployer.source import Body


@dataclass(frozen=True, slots=True)
class Item:
    """An item of ``expect``: the number of the one that it was (``None``: it is new), and its ``body``.

    Without a body it stays as it is.
    """

    number: int | None
    body: Body | None


def updated(trial: JourneyTestResult) -> tuple[Item, ...]:
    """The items of ``expect`` that a timeline meets: those that hold stay, others say what was found."""
    zone, start = trial.given.zone, trial.given.start
    wanted = expectations(trial.test.expect, zone, start)
    received = {entry.event: entry.at for entry in trial.timeline.entries if isinstance(entry, Received)}
    items: list[Item] = []
    next_one = 0
    for entry in trial.timeline.entries:
        number = _about(entry, wanted, next_one)
        if number is None:
            if trial.test.only and isinstance(entry, COUNTING):
                items.append(Item(None, _fresh(entry, zone)))
            continue
        wrong = list(mismatches(wanted[number], entry, received))
        items.append(Item(number, _amended(wanted[number], entry, wrong, zone) if wrong else None))
        next_one = number + 1
    return tuple(items)


def _about(entry: AnyEntry, wanted: Sequence[Expectation], first: int) -> int | None:
    """The next expectation that an entry can be; one that doesn't count is looked for among its neighbors only."""
    for number in range(first, len(wanted)):
        if is_about(wanted[number], entry):
            return number
        if not isinstance(entry, COUNTING) and counts(wanted[number]):
            return None
    return None


def _fresh(entry: AnyEntry, zone: tzinfo) -> Body:
    match entry:
        case Sent():
            words = {
                ("text" if part == "body" else part): entry.reads[part]
                for part in ("body", "subject")
                if part in entry.reads
            }
            return {"sent": {"message": entry.message, "at": _at(entry.at, zone), **words}}
        case NotSent():
            return {"not_sent": {"message": entry.message, "because": str(entry.because.reason)}}
    assert isinstance(entry, NotEntered)
    journey = {"journey": entry.journey} if entry.journey else {}
    return {"not_entered": {**journey, "because": str(entry.because.reason)}}


def _amended(expectation: Expectation, entry: AnyEntry, wrong: Sequence[str], zone: tzinfo) -> Body:
    """The expectation with what was found in each field that is wrong."""
    data = {field: value for field, value in _values(entry, zone) if field in wrong}
    body: dict[str, Any] = {**expectation.body, **data}
    if "within" in wrong:
        del body["within"]
        body["at"] = _at(entry.at, zone)
    return {expectation.what.value: body}


def _values(entry: AnyEntry, zone: tzinfo) -> Iterator[tuple[str, Any]]:
    yield "at", _at(entry.at, zone)
    yield "because", str(entry.because.reason)
    for field in ("to", "lane", "segments"):
        if hasattr(entry, field):
            yield field, getattr(entry, field)
    if hasattr(entry, "variant"):
        yield "name", entry.variant
    if isinstance(entry, Sent):
        yield from ((("text" if part == "body" else part), words) for part, words in entry.reads.items())


def _at(at: datetime, zone: tzinfo) -> str:
    """A time as the subscriber's clock shows it; with an offset where the clock shows it twice."""
    local = at.astimezone(zone)
    text = f"{local:%Y-%m-%d %H:%M:%S}".removesuffix(":00")
    return local.isoformat() if shown_again(text, zone) else text
