"""Options that every command has, and what a command needs to run: output, the project, the environment."""

from __future__ import annotations

import functools
import logging
import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO, TypeVar

import click

if TYPE_CHECKING:
    from deployer.library import Workspace

F = TypeVar("F", bound=Callable[..., Any])

WIDTH = 80
"""Columns of output that isn't a terminal's."""


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a command: where it works and how it speaks. Data goes to stdout, the rest to stderr."""

    project: Path
    env: str | None
    format: str
    verbose: bool
    quiet: bool
    no_color: bool

    @property
    def color(self) -> bool:
        """Whether stdout takes colour: a terminal, unless ``--no-color`` or ``NO_COLOR`` says otherwise."""
        return not self.no_color and not os.environ.get("NO_COLOR") and is_terminal(sys.stdout)

    @property
    def width(self) -> int:
        """Columns to fill."""
        return shutil.get_terminal_size((WIDTH, 24)).columns if is_terminal(sys.stdout) else WIDTH

    def workspace(self) -> Workspace:
        """Load the project."""
        from deployer.library import load

        return load(self.project)

    def out(self, text: str) -> None:
        """Print data."""
        click.echo(text, color=True if self.color else None)

    def tell(self, text: str) -> None:
        """Print progress, unless ``--quiet``."""
        if not self.quiet:
            click.echo(text, err=True)


def is_terminal(stream: TextIO | None) -> bool:
    """Whether a standard stream is a terminal; one that was closed (``<&-``) is ``None`` in Python."""
    return stream is not None and stream.isatty()


def global_options(formats: tuple[str, ...] = ()) -> Callable[[F], F]:
    """The options that stand before or after a command. ``formats`` are those that a command can print."""
    choice = click.Choice(formats) if formats else str
    options = (
        click.option("--project", type=click.Path(), help="The project's folder (default: this one)."),
        click.option("--env", metavar="NAME", help="The environment (default: the sandbox)."),
        click.option("--format", "format_", type=choice, help="How to print the result (default: text)."),
        click.option("-v", "--verbose", is_flag=True, default=None, help="Say more, on stderr."),
        click.option("-q", "--quiet", is_flag=True, default=None, help="Say less: no progress, no remarks."),
        click.option("--no-color", is_flag=True, default=None, help="No colour (NO_COLOR does the same)."),
    )

    def decorate(function: F) -> F:
        for option in reversed(options):
            function = option(function)
        return function

    return decorate


def command(*formats: str, name: str) -> Callable[[Callable[..., int]], click.Command]:
    """Make a function a command that takes a ``Run`` first and returns an exit code."""
    printable = formats or ("text",)

    def decorate(function: Callable[..., int]) -> click.Command:
        @global_options(printable)
        @click.pass_context
        @functools.wraps(function)
        def wrapped(ctx: click.Context, /, **given: Any) -> int:
            return function(_run(ctx, given, printable), **given)

        return click.command(name)(wrapped)

    return decorate


def _run(ctx: click.Context, given: dict[str, Any], formats: tuple[str, ...]) -> Run:
    """The run that the options ask for; raises ``UsageError`` of click."""
    said = _said(ctx, given)
    for option in ("project", "env"):
        # An unset variable in a script (`--env "$TARGET"`) must not end up in the default.
        if said[option] == "":
            raise click.UsageError(f"--{option} is empty; leave it out for the default", ctx)
    chosen = formats[0] if said["format_"] is None else said["format_"]
    if chosen not in formats:
        raise click.UsageError(f"--format {chosen} isn't one of: {', '.join(formats)}", ctx)
    _log(verbose=bool(said["verbose"]))
    return Run(
        project=Path(said["project"] or "."),
        env=said["env"],
        format=chosen,
        verbose=bool(said["verbose"]),
        quiet=bool(said["quiet"]),
        no_color=bool(said["no_color"]),
    )


def _said(ctx: click.Context, given: dict[str, Any]) -> dict[str, Any]:
    """What was said before the command, overruled by what was said after it (which is taken out of ``given``)."""
    before: dict[str, Any] = ctx.find_root().obj or {}
    said = {}
    for option in ("project", "env", "format_", "verbose", "quiet", "no_color"):
        after = given.pop(option)
        said[option] = before.get(option) if after is None else after
    return said


def _log(*, verbose: bool) -> None:
    """Log to stderr: each request with ``--verbose``; neither keys, queries nor bodies are ever logged."""
    logger = logging.getLogger("deployer")
    logger.handlers = [logging.StreamHandler()]
    logger.handlers[0].setFormatter(logging.Formatter("%(name)s: %(message)s"))
    logger.setLevel(logging.DEBUG if verbose else logging.WARNING)
    logger.propagate = False
