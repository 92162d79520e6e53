"""The command line as processes: what is imported, the demo, the served sandbox, Ctrl-C, and secrets."""

from __future__ import annotations

import json
import re
import socketserver
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from deployer.cli import exits
from tests.patience import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).resolve().parents[2]


def imported(*args: str) -> set[str]:
    """The modules that a command imported."""
    code = "import sys; from deployer.cli.main import run; run(sys.argv[1:]); print(*sys.modules, sep='\\n')"
    done = subprocess.run([sys.executable, "-c", code, *args], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_the_version_imports_nothing_heavy() -> None:
    """If only the version is asked for, nothing is imported that costs time."""
    heavy = {"httpx", "jinja2", "liquid", "yaml", "rich", "jsonschema", "jsonschema_rs", "sqlite3", "starlette"}
    assert imported("--version") & heavy == set()


def test_validating_needs_no_client_and_no_database() -> None:
    """If a valid project is checked, neither an HTTP client nor a database nor a server is imported."""
    heavy = {"httpx", "sqlite3", "starlette", "uvicorn", "jsonschema", "rich"}
    assert imported("validate", "--project", str(ROOT / "examples" / "northwind")) & heavy == set()


def test_the_demo_tells_the_same_story_twice(process: Callable[..., Any]) -> None:
    """If the demo runs twice in an empty folder, both runs succeed, say the same, and leave nothing behind."""
    stories = [process("demo") for _ in range(2)]
    assert [story.code for story in stories] == [exits.DONE] * 2
    first, second = (re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "ID", story.out) for story in stories)
    assert first == second
    assert "Nothing to do." in first
    assert list(Path().iterdir()) == []


def test_the_demo_fits_on_a_screen(process: Callable[..., Any]) -> None:
    """The whole story is at most 60 lines, which count what they leave out; with -v nothing is left out."""
    short, long = (process("demo", *words).out.splitlines() for words in ((), ("-v",)))
    assert len(short) <= 60
    left_out = [int(line.split()[1]) for line in short if line.startswith("… ")]
    assert len(short) - len(left_out) + sum(left_out) == len(long)


def test_the_demo_leaves_a_project_as_it_is(tea: Path, process: Callable[..., Any]) -> None:
    """If the demo shows somebody's own project, it works on a copy."""
    before = sorted((path, path.stat().st_mtime_ns) for path in tea.rglob("*"))
    done = process("demo", "--project", tea)
    assert (done.code, done.err) == (exits.DONE, "")
    assert sorted((path, path.stat().st_mtime_ns) for path in tea.rglob("*")) == before


def test_the_served_sandbox_is_the_one_that_commands_use(
    tea: Path, serve: Callable[[Path], str], deployer: Callable[..., Any]
) -> None:
    """If the sandbox is served, a service that sends with the printed key reaches the account of the commands."""
    url = serve(tea)
    me = httpx.get(f"{url}/v1/me", headers={"authorization": "Bearer sandbox-shop"}).json()
    assert me["applicationName"] == "Shop"
    assert httpx.get(f"{url}/v1/me", headers={"authorization": "Bearer other"}).status_code == 401
    deployer("apply", "--yes", "--project", tea)
    listed = httpx.get(f"{url}/v1/webhooks", headers={"authorization": "Bearer sandbox-shop"}).json()["webhooks"]
    assert [one["url"] for one in listed] == ["https://tea.example/hooks"]


def test_ctrl_c_ends_the_served_sandbox(tea: Path, start: Callable[..., Any]) -> None:
    """If Ctrl-C is pressed, the server ends with 130 and without a traceback."""
    served = start("sandbox", "serve", "--port", "0", "--project", tea)
    served.until("Ctrl-C")
    served.interrupt()
    assert served.end() == exits.INTERRUPTED
    assert "Traceback" not in served.seen


class _Between(ThreadingHTTPServer):
    """Stands in front of a served sandbox and passes calls on, but holds the answer to the first new webhook back."""

    def __init__(self, target: str) -> None:
        super().__init__(("127.0.0.1", 0), _PassOn)
        self.target = target
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        self.held = threading.Event()
        self.goes_on = threading.Event()

    def server_bind(self) -> None:
        socketserver.TCPServer.server_bind(self)  # without the look-up of a name that http.server adds
        self.server_name, self.server_port = "localhost", self.server_address[1]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a client that was interrupted."""


class _PassOn(BaseHTTPRequestHandler):
    server: _Between

    def _any(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        headers = {name: value for name, value in self.headers.items() if name.lower() not in {"host", "connection"}}
        got = httpx.request(self.command, self.server.target + self.path, content=body, headers=headers)
        if (self.command, self.path) == ("POST", "/v1/webhooks") and not self.server.held.is_set():
            self.server.held.set()
            self.server.goes_on.wait(PATIENCE)
        self.send_response_only(got.status_code)
        for name in ("content-type", "date"):
            if name in got.headers:
                self.send_header(name, got.headers[name])
        self.send_header("content-length", str(len(got.content)))
        self.end_headers()
        self.wfile.write(got.content)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _any  # noqa: N815 - the names that http.server calls


@pytest.fixture
def slow(tea: Path, serve: Callable[[Path], str], edit: Any) -> Iterator[_Between]:
    """Give what stands between the tea shop and its served sandbox."""
    with _Between(serve(tea)) as between:
        thread = threading.Thread(target=between.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        edit(tea / "deployer.yaml", "{target: sandbox}", f'{{target: sandbox, base_url: "{between.url}"}}')
        yield between
        between.goes_on.set()
        between.shutdown()
        thread.join()


def once_each(tea: Path, slow: _Between, deployer: Callable[..., Any]) -> None:
    """Let another apply come to the end, and see that nothing was made twice."""
    slow.goes_on.set()
    report = deployer("apply", "--yes", "--project", tea, "--format", "json")
    assert (report.code, report.data["ok"]) == (exits.DONE, True)
    assert deployer("plan", "--project", tea, "--format", "json").data["changes"] == []
    listed = httpx.get(f"{slow.target}/v1/webhooks", headers={"authorization": "Bearer sandbox-shop"}).json()
    assert len(listed["webhooks"]) == 1


@pytest.mark.parametrize("ask", ["interrupt", "terminate"])
def test_the_first_ctrl_c_finishes_what_runs(
    tea: Path, slow: _Between, start: Callable[..., Any], deployer: Callable[..., Any], ask: str
) -> None:
    """If Ctrl-C is pressed or SIGTERM sent while a create waits for its answer, that is waited for and recorded."""
    running = start("apply", "--yes", "--project", tea)
    assert slow.held.wait(PATIENCE)
    getattr(running, ask)()
    running.until("again to stop immediately")
    slow.goes_on.set()
    assert running.end() == exits.INTERRUPTED
    assert "Traceback" not in running.seen
    assert "Apply to sandbox was interrupted" in running.seen
    assert "interrupted while it ran" not in running.seen
    recorded = json.loads((tea / ".deployer" / "state" / "sandbox.json").read_text("utf-8"))
    assert recorded["entries"]["webhook.receipts"]["id"]
    once_each(tea, slow, deployer)


def test_the_second_ctrl_c_stops_at_once(
    tea: Path, slow: _Between, start: Callable[..., Any], deployer: Callable[..., Any]
) -> None:
    """If Ctrl-C is pressed twice while a create waits, the report says so, and no second one is made later."""
    running = start("apply", "--yes", "--project", tea)
    assert slow.held.wait(PATIENCE)
    running.interrupt()
    running.until("again to stop immediately")
    running.interrupt()
    assert running.end() == exits.INTERRUPTED
    assert "Traceback" not in running.seen
    assert "interrupted while it ran" in running.seen
    once_each(tea, slow, deployer)


def test_ctrl_c_at_the_question_applies_nothing(tea: Path, start: Callable[..., Any]) -> None:
    """If Ctrl-C is pressed instead of an answer, nothing is applied."""
    asking = start("apply", "--project", tea, columns=80)
    asking.until("[y/N]")
    asking.interrupt_until_it_ends()
    assert asking.end() == exits.INTERRUPTED
    assert "Traceback" not in asking.seen
    assert not (tea / ".deployer" / "state" / "sandbox.json").exists()


COMMANDS = (
    ("validate",),
    ("render",),
    ("plan", "--out", "plan.json"),
    ("apply", "--yes"),
    ("tasks", "--format", "json"),
    ("status", "--format", "markdown"),
    ("plan", "--format", "markdown"),
    ("drift",),
    ("whoami",),
    ("baseline", "opt_in_source.checkout"),
    ("subscribe", "checkout"),
    ("send", "order_shipped"),
)


@pytest.fixture
def account(tea: Path, serve: Callable[[Path], str], edit: Any) -> dict[str, str]:
    """The tea shop's account, which is a served sandbox here, and the secrets that it is reached with."""
    url = serve(tea)
    company = httpx.get(f"{url}/v1/me", headers={"authorization": "Bearer sandbox-shop"}).json()["companyId"]
    edit(tea / "deployer.yaml", "company_id: MDc6Q29tcGFueTk5", f"company_id: {company}\n    base_url: {url}")
    secrets = {"TEA_PHONE": "+12065550177", "TEA_EMAIL": "canary@tea.example"}
    return {**secrets, "TEA_WEBHOOK_URL": "https://tea.example/hook?token=canary-token"}


@pytest.mark.parametrize("key", ["sandbox-shop", "canary-key-of-nobody"])
def test_no_secret_is_printed_or_written(
    key: str, tea: Path, account: dict[str, str], forked: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """If secrets are set, no output, log, plan or state holds one, with the right key and with a wrong one."""
    for name, value in {**account, "TEA_KEY": key}.items():
        monkeypatch.setenv(name, value)
    printed = ""
    for words in COMMANDS:
        done = forked(*words, "-v", "--project", tea, "--env", "account")
        assert done.code in {exits.DONE, exits.FAILED}, done.err
        assert (done.code == exits.FAILED) <= (key != "sandbox-shop"), done.err
        printed += done.out + done.err
    files = [path for path in (Path("plan.json"), tea / "account.json") if path.exists()]
    assert Path("plan.json").exists() == (key == "sandbox-shop")
    printed += "".join(path.read_text(encoding="utf-8") for path in files)
    secrets = [*account.values(), "canary-token", *(["canary-key"] if key != "sandbox-shop" else [])]
    assert [secret for secret in secrets if secret in printed] == []
    assert "GET /v1/me" in printed  # the log was on


def test_whoami_names_the_company_that_a_key_belongs_to(
    tea: Path, account: dict[str, str], deployer: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, edit: Any
) -> None:
    """If the company id isn't known yet, whoami refuses the key and says whose it is."""
    for name, value in {**account, "TEA_KEY": "sandbox-shop"}.items():
        monkeypatch.setenv(name, value)
    right = deployer("whoami", "--project", tea, "--env", "account", "--format", "json")
    assert right.code == exits.DONE
    (company,) = re.findall(r"company_id: (\S+)\n    base_url", (tea / "deployer.yaml").read_text(encoding="utf-8"))
    edit(tea / "deployer.yaml", f"company_id: {company}\n", "company_id: unknown\n")
    wrong = deployer("whoami", "--project", tea, "--env", "account")
    assert wrong.code == exits.FAILED
    assert company in wrong.out


def remote_of(folder: Path, remote: Path) -> Path:
    """Make a folder a git repository with an empty remote, and return the remote's hook for what is pushed to it."""
    for words in (
        ("init", "--quiet", "--bare", remote),
        ("-C", folder, "init", "--quiet"),
        ("-C", folder, "remote", "add", "origin", remote),
    ):
        subprocess.run(["git", *map(str, words)], check=True)
    return remote / "hooks" / "pre-receive"


def refuse(hook: Path, serial: int) -> None:
    """Let a remote refuse the record under one serial."""
    hook.write_text(f'#!/bin/sh\nread old new ref\ngit log -1 --format=%s "$new" | grep -vq "serial {serial}"\n')
    hook.chmod(0o755)


def test_the_second_ctrl_c_frees_the_locks_of_several(
    tea: Path, slow: _Between, start: Callable[..., Any], deployer: Callable[..., Any], edit: Any, tmp_path: Path
) -> None:
    """If Ctrl-C is pressed twice while several environments are applied, each is reported and no lock is left."""
    remote_of(tea, tmp_path / "remote.git")
    clients = "".join(f"  {name}: {{inherits: sandbox, state: git}}\n" for name in ("mint", "oolong"))
    edit(tea / "deployer.yaml", "  account:\n", f"{clients}  account:\n")
    running = start("apply", "--yes", "--env", "mint", "--env", "oolong", "--project", tea)
    assert slow.held.wait(PATIENCE)
    running.interrupt()
    running.until("again to stop immediately")
    running.interrupt()
    assert running.end() == exits.INTERRUPTED
    assert "Traceback" not in running.seen
    assert "the locks are released" in running.seen
    assert "2 environments" in running.seen
    for name in ("mint", "oolong"):
        shown = deployer("state", "show", "--env", name, "--project", tea, "--format", "json")
        assert (shown.code, shown.data["lock"]) == (exits.DONE, None)


def test_a_record_that_cannot_be_stored_is_put_back(
    tea: Path, deployer: Callable[..., Any], edit: Any, tmp_path: Path
) -> None:
    """If the record can't be stored any more, its file is named with the command that stores it, and that works."""
    hook = remote_of(tea, tmp_path / "remote.git")
    edit(tea / "deployer.yaml", "{target: sandbox}", "{target: sandbox, state: git}")
    refuse(hook, 3)
    failed = deployer("apply", "--yes", "--project", tea)
    assert failed.code == exits.FAILED
    hook.unlink()
    [command] = re.findall(r"deployer (state push \S+ --env sandbox)", failed.err)
    stored = deployer(*command.split(), "--project", tea)
    assert stored.code == exits.DONE
    again = deployer("plan", "--project", tea, "--format", "json").data
    assert {change["address"] for change in again["changes"]} <= {"journey.shipped"}  # unless it was done meanwhile
    assert again["notes"] == []


def test_what_was_never_begun_is_not_kept(tea: Path, deployer: Callable[..., Any], edit: Any, tmp_path: Path) -> None:
    """If what is about to be created can't be stored, nothing is created, and no file says that it may have been."""
    hook = remote_of(tea, tmp_path / "remote.git")
    edit(tea / "deployer.yaml", "{target: sandbox}", "{target: sandbox, state: git}")
    refuse(hook, 2)
    failed = deployer("apply", "--yes", "--project", tea)
    assert failed.code == exits.FAILED
    assert "can't be written" in failed.out
    assert not list(tea.glob("errored*"))
