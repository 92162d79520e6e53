"""``deployer verify``."""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import click

import deployer
from deployer.cli import exits, views
from deployer.cli.completion import journeys_and_events
from deployer.cli.options import command as make_command
from deployer.cli.options import is_terminal
from deployer.cli.webhook_options import signing_key, webhook_options

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from deployer.app.verifying import Comparison, Proof
    from deployer.attentive.deliveries import SentMessage
    from deployer.cli.options import Formats, Run
    from deployer.engine.confirm import Provenance

EARLIER = timedelta(minutes=2)
"""How much Attentive's clock may be behind ours: older lines of a log are of another send."""

FORMATS: Formats[[Proof, Comparison, str, str]] = {
    "text": lambda run, _, found, identifier, recorded: views.verifying.outcome_text(
        found, identifier=identifier, recorded=recorded, **run.look
    ),
    "json": lambda _, proof, found, identifier, recorded: views.verifying.outcome_json(
        proof, found, identifier=identifier, recorded=recorded
    ),
}
"""Of a proof: what was compared, the identifier of the event, and what was recorded."""


@make_command(*FORMATS, name="verify")
@click.argument("journey", shell_complete=journeys_and_events)
@click.option("--sample", metavar="NAME", help="Send this sample of the event (default: happy).")
@click.option("--data", metavar="FILE", help="Send this JSON: properties, or a request body (- for stdin).")
@click.option("--to", metavar="PHONE|EMAIL", help="The recipient (default: the environment's test contact).")
@click.option(
    "--recipient-not-listed", is_flag=True, help="Allow a recipient who isn't a test contact; asks on a terminal."
)
@click.option(
    "--within", default=300, show_default=True, type=click.IntRange(min=1), metavar="SECONDS", help="How long to wait."
)
@webhook_options
def command(
    run: Run,
    *,
    journey: str,
    sample: str | None,
    data: str | None,
    to: str | None,
    recipient_not_listed: bool,
    within: int,
    listen: int | None,
    webhook_log: Path | None,
    signing_key_env: str,
) -> int:
    """Prove a journey on a real phone: send its event to a test contact, and compare what arrives.

    First it looks at key, app, company, recipient and eligibility, and shows what the journey as it is confirmed should
    send. Then it sends the event, once. With --listen or --webhook-log it compares Attentive's sms.sent and email.sent
    with that; links may be shortened. Else it asks you, on a terminal. What is proven is recorded as observed or
    confirmed. Nothing of a person that a delivery names is stored.

    \b
    Example:
      deployer verify order_shipped --env production
      deployer verify order_shipped --env production --listen 8090
    """
    from deployer.app.verifying import compare, prepare_proof, record_proof, send_proof
    from deployer.cli.commands.send import payload
    from deployer.cli.recipients import chosen, typed_again
    from deployer.cli.stored import statement
    from deployer.kinds.journey import Journey

    _check_options(sample, data, listen, webhook_log)
    key = signing_key(signing_key_env, needed=listen is not None)
    with deployer.connect(run.workspace(), run.env) as connection:
        declared = connection.project.find(Journey, journey.rpartition(".")[2])
        given = payload(connection, declared.trigger, sample, data) if declared else {}
        user = chosen(to)
        allowed = typed_again(connection, user, not_listed=recipient_not_listed)
        proof = prepare_proof(connection, journey, given, user, unlisted_allowed=allowed)
        if run.format == "text":
            run.out(views.verifying.proof_text(proof, environment=connection.environment.name, **run.look))
        with _source(run, listen, webhook_log, key, within) as collect:
            identifier = send_proof(connection, proof, unlisted_allowed=allowed)
            found = compare(proof, collect(proof))
        how: Provenance = "confirmed" if listen is None and webhook_log is None else "observed"
        recorded = "nothing is recorded"
        if found.proven:
            done = record_proof(connection, proof, statement("done", "", None), how)
            recorded = f"recorded as {how}" if done else "no task waits for this proof"
    run.show(FORMATS, proof, found, identifier, recorded)
    return exits.DONE if found.proven else exits.FAILED


def _check_options(sample: str | None, data: str | None, listen: int | None, log: Path | None) -> None:
    if sample and data:
        raise click.UsageError("--sample and --data can't be used together")
    if listen is not None and log is not None:
        raise click.UsageError("--listen and --webhook-log can't be used together")
    if listen is None and log is None and not is_terminal(sys.stdin):
        raise click.UsageError("there is no terminal to ask on; pass --listen PORT or --webhook-log FILE")


@contextmanager
def _source(
    run: Run, listen: int | None, log: Path | None, key: str, within: int
) -> Iterator[Callable[[Proof], list[SentMessage]]]:
    """Where what came is known from: deliveries on a port, a log, or the person at the terminal."""
    from deployer.app.deliveries import listening, read_log

    if listen is not None:
        with listening(listen, key) as deliveries:
            run.tell(f"listening at {deliveries.url} for {within} s; lead the webhook there")
            yield lambda proof: _until(proof, within, lambda: deliveries.next(0.2))
    elif log is not None:
        after = datetime.now(UTC) - EARLIER
        list(read_log(log, key))  # a log that can't be read is found before anything is sent
        yield lambda proof: _from_log(proof, log, key, after, within)
    else:
        yield _asked


def _until(proof: Proof, seconds: int, take: Callable[[], SentMessage | None]) -> list[SentMessage]:
    """What came to the person until all that is expected did, or the time is up."""
    from deployer.app.verifying import compare

    came: list[SentMessage] = []
    end = time.monotonic() + seconds
    while not compare(proof, came).complete and time.monotonic() < end:
        sent = take()
        if sent is not None:
            came.append(sent)
    return came


def _from_log(proof: Proof, log: Path, key: str, after: datetime, seconds: int) -> list[SentMessage]:
    from deployer.app.deliveries import read_log
    from deployer.app.verifying import compare

    end = time.monotonic() + seconds
    while True:
        came = [one for one in read_log(log, key) if one.at >= after]
        if compare(proof, came).complete or time.monotonic() > end:
            return came
        time.sleep(0.5)


def _asked(proof: Proof) -> list[SentMessage]:
    """What the person at the terminal saw, as if it had been delivered."""
    from deployer.attentive.deliveries import SentMessage

    now = datetime.now(UTC)
    return [
        SentMessage(one.channel, now, "", one.words, proof.user.phone, proof.user.email)
        for one in proof.expected
        if click.confirm(f"Did the {one.channel} of the step {one.step} arrive, word for word?", err=True)
    ]
