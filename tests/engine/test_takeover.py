"""Taking over from a folder, what somebody changed by hand, stopping at once, and addresses that move."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import deployer
from deployer.engine.baseline import DifferentTextError
from deployer.engine.changes import Action, Provenance, tasks_of
from deployer.engine.confirm import ConfirmError
from deployer.engine.pasted import compare
from deployer.engine.record_live import Sighting
from deployer.engine.report import Status
from deployer.engine.tasks import instruction
from deployer.kinds.base import GuardError
from deployer.messages import composer_text
from deployer.sandbox import SandboxApp
from deployer.views.plan_summary import summary

BODY = "Order {{triggerEvent.custom['Order Id']}} left."
ID = "journey.order_shipped"


@pytest.fixture
def running(world, make):
    """A shop whose one journey is recorded as running."""
    world.resources = [make.event(), make.text(), make.journey()]
    world.settle()
    return world


def paste(world, **files):
    """A folder of pasted texts; ``__`` stands for a dot in a name."""
    folder = world.root.parent / "pasted"
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / name.replace("__", ".")).write_text(text, encoding="utf-8")
    return folder


def take(world, make, folder, *only):
    """Take over from a folder."""
    with world.connect() as connection:
        return deployer.baseline_all(connection, folder, make.said(), only=only)


def outcomes(taken):
    """What came of each text."""
    return {(one.id, one.part): one.outcome for one in taken.compared}


def test_each_text_is_compared_before_anything_is_recorded(world, make):
    """A journey whose texts all match is recorded whole; one that differs, lacks a text, or can't be read isn't."""
    journeys = [
        make.journey(name, steps=[make.send("text", f"{name}_text")]) for name in ("same", "other", "lost", "odd")
    ]
    world.resources = [make.event(), *(make.text(f"{one['id']}_text") for one in journeys), *journeys]
    folder = paste(world, same_text__txt=BODY + "\r\n\r\n", other_text__txt="Another text.", notes__txt="Ask Ana.")
    (folder / "odd_text.txt").write_bytes(b"\xff\xfe\xfa")
    (folder / ".DS_Store").write_bytes(b"\0")
    taken = take(world, make, folder)
    assert {task.partition("/")[0]: outcome for (task, _), outcome in outcomes(taken).items()} == {
        "journey.same": "same",
        "journey.other": "differs",
        "journey.lost": "missing",
        "journey.odd": "unreadable",
    }
    assert taken.recorded == ("journey.same", "event_type.order_shipped")
    assert taken.unused == ("notes.txt",)
    assert taken.failed
    assert set(world.state().entries) == {"journey.same", "event_type.order_shipped"}
    assert world.dump("events") == []


def test_a_step_s_own_file_comes_before_its_message_s(world, make):
    """Two journeys that send one message may have been pasted apart."""
    journeys = [make.journey(name) for name in ("first", "second")]
    world.resources = [make.event(), make.text(), *journeys]
    folder = paste(world, shipped_text__txt=BODY, second__text__txt="Another text.")
    taken = take(world, make, folder)
    assert taken.recorded == ("journey.first", "event_type.order_shipped")
    assert outcomes(taken)["journey.second/send.text", "text"] == "differs"


def test_every_field_of_an_email_is_compared(world, make):
    """Subject, preheader and plain text count as the HTML does."""
    steps = [make.send("mail", "shipped_email", "email")]
    world.resources = [make.event(), make.email(preheader="Now"), make.journey(steps=steps)]
    files = {"shipped_email__html": "<p>It left.</p>", "shipped_email__subject__txt": "It left"}
    folder = paste(world, **files)
    assert outcomes(take(world, make, folder)) == {
        ("journey.order_shipped/send.mail", "html"): "same",
        ("journey.order_shipped/send.mail", "subject"): "same",
        ("journey.order_shipped/send.mail", "preheader"): "missing",
        ("journey.order_shipped/send.mail", "plain"): "missing",
    }
    paste(world, shipped_email__preheader__txt="Then", shipped_email__plain__txt="It left.")
    assert outcomes(take(world, make, folder))[ID + "/send.mail", "preheader"] == "differs"
    paste(world, shipped_email__preheader__txt="Now")
    assert take(world, make, folder).recorded == (ID, "event_type.order_shipped")
    assert world.plan().empty


def test_one_email_is_taken_over_with_its_fields(world, make):
    """By itself an email needs each of its fields as well."""
    steps = [make.send("mail", "shipped_email", "email")]
    world.resources = [make.event(), make.email(), make.journey(steps=steps)]
    with world.connect() as connection:
        with pytest.raises(ConfirmError, match="has text") as refused:
            deployer.baseline(connection, ID, "<p>It left.</p>", make.said())
        assert "--part subject=FILE --part plain=FILE" in refused.value.hint
        parts = {"subject": "It left early", "plain": "It left."}
        with pytest.raises(DifferentTextError, match=r"subject of message\.shipped_email"):
            deployer.baseline(connection, ID, "<p>It left.</p>", make.said(), parts=parts)
        assert deployer.baseline(connection, ID, "<p>It left.</p>", make.said(), parts={**parts, "subject": "It left"})


def test_taking_over_again(world, make):
    """What is recorded needs no file any more; a file that differs from it is told all the same."""
    world.resources = [make.event(), make.text(), make.journey()]
    folder = paste(world, shipped_text__txt=BODY)
    take(world, make, folder)
    state = world.state_file.read_bytes()
    again = take(world, make, folder)
    assert (again.recorded, again.already, again.failed) == ((), (ID,), False)
    (folder / "shipped_text.txt").unlink()
    assert not take(world, make, folder).failed
    paste(world, shipped_text__txt="Another text.")
    assert take(world, make, folder).failed
    assert world.state_file.read_bytes() == state


def test_vendors_and_producers_events_come_with_their_journey(world, make):
    """The event that a running journey hangs on is recorded without sending, whoever sends it."""
    world.resources = [
        make.event(app="loyalty", owner="crm"),
        make.event("scanned", {"Order Id": "1"}, registered_by="producer"),
        make.text(),
        make.journey(),
    ]
    taken = take(world, make, paste(world, shipped_text__txt=BODY))
    assert taken.recorded == (ID, "event_type.order_shipped")
    assert {change.address for change in world.plan().changes} == {"event_type.scanned"}


def test_only_some_addresses(world, make):
    """Addresses narrow it to themselves; one that isn't declared is an error."""
    world.resources = [make.event(), make.text(), make.journey("first"), make.journey("second")]
    folder = paste(world, shipped_text__txt=BODY)
    assert take(world, make, folder, "journey.second").recorded == ("journey.second", "event_type.order_shipped")
    with pytest.raises(ConfirmError, match="isn't declared"):
        take(world, make, folder, "journey.third")


def test_a_message_of_a_journey_that_is_not_recorded(world, make):
    """A text can't stand in a journey that nobody recorded as built."""
    world.resources = [make.event(), make.text(), make.journey()]
    with world.connect() as connection, pytest.raises(ConfirmError, match="isn't recorded as built") as refused:
        deployer.baseline(connection, "message.shipped_text", BODY, make.said())
    assert "deployer baseline journey.order_shipped --all DIR" in refused.value.hint


@pytest.mark.parametrize(
    ("status", "standing", "asked"),
    [
        ("active", "", []),
        ("active", "off", ["turn_on", "verify"]),
        ("active", "draft", ["turn_on", "verify"]),
        ("inactive", "", []),
        ("inactive", "on", ["turn_off"]),
        ("draft", "", []),
        ("draft", "on", ["turn_off"]),
        ("draft", "off", []),
    ],
)
def test_what_it_is_there_and_what_it_shall_be(world, make, status, standing, asked):
    """Whether a journey runs at Attentive may be said; the plan leads from there to what is declared."""
    world.resources = [make.event(), make.text(), make.journey(status=status)]
    with world.connect() as connection:
        deployer.baseline(connection, "event_type.order_shipped", None, make.said())
        assert deployer.baseline(connection, ID, BODY, make.said(), standing=standing)
        plan = deployer.plan(connection)
    tasks = [task.id.partition("/")[2] for change in plan.changes for task in tasks_of(change)]
    assert [task for task in tasks if not task.startswith("review")] == asked


def test_one_that_is_off_is_turned_on_without_building(world, make):
    """What was taken over as turned off has its parts, so that only turning on is left."""
    world.resources = [make.event(), make.text(), make.journey(status="inactive")]
    with world.connect() as connection:
        deployer.baseline(connection, "event_type.order_shipped", None, make.said())
        deployer.baseline(connection, ID, BODY, make.said())
    world.put(make.journey())
    [change] = world.plan().changes
    assert [task.id for task in change.tasks] == [f"{ID}/turn_on", f"{ID}/verify"]


def see(world, make, address, what):
    """Record what somebody saw."""
    with world.connect() as connection:
        return deployer.record_live(connection, address, what, make.said())


@pytest.mark.parametrize("address", ["message.shipped_text", f"{ID}/send.text"])
def test_a_hot_fix_is_seen_and_taken_back(running, make, address):
    """A text that somebody changed at Attentive becomes what is live; the next plan leads back to the YAML."""
    observed = see(running, make, address, Sighting("Hot fix.\r\n"))
    assert observed.recorded == (f"{ID}/send.text", f"{ID}/review.text")
    assert observed.texts == ("message.shipped_text",)
    [change] = running.plan().changes
    assert [task.id.partition("/")[2] for task in change.tasks] == ["send.text", "review.text", "turn_on", "verify"]
    [text] = [one for one in change.fields if one.path == "send.text.text"]
    assert (text.old, text.new, text.provenance) == ("Hot fix.", BODY, Provenance.OBSERVED)
    running.settle()
    assert running.plan().empty
    assert running.plan().waiting == ()


def test_a_hot_fix_is_taken_into_the_yaml(running, make):
    """Once the YAML says the same, only the proof on a phone is left."""
    see(running, make, "message.shipped_text", Sighting("Hot fix."))
    running.put(make.text(body="Hot fix."))
    [change] = running.plan().changes
    assert [task.id for task in change.tasks] == [f"{ID}/verify"]


def test_seen_as_it_is_recorded(running, make):
    """What is recorded so already changes nothing."""
    before = running.state_file.read_bytes()
    observed = see(running, make, "message.shipped_text", Sighting(BODY))
    assert (observed.recorded, observed.differs) == ((), ())
    assert running.state_file.read_bytes() == before


def test_a_wait_that_somebody_changed(world, make):
    """What has no text is told as it is recorded, and must have its shape."""
    world.resources = [
        make.event(),
        make.text(),
        make.journey(steps=[make.send("text", "shipped_text"), make.wait("w")]),
    ]
    world.settle()
    with pytest.raises(ConfirmError, match="can't be the value"):
        see(world, make, f"{ID}/wait.w", Sighting("3 days"))
    see(world, make, f"{ID}/wait.w", Sighting({"for": "3 days"}))
    [change] = world.plan().changes
    assert [(one.old, one.new) for one in change.fields if one.path == "wait.w.for"] == [("3 days", "2 days")]


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("webhook.receipts", "through Attentive's API"),
        ("segment.testers", "through Attentive's API"),
        ("custom_attribute.tier", "through Attentive's API"),
        ("message.shiped_text", "isn't declared"),
        (f"{ID}/send.txt", "nothing of"),
        (f"{ID}/create", "can't be the value"),
    ],
)
def test_what_cannot_be_told(running, make, address, words):
    """What the API shows is read; what isn't declared or recorded is pointed at."""
    with pytest.raises(ConfirmError, match=words):
        see(running, make, address, Sighting("x"))


def test_what_was_never_recorded(world, make):
    """Nothing recorded means that nothing can have been changed since."""
    world.resources = [make.event(), make.text(), make.journey()]
    with pytest.raises(ConfirmError, match=r"nothing of message\.shipped_text is recorded"):
        see(world, make, "message.shipped_text", Sighting("x"))
    with pytest.raises(ConfirmError, match="is recorded as built"):
        see(world, make, ID, False)


def test_turned_off_and_on_by_hand(running, make):
    """A journey that was turned off is asked to be turned on; turned on again, nothing is left."""
    assert see(running, make, ID, False).recorded
    assert running.plan().changes[0].tasks[0].id == f"{ID}/turn_on"
    assert see(running, make, ID, False).unchanged
    assert see(running, make, ID, True).recorded
    assert running.plan().empty
    assert see(running, make, ID, True).unchanged


def test_turned_on_with_a_draft_is_unclear(running, make):
    """With a draft in the record nobody knows what was turned on."""
    running.put(make.text(body="New words."))
    running.apply()
    running.confirm(f"{ID}/send.text")
    see(running, make, ID, False)
    with pytest.raises(ConfirmError, match="isn't clear"):
        see(running, make, ID, True)


def stop(world, make, address=ID, note="wrong link"):
    """Stop at once."""
    with world.connect() as connection:
        return deployer.stop(connection, address, make.said(note=note))


def lift(world, make, address=ID):
    """Let go of a stop."""
    with world.connect() as connection:
        return deployer.lift(connection, address, make.said())


def test_stopping_asks_at_once_and_holds_the_start(running, make):
    """The clicks are there at once; no plan asks to turn it on, each says the debt."""
    [task] = stop(running, make)
    assert task.task.id == f"{ID}/turn_off"
    assert ("text", "Why it is stopped", "wrong link") in task.instruction.blocks
    assert any("end it for them too" in text for _, text, _ in task.instruction.blocks)
    plan = running.plan()
    assert (plan.empty, [one.id for one in plan.waiting]) == (True, [f"{ID}/turn_off"])
    [note] = [one for one in plan.notes if one.address == ID]
    assert "stopped by ana on 2026-05-10: wrong link" in note.text
    assert "status: inactive" in note.hint
    assert f"deployer stop {ID} --lift" in note.hint
    running.confirm(f"{ID}/turn_off")
    plan = running.plan()
    assert (plan.empty, plan.waiting, len(plan.notes)) == (True, (), 1)


def test_a_stop_ends_when_the_yaml_agrees(running, make):
    """Declared inactive, the next apply lets go of the stop; then nothing is left."""
    stop(running, make)
    running.put(make.journey(status="inactive"))
    [change] = running.plan().changes
    assert [(one.path, one.new) for one in change.fields] == [("stopped", None)]
    assert "1 in the record only" in summary(running.plan())
    running.settle()
    assert running.state().entry(ID).stopped is None
    plan = running.plan()
    assert (plan.empty, plan.notes, plan.waiting) == (True, (), ())


def test_drafts_go_on_while_it_is_stopped(running, make):
    """Edits of the draft are asked as ever; turning on and the proof are not."""
    stop(running, make)
    running.put(make.text(body="The right link."))
    [change] = running.plan().changes
    assert [task.id.partition("/")[2] for task in change.tasks] == ["send.text", "review.text", "turn_off"]
    running.settle()
    assert running.plan().empty
    lift(running, make)
    [change] = running.plan().changes
    assert [task.id.partition("/")[2] for task in change.tasks] == ["turn_on", "verify"]
    running.settle()
    assert running.plan().empty


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_nothing_asks_for_a_start_while_it_is_stopped(worlds, make, data):
    """Whatever people do in whatever order: a stop holds until it is lifted or the YAML agrees; then all settles."""
    world = worlds()
    world.resources = [make.event(), make.text(), make.journey()]
    world.settle()
    steps = {
        "stop": lambda: stop(world, make),
        "lift": lambda: lift(world, make),
        "apply": world.apply,
        "confirm": world.confirm_all,
        "edit": lambda: world.put(make.text(body=f"Words {data.draw(st.integers(0, 3))}.")),
        "hot fix": lambda: see(world, make, "message.shipped_text", Sighting(f"Seen {data.draw(st.integers(0, 3))}.")),
        "off": lambda: see(world, make, ID, False),
        "inactive": lambda: world.put(make.journey(status="inactive")),
        "active": lambda: world.put(make.journey()),
    }
    for name in data.draw(st.lists(st.sampled_from(sorted(steps)), max_size=8)):
        steps[name]()
        plan = world.plan()
        asked = [task.id for change in plan.changes for task in tasks_of(change)] + [task.id for task in plan.waiting]
        if world.state().entry(ID).stopped:
            assert f"{ID}/turn_on" not in asked
            assert f"{ID}/verify" not in asked
    lift(world, make)
    world.settle()
    world.settle()
    plan = world.plan()
    assert (plan.empty, plan.waiting, plan.notes) == (True, (), ())


@given(st.text(max_size=60))
def test_what_copying_adds_does_not_count(text):
    """Line ends of another system, a byte order mark and white space at the end are no difference."""
    declared = composer_text(text)
    copied = "\ufeff" + declared.replace("\n", "\r\n") + " \r\n"
    assert compare("message.x", "text", copied, declared) is None


@pytest.mark.parametrize("character", ["\u00a0", "\u2028", "\u2029", "\u0085", "\u3000", "\u200b"])
def test_a_character_that_is_paid_for_counts_at_the_end_too(character):
    """White space that composer text keeps is a difference: a no-break space makes a text twice as dear."""
    for pasted, declared in ((f"Hi{character}", "Hi"), ("Hi", f"Hi{character}")):
        assert compare("message.x", "text", pasted, declared) is not None


def test_lifting_before_anybody_confirmed_it(running, make):
    """Turning off isn't asked any more; as it may have been done all the same, people look once whether it runs."""
    stop(running, make)
    assert lift(running, make)
    assert running.state().open_tasks() == ()
    [change] = running.plan().changes
    assert [task.id for task in change.tasks] == [f"{ID}/turn_on"]
    assert any("It may run so already" in first for _, first, _ in instruction(change.tasks[0]).blocks)
    running.apply()
    assert running.plan().empty
    assert [task.id for task in running.plan().waiting] == [f"{ID}/turn_on"]
    running.confirm(f"{ID}/turn_on")
    plan = running.plan()
    assert (plan.empty, plan.waiting, plan.notes) == (True, (), ())
    assert not lift(running, make)


def test_stopping_twice_is_stopping_once(running, make):
    """The first stop keeps its reason; the clicks are the same."""
    first = stop(running, make)
    before = running.state_file.read_bytes()
    assert stop(running, make, note="again") == first
    assert running.state_file.read_bytes() == before


def test_stopping_what_is_not_on_yet(world, make):
    """A journey that is being built isn't turned on any more, though there is nothing to turn off."""
    world.resources = [make.event(), make.text(), make.journey()]
    world.apply()
    assert stop(world, make) == ()
    tasks = {task.id.partition("/")[2] for task in world.state().open_tasks()}
    assert tasks == {"create", "send.text", "review.text"}
    assert not any(task.id.endswith("turn_on") for change in world.plan().changes for task in tasks_of(change))


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("journey.order_shiped", "neither declared nor recorded"),
        ("event_type.order_shipped", "can't be stopped"),
        ("webhook.receipts", "neither"),
    ],
)
def test_what_cannot_be_stopped(running, make, address, words):
    """Only what runs by itself can be stopped; the rest is pointed at."""
    with pytest.raises(ConfirmError, match=words):
        stop(running, make, address)


def test_one_that_is_no_longer_declared_can_be_stopped(running, make):
    """The record is enough to turn something off."""
    running.resources = [make.event(), make.text()]
    [task] = stop(running, make)
    assert task.task.id == f"{ID}/turn_off"
    running.settle(prune=True)
    assert ID not in running.state().entries


def test_a_stop_shows_in_the_checklist(running, make):
    """`status` says who stopped what, and why."""
    stop(running, make)
    with running.connect() as connection:
        steps = deployer.launch(connection).steps
    assert any("stopped by ana" in reason for reason in steps[3].reasons)


def test_renaming_keeps_texts_and_confirmations(running, make):
    """A journey and its message under new ids keep their record; the entries may stay and do nothing more."""
    before = running.state().entry(ID)
    running.resources = [
        make.event(),
        make.text("gone_text"),
        make.journey("gone", steps=[make.send("text", "gone_text")]),
    ]
    running.resources[2]["name"] = "Order shipped"
    running.settings["moved"] = [
        {"from": ID, "to": "journey.gone"},
        {"from": "message.shipped_text", "to": "message.gone_text"},
    ]
    assert make.changes(running.plan()) == [("move", "journey.gone")]
    running.settle()
    after = running.state().entry("journey.gone")
    assert (after.live, after.confirmations) == (before.live, before.confirmations)
    assert running.plan().empty
    assert running.plan().waiting == ()


def test_a_chain_of_moves_in_any_order(world, make):
    """Two renames in a row lead to the last address in one plan, however they are written."""
    world.resources = [make.segment("a")]
    world.settle()
    world.resources = [{**make.segment("c"), "name": "A", "external_id": "northwind_a"}]
    world.settings["moved"] = [
        {"from": "segment.b", "to": "segment.c"},
        {"from": "segment.a", "to": "segment.b"},
    ]
    world.settle()
    assert list(world.state().entries) == ["segment.c"]
    assert world.plan().empty


def test_what_depends_on_a_moved_one_follows(world, make):
    """A journey that uses a segment keeps it from being removed, also after the segment's id changed."""
    branch = {"cases": [{"when": {"segment": "testers"}, "steps": [make.send("t", "shipped_text")]}], "else": []}
    world.resources = [
        make.event(),
        make.text(),
        make.segment(),
        make.journey(steps=[{"id": "who", "branch": branch}]),
    ]
    world.settle()
    branch["cases"][0]["when"]["segment"] = "people"
    world.resources[2] = {**make.segment("people"), "name": "Testers", "external_id": "northwind_testers"}
    world.settings["moved"] = [{"from": "segment.testers", "to": "segment.people"}]
    world.settle()
    assert "segment.people" in world.state().entry(ID).depends_on
    assert "segment.testers" not in world.state().entry(ID).depends_on


def test_forgetting_leaves_nothing_to_do(running, make):
    """What is let go of stays at Attentive; the entry may stay and does nothing more."""
    running.resources = [make.event(), make.text()]
    running.settings["forget"] = [ID]
    running.settle()
    assert running.plan().empty
    assert running.plan().notes == ()


def test_adopting_another_one_than_recorded(world, make):
    """An adopt entry that names another object that exists is blocked, with both ids."""
    world.resources = [make.webhook()]
    world.settle()
    with world.connect() as connection:
        other = connection.session.client("orders").create_webhook("https://others.example/", ["sms.sent"]).id
    recorded = world.state().entry("webhook.receipts").id
    world.production["adopt"] = {"webhook.receipts": {"id": other}}
    [change] = world.plan().changes
    assert change.action is Action.ADOPT
    assert recorded in change.blocked
    assert other in change.blocked
    assert world.apply().failed


def test_an_adopt_entry_that_leads_nowhere_is_said(world, make):
    """What was adopted, went, and was made again: the old entry is harmless, and a note says so."""
    world.resources = [make.webhook()]
    world.settle()
    world.production["adopt"] = {"webhook.receipts": {"id": "gone"}}
    plan = world.plan()
    assert plan.empty
    assert "names gone" in plan.notes[0].text


def test_an_archived_segment_declared_again(world, make):
    """Attentive keeps its external id: the plan blocks it, with the reason and two ways."""
    world.resources = [make.segment(), make.webhook()]
    world.settle()
    world.drop("Segment", "testers")
    world.settle(prune=True)
    world.put(make.segment())
    [outcome] = world.apply().outcomes
    assert outcome.status is Status.BLOCKED
    assert "was archived on" in outcome.message
    assert "adopt: {segment.testers: {id: northwind_testers}}" in outcome.message


def test_a_record_of_another_company_is_refused(world, make):
    """A record belongs to one account: nothing is read or written where the environment names another."""
    world.resources = [make.segment()]
    world.settle()
    world.production["company_id"] = "another"
    world.account.ensure_app(SandboxApp("orders", "Northwind Orders", world.environ["ORDERS_KEY"]))
    sent = len(world.requests)
    with pytest.raises(GuardError, match="is of the company") as refused:
        world.plan()
    assert refused.value.code == "wrong-company"
    assert len(world.requests) == sent
