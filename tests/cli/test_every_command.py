"""Every command on a machine that is in the way: what reads works, what writes says what and where; none is a bug."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest

from deployer.cli import exits
from deployer.cli.main import cli
from deployer.cli.signals import end_on_sigterm
from tests.cli.test_every_exit_code import FIRST
from tests.cli.test_machine_faults import mounted

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.usefixtures("answers_kept")  # of hundreds of commands each would check the same project

NORTHWIND = Path(__file__).parents[2] / "examples" / "northwind"

FINE = (exits.DONE, exits.FAILED)
"""Done, or an expected failure: nothing is wrong with how these are called."""


@dataclass(frozen=True)
class Call:
    """One call of a command: its words, where EARLIER (a folder), FILE, NEW and OUT stand for paths.

    ``writes``: into the project, where nothing is recorded yet; ``alone``: it takes no project; ``out``: it writes what
    OUT names, or into it.
    """

    words: str
    writes: bool = False
    alone: bool = False
    out: bool = False

    @property
    def command(self) -> str:
        """The command's name, with its subcommand."""
        first, second, *_ = [*self.words.split(), ""]
        return f"{first} {second}" if (first, second) in SUBCOMMANDS else first


SUBCOMMANDS = {
    (group, name)
    for group in ("sandbox", "state", "schema", "issue")
    for name in getattr(cli.get_command(click.Context(cli), group), "commands", {})
}

CALLS = (
    Call("init --yes OUT", alone=True, out=True),
    Call("new event order_lost", writes=True),
    Call("new event order_lost --dry-run"),
    Call("demo", alone=True),
    Call("whoami"),
    Call("list"),
    Call("show order_shipped_text"),
    Call("graph"),
    Call("catalog --out OUT", out=True),
    Call("validate"),
    Call("fmt"),
    Call("fmt --check"),
    Call("test"),
    Call("test --junit OUT.xml", out=True),
    Call("explain", alone=True),
    Call("compat --against EARLIER"),
    Call("render order_shipped_text"),
    Call("render order_shipped_text --out OUT.svg", out=True),
    Call("preview --out OUT.html", out=True),
    Call("simulate order_shipped"),
    Call("absorb order_shipped_text --text FILE"),
    Call("absorb order_shipped_text --text FILE --dry-run"),
    Call("plan"),
    Call("plan --offline"),
    Call("plan --out OUT.json", out=True),
    Call("apply --yes", writes=True),
    Call("tasks"),
    Call("tasks --page OUT.html", out=True),
    Call("confirm abcdefg", writes=True),
    Call("status"),
    Call("drift"),
    Call("state show"),
    Call("state list"),
    Call("state pull"),
    Call("state pull --out OUT.json", out=True),
    Call("state push FILE"),
    Call("state rm event_type.order_shipped --yes"),
    Call("state unlock 1f0a9c3e"),
    Call("import"),
    Call("import --dry-run"),
    Call("baseline order_shipped_text --text FILE", writes=True),
    Call("record-live order_shipped_text --text FILE", writes=True),
    Call("stop order_shipped --reason broken", writes=True),
    Call("check order_shipped FILE"),
    Call("infer FILE"),
    Call("infer NEW --out OUT.yaml", out=True),
    Call("send order_shipped", writes=True),
    Call("subscribe checkout", writes=True),
    Call("verify order_shipped --webhook-log FILE --within 1"),
    Call("listen --webhook-log FILE"),
    Call("schema Journey", alone=True),
    Call("schema --out OUT", alone=True, out=True),
    Call("schema export order_shipped"),
    Call("schema export --out OUT", out=True),
    Call("comment --dry-run"),
    Call("issue sync"),
    Call("issue collect"),
    Call("issue answer --from-comment FILE"),
)
"""Every command at least once; those that serve have tests of their own."""

MAKES = {"infer NEW --out OUT.yaml"}
"""Calls that make the folder of their file: new event types may have their own."""

SERVES = {"sandbox serve", "lsp", "mcp"}

NEEDS = {"comment --dry-run", "issue sync", "issue collect", "issue answer --from-comment FILE"}
"""Calls that need a forge, which isn't there: that they fail is all that is known."""


def _commands() -> Iterator[str]:
    for name in cli.list_commands(click.Context(cli)):
        inner = [second for first, second in sorted(SUBCOMMANDS) if first == name]
        yield from (f"{name} {one}" for one in inner)
        if not inner or name == "schema":
            yield name


def test_every_command_is_in_the_table() -> None:
    """A new command has a call here, or serves."""
    assert {call.command for call in CALLS} | SERVES == set(_commands())


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """The example of which nothing was applied yet; beside it an earlier version, and a file to hand over."""
    folder = tmp_path / "northwind"
    for place in (folder, tmp_path / "earlier"):
        shutil.copytree(NORTHWIND, place, ignore=shutil.ignore_patterns(".deployer"))
    (tmp_path / "file.json").write_text('{"type": "Order Shipped", "properties": {}}\n', encoding="utf-8")
    body = '{"type": "Order Lost", "properties": {"Order Id": "54321"}, "user": {"phone": "+12065550100"}}\n'
    (tmp_path / "new.json").write_text(body, encoding="utf-8")
    return folder


def line(call: Call, project: Path, out: Path) -> list[str]:
    """The words of a call for a project; what it writes elsewhere goes to ``out``."""
    beside = project.parent
    paths = {
        "EARLIER": str(beside / "earlier"),
        "FILE": str(beside / "file.json"),
        "NEW": str(beside / "new.json"),
        "OUT": str(out),
    }
    words = call.words.split()
    for name, path in paths.items():
        words = [path + word.removeprefix(name) if word.split(".")[0] == name else word for word in words]
    return words if call.alone else [*words, "--project", str(project)]


def foreseen(done, call: Call) -> None:
    """A command ended as an expected success or failure; nobody is told to remove an account."""
    assert done.code in (*FINE, exits.USAGE), (call.words, done.code, done.err)
    assert "bug in deployer" not in done.err, (call.words, done.err)
    assert "Traceback" not in done.err, (call.words, done.err)


def undisturbed(shop: Path, deployer) -> dict[str, int]:
    """How each call that reads ends where nothing is in the way."""
    reads = [call for call in CALLS if not call.writes and not call.out]
    return {call.words: deployer(*line(call, shop, shop)).code for call in reads}


def test_a_read_only_checkout(shop, tmp_path, deployer) -> None:
    """If the checkout can't be written, what reads ends as ever, what writes fails, and no file changes."""
    usual = undisturbed(shop, deployer)
    there, elsewhere = tmp_path / "there" / "northwind", tmp_path / "elsewhere"
    there.mkdir(parents=True)
    elsewhere.mkdir()
    for name in ("file.json", "new.json"):
        shutil.copy(tmp_path / name, there.parent)
    shutil.copytree(tmp_path / "earlier", there.parent / "earlier")
    with mounted("--bind", "-o", "ro", shop, there):
        for number, call in enumerate(CALLS):
            done = deployer(*line(call, there, elsewhere / str(number)))
            foreseen(done, call)
            if call.words in usual:
                assert done.code == usual[call.words], (call.words, done.err)
            elif call.writes:
                assert (done.code, "can't be written" in done.err) == (exits.FAILED, True), (call.words, done.err)


@pytest.mark.parametrize("options", ["size=0,ro", "size=4k,nr_inodes=2"])
def test_what_is_asked_for_goes_to_a_disk_in_the_way(shop, tmp_path, deployer, options) -> None:
    """If a file or folder that a command should write can't be written, that is a failure that names it."""
    assert deployer("apply", "--yes", "--project", shop).code == exits.DONE
    there = tmp_path / "disk"
    there.mkdir()
    with mounted("-t", "tmpfs", "-o", options, "tmpfs", there):
        if "ro" not in options:
            (there / "full").write_bytes(b"x" * 4096)
        for call in (one for one in CALLS if one.out):
            done = deployer(*line(call, shop, there / "made"))
            foreseen(done, call)
            assert done.code == exits.FAILED, (call.words, done.code, done.err)
            assert str(there) in done.err, (call.words, done.err)


def test_a_file_for_a_folder_that_is_not_there(shop, tmp_path, deployer) -> None:
    """A file isn't written where no folder is, which is wrong usage; a folder that a command fills is made."""
    assert deployer("apply", "--yes", "--project", shop).code == exits.DONE
    for number, call in enumerate(one for one in CALLS if one.out):
        nowhere = tmp_path / f"nowhere{number}"
        done = deployer(*line(call, shop, nowhere / "made"))
        foreseen(done, call)
        if call.words.endswith("OUT") or call.words in MAKES:
            assert (done.code, any(nowhere.iterdir())) == (exits.DONE, True), (call.words, done.err)
        else:
            assert (done.code, nowhere.exists()) == (exits.USAGE, False), (call.words, done.err)
            assert str(nowhere) in done.err.replace("\n", ""), (call.words, done.err)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_every_command(shop, tmp_path, deployer, monkeypatch, number) -> None:
    """If Ctrl-C is pressed or SIGTERM sent while a command begins its work, it ends with 130, and nothing changed."""
    former = [signal.signal(one, signal.default_int_handler) for one in (signal.SIGINT, signal.SIGTERM)]
    before = {path: path.read_bytes() for path in shop.rglob("*") if path.is_file()}

    def strike(*_: object, **__: object) -> None:
        os.kill(os.getpid(), number)

    try:
        end_on_sigterm()
        for first in FIRST:
            monkeypatch.setattr(f"deployer.{first}", strike)
        for place, call in enumerate(CALLS):
            done = deployer(*line(call, shop, tmp_path / f"out{place}"))
            assert (done.code, done.err.strip()) == (exits.INTERRUPTED, "interrupted"), (call.words, done.err)
    finally:
        for one, handler in zip((signal.SIGINT, signal.SIGTERM), former, strict=True):
            signal.signal(one, handler)
    assert {path: path.read_bytes() for path in shop.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize("way", ["file", "link"])
def test_something_is_in_the_way(shop, tmp_path, deployer, way) -> None:
    """If `.deployer` is a file or a link to nowhere, no command takes it for a bug, and what reads ends as ever."""
    usual = undisturbed(shop, deployer)
    shutil.rmtree(shop / ".deployer", ignore_errors=True)
    if way == "file":
        (shop / ".deployer").write_text("x")
    else:
        (shop / ".deployer").symlink_to(tmp_path / "not" / "there")
    for number, call in enumerate(CALLS):
        if call.writes and (way == "link" or call.words.startswith("new")):
            continue  # the folder that a link leads to is made with the record; a file beside isn't in the way
        done = deployer(*line(call, shop, tmp_path / f"out{number}"))
        foreseen(done, call)
        if call.words in usual and done.code != usual[call.words]:
            assert (done.code, "can't be read" in done.err) == (exits.FAILED, True), (call.words, done.err)


def test_without_a_home(shop, tmp_path, deployer, monkeypatch) -> None:
    """If there is no HOME and the user has no name, every command that reads ends as ever."""
    usual = undisturbed(shop, deployer)
    for variable in ("HOME", "USER", "LOGNAME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.delenv(variable, raising=False)
    for words, code in usual.items():
        call = next(one for one in CALLS if one.words == words)
        done = deployer(*line(call, shop, tmp_path))
        foreseen(done, call)
        assert done.code == code, (words, done.err)


ONCE = {"state rm event_type.order_shipped --yes"}
"""Calls that have nothing left to do after the first time, whether its output arrived or not."""

PRINTS = [call for call in CALLS if not call.writes and not call.out and call.words not in NEEDS | ONCE]


def _pythons(printed: str) -> bool:
    """Whether Python itself printed something of an exception."""
    return "Traceback" in printed or "Exception ignored" in printed


@pytest.mark.parametrize("call", PRINTS, ids=lambda call: call.words)
def test_output_that_cannot_be_written(shop, tmp_path, deployer, begun, call) -> None:
    """If what is printed goes to a full device or a closed pipe, that is a failure, without a word of Python's."""
    prints = bool(deployer(*line(call, shop, tmp_path)).out)
    if not os.path.exists("/dev/full"):  # noqa: PTH110 - a device
        pytest.skip("this system has no /dev/full")
    asked = [*begun, *map(str, line(call, shop, tmp_path))]
    with open("/dev/full", "w") as full:  # noqa: PTH123 - a device
        done = subprocess.run(asked, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, _pythons(done.stderr)) == (exits.FAILED, False), done.stderr
    assert ("No space left on device" in done.stderr) == prints
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as closed:
        done = subprocess.run(asked, stdout=closed, stderr=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, _pythons(done.stderr)) == (exits.FAILED, False), done.stderr
