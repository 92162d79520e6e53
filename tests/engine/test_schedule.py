"""Which changes may run side by side: none before what it needs, and none is forgotten."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from deployer.engine.changes import Action, ApiChange, MoveChange, Reason, removes
from deployer.engine.schedule import Schedule


@st.composite
def plans(draw):
    """A plan in a good order: changes that need earlier ones, moves, then removals of what isn't used any more."""
    names = [f"webhook.n{number}" for number in range(draw(st.integers(0, 9)))]
    changes, uses = [], {}
    for index, name in enumerate(names):
        needs = tuple(draw(st.lists(st.sampled_from(names[:index]), unique=True))) if index else ()
        action = draw(st.sampled_from([Action.CREATE, Action.UPDATE, Action.DELETE]))
        if action is Action.DELETE:
            uses[name] = tuple(one for one in names[index + 1 :] if draw(st.booleans()))
            changes.append(ApiChange(address=name, kind="Webhook", action=action, reason=Reason.REMOVED))
        else:
            if draw(st.booleans()):
                old = f"webhook.old{index}"
                changes.append(MoveChange(address=name, kind="Webhook", old_address=old))
            changes.append(
                ApiChange(address=name, kind="Webhook", action=action, reason=Reason.CHANGED, depends_on=needs)
            )
    return changes, uses


@given(plans(), st.randoms(use_true_random=False))
def test_every_change_runs_once_after_what_it_needs(made, chance):
    """However long each takes: all run, each once, after its needs, its address's former changes and its users' end."""
    changes, uses = made
    schedule = Schedule(changes, uses)
    running, finished, given_out = [], [], []
    while len(finished) < len(changes):
        for index in schedule.ready():
            given_out.append(index)
            change = changes[index]
            needed = {n for n in range(index) if changes[n].address in {*change.depends_on, change.address}}
            if removes(change):
                needed |= {n for n in range(index) if not removes(changes[n])}
                needed |= {n for n in range(index) if change.address in uses.get(changes[n].address, ())}
            assert needed <= set(finished)
            running.append(index)
        done = running.pop(chance.randrange(len(running)))
        schedule.finish(done)
        finished.append(done)
    assert sorted(given_out) == list(range(len(changes)))
    assert list(schedule.ready()) == []


def test_independent_changes_are_ready_together():
    """Changes that have nothing to do with each other needn't wait for each other."""
    changes = [
        ApiChange(address=f"segment.s{number}", kind="Segment", action=Action.CREATE, reason=Reason.NEW)
        for number in range(20)
    ]
    assert list(Schedule(changes, {}).ready()) == list(range(20))


def test_a_change_that_was_put_back_is_given_again():
    """What was taken and not begun comes again; nothing else does."""
    changes = [
        ApiChange(address=f"segment.s{number}", kind="Segment", action=Action.CREATE, reason=Reason.NEW)
        for number in range(3)
    ]
    schedule = Schedule(changes, {})
    assert list(schedule.ready()) == [0, 1, 2]
    schedule.put_back(1)
    assert list(schedule.ready()) == [1]


def test_what_takes_the_place_of_what_moved_comes_after_the_move():
    """A create under the old address of a move, and what depends on it, begin when the move is over."""
    changes = [
        MoveChange(address="webhook.new", kind="Webhook", old_address="webhook.old"),
        ApiChange(address="webhook.old", kind="Webhook", action=Action.CREATE, reason=Reason.NEW),
    ]
    schedule = Schedule(changes, {})
    assert list(schedule.ready()) == [0]
    schedule.finish(0)
    assert list(schedule.ready()) == [1]
