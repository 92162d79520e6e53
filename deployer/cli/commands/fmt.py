"""``deployer fmt``."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from deployer.cli import exits, views
from deployer.cli.options import command as make_command
from deployer.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deployer.cli.options import CommandRun, Formats
    from deployer.workspace.formatting import FileForm


FORMATS: Formats[[Sequence[FileForm], bool]] = {
    "text": lambda run, forms, written: views.formatting.forms_text(forms, written=written, **run.look),
    "json": lambda _, forms, written: views.formatting.forms_json(forms, written=written),
}
"""Of files, and whether those that change were written."""


@make_command(*FORMATS, name="fmt")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option("--check", is_flag=True, help="Write nothing; fail where a file isn't in the canonical form.")
def command(run: CommandRun, *, paths: tuple[str, ...], check: bool) -> int:
    """Write the project's YAML in one form: all of it, or the files and folders that are named.

    Keys come in the order of their schema, as the pages of the kinds list them; texts are quoted in one way, those of
    several lines are written line by line, and long ones folded. What the files say stays as it is: each value, each
    byte of a text for Attentive's composer, each comment. A file that can't be written so without losing something
    is left alone, with the reason.

    \b
    Example:
      deployer fmt
      deployer fmt --check
      deployer fmt events/order_shipped.yaml
    """
    from deployer.workspace.formatting import Form, file_forms, write_forms

    workspace = run.workspace()
    workspace.environments()  # the settings can be read
    if run.env:
        workspace.environment(run.env)
    forms = file_forms(workspace, [_in_project(path, run.project) for path in paths])
    if not check:
        write_forms(workspace, forms)
    run.show(FORMATS, forms, not check)
    seen = {form.form for form in forms}
    return exits.of(failed=Form.BROKEN in seen or (check and Form.REWRITTEN in seen))


def _in_project(path: str, project: Path) -> str:
    """A path as it was typed, from the project's folder; raises ``UsageError`` outside of it."""
    place = os.path.relpath(Path(path).resolve(), project.resolve())
    if place.startswith(".."):
        raise UsageError(f"`{path}` isn't in the project `{project}`", "name a file of the project")
    return Path(place).as_posix()
