"""How an error and a note are printed: on stderr, what happened and what to do, with nothing that steers a terminal."""

from __future__ import annotations

import click

from deployer.errors import DeployerError


def say(message: str, hint: str = "", code: int = DeployerError.exit_code) -> int:
    """Print an error with its hint, and return its exit code."""
    _print("error", message, hint)
    return code


def note(message: str, hint: str = "") -> None:
    """Print what is worth knowing and stops nothing."""
    _print("note", message, hint)


def _print(what: str, message: str, hint: str) -> None:
    from deployer.views.problems import visible

    shown = "\n".join(visible(line) for line in message.splitlines())
    click.echo(f"{what}: {shown}" + (f"\nhint: {visible(hint)}" if hint else ""), err=True)
