"""Values beside macros: what the event's usual sample prints there, while it is typed."""

from __future__ import annotations

import pytest

from deployer.editor.inlays import inlays
from tests.editor.conftest import TEXTS

EMAIL = "emails/delivered.html"
LINKS = "macros/links.jinja"


def shown(at, path: str) -> list[tuple[str, str]]:
    """Each inlay of a file: the words right in front of it, and its own."""
    text = at.desk.text(path)
    found = inlays(at.desk, path, 0, len(text.starts))
    return [(text.line(one.at.start.line)[: one.at.start.column][-12:], one.text) for one in found]


def test_each_macro_of_a_text_has_its_value(at) -> None:
    """Behind each macro is what the usual sample prints, in the order of the file."""
    found = shown(at, TEXTS)
    assert found[:2] == [("Order Id']}}", "54321"), ("ery_date']}}", "May 10")]


def test_what_is_typed_counts(at) -> None:
    """A macro that was just written has its value before the file is saved; a filter is applied."""
    at.type(TEXTS, "{{triggerEvent.custom['delivery_date']}}", "{{triggerEvent.custom['delivery_date'] | upcase}}")
    assert "MAY 10" in [words for _, words in shown(at, TEXTS)]


def test_a_gap_is_named(at) -> None:
    """A macro without a value in the sample says that it prints nothing."""
    at.type(TEXTS, "{{triggerEvent.custom['delivery_date']}}", "{{triggerEvent.custom['nowhere']}}")
    assert "nothing" in [words for _, words in shown(at, TEXTS)]


def test_personal_values_are_asterisks(at) -> None:
    """What is marked as personal isn't shown in an editor that others look at."""
    found = shown(at, EMAIL)
    assert "***" in [words for _, words in found]
    assert not [words for _, words in found if "Ada" in words]


def test_only_the_lines_that_are_seen(at) -> None:
    """An editor asks for the lines on its screen: no other is answered."""
    everything = inlays(at.desk, TEXTS, 0, 10_000)
    line = everything[0].at.start.line
    assert {one.at.start.line for one in inlays(at.desk, TEXTS, line, line)} == {line}


@pytest.mark.parametrize("path", ["deployer.yaml", "events/order_shipped.yaml"])
def test_where_nothing_is_said_there_is_none(at, path: str) -> None:
    """A file without words of messages has none."""
    assert shown(at, path) == []


def test_a_call_has_what_it_puts_in(at) -> None:
    """Behind a call of a macro, a property by its name and a value of the brand is what a customer reads there."""
    assert ('g_url") ]]', "Track it: https://northwind.example/t/54…") in [(a[-10:], b) for a, b in shown(at, TEXTS)]
    assert ("nd.address ]]"[-12:], "Northwind Trading Company, 12 Harbor Str…") in shown(at, EMAIL)


def test_a_macro_file_shows_what_its_macros_print_where_they_are_called(at) -> None:
    """The head of a macro has what its first call prints; a value of the brand is what it is for every event."""
    found = dict(shown(at, LINKS))
    assert found["track(key) %]"[-12:]] == "Track it: https://northwind.example/t/54…"
    assert found["pport_url ]]"] == "https://northwind.example/help"


def test_of_several_events_the_hover_has_each_value(at) -> None:
    """A macro of several events in a macro file shows the first value that is one, and says which event has which."""
    at.type(LINKS, "Track it: ", "Track it ({{triggerEvent.custom['delivery_date']}}): ")
    found = [one for one in inlays(at.desk, LINKS, 0, 9) if "(delivery_delayed" in one.about]
    assert found[0].text == "May 13"
    assert found[0].about.split("\n") == [
        "May 13 (delivery_delayed, sample happy)",
        "May 10 (order_shipped, sample happy)",
    ]


def test_a_partial_is_about_the_event_of_the_message_that_includes_it(at) -> None:
    """A file that an email includes has the values of the email's event, also two files down."""
    at.type(EMAIL, "[[ brand.name ]]", '[% include "emails/part.html" %]')
    (at.desk.root / "emails" / "part.html").write_text('<b>[% include "emails/inner.html" %]</b>\n', "utf-8")
    (at.desk.root / "emails" / "inner.html").write_text("{{triggerEvent.custom['Order Id']}}\n", "utf-8")
    at.desk.refresh()
    assert shown(at, "emails/inner.html") == [("Order Id']}}", "54321")]


@pytest.mark.parametrize("broken", ["{{triggerEvent.custom['delivery_date'] | nofilter}}", "{{triggerEvent.custom[}}"])
def test_what_can_t_be_rendered_has_none(at, broken: str) -> None:
    """Half a macro, or one with a filter that doesn't exist, has no value; the others keep theirs."""
    before = len(shown(at, TEXTS))
    at.type(TEXTS, "{{triggerEvent.custom['delivery_date']}}", broken)
    assert len(shown(at, TEXTS)) == before - 1
