"""``deployer apply``."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from deployer.cli import exits
from deployer.cli.options import command as make_command
from deployer.cli.options import is_terminal

if TYPE_CHECKING:
    from deployer.cli.options import Run
    from deployer.engine.report import Report
    from deployer.engine.values import Plan
    from deployer.library import ApplyOptions, Connection


@make_command("text", "json", "markdown", name="apply")
@click.argument("plan_file", required=False, metavar="[PLAN]", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--yes", is_flag=True, help="Don't ask. Without a terminal this is needed.")
@click.option("--prune", is_flag=True, help="Remove what is recorded but no longer declared.")
@click.option("--allow-removals", is_flag=True, help="Remove more than the limits in deployer.yaml allow.")
@click.option(
    "--lock-timeout", type=float, default=0.0, help="Seconds to wait for another run's lock.", show_default=True
)
@click.option("--detailed-exitcode", is_flag=True, help="Exit with 4 if tasks wait for a person.")
def command(
    run: Run,
    *,
    plan_file: Path | None,
    yes: bool,
    prune: bool,
    allow_removals: bool,
    lock_timeout: float,
    detailed_exitcode: bool,
) -> int:
    """Do what the API can do, and record what people are asked to do.

    With PLAN exactly that saved plan is applied; without, a new plan is made and shown first. Either way it asks before
    it changes anything. What people have to do then stands in `deployer tasks`.

    \b
    Example:
      deployer apply
      deployer apply plan.json --env production --yes
    """
    from deployer import library
    from deployer.engine.guards import Overrides, check_protected

    if plan_file and prune:
        raise click.UsageError("--prune belongs to the plan: say it when planning, then apply that plan")
    with library.connect(run.workspace(), run.env) as connection:
        check_protected(connection.environment, saved=plan_file is not None)
        plan = _saved(plan_file, connection) if plan_file else library.plan(connection, prune=prune)
        _show(run, plan)
        if plan.empty:
            return exits.of(waits=bool(plan.waiting), detailed=detailed_exitcode)
        if not _agreed(plan, yes=yes):
            click.echo("error: nothing was applied: not agreed", err=True)
            return exits.FAILED
        overrides = Overrides(allow_removals=allow_removals)
        options = library.ApplyOptions(saved=plan_file is not None, overrides=overrides, lock_timeout=lock_timeout)
        report = _apply(run, connection, plan, options)
    _report(run, report)
    if report.interrupted:
        return exits.INTERRUPTED
    return exits.of(failed=report.failed, waits=report.open_tasks > 0, detailed=detailed_exitcode)


def _saved(path: Path, connection: Connection) -> Plan:
    """The plan in a file, refused at once where it is stale: nobody is asked about it, and no empty one is "done"."""
    from deployer.engine.desired import config_digest, desired
    from deployer.engine.guards import check_plan

    plan = _read(path)
    project = connection.project
    check_plan(plan, connection.state(), connection.environment, config_digest(project, desired(project)))
    return plan


def _read(path: Path) -> Plan:
    from deployer.engine.values import Plan

    wrong = f"{path} isn't a plan that `deployer plan --out` wrote"
    try:
        return Plan.from_json(json.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise click.UsageError(f"{path} can't be read: {error.strerror}") from error
    except ValueError as error:
        raise click.UsageError(f"{wrong}: {error}") from error
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        raise click.UsageError(wrong) from error


def _show(run: Run, plan: Plan) -> None:
    """The plan that is about to be applied: as data where the output is for people, else beside it."""
    from deployer.views.plan import plan_text

    text = plan_text(plan, color=run.color, width=run.width, verbose=run.verbose)
    if run.format == "text":
        run.out(text)
    elif plan.empty:
        from deployer.engine.report import Report

        _report(run, Report(plan.environment, (), len(plan.waiting)))
    else:
        run.tell(text)


def _agreed(plan: Plan, *, yes: bool) -> bool:
    """Whether somebody agreed to the plan. Without a terminal only ``--yes`` is an agreement."""
    if yes:
        return True
    if not is_terminal(sys.stdin):
        raise click.UsageError("there is no terminal to ask on; say --yes to apply without being asked")
    count = len(plan.changes)
    return click.confirm(f"Apply {count} change{'s' if count != 1 else ''} to {plan.environment}?", err=True)


def _apply(run: Run, connection: Connection, plan: Plan, options: ApplyOptions) -> Report:
    from deployer.cli.progress import progress
    from deployer.library import apply

    with progress(len(plan.changes), quiet=run.quiet, no_color=run.no_color) as told:
        return apply(connection, plan, options, told)


def _report(run: Run, report: Report) -> None:
    from deployer.views.report import report_json, report_markdown, report_text

    show = {
        "text": lambda: report_text(report, color=run.color, width=run.width),
        "json": lambda: report_json(report),
        "markdown": lambda: report_markdown(report),
    }
    run.out(("\n" if run.format == "text" else "") + show[run.format]())
