"""``deployer demo --watch``: a day of the shop on the sandbox's page."""

from __future__ import annotations

import time
from contextlib import ExitStack
from datetime import time as time_of_day
from typing import TYPE_CHECKING

import deployer
from deployer.extras import needed_for

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from deployer.app.connection import Connection
    from deployer.cli.options import CommandRun
    from deployer.kinds.event_type import EventType

DAY = ("order_confirmed", "order_shipped", "parcel_scanned", "out_for_delivery", "delivery_delayed", "order_delivered")
"""The order in which the events of one order come; what else a shop has comes after these."""

NOON = time_of_day(12)
SPEED = 600.0
"""Seconds of the journeys' clock in a real one: three days of waiting take seven minutes, or a click."""

PAUSE = 4.0
"""Seconds between two events."""


def watch(run: CommandRun, connection: Connection, port: int) -> None:
    """Serve the sandbox's page, send the day's events one after the other, and stay until Ctrl-C.

    Nothing is posted to webhooks: the demo uses no network. Raises ``KeyboardInterrupt``, ``UsageError``.
    """
    from deployer.app.phones import playing
    from deployer.app.sandbox_account import open_sandbox
    from deployer.errors import UsageError

    with needed_for("`deployer demo --watch`"):
        from deployer.sandbox.server import serving
        from deployer.views.pages.phones_live import phones_site

    with ExitStack() as stack:
        sandbox = stack.enter_context(open_sandbox(connection.project))
        phones = stack.enter_context(playing(connection.project, connection.backend, sandbox, SPEED, posts=False))
        sandbox.pace.skip_to(_noon(connection, sandbox.pace.now()))
        page, path = phones_site(phones)
        try:
            url = stack.enter_context(serving(sandbox, port, beside=[page]))
        except OSError as error:
            raise UsageError(f"port {port} can't be used: {error.strerror}", "pass another --port") from error
        run.out(f"phones and inboxes: {url}{path}")
        run.tell("open it, and watch the day go by; Ctrl-C ends it")
        for event in _day(connection):
            time.sleep(PAUSE)
            deployer.send(connection, event.id, event.samples["happy"], None)
            run.tell(f"sent {event.id}")
        run.tell("that was the day")
        while True:
            time.sleep(PAUSE)


def _noon(connection: Connection, now: datetime) -> datetime:
    """The next noon where the customer is: in the evening, quiet hours would hold back the day's texts."""
    from deployer.simulation import Subscriber, next_shown, zone_of

    phone = connection.session.test_contact.phone or ""
    zone, _ = zone_of(Subscriber(phone=phone), connection.project.settings.time_zone)
    return next_shown(now, NOON, zone)


def _day(connection: Connection) -> Sequence[EventType]:
    """The events that start a journey and have a sample to send, in the order of a day."""
    return sorted(
        _sendable(connection),
        key=lambda event_type: (DAY.index(event_type.id) if event_type.id in DAY else len(DAY), event_type.id),
    )


def _sendable(connection: Connection) -> Iterator[EventType]:
    from deployer.kinds.event_type import EventType
    from deployer.kinds.journey import Journey

    triggers = {journey.trigger for journey in connection.project.all(Journey) if journey.status == "active"}
    for event in connection.project.all(EventType):
        if event.id in triggers and "happy" in event.samples:
            yield event
