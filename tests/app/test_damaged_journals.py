"""A journal or a lock that was damaged by hand or by a disk: it is read, or the place and the way back are named."""

from __future__ import annotations

import copy
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import deployer
from deployer.engine.tasks import open_tasks
from deployer.errors import DeployerError
from deployer.preview.tasks import task_page
from deployer.state import StateError
from deployer.state.holder import Holder
from deployer.state.lock import seems_dead
from deployer.views.tasks import tasks_text

GONE = object()
"""Stands for a value that was taken out."""

VALUES = st.sampled_from([None, -1, 1.5, 10**30, True, "", "x", "\x00", "../x", [], ["x"], {}, {"x": 1}, [None], GONE])
SETTINGS = settings(max_examples=150, suppress_health_check=list(HealthCheck), deadline=None)


def places(node, way=()):
    """The way to every node, and to the whole."""
    yield way
    items = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for step, item in items:
        yield from places(item, (*way, step))


def damaged(good, place, value):
    """A copy with another value at one place."""
    if not place:
        return None if value is GONE else value
    data = copy.deepcopy(good)
    holder = data
    for step in place[:-1]:
        holder = holder[step]
    if value is GONE:
        del holder[place[-1]]
    else:
        holder[place[-1]] = value
    return data


@pytest.fixture
def left(shop_world):
    """A shop of every kind whose whole apply is in a journal, as one that was killed before its record was stored."""
    shop_world.apply()
    with shop_world.connect() as connection:
        state, journal = connection.state(), connection.journal
        path = shop_world.root / ".deployer" / "journal" / "production.ndjson"
        journal.begin(state)
        for address, entry in state.entries.items():
            journal.record(address, entry, version=state.version(address))
        yield connection, path, path.read_bytes()


def read_by_everyone(connection):
    """What plan, tasks and the task page make of the record with the journal in it."""
    state, _ = connection.recovered()
    tasks_text(open_tasks(state, ""), environment="production", state_url=None, address="", color=False, width=80)
    task_page(state)
    deployer.plan(connection, offline=True)
    deployer.launch(connection)


def refusal(connection):
    """What those who read refuse it with, if they do."""
    try:
        read_by_everyone(connection)
    except DeployerError as error:
        return error
    return None


def test_any_value_of_a_journal(left):
    """Whatever one value of a journal is replaced by: it is read, or refused with its line and the way back."""
    connection, path, content = left
    rows = [json.loads(row) for row in content.splitlines()]

    @SETTINGS
    @given(st.data(), VALUES)
    def check(data, value):
        number = data.draw(st.integers(0, len(rows) - 1))
        place = data.draw(st.sampled_from(list(places(rows[number]))))
        changed = [*rows[:number], damaged(rows[number], place, value), *rows[number + 1 :]]
        path.write_text("".join(json.dumps(row) + "\n" for row in changed))
        error = refusal(connection)
        assert error is None or error.hint
        if isinstance(error, StateError):
            assert str(path) in f"{error} {error.hint}"
            assert f"line {number + 1} " in str(error) or "went on from serial" in str(error)
            assert "line 1:" not in str(error)

    check()


@SETTINGS
@given(data=st.data())
def test_any_bytes_of_a_journal(left, data):
    """Cut off anywhere, or with any bytes anywhere, a journal is read or refused with its file and the way back."""
    connection, path, content = left
    at = data.draw(st.integers(0, len(content)))
    until = data.draw(st.sampled_from([at, at + 1, len(content)]))
    middle = data.draw(st.sampled_from([b"", b"\x00" * 8, b"\xff", b"[" * 100_000, b"\n", b"1e999", b'{"a":1,"a":1}']))
    path.write_bytes(content[:at] + middle + content[until:])
    error = refusal(connection)
    assert error is None or error.hint
    if isinstance(error, StateError):
        assert str(path) in str(error) or str(path) in error.hint


def test_what_a_kind_does_not_write_is_named(left):
    """The place in the line is named by its pointer, as in a record."""
    connection, path, content = left
    rows = [json.loads(row) for row in content.splitlines()]
    [number] = [one for one, row in enumerate(rows) if row.get("address") == "journey.order_shipped"]
    [task] = [one for one in rows[number]["entry"]["tasks"].values() if one["id"].endswith("/send.text")]
    task["value"]["channel"] = "fax"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    with pytest.raises(StateError, match="should be a channel") as caught:
        connection.state()
    assert f"line {number + 1} " in str(caught.value)
    assert "/entry/tasks/" in str(caught.value)
    assert "move it away" in caught.value.hint


def test_an_empty_journal_is_none(left):
    """A file without a line, and a folder in its place, are no bugs either."""
    connection, path, _ = left
    path.write_bytes(b"")
    read_by_everyone(connection)
    path.unlink()
    path.mkdir()
    with pytest.raises(StateError, match="can't be read"):
        connection.state()


@settings(max_examples=300, deadline=None)
@given(st.data(), VALUES)
def test_any_value_of_a_lock(data, value):
    """A lock whose content is damaged is held all the same, is shown, and can be freed by the id that is shown."""
    good = Holder.here("apply").to_json()
    place = data.draw(st.sampled_from(list(places(good))))
    holder = Holder.decode(json.dumps(damaged(good, place, value)).encode())
    assert f"(lock {holder.id})" in str(holder)
    assert seems_dead(holder) in (True, False)


@settings(max_examples=300, deadline=None)
@given(st.data(), st.sampled_from([b"", b"\x00", b"\xff", b"[" * 100_000, b"\n", b"1e999"]))
def test_any_bytes_of_a_lock(data, middle):
    """The same for bytes that are cut off or overwritten."""
    content = Holder.here("apply").encode()
    at = data.draw(st.integers(0, len(content)))
    holder = Holder.decode(content[:at] + middle)
    assert str(holder)
    assert seems_dead(holder) in (True, False)
