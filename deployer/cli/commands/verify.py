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
    from collections.abc import Callable, Collection, Iterator
    from pathlib import Path

    from deployer.app.begun_proofs import Begun
    from deployer.app.comparing import Comparison
    from deployer.app.deliveries import Delivery
    from deployer.app.proof import Proof
    from deployer.attentive.deliveries import SentMessage
    from deployer.cli.options import CommandRun, Formats
    from deployer.engine.confirm import Provenance

FORMATS: Formats[[Proof, Comparison, str, str]] = {
    "text": lambda run, proof, comparison, identifier, recorded: views.verifying.outcome_text(
        proof, comparison, identifier=identifier, recorded=recorded, **run.look
    ),
    "json": lambda _, proof, comparison, identifier, recorded: views.verifying.outcome_json(
        proof, comparison, identifier=identifier, recorded=recorded
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
@click.option("--resume", is_flag=True, help="Send nothing: go on with the proof that was begun on this machine.")
@webhook_options
def command(
    run: CommandRun,
    *,
    journey: str,
    sample: str | None,
    data: str | None,
    to: str | None,
    recipient_not_listed: bool,
    within: int,
    resume: bool,
    listen: int | None,
    webhook_log: Path | None,
    signing_key_env: str,
) -> int:
    """Prove a journey on a real phone: send its event to a test contact, and compare what arrives.

    First it looks at key, app, company, recipient and eligibility, and shows what the journey as it is confirmed should
    send, and when. Then it sends the event, once. With --listen or --webhook-log it compares Attentive's sms.sent and
    email.sent with that; links may be shortened. Else it asks you, on a terminal. What is due only after --within has
    passed isn't waited for: come back with --resume when it is due, as often as you like. When everything came, the
    proof is recorded as observed or confirmed. Nothing of a person that a delivery names is stored.

    \b
    Example:
      deployer verify order_shipped --env production
      deployer verify order_shipped --env production --listen 8090
      deployer verify order_delivered --env production --resume
    """
    from deployer.app.begun_proofs import Begun, begun_proof
    from deployer.app.comparing import compare
    from deployer.app.proving import begin, conclude
    from deployer.app.verifying import prepare_proof
    from deployer.cli.commands.send import payload
    from deployer.cli.recipients import chosen, typed_again
    from deployer.cli.stored import statement
    from deployer.kinds.journey import Journey

    _check_options(sample, data, listen, webhook_log, resume=resume)
    key = signing_key(signing_key_env, needed=listen is not None)
    with deployer.connect(run.workspace(), run.env) as connection:
        declared = connection.project.find(Journey, journey.rpartition(".")[2])
        begun = begun_proof(connection.project, journey.rpartition(".")[2]) if resume else None
        _check_given_again(begun, data, to)
        sample = begun.sample or None if begun else sample
        given = payload(connection, declared.trigger, sample, data) if declared else {}
        user = chosen(to)
        allowed = typed_again(connection, user, not_listed=recipient_not_listed)
        at = begun.moment if begun else datetime.now(UTC)
        proof = prepare_proof(connection, journey, given, user, at, begun, unlisted_allowed=allowed)
        if run.format == "text":
            run.out(views.verifying.proof_text(proof, environment=connection.environment.name, **run.look))
        with _source(run, listen, webhook_log, key, within) as collect:
            if begun is None:
                fresh = Begun(at.isoformat(), proof.revision, sample=sample or "", data=bool(data), to=bool(to))
                begun = begin(connection, proof, fresh, unlisted_allowed=allowed)
            comparison = compare(proof, collect(proof, begun.seen), datetime.now(UTC), begun.seen)
        how: Provenance = "confirmed" if listen is None and webhook_log is None else "observed"
        done = conclude(connection, proof, comparison, begun, statement("done", "", None), how)
    run.show(FORMATS, proof, comparison, begun.identifier, _recorded(comparison, done))
    return exits.DONE if comparison.proven else exits.FAILED


def _recorded(comparison: Comparison, how: Provenance | None) -> str:
    if not comparison.proven:
        return "nothing is recorded"
    return f"recorded as {how}" if how else "no task waits for this proof"


def _check_options(sample: str | None, data: str | None, listen: int | None, log: Path | None, *, resume: bool) -> None:
    if sample and data:
        raise click.UsageError("--sample and --data can't be used together")
    if sample and resume:
        raise click.UsageError("--sample and --resume can't be used together: the event was sent")
    if listen is not None and log is not None:
        raise click.UsageError("--listen and --webhook-log can't be used together")
    if listen is None and log is None and not is_terminal(sys.stdin):
        raise click.UsageError("there is no terminal to ask on; pass --listen PORT or --webhook-log FILE")


def _check_given_again(begun: Begun | None, data: str | None, to: str | None) -> None:
    """What isn't kept of an event that was sent has to be given again: what it carried, and to whom it went."""
    for name, before, now in (("data", begun and begun.data, data), ("to", begun and begun.to, to)):
        if begun is not None and bool(before) != bool(now):
            way = f"pass the same --{name} again" if before else f"leave --{name} out"
            raise click.UsageError(f"the event was sent {'with' if before else 'without'} --{name}: {way}")


@contextmanager
def _source(
    run: CommandRun, listen: int | None, log: Path | None, key: str, within: int
) -> Iterator[Callable[[Proof, Collection[str]], list[SentMessage]]]:
    """Where what came is known from: deliveries on a port, a log, or the person at the terminal."""
    from deployer.app.deliveries import listening, read_log

    if listen is not None:
        with listening(listen, key) as deliveries:
            run.tell(f"listening at {deliveries.url} for {within} s; lead the webhook there")
            yield lambda proof, known: _until(proof, known, within, lambda: deliveries.next(0.2))
    elif log is not None:
        list(read_log(log, key))  # a log that can't be read is found before anything is sent
        yield lambda proof, known: _from_log(proof, known, log, key, within)
    else:
        yield lambda proof, known: _asked_person(proof, known, within)


def _until(
    proof: Proof, known: Collection[str], seconds: int, take: Callable[[], Delivery | None]
) -> list[SentMessage]:
    """What came to the person until all that is due did, or the time is up."""
    from deployer.app.comparing import is_settled
    from deployer.app.deliveries import only_messages

    came: list[SentMessage] = []
    end, latest = time.monotonic() + seconds, datetime.now(UTC) + timedelta(seconds=seconds)
    while not is_settled(proof, came, latest, known) and time.monotonic() < end:
        sent = take()
        if sent is not None:
            came += only_messages([sent])
    return came


def _from_log(proof: Proof, known: Collection[str], log: Path, key: str, seconds: int) -> list[SentMessage]:
    from deployer.app.comparing import SLACK, is_settled
    from deployer.app.deliveries import only_messages, read_log

    end, latest = time.monotonic() + seconds, datetime.now(UTC) + timedelta(seconds=seconds)
    while True:
        came = [message for message in only_messages(read_log(log, key)) if message.at >= proof.at - SLACK]
        if is_settled(proof, came, latest, known) or time.monotonic() > end:
            return came
        time.sleep(0.5)


def _asked_person(proof: Proof, known: Collection[str], seconds: int) -> list[SentMessage]:
    """What the person at the terminal saw of what is due, as if it had been delivered."""
    from deployer.attentive.deliveries import SentMessage

    latest = datetime.now(UTC) + timedelta(seconds=seconds)
    due = [expected for expected in proof.expected if expected.at <= latest and expected.step not in known]
    return [
        SentMessage(
            expected.channel, max(expected.at, proof.at), "", expected.words, proof.user.phone, proof.user.email
        )
        for expected in due
        if click.confirm(f"Did the {expected.channel} of the step {expected.step} arrive, word for word?", err=True)
    ]
