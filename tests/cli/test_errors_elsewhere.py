"""A part of a project can be looked at while another part has errors, which are named, and only then."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from deployer.kinds.message import Message
from deployer.workspace.answers import VARIABLE
from deployer.workspace.loading import load

NORTHWIND = Path(__file__).resolve().parents[2] / "examples" / "northwind"
UNFINISHED = """\
kind: Message
id: unfinished_text
channel: text
event: order_shipped
body: Order {{triggerEvent.custom['nothing']}} [[ nothing(
---
kind: Journey
id: unfinished
name: Unfinished
category: transactional
trigger: tier_changed
opt_in: [checkout]
re_entry: {cooldown: none}
steps: [{id: text, send_text: {message: unfinished_text, quiet_hours: respect, smart_sending: ignore, colour: red}}]
status: active
"""
MORNING = ("--at", "2026-05-10 09:00")


@pytest.fixture
def northwind(tmp_path):
    """A copy of the example project."""
    return Path(shutil.copytree(NORTHWIND, tmp_path / "northwind"))


def edit(project: Path, path: str, old: str, new: str) -> None:
    """Replace words in a file of the project."""
    text = (project / path).read_text()
    assert old in text
    (project / path).write_text(text.replace(old, new, 1))


def test_every_message_and_event_is_shown_as_without_the_errors(deployer, northwind):
    """Whatever doesn't use what is wrong gives the same bytes as in the project without it, and names the errors."""
    names = [message.id for message in load(northwind).project().all(Message)]
    asked = [("render", name, "--sample", "all") for name in names]
    asked += [("simulate", "event_type.order_shipped", *MORNING), ("simulate", "journey.order_delivered", *MORNING)]
    asked += [("test", "tests/parcels.yaml")]
    sound = [deployer(*words, "--project", northwind) for words in asked]
    (northwind / "messages/unfinished.yaml").write_text(UNFINISHED)
    for words, before in zip(asked, sound, strict=True):
        done = deployer(*words, "--project", northwind)
        assert (done.code, done.out) == (before.code, before.out)
        assert done.code == 0
        assert "elsewhere (journey.unfinished, message.unfinished_text); `deployer validate` shows" in done.err
        assert done.err.replace(before.err, "").count("\n") == 1


@pytest.mark.parametrize(
    "words",
    [
        ("render", "unfinished_text"),
        ("render",),
        ("render", "nowhere"),
        ("simulate", "journey.unfinished"),
        ("simulate", "event_type.tier_changed"),
        ("simulate", "nowhere"),
        ("test",),
        ("test", "tests/parcels.yaml", "--coverage"),
    ],
)
def test_what_uses_an_error_is_refused(deployer, northwind, words):
    """What is wrong itself, what is everything, and what may be in what can't be read, is refused with the errors."""
    (northwind / "messages/unfinished.yaml").write_text(UNFINISHED)
    done = deployer(*words, "--project", northwind)
    assert done.code == 1
    assert "messages/unfinished.yaml:" in done.err
    assert not done.out


def test_errors_on_the_way_refuse(deployer, northwind):
    """An error in the event, in a property that this uses, or in an opt-in source of a journey is in the way."""
    edit(northwind, "events/order_shipped.yaml", "app: orders", "app: nowhere")
    refused = deployer("render", "order_shipped_text", "--project", northwind)
    assert (refused.code, "events/order_shipped.yaml" in refused.err) == (1, True)
    assert deployer("render", "pickup_ready_text", "--project", northwind).code == 0
    edit(northwind, "events/order_shipped.yaml", "app: nowhere", "app: orders")
    edit(northwind, "opt-in/checkout.yaml", "legal/checkout.txt", "legal/nowhere.txt")
    assert deployer("render", "order_shipped_text", "--project", northwind).code == 0
    assert deployer("simulate", "order_shipped", "--project", northwind).code == 1


def test_a_macro_file_is_in_the_way_of_all_that_use_it(deployer, northwind):
    """A mistake in a macro file is reported with one message, and refuses every other one that uses the file."""
    edit(northwind, "macros/links.jinja", "[% endmacro %]", "{{ } [% endmacro %]")
    project = load(northwind).linked().project
    messages = project.all(Message)
    texts = {each.id: "".join(project.author_text(each, part) for part in each.parts) for each in messages}
    uses = {name: "track(" in text or "support(" in text for name, text in texts.items()}
    for name, used in uses.items():
        done = deployer("render", name, "--project", northwind)
        assert done.code == (1 if used else 0), name
    assert 0 < sum(uses.values()) < len(uses)


def test_settings_are_in_the_way_of_everything(deployer, northwind):
    """Everything depends on the settings, so an error in them refuses."""
    edit(northwind, "deployer.yaml", "version: 1", "version: 1\nnothing: 1")
    assert deployer("render", "order_shipped_text", "--project", northwind).code == 1


def test_an_unreadable_file_is_in_the_way_of_what_may_be_in_it(deployer, northwind):
    """A message whose file is read is shown; an event may start journeys of the file that isn't, so that it is not."""
    (northwind / "journeys/more.yaml").write_text("kind: Journey\nid: more\nname: [\n")
    assert deployer("render", "order_shipped_text", "--project", northwind).code == 0
    assert deployer("simulate", "journey.order_shipped", "--project", northwind).code == 0
    assert deployer("simulate", "event_type.order_shipped", "--project", northwind).code == 1


def test_a_journey_with_a_mistyped_trigger_is_in_the_way_of_events(deployer, northwind):
    """Which event such a journey is meant to start by isn't known, so that no event is shown without it."""
    edit(northwind, "journeys/order_shipped.yaml", "trigger: order_shipped", "trigger: order_shiped")
    assert deployer("simulate", "event_type.order_shipped", "--project", northwind).code == 1
    assert deployer("simulate", "journey.pickup_ready", "--project", northwind).code == 0


def test_the_second_of_two_journeys_of_one_id_is_in_the_way_of_events(deployer, northwind):
    """A journey that was copied and still has its old id may be what an event starts, so that no event is shown."""
    text = (northwind / "journeys/order_shipped.yaml").read_text()
    (northwind / "journeys/new.yaml").write_text(text.replace("trigger: order_shipped", "trigger: pickup_ready"))
    assert deployer("simulate", "event_type.pickup_ready", "--project", northwind).code == 1
    assert deployer("simulate", "journey.pickup_ready", "--project", northwind).code == 0
    assert deployer("render", "order_shipped_text", "--project", northwind).code == 0


def test_no_test_of_a_file_is_passed_over(deployer, northwind):
    """A test that is declared twice, or can't be read, would count as passed if the others of its file were run."""
    sound = (northwind / "tests/parcels.yaml").read_text()
    (northwind / "tests/new.yaml").write_text(sound)
    assert deployer("test", "tests/parcels.yaml", "--project", northwind).code == 1
    (northwind / "tests/new.yaml").write_text(sound.replace("\nid: ", "\nid: new_"))
    assert deployer("test", "tests/new.yaml", "--project", northwind).code == 0
    (northwind / "tests/new.yaml").write_text(sound.replace("\nid: ", "\nid: new_", 1))
    assert deployer("test", "./tests/", "--project", northwind).code == 1
    assert deployer("test", "tests/new.yaml", "--project", northwind).code == 1
    (northwind / "tests/new.yaml").write_text("kind: JourneyTset\nid: [\n")
    assert deployer("test", "tests", "--project", northwind).code == 1


def test_errors_elsewhere_give_the_same_from_what_is_kept(deployer, northwind, tmp_path, monkeypatch):
    """What an earlier run kept of the project with the errors, and of the one without, changes no byte."""
    monkeypatch.setenv(VARIABLE, str(tmp_path / "kept"))
    words = ("render", "order_shipped_text", "--project", northwind)
    sound = deployer(*words)
    (northwind / "messages/unfinished.yaml").write_text(UNFINISHED)
    answers = {deployer(*words, *more) for more in ((), (), ("--no-cache",))}
    assert [(done.code, done.out) for done in answers] == [(0, sound.out)]
    assert deployer(*words, "--quiet").err == ""
