"""Commands that work on one environment or on several: one answer, one summary, one exit code."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

import deployer
from deployer.cli import exits
from deployer.dataclass import dataclass
from deployer.errors import DeployerError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from deployer.app.several import Result
    from deployer.cli.options import CommandRun
    from deployer.workspace.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Shown:
    """The result in one environment: its exit code, one line of summary, and its text in the format that was chosen."""

    code: int
    summary: str
    text: str


def each(run: CommandRun, work: Callable[[Workspace, str | None], Shown]) -> int:
    """Do ``work`` for the environments that were asked for, print what came of them, and give the exit code."""
    workspace = run.workspace()
    if not run.several:
        shown = work(workspace, run.env)
        run.out(shown.text)
        return shown.code
    return print_results(run, deployer.across(names(run, workspace), lambda name: work(workspace, name)))


def names(run: CommandRun, workspace: Workspace) -> tuple[str, ...]:
    """The environments that were asked for; raises ``UsageError`` or ``ProblemsError`` before any is touched."""
    chosen = run.envs or workspace.environments()
    return tuple(workspace.environment(name).name for name in chosen)


def print_results(run: CommandRun, results: Sequence[Result[Shown]]) -> int:
    """Print what came of several environments and give the one exit code; a bug in one is raised after that."""
    codes = {result.environment: _failed(result) if result.value is None else result.value.code for result in results}
    if run.format == "json":
        run.out(json.dumps({"version": 1, "environments": [_data(result, codes) for result in results]}, indent=2))
    else:
        _print(run, results)
    bug = next((result.error for result in results if codes[result.environment] == exits.BUG), None)
    if bug is not None:
        raise bug
    return exits.worst(codes.values())


def _print(run: CommandRun, results: Sequence[Result[Shown]]) -> None:
    """Each environment's text, unless ``--quiet``, then a line for each."""
    for result in results:
        if result.value is not None and not run.quiet:
            run.out(result.value.text + "\n")
    width = max(len(result.environment) for result in results)
    bullet, wall = ("- ", ": ") if run.format == "markdown" else ("  ", "  ")
    run.out(f"{len(results)} environments" + ("\n" if run.format == "markdown" else ""))
    for result in results:
        run.out(
            f"{bullet}{result.environment.ljust(width) if wall == '  ' else result.environment}{wall}{_line(result)}"
        )


def _line(result: Result[Shown]) -> str:
    from deployer.views.problems import visible

    if result.value is not None:
        return result.value.summary
    first = visible(_why(result).splitlines()[0])
    return first if isinstance(result.error, KeyboardInterrupt) else f"failed: {first}"


def _why(result: Result[Shown]) -> str:
    """Why an environment came to nothing; an error without words says its name."""
    if isinstance(result.error, KeyboardInterrupt):
        return "interrupted before anything was done"
    return str(result.error) or type(result.error).__name__


def _failed(result: Result[Shown]) -> int:
    """Say on stderr why an environment came to nothing; its exit code."""
    from deployer.cli.failures import show, show_machine

    assert result.error is not None
    if isinstance(result.error, KeyboardInterrupt):
        return exits.INTERRUPTED
    click.echo(f"{result.environment}:", err=True)
    if isinstance(result.error, OSError):
        return show_machine(result.error)
    if not isinstance(result.error, DeployerError):
        return exits.BUG
    show(result.error)
    return exits.FAILED


def _data(outcome: Result[Shown], codes: Mapping[str, int]) -> dict[str, Any]:
    code = codes[outcome.environment]
    if outcome.value is None:
        error = {"message": _why(outcome), "hint": getattr(outcome.error, "hint", "")}
        return {"environment": outcome.environment, "exit": code, "result": None, "error": error}
    result = json.loads(outcome.value.text)
    return {"environment": outcome.environment, "exit": code, "result": result, "error": None}
