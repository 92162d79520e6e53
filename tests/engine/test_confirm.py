"""What people say becomes the record, in whatever order and however often they say it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import deployer
from deployer.engine.changes import tasks_of
from deployer.engine.confirm import ConfirmError, confirm
from deployer.engine.tasks import instruction
from deployer.state import TaskStatus

JOURNEY = "journey.order_shipped"


@pytest.fixture
def asked(world, make):
    """A small programme whose tasks are asked and not confirmed."""
    steps = [make.send("text", "shipped_text"), make.wait("pause")]
    world.resources = [make.event(), make.text(), make.journey(steps=steps), make.opt_in()]
    world.apply()
    return world


def tokens(state):
    """Every open task's token by its id."""
    return {task.id: task.token for task in state.open_tasks()}


def outcome(state):
    """A state without its count of changes."""
    entries = {address: replace(entry, version=0) for address, entry in state.entries.items()}
    return replace(state, entries=entries)


def test_the_order_of_tokens_does_not_matter(asked, make):
    """Any order of the tokens, repeated or not, gives the same record."""
    state = asked.state()
    every = list(tokens(state).values())
    expected = outcome(confirm(state, every, make.said())[0])

    @settings(max_examples=60, deadline=None)
    @given(st.permutations(every), st.lists(st.sampled_from(every), max_size=3))
    def check(order, again):
        assert outcome(confirm(state, [*order, *again], make.said())[0]) == expected

    check()


def test_the_order_does_not_matter_where_a_text_changed_twice(asked, make):
    """Superseded and present tokens together end in the present text, whatever their order."""
    asked.confirm_all()
    rounds = []
    for word in ("away", "gone"):
        asked.put(make.text(body=f"Order is {word}."))
        asked.apply()
        rounds += tokens(asked.state()).values()
    state = asked.state()
    expected = outcome(confirm(state, rounds, make.said())[0])
    assert expected.entry(JOURNEY).live["send.text"]["text"] == "Order is gone."

    @settings(max_examples=60, deadline=None)
    @given(st.permutations(rounds))
    def check(order):
        assert outcome(confirm(state, order, make.said())[0]) == expected

    check()


def test_the_order_does_not_matter_for_a_new_journey(asked, make):
    """A new journey's beginning, its parts and the former one's end may be confirmed in any order."""
    asked.confirm_all()
    asked.put(make.event("parcel_sent"), make.text(event="parcel_sent"))
    asked.put(make.journey(trigger="parcel_sent", steps=[make.send("text", "shipped_text")]))
    asked.apply()
    state = asked.state()
    every = list(tokens(state).values())
    expected = outcome(confirm(state, every, make.said())[0])

    @settings(max_examples=60, deadline=None)
    @given(st.permutations(every))
    def check(order):
        assert outcome(confirm(state, order, make.said())[0]) == expected

    check()
    asked.confirm_all()
    assert asked.plan().empty
    assert asked.plan().waiting == ()


def test_confirming_twice_changes_nothing(asked):
    """A token that was confirmed may be confirmed again, also after the journey went on."""
    first = tokens(asked.state())
    asked.confirm(*first.values())
    before = asked.state()
    again = asked.confirm(*first.values())
    assert {task.status for task in again} == {TaskStatus.DONE}
    assert asked.state().entries == before.entries


@pytest.mark.parametrize("how", ["submitted", "rejected"])
def test_a_review_that_is_known_is_not_recorded_again(asked, make, how):
    """What the same person says again of a review makes no new version; what another one says does."""
    token = tokens(asked.state())[f"{JOURNEY}/review.text"]
    first, _ = confirm(asked.state(), [token], make.said(how))
    assert confirm(first, [token], replace(make.said(how), at="2026-05-11T10:00:00Z"))[0] == first
    assert confirm(first, [token], replace(make.said(how), by="another"))[0] != first


def test_an_old_turn_on_confirmed_again_brings_nothing_back(asked, make):
    """A turn-on that was confirmed long ago doesn't make its old text live again."""
    old = tokens(asked.state())
    asked.confirm_all()
    asked.put(make.text(body="Order is away."))
    asked.settle()
    asked.confirm(*old.values())
    assert asked.state().entry(JOURNEY).live["send.text"]["text"] == "Order is away."
    assert asked.plan().empty


def test_an_unknown_token_is_pointed_at(asked):
    """A misspelt token names the nearest one, and nothing is recorded."""
    known = tokens(asked.state())[f"{JOURNEY}/send.text"]
    with pytest.raises(ConfirmError, match="has the token") as refused:
        asked.confirm(tokens(asked.state())[f"{JOURNEY}/create"], known[:-1] + ("a" if known[-1] != "a" else "b"))
    assert known in refused.value.hint
    assert len(asked.state().open_tasks()) == len(asked.plan().waiting)
    assert not asked.state().entry(JOURNEY).draft


def test_tokens_are_typed_as_they_come(asked):
    """Capital letters and white space around a token are no mistake."""
    token = tokens(asked.state())[f"{JOURNEY}/create"]
    [task] = asked.confirm(f"  {token.upper()} ")
    assert task.status is TaskStatus.DONE


def test_a_turn_on_rests_on_its_parts(asked):
    """Turning on is refused with the tokens of the parts that nobody confirmed; together they are fine."""
    named = tokens(asked.state())
    with pytest.raises(ConfirmError, match="confirmed first") as refused:
        asked.confirm(f"{JOURNEY}/turn_on")
    parts = [key for key in named if key.startswith(JOURNEY) and key.partition("/")[2] not in {"turn_on", "verify"}]
    assert len(parts) == 5
    assert all(named[key] in refused.value.message for key in parts)
    asked.confirm(f"{JOURNEY}/turn_on", *parts)
    assert asked.state().entry(JOURNEY).live["turn_on"]["status"] == "active"


def test_a_proof_rests_on_the_turn_on(asked):
    """That the phone got the text can't be said before the journey was turned on."""
    with pytest.raises(ConfirmError, match="confirmed first"):
        asked.confirm(f"{JOURNEY}/verify")


def test_only_reviews_are_submitted(asked):
    """What Attentive doesn't review can't be at its review."""
    with pytest.raises(ConfirmError, match="isn't reviewed by Attentive"):
        asked.confirm(f"{JOURNEY}/send.text", how="submitted")


def test_a_review_goes_its_way(asked):
    """Submitted, rejected with the reason, submitted again and confirmed; then no review is open any more."""
    review = f"{JOURNEY}/review.text"
    for how in ("submitted", "rejected", "submitted"):
        [task] = asked.confirm(review, how=how)
        assert task.status.value == how
        assert asked.plan().empty
    token = tokens(asked.state())[review]
    asked.confirm(review)
    with pytest.raises(ConfirmError, match="confirmed already"):
        asked.confirm(token, how="rejected")
    assert review not in tokens(asked.state())


def test_a_review_before_the_merge(world, make):
    """A text that isn't applied yet is at Attentive's review by the token of the offline plan; apply keeps that."""
    world.resources = [make.event(), make.text(), make.journey()]
    with world.connect() as connection:
        offline = deployer.plan(connection, offline=True)
        [review] = [task for one in offline.changes for task in tasks_of(one) if task.review]
        deployer.confirm(connection.backend, "production", [review.token], make.said("submitted"), connection)
        with pytest.raises(ConfirmError, match="has the token"):
            deployer.confirm(
                connection.backend,
                "production",
                [offline.changes[1].tasks[0].token],
                make.said("submitted"),
                connection,
            )
    world.apply()
    [submitted] = [task for task in world.state().open_tasks() if task.status is TaskStatus.SUBMITTED]
    assert submitted.id == review.id
    assert world.plan().empty
    world.confirm_all()
    assert world.plan().empty
    assert world.plan().waiting == ()


def test_confirming_needs_the_state_only(asked, make):
    """The back end of the state is enough: no project is loaded and no key is there."""
    with asked.connect() as connection:
        backend = connection.backend
    token = tokens(asked.state())[f"{JOURNEY}/create"]
    [task] = deployer.confirm(backend, "production", [token], make.said(note="built"))
    assert (task.status, task.by, task.note) == (TaskStatus.DONE, "ana", "built")


def test_an_opt_in_waits_for_its_id(world, make):
    """The task for Attentive's ID can't be confirmed; it ends when the YAML has the ID."""
    source = make.opt_in()
    del source["sign_up_source_id"]
    world.resources = [source]
    world.apply()
    with pytest.raises(ConfirmError, match="isn't ended by a confirmation"):
        world.confirm("opt_in_source.checkout/id")
    world.confirm_all()
    assert [task.id for task in world.plan().waiting] == ["opt_in_source.checkout/id"]
    world.put(make.opt_in())
    world.settle()
    assert world.plan().empty
    assert world.state().open_tasks() == ()


def test_a_sandbox_sends_no_one_to_attentive_for_an_id(world, make):
    """No unit is issued in a sandbox: the task for its ID asks for any number, and no page of Attentive's is opened."""
    source = make.opt_in()
    del source["sign_up_source_id"]
    world.resources = [source]
    world.apply()
    with deployer.connect(world.workspace(), "sandbox") as connection:
        deployer.apply(connection, deployer.plan(connection))
        states = (connection.state(), world.state())
    sandbox, production = (
        " ".join(block[1] for block in instruction(task).blocks)
        for state in states
        for task in state.open_tasks()
        if task.id.endswith("/id")
    )
    assert "make up a number" in sandbox
    assert "Sign-up Units tab" not in sandbox
    assert "Sign-up Units tab" in production


def test_a_changed_opt_in_is_reviewed_again(world, make):
    """Another wording is designed, reviewed again, and only then put live."""
    world.resources = [make.opt_in()]
    world.settle()
    consent = {"control": "checkbox", "disclosure": "Text me. Reply HELP for help, STOP to end."}
    world.put(make.opt_in(consent=consent))
    world.apply()
    address = "opt_in_source.checkout"
    assert set(tokens(world.state())) == {f"{address}/design", f"{address}/review", f"{address}/place"}


def test_tasks_of_one_address_or_one_task(asked):
    """Tasks are listed for everything, one address, or one task, in the order of work."""
    state = asked.state()
    assert len(deployer.tasks(state)) == len(state.open_tasks())
    assert [one.task.address for one in deployer.tasks(state)][:2] == ["opt_in_source.checkout"] * 2
    mine = deployer.tasks(state, JOURNEY)
    assert next(one.task.id.partition("/")[2] for one in mine) == "create"
    [one] = deployer.tasks(state, f"{JOURNEY}/turn_on")
    assert f"{JOURNEY}/send.text" in one.after
