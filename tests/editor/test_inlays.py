"""Values beside macros: what the event's usual sample prints there, while it is typed."""

from __future__ import annotations

import pytest

from deployer.editor.inlays import inlays
from tests.editor.conftest import TEXTS

EMAIL = "emails/delivered.html"


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


@pytest.mark.parametrize("path", ["deployer.yaml", "events/order_shipped.yaml", "macros/links.jinja"])
def test_where_nothing_is_said_or_of_many_events_there_is_none(at, path: str) -> None:
    """A file without words of messages has none, nor has a macro file, which several events use."""
    assert shown(at, path) == []


@pytest.mark.parametrize("broken", ["{{triggerEvent.custom['delivery_date'] | nofilter}}", "{{triggerEvent.custom[}}"])
def test_what_can_t_be_rendered_has_none(at, broken: str) -> None:
    """Half a macro, or one with a filter that doesn't exist, has no value; the others keep theirs."""
    before = len(shown(at, TEXTS))
    at.type(TEXTS, "{{triggerEvent.custom['delivery_date']}}", broken)
    assert len(shown(at, TEXTS)) == before - 1
