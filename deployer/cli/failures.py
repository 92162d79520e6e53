"""What can go wrong without being a bug, and how it is printed: what happened, and what to do."""

from __future__ import annotations

import sys
from dataclasses import replace
from functools import singledispatch

import click

from deployer.cli.notices import say
from deployer.cli.options import RUNNING, is_terminal
from deployer.contracts import PayloadError
from deployer.engine.baseline import DifferentTextError
from deployer.errors import DeployerError, TextError
from deployer.source import ProblemsError, pointer_text


@singledispatch
def show(error: DeployerError) -> int:
    """Say an expected error on stderr and return its exit code; some kinds of errors have more to show."""
    return say(error.message, error.hint, error.exit_code)


def show_machine(error: OSError) -> int:
    """Say that the machine is in the way, wherever that was met: a full disk, a read-only folder, a missing one."""
    where = f"`{error.filename}`" if error.filename else "the output"
    hint = "check that it exists, that it can be read and written, and that the disk isn't full"
    return say(f"{where} can't be used: {error.strerror or error}", hint)


@show.register
def _problems(error: ProblemsError) -> int:
    from deployer.views.problems import render_text

    run = RUNNING.get()
    if run is None:
        click.echo(render_text(error.problems), err=True)
    else:
        beside = replace(run.beside(), format="text")
        beside.out(render_text(error.problems, **beside.look, wrap=is_terminal(sys.stderr)))
    return error.exit_code


@show.register
def _different(error: DifferentTextError) -> int:
    from deployer.views.differences import differences_text

    click.echo(differences_text(error.differences), err=True)
    return say(error.message, error.hint)


@show.register
def _payload(error: PayloadError) -> int:
    say(error.message)
    for violation in error.violations:
        place = pointer_text(violation.pointer) or "/"
        click.echo(f"  {place}: {violation.message}" + (f" ({violation.hint})" if violation.hint else ""), err=True)
    return error.exit_code


@show.register
def _text(error: TextError) -> int:
    return say(error.message, "`deployer validate` shows where")
