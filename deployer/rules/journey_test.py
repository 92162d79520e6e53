"""Rules about journey tests: what can't be run, what can't fail, what can't happen, and what isn't tested."""

from __future__ import annotations

import re
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias

from deployer.kinds.event_type import EventType
from deployer.kinds.journey import BranchStep, Journey, SendStep, SplitStep, walk
from deployer.kinds.journey_test import JourneyTest
from deployer.kinds.message import Message
from deployer.rules.journey import start
from deployer.rules.place import Finding
from deployer.rules.rule import rule
from deployer.simulation import (
    WORDS,
    MomentError,
    UnknownSampleError,
    expectations,
    happening,
    is_zone,
    moment,
    properties,
    samples,
    subscriber,
    twice,
    zone_of,
)
from deployer.source import Gate, SchemaError, Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from deployer.kinds.journey.model import Step
    from deployer.rules.subject import Subject
    from deployer.simulation import Samples
    from deployer.source import Body, Pointer, Violation

    Steps: TypeAlias = Sequence[tuple[str, Step]]
    """Steps, each with the id of its journey."""


@rule(
    "journey/no-test",
    "an active journey has no test",
    severity=Severity.INFO,
    fix="write a JourneyTest that sends the journey's trigger",
)
def no_test(subject: Subject) -> Iterator[Finding]:
    """A journey can't be tried at Attentive without messaging someone; on a virtual clock every path can."""
    if subject.project.has_broken("journey_test"):  # what it sends isn't known
        return
    tried = {trigger for test in subject.each(JourneyTest) for trigger in test.triggers}
    for resource in subject.of_model(Journey):
        trigger, status = resource.fact("start", start)
        if status == "active" and trigger not in tried and not resource.is_unread(("trigger",)):
            yield Finding(subject.at(resource.model, "id"), f"no journey test sends `{trigger}`")


@rule(
    "journey-test/unreadable-time",
    "a journey test has a time that can't be",
    fix="write a time that a clock in the subscriber's time zone shows, and an IANA name for the zone",
)
def unreadable_time(subject: Subject) -> Iterator[Finding]:
    """A clock that is put forward skips an hour, and a time zone that doesn't exist has no clock at all."""
    company = subject.project.settings.time_zone
    if not is_zone(company):  # settings/time-zone says so
        return
    for test in subject.each(JourneyTest):
        clock = (("start",), ("subscriber", "time_zone"))
        if any(subject.at(test, *pointer).unread for pointer in clock):  # no other time can be read without
            continue
        for pointer, error in _times(test, company):
            yield Finding(subject.at(test, *pointer), error.message, error.hint)


def _times(test: JourneyTest, company: str) -> Iterator[tuple[Pointer, MomentError]]:
    """The times of a test that can't be read, with their places; what they depend on comes first."""
    try:
        person = subscriber(test.subscriber, company)
    except MomentError as error:
        yield ("subscriber",), error
        return
    zone, _ = zone_of(person, company)
    try:
        start = moment(test.start, zone)
    except MomentError as error:
        yield ("start",), error
        return
    reads: list[tuple[Pointer, Callable[[], object]]] = [
        *(
            (("events", number), partial(happening, event, start, person, company, _nothing))
            for number, event in enumerate(test.events)
        ),
        *(
            (("expect", number), partial(expectations, [expectation], zone, start))
            for number, expectation in enumerate(test.expect)
        ),
    ]
    for pointer, read in reads:
        try:
            read()
        except MomentError as error:
            yield pointer, error


@rule(
    "journey-test/time-shown-twice",
    "a journey test has a time that a clock shows twice",
    severity=Severity.WARNING,
    fix="write the time with its offset",
)
def time_shown_twice(subject: Subject) -> Iterator[Finding]:
    """A clock that is put back shows an hour again, and a test of the one shows nothing about the other."""
    company = subject.project.settings.time_zone
    if not is_zone(company):
        return
    for test in subject.each(JourneyTest):
        try:
            clock, _ = zone_of(subscriber(test.subscriber, company), company)
        except MomentError:  # journey-test/unreadable-time says so
            continue
        for pointer, text in _written(test):
            found = twice(text, clock)
            if found:
                yield Finding(subject.at(test, *pointer), *found)


def _written(test: JourneyTest) -> Iterator[tuple[Pointer, str]]:
    """The times of a test, with their places."""
    yield ("start",), test.start
    for number, event in enumerate(test.events):
        if "at" in event:
            yield ("events", number, "at"), event["at"]
    for number, item in enumerate(test.expect):
        for what, body in item.items():
            if not what.startswith("x-") and "at" in body:
                yield ("expect", number, what, "at"), body["at"]


def _nothing(event: str, sample: str) -> Mapping[str, Any]:
    """No data: what an event carries has no times."""
    del event, sample
    return {}


SAMPLE_HINT = (
    "write `sample:` beside it, so that `data` needs only what differs from the sample, or write all of the keys"
)


@rule(
    "journey-test/payload",
    "an event of a journey test isn't what its type declares",
    fix="name a sample of the event type, or write data that fits its properties",
)
def payload(subject: Subject) -> Iterator[Finding]:
    """A test of an event that can't be sent shows nothing about those that are."""
    data, gates = samples(subject.project), _gates(subject)
    for test in subject.each(JourneyTest):
        for number, event in enumerate(test.events):
            gate = gates.get(event.get("event", ""))  # reference/unknown says what isn't declared
            if gate is not None:
                yield from _payload(subject, test, number, gate, data)


def _gates(subject: Subject) -> dict[str, Gate]:
    """What each event type accepts, for those that a test sends; event/invalid-schema says which schemas are broken."""
    gates: dict[str, Gate] = {}
    sent = {event for test in subject.each(JourneyTest) for event in test.triggers}
    for event in (subject.project.find(EventType, name) for name in sent):
        if event and not subject.at(event, "samples").unread:
            with suppress(SchemaError):
                gates[event.id] = subject.gate(event)
    return gates


def _payload(subject: Subject, test: JourneyTest, number: int, gate: Gate, data: Samples) -> Iterator[Finding]:
    event = test.events[number]
    key = "data" if "data" in event else "sample" if "sample" in event else "event"
    place = subject.at(test, "events", number, key)
    try:
        violations = gate.violations(dict(properties(event, data)))
    except UnknownSampleError as error:
        yield Finding(place, error.message, error.hint)
    else:
        name = event["event"]
        missing = [f"`{one}`" for violation in violations if not violation.pointer for one in violation.missing]
        if missing:
            hint = SAMPLE_HINT if key == "data" and "sample" not in event else ""
            yield Finding(place, f"the event isn't what `{name}` declares: missing {', '.join(missing)}", hint)
        for violation in violations:
            if violation.pointer or not violation.missing:
                inner = violation.pointer if key == "data" else ()
                at = subject.at_key if inner and violation.at_key else subject.at
                value = at(test, "events", number, key, *inner)
                yield Finding(value, _mismatch(name, violation), violation.hint)


def _mismatch(name: str, violation: Violation) -> str:
    """How a value differs from what an event type declares."""
    if violation.keyword == "additionalProperties" and len(violation.pointer) == 1:
        return f"`{name}` declares no `{violation.pointer[0]}`"
    what = f"`{violation.pointer[0]}`" if violation.pointer else "the event"
    return f"{what} isn't what `{name}` declares: {violation.message}"


@rule(
    "journey-test/empty-expectation",
    "an expectation of a journey test holds for any words",
    fix="write words that must be read, or leave the expectation out",
)
def empty_expectation(subject: Subject) -> Iterator[Finding]:
    """An expectation that can't fail looks like a test but tests nothing."""
    for test in subject.each(JourneyTest):
        for number, item in enumerate(test.expect):
            for field, words in item.get("sent", {}).items():
                message = _empty(words) if field in WORDS else ""
                if message:
                    yield Finding(subject.at(test, "expect", number, "sent", field), message)


def _empty(words: Any) -> str:
    """Why an expectation about words says nothing; empty where it says something."""
    ways = {"equals": words} if isinstance(words, str) else words
    pattern = ways.get("matches")
    if pattern is not None:
        try:
            if re.search(pattern, ""):
                return f"`{pattern}` is found in any words, in none too"
        except re.error as error:
            return f"`{pattern}` isn't a regular expression: {error}"
    parts = ways.get("contains", ())
    blank = any(not part.strip() for part in ([parts] if isinstance(parts, str) else parts))
    return "any words with a blank between them fit" if blank else ""


@rule(
    "journey-test/never",
    "a journey test names a step, a lane or a variant that isn't there",
    fix="name one that a journey which the test's events start has",
)
def never(subject: Subject) -> Iterator[Finding]:
    """A step that was renamed, or a lane that was taken out, leaves an expectation behind that can't come true."""
    if subject.project.has_broken("journey"):  # what it has isn't known
        return
    messages = {address.partition(".")[2] for address in subject.project.addresses(Message)}
    for test in subject.each(JourneyTest):
        sent = (("events", number, "event") for number in range(len(test.events) or 1))
        if any(subject.at(test, *pointer).unread for pointer in sent):  # which journeys start isn't known
            continue
        started = [journey for journey in subject.each(Journey) if journey.trigger in test.triggers]
        steps = [(journey.id, placed.step) for journey in started for placed in walk(journey)]
        for pointer, message in _missing(test, steps, messages):
            yield Finding(subject.at(test, *pointer), message)


def _missing(test: JourneyTest, steps: Steps, messages: Collection[str]) -> Iterator[tuple[Pointer, str]]:
    for step, variant in test.variants.items():
        lanes = (
            lane.name
            for _, split_step in steps
            if isinstance(split_step, SplitStep) and split_step.id == step
            for lane in split_step.lanes
        )
        if variant not in lanes:
            yield ("variants", step), f"no A/B test `{step}` with a variant “{variant}” is started by the test's events"
    for number, item in enumerate(test.expect):
        for what, body in item.items():
            if not what.startswith("x-"):
                yield from ((("expect", number, what, field), why) for field, why in _not_there(body, steps, messages))


def _not_there(body: Body, steps: Steps, messages: Collection[str]) -> Iterator[tuple[str, str]]:
    """The fields of an expectation that no step of the journeys has, or of the one that it names."""
    mine = [step for journey, step in steps if journey == body.get("journey", journey)]
    named = [step for step in mine if step.id == body.get("step")]
    if "step" in body and not named:
        yield "step", f"no step `{body['step']}` is in a journey that the test's events start"
    sent = {step.message for step in mine if isinstance(step, SendStep)}
    if body.get("message") in messages and body["message"] not in sent:  # reference/unknown says what isn't declared
        yield "message", f"no journey that the test's events start sends `{body['message']}`"
    for field in ("lane", "name"):
        if field in body and named:
            names = [lane.name for step in named if isinstance(step, BranchStep | SplitStep) for lane in step.lanes]
            if body[field] not in names:
                yield field, f"`{body['step']}` has no “{body[field]}”; it has: {', '.join(names) or 'none'}"
