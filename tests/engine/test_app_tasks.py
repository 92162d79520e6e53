"""The custom app as a task: created once by a person, with what this project needs, until its key answers."""

from __future__ import annotations

import json
import re

import pytest

from deployer.app.app_tasks import app_tasks
from deployer.app.connection import connect_to
from deployer.cli.main import run
from deployer.engine.app_tasks import permissions, still_unproven
from deployer.sandbox import Response
from deployer.sandbox.transport import transport


def missing(world):
    """The apps that are still to be created, with the variables of this process."""
    return list(app_tasks(world.workspace(), "production", world.state()))


@pytest.fixture
def keyless(shop_world, monkeypatch):
    """The shop before anybody created its app: its key isn't set."""
    monkeypatch.delenv("ORDERS_KEY", raising=False)
    return shop_world


def test_an_app_is_created_with_what_the_project_uses(keyless):
    """The clicks of Attentive's guide, the permissions of what is declared, the key once, and `whoami` at the end."""
    [one] = missing(keyless)
    assert one.task.title == "Create the app “Northwind Orders”, and set its API key"
    assert one.task.id == "app.orders/key"
    assert not one.task.confirmable
    assert "ORDERS_KEY" in one.task.note
    blocks = one.instruction.blocks
    clicks = "In Attentive, open the Marketplace tab and click + Create App in the top-right corner."
    assert ("step", clicks, "") in blocks
    assert [label for kind, label, _ in blocks if kind == "field"] == [
        "Why it waits",
        "Contact email",
        "Custom Attributes",
        "Custom Events",
        "Segments",
        "Subscribers",
        "Webhooks",
    ]
    assert ("text", "Command", "deployer whoami --env production") in blocks


def test_only_what_is_used_is_permitted(keyless, make):
    """A project of events and texts needs no permission for segments or webhooks."""
    keyless.resources = [make.event(), make.text(), make.journey()]
    with keyless.connect() as connection:
        assert permissions(connection.project, "orders") == ("Custom Events",)


def test_a_vendors_app_is_nobodys_task(keyless):
    """The partner's app is created by the partner."""
    assert [one.task.address for one in missing(keyless)] == ["app.orders"]


def test_a_sandbox_brings_its_apps(keyless):
    """There is nothing to create."""
    assert list(app_tasks(keyless.workspace(), "sandbox", keyless.state())) == []


def test_the_task_ends_with_the_answer(keyless, monkeypatch):
    """With a key that Attentive accepts it is over; with one that it refuses it waits, and says why."""
    answering = []

    def connected(workspace, project):
        return connect_to(workspace, project, environ=keyless.environ, transport=through)

    through = transport(keyless.account, before=lambda _: answering[0] if answering else None)
    monkeypatch.setattr("deployer.app.app_tasks.connect_to", connected)
    assert missing(keyless) == []
    answering.append(Response(401, {}, b"{}"))
    [one] = missing(keyless)
    assert "401" in one.task.note


def test_what_wrote_once_is_known(keyless):
    """Where something is recorded with the app's key, it isn't asked for again, whatever is set on this machine."""
    keyless.apply()
    assert missing(keyless) == []


def test_the_list_of_tasks_begins_with_the_app(keyless, capsys):
    """`deployer tasks` shows it first, and by its address; the record isn't touched."""
    keyless.workspace()
    words = ["--env", "production", "--project", str(keyless.root)]
    assert run(["tasks", *words]) == 0
    assert "Create the app “Northwind Orders”" in capsys.readouterr().out
    assert run(["tasks", "app.orders", *words, "--format", "json"]) == 0
    [told] = json.loads(capsys.readouterr().out)["tasks"]
    assert told["id"] == "app.orders/key"
    assert told["commands"] == {}
    assert not keyless.state_file.exists()


def test_the_page_and_the_issue_begin_with_the_app(keyless, capsys):
    """The page of tasks and the issue's text have the same task, without a box, and say what ends it."""
    keyless.workspace()
    page = keyless.root.parent / "tasks.html"
    words = ["--env", "production", "--project", str(keyless.root)]
    assert run(["tasks", *words, "--page", str(page)]) == 0
    shown = page.read_text(encoding="utf-8")
    assert "Create the app \\u201cNorthwind Orders\\u201d" in shown
    assert "an answer to \\u201cdeployer whoami" in shown
    assert run(["issue", "sync", *words, "--dry-run"]) == 0
    issue = capsys.readouterr().out
    assert "1 task for people" in issue
    assert re.search(r"- `app.orders` Create the app .*: ends with the first apply with its key", issue)
    assert "- [ ]" not in issue
    keyless.apply()
    assert run(["issue", "sync", *words, "--dry-run"]) == 0
    assert "app.orders" not in capsys.readouterr().out


def test_the_issue_names_only_apps_that_an_apply_writes_with(keyless, make, capsys):
    """Who syncs the issue has no key: of an app that nothing declared needs, nothing is claimed."""
    keyless.resources = [make.opt_in()]
    keyless.workspace()
    assert run(["issue", "sync", "--env", "production", "--project", str(keyless.root), "--dry-run"]) == 0
    assert "app.orders" not in capsys.readouterr().out


def test_an_open_page_drops_the_app_once_it_wrote(keyless):
    """A served page looks at the record again: an app that an apply used since is no task."""
    tasks = missing(keyless)
    assert still_unproven(tasks, keyless.state()) == tuple(tasks)
    keyless.apply()
    assert still_unproven(tasks, keyless.state()) == ()
