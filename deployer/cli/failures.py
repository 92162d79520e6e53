"""What can go wrong without being a bug, and how it is said: what happened, and what to do."""

from __future__ import annotations

import click

from deployer.attentive import AttentiveError
from deployer.cli import exits
from deployer.contracts import PayloadError
from deployer.contracts.compat.project import CompatError
from deployer.engine.baseline import DifferentTextError
from deployer.engine.confirm import ConfirmError
from deployer.forge.errors import ForgeError
from deployer.forge.refs import RefError
from deployer.kinds.base import GuardError
from deployer.messages import CompileError, LiquidError, RenderError
from deployer.sandbox import FaultsError
from deployer.source import FileProblem, MissingSecret, ProblemsError, pointer_text
from deployer.state import StateError
from deployer.views.render_png import ScreenshotError
from deployer.workspace.workspace import UsageError


def explain(error: Exception) -> int | None:
    """Say an expected error on stderr and return its exit code; ``None``: it isn't one."""
    if isinstance(error, ProblemsError | DifferentTextError):
        return _problems(error) if isinstance(error, ProblemsError) else _different(error)
    if isinstance(error, PayloadError):
        return _payload(error)
    if isinstance(error, UsageError):
        return say(error.message, error.hint, exits.USAGE)
    if isinstance(
        error,
        GuardError
        | ConfirmError
        | StateError
        | FileProblem
        | AttentiveError
        | FaultsError
        | RefError
        | CompatError
        | ForgeError
        | ScreenshotError,
    ):
        return say(str(error), error.hint)
    if isinstance(error, CompileError | LiquidError | RenderError | MissingSecret):
        return say(str(error), "`deployer validate` shows where")
    return None


def say(message: str, hint: str = "", code: int = exits.FAILED) -> int:
    """Print an error with its hint."""
    from deployer.views.problems import visible

    shown = "\n".join(visible(line) for line in message.splitlines())
    click.echo(f"error: {shown}" + (f"\nhint: {visible(hint)}" if hint else ""), err=True)
    return code


def _problems(error: ProblemsError) -> int:
    from deployer.views.problems import render_text

    click.echo(render_text(error.problems), err=True)
    return exits.FAILED


def _different(error: DifferentTextError) -> int:
    from deployer.views.differences import differences_text

    click.echo(differences_text(error.differences), err=True)
    return say(error.message, error.hint)


def _payload(error: PayloadError) -> int:
    say(str(error))
    for violation in error.violations:
        place = pointer_text(violation.pointer) or "/"
        click.echo(f"  {place}: {violation.message}" + (f" ({violation.hint})" if violation.hint else ""), err=True)
    return exits.FAILED
