"""What a confirmation makes of a record, for each effect of a task: records written out, and what becomes of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from deployer.engine.confirm import DOUBTED, ESTIMATE, ConfirmError, Statement, confirm
from deployer.state import Confirmation, Effect, Entry, State, TaskRecord, TaskStatus

ADDRESS = "journey.order_shipped"
EVENT = "event_type.order_shipped"
TEXT = {"text": "It left."}
OLD = {"text": "It is gone."}


def task(key: str, value: Any = None, effect: Effect = Effect.DRAFT, *, address: str = ADDRESS, **more: Any) -> Any:
    """A task with its key as its token and slot."""
    return TaskRecord(
        f"{address}/{key}", more.pop("token", key), key, more.pop("slot", key), value, None, effect, **more
    )


def state(*tasks: TaskRecord, others: dict[str, Entry] | None = None, **entry: Any) -> State:
    """A state with a journey of these tasks."""
    own = Entry("Journey", "person", tasks={one.token: one for one in tasks}, **entry)
    return State("production", "lineage", entries={ADDRESS: own, **(others or {})})


def said(at: str = "2026-05-10T12:00:00+00:00", **more: Any) -> Statement:
    """What Ana says."""
    return Statement(more.pop("how", "done"), "ana", at, **more)


def confirmed(before: State, *tokens: str, **more: Any) -> Entry:
    """The journey's entry after tokens are confirmed."""
    return confirm(before, tokens, said(**more))[0].entries[ADDRESS]


def turn_on(**more: Any) -> TaskRecord:
    """The task that makes the draft live."""
    return task("turn_on", {"status": "active"}, Effect.PUBLISH, **more)


def begin(**more: Any) -> TaskRecord:
    """The task that begins a new object."""
    return task("create", {"trigger": "order_shipped"}, Effect.RESTART, **more)


def test_what_was_superseded_is_done_before_a_new_object_is_begun() -> None:
    """What was asked of the former object can be confirmed although nobody began the new one; a new part can't."""
    before = state(begin(), task("send", OLD, superseded=True, token="old"), task("send", TEXT))
    assert confirmed(before, "old").draft == {"send": OLD}
    with pytest.raises(ConfirmError, match="create"):
        confirm(before, ["send"], said())


@pytest.mark.parametrize("last", [turn_on(), task("verify", effect=Effect.LIVE, proof=True)], ids=["on", "proof"])
def test_nothing_is_turned_on_or_tested_before_it_is_begun(last: TaskRecord) -> None:
    """A new object's turn-on and proof are refused until its beginning is confirmed, which is named once."""
    before = state(begin(), replace(last, needs=(f"{ADDRESS}/create",), snapshot={"create": begin().value}))
    with pytest.raises(ConfirmError) as refused:
        confirm(before, [last.token], said())
    assert refused.value.message.count(f"create ({ADDRESS}/create)") == 1


def test_a_count_is_recorded_once() -> None:
    """Segments may be passed after the confirmation: they are in the task and the confirmation, and no second time."""
    done = task("send", TEXT, status=TaskStatus.DONE, context={ESTIMATE: [1, 2]})
    before = state(done, draft={"send": TEXT}, confirmations={"send": Confirmation("ana", said().at)})
    after, _ = confirm(before, ["send"], said(segments=3))
    entry = after.entries[ADDRESS]
    assert (entry.tasks["send"].segments, entry.confirmations["send"].segments) == (3, 3)
    assert confirm(after, ["send"], said(segments=3))[0] == after
    assert confirm(after, ["send"], said(segments=2))[0] != after


@pytest.mark.parametrize(
    ("late", "how"), [(turn_on(superseded=True), DOUBTED), (task("send", TEXT, superseded=True), "confirmed")]
)
def test_only_a_late_turn_on_is_doubted(late: TaskRecord, how: str) -> None:
    """A turn-on may be from before or after one that was asked later and is done; a late text is in the draft."""
    later = replace(late, token="later", superseded=False, status=TaskStatus.DONE)
    assert confirmed(state(late, later), late.token).confirmations[late.slot].how == how
    for others in ((), (replace(later, status=TaskStatus.WAITING),), (replace(later, slot="other"),)):
        assert confirmed(state(late, *others), late.token).confirmations[late.slot].how == "confirmed"
    earlier = replace(later, token="earlier")
    assert confirmed(state(earlier, late), late.token).confirmations[late.slot].how == "confirmed"
    asked = replace(late, superseded=False)
    assert confirmed(state(asked, later), late.token).confirmations[late.slot].how == "confirmed"


def test_a_turn_on_makes_its_snapshot_live() -> None:
    """What isn't in it stays in the draft; what is live by a task of its own stays live; the former's reviews don't."""
    tasks = [
        turn_on(snapshot={"send": TEXT}),
        task("place", effect=Effect.LIVE),
        task("review", effect=Effect.LIVE, review=True),
    ]
    live = {"send": OLD, "place": "checkout", "review": OLD}
    entry = confirmed(state(*tasks, live=live, draft={"send": TEXT, "next": TEXT}), "turn_on")
    assert entry.live == {"send": TEXT, "place": "checkout", "turn_on": {"status": "active"}}
    assert entry.draft == {"next": TEXT}


def test_a_draft_that_is_live_is_none() -> None:
    """If the live text is set again, there is nothing in the draft any longer."""
    other = {"mail": Confirmation("ben", said().at)}
    before = state(task("send", TEXT), live={"send": TEXT}, draft={"send": OLD}, confirmations=other)
    after = confirmed(before, "send")
    assert (after.draft, after.confirmations["mail"]) == ({}, other["mail"])


def test_what_is_done_and_in_the_draft_stays_as_it_was_confirmed() -> None:
    """A second confirmation changes nothing; where a late one put another text there, it puts the last one back."""
    last = task("send", TEXT, status=TaskStatus.DONE)
    before = state(last, live={"send": OLD}, draft={"send": TEXT})
    assert confirm(before, ["send"], said("2026-05-11T12:00:00+00:00"))[0] == before
    held = state(task("place", "checkout", Effect.LIVE, status=TaskStatus.DONE), live={"place": "seen elsewhere"})
    assert confirm(held, ["place"], said("2026-05-11T12:00:00+00:00"))[0] == held
    undone = state(task("send", OLD, status=TaskStatus.DONE, superseded=True, token="old"), last, draft={"send": OLD})
    assert confirmed(undone, "send").draft == {"send": TEXT}
    assert confirm(undone, ["old"], said())[0] == undone


def test_the_end_comes_after_all_else() -> None:
    """A removal that is confirmed together with a part ends the record, in either order, and is done."""
    before = state(task("remove", effect=Effect.RETIRE), task("send", TEXT))
    for tokens in (["remove", "send"], ["send", "remove"]):
        after, tasks = confirm(before, tokens, said())
        assert ADDRESS not in after.entries
        assert {one.status for one in tasks} == {TaskStatus.DONE}


def test_the_end_needs_nothing_else() -> None:
    """A removal is confirmed although a new object was asked for and never begun."""
    assert confirm(state(begin(), task("remove", effect=Effect.RETIRE)), ["remove"], said())[0].entries == {}


def test_a_beginning_comes_first_however_it_was_recorded() -> None:
    """A part and the beginning of its object are confirmed together, whichever was asked first."""
    entry = confirmed(state(task("send", TEXT), begin(), live={"send": OLD}), "send", "create")
    assert (entry.live, entry.draft) == ({}, {"create": begin().value, "send": TEXT})


def seen(*tasks: TaskRecord, **entry: Any) -> dict[str, Entry]:
    """An event type of a vendor, with what is asked about it."""
    return {EVENT: Entry("EventType", "person", tasks={one.token: one for one in tasks}, **entry)}


FIRST = task("first_event", {"name": "Order Shipped", "keys": {"day": "string"}}, Effect.LIVE, address=EVENT)


def test_a_turn_on_needs_the_events_that_it_names_and_no_others() -> None:
    """An event that was never seen holds it up, but no late one; nor does what the API sends now, or another task."""
    needing = turn_on(needs=(FIRST.id,))
    late = replace(needing, superseded=True)
    assert confirmed(state(late, others=seen(FIRST)), "turn_on").live["turn_on"] == needing.value
    with pytest.raises(ConfirmError, match="first_event"):
        confirm(state(needing, others=seen(FIRST)), ["turn_on"], said())
    for others in (seen(replace(FIRST, superseded=True)), seen(replace(FIRST, id=f"{EVENT}/another"))):
        assert confirmed(state(needing, others=others), "turn_on").live["turn_on"] == needing.value


def test_what_a_replaced_part_needed_holds_nothing_up() -> None:
    """A turn-on rests on what its parts need as they are asked now."""
    part = task("send", TEXT, status=TaskStatus.DONE)
    former = replace(part, token="old", superseded=True, needs=(FIRST.id,))
    needing = turn_on(needs=(part.id,))
    assert confirmed(state(needing, part, former, others=seen(FIRST)), "turn_on").live["turn_on"] == needing.value
    held_up = state(needing, former, replace(part, needs=(FIRST.id,)), others=seen(FIRST))
    with pytest.raises(ConfirmError, match="first_event"):
        confirm(held_up, ["turn_on"], said())


def test_an_approval_that_was_overtaken_changes_nothing_else() -> None:
    """Of two approved texts the later one stays; an approval of the present text is recorded."""
    review = task("review", TEXT, Effect.LIVE, review=True)
    former = replace(review, token="old", value=OLD, superseded=True)
    overtaken = state(former, replace(review, status=TaskStatus.DONE), live={"review": TEXT})
    assert confirmed(overtaken, "old").live == {"review": TEXT}
    assert confirmed(state(former, review), "old").live == {"review": OLD}
    between = replace(former, token="between", value=None, status=TaskStatus.DONE)
    assert confirmed(state(former, between, review), "old").live == {"review": OLD}
    assert confirmed(state(former, review, live={"review": OLD}), "review").live == {"review": TEXT}


@pytest.mark.parametrize("how", ["submitted", "rejected"])
def test_only_what_is_reviewed_and_open_has_a_review(how: str) -> None:
    """What isn't reviewed, or was approved, can't be at Attentive's review or come back from it."""
    review = task("review", TEXT, Effect.LIVE, review=True)
    assert confirmed(state(review), "review", how=how, note="wording").tasks["review"].status.value == how
    for other in (task("review", TEXT), replace(review, status=TaskStatus.DONE)):
        with pytest.raises(ConfirmError):
            confirm(state(other), ["review"], said(how=how))


def test_what_no_confirmation_ends_is_refused() -> None:
    """A task that the YAML ends, and a count for what has no text, are refused before anything is recorded."""
    with pytest.raises(ConfirmError, match="isn't ended by a confirmation"):
        confirm(state(task("id", confirmable=False)), ["id"], said())
    with pytest.raises(ConfirmError, match="no text whose segments"):
        confirm(state(task("send", TEXT)), ["send"], said(segments=2))
