"""Exit codes: what is particular to a command; ``test_every_exit_code`` has the table of all of them."""

from __future__ import annotations

import importlib
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest

from deployer.cli import exits
from deployer.cli.main import COMMANDS, module_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.commands import Done

    Deployer = Callable[..., Done]


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
        ("stop", "order_shipped"),
        ("stop", "order_shipped", "--reason", "wrong link", "--lift"),
        ("record-live", "message.order_shipped_text"),
        ("record-live", "journey.order_shipped", "--status", "off", "--value", "x"),
        ("baseline",),
        ("baseline", "journey.order_shipped", "--part", "subject"),
        ("baseline", "--all", "nowhere"),
        ("import", "--out", "/"),
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
        program, *rest = shlex.split(line)
        assert program == "deployer"
        _parse(rest)


def _parse(words: list[str]) -> None:
    """Read a command's arguments without running it."""
    command: click.Command = importlib.import_module(f"deployer.cli.commands.{module_of(words.pop(0))}").command
    if isinstance(command, click.Group) and words[0] in command.commands:
        command = command.commands[words.pop(0)]
    for name in (word for word in words if word.endswith((".json", ".txt"))):
        Path(name).touch()
    with command.make_context(command.name, words):  # closes the files at its end
        pass
