"""What taking over records: of one journey or a folder of texts, as it runs, is off or a draft, and once more."""

from __future__ import annotations

from dataclasses import replace

import pytest

from deployer.engine.baseline import DifferentTextError, Pasted, baseline
from deployer.engine.baseline_folder import Folder, take_all
from deployer.engine.confirm import ConfirmError
from deployer.state import State

JOURNEY = "journey.order_shipped"
EVENT = "event_type.order_shipped"
BODY = "Order {{triggerEvent.custom['Order Id']}} left."


@pytest.fixture
def shop(world, make):
    """A journey with one text, of which nothing is recorded."""
    world.resources = [make.event(), make.text(body=BODY), make.journey(protect=True)]
    return world


def taken(world, make, pasted=None, state=None, address=JOURNEY, standing="", **said):
    """What a baseline of an address records."""
    project = world.workspace().project("production")
    known = state or State("production", "lineage")
    statement = replace(make.said(), **said)
    return baseline(project, known, address, pasted or Pasted(), statement, world.environ, standing)


def keys(recorded):
    """The keys of tasks."""
    return {one.partition("/")[2] for one in recorded}


def test_what_runs_is_recorded_as_declared_and_once(shop, make):
    """The journey is live with its event and protection, all of it by a baseline; again there is nothing to record."""
    first = taken(shop, make, Pasted(BODY))
    entry = first.state.entries[JOURNEY]
    assert {"create", "send.text", "turn_on", "verify"} <= keys(first.recorded)
    assert (entry.live["send.text"]["text"], entry.draft) == (BODY, {})
    assert (entry.depends_on, entry.protect, entry.changed_at) == ((EVENT,), True, make.said().at)
    assert {one.how for one in entry.confirmations.values()} == {"baseline"}
    again = taken(shop, make, state=first.state)
    assert (again.recorded, again.state) == ((), first.state)


def test_texts_are_compared_before_anything_is_recorded(shop, make):
    """Without the text, with another one, or with one for two texts, nothing is taken over; of a message as well."""
    with pytest.raises(ConfirmError, match="must be compared first") as refused:
        taken(shop, make)
    assert "paste what Attentive shows" in refused.value.hint
    with pytest.raises(DifferentTextError) as differs:
        taken(shop, make, Pasted("Something else."))
    assert [one.part for one in differs.value.differences] == ["text"]
    running = taken(shop, make, Pasted(BODY)).state
    shop.put(make.text(body="It left."))
    with pytest.raises(DifferentTextError):
        taken(shop, make, Pasted(BODY), running, "message.shipped_text")
    of_message = taken(shop, make, Pasted("It left."), running, "message.shipped_text")
    assert keys(of_message.recorded) == {"send.text", "review.text"}
    shop.put(make.text("other_text", "Another."))
    shop.put(make.journey(steps=[make.send("text", "shipped_text"), make.send("more", "other_text")]))
    with pytest.raises(ConfirmError, match=r"message\.other_text, message\.shipped_text"):
        taken(shop, make, Pasted("It left."))


def test_a_message_of_what_was_never_built_is_not_taken_over(shop, make):
    """The journey that sends it is named, to be taken over as a whole."""
    with pytest.raises(ConfirmError, match="isn't recorded as built") as refused:
        taken(shop, make, Pasted(BODY), address="message.shipped_text")
    assert JOURNEY in refused.value.hint


@pytest.mark.parametrize("way", ["declared", "passed"])
def test_a_draft_has_no_start_and_what_is_off_was_started(shop, make, way):
    """A draft is in the draft; what is off is live and off; neither has a proof. The YAML or the person may say so."""
    for status, standing in (("draft", "draft"), ("inactive", "off")):
        shop.put(make.journey(status=status if way == "declared" else "active"))
        found = taken(shop, make, Pasted(BODY), standing="" if way == "declared" else standing)
        entry = found.state.entries[JOURNEY]
        assert "verify" not in keys(found.recorded)
        if standing == "draft":
            assert (dict(entry.live).keys() & {"send.text", "turn_on"}, "send.text" in entry.draft) == (set(), True)
        else:
            assert "send.text" in entry.live
            assert entry.live["turn_on"]["status"] != "active"
            assert "turn_off" in keys(found.recorded)


def test_an_event_is_recorded_as_sent(shop, make):
    """With its app and its keys; what Attentive lists is adopted instead, and an unknown address is named."""
    entry = taken(shop, make, address=EVENT).state.entries[EVENT]
    assert (entry.app, entry.by, set(entry.fields["keys"])) == ("orders", "api", {"Order Id", "day"})
    shop.put(make.webhook())
    with pytest.raises(ConfirmError, match="can be read through Attentive's API"):
        taken(shop, make, address="webhook.receipts")
    with pytest.raises(ConfirmError, match="isn't declared"):
        taken(shop, make, address="message.shiped_text")


def test_a_folder_records_what_is_the_same_and_says_the_rest(shop, make):
    """A text that differs, is missing or unreadable fails; the same is recorded, with its event, and not again."""
    project, state = shop.workspace().project("production"), State("production", "lineage")

    def folder(known=state, only=(), **files):
        unreadable = {name: "no UTF-8" for name, text in files.items() if text is None}
        texts = {f"{name}.txt": text for name, text in files.items() if text is not None}
        found = Folder(texts, {f"{name}.txt": why for name, why in unreadable.items()})
        return take_all(project, known, found, make.said(), shop.environ, only)

    same = folder(shipped_text=BODY, other="x")
    assert (same.recorded, same.failed, same.unused) == ((JOURNEY, EVENT), False, ("other.txt",))
    again = folder(same.state)
    assert (again.recorded, again.already, again.failed) == ((), (JOURNEY,), False)
    for files, outcome in (({"shipped_text": "x"}, "differs"), ({}, "missing"), ({"shipped_text": None}, "unreadable")):
        bad = folder(**files)
        assert ([one.outcome for one in bad.compared], bad.failed, bad.recorded) == ([outcome], True, ())
    assert folder(only=("journey.another",), other="x").compared == ()
    assert folder(only=(JOURNEY,), shipped_text=BODY, other="x").unused == ()


def test_old_confirmations_are_compared_and_confirmed_again(shop, make):
    """What was confirmed too long ago needs its text once more, and then has the new date; nothing else changes."""
    shop.settings["confirmations"] = {"max_age": "30 days"}
    first = taken(shop, make, Pasted(BODY)).state
    later = "2026-08-10T12:00:00+00:00"
    with pytest.raises(ConfirmError, match="must be compared first"):
        taken(shop, make, state=first, at=later)
    again = taken(shop, make, Pasted(BODY), first, at=later)
    before, after = first.entries[JOURNEY], again.state.entries[JOURNEY]
    assert "send.text" in keys(again.recorded)
    assert {one.at for one in after.confirmations.values()} == {later}
    assert (after.live, after.draft) == (before.live, before.draft)
