"""``deployer plan``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

import deployer
from deployer.cli import exits, views
from deployer.cli.completion import addresses
from deployer.cli.narrowing import only_option
from deployer.cli.options import command as make_command
from deployer.dataclass import dataclass

if TYPE_CHECKING:
    from deployer.app.connection import Connection
    from deployer.cli.options import CommandRun, Formats
    from deployer.cli.several import Shown
    from deployer.engine.explain import Explanation
    from deployer.engine.plan import Plan
    from deployer.project import Project
    from deployer.workspace.workspace import Workspace


@dataclass(frozen=True, slots=True)
class _Choices:
    """What the command line asked for."""

    offline: bool
    prune: bool
    only: tuple[str, ...]
    out: Path | None
    explain: str | None
    detailed_exitcode: bool


FORMATS: Formats[[Plan, Project]] = {
    "text": lambda run, plan, project: views.plan.plan_text(plan, project, **run.look, verbose=run.verbose),
    "json": lambda _, plan, __: views.plan.plan_json(plan),
    "markdown": lambda _, plan, __: views.plan.plan_markdown(plan),
}
EXPLAINED: Formats[[Explanation]] = {
    "text": lambda run, explained: views.explain.explanation_text(explained, **run.look),
    "json": lambda _, explained: views.explain.explanation_json(explained),
    "markdown": lambda _, explained: views.explain.explanation_markdown(explained),
}


@make_command(*FORMATS, name="plan", several=True)
@click.option("--offline", is_flag=True, help="Compare with the state only: needs no key, and can't be applied.")
@click.option("--prune", is_flag=True, help="Remove what is recorded but no longer declared.")
@only_option
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="Save it for `deployer apply FILE` (for several environments: a folder).",
)
@click.option(
    "--explain",
    metavar="ADDRESS",
    shell_complete=addresses,
    help="Explain why this address has a change or none, and where each value comes from.",
)
@click.option("--detailed-exitcode", is_flag=True, help="Exit with 2 if there are changes, 4 if tasks wait.")
def command(run: CommandRun, **given: Any) -> int:
    """Show what would change in an environment, and by whom. Nothing is written.

    \b
    Example:
      deployer plan
      deployer plan --env production --out plan.json
      deployer plan --only journey.order_shipped
      deployer plan --explain journey.order_shipped
    """
    from deployer.cli.kept import kept
    from deployer.cli.several import each

    choices = _Choices(**given)
    if choices.out and choices.out.is_dir() and not run.several:
        raise click.UsageError(f"{choices.out} is a folder; name a file for the plan of one environment")

    def work(run: CommandRun) -> int:
        return each(run, lambda workspace, name: _one(run, workspace, name, choices))

    if not choices.offline or choices.out:
        return work(run)
    return kept(run, "plan", [choices.prune, choices.only, choices.explain, choices.detailed_exitcode], work)


def _one(run: CommandRun, workspace: Workspace, name: str | None, choices: _Choices) -> Shown:
    from deployer.cli.several import Shown

    with deployer.connect(workspace, name) as connection:
        plan = deployer.plan(connection, offline=choices.offline, prune=choices.prune, only=choices.only)
        explained = deployer.explain(connection, plan, choices.explain) if choices.explain is not None else None
        if choices.out:
            _save(run, choices.out, plan, connection)
        text = run.formatted(EXPLAINED, explained) if explained else run.formatted(FORMATS, plan, connection.project)
    blocked = any(change.blocked for change in plan.changes)
    waits = bool(plan.waiting) and plan.empty
    code = exits.of(failed=blocked, waits=waits, changes=not plan.empty, detailed=choices.detailed_exitcode)
    return Shown(code, views.plan_summary.summary(plan), text)


def _save(run: CommandRun, out: Path, plan: Plan, connection: Connection) -> None:
    from deployer.cli.plan_files import save_plan

    file = save_plan(out, plan, connection, several=run.several)
    if plan.mode == "offline":
        run.tell(f"saved {file}; it is an offline plan and can't be applied")
    elif not run.several:
        run.tell(f"saved {file}; apply exactly this with: deployer apply {file} --env {plan.environment}")
    else:
        run.tell(f"saved {file}; apply all of {out} with: deployer apply {out} and the same environments")
