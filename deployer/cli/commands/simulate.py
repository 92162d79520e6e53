"""``deployer simulate``."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click

from deployer.cli import exits, views
from deployer.cli.completion import journeys_and_events, samples
from deployer.cli.input_files import InputFile, InputPath
from deployer.cli.notices import note
from deployer.cli.options import command as make_command

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deployer.app.simulating import Simulated
    from deployer.cli.options import CommandRun, Formats
    from deployer.source import Body

SUBSCRIBED = ("transactional", "both", "marketing", "nothing")


FORMATS: Formats[[Simulated]] = {
    "text": lambda run, simulated: views.timeline.timeline_text(simulated, **run.look),
    "json": lambda _, simulated: views.timeline.timeline_json(simulated),
    "markdown": lambda _, simulated: views.timeline.timeline_markdown(simulated),
    "html": lambda _, simulated: views.timeline.timeline_html(simulated),
    "svg": lambda _, simulated: views.timeline.timeline_svg(simulated),
}


@make_command(*FORMATS, name="simulate")
@click.argument("name", metavar="JOURNEY|EVENT", shell_complete=journeys_and_events)
@click.option(
    "--sample", metavar="NAME", shell_complete=samples, help="The sample that the event carries (default: happy)."
)
@click.option("--data", type=InputFile(encoding="utf-8"), help="JSON that it carries: properties, or a request body.")
@click.option("--at", default="", metavar="TIME", help="When Attentive gets it, by the subscriber's clock.")
@click.option("--age", default="", metavar="DURATION", help="How long it was on its way, such as `13 hours`.")
@click.option("--subscriber", type=InputPath(path_type=Path, dir_okay=False), help="A YAML file with the subscriber.")
@click.option("--subscribed", type=click.Choice(SUBSCRIBED), help="What the subscriber agreed to, on each channel.")
@click.option("--variant", multiple=True, metavar="STEP=NAME", help="The variant of an A/B test; may be repeated.")
@click.option("--seed", default=0, metavar="NUMBER", help="Draw the other A/B tests differently.")
@click.option("--as-active", is_flag=True, help="Treat its journeys as active, whatever their status.")
def command(
    run: CommandRun,
    *,
    name: str,
    sample: str | None,
    data: TextIO | None,
    at: str,
    age: str,
    subscriber: Path | None,
    subscribed: str | None,
    variant: tuple[str, ...],
    seed: int,
    as_active: bool,
) -> int:
    """Show what one subscriber gets after an event, when, and why, on a virtual clock.

    Nothing but the project is read, and nothing is sent. Errors in what it doesn't use are named and stop nothing. What
    Attentive's documents leave open is assumed; each assumption that matters is named, and `assumptions` in
    deployer.yaml changes it. docs/simulation.md says what can't be known. Values are shown as the event has them,
    also those marked `pii: true`, since texts and branches depend on them: use made-up samples where you share the
    result.

    \b
    Example:
      deployer simulate order_shipped --at "2026-05-10 21:30"
      deployer simulate order_delivered --subscribed both --format markdown
      deployer simulate order_delivered --format svg
    """
    from deployer.app.simulating import Scene, needed, simulate_event
    from deployer.cli.elsewhere import project_for
    from deployer.simulation import Reason

    if sample and data:
        raise click.UsageError("--sample and --data can't be used together")
    scene = Scene(
        now=datetime.now(UTC).replace(second=0, microsecond=0),
        sample=sample or "",
        data=_data(data) if data else None,
        at=_time(at),
        age=_duration(age),
        subscriber=_subscriber(subscriber, subscribed),
        variants=dict(_pair(pair) for pair in variant),
        seed=seed,
        active=as_active,
    )
    simulated = simulate_event(project_for(run, lambda project: needed(project, name)), name, scene)
    run.show(FORMATS, simulated)
    if simulated.twice and not run.quiet:
        note(*simulated.twice)
    if any(entry.because.reason is Reason.INACTIVE for entry in simulated.timeline.entries):
        run.tell("hint: `--as-active` shows what a journey that isn't active would do")
    return exits.DONE


def _data(file: TextIO) -> Mapping[str, Any]:
    try:
        data = json.load(file)
    except (ValueError, RecursionError) as error:
        raise click.UsageError(f"{file.name} isn't JSON: {error}") from error
    if not isinstance(data, dict):
        raise click.UsageError(f"{file.name} holds no JSON object: an event's properties are one")
    return data


def _time(text: str) -> str:
    """A time, as it is; a duration counts from nothing here."""
    from deployer.simulation import is_duration

    if text and is_duration(text):
        raise click.UsageError(f"--at {text} is a duration; write a time such as 2026-05-10 21:30")
    return text


def _duration(text: str) -> str:
    from deployer.simulation import is_duration

    if text and not is_duration(text):
        raise click.UsageError(f"--age {text} isn't a duration; write one such as `13 hours`")
    return text


def _pair(text: str) -> tuple[str, str]:
    step, sign, name = text.partition("=")
    if not sign or not step or not name:
        raise click.UsageError(f"--variant {text} isn't STEP=NAME")
    return step, name


def _subscriber(path: Path | None, subscribed: str | None) -> Body:
    """The subscriber of a file, or a tester, with the subscriptions that were named."""
    from deployer.app.simulating import checked_subscriber, subscriptions_named

    body = checked_subscriber(_yaml(path), str(path)) if path else {}
    return {**body, "subscriptions": subscriptions_named(subscribed)} if subscribed else body


def _yaml(path: Path) -> Any:
    from deployer.source import ProblemsError, SourceFile, compose
    from deployer.source.parsed_yaml import NOT_A_MAPPING

    try:
        file = SourceFile(str(path), path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise click.UsageError(f"{path} can't be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise click.UsageError(f"{path} can't be read: it isn't text in UTF-8") from error
    documents, problems = compose(file)
    if problems and not all(problem.rule == NOT_A_MAPPING for problem in problems):
        raise ProblemsError(problems)
    if problems or len(documents) != 1:
        raise click.UsageError(f"{path} must hold one YAML document with a subscriber, as `key: value` pairs")
    return documents[0].value
