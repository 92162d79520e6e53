"""Rules about journeys: steps that fit together, shares that add up, and who can be reached."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from deployer.kinds.channels import facts
from deployer.kinds.event_type import EventType
from deployer.kinds.journey import Journey, SendStep, SplitStep, walk
from deployer.kinds.message import Message
from deployer.kinds.opt_in_source import OptInSource
from deployer.rules.place import Finding
from deployer.rules.rule import rule
from deployer.source import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deployer.kinds.journey import Placed
    from deployer.project import Resource
    from deployer.rules.subject import Subject

WHOLE = Decimal(100)


def _sends(journey: Journey) -> Iterator[tuple[Placed, SendStep]]:
    for placed in walk(journey):
        if isinstance(placed.step, SendStep):
            yield placed, placed.step


def start(resource: Resource) -> list[str]:
    """The event that a journey starts with, and its status."""
    journey = resource.read_as(Journey)
    return [journey.trigger, journey.status]


def _splits(journey: Journey) -> Iterator[tuple[Placed, SplitStep]]:
    for placed in walk(journey):
        if isinstance(placed.step, SplitStep):
            yield placed, placed.step


@rule("journey/duplicate-step", "two steps of a journey have one id", fix="give each step its own id")
def duplicate_step(subject: Subject) -> Iterator[Finding]:
    """Tasks and their confirmations are kept under the step's id, also for steps inside branches and tests."""
    for journey in subject.open(Journey):
        seen: set[str] = set()
        for placed in walk(journey):
            if placed.step.id in seen:
                message = f"a step `{placed.step.id}` is already in this journey"
                yield Finding(subject.at(journey, *placed.pointer, "id"), message, "give it its own id")
            seen.add(placed.step.id)


@rule(
    "journey/message-channel",
    "a step sends a message of the other channel",
    fix="use `send_text` for messages of the channel text, `send_email` for those of the channel email",
)
def message_channel(subject: Subject) -> Iterator[Finding]:
    """A text step has no subject to fill in, and an email step no picture: they are different steps in the builder."""
    for journey in subject.open(Journey):
        for placed, step in _sends(journey):
            message = subject.project.find(Message, step.message)
            if message and message.channel != step.channel and not subject.at(message, "channel").unread:
                place = subject.at(journey, *placed.pointer, step.field, "message")
                text = f"`{step.field}` can't send `{message.id}`: its channel is {message.channel}"
                step_of = facts(message.channel).step
                yield Finding(place, text, f"write `{step_of}`, or name a message of the channel {step.channel}")


@rule(
    "journey/message-event",
    "a step sends a message that reads another event than the journey's trigger",
    fix="send a message whose `event` is the journey's `trigger`",
)
def message_event(subject: Subject) -> Iterator[Finding]:
    """Macros read the event that started the journey, so those of another event stay empty in what customers get."""
    for journey in subject.open(Journey):
        if subject.project.find(EventType, journey.trigger) is None:  # reference/unknown says so
            continue
        for placed, step in _sends(journey):
            message = subject.project.find(Message, step.message)
            if message and message.event != journey.trigger and not subject.at(message, "event").unread:
                place = subject.at(journey, *placed.pointer, step.field, "message")
                text = f"`{message.id}` reads `{message.event}`, but `{journey.trigger}` starts this journey"
                yield Finding(place, text, "its macros would be empty: send a message about the trigger")


@rule(
    "journey/shares",
    "the shares of an A/B test don't make 100 percent",
    fix="make the shares add up to exactly 100, with at most one decimal place each",
)
def shares(subject: Subject) -> Iterator[Finding]:
    """The builder saves a split only where it is exactly 100 percent, and takes one decimal place.

    Attentive's help page "Add an A/B test step to a journey".
    """
    for journey in subject.open(Journey):
        for placed, step in _splits(journey):
            yield from _share_findings(subject, journey, placed, step)


def _share_findings(subject: Subject, journey: Journey, placed: Placed, step: SplitStep) -> Iterator[Finding]:
    here = (*placed.pointer, "ab_test", "variants")
    parts = [Decimal(str(lane.share)) for lane in step.lanes]
    for number, part in enumerate(parts):
        if part != round(part, 1):
            message = f"a share has one decimal place at most, and {part} has more"
            yield Finding(subject.at(journey, *here, number, "share"), message, f"write {round(part, 1)}")
    if sum(parts) != WHOLE:
        message = f"the shares of `{step.id}` add up to {sum(parts)} percent"
        yield Finding(subject.at_key(journey, *here), message, "make them add up to exactly 100")


@rule(
    "journey/duplicate-variant",
    "two variants of an A/B test have one name",
    fix="give each variant its own name",
)
def duplicate_variant(subject: Subject) -> Iterator[Finding]:
    """Results and tasks distinguish variants by their names."""
    for journey in subject.open(Journey):
        for placed, step in _splits(journey):
            names = [lane.name for lane in step.lanes]
            for number, name in enumerate(names):
                if name in names[:number]:
                    place = subject.at(journey, *placed.pointer, "ab_test", "variants", number, "name")
                    yield Finding(place, f"this test already has a variant “{name}”", "give it another name")


@rule(
    "journey/deprecated-trigger",
    "an active journey starts with a deprecated event",
    severity=Severity.WARNING,
    fix="move the journey to the event that replaces it, or turn the journey off",
)
def deprecated_trigger(subject: Subject) -> Iterator[Finding]:
    """A deprecated event type goes away one day, and the journey with it."""
    for journey in subject.open(Journey):
        event = subject.project.find(EventType, journey.trigger)
        if journey.status == "active" and event and event.deprecated:
            message = f"`{journey.trigger}` is deprecated, and this journey is active"
            hint = "build a journey on the event that replaces it; a journey's trigger is fixed"
            yield Finding(subject.at(journey, "trigger"), message, hint)


@rule(
    "journey/unreachable",
    "a step sends to a phone or an email that the trigger's events needn't carry",
    severity=Severity.WARNING,
    fix="add it to the event type's `identify_by` if events carry it, or send on the other channel",
)
def unreachable(subject: Subject) -> Iterator[Finding]:
    """A person whom the event names by email alone gets a text only if Attentive knows their phone already."""
    for journey in subject.open(Journey):
        event = _identified(subject, journey)
        for placed, step in _sends(journey) if event else ():
            assert event is not None
            needed = facts(step.channel).person
            if needed not in event.identify_by:
                ways = " and ".join(event.identify_by)
                message = f"`{event.id}` is identified by {ways}, so this {step.channel} may reach no one"
                hint = f"add {needed} to `identify_by` of `{event.address}` if its events carry it"
                yield Finding(subject.at_key(journey, *placed.pointer, step.field), message, hint)


def _identified(subject: Subject, journey: Journey) -> EventType | None:
    """The trigger, where it is known what its events name the customer by."""
    event = subject.project.find(EventType, journey.trigger)
    return None if event and subject.at(event, "identify_by").unread else event


@rule(
    "journey/may-not-reach",
    "a step sends to a phone or an email, and an event may name the customer by the other alone",
    severity=Severity.INFO,
    fix="list in `identify_by` only what is in every event, or send on the other channel too",
)
def may_not_reach(subject: Subject) -> Iterator[Finding]:
    """An event has at least one of the ways in `identify_by`, not each of them: without a phone a text reaches no one.

    A journey that sends on both channels reaches everyone on one of them, and isn't reported.
    """
    for journey in subject.open(Journey):
        event = _identified(subject, journey)
        unread = subject.at(journey, "steps").unread
        alone = len({step.channel for _, step in _sends(journey)}) == 1 and journey.status == "active" and not unread
        for placed, step in _sends(journey) if event and alone else ():
            assert event is not None
            needed = facts(step.channel).person
            others = [way for way in event.identify_by if way != needed]
            if needed in event.identify_by and others:
                message = f"an event may have the {others[0]} alone, and then this {step.channel} reaches no one"
                hint = f"write `identify_by: [{needed}]` in `{event.address}` if every event has the {needed}"
                yield Finding(subject.at_key(journey, *placed.pointer, f"send_{step.channel}"), message, hint)


@rule(
    "journey/two-on-one-trigger",
    "two active journeys start with one event",
    severity=Severity.WARNING,
    fix="turn one of them off, or put their steps into one journey",
)
def two_on_one_trigger(subject: Subject) -> Iterator[Finding]:
    """Both send, so a customer may get two messages about one thing."""
    first: dict[str, Resource] = {}
    for resource in subject.of_model(Journey):
        trigger, status = resource.fact("start", start)
        if status == "active":
            other = first.setdefault(trigger, resource)
            if other is not resource:
                message = f"`{other.model.id}` is active on `{trigger}` too, so customers may be written to twice"
                place = subject.at(resource.model, "trigger")
                yield Finding(place, message, "turn one off, or make one journey of them")


@rule(
    "journey/opt-in-category",
    "a transactional journey sends texts, but names no transactional opt-in source for texts",
    fix="name an OptInSource of channel text and type transactional under `opt_in`",
)
def opt_in_category(subject: Subject) -> Iterator[Finding]:
    """Transactional texts need separate consent: a person gave the number and the box was checked.

    Attentive's help page "Transactional messages using Attentive's APIs". Transactional emails need no opt-in.
    """
    for journey in subject.open(Journey):
        sources = [subject.project.find(OptInSource, source) for source in journey.opt_in]
        if journey.category != "transactional" or not subject.are_read(sources, "channel", "subscription_type"):
            continue
        channels = {source.channel for source in sources if source and source.subscription_type == "transactional"}
        sent = dict.fromkeys(step.channel for _, step in _sends(journey) if facts(step.channel).consent)
        for channel in (channel for channel in sent if channel not in channels):
            place = subject.at_key(journey, "opt_in")
            many = facts(channel).many
            message = f"this journey sends transactional {many}, but none of its opt-in sources asks consent for them"
            hint = (
                f"name an OptInSource with `channel: {channel}` and `subscription_type: transactional` under `opt_in`"
            )
            yield Finding(place, message, hint)


@rule(
    "journey/sends-nothing",
    "an active journey sends nothing",
    severity=Severity.WARNING,
    fix="add a step that sends, or make the journey a draft",
)
def sends_nothing(subject: Subject) -> Iterator[Finding]:
    """An active journey without a message is usually one that isn't finished."""
    for journey in subject.open(Journey):
        if journey.status == "active" and not any(_sends(journey)):
            message = "this journey is active, but no step of it sends anything"
            yield Finding(subject.at_key(journey, "steps"), message, "add a step, or write `status: draft`")
