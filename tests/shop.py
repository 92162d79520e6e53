"""A small shop in a folder, deployed to an account in memory, and short ways to plan, apply and confirm."""

from __future__ import annotations

import json
import time
import uuid
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

import deployer
from deployer.engine.confirm import Statement
from deployer.sandbox import Request, Response, Sandbox, SandboxApp, SignUpUnit
from deployer.sandbox.transport import transport
from deployer.source import Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from deployer.app.connection import Connection
    from deployer.app.operations import ApplyOptions
    from deployer.engine.changes import Change
    from deployer.engine.plan import Plan
    from deployer.engine.report import ApplyReport
    from deployer.state import State, TaskRecord

COMPANY = "MDc6Q29tcGFueTI"
PHONE = "+12065550177"
EMAIL = "contact@northwind.example"
HOOK_URL = "https://hooks.northwind.example/s3cr3t-t0ken"


def said(how: Any = "done", note: str = "") -> Statement:
    """What Ana says."""
    return Statement(how, "ana", "2026-05-10T12:00:00+00:00", note)


def event(id: str = "order_shipped", keys: Mapping[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    """An event type of our own; ``keys`` leads from a property to a value of it, whose JSON type it gets."""
    values = keys or {"Order Id": "54321", "day": "May 10"}
    names = {str: "string", int: "integer", bool: "boolean"}
    return {
        "kind": "EventType",
        "id": id,
        "name": id.replace("_", " ").title(),
        "app": "orders",
        "properties": {
            key: {"type": names[type(value)], **({"minLength": 1} if isinstance(value, str) else {})}
            for key, value in values.items()
        },
        "samples": {"happy": dict(values)},
        **more,
    }


def text(id: str = "shipped_text", body: str = "Order {{triggerEvent.custom['Order Id']}} left.", **more: Any) -> Any:
    """A text about a shipped order."""
    return {"kind": "Message", "id": id, "channel": "text", "event": "order_shipped", "body": body, **more}


def email(id: str = "shipped_email", html: str = "<p>It left.</p>", **more: Any) -> dict[str, Any]:
    """An email about a shipped order."""
    fixed = {"from": "orders@northwind.example", "subject": "It left", "plain": "It left."}
    return {"kind": "Message", "id": id, "channel": "email", "event": "order_shipped", "html": html, **fixed, **more}


def send(step: str, message: str, channel: str = "text", quiet: str = "respect") -> dict[str, Any]:
    """A step that sends a message."""
    return {"id": step, f"send_{channel}": {"message": message, "quiet_hours": quiet, "smart_sending": "ignore"}}


def wait(step: str, duration: str = "2 days") -> dict[str, Any]:
    """A step that waits."""
    return {"id": step, "wait": {"for": duration}}


def journey(id: str = "order_shipped", steps: list[Any] | None = None, **more: Any) -> dict[str, Any]:
    """A transactional journey after a shipped order."""
    return {
        "kind": "Journey",
        "id": id,
        "name": id.replace("_", " ").capitalize(),
        "category": "transactional",
        "trigger": "order_shipped",
        "re_entry": {"cooldown": "none"},
        "steps": steps or [send("text", "shipped_text")],
        "status": "active",
        **more,
    }


def segment(id: str = "testers", **more: Any) -> dict[str, Any]:
    """A segment under an external id of ours."""
    return {"kind": "Segment", "id": id, "name": id.capitalize(), "external_id": f"northwind_{id}", **more}


def webhook(id: str = "receipts", url: Any = HOOK_URL, **more: Any) -> dict[str, Any]:
    """A webhook of the order service."""
    return {
        "kind": "Webhook",
        "id": id,
        "app": "orders",
        "url": url,
        "events": ["sms.sent"],
        "status": "enabled",
        **more,
    }


def attribute(id: str = "tier", **more: Any) -> dict[str, Any]:
    """A custom attribute with two values."""
    shape = {"type": "string", "enum": ["Silver", "Gold"]}
    return {"kind": "CustomAttribute", "id": id, "name": id.title(), "schema": shape, **more}


def opt_in(id: str = "checkout", **more: Any) -> dict[str, Any]:
    """A transactional opt-in for texts, whose unit has its ID."""
    consent = {
        "control": "checkbox",
        "pre_checked": True,
        "disclosure": "Text me about my order. Reply HELP for help, STOP to end.",
    }
    fixed = {"channel": "text", "subscription_type": "transactional", "placement": id, "consent": consent}
    return {"kind": "OptInSource", "id": id, **fixed, "screenshot": "page.png", "sign_up_source_id": "241654", **more}


def journey_test(id: str = "shipped_late", **more: Any) -> dict[str, Any]:
    """A test of the journeys after a shipped order, which an old event doesn't start."""
    events = [{"event": "order_shipped", "age": "13 hours"}]
    expect = [{"not_entered": {"because": "too_old"}}]
    return {"kind": "JourneyTest", "id": id, "start": "2026-05-10 14:00", "events": events, "expect": expect, **more}


def shop() -> list[dict[str, Any]]:
    """One resource of every kind, and a vendor's event."""
    return [
        {"kind": "Property", "id": "order_id", "schema": {"type": "string", "minLength": 1, "examples": ["54321"]}},
        event(),
        event("tier_changed", {"tier": "Gold"}, app="loyalty", owner="crm"),
        attribute(),
        segment(),
        webhook(),
        opt_in(),
        text(),
        email(),
        journey(
            steps=[send("text", "shipped_text"), wait("pause"), send("mail", "shipped_email", "email")],
            opt_in=["checkout"],
        ),
    ]


def settings(**production: Any) -> dict[str, Any]:
    """The shop's ``deployer.yaml``: a sandbox, and production with the account in memory."""
    account = {
        "target": "attentive",
        "company_id": COMPANY,
        "apps": {
            "orders": {"name": "Northwind Orders", "api_key": {"env": "ORDERS_KEY"}},
            "loyalty": {"name": "Larkspur Rewards"},
        },
        "test_contacts": [{"phone": {"env": "TEST_PHONE"}, "email": {"env": "TEST_EMAIL"}}],
        "state": "file:state/production.json",
        **production,
    }
    return {
        "version": 1,
        "project": "northwind",
        "brand": {"name": "Northwind"},
        "rules": {"journey/opt-in-category": "off"},  # a test of a journey needs no opt-in source
        "apps": {"orders": {}, "loyalty": {"managed_by": "vendor"}},
        "environments": {"sandbox": {"target": "sandbox"}, "production": account},
    }


@dataclass
class Calendar:
    """What day it is, for deployer and for the account alike: ``pass_`` lets time go by at once."""

    ahead: timedelta = field(default_factory=timedelta)

    def now(self) -> datetime:
        """Tell the time of day."""
        return datetime.now(UTC) + self.ahead

    def pass_(self, time_: timedelta) -> None:
        """Be later."""
        self.ahead += time_


class Hurried:
    """A clock whose waits are over at once: it is later then, and nobody waited."""

    def __init__(self, calendar: Calendar) -> None:
        self._skipped = 0.0
        self.now = calendar.now

    def monotonic(self) -> float:
        """Count the seconds, with those that were waited for."""
        return time.monotonic() + self._skipped

    def sleep(self, seconds: float) -> None:
        """Be later at once."""
        self._skipped += seconds

    def random(self) -> float:
        """Draw always the same."""
        return 0.5


class WroteError(AssertionError):
    """Something that reads only sent a request that isn't a GET."""


_DECLARED = ("deployer.yaml", "shop.yaml")
_OURS = frozenset({*_DECLARED, "page.png", "state", ".deployer"})
_SOUND: set[tuple[str, str]] = set()
"""What the files said in which no environment has an error."""


@dataclass
class World:
    """A project folder and the account behind its production key. Change ``resources``, then plan and apply.

    ``before`` sees each request and may deny it; every request that was sent stands in ``requests``.
    """

    root: Path
    account: Sandbox
    environ: dict[str, str]
    resources: list[dict[str, Any]]
    settings: dict[str, Any]
    before: Callable[[Request], Response | None] | None = None
    after: Callable[[Request], None] | None = None
    requests: list[Request] = field(default_factory=list)
    calendar: Calendar = field(default_factory=Calendar)

    def put(self, *bodies: dict[str, Any]) -> None:
        """Declare resources, in place of those with the same kind and id."""
        for body in bodies:
            self.drop(body["kind"], body["id"])
        self.resources += bodies

    def drop(self, kind: str, id: str) -> None:
        """Declare a resource no longer."""
        self.resources = [one for one in self.resources if (one["kind"], one["id"]) != (kind, id)]

    @property
    def production(self) -> dict[str, Any]:
        """The settings of production."""
        return self.settings["environments"]["production"]

    def workspace(self) -> deployer.Workspace:
        """The project as its files say now; JSON is YAML too."""
        self.root.mkdir(exist_ok=True)
        (self.root / "page.png").write_bytes(b"\x89PNG a page")
        for name, text in zip(_DECLARED, self._written(), strict=True):
            (self.root / name).write_text(text, encoding="utf-8")
        return deployer.load(self.root)

    def _written(self) -> tuple[str, str]:
        """What is written into the settings' file, and into that of the resources."""
        resources = [json.dumps(body, ensure_ascii=False) for body in self.resources]
        return json.dumps(self.settings), "\n---\n".join(resources)

    @contextmanager
    def connect(self, environment: str = "production") -> Iterator[Connection]:
        """Connect the project as it is declared now."""
        seen = transport(self.account, before=self._look)
        workspace = self.workspace()
        self._assert_sound(workspace)
        told = {"environ": self.environ, "transport": seen, "clock": Hurried(self.calendar)}
        with deployer.connect(workspace, environment, **told) as connection:
            yield connection

    def _assert_sound(self, workspace: deployer.Workspace) -> None:
        """No environment has an error: looked at once in a process for the same files, of which a test has many."""
        alone = _OURS.issuperset(path.name for path in self.root.iterdir())
        written = self._written()
        if not (alone and written in _SOUND):
            assert [problem for problem in workspace.check() if problem.severity is Severity.ERROR] == []
            if alone:
                _SOUND.add(written)

    def _look(self, request: Request) -> Response | None:
        self.requests.append(request)
        denied = self.before(request) if self.before else None
        if denied is None and self.after is not None:
            denied = self.account.handle(request)
            self.after(request)
        return denied

    def plan(self, **options: Any) -> Plan:
        """What would be done now."""
        with self.connect() as connection:
            return deployer.plan(connection, **options)

    def apply(
        self, plan: Plan | None = None, options: ApplyOptions | None = None, *, prune: bool = False
    ) -> ApplyReport:
        """Carry out a plan, or what would be planned now."""
        with self.connect() as connection:
            return deployer.apply(connection, plan or deployer.plan(connection, prune=prune), options)

    def confirm(self, *tokens: str, how: Any = "done") -> tuple[TaskRecord, ...]:
        """Say that tasks are done (submitted, rejected); each by token or by task id."""
        with self.connect() as connection:
            known = {task.id: task.token for task in connection.state().open_tasks()}
            named = [known.get(one, one) for one in tokens]
            return deployer.confirm(connection.backend, "production", named, said(how))

    def confirm_all(self) -> None:
        """Say that everything that is asked is done."""
        tokens = [task.token for task in self.state().open_tasks() if task.confirmable]
        if tokens:
            self.confirm(*tokens)

    def settle(self, *, prune: bool = False) -> None:
        """Apply and confirm everything."""
        report = self.apply(prune=prune)
        assert not report.failed, report.outcomes
        self.confirm_all()

    def state(self) -> State:
        """What is recorded."""
        with self.connect() as connection:
            return connection.state()

    @property
    def state_file(self) -> Path:
        """Where production's state is."""
        return self.root / "state" / "production.json"

    def dump(self, part: str) -> Any:
        """A part of the account: ``events``, ``webhooks``, ``segments``, ``attributes``, ``people``."""
        return self.account.account()[part]

    def forbid_writes(self) -> None:
        """Let any request but a GET fail the test."""
        self.before = _only_get


def _only_get(request: Request) -> None:
    if request.method != "GET":
        raise WroteError(f"{request.method} {request.path}")


def changes(plan: Plan) -> list[tuple[str, str]]:
    """The actions and addresses of a plan, in order."""
    return [(change.action.value, change.address) for change in plan.changes]


def change(plan: Plan, address: str) -> Change:
    """The one change of an address."""
    [found] = [one for one in plan.changes if one.address == address]
    return found


BUILDERS = SimpleNamespace(
    event=event,
    text=text,
    email=email,
    send=send,
    wait=wait,
    journey=journey,
    segment=segment,
    webhook=webhook,
    attribute=attribute,
    opt_in=opt_in,
    journey_test=journey_test,
    shop=shop,
    said=said,
    changes=changes,
    change=change,
    phone=PHONE,
    email_address=EMAIL,
    hook_url=HOOK_URL,
    company=COMPANY,
)
"""What tests build resources with, by name."""


def new_world(root: Path) -> World:
    """An empty shop and an empty account."""
    seconds = count()
    calendar = Calendar()
    told = {"company_name": "Northwind", "company_id": COMPANY, "now": calendar.now}
    account = Sandbox.open(None, **told, monotonic=lambda: float(next(seconds)))
    key = f"key-{uuid.uuid4().hex}"
    account.ensure_app(SandboxApp("orders", "Northwind Orders", key))
    account.ensure_sign_up_unit(SignUpUnit("241654", "TRANSACTIONAL", ("TEXT",)))
    environ = {"ORDERS_KEY": key, "TEST_PHONE": PHONE, "TEST_EMAIL": EMAIL, "HOOK_URL": HOOK_URL}
    return World(root, account, environ, [], settings(), calendar=calendar)


@pytest.fixture
def make() -> SimpleNamespace:
    """The builders of resources."""
    return BUILDERS


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """An empty shop and an empty account."""
    made = new_world(tmp_path / "shop")
    yield made
    made.account.close()


@pytest.fixture
def worlds(tmp_path: Path) -> Iterator[Callable[[], World]]:
    """A maker of empty shops, each with an account of its own, for tests that need many."""
    made: list[World] = []

    def another() -> World:
        made.append(new_world(tmp_path / f"shop{len(made)}"))
        return made[-1]

    yield another
    for one in made:
        one.account.close()


@pytest.fixture
def shop_world(world: World) -> World:
    """A shop with one resource of every kind; nothing is applied."""
    world.resources = shop()
    return world
