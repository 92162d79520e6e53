"""A page whose pieces are known from an earlier run is, byte by byte, the page that is made from nothing."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from deployer import cores
from deployer.errors import DeployerError
from deployer.kinds.message import Message
from deployer.preview import making
from deployer.preview.drafting import everywhere, first_texts, vocabulary
from deployer.preview.messages import message_view
from deployer.preview.previewer import preview_once
from deployer.preview.view_rows import read_everywhere, read_views, write_everywhere, write_views
from deployer.views.pages import journeys, preview_page
from deployer.workspace.loading import load, load_keeping
from tests.workspace.test_answers import PROJECTS

if TYPE_CHECKING:
    from deployer.workspace.workspace import Workspace

SOUND = [folder for folder in PROJECTS if "invalid" not in folder.parts and (folder / "deployer.yaml").is_file()]
NORTHWIND = Path(__file__).parents[2] / "examples/northwind"

EDITS = (
    ("deployer.yaml", "name: Northwind #", "name: Eastwind #"),
    ("deployer.yaml", "time_zone: America/New_York", "time_zone: Asia/Tokyo"),
    (
        "deployer.yaml",
        "time_zone: America/New_York",
        "time_zone: America/New_York\nassumptions: {quiet_hours: ['21:00', '07:00']}",
    ),
    ("deployer.yaml", "time_zone:", "prices: {currency: USD, segment: 0.01, mms: 0.03, email: 0.001}\ntime_zone:"),
    ("deployer.yaml", "time_zone:", "rules: {message/optional-in-text: warning}\ntime_zone:"),
    ("attributes/tier.yaml", "name: Loyalty Tier", "name: Level"),
    ("emails/delivered.txt", "Hello", "Hi"),
    ("emails/delivered.html", "<p", "<p class='x'"),
    ("events/order_confirmed.yaml", "$84.50", "$84.00"),
    ("events/order_shipped.yaml", "name: Order Shipped", "name: Order Sent"),
    ("journeys/order_shipped.yaml", "name: Order shipped", "name: Shipped"),
    ("journeys/order_shipped.yaml", "quiet_hours: respect", "quiet_hours: ignore"),
    ("journeys/order_shipped.yaml", "status: active", "status: draft"),
    ("journeys/order_shipped.yaml", "kind:", "# a line\nkind:"),
    ("macros/links.jinja", "Track it:", "Follow it:"),
    ("macros/links.jinja", "[%", "\n[%"),
    ("messages/parcels.yaml", "comes today, {{", "is coming, {{"),
    ("messages/parcels.yaml", "kind:", "# a line\nkind:"),
    ("messages/parcels.yaml", "limits: { segments: 2 }", "limits: { segments: 3 }"),
    ("messages/parcels.yaml", "body: |\n", "body: |\n  {{ 'now' | date: '%Y' }} "),
    ("messages/parcels.yaml", "Order {{", "[% for n in range(2) %]Order[% endfor %] {{"),
    ("messages/parcels.yaml", "Order {{", "Ord\u0115r {{"),
    ("messages/parcels.yaml", "delivery_date", "delivery_day"),
    ("messages/parcels.yaml", "id: order_shipped_text", "id: order_shipped_sms"),
    ("messages/parcels.yaml", "kind: Message", "kind: ["),
    ("properties/orders.yaml", "maxLength: 12", "maxLength: 13"),
    ("properties/people.yaml", "pii: true", "pii: false"),
    ("segments/testers.yaml", "name: Internal testers", "name: Inner testers"),
)
"""A file, words in it, and what takes their place."""


def page(workspace: Workspace) -> str:
    """The page of a project as a file, or the error that prevents it. The pieces that can be kept are kept."""
    try:
        html = preview_page(preview_once(workspace)[0]).html
    except DeployerError as error:
        return str(error)
    if workspace.pieces is not None:
        workspace.pieces.keep()
    return html


@pytest.fixture
def northwind(tmp_path: Path) -> Path:
    """A copy of Northwind, which asks for a segment, too."""
    folder = tmp_path / "northwind"
    shutil.copytree(NORTHWIND, folder)
    replace(
        folder / "journeys/order_shipped.yaml",
        "steps:\n",
        "steps:\n  - {id: who, branch: {cases: [{when: {segment: testers}, steps: []}], else: []}}\n",
    )
    return folder


def replace(file: Path, before: str, after: str) -> None:
    """Put other words in the place of the first of these."""
    text = file.read_text(encoding="utf-8")
    assert before in text
    file.write_text(text.replace(before, after, 1), encoding="utf-8")


@pytest.mark.parametrize(("path", "before", "after"), EDITS)
def test_after_an_edit(northwind: Path, tmp_path: Path, path: str, before: str, after: str) -> None:
    """Partly stale and known as a whole, a page is what it is without a cache, and another than before the edit."""
    cache = tmp_path / "cache"
    first = page(load_keeping(northwind, cache))
    assert first == page(load(northwind))
    replace(northwind / path, before, after)
    expected = page(load(northwind))
    assert page(load_keeping(northwind, cache)) == expected
    assert page(load_keeping(northwind, cache)) == expected
    assert expected != first
    replace(northwind / path, after, before)
    assert page(load_keeping(northwind, cache)) == first


@pytest.mark.parametrize("folder", SOUND, ids=lambda folder: folder.name)
def test_every_example(folder: Path, tmp_path: Path) -> None:
    """A page of every example is the same when it is known, and each view in it is read as it was written."""
    expected = page(load(folder))
    assert page(load_keeping(folder, tmp_path)) == expected
    assert page(load_keeping(folder, tmp_path)) == expected
    project, _ = load(folder).as_it_is()
    first = first_texts(project).values()
    for message in project.all(Message):
        made = message_view(message, project), vocabulary(message, project) if message in first else None
        written = write_views(*made)
        assert written is not None
        assert made[0].state != "ok" or read_views(written) == made
    common = everywhere(project)
    assert common is None or read_everywhere(write_everywhere(common) or b"") == common


@pytest.mark.parametrize("place", [0, 70, 1_000, 5_000])
def test_a_damaged_cache(northwind: Path, tmp_path: Path, place: int) -> None:
    """A damaged file of pieces isn't used: the page is made from nothing."""
    cache = tmp_path / "cache"
    expected = page(load_keeping(northwind, cache))
    (kept,) = cache.glob("*.pieces")
    whole = kept.read_bytes()
    kept.write_bytes(whole[:place] + b"x" + whole[place + 1 :])
    assert page(load_keeping(northwind, cache)) == expected


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_pieces_of_others(northwind: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One process or several that make the pieces give the same page and keep the same bytes."""
    made = []
    for number in (1, 3):
        cache = tmp_path / str(number)
        monkeypatch.setattr(cores, "cores", lambda number=number: number)
        made.append((page(load_keeping(northwind, cache)), next(cache.glob("*.pieces")).read_bytes()))
        for module in (making, journeys):
            monkeypatch.setattr(module, "PAYS", 1)
            monkeypatch.setattr(module, "_TOGETHER", 1)
    assert made[0] == made[1]


def made_again(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses of messages and the ids of journeys that are made from now on."""
    again: list[str] = []
    monkeypatch.setattr(making, "everywhere", lambda *given: again.append("all texts") or everywhere(*given))
    view, play = making.message_view, journeys.played
    monkeypatch.setattr(
        making, "message_view", lambda message, *more: again.append(message.address) or view(message, *more)
    )
    monkeypatch.setattr(journeys, "played", lambda trial, *more: again.append(trial.journey) or play(trial, *more))
    return again


def test_only_what_an_edit_touches_is_made_again(
    northwind: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second page makes nothing; after an edit it makes the message and the journeys that send it."""
    again = made_again(monkeypatch)
    page(load_keeping(northwind, tmp_path / "cache"))
    assert len(again) > 10
    again.clear()
    page(load_keeping(northwind, tmp_path / "cache"))
    assert again == []
    replace(northwind / "emails/delivered.txt", "Hello", "Hi")
    page(load_keeping(northwind, tmp_path / "cache"))
    assert again == ["message.delivered_email", "order_delivered"]
    again.clear()
    replace(northwind / "deployer.yaml", "name: Northwind #", "name: Eastwind #")
    page(load_keeping(northwind, tmp_path / "cache"))
    assert "all texts" in again


def test_what_shows_the_time_is_not_known(northwind: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A message that prints the time is made each time, and so are the journeys that send it."""
    replace(northwind / "emails/delivered.txt", "Hello", "{{ 'now' | date: '%N' }}")
    page(load_keeping(northwind, tmp_path / "cache"))
    again = made_again(monkeypatch)
    page(load_keeping(northwind, tmp_path / "cache"))
    assert again == ["message.delivered_email", "order_delivered"]
