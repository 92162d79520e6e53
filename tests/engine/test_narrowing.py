"""A plan for a few addresses: closed under what they need, and a step on the way to the whole."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

import deployer
from deployer.engine.changes import Action, PersonChange, PropertyHold, Reason
from deployer.engine.narrowing import narrowed
from deployer.engine.plan import Mode, Note, Plan
from deployer.errors import UsageError
from deployer.state.model import Effect, TaskRecord

NORTHWIND = Path(__file__).resolve().parents[2] / "examples" / "northwind"


@pytest.fixture
def connection(tmp_path: Path):
    """The example shop in its sandbox, of which nothing is applied yet."""
    folder = tmp_path / "northwind"
    shutil.copytree(NORTHWIND, folder, ignore=shutil.ignore_patterns(".deployer"))
    with deployer.connect(deployer.load(folder)) as opened:
        yield opened


def touched(plan) -> set[str]:
    """The addresses that a plan changes."""
    return {address for change in plan.changes for address in change.touches}


def test_each_address_brings_what_it_needs_and_nothing_else(connection) -> None:
    """For every address: its own change, every change that one of them depends on, in the order of the whole plan."""
    whole = deployer.plan(connection, offline=True)
    assert len(whole.changes) > 10
    for change in whole.changes:
        small = deployer.plan(connection, offline=True, only=[change.address])
        assert [one for one in whole.changes if one in small.changes] == list(small.changes)
        needed, left = {change.address}, [change]
        while left:
            one = left.pop()
            more = [each for each in whole.changes if each.address in one.depends_on and each.address not in needed]
            needed |= {each.address for each in more}
            left += more
        assert {one.address for one in small.changes} == needed
        assert set(small.versions) == touched(small)
        named = {note.address for note in small.notes if note.text.startswith("comes along")}
        assert named == needed - {change.address}


def test_a_part_first_and_then_the_rest_ends_where_the_whole_does(connection) -> None:
    """After a part is applied the next plan has exactly the rest, and after that there is nothing to do."""
    whole = touched(deployer.plan(connection))
    part = deployer.plan(connection, only=["journey.order_shipped"])
    assert not deployer.apply(connection, part).failed
    rest = deployer.plan(connection)
    assert touched(rest) == whole - touched(part)
    assert not deployer.apply(connection, rest).failed
    assert deployer.plan(connection).empty


def test_what_is_in_place_needs_nothing(connection) -> None:
    """If what is named is applied already, the plan is empty and says how much was left out."""
    deployer.apply(connection, deployer.plan(connection, only=["segment.testers"]))
    again = deployer.plan(connection, only=["testers"])
    assert again.empty
    assert any("left out by --only" in note.text for note in again.notes)


@pytest.mark.parametrize(
    ("address", "says"),
    [("message.order_shipped_text", "is nothing by itself at Attentive"), ("journey.order_shiped", "isn't declared")],
)
def test_what_has_no_change_of_its_own_is_refused(address, says, connection) -> None:
    """A message is part of its journeys, and a slip of the keys is no empty plan."""
    with pytest.raises(UsageError, match=says) as error:
        deployer.plan(connection, offline=True, only=[address])
    assert error.value.hint


def test_what_a_change_waits_for_comes_along_though_nothing_declares_it() -> None:
    """A property leaves an event type once the journeys that read it were turned on again: their changes come along."""
    journey = PersonChange(address="journey.a", kind="Journey", action=Action.UPDATE, reason=Reason.CHANGED)
    other = PersonChange(address="journey.b", kind="Journey", action=Action.UPDATE, reason=Reason.CHANGED)
    leaving = PropertyHold(
        address="event_type.a",
        kind="EventType",
        by="person",
        depends_on=("journey.a",),
        waits_for=("journey.a/turn_on",),
    )
    versions = {"event_type.a": 1, "journey.a": 2, "journey.b": 3}
    notes = (Note("journey.a", "of one that comes along"), Note("journey.b", "of one that stays"))
    waiting = tuple(
        TaskRecord(f"{address}/send", address, "Set the text", "send", {"text": "x"}, None, Effect.DRAFT)
        for address in ("journey.a", "journey.b")
    )
    plan = Plan("sandbox", Mode.OFFLINE, "lineage", "config", only=("event_type.a",), versions=versions, notes=notes)
    small = narrowed(replace(plan, changes=(journey, other, leaving), waiting=waiting), ())
    assert small.changes == (journey, leaving)
    assert small.waiting == waiting[:1]
    assert small.versions == {"event_type.a": 1, "journey.a": 2}
    assert notes[0] in small.notes
    assert notes[1] not in small.notes
