"""Exit codes: what each command ends with, whatever the output's format."""

from __future__ import annotations

import importlib
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest

from deployer.cli import exits
from deployer.cli.main import COMMANDS

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Done

    Deployer = Callable[..., Done]

WORKS = {
    "validate": (),
    "render": ("order_shipped_text",),
    "plan": (),
    "apply": ("--yes",),
    "tasks": (),
    "confirm": ("TOKEN",),
    "baseline": ("journey.order_shipped",),
    "status": (),
    "drift": (),
    "whoami": (),
    "send": ("order_shipped",),
    "subscribe": ("checkout",),
    "demo": (),
    "schema": (),
}
"""Arguments with which a command does its work in a launched shop; ``sandbox serve`` has tests of its own."""

ENDLESS = {"sandbox": ("serve", "--port", "0")}
"""Commands that end with an interrupt only."""


def formats(name: str) -> tuple[str, ...]:
    """Every format that a command can print."""
    command = importlib.import_module(f"deployer.cli.{name}").command
    choices = (option.type.choices for option in command.params if option.name == "format_")
    return tuple(next(choices, ()))


EVERY_FORMAT = [(name, each) for name in WORKS for each in formats(name)]
EVERY_COMMAND = [(name, *arguments) for name, arguments in (WORKS | ENDLESS).items()]


@pytest.fixture
def broken(launched: Path) -> Path:
    """A launched shop in whose files something is wrong now."""
    (launched / "broken.yaml").write_text("kind: Nothing\n", encoding="utf-8")
    return launched


def test_every_command_stands_in_the_tables() -> None:
    """If a command is added, its exit codes are tested."""
    assert {*WORKS, *ENDLESS} == set(COMMANDS)


@pytest.mark.parametrize(("name", "format_"), EVERY_FORMAT)
def test_a_command_that_works_exits_with_0(name, format_, launched, deployer: Deployer, tokens) -> None:
    """If a command did its work, it exits with 0 in every format, with data on stdout."""
    known = next(iter(tokens(launched / ".deployer" / "state" / "sandbox.json").values()))
    arguments = [known if one == "TOKEN" else one for one in WORKS[name]]
    done = deployer(name, *arguments, "--project", launched, "--format", format_)
    assert (done.code, done.err) == (exits.DONE, "")
    assert done.out.strip()


@pytest.mark.parametrize(("name", "format_"), [pair for pair in EVERY_FORMAT if pair[0] != "schema"])
def test_problems_in_the_project_exit_with_1(name, format_, broken, deployer: Deployer) -> None:
    """If the project's files are in error, a command that needs them exits with 1, in every format, saying where."""
    if name in {"tasks", "confirm"}:  # they need the settings only
        shutil.copyfile(broken / "broken.yaml", broken / "deployer.yaml")
    done = deployer(name, *WORKS[name], "--project", broken, "--format", format_)
    assert done.code == exits.FAILED
    assert ("deployer.yaml" if name in {"tasks", "confirm"} else "broken.yaml") in done.out + done.err


@pytest.mark.parametrize("words", EVERY_COMMAND, ids=lambda words: words[0])
@pytest.mark.parametrize(
    "wrong",
    [("--bogus",), ("--format", "interpretive-dance"), ("--env", ""), ("--project", ""), ("--env",)],
    ids=lambda wrong: " ".join(wrong) or "empty",
)
def test_wrong_usage_exits_with_64(words, wrong, deployer: Deployer) -> None:
    """If a command is given something that it doesn't take, it exits with 64 and says how to get help."""
    done = deployer(*words, *wrong)
    assert (done.code, done.out) == (exits.USAGE, "")
    assert done.err.startswith("error: ")
    assert "hint: `deployer" in done.err


@pytest.mark.parametrize(
    "words", [words for words in EVERY_COMMAND if words[0] != "schema"], ids=lambda words: words[0]
)
def test_an_unknown_environment_exits_with_64(words, launched, deployer: Deployer) -> None:
    """If an environment isn't declared, the nearest one is suggested."""
    done = deployer(*words, "--project", launched, "--env", "prodction")
    assert done.code == exits.USAGE
    assert "`production`" in done.err


@pytest.mark.parametrize(
    "words",
    [
        ("render", "order_shiped_text"),
        ("tasks", "journey.nothing"),
        ("tasks", "journey.order_shipped/nothing"),
        ("send", "order_shiped"),
        ("send", "order_shipped", "--sample", "nothing"),
        ("send", "order_shipped", "--sample", "happy", "--data", "-"),
        ("subscribe", "chekout"),
        ("schema", "jorney"),
        ("confirm", "abcdefg", "--submitted", "--rejected", "no"),
        ("confirm", "abcdefg", "--rejected", " "),
        ("demo", "--env", "production"),
        ("sandbox", "serve", "--env", "production"),
        ("apply", "nothing.json"),
        ("apply", "--prune", "nothing.json"),
        ("plan", "--out", "no/such/folder/plan.json"),
        ("validat",),
        (),
    ],
    ids=" ".join,
)
def test_what_is_not_there_exits_with_64(words, launched, deployer: Deployer, monkeypatch) -> None:
    """If a command is asked about something that isn't there, or for two things at once, it exits with 64."""
    monkeypatch.chdir(launched)
    done = deployer(*words)
    assert done.code == exits.USAGE
    assert "Traceback" not in done.err


@pytest.mark.parametrize(
    ("words", "near"),
    [
        (("render", "order_shiped_text"), "order_shipped_text"),
        (("send", "order_shiped"), "order_shipped"),
        (("subscribe", "chekout"), "checkout"),
        (("schema", "jorney"), "journey"),
        (("validat",), "validate"),
        (("baseline", "journey.order_shiped"), "journey.order_shipped"),
    ],
    ids=" ".join,
)
def test_a_misspelt_name_is_answered_with_the_nearest(words, near, launched, deployer: Deployer, monkeypatch) -> None:
    """If a name is misspelt, the error says which one was probably meant."""
    monkeypatch.chdir(launched)
    assert f"did you mean {near}?" in deployer(*words).err.replace("`", "")


@pytest.mark.parametrize("words", EVERY_COMMAND, ids=lambda words: words[0])
def test_an_interrupt_exits_with_130(words, launched, deployer: Deployer, monkeypatch) -> None:
    """If Ctrl-C is pressed while a command works, it exits with 130 without a traceback."""
    _raise(monkeypatch, KeyboardInterrupt())
    done = deployer(*words, "--project", launched)
    assert (done.code, done.err.strip()) == (exits.INTERRUPTED, "interrupted")


@pytest.mark.parametrize("words", EVERY_COMMAND, ids=lambda words: words[0])
def test_a_bug_exits_with_3_and_keeps_its_traceback_in_a_file(
    words, launched, deployer: Deployer, monkeypatch, tmp_path
) -> None:
    """If something goes wrong that never should, the terminal gets the path of a log file, the file the traceback."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    _raise(monkeypatch, RuntimeError("the moon fell"))
    done = deployer(*words, "--project", launched)
    assert done.code == exits.BUG
    assert "Traceback" not in done.out + done.err
    assert "the moon fell" not in done.err
    (log,) = tmp_path.glob("deployer-*.log")
    assert str(log) in done.err
    assert "RuntimeError: the moon fell" in log.read_text(encoding="utf-8")
    assert "Traceback" in log.read_text(encoding="utf-8")


def _raise(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    """Let the first thing that any command does raise an error."""

    def fails(*_: object) -> None:
        raise error

    monkeypatch.setattr("deployer.library.load", fails)
    monkeypatch.setattr("deployer.source.schema_names", fails)


def test_detailed_exit_codes_tell_changes_from_tasks(tea, deployer: Deployer, tokens, monkeypatch) -> None:
    """If asked for detail, plan says 2 for changes and 4 for nothing but waiting tasks, apply 4 while tasks wait."""
    monkeypatch.chdir(tea)
    assert deployer("plan").code == exits.DONE
    assert deployer("plan", "--detailed-exitcode").code == exits.CHANGES
    assert deployer("apply", "--yes", "--detailed-exitcode").code == exits.TASKS_WAIT
    assert deployer("plan", "--detailed-exitcode").code == exits.TASKS_WAIT
    assert deployer("apply", "--detailed-exitcode").code == exits.TASKS_WAIT
    deployer("confirm", *tokens(tea / ".deployer" / "state" / "sandbox.json").values())
    assert deployer("plan", "--detailed-exitcode").code == exits.DONE
    assert deployer("apply", "--detailed-exitcode").code == exits.DONE
    assert deployer("drift", "--detailed-exitcode").code == exits.DONE


@pytest.mark.parametrize("format_", ["text", "json", "markdown"])
def test_detailed_exit_codes_are_the_same_in_every_format(format_, tea, deployer: Deployer) -> None:
    """If the output is for a program, the exit code is the one of the text."""
    assert deployer("plan", "--project", tea, "--format", format_, "--detailed-exitcode").code == exits.CHANGES


@pytest.mark.parametrize(
    ("what", "code"),
    [
        ({}, exits.DONE),
        ({"failed": True, "waits": True, "changes": True}, exits.FAILED),
        ({"waits": True, "changes": True}, exits.TASKS_WAIT),
        ({"changes": True}, exits.CHANGES),
    ],
    ids=str,
)
def test_precedence_is_1_then_4_then_2(what, code) -> None:
    """If several things are so at once, failure outweighs waiting tasks, and those outweigh changes."""
    assert exits.of(**what, detailed=True) == code
    assert exits.of(**what) == (exits.FAILED if what.get("failed") else exits.DONE)


def test_help_and_version_exit_with_0(deployer: Deployer) -> None:
    """If help or the version is asked for, that is no error."""
    assert deployer("--version").out.startswith("deployer ")
    for words in (("--help",), ("-h",), ("plan", "--help"), ("sandbox", "serve", "-h")):
        done = deployer(*words)
        assert (done.code, done.err) == (exits.DONE, "")
        assert done.out.startswith("Usage: deployer")


@pytest.mark.parametrize("words", [(name,) for name in COMMANDS] + [("sandbox", "serve")], ids=" ".join)
def test_every_help_has_an_example(words, deployer: Deployer) -> None:
    """If help is asked for, it shows the command in use, and each example is one that the command understands."""
    text = deployer(*words, "--help").out
    example = text.partition("Example:\n")[2].partition("\n\n")[0]
    assert example
    for line in example.splitlines():
        program, *rest = line.split()
        assert program == "deployer"
        _parse(rest)


def _parse(words: list[str]) -> None:
    """Read a command's arguments without running it."""
    command: click.Command = importlib.import_module(f"deployer.cli.{words.pop(0)}").command
    if isinstance(command, click.Group):
        command = command.commands[words.pop(0)]
    for name in (word for word in words if word.endswith((".json", ".txt"))):
        Path(name).touch()
    with command.make_context(command.name, words):  # closes the files at its end
        pass
