"""What the checks promise: a message that passes them has no gap for any valid event, and no typo in a macro passes."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from deployer.messages import event_data, render
from deployer.source import Severity

PROPERTIES = {
    "Order Id": {"type": "string", "minLength": 1, "maxLength": 12},
    "carrier": {"type": "string", "enum": ["UPS", "FedEx"]},
    "count": {"type": "integer", "minimum": 0},
    "note": {"type": "string", "minLength": 1, "optional": True},
    "maybe": {"type": "string"},
    "store": {
        "type": "object",
        "properties": {
            "city": {"type": "string", "minLength": 1},
            "floor": {"type": "string", "minLength": 1, "optional": True},
        },
    },
    "lines": {
        "type": "array",
        "items": {
            "type": "object",
            "properties": {
                "name": {"type": "string", "minLength": 1},
                "gift": {"type": "string", "minLength": 1, "optional": True},
            },
        },
    },
}
HAPPY = {
    "Order Id": "54321",
    "carrier": "UPS",
    "count": 1,
    "note": "Enjoy",
    "maybe": "x",
    "store": {"city": "Portland", "floor": "2"},
    "lines": [{"name": "Mug", "gift": "yes"}],
}

PATHS = st.sampled_from(
    [
        *(f"triggerEvent.custom['{key}']" for key in (*PROPERTIES, "order id")),
        "triggerEvent.custom['store'].city",
        "triggerEvent.custom['store'].floor",
        "triggerEvent.custom['lines'][0].name",
        "triggerEvent.note",
    ]
)
MACROS = st.one_of(
    PATHS.map("{{{{{}}}}}".format),
    PATHS.map("{{{{ {} | default: 'you' }}}}".format),
    PATHS.map("{{{{ {} | upcase }}}}".format),
)
TESTS = st.one_of(
    PATHS,
    PATHS.map("{} != nil".format),
    PATHS.map("{} != blank".format),
    PATHS.map("{} != ''".format),
    PATHS.map("{} == nil".format),
    st.tuples(PATHS, PATHS).map(" and ".join),
    st.tuples(PATHS, PATHS).map(" or ".join),
)
LOOP = "{{% for line in triggerEvent.custom['lines'] %}}{{{{line.{}}}}}{{% endfor %}}"
WORDS = st.sampled_from(["Hello ", " is here. ", "– “it’s” "])  # noqa: RUF001 - unusual characters are the point


def blocks(inside):
    """Conditions around texts."""
    return st.one_of(
        st.builds("{{% if {} %}}{}{{% else %}}{}{{% endif %}}".format, TESTS, inside, inside),
        st.builds("{{% unless {} %}}{}{{% endunless %}}".format, TESTS, inside),
        st.lists(inside, min_size=1, max_size=3).map("".join),
    )


LIQUID = st.recursive(MACROS | WORDS | st.sampled_from(["name", "gift"]).map(LOOP.format), blocks, max_leaves=5)


def project(channel, body):
    """A project of one event type and one message."""
    event = {"kind": "EventType", "id": "paid", "name": "Paid", "app": "orders", "properties": PROPERTIES}
    event["samples"] = {"happy": HAPPY}
    words = {"body": body} if channel == "text" else {"subject": "Your order", "from": "a@acme.example", "html": body}
    message = {"kind": "Message", "id": "one", "channel": channel, "event": "paid", **words}
    return f"{json.dumps(event)}\n---\n{json.dumps(message)}\n"


def payloads():
    """Every shape of a valid payload."""
    text = st.sampled_from(["x", "Zoë", "{{ a }}"])
    store = st.fixed_dictionaries({"city": text}, optional={"floor": text})
    line = st.fixed_dictionaries({"name": text}, optional={"gift": text})
    return st.fixed_dictionaries(
        {
            "Order Id": text,
            "carrier": st.sampled_from(["UPS", "FedEx"]),
            "count": st.integers(0, 3),
            "maybe": st.sampled_from(["", "x"]),
            "store": store,
            "lines": st.lists(line, max_size=2),
        },
        optional={"note": text},
    )


def errors(problems):
    """The problems that keep a message from being used."""
    return [one for one in problems if one.severity is Severity.ERROR]


SLOW = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


@SLOW
@given(st.lists(MACROS | WORDS, min_size=1, max_size=4).map("".join), st.lists(payloads(), min_size=3, max_size=6))
def test_a_text_that_passes_has_no_gap(checked, body, events):
    """If the checks find no error in a text, each valid event fills every macro with something."""
    assume(not errors(checked(project("text", body))))
    for event in events:
        rendered = render(body, event_data(event))
        assert rendered.holes == ()
        assert "{{" not in rendered.text or "{{ a }}" in json.dumps(event)


@SLOW
@given(LIQUID, st.lists(payloads(), min_size=5, max_size=8))
def test_an_email_that_passes_has_no_gap(checked, html, events):
    """If the checks find no error in an email, no valid event leaves a macro of it undefined."""
    assume(html.strip() and not errors(checked(project("email", html))))
    for event in events:
        holes = render(html, event_data(event)).holes
        assert [one for one in holes if "default" not in html[one.start : html.find("}}", one.start)]] == []


RIGHT = "Order {{triggerEvent.custom['Order Id']}} by {{triggerEvent.custom['carrier']}} is here."
STARTS = [6, 45]
PLACES = [*range(6, 41), *range(45, 79)]


def typos():
    """The text with one character of a macro left out, replaced or doubled."""
    letters = st.sampled_from("aZ_'\"[]{}().,|% -9é")
    change = st.tuples(st.sampled_from(["out", "put", "in"]), st.sampled_from(PLACES), letters)
    inside = change.filter(lambda one: not (one[0] == "in" and one[1] in STARTS))
    return inside.map(lambda one: _changed(*one))


def _changed(how, place, letter):
    end = place if how == "in" else place + 1
    return RIGHT[:place] + ("" if how == "out" else letter) + RIGHT[end:]


@pytest.fixture(scope="module")
def clean(checked):
    """The problems of the text without a typo: there are none."""
    found = checked(project("text", RIGHT))
    assert found == ()
    return found


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(typos())
def test_any_typo_in_a_macro_is_caught(checked, clean, body):
    """One wrong character within a macro is found, unless it is a space that changes nothing."""
    rendered = "Order 54321 by UPS is here."
    if checked(project("text", body)) == clean:
        assert render(body, event_data(HAPPY)).text == rendered
