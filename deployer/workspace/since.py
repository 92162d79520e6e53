"""What a change introduced: the findings of a project without those that it had at another commit."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from deployer.workspace.earlier import earlier

if TYPE_CHECKING:
    from deployer.rules import Checked
    from deployer.source import Problem
    from deployer.workspace.workspace import Workspace


def new_since(workspace: Workspace, checked: Checked, ref: str, env: str | None = None) -> Checked:
    """Leave out of ``checked`` what the project had at the commit ``ref`` already.

    The project of that commit is checked with every rule at work and nothing suppressed: a problem that was there is
    not new because a rule was switched on or a comment went away. Findings are the same where rule, resource and words
    are, wherever their lines are. Raises ``RefError`` where the commit can't be read.
    """
    from deployer.rules import without_known  # noqa: PLC0415 - rules are needed here only

    return replace(checked, problems=without_known(checked.problems, _before(workspace, ref, env)))


def _before(workspace: Workspace, ref: str, env: str | None) -> tuple[Problem, ...]:
    """Everything that was wrong at the commit; nothing where the project wasn't there yet."""
    with earlier(workspace, ref) as base:
        if base is None:
            return ()
        if base.settings is None:
            return base.problems
        # Linked again, since rules are weighed then; what was compiled stays.
        settings = replace(base.settings, rules={})
        bare = replace(base, settings=settings, keeping=None, side_by_side=workspace.side_by_side, _linked={})
        checked = bare.checked(env if env in base.settings.environments else None)
    return (*checked.problems, *(suppressed.problem for suppressed in checked.suppressed))
