"""A project for who looks at a part of it: errors of the rest are named, and stop nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployer.cli.notices import note
from deployer.nouns import counted
from deployer.source.suggestion import some

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from deployer.cli.options import CommandRun
    from deployer.project import Project
    from deployer.workspace.around_errors import AroundErrors


def project_for(
    run: CommandRun, asked_for: Callable[[Project], Collection[str]], within: Collection[str] = ()
) -> Project:
    """The part of the run's project that is asked for, by its addresses; raises ``ProblemsError`` for its errors.

    ``within`` are the paths of files and folders that are asked for as a whole.
    """
    from deployer.workspace.around_errors import project_around_errors

    return note_elsewhere(run, project_around_errors(run.workspace(), run.env, asked_for, within))


def note_elsewhere(run: CommandRun, found: AroundErrors) -> Project:
    """Name what else in the project has errors, on one line, unless ``--quiet``."""
    if found.elsewhere and not run.quiet:
        names = some({error.address or error.position.path for error in found.elsewhere})
        note(f"{counted(len(found.elsewhere), 'error')} elsewhere ({names}); `deployer validate` shows what is wrong")
    return found.project
