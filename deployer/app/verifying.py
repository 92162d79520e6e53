"""Proof on a real phone: an event is sent to a test contact, and what arrives is held against what was confirmed.

The texts to expect come from the simulation of the journey as it was confirmed, since that is what runs at Attentive.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from deployer.app.operations import check_recipient, confirm, send
from deployer.app.phones import confirmed_program
from deployer.attentive import AttentiveError, User
from deployer.contracts import prepare
from deployer.errors import UsageError
from deployer.kinds.base import GuardError
from deployer.kinds.channels import facts
from deployer.kinds.event_type import EventType
from deployer.kinds.event_type.sending import identified
from deployer.kinds.journey import Journey
from deployer.kinds.message.reading import additions
from deployer.messages.alike import Template, reads_alike
from deployer.simulation import Category, Channel, Event, Sent, Subscriber, Subscription, Timeline, simulate
from deployer.source import did_you_mean
from deployer.state import TaskStatus

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from deployer.app.connection import Connection
    from deployer.attentive.deliveries import SentMessage
    from deployer.engine.confirm import Provenance, Statement
    from deployer.messages import Additions
    from deployer.state import TaskRecord


@dataclass(frozen=True, slots=True)
class Expected:
    """A message that should arrive: when, from which step, on which channel; ``words`` are a text or a subject."""

    at: datetime
    step: str
    channel: str
    words: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Proof:
    """What ``verify`` is about to send, to whom, and what should follow.

    ``task`` is the proof of the version that runs; ``None`` where the record doesn't wait for it.
    """

    journey: str
    event: str
    data: Mapping[str, Any] = field(repr=False)
    user: User = field(repr=False)
    timeline: Timeline = field(repr=False)
    expected: tuple[Expected, ...]
    added: Additions
    company_id: str
    task: TaskRecord | None

    def of_this(self, sent: SentMessage) -> bool:
        """Whether a message went to the person of this proof, from this company."""
        mine = sent.phone == self.user.phone if sent.phone else sent.email.lower() == self.user.email.lower()
        return mine and bool(sent.phone or sent.email) and sent.company_id in {"", self.company_id}


@dataclass(frozen=True, slots=True)
class Comparison:
    """What came beside what was expected: each expected message with whether it came; ``others`` came unexpected."""

    expected: tuple[tuple[Expected, bool], ...]
    others: tuple[SentMessage, ...]

    @property
    def complete(self) -> bool:
        """Whether every expected message came."""
        return all(came for _, came in self.expected)

    @property
    def proven(self) -> bool:
        """Whether exactly what was expected came."""
        return self.complete and bool(self.expected) and not self.others


def prepare_proof(
    connection: Connection,
    name: str,
    data: Mapping[str, Any],
    to: User | None,
    *,
    unlisted_allowed: bool = False,
) -> Proof:
    """Look at everything before anything is sent: the journey's record, key, app and company, recipient, eligibility.

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
    timeline = simulate(program, subscriber, [Event(datetime.now(UTC), event.name, outgoing.properties)])
    expected = tuple(_expected(timeline))
    if not expected:
        reasons = "; ".join(dict.fromkeys(one.because.words for one in timeline.entries if one.because.reason))
        raise GuardError("nothing-to-expect", f"`{journey.address}` would send nothing: {reasons}", "nothing was sent")
    return Proof(
        journey.id,
        event.id,
        outgoing.properties,
        user,
        timeline,
        expected,
        additions(connection.project, media=False),
        connection.session.company_id,
        _open_proof(connection, journey.address),
    )


def send_proof(connection: Connection, proof: Proof, *, unlisted_allowed: bool = False) -> str:
    """Send the event, live and once, under a fresh ``externalEventId``, which is returned."""
    return send(connection, proof.event, dict(proof.data), proof.user, unlisted_allowed=unlisted_allowed)


def compare(proof: Proof, came: Sequence[SentMessage]) -> Comparison:
    """Hold what came to the person against what was expected; each message answers for one."""
    left = [one for one in came if proof.of_this(one)]
    found = []
    for one in proof.expected:
        match = next((sent for sent in left if _same(one, sent, proof.added)), None)
        if match is not None:
            left.remove(match)
        found.append((one, match is not None))
    return Comparison(tuple(found), tuple(left))


def record_proof(
    connection: Connection, proof: Proof, statement: Statement, how: Provenance, *, lock_timeout: float = 10
) -> bool:
    """Record the proof as observed in deliveries, or confirmed by a person; false where nothing waited."""
    if proof.task is None:
        return False
    said = replace(statement, provenance=how)
    name = connection.environment.name
    confirm(connection.backend, name, [proof.task.token], said, lock_timeout=lock_timeout)
    return True


def _declared(connection: Connection, name: str) -> Journey:
    kind, _, identifier = name.rpartition(".")
    journey = connection.project.find(Journey, identifier) if kind in {"", "journey"} else None
    if journey is None:
        known = [one.id for one in connection.project.all(Journey)]
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
    one = User(phone=user.phone) if user.phone else User(email=user.email)
    eligible = [found for found in client.eligibilities(one) or () if found.eligible]
    if user.phone and user.email:
        eligible += [found for found in client.eligibilities(User(email=user.email)) or () if found.eligible]
    try:
        attributes = dict(client.attributes(one) or {})
    except AttentiveError:  # a permission that sending needs no one to have
        attributes = {}
    subscriptions = frozenset(
        Subscription(Category(found.type.lower()), Channel(found.channel.lower()))
        for found in eligible
        if found.type.lower() in set(Category) and found.channel.lower() in set(Channel)
    )
    return Subscriber(phone=user.phone, email=user.email, subscriptions=subscriptions, attributes=attributes)


def _expected(timeline: Timeline) -> Iterator[Expected]:
    for one in timeline.entries:
        if isinstance(one, Sent):
            yield Expected(one.at, one.step, one.channel, one.reads.get(facts(Channel(one.channel)).lead, ""))


def _same(expected: Expected, sent: SentMessage, added: Additions) -> bool:
    return expected.channel == sent.channel and reads_alike(expected.words, sent.words, added)


def _open_proof(connection: Connection, address: str) -> TaskRecord | None:
    entry = connection.state().entry(address)
    tasks = entry.tasks.values() if entry else ()
    runs = (entry.live.get("turn_on") or {}).get("revision") if entry else None
    open_ones = (one for one in tasks if one.proof and one.status is TaskStatus.WAITING and not one.superseded)
    return next((one for one in open_ones if one.value.get("revision") == runs), None)


@dataclass(frozen=True, slots=True)
class Unexplained:
    """A message that no confirmed one explains; ``nearest`` is ``journey/step``, ``missing`` are its words it lacks.

    Nothing that was written to the person is in it.
    """

    at: datetime
    channel: str
    nearest: str
    missing: tuple[str, ...]


@dataclass(frozen=True)
class Watch:
    """The messages that are confirmed in an environment, each with its name and channel."""

    templates: tuple[tuple[str, str, Template], ...]
    company_id: str

    def judge(self, sent: SentMessage) -> Unexplained | None:
        """``None`` for a message that a confirmed one explains, or that is another company's, where ours is known."""
        mine = [(name, template) for name, channel, template in self.templates if channel == sent.channel]
        foreign = bool(self.company_id) and sent.company_id not in {"", self.company_id}
        if foreign or any(template.fits(sent.words) for _, template in mine):
            return None
        lost = [(template.missing(sent.words), name) for name, template in mine]
        missing, nearest = min(lost, key=lambda one: sum(map(len, one[0])), default=((), ""))
        return Unexplained(sent.at, sent.channel, nearest, missing)


def watch(connection: Connection) -> Watch:
    """Everything that is confirmed as live in an environment; raises ``GuardError`` where nothing is."""
    program = confirmed_program(connection.project, connection.backend)
    added = additions(connection.project, media=False)
    templates = tuple(
        (name.partition("@")[0] + "/" + name.partition("/")[2], words.message.channel.value, Template(text, added))
        for name, words in program.messages.items()
        if (text := words.parts.get(facts(words.message.channel).lead))
    )
    if not templates:
        hint = f"`deployer status --env {connection.environment.name}` shows what is left to confirm"
        raise GuardError("not-turned-on", "no journey is confirmed as turned on", hint)
    return Watch(templates, connection.environment.company_id or connection.session.company_id)
