"""A record that was damaged by hand or by a disk: reading it works, or names the place, the line and the way back."""

from __future__ import annotations

import copy
import json
import shutil
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import deployer
from deployer.engine.tasks import open_tasks
from deployer.errors import DeployerError
from deployer.kinds.records import check_recorded
from deployer.preview.tasks import task_page
from deployer.preview.tasks_declared import declared
from deployer.state import decode
from deployer.state.errors import UnreadableError
from deployer.views.pages.tasks import tasks_page
from deployer.views.status import status_text
from deployer.views.tasks import tasks_text

FORMATS = Path(__file__).parents[1] / "state" / "formats"
NORTHWIND = Path(__file__).parents[2] / "examples" / "northwind"
GONE = object()
"""Stands for a value that was taken out."""


class Record:
    """Northwind's record and whoever reads it."""

    def __init__(self, connection, path):
        self.connection, self.path = connection, path
        self.good = json.loads(path.read_text(encoding="utf-8"))
        self.around = declared(connection.project)
        self.places = list(_places(self.good, ()))

    def damage(self, place, value):
        """Store the record with another value at one place."""
        data = copy.deepcopy(self.good)
        holder = data
        for step in place[:-1]:
            holder = holder[step]
        if value is GONE:
            del holder[place[-1]]
        else:
            holder[place[-1]] = value
        self.path.write_text(json.dumps(data, indent=2), encoding="utf-8")

    def read_by_everyone(self):
        """What status, tasks, the task page and plan --offline do."""
        state = self.connection.state()
        tasks_text(open_tasks(state, ""), environment="sandbox", state_url=None, address="", color=False, width=80)
        tasks_page(task_page(state, declared=self.around))
        status_text(deployer.launch(self.connection), color=False, width=80)
        deployer.plan(self.connection, offline=True)


def _places(node, way):
    """The way to every node but the whole."""
    if way:
        yield way
    items = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for step, item in items:
        yield from _places(item, (*way, step))


@pytest.fixture(scope="module")
def northwind(tmp_path_factory):
    """The example, applied once."""
    root = tmp_path_factory.mktemp("damaged") / "northwind"
    shutil.copytree(NORTHWIND, root, ignore=shutil.ignore_patterns(".deployer"))
    with deployer.connect(deployer.load(root), environ={}) as connection:
        assert not deployer.apply(connection, deployer.plan(connection)).failed
        yield connection, root / ".deployer" / "state" / "sandbox.json"


@pytest.fixture(scope="module")
def asked(northwind):
    """The record in which every task waits."""
    return Record(*northwind)


VALUES = st.sampled_from([None, -1, 1.5, True, "", "x", [], ["x"], {}, {"x": 1}, [None], GONE])


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data(), value=VALUES)
def test_any_damage_is_no_bug(asked, data, value):
    """Whatever one node of a record is replaced by, reading it works or ends in an error that was foreseen."""
    asked.damage(data.draw(st.sampled_from(asked.places)), value)
    with suppress(DeployerError):
        asked.read_by_everyone()


def where(record, kind, task, *rest):
    """The way into a task of a kind by the first word of its key."""
    for address, entry in record.good["entries"].items():
        for token, one in entry.get("tasks", {}).items():
            if entry["kind"] == kind and one["id"].partition("/")[2].startswith(task):
                return ("entries", address, "tasks", token, *rest)
    raise LookupError(task)


@pytest.mark.parametrize(
    ("task", "rest", "value", "words"),
    [
        ("send", ("context", "estimate"), -1, "should be a list, but is -1"),
        ("send", ("context", "estimate"), [1], "should be the fewest and the most segments"),
        ("create", ("context", "macros", 3), [], "should be a text, but is a list"),
        ("send", ("value", "channel"), "fax", "should be a channel"),
        ("send", ("value", "text"), GONE, "should be a message with its words"),
        ("turn_on", ("snapshot", "create"), [], "should be an object"),
        ("turn_on", ("id",), "elsewhere", "should be the id of a task"),
        ("verify", ("context", "sends", 0, "lanes"), "x", "should be a list"),
    ],
)
def test_damage_is_named_with_its_place(asked, task, rest, value, words):
    """A value that its kind doesn't write there is named by its pointer and its line, with the way back."""
    place = where(asked, "Journey", task, *rest)
    asked.damage(place, value)
    with pytest.raises(UnreadableError) as caught:
        asked.connection.state()
    assert words in str(caught.value)
    assert " line " in str(caught.value)
    assert caught.value.hint
    assert "/".join(place[:4]) in str(caught.value)


def test_a_damaged_copy_is_not_pushed(asked):
    """What reading would refuse isn't stored in the first place."""
    asked.damage(where(asked, "Journey", "send", "context", "estimate"), -1)
    damaged = asked.path.read_bytes()
    asked.path.write_text(json.dumps(asked.good), encoding="utf-8")
    with pytest.raises(UnreadableError, match="estimate"):
        deployer.push_state(asked.connection.backend, "sandbox", damaged, "copy.json")


@pytest.mark.parametrize(
    "path", sorted(FORMATS.glob("*/northwind_*.json")), ids=lambda path: f"{path.parent.name}/{path.stem}"
)
def test_what_was_ever_recorded_is_read(path):
    """Records that earlier formats and versions wrote hold what their kinds declare now."""
    check_recorded(decode(path.read_bytes(), path.name))


def test_a_record_of_another_kind_is_refused(asked):
    """An entry whose kind isn't that of its address is damaged, whatever else it holds."""
    asked.damage(("entries", "webhook.receipts", "kind"), "Segment")
    with pytest.raises(UnreadableError, match="should be the kind of"):
        asked.connection.state()
