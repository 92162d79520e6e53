"""``deployer compat``."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from deployer.cli import exits, views
from deployer.cli.forge_options import allow_label_option, let_through
from deployer.cli.options import command as make_command
from deployer.source.root import settings_path

if TYPE_CHECKING:
    from deployer.cli.options import CommandRun, Formats
    from deployer.contracts.compat.project import Compatibility


FORMATS: Formats[[Compatibility, int]] = {
    "text": lambda run, compatibility, _files: views.compat.compat_text(compatibility, **run.look),
    "json": lambda _, compatibility, _files: views.compat.compat_json(compatibility),
    "markdown": lambda _, compatibility, _files: views.compat.compat_markdown(compatibility),
    "github": lambda run, compatibility, files: views.compat.compat_github(
        compatibility,
        folder=views.problems.prefix(run.project, os.environ),
        files=files,
        settings=settings_path(run.project),
    ),
}
"""Of a comparison, and how many files the project has."""


@make_command(*FORMATS, name="compat")
@click.option(
    "--against",
    required=True,
    metavar="REF|DIR",
    help="The earlier version: a commit, such as origin/main, or a folder.",
)
@click.option(
    "--fail-on",
    type=click.Choice(("breaking", "risky")),
    help="Fail from this level on, if that is stricter than `compat` in the earlier version (default: breaking).",
)
@click.option("--no-state", is_flag=True, help="Don't read what is recorded as live.")
@allow_label_option
def command(run: CommandRun, *, against: str, fail_on: str | None, no_state: bool, allow_label: str | None) -> int:
    """Compare the declared events, attributes and triggers with an earlier version.

    Every change is breaking, risky or safe: for senders that still send the old shape, and for the messages and
    journeys that read the new one, as they are declared and as they are recorded to be live. All environments are
    compared, or the one that --env names. What breaks comes with its way out. Nothing is written, and what fails is
    decided by `compat` in the earlier version's deployer.yaml.

    A branch that is behind sees what others added as removed by itself: compare with where it left them, which
    `git merge-base HEAD origin/main` names.

    \b
    Example:
      deployer compat --against origin/main
      deployer compat --against v1.4 --env production --fail-on risky --format markdown
    """
    from deployer.cli.kept import kept

    def work(run: CommandRun) -> int:
        return _compared(run, against, fail_on or "", state=not no_state, through=let_through(allow_label))

    if allow_label is not None:
        return work(run)
    place = views.problems.prefix(run.project, os.environ)
    return kept(run, "compat", [against, fail_on, no_state, place], work)


def _compared(run: CommandRun, against: str, fail_on: str, *, state: bool, through: str) -> int:
    from deployer.contracts.compat.project import compatibility

    workspace = run.workspace()
    result = compatibility(workspace, against, environment=run.env, fail_on=fail_on, state=state, let_through=through)
    run.show(FORMATS, result, workspace.files)
    return exits.of(failed=result.gated.failed)
