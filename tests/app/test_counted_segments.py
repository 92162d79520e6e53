"""What the counter of Attentive's composer showed, told with a confirmation, against our own estimate."""

from __future__ import annotations

from dataclasses import replace

import pytest

from deployer.engine.checklist import SeenAtAttentive, checklist
from deployer.engine.confirm import ConfirmError, confirm
from deployer.views.status import status_json, status_markdown, status_text

JOURNEY = "journey.order_shipped"
STEP = f"{JOURNEY}/send.text"


@pytest.fixture
def asked(world, make):
    """A journey with one text, asked for and not confirmed."""
    world.resources = [make.event(), make.text(), make.journey(steps=[make.send("text", "shipped_text")])]
    world.apply()
    return world


def told(state, make, segments, task=STEP):
    """The state after the text's task was confirmed with a count."""
    tokens = {one.id: one.token for one in state.open_tasks()}
    every = [tokens[f"{JOURNEY}/create"], tokens[STEP]] if task == STEP else [tokens[task]]
    state, _ = confirm(state, every[:-1], make.said())
    return confirm(state, every[-1:], replace(make.said(), segments=segments))[0]


def counts(world, state):
    """What the checklist says about counts, and the checklist."""
    with world.connect() as connection:
        seen = SeenAtAttentive((), None, connection.session.now)
        found = checklist(connection.project, state, world.plan(), seen)
    return found.counts, found


def test_a_count_is_recorded(asked, make):
    """The count stands at the task and at the confirmation of its slot."""
    state = told(asked.state(), make, 2)
    entry = state.entry(JOURNEY)
    assert entry.confirmations["send.text"].segments == 2
    assert [one.segments for one in entry.tasks.values() if one.id == STEP] == [2]


def test_a_count_may_come_later(asked, make):
    """A task that is confirmed already takes a count, and stays as it was otherwise."""
    state = told(asked.state(), make, None)
    token = next(one.token for one in state.entry(JOURNEY).tasks.values() if one.id == STEP)
    later = confirm(state, [token], replace(make.said(), segments=3))[0].entry(JOURNEY)
    assert later.confirmations["send.text"].segments == later.tasks[token].segments == 3
    assert later.live == state.entry(JOURNEY).live
    assert later.draft == state.entry(JOURNEY).draft


def test_a_count_that_is_known_is_not_recorded_again(asked, make):
    """The same count, told later, makes no new version."""
    state = told(asked.state(), make, 2)
    token = next(one.token for one in state.entry(JOURNEY).tasks.values() if one.id == STEP)
    again = replace(make.said(), segments=2, at="2026-05-11T10:00:00Z")
    assert confirm(state, [token], again)[0] == state


def test_only_a_text_has_a_count(asked, make):
    """A count for a task that isn't about a text is refused."""
    with pytest.raises(ConfirmError, match="no text whose segments"):
        told(asked.state(), make, 1, f"{JOURNEY}/create")


def test_status_lists_where_composer_and_estimate_differ(asked, make):
    """A count outside of the estimate's range is listed in every format; one within it isn't."""
    (one,), found = counts(asked, told(asked.state(), make, 2))
    assert (one.task, one.composer, one.fewest, one.most) == (STEP, 2, 1, 1)
    for show in (status_text, status_markdown):
        assert "2 in Attentive" in show(found).replace("\n", " ")
    assert '"composer": 2' in status_json(found)
    assert counts(asked, told(asked.state(), make, 1))[0] == ()
