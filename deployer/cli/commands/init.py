"""``deployer init``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from deployer.cli import exits, views
from deployer.cli.options import command as make_command
from deployer.cli.options import is_terminal
from deployer.cli.pointers import at_option

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import TypeAlias

    from deployer.authoring.beginning import Answers, Beginning
    from deployer.cli.options import CommandRun, Formats
    from deployer.contracts import Input
    from deployer.source import Pointer

    Ask: TypeAlias = Callable[[str, str, Callable[[str], bool]], str]

TEMPLATES = ("minimal", "orders", "appointments")
PIPELINES = ("github", "gitlab", "none")


FORMATS: Formats[[Beginning, str]] = {
    "text": lambda run, begun, here: views.beginning.beginning_text(begun, here, **run.look),
    "json": lambda _, begun, here: views.beginning.beginning_json(begun, here),
}
"""Of what was begun, as seen from a folder."""


@make_command(*FORMATS, name="init")
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@click.option("--yes", is_flag=True, help="Ask nothing; take the defaults for what isn't given.")
@click.option("--template", type=click.Choice(TEMPLATES), help="What it begins with (default: minimal).")
@click.option("--from", "captured", multiple=True, metavar="FILE", help="Begin with captured events; may be repeated.")
@at_option
@click.option("--name", metavar="NAME", help="The project's name (default: the folder's).")
@click.option("--brand", metavar="NAME", help="The brand's name, which Attentive puts in front of each text.")
@click.option("--time-zone", metavar="ZONE", help="The company's time zone (default: America/New_York).")
@click.option("--ci", type=click.Choice(PIPELINES), help="A workflow that checks each change (default: none).")
def command(
    run: CommandRun,
    *,
    folder: Path | None,
    yes: bool,
    template: str | None,
    captured: tuple[str, ...],
    at: Pointer,
    name: str | None,
    brand: str | None,
    time_zone: str | None,
    ci: str | None,
) -> int:
    """Begin a project in FOLDER (default: this one): an event, a text, its journey, an opt-in source and tests.

    It asks for what isn't given, unless --yes. What it writes validates and works in the embedded sandbox: no
    key, no network, no one is messaged. A file that is there already is never replaced. With --from the events are
    those of captured payloads, as `deployer infer` reads them, each with a text, a journey and a test.

    \b
    Example:
      deployer init clinic --template appointments
      deployer init --yes --brand "Tea Shop" --from captured.ndjson --ci github
    """
    import deployer
    from deployer.authoring.beginning import begin, refuse_project

    if template and captured:
        raise click.UsageError("--template and --from exclude each other")
    target = folder or run.project
    refuse_project(target)
    if not yes and not is_terminal(sys.stdin):
        raise click.UsageError("there is no terminal to ask on; pass --yes to take the defaults")
    ask = (lambda _words, default, _valid: default) if yes else _prompted
    given = {"template": template, "name": name, "brand": brand, "time_zone": time_zone, "ci": ci}
    answers = _answers(target, given, ask, deployer.payload_files(captured) if captured else (), at)
    begun = begin(answers)
    here = str(Path.cwd())
    if begun.problems:
        from deployer.views.problems import render_text

        click.echo(render_text(begun.problems), err=True)
    if begun.inferred is not None and begun.inferred.failed:
        from deployer.views.contracts_infer import infer_text

        click.echo(infer_text(begun.inferred, None, width=run.width), err=True)
    run.show(FORMATS, begun, here)
    return exits.of(failed=begun.failed)


def _answers(
    target: Path, given: Mapping[str, str | None], ask: Ask, captured: Sequence[Input], at: Pointer
) -> Answers:
    """What was given as an option, and for the rest an answer."""
    from deployer.authoring.beginning import TIME_ZONE, Answers, brand_name, is_project_name, project_name
    from deployer.authoring.templates import Pipeline, Template
    from deployer.source.settings_checks import is_time_zone

    def of(option: str, words: str, default: str, valid: Callable[[str], bool]) -> str:
        value = given[option]
        if value is None:
            return ask(words, default, valid)
        if not valid(value):
            raise click.UsageError(f"--{option.replace('_', '-')} `{value}`: {_WRONG[option]}")
        return value

    name = of("name", "What is the project called?", project_name(target), is_project_name)
    brand = of("brand", "What is the brand called, in front of each text?", brand_name(name), _is_text)
    template = (
        "captured"
        if captured
        else of("template", f"Which template? {_listed(TEMPLATES)}", "minimal", _among(TEMPLATES))
    )
    zone = of("time_zone", "In which time zone is the company?", TIME_ZONE, is_time_zone)
    pipeline = of("ci", f"Which forge checks each change? {_listed(PIPELINES)}", "none", _among(PIPELINES))
    return Answers(target, name, brand, Template(template), Pipeline(pipeline), zone, captured, at)


_WRONG = {
    "name": "write small letters, digits, hyphens and underscores, a letter first",
    "brand": "write its name",
    "template": f"write one of {', '.join(TEMPLATES)}",
    "time_zone": "write a time zone of IANA's, such as America/New_York",
    "ci": f"write one of {', '.join(PIPELINES)}",
}


def _listed(words: tuple[str, ...]) -> str:
    return f"({', '.join(words)})"


def _among(words: tuple[str, ...]) -> Callable[[str], bool]:
    return lambda word: word in words


def _is_text(word: str) -> bool:
    return bool(word.strip()) and word.isprintable()


def _prompted(words: str, default: str, valid: Callable[[str], bool]) -> str:
    """Ask on the terminal until the answer is a valid one."""
    while True:
        answer = str(click.prompt(words, default=default, err=True)).strip()
        if valid(answer):
            return answer
        click.echo("error: that isn't one of them, or isn't written so", err=True)
