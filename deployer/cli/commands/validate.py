"""``deployer validate``."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from deployer.cli import exits
from deployer.cli.options import command as make_command
from deployer.cli.outputs import write_output
from deployer.source.root import settings_path
from deployer.views.problems import FORMATS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deployer.cli.options import CommandRun
    from deployer.workspace.answers import Answer


def _reports(given: tuple[str, ...]) -> dict[Path, str]:
    """The files that `--report` names, and the format of each."""
    reports = {}
    for one in given:
        name, _, file = one.partition("=")
        if name not in FORMATS or not file:
            raise click.BadParameter(f"`{one}` isn't FORMAT=FILE with one of the formats {', '.join(FORMATS)}")
        reports[Path(file)] = name
    return reports


@make_command(*FORMATS, name="validate", logs=False)
@click.option("--strict", is_flag=True, help="Fail on warnings too.")
@click.option("--new-since", metavar="REF", help="Only findings that a commit, such as origin/main, doesn't have yet.")
@click.option(
    "--report",
    "reports",
    multiple=True,
    metavar="FORMAT=FILE",
    callback=lambda _context, _param, given: _reports(given),
    help="Write the findings to a file as well, such as sarif=findings.sarif; can be repeated.",
)
def command(run: CommandRun, *, strict: bool, new_since: str | None, reports: dict[Path, str]) -> int:
    """Check the project's files, in every environment or in the one that --env names.

    Nothing is read but the project, and nothing is written to it. Warnings don't fail without --strict. With
    --new-since the project as it was at that commit is checked too, and what was found there already is left out.
    `deployer explain RULE` says why a rule matters and shows a bad and a good example.

    What was found is kept in your cache folder, or in the one that DEPLOYER_CACHE names, and a project that reads the
    same isn't checked again, by this command or another. --no-cache checks it again; an empty DEPLOYER_CACHE keeps
    nothing.

    \b
    Example:
      deployer validate
      deployer validate --strict --new-since origin/main --format github --report sarif=findings.sarif
    """
    from deployer.views.problems import prefix

    place = prefix(run.project, os.environ)

    def work(run: CommandRun) -> int:
        # An empty commit, from a variable that is not set, has to fail.
        answer = _kept(run) if new_since is None else _checked(run, new_since)
        return _reported(run, answer, place, reports, strict=strict)

    if new_since is None or reports:  # what a check found is kept for every format
        return work(run)
    from deployer.cli.kept import kept

    return kept(run, "validate", [strict, new_since, place], work)


def _reported(run: CommandRun, answer: Answer, place: str, reports: Mapping[Path, str], *, strict: bool) -> int:
    """Print what was found, write it into the files that were asked for, and give the exit code."""
    from deployer.views.problems import Report, render

    checked, settings = answer.checked, settings_path(run.project)
    report = Report(checked.problems, answer.files, checked.suppressed, place, strict, answer.project, settings)
    for file, name in reports.items():
        write_output(file, render(name, report) + "\n", "--report")
    run.out(render(run.format, report, **run.look, wrap=run.on_terminal))
    return exits.of(failed=report.failed)


def _checked(run: CommandRun, new_since: str) -> Answer:
    """Check the project, and leave out what it had at a commit already."""
    from deployer.workspace.answers import Answer
    from deployer.workspace.since import new_since as only_new

    workspace = run.workspace()
    if run.env:
        workspace.environment(run.env)
    checked = only_new(workspace, workspace.checked(run.env), new_since, run.env)
    name = workspace.settings.project if workspace.settings else ""
    return Answer(name, workspace.files, checked)


def _kept(run: CommandRun) -> Answer:
    """Check the project, or give what an earlier run kept where it would find the same."""
    from deployer.workspace.answers import answers
    from deployer.workspace.validation import validated

    return validated(Path(run.project), run.env, answers(run.project, run.env, run.kept_in))
