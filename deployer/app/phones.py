"""The journeys of a sandbox, played: events that come to its account go through the journeys that were confirmed there.

One engine decides what happens, the simulation; this module gives it the account's events, people and clock, and the
account what follows. What a person is in the middle of is played again from its events after a restart, by the journeys
that are turned on then.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import field, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from deployer.dataclass import dataclass
from deployer.errors import DeployerError
from deployer.kinds.channels import Channel
from deployer.sandbox.calls import timestamp
from deployer.sandbox.messages import Sending
from deployer.sandbox.posting import client
from deployer.sandbox.stage import ENDED, ENTERED, Trace
from deployer.simulation import (
    AnyEntry,
    AtStep,
    Branches,
    Category,
    Changed,
    Ended,
    Entered,
    Event,
    NotEntered,
    NotSent,
    Program,
    Queued,
    Received,
    Sent,
    Simulation,
    Subscriber,
    Subscription,
    Varies,
    Waits,
    assumptions,
)
from deployer.simulation.confirmed import Company, confirmed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime, timedelta

    import httpx

    from deployer.project import Project
    from deployer.sandbox import Sandbox
    from deployer.sandbox.posting import Postman
    from deployer.sandbox.stage import Arrived, Known, Stage
    from deployer.state import Backend

ROUND = 0.2
"""Seconds between two looks at the account."""


def confirmed_program(project: Project, backend: Backend) -> Program:
    """The program that was confirmed in an environment, as its record has it now. Raises ``StateError``."""
    settings = project.settings
    company = Company(settings.brand, settings.time_zone, assumptions(settings.assumptions))
    state = backend.read()
    entries = state.entries.items() if state else ()
    live = {address.partition(".")[2]: entry.live for address, entry in entries if address.startswith("journey.")}
    return confirmed(live, company)


@dataclass(slots=True)
class _Run:
    """One person's simulation, with the numbers of the events that it was given, in its order."""

    simulation: Simulation
    events: list[int] = field(default_factory=list)
    recorded: dict[int, int] = field(default_factory=dict)


@dataclass(slots=True)
class Player:
    """Plays the journeys of one account. ``program`` gives what is confirmed now; use it in one thread."""

    stage: Stage
    program: Callable[[], Program]
    _runs: dict[int, _Run] = field(default_factory=dict)

    def resume(self) -> None:
        """Take up what people are in the middle of."""
        waiting = self.stage.under_way()
        program = self.program() if waiting else None
        for arrived in waiting:
            assert program is not None
            assert arrived.at is not None
            assert arrived.subscriptions is not None
            known = replace(self.stage.known(arrived.number), subscriptions=arrived.subscriptions)
            self._feed(arrived, arrived.at, known, program)

    def round(self) -> bool:
        """Play what came and what is due now; whether there was anything."""
        now = self.stage.pace.now()
        arrived = self.stage.unplayed()
        program = self.program() if arrived else None
        for message in arrived:
            assert program is not None
            at = max(now, self._runs[message.person].simulation.now) if message.person in self._runs else now
            known = self.stage.known(message.number)
            if self.stage.played(message.number, at, known.subscriptions):
                self._feed(message, at, known, program)
        due = [run for run in self._runs.values() if _is_due(run, now)]
        for run in due:
            run.simulation.person = _subscriber(self.stage.known(run.events[-1]))
            self._advance(run, now)
        return bool(arrived or due)

    def next_due(self) -> datetime | None:
        """When the next journey goes on; ``None``: no one is in one that waits."""
        moments = [run.simulation.next_due for run in self._runs.values()]
        return min((moment for moment in moments if moment is not None), default=None)

    def _feed(self, arrived: Arrived, at: datetime, known: Known, program: Program) -> None:
        run = self._runs.setdefault(arrived.person, _Run(Simulation(program, Subscriber())))
        before = run.simulation.program
        run.simulation.program = replace(program, messages={**before.messages, **program.messages})
        run.simulation.person = _subscriber(known)
        run.simulation.happens(Event(at, arrived.type, arrived.properties, at - arrived.age))
        run.events.append(arrived.number)
        self._advance(run, at)

    def _advance(self, run: _Run, now: datetime) -> None:
        entries = [entry for entry in run.simulation.until(now) if entry.event >= 0]
        for number in dict.fromkeys(entry.event for entry in entries):
            mine = [entry for entry in entries if entry.event == number]
            self._record(run, number, mine)

    def _record(self, run: _Run, number: int, entries: list[AnyEntry]) -> None:
        event = run.events[number]
        traces: list[Trace] = []
        for entry in entries:
            if (kind := _what(entry)) is not None:
                place = run.recorded.get(number, 0)
                run.recorded[number] = place + 1
                traces.append(_trace(place, kind, entry))
        sendings = [_sending(event, sent, run.simulation.program) for sent in entries if isinstance(sent, Sent)]
        self.stage.record(event, traces, sendings)


def _is_due(run: _Run, now: datetime) -> bool:
    due = run.simulation.next_due
    return due is not None and due <= now


def _subscriber(known: Known) -> Subscriber:
    return Subscriber(
        phone=known.phone,
        email=known.email,
        subscriptions=frozenset(
            Subscription(Category(kind.lower()), Channel(channel.lower()))
            for kind, channel in known.subscriptions
            if kind.lower() in set(Category)
        ),
        attributes=dict(known.attributes),
        segments=known.segments,
    )


_KINDS: dict[type[AnyEntry], str] = {
    Entered: ENTERED,
    Ended: ENDED,
    NotEntered: "not_entered",
    Waits: "waits",
    Queued: "queued",
    Branches: "branches",
    Varies: "varies",
    Sent: "sent",
    NotSent: "not_sent",
}


def _what(entry: AnyEntry) -> str | None:
    """What a trace of an entry is called; ``None`` for what the account knows by itself."""
    return None if isinstance(entry, Received | Changed) else _KINDS[type(entry)]


def _trace(number: int, what: str, entry: AnyEntry) -> Trace:
    step = entry.step if isinstance(entry, AtStep) else ""
    until = timestamp(entry.until) if isinstance(entry, Waits | Queued) else ""
    words = entry.because.words
    if isinstance(entry, Branches):
        words = f"{entry.lane}: {words}" if words else entry.lane
    elif isinstance(entry, Varies):
        words = entry.variant
    return Trace(number, timestamp(entry.at), entry.journey, what, step, words, until)


def _sending(event: int, sent: Sent, program: Program) -> Sending:
    message = program.messages[sent.message].message
    details: dict[str, Any] = {
        "segments": sent.segments,
        "picture": sent.picture,
        "holes": list(sent.holes),
        "sender": message.from_name or message.from_email,
        "external_design": message.external_design,
    }
    return Sending(
        event,
        sent.journey,
        sent.step,
        sent.channel.upper(),
        sent.to,
        _category(sent.journey, program).upper(),
        timestamp(sent.at),
        dict(sent.reads),
        details,
    )


def _category(journey: str, program: Program) -> str:
    categories = (
        started.category for journeys in program.journeys.values() for started in journeys if started.id == journey
    )
    return next(categories, Category.TRANSACTIONAL.value)


@dataclass(slots=True)
class Phones:
    """A sandbox whose journeys are played and whose webhooks are posted to, in threads of this process.

    ``troubles`` are what can't be done at the moment, such as reading the record, by what it is for.
    """

    sandbox: Sandbox
    player: Player
    stop: threading.Event = field(default_factory=threading.Event)
    troubles: dict[str, str] = field(default_factory=dict)

    def overview(self) -> dict[str, Any]:
        """What happens in the account, and what can't be done at the moment."""
        return {**self.sandbox.overview(), "troubles": dict(self.troubles)}

    def reply(self, number: str, text: str) -> None:
        """Let a phone text something to the brand. Raises ``RefusedError`` for a phone that the account never saw."""
        self.sandbox.reply(number, text)

    def skip(self) -> bool:
        """Move the journeys' clock on to what is due next; whether anything was."""
        due = self.player.next_due()
        if due is not None:
            self.sandbox.pace.skip_to(due)
        return due is not None

    def pass_time(self, span: timedelta) -> None:
        """Move the journeys' clock on."""
        self.sandbox.pace.skip_to(self.sandbox.pace.now() + span)

    def play(self) -> None:
        """Play until ``stop``."""
        self._until_stopped("journeys", self.player.round)

    def post(self, http: httpx.Client) -> None:
        """Post to webhooks until ``stop``."""
        postman: Postman = self.sandbox.postman(http)
        self._until_stopped("webhooks", lambda: postman.round() > 0)

    def _until_stopped(self, name: str, work: Callable[[], bool]) -> None:
        while not self.stop.is_set():
            if not self._tried(name, work):
                self.stop.wait(ROUND)

    def _tried(self, name: str, work: Callable[[], bool]) -> bool:
        """Whether there was something to do; what can't be read or written now is tried again, and the page says so."""
        try:
            busy = work()
        except DeployerError as error:
            self.troubles[name] = f"{error.message}; {error.hint}".rstrip("; ")
            return False
        self.troubles.pop(name, None)
        return busy


@contextmanager
def playing(
    project: Project, backend: Backend, sandbox: Sandbox, speed: float = 1.0, *, posts: bool = True
) -> Iterator[Phones]:
    """Play a sandbox's journeys while the block runs, and with ``posts`` post to its webhooks.

    The client is made before the threads are: it imports, and where Ctrl-C meets an import of the main thread, one of
    another thread waits for ever.
    """
    sandbox.go(speed)
    player = Player(sandbox.stage(), lambda: confirmed_program(project, backend))
    player.resume()
    phones = Phones(sandbox, player)
    with client() as http:
        works = (phones.play, partial(phones.post, http)) if posts else (phones.play,)
        threads = [threading.Thread(target=work, name="deployer-phones") for work in works]
        for thread in threads:
            thread.start()
        try:
            yield phones
        finally:
            phones.stop.set()
            for thread in threads:
                thread.join()
