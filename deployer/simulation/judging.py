"""What a journey test expects, held against a timeline: the first difference, if there is one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from deployer.dataclass import dataclass
from deployer.messages import hidden
from deployer.simulation.expecting import WORDS, What
from deployer.simulation.moments import span
from deployer.simulation.timeline import AnyEntry, AtStep, Branches, Ended, NotEntered, NotSent, Received, Sent, Varies

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime

    from deployer.simulation.expecting import Expectation
    from deployer.simulation.timeline import Timeline
    from deployer.source import Body


TYPES: Mapping[What, type[AnyEntry]] = {
    What.SENT: Sent,
    What.NOT_SENT: NotSent,
    What.NOT_ENTERED: NotEntered,
    What.BRANCH: Branches,
    What.VARIANT: Varies,
    What.EXIT: Ended,
}
"""The entries that an expectation is about."""

COUNTING = (Sent, NotSent, NotEntered)
"""Entries that are a failure where nothing expects them."""


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A field of an expectation that isn't so: what is expected, and what was found; both as others may see them."""

    field: str
    expected: str
    found: str


@dataclass(frozen=True, slots=True)
class Failure:
    """The first difference.

    Without an ``entry`` what is expected didn't happen; without an ``expectation`` what happened isn't expected; with
    both and no ``mismatch`` something else happened instead.
    """

    expectation: Expectation | None
    entry: AnyEntry | None
    mismatch: Mismatch | None = None


def counts(expectation: Expectation) -> bool:
    """Whether it is about what has to be expected."""
    return issubclass(TYPES[expectation.what], COUNTING)


def is_about(expectation: Expectation, entry: AnyEntry) -> bool:
    """Whether an entry is what is expected, as far as its message, journey and step are concerned."""
    if not isinstance(entry, TYPES[expectation.what]):
        return False
    body = expectation.body
    named = {"message": getattr(entry, "message", ""), "journey": entry.journey, "step": _step(entry)}
    return all(body[field] == named[field] for field in named if field in body)


def _step(entry: AnyEntry) -> str:
    return entry.step if isinstance(entry, AtStep) else ""


def first_difference(wanted: Sequence[Expectation], timeline: Timeline, *, only: bool) -> Failure | None:
    """The first way in which a timeline isn't what is expected; ``only``: nothing else may happen."""
    received = {entry.event: entry.at for entry in timeline.entries if isinstance(entry, Received)}
    left = iter(timeline.entries)
    for expectation in wanted:
        failure = (_next if only else _any)(expectation, left, received)
        if isinstance(failure, Failure):
            return failure
        left = failure
    surplus = next((entry for entry in left if isinstance(entry, COUNTING)), None) if only else None
    return Failure(None, surplus) if surplus is not None else None


def _next(
    expectation: Expectation,
    left: Iterator[AnyEntry],
    received: Mapping[int, datetime],
) -> Failure | Iterator[AnyEntry]:
    """Take the entry that is expected next; anything that counts and comes before it is a failure."""
    for entry in left:
        if is_about(expectation, entry):
            mismatch = _mismatch(expectation, entry, received)
            return Failure(expectation, entry, mismatch) if mismatch else left
        if isinstance(entry, COUNTING):
            return Failure(expectation, entry)
    return Failure(expectation, None)


def _any(
    expectation: Expectation,
    left: Iterator[AnyEntry],
    received: Mapping[int, datetime],
) -> Failure | Iterator[AnyEntry]:
    """Take the next entry that is as expected; other entries may come before it."""
    nearest: Failure | None = None
    for entry in left:
        if is_about(expectation, entry):
            mismatch = _mismatch(expectation, entry, received)
            if mismatch is None:
                return left
            nearest = nearest or Failure(expectation, entry, mismatch)
    return nearest or Failure(expectation, None)


def mismatches(expectation: Expectation, entry: AnyEntry, received: Mapping[int, datetime]) -> Iterator[str]:
    """Every field of an expectation that isn't so, by its name in YAML, in order."""
    for mismatch in _mismatches(expectation, entry, received):
        yield mismatch.field.partition(".")[0]


def _mismatch(expectation: Expectation, entry: AnyEntry, received: Mapping[int, datetime]) -> Mismatch | None:
    """The first field of an expectation that an entry doesn't have."""
    return next(_mismatches(expectation, entry, received), None)


def _mismatches(expectation: Expectation, entry: AnyEntry, received: Mapping[int, datetime]) -> Iterator[Mismatch]:
    body = expectation.body
    if expectation.at is not None and entry.at != expectation.at:
        yield Mismatch("at", expectation.at.isoformat(), entry.at.isoformat())
    if expectation.within is not None and entry.at - received[entry.event] > expectation.within:
        yield Mismatch("within", body["within"], span(entry.at - received[entry.event]))
    for field, actual in _found(entry).items():
        if field in body and str(body[field]) != actual:
            yield Mismatch(field, str(body[field]), actual)
    if isinstance(entry, Sent):
        yield from _read(body, entry)


def _found(entry: AnyEntry) -> dict[str, str]:
    match entry:
        case Sent():
            return {"to": entry.to}
        case NotSent() | NotEntered():
            return {"because": str(entry.because.reason)}
        case Branches():
            return {"lane": entry.lane}
        case Varies():
            return {"name": entry.variant}
    return {}


def _read(body: Body, entry: Sent) -> Iterator[Mismatch]:
    if "segments" in body and entry.segments > body["segments"]:
        yield Mismatch("segments", f"at most {body['segments']}", str(entry.segments))
    for field in WORDS:
        part = "body" if field == "text" else field
        text, shown = entry.reads.get(part, ""), entry.shown.get(part, "")
        for name, expected in _ways(body[field]) if field in body else ():
            if not _CHECKS[name](expected, text):
                yield Mismatch(f"{field}.{name}" if name else field, hidden(expected, text, shown), shown)


def _ways(words: Any) -> Iterator[tuple[str, str]]:
    """What must hold for the words that are read: how (empty: written without), and what is expected."""
    for name, expected in ({"": words} if isinstance(words, str) else words).items():
        for entry in expected if isinstance(expected, list) else [expected]:
            if name in _CHECKS:
                yield name, entry


def _equal(expected: str, text: str) -> bool:
    return expected.rstrip() == text.rstrip()


_CHECKS: Mapping[str, Callable[[str, str], bool]] = {
    "": _equal,
    "equals": _equal,
    "contains": lambda expected, text: expected in text,
    "matches": lambda expected, text: re.search(expected, text) is not None,
}
