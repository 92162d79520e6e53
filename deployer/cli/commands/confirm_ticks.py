"""``deployer confirm --from-issue``: the boxes that an edit of an issue ticked."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from deployer.cli import exits

if TYPE_CHECKING:
    from pathlib import Path

    from deployer.cli.options import Run


def confirm_from_issue(
    run: Run, event: Path, state_url: str | None, author: str | None, *, reply: bool, lock_timeout: float
) -> int:
    """Record the tasks whose boxes an edit ticked, in the name of who edited; the environment is the issue's own."""
    from deployer.app.issue_sync import confirm_ticked
    from deployer.cli.commands.issue import answer, show_ticked
    from deployer.cli.stored import backend, statement
    from deployer.forge.events import issue_edit, read_event
    from deployer.forge.github import ACTIONS
    from deployer.forge.surroundings import find_place, open_forge

    edit = issue_edit(read_event(event), author or ACTIONS)
    if run.env is not None and run.env != edit.environment:
        click.echo(f"note: this is the issue of {edit.environment}, not of {run.env}", err=True)
        return exits.DONE
    store, environment = backend(replace(run, env=edit.environment), state_url)
    said = statement("done", "", edit.by)
    result = confirm_ticked(store, environment, edit.tokens, said, lock_timeout=lock_timeout)
    if reply and result.refused:
        forge = open_forge(find_place(os.environ))
        try:
            answer(forge, edit.issue, result, edit.by)
        finally:
            forge.close()
    return show_ticked(run, [result])
