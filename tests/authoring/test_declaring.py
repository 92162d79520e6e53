"""One more resource: it validates, is linked to what exists, and goes where its like are."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import deployer
from deployer.app.journey_tests import run_tests
from deployer.authoring.beginning import Answers, begin
from deployer.authoring.bodies import DRAFTS, FOLDERS
from deployer.authoring.declaring import Declared, NewResource, declare, place, write_declared
from deployer.authoring.templates import Template
from deployer.errors import UsageError
from deployer.kinds import BY_SNAKE, KINDS
from deployer.source import ProblemsError

ROOT = Path(__file__).resolve().parents[2]
OFFERED = [one for one in Template if one.offered]


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A small project."""
    begin(Answers(tmp_path / "shop", "shop", "Shop"))
    return tmp_path / "shop"


def new(folder: Path, kind: str, name: str, event: str = "") -> Declared:
    """Declare and write."""
    workspace = deployer.load(folder)
    made = declare(workspace, None, NewResource(BY_SNAKE[kind], name, event))
    write_declared(workspace, made)
    return made


def test_every_kind_can_be_declared() -> None:
    """If a kind is added, `new` knows it."""
    assert set(DRAFTS) == set(FOLDERS) == set(KINDS)


@pytest.mark.parametrize("template", OFFERED)
@pytest.mark.parametrize("kind", BY_SNAKE)
def test_each_kind_validates_without_a_problem(kind: str, template: Template, tmp_path: Path) -> None:
    """In every template's project, one more of each kind has no problem of any weight, and is planned."""
    begin(Answers(tmp_path, "shop", "Shop", template))
    about = events(tmp_path)[0] if kind in {"message", "journey", "journey_test"} else ""
    made = new(tmp_path, kind, "one_more", about)
    workspace = deployer.load(tmp_path)
    assert [one for one in workspace.check() if one.severity.value != "info"] == []
    assert made.address in workspace.project().resources
    with deployer.connect(workspace) as connection:
        deployer.plan(connection)


def events(folder: Path) -> list[str]:
    """The ids of the event types that are declared."""
    return [one.removeprefix("event_type.") for one in deployer.load(folder).project().resources if "event_type" in one]


def test_a_programme_grows_word_by_word(shop: Path) -> None:
    """An event, its property, its text, its journey and a test, each linked to the one before; the tests pass."""
    new(shop, "event_type", "Order Delivered")
    new(shop, "property", "left_at", "order_delivered")
    text = new(shop, "message", "order_delivered_text")
    journey = new(shop, "journey", "order_delivered")
    new(shop, "journey_test", "order_delivered_sent")
    project = deployer.load(shop).project()
    assert project.resources["event_type.order_delivered"].body["name"] == "Order Delivered"
    assert project.resources["event_type.order_delivered"].body["properties"]["left_at"] == {"use": "left_at"}
    assert "triggerEvent.custom['reference']" in text.text
    assert project.resources[journey.address].body["steps"][0]["send_text"]["message"] == "order_delivered_text"
    assert project.resources[journey.address].body["name"] == "Order Delivered"
    assert not run_tests(project).failed


def test_what_was_in_the_file_stays_byte_for_byte(shop: Path) -> None:
    """A document is put at the end; line ends are those of the file."""
    path = shop / "tests" / "order_shipped.yaml"
    before = path.read_bytes().replace(b"\n", b"\r\n").rstrip(b"\r\n") + b"\r\n# the end"
    path.write_bytes(before)
    new(shop, "journey_test", "order_shipped_again")
    after = path.read_bytes()
    assert after.startswith(before)
    assert b"\n" not in after.replace(b"\r\n", b"")


def test_it_goes_to_a_file_of_its_own_where_each_has_one(shop: Path) -> None:
    """Where each journey has a file to itself, so has the new one, beside them, with its schema in the first line."""
    made = new(shop, "message", "order_shipped_again", "order_shipped")
    assert made.path == "messages/order_shipped_again.yaml"
    first = (shop / made.path).read_text(encoding="utf-8").splitlines()[0]
    assert first == (shop / "messages" / "order_shipped_text.yaml").read_text(encoding="utf-8").splitlines()[0]


def test_it_goes_to_the_file_that_has_most_of_its_like() -> None:
    """In Northwind properties share files, events don't."""
    sources = deployer.load(ROOT / "examples" / "northwind").sources
    assert place(sources, BY_SNAKE["message"], "news") == "messages/parcels.yaml"
    assert place(sources, BY_SNAKE["event_type"], "news") == "events/news.yaml"


def test_a_file_in_the_way_is_not_added_to(shop: Path) -> None:
    """If another tool's file has the name, the new one gets another."""
    (shop / "segments").mkdir()
    (shop / "segments" / "vip.yaml").write_text("apiVersion: v1\n")
    assert new(shop, "segment", "vip").path == "segments/vip_2.yaml"
    assert (shop / "segments" / "vip.yaml").read_text() == "apiVersion: v1\n"


def test_an_id_that_is_taken_is_refused(shop: Path) -> None:
    """If it is declared already, the place is told, and nothing written."""
    with pytest.raises(UsageError, match=r"`journey\.order_shipped` is declared already") as error:
        new(shop, "journey", "Order Shipped")
    assert error.value.hint == "see journeys/order_shipped.yaml:3"


@pytest.mark.parametrize(
    ("kind", "name", "event", "says"),
    [
        ("message", "news", "order_shiped", "did you mean `order_shipped`?"),
        ("journey", "order_delivered", "order_delivered", "deployer new message order_delivered_text"),
        ("journey_test", "delivered", "order_delivered", "deployer new journey order_delivered"),
        ("segment", "!!!", "", "pass an id in snake_case"),
        ("message", "news", "", "pass --event"),
    ],
)
def test_what_is_missing_is_named_with_the_way(kind, name, event, says, shop: Path) -> None:
    """If something that it needs isn't there, the hint is the command that makes it."""
    new(shop, "event_type", "order_delivered")
    with pytest.raises(UsageError) as error:
        new(shop, kind, name, event)
    assert says in error.value.hint


def test_a_project_in_error_is_not_added_to(shop: Path) -> None:
    """What stands in a broken project couldn't be linked to."""
    (shop / "broken.yaml").write_text("kind: Segmnet\n")
    with pytest.raises(ProblemsError):
        new(shop, "segment", "vip")
    assert not (shop / "segments").exists()


def test_an_event_in_a_foreign_script_gets_a_text(shop: Path) -> None:
    """If keys are in another script and values nested, the text reads one that a text may read."""
    (shop / "events" / "visit.yaml").write_text(
        "kind: EventType\nid: visit\nname: Запись\napp: shop\nidentify_by: [phone]\nproperties:\n"
        "  приём: {type: object, properties: {день: {type: string, minLength: 1}}}\n"
        "  заметка: {type: string, optional: true, examples: [тихо]}\n"
        "  診所: {type: string, minLength: 1, maxLength: 20}\n"
        "samples: {happy: {приём: {день: вторник}, 診所: Заря}}\n",
        encoding="utf-8",
    )
    made = new(shop, "message", "visit_text")
    assert "triggerEvent.custom['診所']" in made.text


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.text(min_size=1, max_size=30) | st.from_regex(r"[A-Za-z0-9 _'.:-]{1,30}", fullmatch=True))
def test_any_name_gives_a_sound_segment_or_is_refused(name: str, shop: Path) -> None:
    """Whatever somebody types: a declaration without an error, or a refusal with a hint; never a crash."""
    try:
        made = declare(deployer.load(shop), None, NewResource(BY_SNAKE["segment"], name))
    except (UsageError, ProblemsError) as refused:
        made = refused
    if isinstance(made, UsageError):
        assert made.hint
    if isinstance(made, Declared):
        assert {problem.rule for problem in made.problems} <= {"project/unseen-in-name"}
