"""What a stop and its end record, and which units are wanted meanwhile: records written out on a small project."""

from __future__ import annotations

from dataclasses import replace

import pytest

from deployer.engine.confirm import DOUBTED, confirm
from deployer.engine.desired import PersonDesired, desired, units
from deployer.engine.stopping import debt, held, lift, stop
from deployer.state import Confirmation, Effect, TaskStatus

JOURNEY = "journey.order_shipped"


@pytest.fixture
def running(world, make):
    """A journey that runs: its project and its record."""
    world.resources = [make.event(owner="crm"), make.text(), make.journey(owner="crm")]
    world.settle()
    return world


def project_of(world):
    """The project as it is declared now."""
    return world.workspace().project("production")


def wanted(project, state):
    """The journey as it is declared, its units, and what is recorded of it."""
    [one] = [one for one in desired(project) if one.address == JOURNEY and isinstance(one, PersonDesired)]
    entry = state.entry(JOURNEY)
    return one, units(one, project, entry.existing), entry


def test_a_stop_is_asked_of_the_owner_once(running, make):
    """Its task goes to the journey's owner; stopping again asks nothing, but does where the task was done before."""
    project, before = project_of(running), running.state()
    first = stop(project, before, JOURNEY, make.said(note="wrong link"))
    assert [task.assignee for task in first.tasks] == ["crm"]
    assert stop(project, first.state, JOURNEY, make.said()).already
    entry = first.state.entries[JOURNEY]
    done = {task.token: replace(entry.tasks[task.token], status=TaskStatus.DONE) for task in first.tasks}
    runs_again = first.state.with_entry(JOURNEY, replace(entry, tasks={**entry.tasks, **done}))
    again = stop(project, runs_again, JOURNEY, make.said())
    assert not again.already
    assert all(again.state.entries[JOURNEY].tasks[task.token].open for task in again.tasks)


def test_lifting_doubts_only_what_nobody_confirmed(running, make):
    """Turning off that was confirmed is known; turning off that was asked may have been done all the same."""
    project = project_of(running)
    stopped = stop(project, running.state(), JOURNEY, make.said())
    tokens = [task.token for task in stopped.tasks]
    entry = lift(project, stopped.state, JOURNEY, make.said()).state.entries[JOURNEY]
    assert entry.stopped is None
    assert [entry.tasks[token].superseded for token in tokens] == [True]
    assert {entry.confirmations[task.slot].how for task in stopped.tasks} == {DOUBTED}
    known = lift(project, confirm(stopped.state, tokens, make.said())[0], JOURNEY, make.said()).state.entries[JOURNEY]
    assert [known.tasks[token].superseded for token in tokens] == [False]
    assert DOUBTED not in {known.confirmations[task.slot].how for task in stopped.tasks}


def test_what_was_done_and_asked_again_is_not_doubted(running, make):
    """Of a stop whose task is done although the record says that it runs, lifting leaves the task as it is."""
    project = project_of(running)
    stopped = stop(project, running.state(), JOURNEY, make.said())
    entry = stopped.state.entries[JOURNEY]
    done = {task.token: replace(entry.tasks[task.token], status=TaskStatus.DONE) for task in stopped.tasks}
    state = stopped.state.with_entry(JOURNEY, replace(entry, tasks={**entry.tasks, **done}))
    lifted = lift(project, state, JOURNEY, make.said()).state.entries[JOURNEY]
    assert all(not lifted.tasks[token].superseded for token in done)


def test_nothing_is_owed_where_the_yaml_agrees(running, make):
    """What a stop holds back is noted while the YAML asks for it to run, and not where it is inactive or a draft."""
    stopped = stop(project_of(running), running.state(), JOURNEY, make.said()).state
    assert debt(*_with(running, stopped))
    for status in ("inactive", "draft"):
        running.put(make.journey(status=status))
        one, project, found, entry = _with(running, stopped)
        assert debt(one, project, found, entry) == ()
        assert held(one, found, entry) == found


def _with(world, state):
    project = project_of(world)
    one, found, entry = wanted(project, state)
    return one, project, found, entry


def test_what_is_held_back_is_each_wanted_once(running, make):
    """While it is stopped nothing starts it, also another journey in its place; what stops it is wanted once."""
    stopped = stop(project_of(running), running.state(), JOURNEY, make.said()).state
    running.put(make.event("parcel_sent"), make.text(event="parcel_sent"), make.journey(trigger="parcel_sent"))
    one, _, found, entry = _with(running, stopped)
    kept = held(one, found, entry)
    keys = [unit.key for unit in kept]
    assert len(keys) == len(set(keys))
    assert all(unit.effect is not Effect.PUBLISH and not unit.proof for unit in kept)
    assert {unit.key for unit in one.person.stop(entry.existing)} <= set(keys)


def test_only_a_start_is_looked_at_again(running):
    """A doubt about the turn-on has somebody look; one about a text changes nothing."""
    one, _, found, entry = _with(running, running.state())
    doubted = {slot: Confirmation("ana", "2026-05-10T12:00:00+00:00", how=DOUBTED) for slot in entry.confirmations}
    looked_at = [unit for unit in held(one, found, replace(entry, confirmations=doubted)) if unit.context.get(DOUBTED)]
    assert [unit.effect for unit in looked_at] == [Effect.PUBLISH]
    assert all(unit.again for unit in looked_at)
