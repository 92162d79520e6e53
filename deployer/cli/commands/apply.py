"""``deployer apply``."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from dataclasses import field
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

import click

import deployer
from deployer.cli import exits, views
from deployer.cli.input_files import InputPath
from deployer.cli.narrowing import only_option
from deployer.cli.options import command as make_command
from deployer.cli.options import is_terminal
from deployer.cli.several import Shown
from deployer.cli.state_options import lock_timeout
from deployer.dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deployer.app.connection import Connection
    from deployer.app.operations import ApplyOptions
    from deployer.app.several import Result
    from deployer.cli.options import CommandRun, Formats
    from deployer.engine.changes import Change
    from deployer.engine.plan import Plan
    from deployer.engine.report import ApplyReport
    from deployer.project import Project
    from deployer.state import State


@dataclass(frozen=True, slots=True)
class _Order:
    """How to apply, as it was asked on the command line."""

    plan_file: Path | None
    yes: bool
    prune: bool
    only: tuple[str, ...]
    allow_removals: bool
    lock_timeout: float
    detailed_exitcode: bool
    stop: Event = field(default_factory=Event)
    leave: Event = field(default_factory=Event)
    unsaved: list[State] = field(default_factory=list)
    """The states that could be stored nowhere: standard output then holds one document of them, and nothing else."""

    def options(self) -> ApplyOptions:
        from deployer.app.operations import ApplyOptions
        from deployer.cli.stored import handle
        from deployer.engine.guards import Overrides

        overrides = Overrides(allow_removals=self.allow_removals)
        saved = self.plan_file is not None
        return ApplyOptions(saved, overrides, self.lock_timeout, by=handle(), stop=self.stop, leave=self.leave)


@dataclass(frozen=True, slots=True)
class _Planned:
    """A plan to apply; ``unplanned`` are the changes that it doesn't have and one made now does, where it was saved."""

    plan: Plan
    unplanned: tuple[Change, ...] = ()


FORMATS: Formats[[ApplyReport]] = {
    "text": lambda run, report: views.report.report_text(report, **run.look),
    "json": lambda _, report: views.report.report_json(report),
    "markdown": lambda _, report: views.report.report_markdown(report),
}


@make_command(*FORMATS, name="apply", several=True)
@click.argument("plan_file", required=False, metavar="[PLAN]", type=InputPath(path_type=Path))
@click.option("--yes", is_flag=True, help="Don't ask. Without a terminal this is needed.")
@click.option("--prune", is_flag=True, help="Remove what is recorded but no longer declared.")
@only_option
@click.option("--allow-removals", is_flag=True, help="Remove more than the limits in deployer.yaml allow.")
@lock_timeout(0.0)
@click.option("--detailed-exitcode", is_flag=True, help="Exit with 4 if tasks wait for a person.")
def command(
    run: CommandRun,
    *,
    plan_file: Path | None,
    yes: bool,
    prune: bool,
    only: tuple[str, ...],
    allow_removals: bool,
    lock_timeout: float,
    detailed_exitcode: bool,
) -> int:
    """Apply what the API can do, and record tasks for people for the rest.

    With PLAN exactly that saved plan is applied (for several environments a folder of them); without, a new plan is
    made and shown first. Either way it asks before it changes anything. `deployer tasks` then lists what people have to
    do. The first Ctrl-C finishes and records what runs; the second stops at once.

    \b
    Example:
      deployer apply
      deployer apply --only journey.order_shipped
      deployer apply plan.json --env production --yes
    """
    if plan_file and prune:
        raise click.UsageError("--prune belongs to the plan: pass it to `deployer plan`, then apply that plan")
    if plan_file and only:
        raise click.UsageError("--only belongs to the plan: pass it when planning, then apply that plan")
    order = _Order(plan_file, yes, prune, only, allow_removals, lock_timeout, detailed_exitcode)
    return _several(run, order) if run.several else _one(run, order)


def _one(run: CommandRun, order: _Order) -> int:
    from deployer.cli.progress import progress
    from deployer.cli.signals import stopping

    with deployer.connect(run.workspace(), run.env) as connection:
        planned = _plan(connection, order)
        plan = planned.plan
        _show(run, planned, connection.project)
        if not _to_do(connection, plan):
            return exits.of(waits=bool(plan.waiting), detailed=order.detailed_exitcode)
        if not _agreed([plan], order):
            return exits.FAILED
        bar = progress(len(plan.changes), quiet=run.quiet, no_color=run.no_color)
        with bar as show_progress, stopping(order.stop):
            report = deployer.apply(connection, plan, order.options(), show_progress)
        _keep(connection, report, order)
    run = _print_unsaved(run, order)
    shown = _shown(run, report, order)
    run.out(("\n" if run.format == "text" else "") + shown.text)
    return shown.code


def _several(run: CommandRun, order: _Order) -> int:
    """Plan everywhere, ask once, apply everywhere; what fails in one environment stays there."""
    from deployer.cli.several import names, print_results
    from deployer.cli.signals import stopping

    with ExitStack() as stack:
        workspace = run.workspace()
        chosen = names(run, workspace)

        def planned(name: str) -> tuple[Connection, _Planned]:
            connection = stack.enter_context(deployer.connect(workspace, name))
            return connection, _plan(connection, order)

        results = deployer.across(chosen, planned)
        plans = {result.environment: result.value for result in results if result.value is not None}
        for there, prepared in plans.values():
            if not run.quiet:
                _show(run, prepared, there.project)
        if any(_to_do(there, planned.plan) for there, planned in plans.values()) and not _agreed(
            [planned.plan for _, planned in plans.values()], order
        ):
            return exits.FAILED
        with stopping(order.stop, order.leave):
            applied = {result.environment: result for result in _apply_all(run, plans, order)}
        failed: dict[str, Result[Shown]] = {
            result.environment: deployer.Result(result.environment, error=result.error) for result in results
        }
        return print_results(_print_unsaved(run, order), [(failed | applied)[name] for name in chosen])


def _apply_all(
    run: CommandRun, plans: dict[str, tuple[Connection, _Planned]], order: _Order
) -> tuple[Result[Shown], ...]:
    from deployer.app.operations import apply
    from deployer.app.several import across
    from deployer.cli.progress import lines

    def applied(name: str) -> Shown:
        connection, planned = plans[name]
        plan = planned.plan
        if order.stop.is_set():
            raise KeyboardInterrupt
        if not _to_do(connection, plan):  # no lock is taken, and nothing is read again, for nothing
            return _shown(run, _nothing(planned), order)
        report = apply(connection, plan, order.options(), lines(name, quiet=run.quiet))
        _keep(connection, report, order)
        return _shown(run, report, order)

    return across(tuple(plans), applied)


def _plan(connection: Connection, order: _Order) -> _Planned:
    from deployer.cli.plan_files import saved_plan
    from deployer.engine.guards import check_protected

    check_protected(connection.environment, saved=order.plan_file is not None)
    if order.plan_file is not None:
        return _Planned(*saved_plan(order.plan_file, connection, asks=not order.yes))
    return _Planned(deployer.plan(connection, prune=order.prune, only=order.only))


def _to_do(connection: Connection, plan: Plan) -> bool:
    """Whether there is anything to apply, or something of an interrupted run to store."""
    return not plan.empty or bool(connection.recovered()[1])


def _show(run: CommandRun, planned: _Planned, project: Project) -> None:
    """The plan that is about to be applied: as data where the output is for people, else beside it."""
    from deployer.views.plan import plan_text

    plan = planned.plan
    text = plan_text(plan, project, **run.look, verbose=run.verbose)
    if planned.unplanned:
        text += "\n" + views.report.unplanned_text(planned.unplanned, **run.look)
    if run.format == "text":
        run.out(text)
    elif plan.empty and not run.several:
        run.show(FORMATS, _nothing(planned))
    else:
        run.tell(text)


def _nothing(planned: _Planned) -> ApplyReport:
    """The report of an apply that has nothing to do."""
    from deployer.engine.report import ApplyReport

    plan = planned.plan
    return ApplyReport(plan.environment, (), len(plan.waiting), only=plan.only, unplanned=planned.unplanned)


def _agreed(plans: Sequence[Plan], order: _Order) -> bool:
    """Whether the plans may be applied. Without a terminal only ``--yes`` says so."""
    from deployer.views.plan_summary import named_summary

    if order.yes:
        return True
    if not is_terminal(sys.stdin):
        raise click.UsageError("there is no terminal to ask on; pass --yes to apply without a prompt")
    what = "\n  ".join(named_summary(plan) for plan in plans)
    if click.confirm(f"Apply to {what}?", err=True):
        return True
    click.echo("error: cancelled; nothing was applied", err=True)
    return False


def _keep(connection: Connection, report: ApplyReport, order: _Order) -> None:
    """Put a state that couldn't be stored into a file, with the way to recover it; else it has to be printed."""
    from deployer.app.rescue import keep_unsaved

    if report.unsaved is None:
        return
    name = report.environment
    try:
        path = keep_unsaved(report.unsaved, connection.workspace.root)
        click.echo(f"error: the state of {name} couldn't be stored; it is in {path}", err=True)
        click.echo(f"hint: once the backend works again, run: deployer state push {path} --env {name}", err=True)
    except OSError as error:
        click.echo(f"error: the state of {name} couldn't be stored or written to a file: {error.strerror}", err=True)
        way = f"save this standard output as a file, then: deployer state push FILE --env {name}"
        click.echo(f"hint: {way}", err=True)
        order.unsaved.append(report.unsaved)


def _print_unsaved(run: CommandRun, order: _Order) -> CommandRun:
    """Print the states that could be stored nowhere, as the last thing on standard output; what prints the rest."""
    from deployer.app.rescue import document

    if not order.unsaved:
        return run
    run.out(document(order.unsaved))
    return run.beside()


def _shown(run: CommandRun, report: ApplyReport, order: _Order) -> Shown:
    waits = report.open_tasks > 0
    done = exits.of(failed=report.failed, waits=waits, detailed=order.detailed_exitcode)
    code = exits.INTERRUPTED if report.interrupted else done
    return Shown(code, views.report.report_summary(report), run.formatted(FORMATS, report))
