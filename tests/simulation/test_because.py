"""Why something is as it is, in words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from deployer import simulation as sim

START = datetime(2026, 5, 10, 17, tzinfo=UTC)
PERSON = sim.Subscriber(
    phone="+12125550100",
    time_zone="America/New_York",
    subscriptions=frozenset({sim.Subscription(sim.Category.TRANSACTIONAL, sim.Channel.TEXT)}),
)


def send(smart: str, message: str = "words") -> dict[str, object]:
    """A step that sends a text at any hour."""
    return {"id": "text", "send_text": {"message": message, "quiet_hours": "ignore", "smart_sending": smart}}


def test_smart_sending_tells_of_the_last_message(make):
    """Of several messages shortly before, the reason tells how long ago the last was."""
    journeys = [
        {"id": "often", "steps": [send("ignore")]},
        {"id": "once", "trigger": "delivered", "steps": [send("respect")]},
    ]
    events = [sim.Event(START + timedelta(hours=number), "shipped") for number in (0, 2)]
    events.append(sim.Event(START + timedelta(hours=3), "delivered"))
    timeline = sim.simulate(make.program(journeys), PERSON, events)
    [skipped] = [one for one in timeline.entries if isinstance(one, sim.NotSent)]
    assert skipped.because.words == "Smart Sending: the last message was 1 hour before, less than 12 hours"


def test_one_zone_leaves_nothing_to_assume(make):
    """Which clock a date is read on is an assumption only where the subscriber's isn't the company's."""
    messages = {"words": {"body": "{{'now' | date: '%H'}}"}}
    for zone, assumed in (("America/New_York", ()), ("Asia/Tokyo", ("date_zone",))):
        program = make.program([{"id": "j", "steps": [send("ignore")]}], messages, time_zone=zone)
        timeline = sim.simulate(program, PERSON, [sim.Event(START, "shipped")])
        [sent] = timeline.sent
        assert sent.because.assumed == assumed


def test_people_in_two_journeys_are_drawn_apart(make):
    """The same step in another journey draws its own variant: one test's outcome tells nothing of another's."""
    variants = [{"name": name, "share": 50, "steps": []} for name in ("short", "long")]
    steps = [{"id": "copy", "ab_test": {"variants": variants}}]
    mail = {"id": "mail", "send_email": {"message": "m", "quiet_hours": "ignore", "smart_sending": "ignore"}}
    program = make.program([{"id": name, "steps": [*steps, mail]} for name in ("one", "two")])
    alike = 0
    for number in range(200):
        person = sim.Subscriber(email=f"p{number}@northwind.example", time_zone="UTC")
        timeline = sim.simulate(program, person, [sim.Event(START, "shipped")])
        first, second = (one.variant for one in timeline.entries if isinstance(one, sim.Varies))
        alike += first == second
    assert 60 < alike < 140


def test_who_opts_out_in_the_same_moment_is_out():
    """A change that both subscribes and unsubscribes leaves the person out: no one is messaged by the order of keys."""
    texts = sim.Subscription(sim.Category.TRANSACTIONAL, sim.Channel.TEXT)
    both = sim.SubscriberChange(START, subscribe=frozenset({texts}), unsubscribe=frozenset({texts}))
    assert both.applied(PERSON).subscriptions == frozenset()
