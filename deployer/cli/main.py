"""The command group, loaded lazily, and the one handler of every error."""

from __future__ import annotations

import gc
import io
import os
import sys
from importlib import import_module
from keyword import iskeyword
from typing import TYPE_CHECKING, NoReturn, TextIO, cast

import click

from deployer import __version__
from deployer.cli import exits
from deployer.cli.options import global_options
from deployer.cli.signals import end_on_sigterm
from deployer.errors import DeployerError
from deployer.masking import MaskedStream

if TYPE_CHECKING:
    from collections.abc import Sequence

SECTIONS = {
    "Begin": {
        "init": "Begin a project: an event, a text, its journey, tests.",
        "new": "Declare one more resource.",
        "demo": "Walk through the main job on a copy of an example.",
        "sandbox": "An Attentive to develop against.",
        "whoami": "Show whose keys an environment has, and what they may do.",
    },
    "See the whole": {
        "list": "List what is declared, and what uses what.",
        "show": "Show one declaration: each value's place, what is recorded, what uses it.",
        "graph": "Draw the way from a property to a message.",
        "catalog": "Make a site of the project for those who don't read YAML.",
    },
    "Check": {
        "validate": "Check the project's files.",
        "fmt": "Write the project's YAML in one form.",
        "test": "Run the journey tests on a virtual clock.",
        "explain": "Explain why a rule matters, with examples.",
        "compat": "Compare declared events with an earlier version.",
    },
    "Messages": {
        "render": "Show messages as a customer reads them.",
        "preview": "Show every message as a phone and an inbox show it.",
        "simulate": "Show what a subscriber gets after an event, when, and why.",
        "absorb": "Copy a text from Attentive's composer into the YAML.",
    },
    "Plan and apply": {
        "plan": "Show what would change, and who does it: the API or people.",
        "apply": "Apply what the API can do, and record tasks for people for the rest.",
        "tasks": "List what people have to do, down to the button.",
        "confirm": "Record that tasks are done, submitted for review, or rejected.",
        "status": "Show Attentive's launch checklist for an environment.",
        "drift": "Show what was changed at Attentive since it was recorded.",
        "state": "Look at the state of an environment, repair it, free its lock.",
    },
    "Take over": {
        "import": "Write what Attentive already lists as YAML that adopts it.",
        "baseline": "Record that something at Attentive already matches the YAML.",
        "record-live": "Record a change that was made at Attentive.",
        "stop": "Have a journey turned off immediately, without a pull request.",
    },
    "Events": {
        "check": "Check captured payloads against what an event type declares.",
        "infer": "Write event types from captured payloads.",
        "send": "Check an event's payload and send it to a test contact.",
        "verify": "Prove a journey on a real phone: send its event, compare what arrives.",
        "listen": "Compare what Attentive sends with what is confirmed.",
        "subscribe": "Subscribe a test contact through an opt-in source.",
        "schema": "Print or write the JSON Schemas of the files.",
    },
    "Editors and assistants": {
        "lsp": "Answer an editor: the Language Server Protocol.",
        "mcp": "Answer an assistant: the Model Context Protocol.",
    },
    "Pull requests and issues": {
        "comment": "Comment on a pull request what it would change.",
        "issue": "Keep an environment's tasks as an issue with boxes to tick.",
    },
}
"""Every command with its one line, by what it is for; its module is imported when it runs."""

COMMANDS = {name: line for commands in SECTIONS.values() for name, line in commands.items()}
"""Every command with its one line."""


def module_of(name: str) -> str:
    """The module of a command: Python has no dash in names, and keeps some words (`import`) for itself."""
    plain = name.replace("-", "_")
    return f"{plain}_" if iskeyword(plain) else plain


class LazyGroup(click.Group):
    """A group whose commands are imported when they are used, so that ``--version`` costs nothing."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every command, in the order of work."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a name."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        command = import_module(f"deployer.cli.commands.{module_of(cmd_name)}").command
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that was typed, with a suggestion where there is none of that name."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            from deployer.source import did_you_mean

            near = did_you_mean(args[0], COMMANDS)
            raise click.UsageError(f"no such command `{args[0]}`" + (f"; {near}" if near else ""), ctx) from error

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands and their lines, without importing any."""
        del ctx
        longest = max(map(len, COMMANDS))
        for title, commands in SECTIONS.items():
            with formatter.section(title):
                formatter.write_dl([(name.ljust(longest), line) for name, line in commands.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="deployer", message="%(prog)s %(version)s")
@global_options()
@click.pass_context
def cli(ctx: click.Context, /, **given: object) -> None:
    """Attentive transactional journeys as code.

    Declare events, messages and journeys in YAML; validate, plan, apply; hand people the exact remaining clicks.
    Without --env a command works on the project's sandbox, never on an Attentive account.

    \b
    Example:
      deployer validate && deployer plan
    """
    ctx.obj = given


def main() -> NoReturn:
    """Run the command line and exit."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # as stderr: an encoding without arrows is no bug of ours
    end_on_sigterm()
    code = run(sys.argv[1:])
    for stream in (sys.stdout, sys.stderr):
        _drop_if_closed(stream)
    gc.freeze()  # what is left ends with the process; Python would look through all of it for rings once more
    sys.exit(code)


def run(args: Sequence[str]) -> int:
    """Run the command line and return its exit code. No key is printed, whatever a server made of it."""
    streams = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = (
        cast("TextIO", MaskedStream(stream)) if stream is not None else stream for stream in streams
    )
    try:
        return _run(args)
    except SystemExit as ended:  # click's, where the reader closed the pipe; `main` drops what is still in the buffer
        return ended.code if isinstance(ended.code, int) else exits.FAILED
    finally:
        sys.stdout, sys.stderr = streams


def _run(args: Sequence[str]) -> int:
    try:
        result = cli.main(args=list(args), prog_name="deployer", standalone_mode=False)
        if sys.stdout is not None:  # closed (`>&-`)
            sys.stdout.flush()
        return result if isinstance(result, int) else exits.DONE
    except BrokenPipeError:  # the reader of the output stopped reading
        _drop_if_closed(sys.stdout)
        return exits.FAILED
    except (KeyboardInterrupt, click.Abort):
        click.echo("interrupted", err=True)
        return exits.INTERRUPTED
    except click.ClickException as error:
        return _usage(error)
    except (DeployerError, OSError) as error:
        return _expected(error)
    except Exception as error:  # noqa: BLE001 - the top-level handler: anything else is a bug of ours
        return _bug(error)


def _usage(error: click.ClickException) -> int:
    """Say what is wrong with how the command was given; nothing given at all is answered with the help."""
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        click.echo(error.format_message(), err=True)
        return exits.USAGE
    where = error.ctx.command_path if isinstance(error, click.UsageError) and error.ctx else "deployer"
    click.echo(f"error: {error.format_message()}\nhint: `{where} --help` shows how it is used", err=True)
    return exits.USAGE


def _expected(error: DeployerError | OSError) -> int:
    """Say what happened and what to do; what that takes is loaded only now."""
    from deployer.cli.failures import show, show_machine

    return show(error) if isinstance(error, DeployerError) else show_machine(error)


def _bug(error: Exception) -> int:
    """A bug in deployer: the traceback goes into a file, its path to the person."""
    import tempfile
    import traceback

    trace = "".join(traceback.format_exception(type(error), error, error.__traceback__))
    click.echo(f"error: this is a bug in deployer ({type(error).__name__})", err=True)
    try:
        handle, name = tempfile.mkstemp(prefix="deployer-", suffix=".log", text=True)
        with os.fdopen(handle, "w", encoding="utf-8") as log:
            log.write(f"deployer {__version__}, Python {sys.version}\n{trace}")
    except OSError as full:  # no room for it, and the terminal isn't the place for what may be private
        click.echo(f"hint: please report it; its log can't be written: {full.strerror}", err=True)
        return exits.BUG
    click.echo(f"hint: please report it with {name}, after checking that it holds nothing private", err=True)
    return exits.BUG


def _drop_if_closed(stream: TextIO | None) -> None:
    """Send what is no longer read to nowhere: Python would fail on it at exit, with a code of its own."""
    if stream is None:
        return
    try:
        stream.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
