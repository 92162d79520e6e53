"""A part of a message as a customer gets it: what Attentive adds, links that it shortens, what is masked."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from deployer.messages import Additions, count, deliver
from deployer.messages.length import Length, Measured

SHORT = "https://acme.attn.tv/l/a/b"
TRACK = "Track: {{triggerEvent.custom['url']}} today"


def sent(text, properties, **added):
    """A text as a customer gets it."""
    return deliver(text, properties, Additions(**added))


def test_what_attentive_adds():
    """The brand is in front and the opt-out text behind, each told apart from the words."""
    found = sent("Order {{triggerEvent.custom['id']}}", {"id": "5"}, brand="Acme", opt_out="STOP to end")
    assert found.reads == "Acme: Order 5 STOP to end"
    assert [(run.origin, run.text) for run in found.runs] == [
        ("platform", "Acme: "),
        ("author", "Order "),
        ("data", "5"),
        ("platform", " STOP to end"),
    ]
    assert found.text == "Order 5"


def test_an_empty_text_has_no_opt_out_text():
    """Behind nothing nothing is added, neither shown nor counted."""
    found = sent("{{triggerEvent.custom['id']}}", {}, opt_out="STOP to end")
    assert (found.reads, found.count().units) == ("", 0)
    assert [hole.expression for hole in found.holes] == ["triggerEvent.custom['id']"]


@pytest.mark.parametrize("url", ["https://acme.example/orders/54321/parcels/1", "https://acme.example/größe"])
def test_a_link_is_shown_and_counted_as_customers_get_it(url):
    """Attentive's OpenAPI file, POST /v1/events/custom: URL values of at most 1,024 characters are shortened."""
    found = sent(TRACK, {"url": url}, short_link=SHORT)
    assert found.reads == f"Track: {SHORT} today"
    assert (found.count().units, found.count().encoding) == (39, "GSM-7")
    assert found.text == f"Track: {url} today"


def test_segments_begin_where_the_shown_text_is_cut():
    """A short link may be longer than the link; an edge is an offset of what is shown."""
    found = sent("a" * 140 + "{{triggerEvent.custom['url']}}", {"url": "http://x.y"}, short_link=SHORT)
    assert found.count().parts == (160,)
    assert found.count("carrier").parts == (153,)


@pytest.mark.parametrize("url", ["https://acme.example/" + "a" * 1024, "acme.example/x", 5])
def test_what_isnt_shortened(url):
    """A longer URL, a text that is none, and a number go out as they are."""
    assert sent(TRACK, {"url": url}, short_link=SHORT).reads == f"Track: {url} today"


def test_the_authors_own_link_stays():
    """Attentive shortens what comes from an event; a link that is written in the text stays as it is."""
    text = "https://acme.example/a and {{triggerEvent.custom['url']}}"
    found = sent(text, {"url": "https://acme.example/a"}, short_link=SHORT)
    assert found.reads == f"https://acme.example/a and {SHORT}"


def test_without_a_known_length_links_stay():
    """As long as nobody looked how long a short link is, links count as they are."""
    assert sent(TRACK, {"url": "https://acme.example/a"}).reads == "Track: https://acme.example/a today"


WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=80)


@given(WORDS, st.sampled_from(["", "Zoë\u2019s"]), st.sampled_from(["", "STOP"]), st.booleans())
def test_the_count_is_that_of_what_is_read(words, brand, opt_out, media):
    """What is counted is what is shown."""
    found = sent("Hi {{triggerEvent.custom['name']}}", {"name": words}, brand=brand, opt_out=opt_out, media=media)
    assert found.count().units == count(found.reads).units
    assert found.count().encoding == count(found.reads).encoding


def hidden(data):
    """Asterisks for every value."""
    return {key: "*" * len(value) for key, value in data.items()}


@given(WORDS, st.sampled_from(["", SHORT]))
@example("http://", SHORT)
@example("https://northwind.example/track/54321", SHORT)
def test_masked_values_are_counted_as_they_are(words, short_link):
    """What others may not see is in no part of what is shown, and costs what it costs."""
    added = Additions("Acme", short_link=short_link)
    text = "Hi {{triggerEvent.custom['name']}}"
    plain, masked = deliver(text, {"name": words}, added), deliver(text, {"name": words}, added, mask=hidden)
    assert masked.count() == plain.count()
    assert len(masked.reads) == len(plain.reads)
    assert masked.text == "Hi " + "*" * len(words)


def test_a_filter_that_cannot_take_a_masked_value_shows_nothing_of_it():
    """Where the masked value can't be rendered, all of the words are asterisks."""
    text = "{{triggerEvent.custom['n'] | times: 2}} {{triggerEvent.custom['n'] | date: '%Y'}}"
    found = deliver(text, {"n": "5"}, mask=hidden)
    assert "5" not in found.reads
    assert "10" not in found.reads


def measured(segments, units=1, *, limit=2, made=False, unusual=False):
    """A count, held against a limit."""
    found = count("a" * 100)
    parts = {name: getattr(found, name) for name in ("encoding", "limit_per_segment", "left", "offenders")}
    return Measured("s", made, type(found)(units=units, segments=segments, **parts), limit, unusual)


def test_one_more_than_the_limit_is_over():
    """As many segments as the limit are within it; without a limit nothing is over."""
    assert (measured(2).over, measured(2).verdict) == (False, "within the limit of 2")
    assert (measured(3).over, measured(3).verdict) == (True, "over the limit of 2")
    assert (measured(9, limit=None).over, measured(9, limit=None).verdict) == (False, "")


def test_unusual_characters_are_shown_and_not_held_against_the_limit():
    """A made sample of unusual characters is over no limit, in no wording, and isn't the worst."""
    length = Length((measured(1), measured(5, made=True, unusual=True), measured(2, made=True)))
    assert length.worst == measured(2, made=True)
    assert length.unusual == measured(5, made=True, unusual=True)
    assert "over" not in measured(5, made=True, unusual=True).verdict
    assert (length.fewest, length.most) == (1, 5)
    assert length.longest_over(made=True) is None


def test_the_longest_of_those_over():
    """Of the samples over the limit the longest is named: segments first, then units."""
    length = Length((measured(3, 1), measured(3, 2), measured(4, made=True)))
    assert length.longest_over(made=False) == measured(3, 2)
    assert length.longest_over(made=True) == measured(4, made=True)
