"""Rendered messages: what is pasted, what is read, what a text costs; on a terminal, as pages and as pictures."""

import json
import re
import struct
import zlib
from dataclasses import replace
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import pytest

from deployer.kinds.channels import Channel
from deployer.messages import Length, Measured, TextRun, count
from deployer.preview.message_values import MacroView, Spot
from deployer.preview.rendering import RenderedMessage
from deployer.views.problems import cell_width
from deployer.views.render import render_json, render_text
from deployer.views.render_html import render_html
from deployer.views.render_mail import HEIGHT, WIDTH, mail_page
from deployer.views.render_markdown import render_markdown
from deployer.views.render_png import ScreenshotError, cut_to, find_browser, height_of, screenshot
from deployer.views.render_svg import picture_page, render_svg

ORDER = "triggerEvent.custom['Order Id']"
COMPOSER = f"You\u2019ve got mail \u2013 order {{{{{ORDER}}}}} is here. That\u2019s it."
READS = COMPOSER.replace(f"{{{{{ORDER}}}}}", "")
BRAND = TextRun("platform", "Northwind: ")
TEXT = RenderedMessage(
    "message.order_shipped_text",
    Channel.TEXT,
    "happy",
    {"body": COMPOSER},
    {"body": READS},
    counts=(
        ("attentive", count(READS, brand="Northwind")),
        ("carrier", count(READS, brand="Northwind", rules="carrier")),
    ),
    holes=(ORDER,),
    brand="Northwind",
    runs={
        "body": (
            BRAND,
            TextRun("author", "You\u2019ve got mail \u2013 order "),
            TextRun("data", "", ORDER),
            TextRun("author", " is here. That\u2019s it."),
        )
    },
    macros=(
        MacroView(
            ORDER,
            "body",
            Spot("messages/orders.yaml", 8),
            "string",
            optional=False,
            values={"happy": None, "long": "NW|5"},
        ),
    ),
    measured=Measured("happy", made=False, count=count(READS, brand="Northwind"), limit=1),
    length=Length((Measured("longest", made=True, count=count("x" * 200, brand="Northwind"), limit=1),)),
    limit=1,
    media="mediaUrl",
)
EMAIL = RenderedMessage(
    "message.delivered_email",
    Channel.EMAIL,
    "longest",
    {"subject": f"Order {{{{{ORDER}}}}} has arrived", "html": "<p>Hi</p>", "plain": "Hello,\n\nit is here."},
    {"subject": "Order 54321 has arrived", "html": "<p>Hi</p>", "plain": "Hello,\n\nit is here."},
    brand="Northwind",
    runs={
        "subject": (TextRun("author", "Order "), TextRun("data", "54321", ORDER), TextRun("author", " has arrived")),
        "html": (TextRun("author", "<p>Hi</p>"),),
        "plain": (TextRun("author", "Hello,\n\nit is here."),),
    },
    made=True,
    sender="Northwind <orders@northwind.example>",
)
HOSTILE = "<script>alert(1)</script>\x1b[31m`*_|&\"'\u202e"
BAD = replace(
    EMAIL,
    composer={"subject": HOSTILE, "html": HOSTILE, "plain": HOSTILE},
    rendered={"subject": HOSTILE, "html": HOSTILE, "plain": HOSTILE},
    runs={"subject": (TextRun("data", HOSTILE, HOSTILE),), "plain": (TextRun("author", HOSTILE),)},
    macros=(MacroView(HOSTILE, "plain", Spot(HOSTILE, 1), "string", optional=False, values={HOSTILE: HOSTILE}),),
    sender=HOSTILE,
)
ANSI = re.compile(r"\x1b\[[0-9;]*m")


def test_messages_read_well_at_80_columns(golden):
    """A text has its composer text, a bubble that tells who wrote what, its length, and every macro."""
    golden("render.txt", render_text([TEXT, EMAIL]))


def test_made_samples_are_marked_in_every_form():
    """Wherever a sample's values stand, one that nobody declared says that it was made."""
    made = replace(TEXT, made_samples=("long",))
    for shown in (render_text([made]), render_html([made]), render_markdown([made])):
        assert "long (made)" in shown
        assert "happy (made)" not in shown
    assert json.loads(render_json([made]))["messages"][0]["made_samples"] == ["long"]


def test_an_mms_is_called_one():
    """A text with a picture costs an MMS and texts behind it, not segments, and names its picture."""
    long = count("x" * 200, media=True)
    message = replace(TEXT, counts=(("attentive", long),), length=Length((Measured("long", made=False, count=long),)))
    for shown in (render_text([message]), render_html([message]), render_markdown([message]), render_svg([message])[0]):
        assert "1 MMS and 1 text" in shown
        assert "picture: " in shown
        assert "mediaUrl" in shown
        assert "2 segments" not in shown


def test_what_cannot_be_seen_is_described():
    """An accent stands on a circle, a blank has no sign but its name, and its replacement is named."""
    unseen = replace(TEXT, counts=(("attentive", count("a\u00a0be\u0301")),))
    shown = render_text([unseen])
    assert "  U+00A0 NO-BREAK SPACE, at character 2: write a space instead" in shown
    assert "◌\u0301 U+0301 COMBINING ACUTE ACCENT" in shown


def test_messages_in_colour(golden):
    """With colour the bubble reads as the message does; the legend says what the colours mean."""
    text = render_text([TEXT], color=True)
    golden("render_color.txt", text.replace("\x1b", "ESC"))
    assert "Northwind: \x1b[0mYou" in text


@pytest.mark.parametrize("width", [30, 40, 60, 80, 200])
def test_bubbles_are_boxes(width):
    """Every line of a bubble is as wide as its edges, whatever stands in it."""
    wide = replace(TEXT, runs={"body": (TextRun("data", "\U0001f381 " * 40 + "x" * 150 + "\n\n\te\u0301", "m"), BRAND)})
    rows = [row for row in render_text([wide], width=width).split("\n") if row.startswith("  ") and row[2] in "╭│╰"]
    assert len({cell_width(row) for row in rows}) == 1
    assert len(rows) > 4


def test_no_message_is_said():
    """A project without messages says so, in every form."""
    assert render_text([]) == "No message to render."
    assert render_markdown([]) == "No message to render."
    assert "No message to render." in render_html([])
    ET.fromstring(render_svg([])[0])


def test_a_text_within_the_narrow_alphabet_names_no_character():
    """Where nothing forces the wide encoding, nothing is said about it."""
    plain = RenderedMessage("message.a", "text", "", {"body": "Hi"}, {"body": "Hi"}, (("attentive", count("Hi")),))
    assert "wide" not in render_text([plain])


def test_messages_are_json():
    """The JSON has both texts, what is read and by whom it was written, both counts, the worst sample, the macros."""
    text, email = json.loads(render_json([TEXT, EMAIL]))["messages"]
    assert text["composer"]["body"] == COMPOSER
    assert text["reads"]["body"] == f"Northwind: {READS}"
    assert text["counts"]["carrier"]["encoding"] == "UCS-2"
    assert text["runs"]["body"][0] == {"origin": "platform", "text": "Northwind: ", "macro": ""}
    assert (text["worst"]["sample"], text["worst"]["count"]["segments"]) == ("longest", 2)
    assert text["macros"][0]["values"] == {"happy": None, "long": "NW|5"}
    assert email["reads"]["subject"] == "Order 54321 has arrived"


def test_markdown(golden):
    """A comment on a pull request has what is read, its length and a table of macros."""
    golden("render.md", render_markdown([TEXT, EMAIL]))


@pytest.mark.parametrize("words", ["1. one", "- one", "> one", "    one", "# one", "=== one", "+ one"])
def test_a_line_begins_nothing(words):
    """What would begin a list, a heading, a quotation or code in markdown is text."""
    shown = render_markdown([replace(EMAIL, runs={"plain": (TextRun("author", words),)}, rendered={"plain": words})])
    (line,) = [line for line in shown.split("\n") if line.startswith("> ")]
    assert re.match(r"> (&#\d+;|\\)", line)


def test_users_text_is_never_markup():
    """Whatever a message holds, it is shown: markdown, page and picture keep their form."""
    quoted = [line for line in render_markdown([BAD]).split("\n") if line.startswith("> ")]
    assert quoted
    assert not re.search(r"(?<!\\)<script", "\n".join(quoted))
    svg, _ = render_svg([BAD])
    assert "script" not in {element.tag.rpartition("}")[2] for element in ET.fromstring(svg).iter()}
    page = _Page()
    page.feed(render_html([BAD]))
    assert "script" not in page.tags
    assert page.frames == [{"sandbox": "", "title": "message.delivered_email", "srcdoc": HOSTILE}]
    assert "\x1b" not in ANSI.sub("", render_text([BAD]))


class _Page(HTMLParser):
    """The tags of a page and what its frames may do."""

    def __init__(self):
        super().__init__()
        self.tags, self.frames = set(), []

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        if tag == "iframe":
            self.frames.append(dict(attrs))


def test_pages_and_pictures_ask_for_nothing():
    """Neither the page nor the picture names anything outside of itself."""
    page, (svg, _) = render_html([TEXT, EMAIL]), render_svg([TEXT, EMAIL])
    assert not re.search(r"(?:src|href)=|@import|url\(", page)
    assert not re.search(r"href|@import|url\(|@font-face", svg)
    assert "default-src 'none'" in page


def test_a_picture_holds_every_word():
    """The picture has all the words, and is as high as it needs."""
    svg, (width, height) = render_svg([TEXT])
    root = ET.fromstring(svg)
    said = " ".join("".join(element.itertext()) for element in root.iter() if element.tag.endswith("}text"))
    assert f"Northwind: {READS}".replace("  ", " [nothing] ") in said.replace(
        "order [nothing]  is", "order [nothing] is"
    )
    assert (root.get("width"), root.get("height")) == (str(width), str(height))
    ends = [float(one.get("y")) + float(one.get("height")) for one in root.iter() if one.tag.endswith("}rect")]
    assert max(ends) <= height


def test_a_segment_is_a_cell():
    """Page and picture have a cell for each segment that is taken or may be; what is over shows."""
    for words, limit, full, over in ((100, 3, 1, 0), (170, 2, 2, 0), (330, 2, 2, 1)):
        long = count("x" * words)
        message = replace(
            TEXT, counts=(("attentive", long),), measured=Measured("a", made=False, count=long, limit=limit)
        )
        svg, _ = render_svg([message])
        page = render_html([message])
        shown = max(limit, full + over)
        assert (svg.count('class="track"'), page.count("</i></span>")) == (shown, shown)
        assert (svg.count('class="over"'), page.count('class="over"><i')) == (over, over)
        assert page.count('width:100%"></i>') == long.segments - 1


def test_what_is_filled_in_is_no_link():
    """Only links are underlined, in a page as in a picture."""
    assert "underline" not in render_html([TEXT]) + render_svg([TEXT])[0]


def test_a_picture_as_png(tmp_path):
    """Where a Chromium is installed, the picture is photographed, two dots to a pixel."""
    try:
        find_browser()
    except ScreenshotError as error:
        pytest.skip(f"{error.message}: {error.hint}")
    svg, size = render_svg([TEXT])
    screenshot(picture_page(svg), tmp_path / "a.png", size)
    data = (tmp_path / "a.png").read_bytes()
    assert struct.unpack(">II", data[16:24]) == (size[0] * 2, size[1] * 2)


def test_an_email_is_photographed_as_it_looks(tmp_path):
    """A photograph of an email has its HTML, laid out, down to its last line; what is in it runs nothing."""
    try:
        find_browser()
    except ScreenshotError as error:
        pytest.skip(f"{error.message}: {error.hint}")
    high = '<div style="height: 700px; background: #00f"></div><script>document.body.innerHTML = ""</script>'
    page = mail_page([replace(EMAIL, rendered={**EMAIL.rendered, "html": high})])
    height = height_of(page, WIDTH, HEIGHT)
    assert 700 < height < 1_200
    screenshot(page, tmp_path / "a.png", (WIDTH, height))
    data = (tmp_path / "a.png").read_bytes()
    assert struct.unpack(">II", data[16:24]) == (WIDTH * 2, height * 2)


def test_a_picture_is_whole(tmp_path):
    """A tall picture is drawn down to its last row, whatever a window keeps for itself."""
    try:
        find_browser()
    except ScreenshotError as error:
        pytest.skip(f"{error.message}: {error.hint}")
    page = '<!doctype html><body style="margin:0;background:#fff"><div style="height:900px;background:#f00"></div>'
    screenshot(page, tmp_path / "a.png", (40, 900))
    data = (tmp_path / "a.png").read_bytes()
    assert data == cut_to(data, 1800)
    packed = data[data.index(b"IDAT") + 4 : data.index(b"IEND")]
    rows = zlib.decompressobj().decompress(packed)
    width = 40 * 2 * {2: 3, 6: 4}[data[25]]
    last = rows[-width - 1 :]
    reds = {
        0: b"\xff\x00\x00",
        1: b"\xff\x00\x00",
        2: b"\x00\x00\x00",
    }  # as it is, less its neighbor, less the one above
    assert last[1:4] == reds[last[0]]
    assert len(rows) == 1800 * (width + 1)


def test_no_browser(tmp_path, monkeypatch):
    """Where none is installed, what to install is said; one that takes no picture is named."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("DEPLOYER_CHROMIUM", raising=False)
    with pytest.raises(ScreenshotError, match="none was found") as caught:
        find_browser()
    assert "Chromium" in caught.value.hint
    browser = tmp_path / "browser"
    monkeypatch.setenv("DEPLOYER_CHROMIUM", str(browser))
    with pytest.raises(ScreenshotError, match="can't be run"):
        find_browser()
    for script, said in (("exit 0", "took no picture"), ("echo broken >&2; exit 3", "broken")):
        browser.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        browser.chmod(0o755)
        with pytest.raises(ScreenshotError, match=said):
            screenshot("<p>", tmp_path / "a.png", (10, 10))
    assert not (tmp_path / "a.png").exists()
