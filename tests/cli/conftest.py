"""The command line as people run it: in this process, as a process, or on a terminal; and projects to run it on."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import select
import shutil
import signal
import struct
import subprocess
import sys
import termios
from contextlib import ExitStack, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.commands import Done, in_process
from tests.patience import PATIENCE
from tests.processes import write_command

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).resolve().parents[2]
COMMAND = (sys.executable, "-c", "from deployer.cli import main; main()")

SETTINGS = """\
version: 1
project: tea
brand: {name: Tea Shop}
apps:
  shop: {description: The shop sends with this app.}
environments:
  sandbox: {target: sandbox}
  account:
    target: attentive
    company_id: MDc6Q29tcGFueTk5
    apps: {shop: {name: Shop, api_key: {env: TEA_KEY}}}
    test_contacts: [{phone: {env: TEA_PHONE}, email: {env: TEA_EMAIL}}]
    state: file:account.json
  shared:
    target: attentive
    company_id: MDc6Q29tcGFueTk4
    apps: {shop: {name: Shop, api_key: {env: TEA_KEY}}}
    test_contacts: [{phone: {env: TEA_PHONE}}]
    state: git
"""
RESOURCES = """\
kind: EventType
id: order_shipped
name: Order Shipped
app: shop
properties:
  order_id: {type: string, minLength: 1}
  tracking_url: {type: string, format: uri, minLength: 1}
samples:
  happy: {order_id: "17", tracking_url: "https://tea.example/t/17"}
---
kind: Message
id: shipped_text
channel: text
event: order_shipped
body: Tea order {{triggerEvent.custom['order_id']}} is on its way. {{triggerEvent.custom['tracking_url']}}
---
kind: Journey
id: shipped
name: Tea shipped
category: transactional
trigger: order_shipped
opt_in: [checkout]
re_entry: {cooldown: none}
steps:
  - {id: text, send_text: {message: shipped_text, quiet_hours: respect, smart_sending: ignore}}
status: active
---
kind: OptInSource
id: checkout
channel: text
subscription_type: transactional
placement: checkout
consent: {control: checkbox, disclosure: {file: legal.txt}}
screenshot: checkout.png
sign_up_source_id: "1001"
---
kind: Webhook
id: receipts
app: shop
url: {env: TEA_WEBHOOK_URL}
events: [sms.sent]
status: enabled
per_environment: {sandbox: {url: "https://tea.example/hooks"}}
---
kind: CustomAttribute
id: tier
name: Tier
app: shop
schema: {type: string, enum: [Green, Black], examples: [Green]}
---
kind: Segment
id: testers
name: Testers
external_id: tea_testers
app: shop
"""
LEGAL = "We text you about your order. Msg & data rates may apply. Reply HELP for help and STOP to cancel.\n"


@pytest.fixture(autouse=True)
def _surroundings(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Let a test begin in an empty folder, with nothing in its environment that a command reads."""
    for name in ("NO_COLOR", "COLUMNS", "LINES", "GITHUB_ACTOR", "GITLAB_USER_LOGIN"):
        monkeypatch.delenv(name, raising=False)
    for name in ("TEA_KEY", "TEA_PHONE", "TEA_EMAIL", "TEA_WEBHOOK_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")  # an editor's own terminal may be a `dumb` one, without colors
    monkeypatch.chdir(tmp_path_factory.mktemp("empty"))


@pytest.fixture
def deployer(capsys: pytest.CaptureFixture[str]) -> Callable[..., Done]:
    """Run a command in this process."""
    return in_process(capsys)


@pytest.fixture(scope="session")
def words() -> Callable[..., list[str]]:
    """Write out the command line of a process that runs a command."""
    return lambda *args: [*COMMAND, *map(str, args)]


@pytest.fixture
def process() -> Callable[..., Done]:
    """Run a command as a process, with ``stdin`` as its input."""
    return partial(_called, COMMAND)


def _called(command: tuple[str, ...], *args: object, stdin: str = "") -> Done:
    line = [*command, *map(str, args)]
    done = subprocess.run(
        line, input=stdin, capture_output=True, text=True, timeout=PATIENCE, check=False, env=dict(os.environ)
    )
    return Done(done.returncode, done.stdout, done.stderr)


@pytest.fixture(scope="session")
def begun(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, ...]:
    """The program whose processes begin with every module imported (``tests/processes.py``).

    For what isn't about how a process begins: most of a command's time goes into its imports. What is killed, or gets
    other limits, hash seeds or closed files, is a real one. Output is buffered, whatever PYTHONUNBUFFERED holds.
    """
    folder = tmp_path_factory.mktemp("program")
    write_command(folder)
    return (str(folder / "deployer"),)


@pytest.fixture
def forked(begun: tuple[str, ...]) -> Callable[..., Done]:
    """As ``process``, of the program whose processes begin with every module imported."""
    return partial(_called, begun)


class Started:
    """A command that runs as a process while the test goes on; everything that it prints is kept in ``seen``."""

    def __init__(self, words: list[str], *, columns: int = 0) -> None:
        """Start it: on a terminal of so many columns, or (0) with a pipe for stdout and stderr together."""
        self.seen = ""
        ours, theirs = pty.openpty() if columns else os.pipe()
        if columns:
            fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        stdin = theirs if columns else subprocess.DEVNULL
        # `env` is said because readline, once imported, puts COLUMNS where `os.environ` doesn't see it.
        self.process = subprocess.Popen(
            words, stdin=stdin, stdout=theirs, stderr=theirs, start_new_session=True, env=dict(os.environ)
        )
        os.close(theirs)
        self._ours = ours

    def until(self, text: str) -> str:
        """Wait until it has printed a text; return everything that was seen."""
        while text not in self.seen:
            assert self._read(), f"{text!r} never came; it printed:\n{self.seen}"
        return self.seen

    def type(self, line: str) -> None:
        """Type a line on its terminal."""
        os.write(self._ours, f"{line}\n".encode())

    def interrupt(self) -> None:
        """Press Ctrl-C."""
        self.process.send_signal(signal.SIGINT)

    def terminate(self) -> None:
        """Send SIGTERM, as a CI platform does to a job that is cancelled."""
        self.process.send_signal(signal.SIGTERM)

    def interrupt_until_it_ends(self) -> None:
        """Press Ctrl-C, and again where Python missed it: a signal just before it reads a line wakes nobody."""
        for _ in range(PATIENCE):
            self.interrupt()
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(1)
                return

    def end(self) -> int:
        """Wait for its end; return its exit code."""
        while self._read():
            pass
        return self.process.wait(PATIENCE)

    def close(self) -> None:
        """End it, if it still runs."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        os.close(self._ours)

    def _read(self) -> bool:
        ready, _, _ = select.select([self._ours], [], [], PATIENCE)
        assert ready, f"it neither prints nor ends; it printed:\n{self.seen}"
        try:
            chunk = os.read(self._ours, 65536)
        except OSError:  # how Linux tells that nobody holds the terminal any more
            return False
        self.seen += chunk.decode("utf-8", "replace").replace("\r\n", "\n")
        return bool(chunk)


@pytest.fixture
def start() -> Iterator[Callable[..., Started]]:
    """Start a command as a process on a pipe, or on a terminal of so many columns; it ends with the test."""
    with ExitStack() as stack:
        yield partial(_started, stack, COMMAND)


@pytest.fixture
def shown(begun: tuple[str, ...]) -> Iterator[Callable[..., Started]]:
    """As ``start``, of the program whose processes begin with every module imported, for what ends by itself."""
    with ExitStack() as stack:
        yield partial(_started, stack, begun)


def _started(stack: ExitStack, command: tuple[str, ...], *args: object, columns: int = 0) -> Started:
    started = Started([*command, *map(str, args)], columns=columns)
    stack.callback(started.close)
    return started


@pytest.fixture
def serve(start: Callable[..., Started]) -> Callable[[Path], str]:
    """Serve a project's sandbox on a free port, and return its URL."""

    def begin(folder: Path) -> str:
        served = start("sandbox", "serve", "--port", "0", "--project", folder)
        return served.until("Ctrl-C").partition(" at ")[2].partition("\n")[0]

    return begin


@pytest.fixture(scope="session")
def _launched(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Northwind's sandbox with everything applied, confirmed and subscribed: made once, copied for each test."""
    folder = tmp_path_factory.mktemp("prepared") / "northwind"
    shutil.copytree(ROOT / "examples" / "northwind", folder, ignore=shutil.ignore_patterns(".deployer"))
    call = [*COMMAND, "--project", str(folder)]
    asked = [*call, "tasks", "--format", "json"]
    subprocess.run([*call, "apply", "--yes"], check=True, capture_output=True)
    found = json.loads(subprocess.run(asked, check=True, capture_output=True).stdout)["tasks"]
    tokens = [task["token"] for task in found if task["commands"]]
    subprocess.run([*call, "confirm", *tokens], check=True, capture_output=True)
    subprocess.run([*call, "subscribe", "checkout"], check=True, capture_output=True)
    return folder


@pytest.fixture
def launched(_launched: Path, tmp_path: Path) -> Path:
    """Northwind, launched in its sandbox."""
    return Path(shutil.copytree(_launched, tmp_path / "northwind"))


def write_tea(folder: Path) -> Path:
    """Write a small shop of which nothing was applied yet."""
    folder.mkdir()
    (folder / "deployer.yaml").write_text(SETTINGS, encoding="utf-8")
    (folder / "resources.yaml").write_text(RESOURCES, encoding="utf-8")
    (folder / "legal.txt").write_text(LEGAL, encoding="utf-8")
    (folder / "checkout.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    return folder


@pytest.fixture
def tea(tmp_path: Path) -> Path:
    """A small shop of which nothing was applied yet."""
    return write_tea(tmp_path / "tea")


@pytest.fixture
def edit() -> Callable[[Path, str, str], None]:
    """Replace words in a file; they have to be there."""

    def change(path: Path, old: str, new: str) -> None:
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    return change


@pytest.fixture
def tokens() -> Callable[[Path], dict[str, str]]:
    """Read the tokens of every recorded task from a state file, by the task's id."""

    def read(state: Path) -> dict[str, str]:
        entries = json.loads(state.read_text(encoding="utf-8"))["entries"].values()
        return {task["id"]: token for entry in entries for token, task in entry.get("tasks", {}).items()}

    return read
