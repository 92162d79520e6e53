"""The preview page in a real browser, as one file from disk with the network off."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

import pytest

import deployer
from deployer.kinds.event_type import samples_of
from tests.commands import git
from tests.views.pages.conftest import expect

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from conftest import Seen

    from deployer.kinds.event_type import Sample

DASH, QUOTE = "\N{EN DASH}", "\N{RIGHT SINGLE QUOTATION MARK}"
TEXT = "#at=message.order_confirmed_text"
KEEP_PICTURE = """() => {
  window.ClipboardItem = class { constructor(kinds) { this.kinds = kinds; } };
  navigator.clipboard.write = async ([item]) => {
    const drawn = await createImageBitmap(item.kinds["image/png"]);
    const canvas = Object.assign(document.createElement("canvas"), { width: drawn.width, height: drawn.height });
    const pen = canvas.getContext("2d");
    pen.drawImage(drawn, 0, 0);
    const dots = new Uint32Array(pen.getImageData(0, 0, drawn.width, drawn.height).data.buffer);
    window.picture = [drawn.width, drawn.height, new Set(dots).size];
  };
}"""
"""Take down of a picture that is copied how large it is, and how many colors it has."""


@pytest.fixture
def broken(shop: Path, edit: Callable[[Path, str, str], None]) -> Path:
    """The shop in a repository, edited since: a text that can't be compiled, one with wide characters, one gone."""
    git(shop, "init", "-q", "-b", "main")
    git(shop, "add", ".")
    git(shop, "commit", "-q", "-m", "first")
    parcels = shop / "messages" / "parcels.yaml"
    edit(parcels, "is on its way and should arrive", f"has left our warehouse {DASH} it{QUOTE}s with you by")
    edit(parcels, "Sorry, order", "[[ tracc('tracking_url') ]] order")
    (shop / "messages" / "pickup_ready_text.yaml").unlink()
    (shop / "journeys" / "pickup_ready.yaml").unlink()
    shutil.rmtree(shop / "tests")  # they test the journey that is gone
    return shop


def test_a_sample_is_switched(look: Callable[..., Seen], write_page: Callable[..., str], shop: Path) -> None:
    """Another sample is filled in, in the bubble, in the table of macros and in the page's address."""
    seen = look(write_page(shop) + TEXT)
    seen.reads(".bubble", "Order 54321 ($84.50)")
    seen.page.get_by_role("radio", name="longest").check()
    seen.reads(".bubble", "Order NW-004829173 ($12,480.00)")
    seen.reads("table", "NW-004829173")
    assert "sample=longest" in seen.page.url


def test_samples_are_named_for_people(look: Callable[..., Seen], write_page: Callable[..., str], shop: Path) -> None:
    """What a sample shows is said in words, those that are made included; the address keeps the name of the YAML."""
    assert {sample.name for sample in _samples(shop)} == {"happy", "longest", "missing_optional", "unicode"}
    seen = look(write_page(shop) + TEXT)
    for words in ("typical", "longest", "only what is required", "unusual characters"):
        assert seen.page.get_by_role("radio", name=words).count() == 1
    seen.page.get_by_role("radio", name="unusual characters").check()
    assert "sample=unicode" in seen.page.url


def _samples(shop: Path) -> Sequence[Sample]:
    project = deployer.load(shop).project()
    return samples_of(project.resources["event_type.order_confirmed"].model, project)


def test_the_address_brings_back_what_was_seen(
    look: Callable[..., Seen], write_page: Callable[..., str], shop: Path
) -> None:
    """A link to the page shows the same message, sample, rule and colours to another person."""
    seen = look(write_page(shop) + "#at=message.order_shipped_text&sample=longest&rules=carrier&look=dark&theme=light")
    seen.is_at("Order shipped text")
    seen.reads(".bubble", "NW-004829173")
    assert seen.page.get_by_role("radio", name=f"Carriers{QUOTE} rule").is_checked()
    assert seen.page.locator(".phone").get_attribute("data-look") == "dark"
    assert seen.page.locator("html").get_attribute("data-theme") == "light"
    seen.page.get_by_role("radio", name="typical").check()
    seen.page.go_back()
    seen.reads(".bubble", "NW-004829173")


def test_dark_is_worn(look: Callable[..., Seen], write_page: Callable[..., str], shop: Path) -> None:
    """The page is dark where the system is, and where somebody says so; the phone follows unless it is told."""
    url = write_page(shop) + TEXT
    assert look(url, scheme="dark").page.locator("html").get_attribute("data-theme") == "dark"
    seen = look(url)
    light = seen.page.evaluate("getComputedStyle(document.body).backgroundColor")
    seen.page.locator("#tools").get_by_role("radio", name="Dark").check()
    assert seen.page.evaluate("getComputedStyle(document.body).backgroundColor") != light
    assert seen.page.locator(".phone").get_attribute("data-look") == "dark"


def test_composer_text_is_copied(look: Callable[..., Seen], write_page: Callable[..., str], shop: Path) -> None:
    """The button copies the text with its macros, byte by byte, and says so to those who don't see it."""
    seen = look(write_page(shop) + "#at=message.order_shipped_text")
    seen.page.evaluate(
        "() => { window.kept = null; navigator.clipboard.writeText = async (text) => { window.kept = text; }; }"
    )
    seen.page.get_by_role("button", name="Copy Composer text").click()
    seen.page.get_by_text("Copied", exact=True).wait_for()
    assert seen.page.evaluate("window.kept") == (
        "Order {{triggerEvent.custom['Order Id']}} is on its way and should arrive "
        "{{triggerEvent.custom['delivery_date']}}. Track it: {{triggerEvent.custom['tracking_url']}}"
    )
    seen.reads("#said", "copied")


def test_copying_works_without_a_clipboard(
    look: Callable[..., Seen], write_page: Callable[..., str], shop: Path
) -> None:
    """Where the browser keeps its clipboard from a page, a selection is copied instead."""
    seen = look(write_page(shop) + TEXT)
    seen.page.evaluate("() => { navigator.clipboard.writeText = async () => { throw new Error('no'); }; }")
    seen.page.get_by_role("button", name="Copy Composer text").click()
    seen.page.locator(":focus", has_text="Copied").wait_for()  # the words are there for two seconds: one look


def test_the_keyboard_is_enough(look: Callable[..., Seen], write_page: Callable[..., str], shop: Path) -> None:
    """Next, previous, sample and search work without a mouse, and a key that is typed into the search is text."""
    seen = look(write_page(shop) + TEXT)
    press = seen.page.keyboard.press
    press("n")
    seen.is_at("Order shipped text")
    press("p")
    seen.is_at("Order confirmed text")
    press("s")
    expect(seen.page).to_have_url(re.compile("sample=missing_optional"))
    press("/")
    seen.page.keyboard.type("porch")
    expect(seen.page.locator("#search")).to_have_value("porch")
    expect(seen.page.locator(".index a")).to_have_text(["Delivered email"])
    press("Enter")
    seen.is_at("Delivered email")
    expect(seen.page.locator("h1:focus")).to_have_count(1)
    press("/")
    press("Escape")
    expect(seen.page.locator(".index a").nth(1)).to_be_attached()
    expect(seen.page.locator("#search:focus")).to_have_count(0)


def test_a_search_without_a_match_says_so(
    look: Callable[..., Seen], write_page: Callable[..., str], shop: Path
) -> None:
    """Nothing found is told, and the page doesn't show something else instead."""
    seen = look(write_page(shop))
    seen.page.locator("#search").fill("xyzzy")
    seen.reads(".index", "Nothing matches “xyzzy”")
    seen.reads("main", "Nothing matches")


def test_every_control_can_be_reached(look: Callable[..., Seen], write_page: Callable[..., str], shop: Path) -> None:
    """Tab leads through the page, and what has the focus shows it."""
    seen = look(write_page(shop) + TEXT)
    seen.page.keyboard.press("Tab")
    expect(seen.page.locator(":focus")).to_have_text("Skip to the message")
    seen.page.keyboard.press("Enter")
    expect(seen.page.locator("#pane:focus")).to_have_count(1)
    seen.page.keyboard.press("Tab")
    style = seen.page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert style == "solid"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_can_be_read(
    look: Callable[..., Seen], write_page: Callable[..., str], broken: Path, scheme: str
) -> None:
    """Every text of every kind of view has the contrast that WCAG's AA asks for, in both colours, phone included."""
    url = write_page(broken, "main")
    seen = look(url, scheme=scheme)
    views = (
        "message.order_shipped_text",
        "message.delivery_delayed_text",
        "message.delivered_email",
        "journey.order_delivered",
    )
    for at in (*views, "message.pickup_ready_text"):
        for more in ("", "&width=plain", "&width=source", "&look=dark", "&look=light", "&sample=unicode&rules=carrier"):
            seen.hash(f"at={at}{more}")
            assert seen.faint() == [], (at, more)


@pytest.mark.parametrize("width", [360, 390, 800, 1024, 1440, 2200])
def test_nothing_sticks_out(
    look: Callable[..., Seen], write_page: Callable[..., str], broken: Path, width: int
) -> None:
    """From a small phone to a wide screen nothing has to be scrolled sideways but what scrolls by itself."""
    seen = look(write_page(broken, "main"), width=width)
    for at in (
        "message.order_shipped_text",
        "message.delivery_delayed_text",
        "message.delivered_email",
        "journey.out_for_delivery",
        "journey.order_shipped&when=night",
    ):
        for more in ("", "&width=mobile", "&width=source"):
            seen.hash(f"at={at}{more}")
            assert seen.page.evaluate("document.documentElement.scrollWidth") <= width, (at, more)


def test_a_narrow_screen_has_its_list_behind_a_button(
    look: Callable[..., Seen], write_page: Callable[..., str], shop: Path
) -> None:
    """On a phone the list opens and closes, and a search by key opens it."""
    seen = look(write_page(shop) + TEXT, width=390)
    expect(seen.page.locator("#index")).not_to_be_visible()
    seen.page.get_by_role("button", name="All messages").click()
    expect(seen.page.locator("#index")).to_be_visible()
    seen.page.get_by_role("link", name="Order shipped text").click()
    seen.is_at("Order shipped text")


def test_a_broken_message_says_where(look: Callable[..., Seen], write_page: Callable[..., str], broken: Path) -> None:
    """What is wrong stands with the message: the rule, the author's own line with its mark, and what to do."""
    seen = look(write_page(broken) + "#at=message.delivery_delayed_text")
    fault = seen.text(".fault")
    assert "'tracc' is undefined" in fault
    assert "messages/parcels.yaml:38" in fault
    assert "did you mean track?" in fault
    assert "track" in seen.page.locator(".fault .hint code").all_inner_texts()
    expect(seen.page.locator(".fault pre mark")).to_have_count(1)


def test_wide_characters_are_marked(look: Callable[..., Seen], write_page: Callable[..., str], broken: Path) -> None:
    """Each character that makes a text wide is marked in the bubble and listed with what could stand instead."""
    seen = look(write_page(broken) + "#at=message.order_shipped_text")
    assert seen.page.locator(".bubble mark").all_inner_texts() == [DASH, QUOTE]
    seen.reads(".wide-list", "U+2013 EN DASH")
    seen.reads(".wide-list", "write “-” instead")


def test_what_cannot_be_seen_has_a_sign(
    look: Callable[..., Seen], write_page: Callable[..., str], shop: Path, edit: Callable[[Path, str, str], None]
) -> None:
    """A blank that makes a text wide is shown by a sign and named; an accent is shown with its letter."""
    edit(shop / "messages" / "parcels.yaml", "is on its way", "is on\u00a0its way cafe\u0301")
    seen = look(write_page(shop) + "#at=message.order_shipped_text")
    seen.reads(".wide-list", "write a space instead")
    assert seen.page.locator(".wide-list .glyph").all_inner_texts() == ["␣", "e\u0301"]
    assert "write a space instead" in str(seen.page.locator(".bubble mark").first.get_attribute("title"))


def test_a_second_segment_is_seen(look: Callable[..., Seen], write_page: Callable[..., str], broken: Path) -> None:
    """Where the next segment begins, the bubble says so; without marks it reads as on a phone."""
    seen = look(write_page(broken) + "#at=message.order_shipped_text&sample=longest")
    assert seen.page.locator(".bubble .cut").first.get_attribute("data-label") == "segment 2"
    seen.page.get_by_role("button", name="Marks").click()
    expect(seen.page.locator(".bubble .cut").first).not_to_be_visible()


def test_before_and_after(look: Callable[..., Seen], write_page: Callable[..., str], broken: Path) -> None:
    """Against a commit the words that went and came are told apart, and what is gone is listed."""
    seen = look(write_page(broken, "main") + "#at=message.order_shipped_text")
    seen.reads(".diff ins", "has left our warehouse")
    seen.reads(".diff del", "is")
    assert "gone" in seen.page.get_by_role("link", name="Pickup ready text").inner_text()
    seen.page.get_by_role("link", name="Pickup ready text").click()
    seen.reads(".title", "no longer declared")
    assert seen.page.locator(".index [aria-current]").all_inner_texts() == ["Pickup ready text\ngone"]
    assert "Pickup ready text" in seen.page.title()
    seen.page.keyboard.press("p")
    assert "no longer declared" not in seen.text(".title")
    seen.hash("at=message.order_confirmed_text")
    seen.page.get_by_role("heading", name="Order confirmed text").wait_for()
    expect(seen.page.locator(".diff")).to_have_count(0)


def test_an_email_runs_and_loads_nothing(
    look: Callable[..., Seen], write_page: Callable[..., str], shop: Path, edit: Callable[[Path, str, str], None]
) -> None:
    """Scripts, remote pictures, links and styles of an email do nothing, in any of its views."""
    bad = (
        '<script>top.document.title = "run"</script><img src="https://elsewhere.example/a.png" alt="A photo">'
        '<img src="x" onerror="parent.document.title=1"><link rel="stylesheet" href="https://elsewhere.example/a.css">'
        "<style>@import url(https://elsewhere.example/b.css);"
        "p { background: url('https://elsewhere.example/b.png') }</style>"
        '<iframe src="https://elsewhere.example/"></iframe><svg><image href="https://elsewhere.example/c.png"/>'
        '<use href="https://elsewhere.example/u.svg#a"/></svg><base href="https://elsewhere.example/base/">'
        "<div style=\"background:image-set('https://elsewhere.example/s.png' 1x)\">set</div>"
        "<style>p { background: -webkit-image-set(url(https://elsewhere.example/t.png) 1x) }</style>"
        '<div style="background:url(https://elsewhere.example/d.png)" background="https://elsewhere.example/e.png">x</div>'
        '<meta http-equiv="refresh" content="0; url=https://elsewhere.example/">'
    )
    edit(shop / "emails" / "delivered.html", "<p>Hello", f"{bad}<p>Hello")
    seen = look(write_page(shop) + "#at=message.delivered_email", offline=False)
    for width in ("desktop", "mobile"):
        for dark in ("light", "dark"):
            seen.hash(f"at=message.delivered_email&width={width}&look={dark}")
            frame = seen.page.frame_locator("iframe")
            frame.get_by_text("Hello ***").wait_for()
            assert frame.get_by_alt_text("A photo").count() == 1
            assert frame.locator("a[href], script, link, iframe").count() == 0
    assert "Delivered email" in seen.page.title()


def test_words_are_never_html(
    look: Callable[..., Seen], write_page: Callable[..., str], shop: Path, edit: Callable[[Path, str, str], None]
) -> None:
    """Text that looks like HTML, or like the end of a script, is shown as it is written."""
    nasty = "</script><img src=x onerror=alert(1)>\u2028<!--"
    edit(shop / "events" / "order_confirmed.yaml", "order_total: $84.50", f'order_total: "{nasty}"')
    edit(shop / "deployer.yaml", "name: Northwind #", 'name: "North</title><b>wind" #')
    seen = look(write_page(shop) + TEXT)
    seen.reads(".bubble", "</script><img src=x onerror=alert(1)>")
    seen.reads(".bar", "North</title><b>wind")
    expect(seen.page.locator("img")).to_have_count(0)


def test_a_picture_of_the_project_is_in_the_page(
    look: Callable[..., Seen], write_page: Callable[..., str], shop: Path, edit: Callable[[Path, str, str], None]
) -> None:
    """A picture from a file is drawn; one that each event brings is a labelled box."""
    edit(shop / "messages" / "orders.yaml", "limits: { segments: 1 }", "media: {file: opt-in/checkout.png}")
    seen = look(write_page(shop) + TEXT)
    assert seen.page.evaluate("document.querySelector('.mms img').naturalWidth") == 640
    seen.hash("at=message.order_shipped_text")
    seen.page.locator(".mms .blank").wait_for()
    seen.reads(".mms", "mediaUrl")


def test_a_journey_leads_to_its_messages(look: Callable[..., Seen], write_page: Callable[..., str], shop: Path) -> None:
    """A journey's picture has its steps in order with their words, and a message in it is a link to that message."""
    seen = look(write_page(shop) + "#at=journey.order_delivered")
    picture = seen.page.locator("main .flow svg").text_content() or ""
    steps = [
        "“Order Delivered” happens",
        "Delivered email",
        "Branch",
        "Wait 3 days",
        "Review request",
        "end of the journey",
    ]
    assert sorted(steps, key=picture.index) == steps
    assert "How do you like what you" in picture
    seen.page.locator(".flow").get_by_role("link", name="Review request").click()
    seen.is_at("Review request")
    seen.page.get_by_role("link", name="Order delivered").last.click()
    seen.is_at("Order delivered")


def test_an_empty_project_says_how_to_begin(
    look: Callable[..., Seen], write_page: Callable[..., str], shop: Path
) -> None:
    """The three lines that the page shows make a message that it shows."""
    for folder in (
        "events",
        "journeys",
        "messages",
        "properties",
        "opt-in",
        "webhooks",
        "segments",
        "attributes",
        "tests",
    ):
        for path in (shop / folder).glob("*.yaml"):
            path.unlink()
    seen = look(write_page(shop))
    seen.is_at("No message yet")
    lines = seen.page.locator(".nothing .lines").inner_text()
    assert len(lines.strip().splitlines()) == 3
    (shop / "messages" / "first.yaml").write_text(lines, encoding="utf-8")
    again = look(write_page(shop))
    assert again.text(".bubble") == "Northwind: Your order is on its way."
    assert again.page.locator(".fault.error").count() == 0


@pytest.mark.parametrize("width", [360, 1280])
def test_an_email_fits_its_place_and_a_phone(
    look: Callable[..., Seen], write_page: Callable[..., str], shop: Path, width: int
) -> None:
    """An email is shown whole in its place, at a phone's width too, and nothing of it is hidden at the right."""
    seen = look(write_page(shop) + "#at=message.order_confirmed_email", width=width)
    for shown in ("desktop", "mobile"):
        seen.hash(f"at=message.order_confirmed_email&width={shown}")
        frame = seen.page.locator(".letter iframe")
        frame.content_frame.get_by_text("$84.50", exact=True).first.wait_for()
        seen.page.wait_for_function(
            "() => { const one = document.querySelector('.letter iframe');"
            " const page = one.contentDocument.documentElement;"
            " return one.clientHeight >= page.scrollHeight && page.scrollWidth <= one.clientWidth + 1; }"
        )
    assert seen.page.evaluate("getComputedStyle(document.querySelector('.sheet')).resize") == "horizontal"


def test_the_size_and_the_links_of_an_email(
    look: Callable[..., Seen], write_page: Callable[..., str], shop: Path
) -> None:
    """An email says how much of what Gmail shows it takes, and where each link leads with the sample's values."""
    seen = look(write_page(shop) + "#at=message.order_confirmed_email")
    card = seen.text("section[aria-labelledby=mail-facts]")
    assert "Gmail cuts off at about 102 KB" in card
    assert "See or change your order" in card
    assert "https://northwind.example/orders/54321" in card


def test_a_locked_phone_shows_the_beginning(
    look: Callable[..., Seen], write_page: Callable[..., str], shop: Path
) -> None:
    """A lock screen has the first 110 characters of a long text, also while other words are typed."""
    seen = look(write_page(shop) + "#at=message.order_shipped_text&sample=longest")
    whole = " ".join(seen.text(".bubble").replace("segment 2", "").split())
    seen.page.get_by_label("Lock screen").check()
    notice = seen.page.locator(".notice p")
    expect(notice).to_contain_text("…")
    begun = " ".join(notice.inner_text().removeprefix("Picture: ").removesuffix("…").split())
    assert (whole.startswith(begun), 100 < len(begun) <= 110) == (True, True)
    seen.page.get_by_role("button", name="Saved contact").click()
    expect(seen.page.locator(".notice b")).to_have_text("Northwind")
    seen.page.get_by_role("button", name="Try words").click()
    seen.page.get_by_label("Composer text to try").fill("Hi there")
    expect(notice).to_have_text("Picture: Northwind: Hi there")


@pytest.mark.parametrize("at", ["message.order_shipped_text", "message.order_confirmed_email"])
def test_what_people_see_is_copied_as_a_picture(
    look: Callable[..., Seen], write_page: Callable[..., str], shop: Path, at: str
) -> None:
    """A phone and a mail are copied as a picture with more than one color in it; without a clipboard it is a file."""
    seen = look(f"{write_page(shop)}#at={at}")
    seen.page.evaluate(KEEP_PICTURE)
    button = seen.page.get_by_role("button", name="Copy as picture")
    button.click()
    seen.page.get_by_role("button", name="Copied").wait_for()
    width, height, colors = seen.page.evaluate("window.picture")
    assert (width >= 300, height >= 300, colors > 5) == (True, True, True)
    seen.page.evaluate("() => { navigator.clipboard.write = async () => { throw new Error('denied'); }; }")
    with seen.page.expect_download() as download:
        button.click()
    assert download.value.suggested_filename == f"{at.partition('.')[2]}.png"


def test_an_inbox_has_the_other_mails(look: Callable[..., Seen], write_page: Callable[..., str], shop: Path) -> None:
    """A mail's row is above those of the project's other mails, which lead to their pages."""
    seen = look(write_page(shop) + "#at=message.order_confirmed_email")
    rows = seen.page.locator(".inbox .line")
    expect(rows).to_have_count(3)
    expect(rows.first).to_contain_text("We have your order 54321")
    rows.filter(has_text="Order 54321 has arrived").click()
    expect(seen.page.get_by_role("heading", name="Delivered email")).to_be_visible()
