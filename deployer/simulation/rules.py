"""What decides at one moment: who enters a journey, who may get a message, which lane is taken.

Each function looks at values and gives a value with its reason, so that each rule of Attentive can be read, and tested,
alone. ``docs/simulation.md`` has the sources.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import TYPE_CHECKING, assert_never

from deployer.dataclass import dataclass
from deployer.kinds.channels import Channel, facts
from deployer.simulation.moments import duration, span
from deployer.simulation.people import Category
from deployer.simulation.timeline import Because, Reason

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from deployer.kinds.journey import Journey, Lane, SendStep, SplitStep
    from deployer.simulation.assuming import Assumptions
    from deployer.simulation.people import Event, Subscriber
    from deployer.simulation.programs import Outline, Program
    from deployer.source import Body

OLDEST = timedelta(hours=12)
"""Older events start no journey (Attentive's OpenAPI file, POST /v1/events/custom, ``occurredAt``)."""

_ADDRESS = {"phone": "phone", "email": "email address"}


@dataclass(frozen=True, slots=True)
class Past:
    """What a subscriber did in a journey so far: times inside now, and when last entered and left."""

    inside: int
    entered: datetime | None
    left: datetime | None


def entry(outline: Outline, event: Event, person: Subscriber, past: Past, program: Program) -> Because:
    """Whether an event starts a journey for a subscriber: it does unless there is a reason."""
    journey = outline.journey
    if journey.status != "active" and journey.id not in program.active:
        return Because(f"the journey's status is {journey.status}", reason=Reason.INACTIVE)
    age = event.at - (event.occurred_at or event.at)
    if age > OLDEST:
        words = f"the event is {span(age)} old; Attentive starts no journey after {span(OLDEST)}"
        return Because(words, reason=Reason.TOO_OLD)
    return admitted(outline, person) or _again(journey, event.at, past, program.assumptions)


def admitted(outline: Outline, person: Subscriber) -> Because | None:
    """Why a person isn't among those whom a journey is for; ``None`` where they are.

    One message that can reach them is enough. Transactional-only subscribers aren't eligible for a marketing journey
    unless it branches on the subscription type (Attentive's “FAQs: Shopify transactional journeys”).
    """
    category = Category(outline.journey.category)
    refused = [reachable(person, category, channel) for channel in outline.channels]
    if None in refused or not refused:
        return None
    if category is Category.MARKETING and transactional_only(person):
        if outline.on_subscription:
            return None
        words = "the journey is marketing, and the subscriber is subscribed to transactional messages only"
        return Because(words, reason=Reason.CATEGORY)
    return refused[0]


def _again(journey: Journey, now: datetime, past: Past, assumed: Assumptions) -> Because:
    """Whether someone who was in the journey before may enter it again."""
    if past.inside and assumed.while_inside == "stays_out":
        return Because("the subscriber is still in the journey", ("while_inside",), Reason.INSIDE)
    named = ("while_inside",) if past.inside else ()
    if journey.cooldown == "none" or past.entered is None:
        return Because("", named)
    if past.inside or past.left != past.entered:
        named = (*named, "cooldown_from")
    since = past.entered if assumed.cooldown_from == "entry" else past.left
    if assumed.cooldown_from == "exit" and past.inside:
        words = "the subscriber hasn't left the journey, so its re-entry cooldown hasn't started"
        return Because(words, named, Reason.COOLDOWN)
    if since is not None and now - since < duration(journey.cooldown):
        words = f"the re-entry cooldown is {journey.cooldown}, and {span(now - since)} passed"
        return Because(words, named, Reason.COOLDOWN)
    return Because("", named)


def reachable(person: Subscriber, category: Category, channel: Channel) -> Because | None:
    """Why a message can't reach the subscriber; ``None`` where it can.

    A message goes to people who are subscribed to its category on its channel; transactional emails go to everyone
    (Attentive's help page “Send transactional emails with Attentive”).
    """
    if not person.address(channel):
        return Because(f"the subscriber has no {_ADDRESS[facts(channel).person]}", reason=Reason.NO_ADDRESS)
    if everyone(category, channel) or person.subscribed(category, channel):
        return None
    words = f"the subscriber isn't subscribed to {category} {facts(channel).many}"
    return Because(words, reason=Reason.NOT_SUBSCRIBED)


def everyone(category: Category, channel: Channel) -> bool:
    """Whether messages go to everyone who has an address, subscribed or not."""
    return category is Category.TRANSACTIONAL and not facts(channel).consent


def skips_gaps(channel: Channel) -> bool:
    """Whether Attentive documents that a marketing message with a value missing isn't sent, and a transactional one is.

    It does for emails (its help page “Fine-tune email message personalization with Liquid”).
    """
    match channel:
        case Channel.EMAIL:
            return True
        case Channel.TEXT:
            return False
    assert_never(channel)


def follows(step: SendStep, category: Category, assumed: Assumptions, rule: str) -> tuple[bool, str]:
    """Whether a message whose toggle says ``respect`` follows a rule, and the assumption that decides, if one does.

    ``rule`` is ``quiet_hours`` or ``smart_sending``.
    """
    name = _deciding(step.channel, category, rule)
    return not name or getattr(assumed, name) == "as_set", name


def _deciding(channel: Channel, category: Category, rule: str) -> str:
    """The assumption about messages of a channel and a category; empty where the toggle alone decides."""
    transactional = category is Category.TRANSACTIONAL
    match channel:
        case Channel.TEXT:
            return f"transactional_texts_in_{rule}" if transactional else ""
        case Channel.EMAIL if rule == "quiet_hours":
            return "emails_in_quiet_hours"
        case Channel.EMAIL:
            return "transactional_emails_in_smart_sending" if transactional else ""
    assert_never(channel)


def category_in(lane: Lane, category: Category) -> Category:
    """What messages in a lane are: a marketing journey's lane for transactional-only subscribers is transactional."""
    only = lane.condition is not None and lane.condition.get("subscription") == "transactional_only"
    return Category.TRANSACTIONAL if only else category


def done(person: Subscriber, now: datetime, received: Collection[Channel]) -> frozenset[str]:
    """What a subscriber has done until now, in a branch's words."""
    bought = {"purchased"} if any(at <= now for at in person.purchases) else set()
    return person.actions | bought | {facts(channel).received for channel in received}


def matching(
    lanes: Sequence[Lane], person: Subscriber, event: Event, actions: frozenset[str], assumed: Assumptions
) -> tuple[int, Because]:
    """The lane that is taken: the left-most that matches, else the last (help page “Branches in journeys”)."""
    used: dict[str, None] = {}
    for number, lane in enumerate(lanes):
        if lane.condition is None:
            break
        matched, words, names = _holds(lane.condition, person, event, actions, assumed)
        used.update(dict.fromkeys(names))
        if matched:
            return number, Because(words, tuple(used))
    return len(lanes) - 1, Because("no other lane matches", tuple(used))


_Verdict = tuple[bool, str, tuple[str, ...]]
"""Whether a condition holds, that it does in words, and the assumptions that this rests on."""


def _holds(
    condition: Body, person: Subscriber, event: Event, actions: frozenset[str], assumed: Assumptions
) -> _Verdict:
    dimension, wanted = next((name, value) for name, value in condition.items() if not name.startswith("x-"))
    if dimension == "subscription":
        return _subscribed(wanted, person, assumed)
    if dimension == "segment":
        return _in_segment(wanted, person, assumed)
    if dimension == "action":
        return wanted in actions, f"the subscriber's actions: {str(wanted).replace('_', ' ')}", ()
    if dimension == "product":
        return _of_product(wanted, event)
    return getattr(person, dimension) == wanted, f"the subscriber's {dimension} is {wanted}", ()


def _of_product(wanted: Body, event: Event) -> _Verdict:
    key, value = next((name, value) for name, value in wanted.items() if not name.startswith("x-"))
    has = event.product.get(key, ())
    return value in ([has] if isinstance(has, str) else has), f"the product's {key} is {value}", ()


def _subscribed(wanted: str, person: Subscriber, assumed: Assumptions) -> _Verdict:
    ways = {way: _categories(person, way) for way in ("text", "any_channel")}
    mattered = ("subscription_branch",) if ways["text"] != ways["any_channel"] else ()
    categories = ways[assumed.subscription_branch]
    if wanted == "both":
        return categories == set(Category), "the subscriber is subscribed to both", mattered
    return (
        categories == {Category.TRANSACTIONAL},
        "the subscriber is subscribed to transactional messages only",
        mattered,
    )


def _categories(person: Subscriber, way: str) -> set[Category]:
    return {
        subscription.category
        for subscription in person.subscriptions
        if way == "any_channel" or subscription.channel is Channel.TEXT
    }


def _in_segment(wanted: str, person: Subscriber, assumed: Assumptions) -> _Verdict:
    words = f"the subscriber is in the segment {wanted}"
    if wanted not in person.segments or not transactional_only(person):
        return wanted in person.segments, words, ()
    name = "transactional_only_in_segments"
    return assumed.transactional_only_in_segments == "as_listed", words, (name,)


def transactional_only(person: Subscriber) -> bool:
    """Whether the person is subscribed to transactional messages, and to no marketing on any channel."""
    return _categories(person, "any_channel") == {Category.TRANSACTIONAL}


def drawn(step: SplitStep, person: str, journey: str, seed: int) -> tuple[int, Because]:
    """The variant of an A/B test: the same for the same person, step and seed, spread as the shares say.

    Attentive draws by chance, so which variant a person will get can't be known.
    """
    key = "\0".join((str(seed), journey, step.id, person))
    point = int.from_bytes(hashlib.sha256(key.encode()).digest()[:8], "big") / 2**64 * 100
    end, number = 0.0, 0
    for number, lane in enumerate(step.lanes):  # noqa: B007 - the last variant takes what rounding leaves
        end += lane.share or 0
        if point < end:
            break
    return number, Because(f"drawn for this subscriber with seed {seed}; Attentive draws by chance")
