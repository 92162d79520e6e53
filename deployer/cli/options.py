"""Options that every command has, and what a command needs to run: output, the project, the environment."""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TextIO, TypeAlias, TypedDict, TypeVar

import click

from deployer.cli.completion import environments
from deployer.dataclass import dataclass
from deployer.masking import masked

if TYPE_CHECKING:
    from pathlib import Path

    from deployer.cli.transcript import Transcript
    from deployer.workspace.workspace import Workspace

F = TypeVar("F", bound=Callable[..., Any])
P = ParamSpec("P")

WIDTH = 80
"""Columns of output that isn't a terminal's."""


class Look(TypedDict):
    """How a view lays out a text for people."""

    color: bool
    width: int


@dataclass(frozen=True, slots=True)
class CommandRun:
    """One run of a command: where it works and how it speaks. Data goes to stdout, the rest to stderr.

    ``env`` is the one environment that was named, if any; ``envs`` and ``all_envs`` are for commands that take several;
    ``aside``: data goes to stderr, too; ``no_cache``: nothing that an earlier run found is used or kept. In
    ``transcript`` everything that it prints is kept in mind.
    """

    project: Path
    env: str | None
    format: str
    verbose: bool
    quiet: bool
    no_color: bool
    no_cache: bool = False
    envs: tuple[str, ...] = ()
    all_envs: bool = False
    aside: bool = False
    transcript: Transcript | None = None

    @property
    def several(self) -> bool:
        """Whether more than one environment was asked for, or all of them."""
        return self.all_envs or len(self.envs) > 1

    @property
    def color(self) -> bool:
        """Whether what is printed has color: on a terminal that isn't dumb, or where a variable asks for it.

        The variables are ``FORCE_COLOR`` and ``CLICOLOR_FORCE``.

        ``--no-color`` and ``NO_COLOR`` come first.
        """
        if self.no_color or os.environ.get("NO_COLOR"):
            return False
        if any(os.environ.get(name, "0") not in {"", "0"} for name in ("FORCE_COLOR", "CLICOLOR_FORCE")):
            return True
        return os.environ.get("TERM") != "dumb" and is_terminal(self._stream)

    @property
    def on_terminal(self) -> bool:
        """Whether stdout is a terminal."""
        return is_terminal(sys.stdout)

    @property
    def _stream(self) -> TextIO | None:
        """Where ``out`` prints."""
        return sys.stderr if self.aside else sys.stdout

    @property
    def _links(self) -> bool:
        """Whether ``out`` prints on a terminal that takes color and leaves out links that it can't show."""
        return self.color and is_terminal(self._stream) and os.environ.get("TERM") not in {"dumb", "linux"}

    @property
    def width(self) -> int:
        """Columns to fill."""
        if not is_terminal(self._stream):
            return WIDTH
        import shutil

        return shutil.get_terminal_size((WIDTH, 24)).columns

    @property
    def look(self) -> Look:
        """How a view is to lay out what ``out`` prints."""
        return {"color": self.color, "width": self.width}

    def workspace(self) -> Workspace:
        """Load the project; what an earlier run found in it isn't looked for again."""
        from deployer.workspace.loading import load_keeping

        read = self.transcript.read if self.transcript else None
        return self._noted(load_keeping(self.project, self.kept_in, read))

    def settings(self) -> Workspace:
        """Load the project's settings only."""
        from deployer.workspace.loading import load_settings_keeping

        return self._noted(load_settings_keeping(self.project, self.kept_in))

    def _noted(self, workspace: Workspace) -> Workspace:
        if self.transcript is not None:
            self.transcript.workspaces.append(workspace)
        return workspace

    @property
    def kept_in(self) -> Path | None:
        """The folder where what checks find is kept, if any."""
        from deployer.workspace.answers import folder_of_answers

        return None if self.no_cache else folder_of_answers(os.environ)

    def out(self, text: str) -> None:
        """Print data; text for people on a terminal has links to the places that it names."""
        if self.transcript is not None:
            self.transcript.texts.append(masked(text))
        if self.format == "text" and self._links:
            from deployer.cli.links import linked

            text = linked(text, self.project)
        click.echo(text, color=True if self.color else None, err=self.aside)

    def formatted(self, formats: Formats[P], *result: P.args, **more: P.kwargs) -> str:
        """A result in the format that was chosen."""
        return formats[self.format](self, *result, **more)

    def show(self, formats: Formats[P], *result: P.args, **more: P.kwargs) -> None:
        """Print a result in the format that was chosen."""
        self.out(self.formatted(formats, *result, **more))

    def beside(self) -> CommandRun:
        """The same run, printing on standard error: standard output holds another document already."""
        return replace(self, aside=True)

    def tell(self, text: str) -> None:
        """Print progress, unless ``--quiet``."""
        if not self.quiet:
            click.echo(text, err=True)


RUNNING: ContextVar[CommandRun | None] = ContextVar("RUNNING", default=None)
"""The command that runs, for who prints its failure; ``None`` before its options were read."""

Formats: TypeAlias = Mapping[str, Callable[Concatenate[CommandRun, P], str]]
"""The formats of a command's result by the names that ``--format`` takes, the first the default: a line a format.

Each writes what the command hands to ``CommandRun.show`` as text without a newline at the end.
"""

_ENV = "The environment (default: the sandbox)."


def is_terminal(stream: TextIO | None) -> bool:
    """Whether a standard stream is a terminal; one that was closed (``<&-``) is ``None`` in Python."""
    return stream is not None and stream.isatty()


def global_options(formats: tuple[str, ...] = (), *, several: bool = False) -> Callable[[F], F]:
    """The options that come before or after a command.

    ``formats`` are those that a command can print; ``several``: it can work on more than one environment.
    """
    choice = click.Choice(formats) if formats else str
    default = formats[0] if formats else "text"
    which = "An environment (default: the sandbox); may be repeated." if several else _ENV
    everywhere = (click.option("--all-envs", is_flag=True, help="Every environment of the project."),)
    options = (
        click.option("--project", type=click.Path(), help="The project's folder (default: this one)."),
        click.option("--env", metavar="NAME", multiple=True, help=which, shell_complete=environments),
        *(everywhere if several else ()),
        click.option("--format", "format_", type=choice, help=f"How to print the result (default: {default})."),
        click.option("-v", "--verbose", is_flag=True, default=None, help="Print more, on stderr."),
        click.option("-q", "--quiet", is_flag=True, default=None, help="Print less: no progress, no notes."),
        click.option("--no-color", is_flag=True, default=None, help="No color (NO_COLOR does the same)."),
        click.option("--no-cache", is_flag=True, default=None, help="Use nothing that an earlier run found."),
    )

    def decorate(function: F) -> F:
        for option in reversed(options):
            function = option(function)
        return function

    return decorate


def command(
    *formats: str, name: str, several: bool = False, logs: bool = True
) -> Callable[[Callable[..., int]], click.Command]:
    """Make a function a command that takes a ``CommandRun`` first and returns an exit code.

    ``several``: it works on every environment that is named, or on all. ``logs``: what it does its work with may log.
    """
    printable = formats or ("text",)

    def decorate(function: Callable[..., int]) -> click.Command:
        @global_options(printable, several=several)
        @click.pass_context
        @functools.wraps(function)
        def wrapped(ctx: click.Context, /, **given: Any) -> int:
            run = _run(ctx, given, printable, several=several)
            if logs:
                from deployer.cli.logged import print_logged

                print_logged(verbose=run.verbose)
            RUNNING.set(run)
            return function(run, **given)

        return click.command(name)(wrapped)

    return decorate


def _run(ctx: click.Context, given: dict[str, Any], formats: tuple[str, ...], *, several: bool) -> CommandRun:
    """The run that the options ask for; raises ``UsageError`` of click."""
    options = _merged(ctx, given)
    envs = tuple(dict.fromkeys(options["env"] or ()))
    all_envs = bool(given.pop("all_envs", False))
    for option, texts in (("project", (options["project"],)), ("env", envs)):
        # An unset variable in a script (`--env "$TARGET"`) must not end up in the default.
        if "" in texts:
            raise click.UsageError(f"--{option} is empty; leave it out for the default", ctx)
    if len(envs) > 1 and not several:
        raise click.UsageError("this command works on one environment at a time; pass --env once", ctx)
    if envs and all_envs:
        raise click.UsageError("--env and --all-envs can't be used together", ctx)
    chosen = formats[0] if options["format_"] is None else options["format_"]
    if chosen not in formats:
        raise click.UsageError(f"--format {chosen} isn't one of: {', '.join(formats)}", ctx)
    return CommandRun(
        project=_project(options["project"] or "."),
        env=envs[0] if len(envs) == 1 else None,
        format=chosen,
        verbose=bool(options["verbose"]),
        quiet=bool(options["quiet"]),
        no_color=bool(options["no_color"]),
        no_cache=bool(options["no_cache"]),
        envs=envs,
        all_envs=all_envs,
    )


def _project(folder: str) -> Path:
    """The project that a folder is in, as git finds its repository: itself, or the nearest above it."""
    from pathlib import Path

    from deployer.source import project_folder

    return project_folder(Path(folder))


def _merged(ctx: click.Context, given: dict[str, Any]) -> dict[str, Any]:
    """What was given before the command, overruled by what was given after it (which is taken out of ``given``)."""
    before: dict[str, Any] = ctx.find_root().obj or {}
    options = {}
    for option in ("project", "env", "format_", "verbose", "quiet", "no_color", "no_cache"):
        after = given.pop(option)
        options[option] = before.get(option) if after in (None, ()) else after
    return options
