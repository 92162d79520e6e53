"""An outline as a picture: well-formed, every word in it, nothing of it read as markup, nothing from outside."""

from __future__ import annotations

from xml.etree.ElementTree import fromstring

from hypothesis import given
from hypothesis import strategies as st

from deployer.views.outline import Command, Copy, Diff, Entry, Quote, Run, entry, heading
from deployer.views.outline_svg import WIDTH, picture, picture_page

WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
NODES = st.one_of(
    WORDS.map(heading),
    WORDS.map(Quote),
    WORDS.map(lambda text: Copy("title", text)),
    WORDS.map(lambda text: Command("run", text)),
    WORDS.map(lambda text: Diff((("+", text),))),
    st.tuples(WORDS, WORDS).map(lambda pair: entry(Run(pair[0]), marker="22:10", children=(Quote(pair[1]),))),
)


def drawn(nodes):
    """The picture's texts, from top to bottom, and the picture itself."""
    root = fromstring(picture(nodes, "A <title> & more"))
    return ["".join(one.itertext()) for one in root.iter("{http://www.w3.org/2000/svg}text")], root


@given(st.lists(NODES, max_size=6))
def test_any_outline_is_a_picture(nodes):
    """Whatever an outline holds, its picture is XML, as high as what is in it, and the same each time."""
    texts, root = drawn(nodes)
    assert len(texts) >= len(nodes)
    heights = [float(one.get("y")) for one in root.iter("{http://www.w3.org/2000/svg}text")]
    assert all(y < float(root.get("height")) for y in heights)
    assert root.get("width") == str(WIDTH)
    assert picture(nodes, "a") == picture(nodes, "a")


def test_every_word_is_there_and_none_is_markup():
    """Headings, times, entries and the texts in bubbles are drawn as they are, in their order."""
    node = Entry((Run("sent to "), Run("<b>Ana</b>")), (Quote("Hi & bye\nsecond line"),), marker="22:10")
    texts, root = drawn([heading("Sun May 10"), node])
    assert texts == ["Sun May 10", "22:10", "sent to <b>Ana</b>", "Hi & bye", "second line"]
    assert root.find("{http://www.w3.org/2000/svg}title").text == "A <title> & more"


def test_a_long_text_stays_inside():
    """A long line is broken, and a long word too; the bubble grows with it."""
    short, long = (picture([Quote(text)], "a") for text in ("word", "word " * 60 + "x" * 300))
    assert float(fromstring(long).get("height")) > float(fromstring(short).get("height"))
    texts, _ = drawn([Quote("word " * 60 + "x" * 300)])
    assert len(texts) > 5
    assert all(len(text) < 120 for text in texts)


def test_a_page_asks_for_nothing():
    """The page around a picture may load nothing, and its title is no markup."""
    page = picture_page([heading("a")], "</title><script>")
    assert "default-src 'none'" in page
    assert "<script>" not in page
    assert "http" not in page.replace("http-equiv", "").replace("http://www.w3.org/2000/svg", "")
