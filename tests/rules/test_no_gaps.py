"""What the checks promise: a message that passes them has no gap for any valid event, and no typo in a macro passes."""

from __future__ import annotations

import json
import re

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
    "gift": {"type": "boolean", "optional": True},
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
    "gift": True,
    "store": {"city": "Portland", "floor": "2"},
    "lines": [{"name": "Mug", "gift": "yes"}],
}

NOTE = "triggerEvent.custom['note']"
LINES = "triggerEvent.custom['lines']"
PATHS = st.sampled_from(
    [
        *(f"triggerEvent.custom['{key}']" for key in ("Order Id", "carrier", "count", "maybe", "order id")),
        *[NOTE, "triggerEvent.custom.note"] * 3,
        "triggerEvent.custom['gift']",
        "triggerEvent.custom['store'].city",
        "triggerEvent.custom['store'].floor",
        f"{LINES}[0].name",
        f"{LINES}.first.gift",
        "triggerEvent.note",
    ]
)
MACROS = st.one_of(
    PATHS.map("{{{{{}}}}}".format),
    PATHS.map("{{{{ {} | default: 'you' }}}}".format),
    PATHS.map("{{{{ {} | upcase }}}}".format),
)
WORDS = st.sampled_from(["Hello ", " is here. ", "– “it’s” "])  # noqa: RUF001 - unusual characters are the point

# In an email each output stands between ⟦ and ⟧, and what filters put together between « and » or between ¦ and ¦: two
# of them that touch are a gap, whichever engine renders the text.
GAP = re.compile("⟦⟧|«»|¦¦")
DUMP = re.compile(r"=>|\{['\"]|\[['\"{]")
VALUES = (
    *("triggerEvent.custom['Order Id']", "triggerEvent.custom['carrier']", "triggerEvent.custom['count']"),
    *("triggerEvent.custom['store'].city", "triggerEvent.custom['store'].floor", f"{LINES}[0].name"),
    *(f"{LINES}.first.gift", "triggerEvent.custom['gift']", "triggerEvent.custom[key]", "subscriber.firstName"),
    *(NOTE, NOTE, NOTE, NOTE, "triggerEvent.custom.note", "n", "n", "m", "'x'"),
)
DEFAULTS = (" | default", " | default: ''", " | default: nil", *[" | default: 'you'"] * 4, " | default: {}")
FILTERS = (
    *DEFAULTS,
    *(" | prepend: '«' | append: {} | append: '»'", " | prepend: {} | prepend: '«' | append: '»'"),
    " | append: 'x' | replace: 'x', {} | prepend: '«' | append: '»'",
    *(
        " | upcase",
        " | strip",
        " | escape",
        " | size",
        " | date: '%Y'",
        " | slice: 0, 3",
        " | slice: 2",
        " | url_encode",
    ),
    *(" | plus: {}", " | replace_first: 'x', {}", " | at_least: 1", " | capitalize | truncatewords: 2, '…'"),
    *(" | split: ',' | first", " | split: ',' | last", " | split: ' ' | join: ' '", " | first", " | truncate: 9"),
)
LISTS = (
    f"{LINES} | map: 'gift' | join: '¦' | prepend: '¦' | append: '¦'",
    f"{LINES} | map: 'name' | join: '¦' | prepend: '¦' | append: '¦'",
    f"{LINES} | map: 'name' | first",
    f"{LINES} | map: 'name' | first | default: 'x'",
    f"{LINES} | where: 'gift' | map: 'name' | first",
    *(f"{LINES} | join: ','", f"{LINES} | size", f"{LINES} | first", LINES, "triggerEvent.custom['store']"),
    *("triggerEvent.custom['store'] | upcase", "triggerEvent.custom['store'] | default: 'x'"),
)
TESTS = (
    *["{}"] * 5,
    *("{} != nil", "{} == nil", "{} != blank", "{} == blank", "{} != ''", "{} == ''", "{} != empty", "{} == empty"),
    *(
        "{} == 'x'",
        "{} != 'x'",
        "{} contains 'x'",
        "{} == false",
        "{} == true",
        "{} == {}",
        "{} != {}",
        "{} contains {}",
    ),
    *(f"{NOTE}.size > 0", f"{NOTE}.size >= 1", f"{NOTE}.size != 0", f"{NOTE}.size == 0", "n.size > 0", "1 == m.size"),
    *("{} > 0", "m > 0", "0 < m"),
    *("{} and {}", "{} or {}", "{} == nil or {}", "{} != nil and {} == 'x'", "{} and {} or {}", "{} or {} and {}"),
)
HEADS = (
    f"{{% for line in {LINES} %}}",
    f"{{% for line in {LINES} limit: 1 %}}",
    f"{{% for line in {LINES} reversed %}}",
    "{% for line in (1..2) %}",
    f"{{% tablerow line in {LINES} %}}",
)
IN_LOOPS = (
    *("⟦{{ line.name }}⟧", "⟦{{ line.gift }}⟧", "⟦{{ line.gift | default: line.name }}⟧", "⟦{{ forloop.index }}⟧"),
    "{% if line.gift %}⟦{{ line.gift }}⟧{% endif %}",
    "{% if line.gift == nil %}{% continue %}{% endif %}⟦{{ line.gift }}⟧",
    "{% assign m = line.gift %}",
    "{% assign n = line %}⟦{{ n.name }}⟧",
    "{% assign n = line.name %}{% break %}",
    "{% unless line.gift %}{% break %}{% endunless %}{% assign m = line.gift %}",
    "{% if forloop.first %}{% assign m = line.name %}{% endif %}",
    "",
)
PLAIN_WORDS = ("Hello ", " is here. ", "– “it’s” ")  # noqa: RUF001 - unusual characters are the point


class Author:
    """Writes an email's Liquid, as hypothesis draws it: every construct that carries a gap on or keeps it back."""

    def __init__(self, draw) -> None:
        self.draw = draw

    def pick(self, choices):
        return self.draw(st.sampled_from(choices))

    def filled(self, text):
        """Put a value into each pair of braces."""
        while "{}" in text:
            text = text.replace("{}", self.pick(VALUES), 1)
        return text

    def expression(self):
        return self.filled(self.pick(VALUES) + "".join(self.pick(FILTERS) for _ in range(self.pick((0, 0, 1, 1, 2)))))

    def output(self):
        kind = self.pick(("value", "value", "value", "echo", "cycle", "counter", "list", "words"))
        if kind == "cycle":
            return self.filled(self.pick(("⟦{% cycle {}, {} %}⟧", "⟦{% cycle 'a': {}, {} %}⟧")))
        if kind == "counter":
            return self.pick(("⟦{% increment c %}⟧", "⟦{% decrement n %}⟧", "{% increment n %}⟦{{ n }}⟧"))
        if kind == "words":
            return self.pick(PLAIN_WORDS)
        inside = self.pick(LISTS) if kind == "list" else self.expression()
        return f"⟦{{% echo {inside} %}}⟧" if kind == "echo" else f"⟦{{{{ {inside} }}}}⟧"

    def set(self):
        name = self.pick(("n", "m"))
        kind = self.pick(("assign", "assign", "size", "capture"))
        if kind == "capture":
            inside = self.pick(("", "«", "words ")) + "{{ " + self.expression() + " }}"
            return f"{{% capture {name} %}}{inside}{{% endcapture %}}"
        return f"{{% assign {name} = {self.expression()}{' | size' if kind == 'size' else ''} %}}"

    def test(self):
        return self.filled(self.pick(TESTS))

    def text(self, depth):
        return "".join(self.piece(depth) for _ in range(self.pick((1, 1, 2, 3))))

    def piece(self, depth):
        """One output, or tags around texts that are a step less deep."""
        tags = (
            *(
                self.set_first,
                self.flag,
                self.condition,
                self.chain,
                self.unless,
                self.case,
                self.loop,
                self.loop,
                self.lines,
            ),
            self.changed,
        )
        tag = self.pick((None, None, *tags)) if depth else None
        return tag(self.text(depth - 1), self.text(depth - 1)) if tag else self.output()

    def set_first(self, one, other):
        return self.set() + one + other

    def flag(self, one, other):
        # `f` is printed nowhere: that a name without words prints none is what its author wrote.
        name, value = self.pick((("n", "true"), ("m", "'x'"), ("f", "nil"), ("m", "false")))
        set_where = f"{{% if {self.test()} %}}{{% assign {name} = {value} %}}{{% endif %}}"
        first = self.pick(("", f"{{% assign {name} = false %}}", f"{{% assign {name} = true %}}"))
        return f"{first}{set_where}{{% if {name} %}}⟦{{{{ {NOTE} }}}}⟧{one}{{% else %}}{other}{{% endif %}}"

    def condition(self, one, other):
        return f"{{% if {self.test()} %}}{self.set()}{one}{{% else %}}{other}{{% endif %}}"

    def chain(self, one, other):
        return f"{{% if {self.test()} %}}{one}{{% elsif {self.test()} %}}{other}{{% endif %}}"

    def unless(self, one, other):
        return f"{{% unless {self.test()} %}}{one}{{% else %}}{other}{{% endunless %}}"

    def case(self, one, other):
        return self.filled("{% case {} %}{% when 'x', {} %}") + f"{one}{{% else %}}{other}{{% endcase %}}"

    def lines(self, one, other):
        return f"{{% liquid\n assign n = {self.expression()}\n assign m = n\n%}}{one}{other}"

    def changed(self, one, other):
        return f"{{% ifchanged %}}{one}{{% endifchanged %}}{other}"

    def loop(self, one, other):
        head = self.pick(HEADS)
        body = f"{head}{self.pick(IN_LOOPS)}{one}{self.pick(IN_LOOPS)}"
        if "tablerow" in head:
            return body.replace("forloop", "tablerowloop") + "{% endtablerow %}"
        return body + self.pick(("", f"{{% else %}}{other}")) + "{% endfor %}"


@st.composite
def liquid(draw):
    """The HTML of an email."""
    return START + Author(draw).text(2)


START = "{% assign key = 'note' %}{% assign n = 'x' %}{% assign m = 'x' %}"


def project(channel, body):
    """A project of one event type and one message."""
    event = {"kind": "EventType", "id": "paid", "name": "Paid", "app": "orders", "properties": PROPERTIES}
    event["samples"] = {"happy": HAPPY}
    words = {"body": body} if channel == "text" else {"subject": "Your order", "from": "a@acme.example", "html": body}
    message = {"kind": "Message", "id": "one", "channel": channel, "event": "paid", **words}
    return f"{json.dumps(event)}\n---\n{json.dumps(message)}\n"


def payloads(maybe=("", "x")):
    """Every shape of a valid payload; ``maybe`` are the values of the text that may be empty."""
    text = st.sampled_from(["x", "Zoë", "{{ a }}"])
    store = st.fixed_dictionaries({"city": text}, optional={"floor": text})
    line = st.fixed_dictionaries({"name": text}, optional={"gift": text})
    return st.fixed_dictionaries(
        {
            "Order Id": text,
            "carrier": st.sampled_from(["UPS", "FedEx"]),
            "count": st.integers(0, 3),
            "maybe": st.sampled_from(maybe),
            "store": store,
            "lines": st.lists(line, max_size=2),
        },
        optional={"note": text, "gift": st.booleans()},
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


FIRST_NAMES = st.fixed_dictionaries({}, optional={"firstName": st.just("Ann")})
EMAILS = settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module")
def engines(request):
    """What prints an email: our engine, and the reference engine of Liquid where it is installed."""
    ours = [lambda html, data: render(html, data).text]
    try:
        reference = request.getfixturevalue("reference_liquid")
    except pytest.skip.Exception:
        return ours
    return [*ours, lambda html, data: reference.render(html, data) or ""]


@pytest.mark.long
@EMAILS
@given(liquid(), st.lists(st.tuples(payloads(maybe=["x"]), FIRST_NAMES), min_size=4, max_size=8))
def test_an_email_that_passes_has_no_gap(engines, checked, html, events):
    """If the checks find no error in an email, every output of it prints words, whatever a valid event leaves out."""
    assume(not errors(checked(project("email", html))))
    for event, person in events:
        for printed in engines:
            text = printed(html, event_data(event, person))
            assert GAP.findall(text) == []
            assert DUMP.findall(text) == []


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
