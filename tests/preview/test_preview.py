"""The preview as data: what is shown of each message, what is made again, what stays when something breaks."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import deployer
from deployer.forge.refs import RefError
from deployer.preview.messages import Memo
from deployer.preview.pictures import LIMIT
from deployer.preview.previewer import preview
from tests.commands import git

if TYPE_CHECKING:
    from deployer.preview.message_values import MessageView
    from deployer.preview.values import Preview

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "northwind"
SHIPPED = "message.order_shipped_text"


@pytest.fixture
def northwind(tmp_path: Path) -> Path:
    """A copy of the example that a test may edit."""
    return Path(shutil.copytree(EXAMPLE, tmp_path / "northwind"))


def edit(path: Path, before: str, after: str) -> None:
    """Replace words in a file."""
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after), encoding="utf-8")


def committed(folder: Path) -> None:
    """Put a folder under git with one commit on `main`."""
    git(folder, "init", "-q", "-b", "main")
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "first")


def shown(folder: Path, against: str = "", memo: Memo | None = None) -> Preview:
    """The preview of a folder's sandbox."""
    return preview(deployer.load(folder), None, against, memo)


def message(preview: Preview, address: str = SHIPPED) -> MessageView:
    """One message of a preview."""
    return next(view for view in preview.messages if view.address == address)


def test_runs_tell_who_wrote_what(northwind: Path) -> None:
    """Joined, the runs of a sample are what a phone shows: the brand by Attentive, values by the event."""
    view = message(shown(northwind))
    runs = view.samples[0].parts["body"]
    assert "".join(run.text for run in runs) == (
        "Northwind: Order 54321 is on its way and should arrive May 10. Track it: https://northwind.example/t/54321"
    )
    assert [(run.origin, run.text) for run in runs[:3]] == [
        ("platform", "Northwind: "),
        ("author", "Order "),
        ("data", "54321"),
    ]


def test_macros_tell_where_they_are_written(northwind: Path) -> None:
    """A macro of the YAML has the line there, one that a macro file wrote has the line of that file."""
    used = {macro.name: macro for macro in message(shown(northwind)).macros}
    lines = (northwind / "messages" / "parcels.yaml").read_text(encoding="utf-8").splitlines()
    order = used["triggerEvent.custom['Order Id']"]
    assert (order.spot.file, order.type, order.optional) == ("messages/parcels.yaml", "string", False)
    assert "{{triggerEvent.custom['Order Id']}} is on its way" in lines[order.spot.line - 1]
    assert order.values["happy"] == "54321"
    assert used["triggerEvent.custom['tracking_url']"].spot.file == "macros/links.jinja"


def test_every_sample_is_counted(northwind: Path) -> None:
    """Declared samples come first, made ones are marked, and each text is counted by both rule sets."""
    view = message(shown(northwind))
    assert [(one.name, one.made) for one in view.samples][:3] == [
        ("happy", False),
        ("missing_optional", False),
        ("longest", False),
    ]
    assert all(set(one.counts) == {"attentive", "carrier"} for one in view.samples)
    assert view.segments() == (1, 2)


def test_data_is_json(northwind: Path) -> None:
    """The preview can be written as JSON, and equal projects give equal data."""
    first, second = shown(northwind).data(), shown(northwind).data()
    assert json.loads(json.dumps(first)) == json.loads(json.dumps(second))


def test_nothing_changed_is_rendered_again(northwind: Path) -> None:
    """A second look at the same files renders nothing and shows the same."""
    memo = Memo()
    before = shown(northwind, memo=memo)
    assert len(memo.rendered) == len(before.messages)
    assert shown(northwind, memo=memo) == before
    assert memo.rendered == []


@pytest.mark.parametrize(
    ("path", "before", "after", "again"),
    [
        ("macros/links.jinja", "Track it:", "Follow it:", None),
        ("emails/delivered.txt", "Hello", "Hi", {"message.delivered_email"}),
        (
            "events/order_confirmed.yaml",
            "$84.50",
            "$84.00",
            {"message.order_confirmed_text", "message.order_confirmed_email"},
        ),
        ("messages/parcels.yaml", "comes today, {{", "is coming, {{", {"message.out_for_delivery_short"}),
        ("messages/parcels.yaml", "description: Goes out", "description: It goes out", {SHIPPED}),
        ("properties/orders.yaml", "maxLength: 12", "maxLength: 13", None),
        ("journeys/order_shipped.yaml", "name: Order shipped", "name: Shipped", set()),
        ("README.md", "Northwind", "Southwind", set()),
    ],
)
def test_only_what_changed_is_rendered_again(
    northwind: Path, path: str, before: str, after: str, again: set[str] | None
) -> None:
    """What is shown is what a fresh look shows; only messages that depend on the edited file are made anew."""
    memo = Memo()
    shown(northwind, memo=memo)
    text = (northwind / path).read_text(encoding="utf-8")
    (northwind / path).write_text(text.replace(before, after, 1), encoding="utf-8")
    assert shown(northwind, memo=memo) == shown(northwind)
    assert again is None or set(memo.rendered) == again


def test_a_macro_file_makes_only_those_anew_that_read_it(northwind: Path) -> None:
    """An include concerns the messages that include it; those without any Jinja aren't touched by a macro file."""
    (northwind / "parts").mkdir()
    (northwind / "parts" / "sign.txt").write_text("Yours, the shop.", encoding="utf-8")
    edit(northwind / "emails" / "delivered.txt", "[[ brand.address ]]", '[% include "parts/sign.txt" %]')
    memo = Memo()
    shown(northwind, memo=memo)
    (northwind / "parts" / "sign.txt").write_text("Yours, the new shop.", encoding="utf-8")
    fresh = shown(northwind, memo=memo)
    assert memo.rendered == ["message.delivered_email"]
    plain = message(fresh, "message.delivered_email").samples[0].parts["plain"]
    assert "the new shop" in "".join(run.text for run in plain)
    edit(northwind / "macros" / "links.jinja", "Track it:", "Follow it:")
    shown(northwind, memo=memo)
    assert SHIPPED in memo.rendered
    assert "message.pickup_ready_text" not in memo.rendered


def test_a_move_down_its_file_is_no_change(northwind: Path) -> None:
    """Lines that something above it took make no message anew, and still the places are right."""
    memo = Memo()
    shown(northwind, memo=memo)
    path = northwind / "messages" / "parcels.yaml"
    edit(
        path,
        "description: Goes out with a photo of the packed parcel.",
        "description: |\n  Goes out\n  with\n  a photo.",
    )
    moved = shown(northwind, memo=memo)
    assert memo.rendered == [SHIPPED]
    assert moved == shown(northwind)


def test_problems_stand_with_what_they_are_about(northwind: Path) -> None:
    """A message's problem is with it, a journey's with that, and the rest with the project."""
    edit(northwind / "messages" / "parcels.yaml", "['delivery_date']}}. [[ track", "['delivery_dat']}}. [[ track")
    edit(northwind / "journeys" / "order_shipped.yaml", "opt_in: [checkout]", "opt_in: [chekout]")
    edit(northwind / "segments" / "testers.yaml", "kind: Segment", "kind: Segmnt")
    preview = shown(northwind)
    assert any("delivery_dat" in one.message for one in message(preview).faults)
    journey = next(view for view in preview.journeys if view.id == "order_shipped")
    assert any("chekout" in one.message for one in journey.faults)
    assert any("Segmnt" in one.message for one in preview.faults)
    assert not any("Segmnt" in one.message for view in preview.messages for one in view.faults)


def test_a_mistake_in_a_macro_file_is_with_every_message_that_uses_it(northwind: Path) -> None:
    """Each message that can't be compiled says where, though the rules report the place once."""
    edit(northwind / "macros" / "links.jinja", "[[ prop(key) ]]", "[[ prop(key ]]")
    broken = [view for view in shown(northwind).messages if view.state == "error"]
    assert len(broken) > 1
    assert all(any(one.file == "macros/links.jinja" and one.line == 1 for one in view.faults) for view in broken)


def test_what_breaks_is_shown_as_it_last_was(northwind: Path) -> None:
    """The last good rendering of a broken message stays, as stale, with the problem; others are as they are now."""
    previewer = deployer.Previewer(northwind)
    good = message(previewer.look())
    edit(
        northwind / "messages" / "parcels.yaml",
        '[[ track("tracking_url") ]]\nmedia',
        '[[ trakc("tracking_url") ]]\nmedia',
    )
    stale = message(previewer.look())
    assert (stale.state, stale.samples) == ("stale", good.samples)
    assert stale.faults
    edit(northwind / "messages" / "parcels.yaml", "trakc", "track")
    assert message(previewer.look()) == good


def test_a_message_that_cannot_be_found_stays_too(northwind: Path) -> None:
    """YAML that can't be read hides no message that was there; one that was deleted is gone."""
    previewer = deployer.Previewer(northwind)
    before = previewer.look()
    path = northwind / "messages" / "parcels.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("kind: Message", "kind: [Message", 1), encoding="utf-8")
    hurt = previewer.look()
    assert [view.address for view in hurt.messages] == [view.address for view in before.messages]
    assert message(hurt).state == "stale"
    path.write_text(text, encoding="utf-8")
    assert previewer.look() == before
    path.unlink()
    assert SHIPPED not in [view.address for view in previewer.look().messages]


def test_unreadable_settings_leave_the_last_look(northwind: Path) -> None:
    """A project that can't be read at all is shown as it last was; the first look raises instead."""
    previewer = deployer.Previewer(northwind)
    before = previewer.look()
    edit(northwind / "deployer.yaml", "version: 1", "version: [1")
    hurt = previewer.look()
    assert (hurt.state, hurt.messages) == ("stale", before.messages)
    assert hurt.faults[0].file == "deployer.yaml"
    with pytest.raises(deployer.UsageError):
        deployer.Previewer(EXAMPLE, "nowhere").look()


def test_a_commit_is_compared_with(northwind: Path) -> None:
    """Messages are added, changed, gone or as they were; the words that differ and the segments are told."""
    committed(northwind)
    edit(northwind / "messages" / "parcels.yaml", "is on its way and should arrive", "left and arrives")
    edit(northwind / "messages" / "parcels.yaml", "id: out_for_delivery_short", "id: out_now")
    edit(northwind / "journeys" / "out_for_delivery.yaml", "message: out_for_delivery_short", "message: out_now")
    preview = shown(northwind, "main")
    kinds = {view.id: view.change.kind for view in preview.messages if view.change}
    assert kinds == {"order_shipped_text": "changed", "out_now": "added"}
    change = message(preview).change
    assert change is not None
    assert next(piece.text for piece in change.parts["body"] if piece.op == "new") == "left"
    assert "is on its way" in "".join(run.text for run in change.before["happy"])
    assert change.segments == ((1, 2), (1, 1))
    assert preview.against is not None
    assert [one.id for one in preview.against.gone] == ["out_for_delivery_short"]


def test_a_change_around_the_words_is_told(northwind: Path) -> None:
    """Another sender changes no word of a message, but the message."""
    committed(northwind)
    edit(northwind / "messages" / "delivered.yaml", "from_name: Northwind", "from_name: Northwind Shop")
    change = message(shown(northwind, "main"), "message.delivered_email").change
    assert change is not None
    assert (change.kind, change.note) == ("changed", "The words are the same; changed: the sender.")


def test_a_comparison_that_could_not_run_is_not_no_change(northwind: Path) -> None:
    """Where the commit's project can't be read, or hasn't the environment, every message says so."""
    path = northwind / "deployer.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("version: 1", "version: [1"), encoding="utf-8")
    committed(northwind)
    path.write_text(text, encoding="utf-8")
    changes = [view.change for view in shown(northwind, "main").messages]
    assert {change.kind for change in changes if change} == {"unknown"}
    assert all(change and "can't be read as it was at main" in change.note for change in changes)
    with pytest.raises(RefError):
        shown(northwind, "nowhere")


def test_a_branch_that_moves_is_followed(northwind: Path) -> None:
    """While a folder is shown again and again, the name of the commit may come to stand for another one."""
    committed(northwind)
    previewer = deployer.Previewer(northwind, against="main")
    edit(northwind / "messages" / "parcels.yaml", "is on its way and", "left and")
    assert message(previewer.look()).change is not None
    git(northwind, "commit", "-q", "-a", "-m", "second")
    assert message(previewer.look()).change is None


@pytest.mark.parametrize(
    ("name", "data", "note"),
    [
        ("box.svg", b"<svg/>", "no PNG"),
        ("box.png", b"\x89PNG\r\n\x1a\n" + b"0" * LIMIT, "too large"),
        ("box.jpg", None, "there is no file"),
    ],
)
def test_a_picture_that_cannot_be_shown_says_why(northwind: Path, name: str, data: bytes | None, note: str) -> None:
    """Something else than a picture, one that is too large and one that isn't there are labels with a reason."""
    if data is not None:
        (northwind / name).write_bytes(data)
    edit(northwind / "messages" / "parcels.yaml", "media: { property: mediaUrl }", f"media: {{ file: {name} }}")
    picture = message(shown(northwind)).picture
    assert picture is not None
    assert (picture.label, picture.data) == (name, "")
    assert note in picture.note


def test_a_journey_is_a_tree(northwind: Path) -> None:
    """Steps keep their order, lanes are told in words, and a step names the message that it sends."""
    journeys = {view.id: view for view in shown(northwind).journeys}
    steps = journeys["order_delivered"].steps
    assert [(step.kind, step.message) for step in steps] == [("email", "message.delivered_email"), ("branch", "")]
    assert [lane.name for lane in steps[1].lanes] == ["Subscription type: subscribed to both", "Else"]
    assert [step.title for step in steps[1].lanes[0].steps] == ["Wait 3 days", "Send text"]
    split = journeys["out_for_delivery"].steps[0]
    assert [lane.name for lane in split.lanes] == ["short, 50 %", "detailed, 50 %"]
    sent = message(shown(northwind), "message.review_request").uses
    assert [(use.journey, use.step) for use in sent] == [("journey.order_delivered", "review")]


@pytest.mark.parametrize("events", [True, False])
def test_the_three_lines_make_a_message(northwind: Path, events: bool) -> None:
    """What an empty page tells somebody to write is three lines, and a message once it is written."""
    folders = ["journeys", "messages"] + ([] if events else ["events", "webhooks", "attributes", "segments", "opt-in"])
    for folder in folders:
        shutil.rmtree(northwind / folder)
    starter = shown(northwind).starter
    assert len(starter.text.strip().splitlines()) == 3
    (northwind / starter.file).parent.mkdir(exist_ok=True)
    (northwind / starter.file).write_text(starter.text, encoding="utf-8")
    [view] = shown(northwind).messages
    assert view.state == "ok"
    assert not [one for one in view.faults if one.severity == "error"]


@pytest.mark.parametrize("apps", ["", "apps:\n  larkspur: {managed_by: vendor}\n", "apps:\n  shop: {}\n"])
def test_what_an_empty_page_shows_is_valid(tmp_path: Path, apps: str) -> None:
    """With the lines that the page shows, a project without a message has no error, whatever apps it has."""
    settings = f"version: 1\nproject: tea\nbrand: {{name: Tea}}\nenvironments: {{sandbox: {{target: sandbox}}}}\n{apps}"
    (tmp_path / "deployer.yaml").write_text(settings, encoding="utf-8")
    starter = shown(tmp_path).starter
    (tmp_path / "deployer.yaml").write_text(f"{settings}{starter.settings}\n", encoding="utf-8")
    (tmp_path / starter.file).parent.mkdir()
    (tmp_path / starter.file).write_text(starter.text, encoding="utf-8")
    assert [one.message for one in deployer.load(tmp_path).check() if one.severity == "error"] == []


def others(folder: Path) -> dict[str, tuple[str, list[tuple[str, str, str]]]]:
    """What else changed since the commit, by address."""
    against = shown(folder, "main").against
    assert against is not None
    return {one.address: (one.kind, [(row.path, row.before, row.after) for row in one.rows]) for one in against.changes}


@pytest.mark.parametrize(
    ("path", "before", "after", "address", "row"),
    [
        (
            "journeys/order_shipped.yaml",
            "quiet_hours: respect",
            "quiet_hours: ignore",
            "journey.order_shipped",
            ("steps > text > send_text > quiet_hours", "respect", "ignore"),
        ),
        (
            "journeys/order_shipped.yaml",
            "status: active",
            "status: inactive",
            "journey.order_shipped",
            ("status", "active", "inactive"),
        ),
        (
            "events/order_shipped.yaml",
            "name: Order Shipped",
            "name: Order sent",
            "event_type.order_shipped",
            ("name", "Order Shipped", "Order sent"),
        ),
        ("deployer.yaml", "name: Northwind", "name: Southwind", "brand", ("name", "Northwind", "Southwind")),
    ],
)
def test_every_change_is_told(
    northwind: Path, path: str, before: str, after: str, address: str, row: tuple[str, str, str]
) -> None:
    """A toggle, a status, an event and the brand: what isn't words is told with its value before and now."""
    committed(northwind)
    assert others(northwind) == {}
    edit(northwind / path, before, after)
    kind, rows = others(northwind)[address]
    assert (kind, rows) == ("changed", [row])


CASE = """\
        - when: { subscription: both }
          steps:
            - { id: try_out, wait: { for: 3 days, between: ["09:00", "20:00"] } }
"""


def test_a_branch_is_compared_case_by_case(northwind: Path) -> None:
    """If a case's condition and a step of it change, those two rows are told, not the whole case twice."""
    committed(northwind)
    changed = CASE.replace("both", "transactional_only").replace("3 days", "2 days")
    edit(northwind / "journeys" / "order_delivered.yaml", CASE, changed)
    case = "steps > who > branch > cases > subscription both"
    assert others(northwind)["journey.order_delivered"] == (
        "changed",
        [
            (f"{case} > when > subscription", "both", "transactional_only"),
            (f"{case} > steps > try_out > wait > for", "3 days", "2 days"),
        ],
    )


def test_values_are_shown_as_they_are_written(northwind: Path) -> None:
    """A step that is new is told in the lines of YAML, and a switch as one writes it."""
    committed(northwind)
    new = '      else:\n        - { id: late, wait: { for: 1 day, between: ["09:00", "20:00"] } }\n'
    edit(northwind / "journeys" / "order_delivered.yaml", "      else: []\n", new)
    edit(northwind / "events" / "order_shipped.yaml", "identify_by: [phone]", "identify_by: [phone]\ndeprecated: true")
    found = others(northwind)
    step = "id: late\nwait:\n  for: 1 day\n  between: ['09:00', '20:00']"
    assert found["journey.order_delivered"][1] == [("steps > who > branch > else > late", "", step)]
    assert ("deprecated", "", "true") in found["event_type.order_shipped"][1]


def test_the_texts_of_files_are_compared(northwind: Path) -> None:
    """A disclosure that is in a file of its own is told with its words."""
    committed(northwind)
    path = northwind / "legal" / "checkout.txt"
    path.write_text("Other words. Reply HELP for help, STOP to end.", encoding="utf-8")
    [(kind, rows)] = others(northwind).values()
    assert kind == "changed"
    assert [(row[0], row[2]) for row in rows] == [("consent > disclosure", path.read_text(encoding="utf-8"))]
