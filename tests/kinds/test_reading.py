"""Which properties of its event a live journey shows to customers; what can't be told counts as shown."""

from __future__ import annotations

import pytest

from deployer.kinds import KINDS

KEYS = ("Order Id", "day")
RUNS = {"create": {"name": "J", "trigger": "Order Shipped"}, "turn_on": {"status": "active"}}


def reads(live, event="Order Shipped"):
    """What is read through the slots of a journey."""
    person = KINDS["Journey"].person
    assert person is not None
    return person.reads(live, event, KEYS)


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ({"text": "Order {{triggerEvent.custom['Order Id']}}."}, ("Order Id",)),
        ({"text": "Order {{ triggerEvent.custom.day | upcase }}."}, ("day",)),
        ({"subject": "{{triggerEvent.custom['day']}}", "html": "{{triggerEvent.custom['Order Id']}}"}, KEYS),
        ({"text": "day and Order Id, but no macro, and {{subscriber.day}}"}, ()),
        ({"text": "{{triggerEvent.custom['other']}}"}, ()),
        ({"text": "{% for one in triggerEvent.custom %}{{ one }}{% endfor %}"}, KEYS),
        ({"text": "{{ triggerEvent.custom[subscriber.name] }}"}, KEYS),
        ({"text": "{% if day %}never closed"}, ("day",)),
        ({"text": "It left.", "media": {"property": "day"}}, ("day",)),
        ({"text": "It left.", "media": {"file": "box.jpg"}}, ()),
        ({"subject": "It left", "design": "external"}, KEYS),
        (None, ()),
    ],
)
def test_what_a_text_reads(value, found):
    """A macro reads its key; a loop over all, an index by a value, or words that can't be parsed read what they may."""
    assert reads({**RUNS, "send.text": value}) == ({"send.text": found} if found else {})


def test_only_what_runs_on_the_event_reads():
    """A journey that is off, one on another event, and a wait read nothing; a former one that runs may read all."""
    text = {"send.text": {"text": "{{triggerEvent.custom['day']}}"}}
    assert reads({**RUNS, **text, "turn_on": {"status": "inactive"}}) == {}
    assert reads({**RUNS, **text}, "Order Delivered") == {}
    assert reads({**RUNS, "wait.day": {"for": "1 day"}}) == {}
    former = {"name": "J", "trigger": "Order Shipped", "status": "active"}
    assert reads({"former.abc": former}) == {"former.abc": KEYS}
    assert reads({"former.abc": {**former, "status": "inactive"}}) == {}


def test_others_read_no_event():
    """An opt-in or an event type shows no property to anybody."""
    for kind in KINDS.values():
        if kind.person is not None and kind.name != "Journey":
            assert kind.person.reads(RUNS, "Order Shipped", KEYS) == {}
        assert kind.name == "EventType" or kind.carried({"keys": {"day": "string"}}) == {}
