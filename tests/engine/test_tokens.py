"""The short names of tasks: a token is of one task, in one environment of one project, and stays valid."""

from __future__ import annotations

import base64
import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

import deployer
from deployer.engine.confirm import ConfirmError
from deployer.engine.tokens import Tokens
from deployer.source import canonical, composed_letters
from deployer.state import TaskRecord, TaskStatus

JOURNEY = "journey.order_shipped"
names = st.text(min_size=1, max_size=6)


def former(task_id, value):
    """The token of a task in records of earlier versions: made of the task and its value alone."""
    raw = hashlib.sha256(canonical([task_id, composed_letters(value)]).encode()).digest()
    return base64.b32encode(raw).decode().lower()[:7]


def recorded_before(world):
    """Rewrite the record as an earlier version wrote it; the former tokens by task id, those of open tasks."""
    data = json.loads(world.state_file.read_text())
    for entry in data["entries"].values():
        tasks = entry.get("tasks", {}).values()
        entry["tasks"] = {
            token: {**task, "token": token} for task in tasks for token in [former(task["id"], task["value"])]
        }
    world.state_file.write_text(json.dumps(data))
    return {task.id: task.token for task in world.state().open_tasks()}


@pytest.fixture
def shop(world, make):
    """A shop whose journey was asked for."""
    world.resources = [make.event(), make.text(), make.journey()]
    world.apply()
    return world


@given(names, names, names, names, names)
def test_each_environment_and_project_has_its_tokens(project, other, environment, another, task_id):
    """Another project or environment is another token for the same task and value."""
    one = Tokens(project, environment).token(task_id, {"text": "It left."})
    assert (Tokens(other, environment).token(task_id, {"text": "It left."}) == one) == (other == project)
    assert (Tokens(project, another).token(task_id, {"text": "It left."}) == one) == (another == environment)


@given(names, names, names, st.dictionaries(st.text(max_size=4), st.text(max_size=8), max_size=3))
def test_a_token_is_a_digest_of_letters(project, environment, task_id, value):
    """Whatever its letters are, a token is the beginning of one digest, in which only the value's are composed."""
    raw = hashlib.sha256(canonical([project, environment, task_id, composed_letters(value)]).encode()).digest()
    assert Tokens(project, environment).token(task_id, value) == base64.b32encode(raw).decode().lower()[:7]


@pytest.mark.parametrize("apart", ["project", "environment"])
def test_a_token_confirms_in_one_place_only(worlds, make, apart):
    """The same journey is asked for in two projects, and in two environments: no token of one is known in the other."""
    first, second = worlds(), worlds()
    for shop in (first, second):
        shop.resources = [make.event(), make.text(), make.journey()]
    if apart == "project":
        second.settings["project"] = "larkspur"
    else:
        second.settings["environments"]["staging"] = second.settings["environments"].pop("production")
    name = "production" if apart == "project" else "staging"
    first.apply()
    with second.connect(name) as connection:
        deployer.apply(connection, deployer.plan(connection))
        for task in first.state().open_tasks():
            with pytest.raises(ConfirmError, match=f"no task of the environment {name} has the token"):
                deployer.confirm(connection.backend, name, [task.token], make.said())
        asked = connection.state().open_tasks()
    assert {task.id for task in asked} == {task.id for task in first.state().open_tasks()}
    assert all(task.status is TaskStatus.WAITING for task in asked)


def test_open_tasks_of_an_earlier_version_are_not_asked_again(shop):
    """An open task keeps the token under which it was asked: nothing is to be done, and that token confirms it."""
    before = recorded_before(shop)
    assert shop.plan().empty
    assert {task.token for task in shop.plan().waiting} == set(before.values())
    shop.confirm(*before.values())
    assert shop.plan().empty
    assert shop.state().open_tasks() == ()


def test_half_confirmed_tasks_of_an_earlier_version_go_on(shop, make):
    """What was confirmed stays so; a task that asks for something new has a token of its environment."""
    before = recorded_before(shop)
    shop.confirm(before[f"{JOURNEY}/create"], before[f"{JOURNEY}/send.text"])
    shop.put(make.text(body="Order {{triggerEvent.custom['Order Id']}} has left us."))
    shop.apply()
    now = {task.id: task.token for task in shop.state().open_tasks()}
    sent = next(task for task in shop.state().open_tasks() if task.id == f"{JOURNEY}/send.text")
    assert now[sent.id] == Tokens("northwind", "production").token(sent.id, sent.value)
    assert f"{JOURNEY}/create" not in now
    shop.confirm(*now.values())
    assert shop.plan().empty


def test_a_stop_that_was_asked_by_an_earlier_version_is_lifted(shop, make):
    """Its task is found by what it asks, whatever its token is made of."""
    shop.confirm_all()
    with shop.connect() as connection:
        deployer.stop(connection, JOURNEY, make.said())
    [off] = recorded_before(shop).values()
    stopped = shop.state()
    with shop.connect() as connection:
        deployer.stop(connection, JOURNEY, make.said())
        assert connection.state() == stopped
        deployer.lift(connection, JOURNEY, make.said())
    assert shop.state().task(off).superseded
    assert [task.id for change in shop.plan().changes for task in change.tasks] == [f"{JOURNEY}/turn_on"]


def test_a_project_that_gets_another_name_asks_nothing_again(shop):
    """Open tasks keep their tokens when `project` changes."""
    before = {task.token for task in shop.state().open_tasks()}
    shop.settings["project"] = "northwind_shop"
    assert shop.plan().empty
    shop.confirm(*before)
    assert shop.plan().empty


@given(names, st.sampled_from(TaskStatus), st.booleans(), st.booleans())
def test_a_token_is_kept_until_its_task_is_done(token, status, superseded, same):
    """What is recorded of the same task with the same value names it, unless it is done."""
    value = {"text": "It left."}
    known = TaskRecord(id="a.b/c", token=token, title="", slot="c", value=value, status=status, superseded=superseded)
    tokens = Tokens("northwind", "production")
    asked = value if same else {"text": "It is on its way."}
    kept = same and status is not TaskStatus.DONE
    assert tokens.naming("a.b/c", asked, {token: known}) == (token if kept else tokens.token("a.b/c", asked))
    assert tokens.naming("a.b/d", asked, {token: known}) == tokens.token("a.b/d", asked)
