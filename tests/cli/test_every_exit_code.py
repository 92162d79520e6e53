"""Every command in every format that it prints: works, changes, problems, wrong usage, interrupted, a bug."""

from __future__ import annotations

import importlib
import json
import shutil
import subprocess
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest

import deployer
import deployer as api
from deployer.cli import exits
from deployer.cli.main import COMMANDS, module_of
from deployer.state import open_backend

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.commands import Done

    Deployer = Callable[..., Done]

EARLIER = str(Path(__file__).resolve().parents[2] / "examples" / "northwind")
PASTED = str(Path(__file__).resolve().parents[2] / "examples" / "northwind" / "legal" / "checkout.txt")
CAPTURED = str(Path(__file__).resolve().parents[1] / "contracts" / "captured" / "order_shipped.ndjson")
SETTINGS = "deployer.yaml"
NOTHING = ""
WORDS = "messages/parcels.yaml"


@dataclass(frozen=True, slots=True)
class Case:
    """How a command is tried in a launched shop: ``words`` with which it works; a word in capitals is made up for it.

    ``needs`` is the file whose mistakes it can't go past: any of the project's, that of the words which it shows, the
    settings only, or none.
    ``endless``: it ends with an interrupt only. ``forge``: it works on GitHub or GitLab only, as its own tests show.
    """

    words: tuple[str, ...] = ()
    needs: str = "broken.yaml"
    endless: bool = False
    forge: bool = False


CASES = {
    "init": Case(("FOLDER", "--yes"), needs=NOTHING),
    "new": Case(("segment", "best_customers")),
    "list": Case(),
    "show": Case(("journey.order_shipped",)),
    "graph": Case(),
    "catalog": Case(("--out", "SITE")),
    "validate": Case(),
    "fmt": Case(needs=SETTINGS),
    "explain": Case(("message/optional-in-text",), needs=NOTHING),
    "compat": Case(("--against", EARLIER)),
    "render": Case(("order_shipped_text",), needs=WORDS),
    "check": Case(("order_shipped", CAPTURED)),
    "infer": Case((CAPTURED, "--event", "order_shipped")),
    "simulate": Case(("order_shipped",), needs=WORDS),
    "test": Case(),
    "preview": Case(("--out", "PAGE")),
    "absorb": Case(("tier_changed_email", "--part", "subject", "--text", PASTED)),
    "plan": Case(),
    "apply": Case(("--yes",)),
    "tasks": Case(needs=SETTINGS),
    "confirm": Case(("TOKEN",), needs=SETTINGS),
    "import": Case(),
    "baseline": Case(("journey.order_shipped",)),
    "record-live": Case(("journey.order_shipped", "--status", "on")),
    "stop": Case(("order_shipped", "--reason", "wrong link")),
    "comment": Case(("--dry-run",)),
    "issue sync": Case(("--dry-run",), needs=SETTINGS),
    "issue collect": Case(needs=SETTINGS, forge=True),
    "issue answer": Case(("--from-comment", "COMMENT"), needs=SETTINGS, forge=True),
    "status": Case(),
    "drift": Case(),
    "whoami": Case(),
    "send": Case(("order_shipped",)),
    "verify": Case(("order_shipped", "--webhook-log", "DELIVERED", "--within", "1")),
    "listen": Case(("--webhook-log", "DELIVERED")),
    "subscribe": Case(("checkout",)),
    "state show": Case(needs=SETTINGS),
    "state list": Case(needs=SETTINGS),
    "state rm": Case(("journey.order_shipped", "--yes"), needs=SETTINGS),
    "state pull": Case(needs=SETTINGS),
    "state push": Case(("PULLED",), needs=SETTINGS),
    "state unlock": Case(("LOCK", "--state", "PLACE", "--env", "sandbox"), needs=NOTHING),
    "sandbox serve": Case(("--port", "0"), endless=True),
    "demo": Case(),
    "lsp": Case(needs=NOTHING, endless=True),
    "mcp": Case(needs=NOTHING, endless=True),
    "schema": Case(needs=NOTHING),
    "schema export": Case(("order_shipped",)),
}
"""Every command, those of a group by their own."""


def leaves() -> Iterator[tuple[str, click.Command]]:
    """Every command that does something, and so can print it; those of a group too."""
    for name in COMMANDS:
        command = importlib.import_module(f"deployer.cli.commands.{module_of(name)}").command
        if any(option.name == "format_" for option in command.params):
            yield name, command
        if isinstance(command, click.Group):
            yield from ((f"{name} {below}", one) for below, one in command.commands.items())


LEAVES = dict(leaves())


def formats(name: str) -> tuple[str, ...]:
    """Every format that a command can print."""
    choices = (option.type.choices for option in LEAVES[name].params if option.name == "format_")
    return tuple(next(choices, ()))


def tried(needs: str | None = None, *, working: bool = False) -> list[tuple[str, str]]:
    """The commands of the table with each of their formats."""
    chosen = {name: case for name, case in CASES.items() if name in LEAVES}
    if working:
        chosen = {name: case for name, case in chosen.items() if not (case.endless or case.forge)}
    return [(name, each) for name, case in chosen.items() if needs in (None, case.needs) for each in formats(name)]


def delivered(shop: Path, path: Path) -> str:
    """A log of one delivery: the text of a shipped order, as it was confirmed, to the sandbox's test contact."""
    scene = api.Scene(datetime(2026, 5, 10, 15, tzinfo=UTC))
    (sent,) = api.simulate_event(api.load(shop).project(), "order_shipped", scene).timeline.sent
    body = {
        "type": "sms.sent",
        "timestamp": (datetime.now(UTC) + timedelta(hours=1)).timestamp() * 1000,
        "company": {"display_name": "Northwind"},
        "subscriber": {"external_id": 1, "phone": sent.to},
        "message": {"id": "1", "type": "TRANSACTIONAL", "text": sent.reads["body"], "channel": "TEXT"},
    }
    path.write_text(json.dumps(body), encoding="utf-8")
    return path.as_posix()


@pytest.fixture
def words(launched: Path, tokens, tmp_path: Path) -> Iterator[Callable[[str], list[str]]]:
    """The words with which a command works in the launched shop."""
    with ExitStack() as stack:

        def made(word: str) -> str:
            stored = launched / ".deployer" / "state" / "sandbox.json"
            place = f"git+file://{tmp_path / 'shared.git'}"
            if word == "TOKEN":
                return next(iter(tokens(stored).values()))
            if word == "DELIVERED":
                _text_at_any_hour(launched / "deployer.yaml")
                return delivered(launched, tmp_path / "delivered.ndjson")
            if word == "PULLED":
                return shutil.copyfile(stored, tmp_path / "pulled.json").as_posix()
            if word == "LOCK":
                if shutil.which("git") is None:
                    pytest.skip("no git on PATH")
                subprocess.run(["git", "init", "--quiet", "--bare", tmp_path / "shared.git"], check=True)
                backend = open_backend(place, root=launched, environment="sandbox")
                stack.enter_context(backend.lock("apply"))
                return str(backend.holder().id)
            if word == "COMMENT":
                comment = {"id": 1, "body": "/deployer unlock 0badcafe", "author_association": "OWNER"}
                (tmp_path / "comment.json").write_text(json.dumps({"comment": comment, "issue": {"number": 7}}))
                return str(tmp_path / "comment.json")
            made_up = {"PLACE": place, "PAGE": str(tmp_path / "page.html"), "FOLDER": str(tmp_path / "begun")}
            made_up["SITE"] = str(tmp_path / "site")
            return made_up.get(word, word)

        yield lambda name: [*name.split(), *map(made, CASES[name].words)]


def _text_at_any_hour(settings: Path) -> None:
    """Assume that texts about orders go out in quiet hours, so that what a proof expects doesn't depend on the hour."""
    with settings.open("a", encoding="utf-8") as file:
        file.write("\nassumptions: {transactional_texts_in_quiet_hours: sent}\n")


def test_every_command_stands_in_the_table() -> None:
    """If a command is added, its exit codes are tested."""
    assert set(CASES) == set(LEAVES)


@pytest.mark.parametrize(("name", "format_"), tried(working=True))
def test_a_command_that_works_exits_with_0(name, format_, launched, words, deployer: Deployer) -> None:
    """If a command did its work, it exits with 0 in every format, with data on stdout (a page goes into its file)."""
    done = deployer(*words(name), "--project", launched, "--format", format_)
    assert done.code == exits.DONE, done.err
    if name in {"preview", "catalog"}:
        assert "in " in done.err
    else:
        assert done.err == ""
        assert done.out.strip()


@pytest.mark.parametrize(("name", "format_"), [*tried("broken.yaml"), *tried(WORDS), *tried(SETTINGS)])
def test_problems_in_the_project_exit_with_1(name, format_, launched, words, deployer: Deployer) -> None:
    """If the project's files are in error, a command that needs them exits with 1, in every format, saying where."""
    line = words(name)
    (launched / CASES[name].needs).write_text("kind: Segmnet\n", encoding="utf-8")
    done = deployer(*line, "--project", launched, "--format", format_)
    assert done.code == exits.FAILED
    assert CASES[name].needs in done.out + done.err


@pytest.mark.parametrize("format_", formats("state unlock"))
def test_a_lock_that_is_not_there_exits_with_1(format_, words, launched, deployer: Deployer) -> None:
    """If another lock is held than the one that was named, unlock exits with 1 in every format."""
    line = ["0badcafe" if number == 2 else word for number, word in enumerate(words("state unlock"))]
    done = deployer(*line, "--project", launched, "--format", format_)
    assert (done.code, done.out) == (exits.FAILED, "")


def edited(folder: Path) -> None:
    """Other words in a text: changes for people."""
    path = folder / "messages" / "parcels.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("is on its way", "has left"), encoding="utf-8")


def asked(folder: Path) -> None:
    """Other words in a text, and people were asked: nothing to do but their tasks."""
    edited(folder)
    with deployer.connect(api.load(folder), "sandbox") as connection:
        deployer.apply(connection, deployer.plan(connection))


def drifted(folder: Path) -> None:
    """Somebody renamed a segment at Attentive."""
    with deployer.connect(api.load(folder), "sandbox") as connection:
        client = connection.session.client("")
        client.update_segment(client.segments()[0].external_id, name="Renamed")


CHANGES = {
    "plan": ((edited, exits.CHANGES), (asked, exits.TASKS_WAIT), (drifted, exits.CHANGES)),
    "apply": ((edited, exits.TASKS_WAIT), (asked, exits.TASKS_WAIT), (drifted, exits.DONE)),
    "drift": ((drifted, exits.CHANGES), (edited, exits.DONE)),
}
"""Of the commands with ``--detailed-exitcode``: what happened, and the exit code that tells it."""

DETAILED = [
    (name, format_, happened, code)
    for name, ways in CHANGES.items()
    for happened, code in ways
    for format_ in formats(name)
]


def test_every_detailed_exit_code_stands_in_the_table() -> None:
    """If a command gets ``--detailed-exitcode``, what it tells is tested."""
    options = {name: {option.name for option in command.params} for name, command in LEAVES.items()}
    assert set(CHANGES) == {name for name, known in options.items() if "detailed_exitcode" in known}


@pytest.mark.parametrize(("name", "format_", "happened", "code"), DETAILED)
def test_changes_are_told_in_detail_only(name, format_, happened, code, launched, words, deployer: Deployer) -> None:
    """If there are changes, drift or tasks, the exit code tells so with ``--detailed-exitcode``, else it is 0."""
    happened(launched)
    other = shutil.copytree(launched, launched.with_name("plain"))
    line = [*words(name), "--format", format_]
    assert deployer(*line, "--project", launched, "--detailed-exitcode").code == code
    assert deployer(*line, "--project", other).code == exits.DONE


@pytest.mark.parametrize(("name", "format_"), tried())
@pytest.mark.parametrize(
    "wrong",
    [("--bogus",), ("--format", "interpretive-dance"), ("--env", ""), ("--project", ""), ("--env",)],
    ids=lambda wrong: " ".join(wrong) or "empty",
)
def test_wrong_usage_exits_with_64(name, format_, wrong, deployer: Deployer) -> None:
    """If a command is given something that it doesn't take, it exits with 64 and says how to get help."""
    done = deployer(*name.split(), *CASES[name].words, "--format", format_, *wrong)
    assert (done.code, done.out) == (exits.USAGE, "")
    assert done.err.startswith("error: ")
    assert "hint: `deployer" in done.err


@pytest.mark.parametrize(("name", "format_"), [*tried("broken.yaml"), *tried(WORDS), *tried(SETTINGS)])
def test_an_unknown_environment_exits_with_64(name, format_, launched, words, deployer: Deployer) -> None:
    """If an environment isn't declared, the nearest one is suggested."""
    done = deployer(*words(name), "--project", launched, "--format", format_, "--env", "prodction")
    assert done.code == exits.USAGE
    assert "`production`" in done.err


@pytest.mark.parametrize(("name", "format_"), tried())
def test_an_interrupt_exits_with_130(name, format_, launched, words, deployer: Deployer, monkeypatch) -> None:
    """If Ctrl-C is pressed while a command works, it exits with 130 without a traceback, in every format."""
    line = words(name)
    _raise(monkeypatch, KeyboardInterrupt())
    done = deployer(*line, "--project", launched, "--format", format_)
    assert (done.code, done.out, done.err.strip()) == (exits.INTERRUPTED, "", "interrupted")


@pytest.mark.parametrize(("name", "format_"), tried())
def test_a_bug_exits_with_3_and_keeps_its_traceback_in_a_file(
    name, format_, launched, words, deployer: Deployer, monkeypatch, tmp_path
) -> None:
    """If something goes wrong that never should, the terminal gets the path of a log file, the file the traceback."""
    line = words(name)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    _raise(monkeypatch, RuntimeError("the moon fell"))
    done = deployer(*line, "--project", launched, "--format", format_)
    assert done.code == exits.BUG
    assert "Traceback" not in done.out + done.err
    assert "the moon fell" not in done.err
    (log,) = tmp_path.glob("deployer-*.log")
    assert str(log) in done.err
    assert "RuntimeError: the moon fell" in log.read_text(encoding="utf-8")
    assert "Traceback" in log.read_text(encoding="utf-8")


FIRST = (
    "workspace.loading.read",
    "workspace.loading.read_settings",
    "source.schema_names",
    "state.backend.Backend.unlock",
    "forge.events.read_event",
    "views.problems.rule_text",
    "views.problems.rule_markdown",
    "views.problems.rules_json",
    "views.problems.rules_list",
)
"""The first thing that a command does: to read a project or an event, list schemas, free a lock, show a rule."""


def _raise(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    """Let the first thing that any command does raise an error."""

    def fails(*_: object, **__: object) -> None:
        raise error

    for first in FIRST:
        monkeypatch.setattr(f"deployer.{first}", fails)
