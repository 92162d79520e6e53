"""Proof on a real phone: an event is sent to a test contact, and what arrives is held against what was confirmed.

The texts to expect come from the simulation of the journey as it was confirmed, since that is what runs at Attentive.
"""

from __future__ import annotations

from itertools import islice, product
from typing import TYPE_CHECKING, Any

from deployer.app.operations import check_recipient
from deployer.app.phones import confirmed_program
from deployer.app.proof import Expected, Proof
from deployer.attentive import AttentiveError, User
from deployer.contracts import prepare
from deployer.errors import UsageError
from deployer.kinds.base import GuardError
from deployer.kinds.channels import facts
from deployer.kinds.event_type import EventType
from deployer.kinds.event_type.sending import identified
from deployer.kinds.journey import Journey, SplitStep, walk
from deployer.kinds.message.reading import additions
from deployer.simulation import Category, Channel, Event, Sent, Subscriber, Subscription, Timeline, simulate
from deployer.source import did_you_mean
from deployer.state import TaskStatus

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from deployer.app.begun_proofs import Begun
    from deployer.app.connection import Connection
    from deployer.state import TaskRecord


MOST_WAYS = 216
"""How many ways through a journey's A/B tests are looked at: three tests of six variants, Attentive's most."""


def prepare_proof(
    connection: Connection,
    name: str,
    data: Mapping[str, Any],
    to: User | None,
    at: datetime,
    begun: Begun | None = None,
    *,
    unlisted_allowed: bool = False,
) -> Proof:
    """Look at everything before anything is sent: the journey's record, key, app and company, recipient, eligibility.

    ``at`` is when the event is sent, or was, where the proof was ``begun``: what is expected counts from there.
    Raises ``UsageError``, ``PayloadError``, ``GuardError``, ``AttentiveError``, ``StateError``.
    """
    journey = _declared(connection, name)
    event = connection.project.find(EventType, journey.trigger)
    assert event is not None  # a checked project has every trigger
    user = to or connection.session.test_contact
    check_recipient(connection, user, unlisted_allowed=unlisted_allowed)
    user = _whole(connection, user)
    outgoing = prepare(connection.project, event, data)
    identified(event, user)
    connection.session.client(event.app)
    subscriber = _subscriber(connection, event.app, user)
    program = confirmed_program(connection.project, connection.backend).only([journey.id])
    if event.name not in program.journeys:
        hint = f"`deployer status --env {connection.environment.name}` shows what is left to confirm"
        raise GuardError("not-turned-on", f"`{journey.address}` isn't confirmed as turned on", hint)
    if begun is not None and begun.revision != _revision(connection, journey.address):
        hint = "begin again without --resume"
        raise GuardError("other-version", f"`{journey.address}` was turned on again since the event was sent", hint)
    happens = Event(at, event.name, outgoing.properties)
    timelines = [
        simulate(program, subscriber, [happens], variants=chosen) for chosen in _choices(program.journeys[event.name])
    ]
    ways = tuple(dict.fromkeys(tuple(_expected(timeline)) for timeline in timelines))
    timeline = timelines[0]
    if not any(ways):
        reasons = "; ".join(dict.fromkeys(entry.because.words for entry in timeline.entries if entry.because.reason))
        raise GuardError("nothing-to-expect", f"`{journey.address}` would send nothing: {reasons}", "nothing was sent")
    return Proof(
        journey.id,
        connection.environment.name,
        _revision(connection, journey.address),
        event.id,
        at,
        outgoing.properties,
        user,
        timeline,
        ways,
        additions(connection.project, media=False),
        connection.session.company_id,
        _open_proof(connection, journey.address),
    )


def _declared(connection: Connection, name: str) -> Journey:
    kind, _, identifier = name.rpartition(".")
    journey = connection.project.find(Journey, identifier) if kind in {"", "journey"} else None
    if journey is None:
        known = [journey.id for journey in connection.project.all(Journey)]
        hint = did_you_mean(identifier, known) or f"declared: {', '.join(known) or 'none'}"
        raise UsageError(f"there is no journey `{name}`", hint)
    return journey


def _whole(connection: Connection, user: User) -> User:
    """A test contact that was named by one address, with its other one."""
    for contact in connection.session.test_contacts():
        if user.phone and user.phone == contact.phone:
            return contact
        if user.email and user.email.lower() == contact.email.lower():
            return contact
    return user


def _subscriber(connection: Connection, app: str, user: User) -> Subscriber:
    """The person as Attentive knows them: what they are eligible for, and their attributes where they can be read."""
    client = connection.session.client(app)
    person = User(phone=user.phone) if user.phone else User(email=user.email)
    eligible = [eligibility for eligibility in client.eligibilities(person) or () if eligibility.eligible]
    if user.phone and user.email:
        eligible += [
            eligibility for eligibility in client.eligibilities(User(email=user.email)) or () if eligibility.eligible
        ]
    try:
        attributes = dict(client.attributes(person) or {})
    except AttentiveError:  # a permission that sending needs no one to have
        attributes = {}
    subscriptions = frozenset(
        Subscription(Category(eligibility.type.lower()), Channel(eligibility.channel.lower()))
        for eligibility in eligible
        if eligibility.type.lower() in set(Category) and eligibility.channel.lower() in set(Channel)
    )
    return Subscriber(phone=user.phone, email=user.email, subscriptions=subscriptions, attributes=attributes)


def _choices(journeys: Iterable[Journey]) -> Iterator[dict[str, str]]:
    """Each choice of a variant for every A/B test of some journeys."""
    steps = [placed.step for journey in journeys for placed in walk(journey)]
    tests = {step.id: [lane.name for lane in step.lanes] for step in steps if isinstance(step, SplitStep)}
    for names in islice(product(*tests.values()), MOST_WAYS):
        yield dict(zip(tests, names, strict=True))


def _expected(timeline: Timeline) -> Iterator[Expected]:
    for entry in timeline.entries:
        if isinstance(entry, Sent):
            yield Expected(entry.at, entry.step, entry.channel, entry.reads.get(facts(Channel(entry.channel)).lead, ""))


def _revision(connection: Connection, address: str) -> str:
    """The version of a journey that runs; empty where none does."""
    entry = connection.state().entry(address)
    return str((entry.live.get("turn_on") or {}).get("revision", "")) if entry else ""


def _open_proof(connection: Connection, address: str) -> TaskRecord | None:
    entry = connection.state().entry(address)
    tasks = entry.tasks.values() if entry else ()
    runs = _revision(connection, address)
    open_ones = (task for task in tasks if task.proof and task.status is TaskStatus.WAITING and not task.superseded)
    return next((task for task in open_ones if task.value.get("revision") == runs), None)
