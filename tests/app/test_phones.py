"""Journeys in the sandbox: what is confirmed is what runs, for the account's people, on its clock."""

from __future__ import annotations

import json
import shutil
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import deployer
from deployer import simulation as sim
from deployer.app.phones import Phones, Player, confirmed_program
from deployer.app.sandbox_account import open_sandbox
from deployer.engine.confirm import Statement
from deployer.kinds.event_type import EventType, samples_of
from deployer.sandbox import Request

NORTHWIND = Path(__file__).resolve().parents[2] / "examples" / "northwind"
PHONE = "+12065550100"
SETTINGS = """\
version: 1
project: fern
brand: {name: Fern}
time_zone: America/New_York
apps: {shop: {description: The shop.}}
environments: {sandbox: {target: sandbox}}
"""
RESOURCES = """\
kind: EventType
id: shipped
name: Parcel Shipped
app: shop
properties:
  number: {type: string, minLength: 1}
samples: {happy: {number: "17"}}
---
kind: Message
id: shipped_text
channel: text
event: shipped
body: Parcel {{triggerEvent.custom['number']}} left.
---
kind: Message
id: later_text
channel: text
event: shipped
body: Is {{triggerEvent.custom['number']}} there?
---
kind: Journey
id: shipped
name: Parcel shipped
category: transactional
trigger: shipped
opt_in: [checkout]
re_entry: {cooldown: none}
steps:
  - {id: text, send_text: {message: shipped_text, quiet_hours: ignore, smart_sending: ignore}}
  - {id: pause, wait: {for: 3 days}}
  - {id: later, send_text: {message: later_text, quiet_hours: ignore, smart_sending: ignore}}
status: active
---
kind: OptInSource
id: checkout
channel: text
subscription_type: transactional
placement: checkout
consent: {control: checkbox, disclosure: {file: legal.txt}}
screenshot: checkout.png
sign_up_source_id: "1001"
"""
LEGAL = "We text you about your order. Msg & data rates may apply. Reply HELP for help and STOP to cancel.\n"


class Shop:
    """A project with its sandbox: apply, confirm, send, and play."""

    def __init__(self, folder):
        self.folder = folder

    @contextmanager
    def connect(self):
        """Connect to the sandbox."""
        with deployer.connect(deployer.load(self.folder)) as connection:
            yield connection

    def apply(self):
        """Apply what is declared."""
        with self.connect() as connection:
            assert not deployer.apply(connection, deployer.plan(connection)).failed

    def confirm(self, *only):
        """Confirm every task that waits, or those with these ids."""
        with self.connect() as connection:
            waiting = [one.task for one in deployer.tasks(connection.state()) if one.task.confirmable]
            tokens = [one.token for one in waiting if not only or one.id in only]
            said = Statement("done", "ana", datetime.now(UTC).isoformat(timespec="seconds"))
            deployer.confirm(connection.backend, connection.environment.name, tokens, said)

    def edit(self, before, after):
        """Change what is declared."""
        file = self.folder / "resources.yaml"
        text = file.read_text()
        assert before in text
        file.write_text(text.replace(before, after))

    @contextmanager
    def stage(self):
        """The account with who plays its journeys."""
        with self.connect() as connection, open_sandbox(connection.project) as sandbox:
            sandbox.go(1)
            yield Stage(
                sandbox, Player(sandbox.stage(), lambda: confirmed_program(connection.project, connection.backend))
            )


class Stage:
    """A sandbox that is played round by round."""

    def __init__(self, sandbox, player):
        self.sandbox, self.player = sandbox, player

    def post(self, path, body, key="sandbox-shop", method="POST"):
        """Call the sandbox as a service does."""
        headers = {"authorization": f"Bearer {key}", "content-type": "application/json"}
        answer = self.sandbox.handle(Request(method, path, "", headers, json.dumps(body).encode()))
        assert answer.status in {200, 202}, answer

    def subscribe(self):
        """Subscribe the phone."""
        self.post("/v1/subscriptions", {"user": {"phone": PHONE}, "signUpSourceId": "1001"})

    def send(self, number="17", **more):
        """Send the event, and play what follows at once."""
        body = {"type": "Parcel Shipped", "user": {"phone": PHONE}, "properties": {"number": number}, **more}
        self.post("/v1/events/custom", body)
        self.player.round()

    def skip(self):
        """Play what is due next."""
        self.sandbox.pace.skip_to(self.player.next_due())
        self.player.round()

    def texts(self):
        """The texts of journeys on the phone."""
        messages = [one for person in self.sandbox.overview()["people"] for one in person["messages"]]
        return [one["parts"]["body"] for one in messages if one.get("reason") == "journey"]

    def traces(self, event=0):
        """What followed from the newest event, or an older one."""
        return [(one["what"], one["words"]) for one in self.sandbox.overview()["events"][event]["traces"]]


@pytest.fixture
def shop(tmp_path):
    """A small shop, applied, of which nothing is confirmed."""
    folder = tmp_path / "fern"
    folder.mkdir()
    (folder / "deployer.yaml").write_text(SETTINGS)
    (folder / "resources.yaml").write_text(RESOURCES)
    (folder / "legal.txt").write_text(LEGAL)
    (folder / "checkout.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    made = Shop(folder)
    made.apply()
    return made


@pytest.fixture
def launched(shop):
    """The same with everything confirmed."""
    shop.confirm()
    return shop


def test_nothing_runs_before_it_is_confirmed(shop):
    """If a journey isn't confirmed, its event starts nothing, and the page says so."""
    with shop.stage() as stage:
        stage.subscribe()
        stage.send()
        assert stage.texts() == []
        assert stage.traces() == [("not_entered", "no journey has this event as its trigger")]


def test_a_confirmed_journey_sends_its_texts(launched):
    """If a journey is confirmed, its event sends the first text at once, and the next one after its wait."""
    with launched.stage() as stage:
        stage.subscribe()
        stage.send("54321")
        assert stage.texts() == ["Fern: Parcel 54321 left."]
        assert stage.sandbox.overview()["events"][0]["under_way"] == ["shipped"]
        before = stage.sandbox.pace.now()
        stage.skip()
        assert stage.texts() == ["Fern: Parcel 54321 left.", "Fern: Is 54321 there?"]
        assert timedelta(days=2) < stage.sandbox.pace.now() - before < timedelta(days=4)
        assert stage.sandbox.overview()["events"][0]["under_way"] == []


def test_an_unconfirmed_text_is_not_the_one_that_is_sent(launched):
    """If a text changed in the YAML, the confirmed one is sent until the change and its turn-on are confirmed."""
    launched.edit("left.", "is on its way.")
    launched.apply()
    with launched.stage() as stage:
        stage.subscribe()
        stage.send()
        launched.confirm("journey.shipped/send.text", "journey.shipped/review.text")
        stage.send()
        assert stage.texts() == ["Fern: Parcel 17 left."] * 2
        launched.confirm()
        stage.send()
        assert stage.texts()[-1] == "Fern: Parcel 17 is on its way."


def test_who_is_on_the_way_stays_in_the_former_version(launched):
    """If a journey is turned on again with another text, who waits in it gets the text of the version they entered."""
    with launched.stage() as stage:
        stage.subscribe()
        stage.send()
        launched.edit("Is {{", "Did you get {{")
        launched.apply()
        launched.confirm()
        stage.send("18")
        stage.skip()
        stage.skip()
        assert stage.texts()[2:] == ["Fern: Is 17 there?", "Fern: Did you get 18 there?"]


def test_eligibility_is_that_of_the_account(launched):
    """No one gets a text without an opt-in or after STOP, also where STOP comes in the middle of a journey."""
    with launched.stage() as stage:
        stage.send()
        assert stage.traces() == [("not_entered", "the subscriber isn't subscribed to transactional texts")]
        stage.subscribe()
        stage.send()
        stage.sandbox.reply(PHONE, "STOP")
        stage.skip()
        assert stage.texts() == ["Fern: Parcel 17 left."]
        assert stage.traces()[-2:] == [
            ("not_sent", "the subscriber isn't subscribed to transactional texts"),
            ("ended", ""),
        ]
        stage.sandbox.reply(PHONE, "START")
        stage.send()
        assert len(stage.texts()) == 2


def test_an_old_event_starts_nothing(launched):
    """An event that happened thirteen hours ago starts no journey, one of eleven hours does, at any pace."""
    with launched.stage() as stage:
        stage.subscribe()
        stage.sandbox.pace.skip_to(stage.sandbox.pace.now() + timedelta(days=9))
        for hours in (13, 11):
            then = (datetime.now(UTC) - timedelta(hours=hours)).isoformat()
            stage.send(occurredAt=then)
        assert len(stage.texts()) == 1
        assert stage.traces(1)[0][0] == "not_entered"


def test_a_restart_forgets_no_one(launched):
    """If the sandbox is started again, who was waiting goes on, once, and what was sent isn't sent again."""
    with launched.stage() as stage:
        stage.subscribe()
        stage.send()
        assert len(stage.texts()) == 1
    with launched.stage() as stage:
        stage.player.resume()
        stage.player.round()
        assert stage.texts() == ["Fern: Parcel 17 left."]
        stage.skip()
        assert stage.texts() == ["Fern: Parcel 17 left.", "Fern: Is 17 there?"]
        assert [what for what, _ in stage.traces()] == ["entered", "sent", "waits", "sent", "ended"]
    with launched.stage() as stage:
        stage.player.resume()
        assert stage.player.next_due() is None
        assert len(stage.texts()) == 2


def test_who_opted_out_while_it_was_off_is_still_on_the_way(launched):
    """If a person opts out between two runs, their journey goes on to its end, and sends nothing more."""
    with launched.stage() as stage:
        stage.subscribe()
        stage.send()
    with launched.stage() as stage:
        stage.sandbox.reply(PHONE, "STOP")
        stage.player.resume()
        stage.skip()
        assert [what for what, _ in stage.traces()] == ["entered", "sent", "waits", "not_sent", "ended"]
        assert stage.sandbox.overview()["events"][0]["under_way"] == []


def test_an_event_that_came_while_it_was_off_is_played(launched):
    """An event that was sent while the sandbox was off is played once it is served, once by two processes."""
    with launched.stage() as stage, launched.stage() as other:
        stage.subscribe()
        stage.post(
            "/v1/events/custom", {"type": "Parcel Shipped", "user": {"phone": PHONE}, "properties": {"number": "1"}}
        )
        stage.player.round()
        other.player.round()
        assert stage.texts() == ["Fern: Parcel 1 left."]


def test_what_is_confirmed_does_what_is_declared(tmp_path):
    """If everything is confirmed, each event of the example has the same timeline as by its YAML."""
    folder = Path(shutil.copytree(NORTHWIND, tmp_path / "shop", ignore=shutil.ignore_patterns(".deployer")))
    shop = Shop(folder)
    shop.apply()
    shop.confirm()
    with shop.connect() as connection:
        project = connection.project
        declared, built = sim.program(project), confirmed_program(project, connection.backend)
        compared = 0
        for event in project.all(EventType):
            for sample in samples_of(event, project):
                for words, categories in sim.SUBSCRIBED.items():
                    subscribed = sim.subscriptions({"text": list(categories), "email": list(categories)})
                    person = sim.Subscriber(PHONE, "a@b.example", subscribed)
                    at = datetime(2026, 5, 10, 15, tzinfo=UTC)
                    ours = sim.simulate(declared, person, [sim.Event(at, event.id, sample.data)])
                    theirs = sim.simulate(built, person, [sim.Event(at, event.name, sample.data)])
                    assert plain(ours) == plain(theirs), (event.id, sample.name, words)
                    compared += len(list(ours.sent))
        assert compared > 50


def plain(timeline):
    """A timeline without the ids of messages and events, which are others in what is confirmed.

    A journey that is declared inactive is none at all there.
    """
    return [
        (
            type(one).__name__,
            one.at,
            one.journey,
            getattr(one, "step", ""),
            one.because.reason,
            getattr(one, "reads", ""),
        )
        for one in timeline.entries
        if one.because.reason not in {sim.Reason.INACTIVE, sim.Reason.NO_JOURNEY}
    ]


def test_a_state_that_cannot_be_read_is_said_and_tried_again(launched):
    """If the state is damaged, the page says so, and the event is played once it can be read again."""
    state = launched.folder / ".deployer" / "state" / "sandbox.json"
    good = state.read_text()
    with launched.stage() as stage:
        phones = Phones(stage.sandbox, stage.player)
        stage.subscribe()
        body = {"type": "Parcel Shipped", "user": {"phone": PHONE}, "properties": {"number": "5"}}
        stage.post("/v1/events/custom", body)
        state.write_text("{")
        assert not phones._tried("journeys", stage.player.round)
        assert "sandbox.json" in phones.overview()["troubles"]["journeys"]
        assert stage.texts() == []
        state.write_text(good)
        assert phones._tried("journeys", stage.player.round)
        assert phones.overview()["troubles"] == {}
        assert stage.texts() == ["Fern: Parcel 5 left."]


def test_a_branch_on_a_segment_looks_at_its_members(shop):
    """Who was put into a segment over the API takes its lane, and no longer once taken out of it."""
    shop.edit(
        "  - {id: later, send_text: {message: later_text, quiet_hours: ignore, smart_sending: ignore}}",
        "  - id: who\n    branch:\n      cases:\n        - when: {segment: gold}\n          steps:\n"
        "            - {id: later, send_text: {message: later_text, quiet_hours: ignore, smart_sending: ignore}}\n"
        "      else: []",
    )
    shop.edit(
        "kind: OptInSource", "kind: Segment\nid: gold\nname: Gold people\nexternal_id: gold\n---\nkind: OptInSource"
    )
    settings = shop.folder / "deployer.yaml"
    settings.write_text(f"{SETTINGS}assumptions: {{transactional_only_in_segments: as_listed}}\n")
    shop.apply()
    shop.confirm()
    with shop.stage() as stage:
        stage.subscribe()
        members = {"externalId": "gold", "members": [{"phone": PHONE}]}
        stage.post("/v2/bulk/segments/members", members)
        stage.send("1")
        stage.skip()
        assert stage.texts() == ["Fern: Parcel 1 left.", "Fern: Is 1 there?"]
        assert ("branches", "segment Gold people: the subscriber is in the segment Gold people") in stage.traces()
        stage.post("/v2/bulk/segments/members", members, method="DELETE")
        stage.send("2")
        stage.skip()
        assert stage.texts()[2:] == ["Fern: Parcel 2 left."]


def test_a_webhook_of_a_variable_is_posted_to_on_this_machine(shop, monkeypatch):
    """A webhook whose URL is a variable's may be http on this machine in a sandbox, as one that is written may."""
    monkeypatch.setenv("HOOK_URL", "http://127.0.0.1:9/hook")
    webhook = "kind: Webhook\nid: hook\napp: shop\nurl: {env: HOOK_URL}\nevents: [sms.sent]\nstatus: enabled\n---\n"
    shop.edit("kind: OptInSource", f"{webhook}kind: OptInSource")
    shop.apply()
    with shop.stage() as stage:
        assert [one["url"] for one in stage.sandbox.account()["webhooks"]] == ["http://127.0.0.1:9/hook"]
