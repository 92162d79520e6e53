"""The preview page of a large project in five scripts: what only shows with many messages and many problems."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import deployer
from deployer.preview.journeys import journeys
from deployer.preview.previewer import preview
from deployer.preview.rendering import render_messages
from deployer.views.journey_svg import journey_element, sends
from deployer.views.pages import preview_page
from deployer.views.render_html import render_html
from deployer.views.render_svg import render_svg
from tests.many import JOURNEYS, MESSAGES, write_many
from tests.views.pages.conftest import expect

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Seen

    from deployer.preview.values import Preview


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project, made once: no test edits it."""
    return write_many(tmp_path_factory.mktemp("many") / "meridian")


@pytest.fixture(scope="module")
def shown(many: Path) -> Preview:
    """What is shown of it."""
    return preview(deployer.load(many))


@pytest.fixture(scope="module")
def url(many: Path, shown: Preview) -> str:
    """The page's address."""
    path = many.parent / "many.html"
    path.write_text(preview_page(shown).html, encoding="utf-8")
    return path.as_uri()


def test_the_project_is_large_and_sound(shown: Preview) -> None:
    """The project is as large as it is meant to be, and has no error."""
    assert (len(shown.messages), len(shown.journeys)) == (MESSAGES, JOURNEYS)
    views = (*shown.messages, *shown.journeys, shown)
    assert not [one for view in views for one in view.faults if one.severity == "error"]


def test_problems_of_the_project_are_one_line(look: Callable[..., Seen], url: str, shown: Preview) -> None:
    """However many problems concern the project as a whole, they take one line above what is looked at."""
    assert len(shown.faults) > 13
    seen = look(f"{url}#at=message.latin_00_text")
    seen.reads(".general", f"{len(shown.faults)} remarks")
    above = seen.page.locator(".phone").bounding_box()
    assert above is not None
    assert above["y"] < 400
    seen.page.locator(".general a").click()
    seen.is_at("Problems")


def test_problems_by_rule(look: Callable[..., Seen], url: str, shown: Preview) -> None:
    """The page of problems has each rule once, with how often it found something, and leads to what it is about."""
    seen = look(f"{url}#at=problems")
    views = (*shown.messages, *shown.journeys, shown)
    found = [one.rule for view in views for one in view.faults]
    groups = seen.page.locator(".rule-group summary").all_inner_texts()
    assert len(groups) == len(set(found))
    for rule in set(found):
        (group,) = (text for text in groups if text.endswith(rule))
        assert group.startswith(str(found.count(rule))), group
    seen.page.locator(".rule-group summary", has_text="message/subject-length").click()
    seen.page.locator(".rule-group[open] a").first.click()
    seen.reads("main", "message/subject-length")


@pytest.mark.parametrize("at", ["message.latin_00_text", "message.arabic_01_more", "journey.latin_15", "problems"])
def test_nothing_is_below_the_page(look: Callable[..., Seen], url: str, at: str) -> None:
    """A long list beside what is looked at makes no page longer than what is on it."""
    seen = look(f"{url}#at={at}")
    bottom = seen.page.evaluate("document.querySelector('.pane').getBoundingClientRect().bottom + scrollY")
    assert seen.page.evaluate("document.documentElement.scrollHeight") <= max(bottom, 900) + 1


def test_a_link_to_nothing_says_so(look: Callable[..., Seen], url: str) -> None:
    """An old link shows no other message as if it were the one that was meant; it names what is called alike."""
    seen = look(f"{url}#at=message.latin_99_text")
    seen.reads("h1", "This link leads to nothing")
    seen.reads(".nothing", "message.latin_99_text")
    seen.page.locator(".nothing a").first.click()
    seen.is_at("Latin 00 text")


def test_paper_has_what_is_chosen_alone(look: Callable[..., Seen], url: str) -> None:
    """In print there is the message, light, without the list, the bar and what is clicked."""
    seen = look(f"{url}#at=message.latin_00_text", scheme="dark")
    seen.page.emulate_media(media="print")
    seen.page.locator("html[data-theme=light]").wait_for()
    expect(seen.page.locator(".bubble")).to_be_visible()
    assert seen.page.locator(".phone").get_attribute("data-look") == "light"
    for gone in (".side", ".bar", ".tools"):
        expect(seen.page.locator(gone).first).not_to_be_visible()
    left = seen.page.locator(".bubble").bounding_box()
    assert left is not None
    assert left["x"] < 60


@pytest.mark.parametrize(
    ("script", "direction"),
    [("arabic", "rtl"), ("hebrew", "rtl"), ("japanese", "ltr"), ("cyrillic", "ltr")],
)
def test_another_script_is_no_fault(
    look: Callable[..., Seen], url: str, shown: Preview, script: str, direction: str
) -> None:
    """A text in another script has one line about its length; nothing in it is marked, and it is read its own way."""
    view = next(one for one in shown.messages if one.id.startswith(script) and one.channel == "text")
    assert [one.rule for one in view.faults if one.rule.startswith("message/wide")] == []
    seen = look(f"{url}#at={view.address}")
    assert seen.text(".script") == f"{script.capitalize()} text: 70 characters a segment"
    expect(seen.page.locator(".bubble mark")).to_have_count(0)
    expect(seen.page.locator(".wide-list")).to_have_count(0)
    assert seen.page.locator(".bubble").get_attribute("dir") == direction


@pytest.mark.parametrize(("script", "direction"), [("arabic_01", "rtl"), ("latin_05", "ltr")])
def test_words_are_read_their_own_way_wherever_they_are(
    look: Callable[..., Seen], url: str, script: str, direction: str
) -> None:
    """So are a subject, of which an inbox cuts off the end, a plain text, composer texts and the words to try."""
    seen = look(f"{url}#at=message.{script}_more")
    seen.page.locator(".inbox .subject").first.wait_for()
    assert seen.page.locator(".inbox .subject").first.get_attribute("dir") == direction
    assert seen.page.get_by_label("Subject", exact=True).locator("pre").get_attribute("dir") == direction
    seen.hash(f"at=message.{script}_more&width=plain")
    assert seen.page.get_by_label("The plain text").get_attribute("dir") == direction


@pytest.mark.parametrize(("script", "mirrored"), [("arabic_01", True), ("latin_05", False)])
def test_pictures_and_files_are_read_their_own_way(many: Path, script: str, mirrored: bool) -> None:
    """So are a message that is rendered into a file, as a page and as a picture, and a journey's picture."""
    project = deployer.load(many).project()
    messages = render_messages(project, f"{script}_text")
    page, (drawn, _) = render_html(messages), render_svg(messages)
    journey = next(one for one in journeys(project) if one.id == script)
    picture = journey_element(journey, {step.id: messages[0].reads("body") for step in sends(journey.steps)})
    assert ('class="bubble" dir="rtl"' in page, ' direction="rtl"' in drawn, ' direction="rtl"' in picture) == (
        (mirrored,) * 3
    )


def test_a_segment_begins_between_words_that_are_joined(look: Callable[..., Seen], url: str) -> None:
    """Where a new segment begins within an Arabic word, the sign is in front of the word, whose letters stay joined."""
    seen = look(f"{url}#at=message.arabic_11_more")
    expect(seen.page.locator(".bubble .cut")).to_have_count(2)
    letter = "/\\p{Script=Arabic}/u"
    torn = f"""[...document.querySelectorAll('.bubble .cut')].filter((cut) =>
        {letter}.test((cut.previousSibling.textContent || ' ').slice(-1))
        && {letter}.test(cut.nextSibling.textContent[0])).length"""
    assert seen.page.evaluate(torn) == 0


def test_an_emoji_is_one_character(look: Callable[..., Seen], url: str) -> None:
    """A family of emoji is named once, as what it is, and not marked: nothing plain is like it."""
    seen = look(f"{url}#at=message.latin_15_text")
    assert seen.text(".kept").split(" ")[0] == "\U0001f469\u200d\U0001f469\u200d\U0001f467"
    expect(seen.page.locator(".bubble mark")).to_have_count(0)


@pytest.mark.parametrize("width", [360, 768, 1280, 1920])
def test_a_journey_with_nested_branches_is_whole(look: Callable[..., Seen], url: str, width: int) -> None:
    """Branches within branches are one picture that nothing cuts off: it fits, or its field scrolls."""
    seen = look(f"{url}#at=journey.latin_15", width=width)
    field = seen.page.locator(".flow .field")
    seen.page.get_by_role("button", name="Fit").click()
    assert field.evaluate("one => one.scrollWidth <= one.clientWidth + 1")
    before = field.evaluate("one => one.querySelector('svg').getBoundingClientRect().width")
    field.focus()
    seen.page.keyboard.press("+")
    assert field.evaluate("one => one.querySelector('svg').getBoundingClientRect().width") > before
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= width
    seen.page.locator(".flow").get_by_role("link", name="Latin 15 more").focus()
    seen.page.keyboard.press("Enter")
    seen.is_at("Latin 15 more")
