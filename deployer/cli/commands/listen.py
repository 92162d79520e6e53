"""``deployer listen``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

import deployer
from deployer.cli import exits, views
from deployer.cli.options import command as make_command
from deployer.cli.webhook_options import signing_key, webhook_options

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from deployer.app.deliveries import Delivery
    from deployer.app.watching import Reported, Watched
    from deployer.cli.options import CommandRun, Formats

FORMATS: Formats[[Reported, Watched]] = {
    "text": lambda run, reported, watched: views.verifying.watched_text(reported, watched, **run.look),
    "json": lambda _, reported, watched: views.verifying.watched_json(reported, watched),
}
"""Of a message that no confirmed one explains, of a shape that isn't known, else of what was watched so far."""


@make_command(*FORMATS, name="listen")
@webhook_options
def command(run: CommandRun, *, listen: int | None, webhook_log: Path | None, signing_key_env: str) -> int:
    """Compare every message that Attentive says it sent with the messages that are confirmed, and report the others.

    No API shows what a journey sends: this is the one way to see that a text was changed in Attentive's pages. It
    listens until Ctrl-C, or reads a log once and exits with 1 where a message isn't explained. What was written to a
    person is neither printed nor stored: a report names the nearest confirmed message, and its words that were missing.
    Deliveries of a shape that it doesn't know are counted.

    \b
    Example:
      deployer listen --env production --listen 8090
      deployer listen --env production --listen 8090 --format json
    """
    from deployer.app.watching import Watched, watch

    if (listen is None) == (webhook_log is None):
        raise click.UsageError("pass --listen PORT or --webhook-log FILE")
    key = signing_key(signing_key_env, needed=listen is not None)
    with deployer.connect(run.workspace(), run.env) as connection:
        watching = watch(connection)
    watched = Watched()
    for delivery in _deliveries(run, listen, webhook_log, key):
        found, watched = watching.next(delivery, watched)
        if found is not None:
            run.show(FORMATS, found, watched)
    run.show(FORMATS, None, watched)
    return exits.DONE if watched.good else exits.FAILED


def _deliveries(run: CommandRun, port: int | None, log: Path | None, key: str) -> Iterator[Delivery]:
    from deployer.app.deliveries import listening, read_log

    if log is not None:
        yield from read_log(log, key)
        return
    assert port is not None
    with listening(port, key) as deliveries:
        run.tell(f"listening at {deliveries.url}; Ctrl-C ends it")
        while True:
            delivery = deliveries.next(0.5)
            if delivery is not None:
                yield delivery
