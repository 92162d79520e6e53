"""Shops to try things on: one whose operator is a process and may be killed, one with its account in memory."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import uuid
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

import deployer
from deployer.engine.confirm import Statement
from deployer.sandbox import Faults, Sandbox, SandboxApp, SignUpUnit
from deployer.sandbox.transport import transport
from deployer.state import State, open_backend
from tests.commands import git
from tests.shop import Calendar, Hurried

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from deployer.app.connection import Connection
    from deployer.engine.plan import Plan
    from deployer.engine.report import ApplyReport
    from deployer.sandbox.transport import After, Before
    from deployer.state import Backend

COMPANY = "MDc6Q29tcGFueTI"
ENVIRON = {
    "ORDERS_KEY": "key-of-the-orders-app",
    "TEST_PHONE": "+12065550177",
    "TEST_EMAIL": "contact@northwind.example",
    "HOOK_URL": "https://hooks.northwind.example/hidden",
}
SETTINGS = {
    "version": 1,
    "project": "northwind",
    "brand": {"name": "Northwind"},
    "rules": {"journey/opt-in-category": "off"},
    "limits": {"remove": 20, "remove_percent": 100},
    "apps": {"orders": {}, "loyalty": {"managed_by": "vendor"}},
    "environments": {
        "production": {
            "target": "attentive",
            "company_id": COMPANY,
            "apps": {
                "orders": {"name": "Northwind Orders", "api_key": {"env": "ORDERS_KEY"}},
                "loyalty": {"name": "Larkspur Rewards"},
            },
            "test_contacts": [{"phone": {"env": "TEST_PHONE"}, "email": {"env": "TEST_EMAIL"}}],
            "state": "file:state/production.json",
        }
    },
}


def hook(id: str, path: str, **more: Any) -> dict[str, Any]:
    """A webhook."""
    fixed = {"app": "orders", "url": f"https://hooks.northwind.example/{path}", "events": ["sms.sent"]}
    return {"kind": "Webhook", "id": id, **fixed, "status": "enabled", **more}


def segment(id: str, **more: Any) -> dict[str, Any]:
    """A segment."""
    return {"kind": "Segment", "id": id, "name": id.title(), "external_id": f"northwind_{id}", **more}


def event(id: str, keys: list[str], **more: Any) -> dict[str, Any]:
    """An event type whose properties are texts."""
    return {
        "kind": "EventType",
        "id": id,
        "name": id.replace("_", " ").title(),
        "app": "orders",
        "properties": {key: {"type": "string", "minLength": 1} for key in keys},
        "samples": {"happy": dict.fromkeys(keys, "x")},
        **more,
    }


def journey(message: str, **more: Any) -> dict[str, Any]:
    """A journey that sends one text."""
    sends = {"message": message, "quiet_hours": "respect", "smart_sending": "ignore"}
    return {
        "kind": "Journey",
        "id": "order_shipped",
        "name": "Order shipped",
        "category": "transactional",
        "trigger": "order_shipped",
        "re_entry": {"cooldown": "none"},
        "steps": [{"id": "text", "send_text": sends}],
        "status": "active",
        **more,
    }


def text(id: str, body: str) -> dict[str, Any]:
    """A text about a shipped order."""
    return {"kind": "Message", "id": id, "channel": "text", "event": "order_shipped", "body": body}


def opt_in(**more: Any) -> dict[str, Any]:
    """An opt-in source for texts whose unit has its ID."""
    disclosure = "Texts about my order. HELP for help, STOP to end."
    return {
        "kind": "OptInSource",
        "id": "checkout",
        "channel": "text",
        "subscription_type": "transactional",
        "placement": "checkout",
        "consent": {"control": "checkbox", "pre_checked": True, "disclosure": disclosure},
        "screenshot": "page.png",
        "sign_up_source_id": "241654",
        **more,
    }


def attribute(**more: Any) -> dict[str, Any]:
    """A custom attribute with two values."""
    shape = {"type": "string", "enum": ["Silver", "Gold"]}
    return {"kind": "CustomAttribute", "id": "tier", "name": "Tier", "schema": shape, **more}


def everything() -> list[dict[str, Any]]:
    """A shop with something of every kind that the API or a person brings about."""
    return [
        event("order_shipped", ["Order Id", "day"]),
        event("order_paid", ["Order Id"]),
        event("tier_changed", ["tier"], app="loyalty"),
        attribute(),
        segment("testers"),
        segment("buyers"),
        hook("receipts", "a"),
        hook("clicks", "b", url={"env": "HOOK_URL"}),
        opt_in(),
        text("shipped_text", "Order {{triggerEvent.custom['Order Id']}} left."),
        journey("shipped_text"),
    ]


PASSING = ("id", "created", "updated", "occurred_at", "received_at", "disabled_at")
"""What Attentive makes up for an object, or when it did so."""


def comparable(account: Sandbox) -> dict[str, Any]:
    """Everything in an account, without what differs from run to run: ids and times."""
    found = account.account()
    for part in ("webhooks", "segments", "events"):
        for one in found[part]:
            for name in PASSING:
                one[name] = bool(one.get(name))
        found[part] = sorted(found[part], key=str)
    return found


def record(state: State) -> dict[str, str]:
    """What is recorded, without what differs from run to run: versions, times, Attentive's ids and keyed hashes."""
    entries = {}
    for address, entry in state.entries.items():
        data = entry.to_json()
        for name in ("version", "changed_at"):
            data.pop(name, None)
        for task in data.get("tasks", {}).values() if isinstance(data.get("tasks"), dict) else data.get("tasks", ()):
            task.pop("asked_at", None)  # the time of the run that gave it to people
        data["id"] = bool(entry.id)
        entries[address] = re.sub(r"'hash': '[0-9a-f]+'", "'hash': …", str(data))
    return entries


def duplicates(account: Sandbox) -> list[str]:
    """What stands in an account more than once although one was asked for: URLs, external ids, event ids."""
    found = account.account()
    keys = {"webhooks": "url", "segments": "external_id", "events": "external_event_id"}
    seen = [f"{part}: {one[key]}" for part, key in keys.items() for one in found[part]]
    return sorted({one for one in seen if seen.count(one) > 1})


def said(how: Any = "done") -> Statement:
    """What Ana says."""
    return Statement(how, "ana", "2026-05-10T12:00:00+00:00")


def confirm_all(backend: Backend) -> None:
    """Say that everything that a record asks for is done."""
    state = backend.read()
    tokens = [task.token for task in state.open_tasks() if task.confirmable] if state else []
    if tokens:
        deployer.confirm(backend, "production", tokens, said())


def write_project(root: Path, resources: list[dict[str, Any]], settings: dict[str, Any]) -> deployer.Workspace:
    """Write a project's files (JSON is YAML too) and load them; nothing may be in error."""
    root.mkdir(parents=True, exist_ok=True)
    (root / "page.png").write_bytes(b"\x89PNG a page")
    (root / "deployer.yaml").write_text(json.dumps(settings), encoding="utf-8")
    documents = "\n---\n".join(json.dumps(body, ensure_ascii=False) for body in resources)
    (root / "shop.yaml").write_text(documents, encoding="utf-8")
    workspace = deployer.load(root)
    assert [one for one in workspace.check("production") if one.severity == "error"] == []
    return workspace


@dataclass
class Trial:
    """A project folder, and an account in memory that can be forked, so that two runs begin from the same."""

    root: Path
    account: Sandbox
    environ: dict[str, str]
    resources: list[dict[str, Any]] = field(default_factory=list)
    settings: dict[str, Any] = field(default_factory=lambda: json.loads(json.dumps(SETTINGS)))
    calendar: Calendar = field(default_factory=Calendar)

    @classmethod
    def begin(cls, root: Path) -> Trial:
        """An empty project and an empty account."""
        seconds = count()
        calendar = Calendar()
        told = {"company_name": "Northwind", "company_id": COMPANY, "now": calendar.now}
        account = Sandbox.open(None, **told, monotonic=lambda: float(next(seconds)))
        account.ensure_sign_up_unit(SignUpUnit("241654", "TRANSACTIONAL", ("TEXT",)))
        made = cls(root, account, dict(ENVIRON), calendar=calendar)
        made.new_key()
        return made

    def new_key(self) -> None:
        """Have Attentive give a new key, and set it; one key's rate limits are shared by the whole process."""
        self.environ["ORDERS_KEY"] = f"key-{uuid.uuid4().hex}"
        self.account.ensure_app(SandboxApp("orders", "Northwind Orders", self.environ["ORDERS_KEY"]))

    def fork(self, root: Path) -> Trial:
        """The same project, record and account somewhere else."""
        if self.root.exists():
            shutil.copytree(self.root, root)
        account = self.account.past(self.account.image())
        settings = json.loads(json.dumps(self.settings))
        other = Trial(root, account, dict(self.environ), list(self.resources), settings, self.calendar)
        other.new_key()
        return other

    @contextmanager
    def connect(
        self, faults: Faults | None = None, before: Before | None = None, after: After | None = None
    ) -> Iterator[Connection]:
        """Connect the project as it is declared now."""
        clock = Hurried(self.calendar)
        through = transport(self.account, before=before, after=after, faults=faults, sleep=clock.sleep)
        workspace = write_project(self.root, self.resources, self.settings)
        told = {"environ": self.environ, "transport": through, "clock": clock}
        with deployer.connect(workspace, "production", **told) as connection:
            yield connection

    def plan(self, **options: Any) -> Plan:
        """What would be done now."""
        with self.connect() as connection:
            return deployer.plan(connection, **options)

    def apply(self, plan: Plan | None = None, *, prune: bool = False, faults: Faults | None = None) -> ApplyReport:
        """Carry out a plan, or what would be planned now."""
        with self.connect(faults) as connection:
            return deployer.apply(connection, plan or deployer.plan(connection, prune=prune))

    def confirm(self, *tokens: str, how: Any = "done") -> None:
        """Say that tasks are done (submitted, rejected)."""
        deployer.confirm(self.backend, "production", tokens, said(how))

    def confirm_all(self) -> None:
        """Say that everything that is asked is done."""
        confirm_all(self.backend)

    @property
    def backend(self) -> Backend:
        """Where the record is."""
        url = self.settings["environments"]["production"]["state"]
        return open_backend(url, root=self.root, environment="production")

    def state(self) -> State:
        """What is recorded."""
        return self.backend.read() or State("production")


@dataclass
class Shop:
    """A project folder and an account in a file, with whoever applies the one to the other."""

    root: Path
    operator: subprocess.Popen[str]
    settings: dict[str, Any] = field(default_factory=lambda: json.loads(json.dumps(SETTINGS)))
    batch: int = 0
    """How many changes are prepared at once; 0 for as many as usual."""

    @property
    def account_file(self) -> Path:
        """Where the account is."""
        return self.root.parent / "account.sqlite"

    def declare(self, resources: list[dict[str, Any]], **settings: Any) -> None:
        """Write the project's files."""
        write_project(self.root, resources, {**self.settings, **settings})

    def open_account(self) -> Sandbox:
        """The account; made where it is missing."""
        account = Sandbox.open(self.account_file, company_name="Northwind", company_id=COMPANY)
        account.ensure_app(SandboxApp("orders", "Northwind Orders", ENVIRON["ORDERS_KEY"]))
        account.ensure_sign_up_unit(SignUpUnit("241654", "TRANSACTIONAL", ("TEXT",)))
        return account

    def apply(self, *, prune: bool = False, kill: dict[str, Any] | None = None, later: int = 0) -> dict[str, Any]:
        """Let the operator plan and apply, in a process of its own, so many seconds later than it is."""
        job = {
            "root": str(self.root),
            "account": str(self.account_file),
            "environ": ENVIRON,
            "prune": prune,
            "batch": self.batch,
            "later": later,
        }
        assert self.operator.stdin is not None
        assert self.operator.stdout is not None
        self.operator.stdin.write(json.dumps({**job, "kill": kill}) + "\n")
        self.operator.stdin.flush()
        said: dict[str, Any] = json.loads(self.operator.stdout.readline())
        assert "error" not in said, said["error"]
        return said

    @property
    def backend(self) -> Backend:
        """Where the record is."""
        url = self.settings["environments"]["production"]["state"]
        return open_backend(url, root=self.root, environment="production")

    def state(self) -> State:
        """What is stored."""
        found = self.backend.read()
        assert found is not None
        return found

    def existing(self) -> tuple[dict[str, Any], dict[str, str]]:
        """The account and the record, each without what differs from run to run."""
        with self.open_account() as account:
            return comparable(account), record(self.state())

    def confirm_all(self) -> None:
        """Say that everything that is asked is done."""
        confirm_all(self.backend)

    def duplicates(self) -> list[str]:
        """What stands in the account more than once."""
        with self.open_account() as account:
            return duplicates(account)

    def copy(self, folder: Path) -> Shop:
        """The same shop and account somewhere else; a repository beside it is what the copy's clone pushes to."""
        shutil.copytree(self.root.parent, folder)
        copied = Shop(folder / self.root.name, self.operator, self.settings, self.batch)
        if (folder / "remote.git").exists():
            git(copied.root, "remote", "set-url", "origin", f"file://{folder / 'remote.git'}")
        return copied


@pytest.fixture
def repository(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], Path]:
    """A maker of shared repositories (bare, with one commit); git is a nobody on a machine without settings."""
    if shutil.which("git") is None:
        pytest.skip("no git on PATH")
    home = tmp_path_factory.mktemp("home")
    for variable in filter(re.compile("GIT_").match, list(os.environ)):
        monkeypatch.delenv(variable)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    settings = "[user]\n name = Ann\n email = ann@northwind.example\n[init]\n defaultBranch = main\n"
    (home / ".gitconfig").write_text(settings, encoding="utf-8")

    def make(folder: Path) -> Path:
        remote = folder / "remote.git"
        git(folder, "init", "--quiet", "--bare", str(remote))
        git(folder, "clone", "--quiet", f"file://{remote}", str(folder / "beginning"))
        git(folder / "beginning", "commit", "--quiet", "--allow-empty", "--message", "Begin")
        git(folder / "beginning", "push", "--quiet", "origin", "HEAD:main")
        return remote

    return make


@pytest.fixture(scope="module")
def operator() -> Iterator[subprocess.Popen[str]]:
    """Whoever applies: a process that starts a process for each attempt."""
    words = [sys.executable, str(Path(__file__).with_name("applier.py"))]
    source = str(Path(deployer.__file__).parents[1])
    started = subprocess.Popen(
        words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": source}
    )
    with started:
        yield started
        assert started.stdin is not None
        started.stdin.close()


@pytest.fixture
def shop(tmp_path: Path, operator: subprocess.Popen[str]) -> Shop:
    """An empty shop with an empty account."""
    made = Shop(tmp_path / "first" / "shop", operator)
    made.root.mkdir(parents=True)
    made.open_account().close()
    return made


@pytest.fixture
def git_shop(shop: Shop, repository: Callable[[Path], Path]) -> Shop:
    """The same, with its record on a branch of a shared repository, of which the project's folder is a clone."""
    remote = repository(shop.root.parent)
    git(shop.root.parent, "clone", "--quiet", f"file://{remote}", str(shop.root))
    shop.settings["environments"]["production"]["state"] = "git"
    return shop


@pytest.fixture
def trials(tmp_path: Path) -> Iterator[Callable[[], Trial]]:
    """A maker of trials, each with an account of its own; `fork` needs a folder, which `folders` gives."""
    made: list[Trial] = []

    def another() -> Trial:
        made.append(Trial.begin(tmp_path / f"shop{len(made)}"))
        return made[-1]

    yield another
    for one in made:
        one.account.close()


@pytest.fixture
def trial(trials: Callable[[], Trial]) -> Trial:
    """An empty project and an empty account in memory."""
    return trials()


@pytest.fixture
def make() -> SimpleNamespace:
    """What tests build resources with, and look at accounts and records with, by name."""
    return SimpleNamespace(
        hook=hook,
        segment=segment,
        event=event,
        journey=journey,
        text=text,
        opt_in=opt_in,
        attribute=attribute,
        everything=everything,
        comparable=comparable,
        record=record,
        duplicates=duplicates,
        said=said,
        git=git,
        trial=Trial,
    )
