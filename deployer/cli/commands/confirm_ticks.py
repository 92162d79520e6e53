"""``deployer confirm --from-issue``: the boxes that an edit of an issue ticked."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

from deployer.cli import exits
from deployer.cli.notices import note

if TYPE_CHECKING:
    from pathlib import Path

    from deployer.cli.options import CommandRun
    from deployer.forge.boxes import Scope


def confirm_from_issue(
    run: CommandRun, event: Path, state_url: str | None, author: str | None, *, reply: bool, lock_timeout: float
) -> int:
    """Record the tasks whose boxes an edit ticked, in the name of who edited; the environment is the issue's own."""
    from deployer.app.issue_sync import confirm_ticked
    from deployer.cli.commands.issue import answer_ticks, show_ticked
    from deployer.cli.stored import backend, statement
    from deployer.forge.events import issue_edit, read_event
    from deployer.forge.github import ACTIONS
    from deployer.forge.surroundings import find_place, open_forge

    edit = issue_edit(read_event(event), author or ACTIONS)
    elsewhere = _elsewhere(run, edit.scope, state_url)
    if elsewhere:
        note(f"this is the issue of {edit.scope.name}, not of {elsewhere}")
        return exits.DONE
    store, environment = backend(replace(run, env=edit.scope.environment), state_url)
    confirmation = statement("done", "", edit.by)
    result = confirm_ticked(store, environment, edit.tokens, confirmation, ticked_at=edit.at, lock_timeout=lock_timeout)
    if reply and result.refused:
        forge = open_forge(find_place(os.environ))
        try:
            answer_ticks(forge, edit.issue, result, edit.by)
        finally:
            forge.close()
    return show_ticked(run, [result])


def _elsewhere(run: CommandRun, found: Scope, state_url: str | None) -> str:
    """What this run is about, where the issue is another's: of another project in the repository, or environment."""
    from deployer.cli.stored import scope

    if run.env is not None and run.env != found.environment:
        return run.env
    here = scope(run, found.environment) if state_url is None else found
    return here.name if here.project != found.project else ""
