"""``deployer drift``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

import deployer
from deployer.cli import exits, views
from deployer.cli.forge_options import issue_author_option, opened_forge
from deployer.cli.notices import say
from deployer.cli.options import command as make_command

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deployer.cli.options import CommandRun, Formats
    from deployer.cli.several import Shown
    from deployer.engine.drift import Drift
    from deployer.workspace.workspace import Workspace


FORMATS: Formats[[Sequence[Drift], str]] = {
    "text": lambda run, drifts, environment: views.drift.drift_text(drifts, environment=environment, **run.look),
    "json": lambda _, drifts, environment: views.drift.drift_json(drifts, environment=environment),
}


@make_command(*FORMATS, name="drift", several=True)
@click.option("--detailed-exitcode", is_flag=True, help="Exit with 2 if anything was changed at Attentive.")
@click.option(
    "--issue", "in_issue", is_flag=True, help="Keep an issue on GitHub or GitLab that is open while something differs."
)
@issue_author_option
def command(run: CommandRun, *, detailed_exitcode: bool, in_issue: bool, issue_author: str | None) -> int:
    """Show what was changed at Attentive since it was recorded. Nothing is written at Attentive.

    What Attentive's API can't show is listed as unknown, never as unchanged. With --issue an issue opens with the first
    difference and closes when nothing differs; a look that failed leaves it open. The token is GITHUB_TOKEN or
    GITLAB_TOKEN.

    \b
    Example:
      deployer drift --env production --detailed-exitcode
      deployer drift --env production --issue
    """
    from deployer.cli.kept import kept
    from deployer.cli.several import each

    if issue_author is not None and not in_issue:
        raise click.UsageError("--issue-author needs --issue")
    author = (issue_author or "") if in_issue else None

    def work(run: CommandRun) -> int:
        return each(run, lambda workspace, name: _one(run, workspace, name, author, detailed=detailed_exitcode))

    return work(run) if in_issue else kept(run, "drift", detailed_exitcode, work)


def _one(run: CommandRun, workspace: Workspace, name: str | None, author: str | None, *, detailed: bool) -> Shown:
    """Look at one environment, and keep its issue where there is an ``author`` of it."""
    from deployer.cli.several import Shown

    with deployer.connect(workspace, name) as connection:
        drifts = deployer.drift(connection)
        environment = connection.environment.name
    unread = any(drift.unreadable for drift in drifts)
    kept = author is None or _keep(run, drifts, environment, author, unread=unread)
    changed = bool(views.drift.drifted(drifts))
    code = exits.of(failed=unread or not kept, changes=changed, detailed=detailed)
    return Shown(code, views.drift.drift_summary(drifts), run.formatted(FORMATS, drifts, environment))


def _keep(run: CommandRun, drifts: Sequence[Drift], environment: str, author: str, *, unread: bool) -> bool:
    """Bring the issue up to date; where that fails it is said, and what was found is shown all the same."""
    from deployer.cli.stored import scope
    from deployer.forge.boxes import drift_mark
    from deployer.forge.errors import ForgeError
    from deployer.forge.sticky import keep_issue
    from deployer.views.drift_issue import drift_markdown, drift_title

    about, wanted = scope(run, environment), bool(views.drift.drifted(drifts))
    if unread and not wanted:
        run.tell(f"the issue of {about.name} stays as it is, since not all could be looked at")
        return True
    text = drift_markdown(drifts, about)
    try:
        with opened_forge() as (_, forge):
            kept, issue = keep_issue(forge, drift_mark(about), drift_title(about), text, wanted=wanted, author=author)
    except ForgeError as error:
        say(error.message, error.hint)
        return False
    run.tell(f"issue {issue.number} {kept}" if issue else "nothing differs, and there is no issue")
    return True
