"""The simulation against a second one without any cleverness, and what holds in every world.

The second one keeps a list of what is due, looks through all of it for what comes first, and finds the end of quiet
hours and of a wait's hours by looking at the clock minute by minute.
"""

from __future__ import annotations

import dataclasses
import hashlib
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from deployer import simulation as sim
from deployer.kinds.journey import BranchStep, SendStep, WaitStep, walk

MINUTE = timedelta(minutes=1)
UNITS = {"minute": 1, "hour": 60, "day": 24 * 60, "week": 7 * 24 * 60}
DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
CATEGORIES = {"transactional", "marketing"}


def length(text):
    """Read a duration."""
    number, unit = text.split()
    return int(number) * UNITS[unit.removesuffix("s")] * MINUTE


class Naive:
    """The same programme and subscriber, run from a list of due times."""

    def __init__(self, program, person, seed):
        self.program, self.person, self.seed = program, person, seed
        self.assumed = program.assumptions
        self.due, self.told, self.got, self.stays = [], [], [], []

    def run(self, happenings):
        """Work through everything that is due, the first first."""
        ordered = sorted(happenings, key=lambda one: one.at)
        self.numbers = {id(one): number for number, one in enumerate(ordered)}
        self.due = [(one.at, 0, number, "", 0, "happens", one) for number, one in enumerate(ordered)]
        while self.due:
            item = min(self.due, key=lambda one: one[:5])
            self.due.remove(item)
            self.now = item[0]
            getattr(self, item[5])(item[6])
        return self.told

    def tell(self, visit, *what):
        """Note an entry: when, for which event and journey, and what."""
        self.told.append((self.now, visit["number"], visit["journey"].id if visit["journey"] else "", *what))

    def happens(self, what):
        """Take in a change or an event."""
        if isinstance(what, sim.SubscriberChange):
            self.person = what.applied(self.person)
            return
        found = sorted(self.program.journeys.get(what.type, ()), key=lambda one: one.id)
        index = self.numbers[id(what)]
        if not found:
            self.tell({"number": index, "journey": None}, "not entered", "no_journey")
        for journey in found:
            visit = {"number": index, "journey": journey, "event": what}
            reason = self.refused(journey, what)
            if reason:
                self.tell(visit, "not entered", reason)
                continue
            self.tell(visit, "enters")
            visit["stay"] = [journey.id, self.now, None]
            self.stays.append(visit["stay"])
            visit["left"] = [(step, journey.category) for step in journey.steps]
            self.go_on(visit)

    def refused(self, journey, event):  # noqa: C901, PLR0911, PLR0912 - one reason after the other, without cleverness
        """Why a journey isn't entered."""
        if journey.status != "active":
            return "inactive"
        if event.occurred_at is not None and event.at > event.occurred_at + timedelta(hours=12):
            return "too_old"
        channels = []
        for placed in walk(journey):
            if isinstance(placed.step, SendStep) and placed.step.channel not in channels:
                channels.append(placed.step.channel)
        reasons = [self.unreachable(journey.category, channel) for channel in channels]
        if reasons and all(reasons):
            mine = {one.category for one in self.person.subscriptions}
            if journey.category == "marketing" and mine == {"transactional"}:
                if not any(
                    lane.condition and "subscription" in lane.condition
                    for placed in walk(journey)
                    if isinstance(placed.step, BranchStep)
                    for lane in placed.step.lanes
                ):
                    return "category"
            else:
                return reasons[0]
        stays = [stay for stay in self.stays if stay[0] == journey.id]
        inside = any(stay[2] is None for stay in stays)
        if inside and self.assumed.while_inside == "stays_out":
            return "inside"
        if journey.cooldown == "none" or not stays:
            return None
        if self.assumed.cooldown_from == "exit":
            if inside:
                return "cooldown"
            last = max(stay[2] for stay in stays)
        else:
            last = max(stay[1] for stay in stays)
        return "cooldown" if self.now < last + length(journey.cooldown) else None

    def unreachable(self, category, channel):
        """Why no message of a category and a channel reaches the subscriber."""
        if not (self.person.phone if channel == "text" else self.person.email):
            return "no_address"
        if category == "transactional" and channel == "email":
            return None
        has = any(one.category == category and one.channel == channel for one in self.person.subscriptions)
        return None if has else "not_subscribed"

    def go_on(self, visit):
        """Take the steps that are left until one has to wait."""
        while visit["left"]:
            step, category = visit["left"].pop(0)
            place = [placed.step.id for placed in walk(visit["journey"])].index(step.id)
            if isinstance(step, SendStep):
                until = self.quiet_until(step, category)
                if until and not self.unreachable(category, step.channel):
                    self.tell(visit, "queued", step.id, until)
                    if self.assumed.queued_subscriber == "waits":
                        self.later(until, 2, visit, place, "send_and_go_on", (visit, step, category))
                        return
                    self.later(until, 1, visit, place, "send", (visit, step, category))
                else:
                    self.send((visit, step, category))
            elif isinstance(step, WaitStep):
                until = self.wait_until(step)
                self.tell(visit, "waits", step.id, until)
                self.later(until, 2, visit, place, "go_on", visit)
                return
            elif isinstance(step, BranchStep):
                for lane in step.lanes:
                    if lane.condition is None or self.holds(lane.condition, visit["event"]):
                        break
                self.tell(visit, "branch", step.id, lane.name)
                only = lane.condition == {"subscription": "transactional_only"}
                inner = "transactional" if only else category
                visit["left"] = [(one, inner) for one in lane.steps] + visit["left"]
            else:
                text = f"{self.seed}\0{visit['journey'].id}\0{step.id}\0{self.person.phone or self.person.email}"
                point = int(hashlib.sha256(text.encode()).hexdigest()[:16], 16) * 100 / 2**64
                lane = next(
                    one
                    for number, one in enumerate(step.lanes)
                    if point < sum(each.share for each in step.lanes[: number + 1]) or number == len(step.lanes) - 1
                )
                self.tell(visit, "variant", step.id, lane.name)
                visit["left"] = [(one, category) for one in lane.steps] + visit["left"]
        visit["stay"][2] = self.now
        self.tell(visit, "ends")

    def later(self, at, rank, visit, place, do, what):
        """Put something on the list."""
        self.due.append((at, rank, visit["number"], visit["journey"].id, place, do, what))

    def send_and_go_on(self, what):
        """Send what was queued, and go on."""
        self.send(what)
        self.go_on(what[0])

    def send(self, what):
        """Send a message, or say why not."""
        visit, step, category = what
        reason = self.unreachable(category, step.channel)
        if not reason and step.smart_sending == "respect":
            exempt = category == "transactional" and (
                self.assumed.transactional_texts_in_smart_sending
                if step.channel == "text"
                else self.assumed.transactional_emails_in_smart_sending
            )
            for at, channel, kind in self.got:
                same = channel == step.channel or self.assumed.smart_sending_channels == "together"
                counts = kind == "marketing" or self.assumed.smart_sending_counts == "every_message"
                if same and counts and at + self.assumed.smart_sending > self.now and exempt != "sent":
                    reason = "smart_sending"
        if reason:
            self.tell(visit, "not sent", step.id, reason)
            return
        self.got.append((self.now, step.channel, category))
        self.tell(visit, "sent", step.id, self.person.phone if step.channel == "text" else self.person.email)

    def zone(self):
        """The subscriber's time zone; the worlds' phones have no area code."""
        return ZoneInfo(self.person.time_zone or self.program.time_zone)

    def is_quiet(self, at):
        """Whether the subscriber's clock shows quiet hours."""
        first, last = self.assumed.quiet_hours
        shows = at.astimezone(self.zone()).time()
        return first <= shows < last if first <= last else not last <= shows < first

    def quiet_until(self, step, category):
        """When quiet hours end that queue a message; None where they don't."""
        if step.channel == "email":
            answer = self.assumed.emails_in_quiet_hours
        else:
            answer = "as_set" if category == "marketing" else self.assumed.transactional_texts_in_quiet_hours
        if step.quiet_hours == "ignore" or answer == "sent" or not self.is_quiet(self.now):
            return None
        return self.first(self.now, lambda at: not self.is_quiet(at))

    def first(self, at, right):
        """Look at the clock minute by minute until it is right."""
        while not right(at):
            at += MINUTE
        return at

    def wait_until(self, step):
        """When a wait ends."""
        where = ZoneInfo(self.program.time_zone) if self.assumed.wait_zone == "company" else self.zone()
        at = self.now + length(step.duration)
        if self.assumed.wait_days == "calendar" and step.duration.split()[1].startswith(("day", "week")):
            local = self.now.astimezone(where).replace(tzinfo=None)
            wish = local + length(step.duration)
            begin = datetime.combine(wish.date(), datetime.min.time(), UTC) - timedelta(hours=15)
            at = self.first(begin, lambda one: one.astimezone(where).replace(tzinfo=None) >= wish)

        def right(one):
            local = one.astimezone(where)
            shows, (first, last) = f"{local:%H:%M}", step.between or ("00:00", "23:59")
            hours = first <= shows <= last if first <= last else shows >= first or shows <= last
            return hours and (not step.days or DAYS[local.weekday()] in step.days)

        at = self.first(at, right)
        if self.assumed.wait_ends_in_quiet_hours == "goes_on" and self.is_quiet(at):
            awake = self.first(at, lambda one: not self.is_quiet(one))
            at = awake if right(awake) else at
        return at

    def holds(self, condition, event):
        """Whether a lane's condition holds."""
        [(what, wanted)] = condition.items()
        person = self.person
        every = {one.category for one in person.subscriptions}
        texts = {one.category for one in person.subscriptions if one.channel == "text"}
        if what == "subscription":
            found = texts if self.assumed.subscription_branch == "text" else every
            return found == (CATEGORIES if wanted == "both" else {"transactional"})
        if what == "segment":
            hidden = every == {"transactional"} and self.assumed.transactional_only_in_segments == "never"
            return wanted in person.segments and not hidden
        if what == "action":
            names = {"text": "received_a_text_message", "email": "received_an_email"}
            return (
                wanted in person.actions
                or (wanted == "purchased" and any(at <= self.now for at in person.purchases))
                or wanted in {names[channel] for _, channel, _ in self.got}
            )
        if what == "product":
            [(key, value)] = wanted.items()
            return event.product.get(key) == value
        return getattr(person, what) == wanted


ZONES = st.sampled_from(["America/New_York", "Europe/London", "Australia/Lord_Howe", "Asia/Tokyo", "America/Nuuk"])
STARTS = st.sampled_from(
    [
        datetime(2026, 3, 7, 12, tzinfo=UTC),
        datetime(2026, 3, 28, 12, tzinfo=UTC),
        datetime(2026, 4, 4, 6, tzinfo=UTC),
        datetime(2026, 5, 10, tzinfo=UTC),
        datetime(2026, 10, 24, 12, tzinfo=UTC),
        datetime(2026, 10, 31, 18, tzinfo=UTC),
    ]
)
OFFSETS = st.one_of(
    st.integers(0, 3 * 24 * 60),
    st.integers(0, 3 * 48).map(lambda halves: halves * 30),
).map(lambda minutes: minutes * MINUTE)
CLOCKS = st.one_of(
    st.sampled_from(["00:00", "01:30", "02:00", "02:30", "03:00", "12:00", "20:00", "23:30"]),
    st.integers(0, 24 * 60 - 1).map(lambda minute: f"{minute // 60:02}:{minute % 60:02}"),
)
DURATIONS = st.sampled_from(["1 minute", "45 minutes", "3 hours", "12 hours", "1 day", "2 days", "1 week"])
TOGGLES = st.sampled_from(["respect", "ignore"])
CONDITIONS = st.sampled_from(
    [
        {"subscription": "both"},
        {"subscription": "transactional_only"},
        {"segment": "testers"},
        {"device": "Mobile"},
        {"os": "iOS"},
        {"action": "purchased"},
        {"action": "received_a_text_message"},
        {"action": "received_an_email"},
        {"product": {"tag": "fragile"}},
    ]
)
SENDS = st.builds(
    lambda channel, quiet, smart: {
        f"send_{channel}": {"message": f"a_{channel}", "quiet_hours": quiet, "smart_sending": smart}
    },
    st.sampled_from(["text", "text", "email"]),
    TOGGLES,
    TOGGLES,
)
WAITS = st.builds(
    lambda duration, between, days: {
        "wait": {
            "for": duration,
            **({"between": list(between)} if between else {}),
            **({"days": sorted(days)} if days else {}),
        }
    },
    DURATIONS,
    st.none() | st.tuples(CLOCKS, CLOCKS),
    st.sets(st.sampled_from(DAYS), max_size=3),
)


def trees(inside):
    """Branches and A/B tests around steps."""
    lanes = st.lists(inside, min_size=1, max_size=2) | st.just([])
    branches = st.builds(
        lambda cases, last: {
            "branch": {"cases": [{"when": when, "steps": steps} for when, steps in cases], "else": last}
        },
        st.lists(st.tuples(CONDITIONS, lanes), min_size=1, max_size=2),
        lanes,
    )
    tests = st.builds(
        lambda share, one, other: {
            "ab_test": {
                "variants": [
                    {"name": "short", "share": share, "steps": one},
                    {"name": "long", "share": 100 - share, "steps": other},
                ]
            }
        },
        st.sampled_from([50, 33.3, 99]),
        lanes,
        lanes,
    )
    return branches | tests


STEPS = st.lists(st.recursive(SENDS | WAITS, trees, max_leaves=4), min_size=1, max_size=4)


def named(steps, count):
    """Give each step an id of its own."""
    out = []
    for step in steps:
        [(what, body)] = step.items()
        one = {"id": f"s{next(count)}"}
        if what == "branch":
            cases = [{**case, "steps": named(case["steps"], count)} for case in body["cases"]]
            body = {"cases": cases, "else": named(body["else"], count)}
        if what == "ab_test":
            body = {"variants": [{**lane, "steps": named(lane["steps"], count)} for lane in body["variants"]]}
        out.append({**one, what: body})
    return out


@st.composite
def journeys(draw):
    """Up to three journeys on two triggers."""
    return [
        {
            "id": f"j{number}",
            "trigger": draw(st.sampled_from(["shipped", "shipped", "delivered"])),
            "category": draw(st.sampled_from(["transactional", "transactional", "marketing"])),
            "status": draw(st.sampled_from(["active", "active", "active", "draft"])),
            "re_entry": {"cooldown": draw(st.sampled_from(["none", "1 hour", "1 day", "3 days"]))},
            "steps": named(draw(STEPS), iter(range(1000))),
        }
        for number in range(draw(st.integers(1, 3)))
    ]


SUBSCRIPTIONS = st.sets(st.builds(sim.Subscription, st.sampled_from(sim.Category), st.sampled_from(sim.Channel))).map(
    frozenset
)


EVERYTHING = frozenset(sim.Subscription(category, channel) for category in sim.Category for channel in sim.Channel)


@st.composite
def people(draw, start):
    """A subscriber with some of what there is to know."""
    return sim.Subscriber(
        phone=draw(st.sampled_from(["+442071838750", "+442071838750", ""])),
        email=draw(st.sampled_from(["ada@northwind.example", ""])),
        subscriptions=draw(st.just(EVERYTHING) | SUBSCRIPTIONS),
        time_zone=draw(ZONES | st.just("")),
        segments=frozenset(draw(st.sets(st.just("testers")))),
        device=draw(st.sampled_from(["Mobile", "Desktop"])),
        os="iOS",
        purchases=tuple(start + offset for offset in draw(st.lists(OFFSETS, max_size=1))),
    )


@st.composite
def happenings(draw, start):
    """Events, old ones too, and changes of the subscriber."""
    events = st.builds(
        lambda offset, kind, age, product: sim.Event(
            start + offset, kind, {}, start + offset - age if age else None, product
        ),
        OFFSETS,
        st.sampled_from(["shipped", "shipped", "delivered", "scanned"]),
        st.sampled_from([None, timedelta(hours=12), timedelta(hours=12, minutes=1)]),
        st.sampled_from([{}, {"tag": "fragile"}]),
    )
    changes = st.builds(
        lambda offset, fields, some, others: sim.SubscriberChange(start + offset, fields, some, others),
        OFFSETS,
        st.sampled_from([{}, {"device": "Mobile"}, {"time_zone": "Asia/Tokyo"}, {"segments": frozenset()}]),
        SUBSCRIPTIONS,
        SUBSCRIPTIONS,
    )
    return draw(st.lists(st.one_of(events, events, changes), min_size=1, max_size=5))


ANSWERS = {one.name: list(one.values) for one in sim.CATALOGUE if one.values}


@st.composite
def assumptions(draw):
    """Any answers to what isn't documented."""
    chosen = {name: draw(st.sampled_from(values)) for name, values in ANSWERS.items()}
    window = draw(st.sampled_from([("20:00", "12:00"), ("20:00", "00:00"), ("01:00", "02:30"), ("22:15", "07:45")]))
    return {**chosen, "quiet_hours": list(window), "smart_sending": draw(st.sampled_from(["8 hours", "12 hours"]))}


@st.composite
def worlds(draw):
    """Everything that a simulation is given."""
    start = draw(STARTS)
    return draw(journeys()), draw(assumptions()), draw(ZONES), draw(people(start)), draw(happenings(start))


LEAVES = SENDS | WAITS
NESTED = trees(trees(LEAVES))
SOON = st.integers(0, 60).map(lambda halves: halves * 30 * MINUTE)


@st.composite
def busy_worlds(draw):
    """Worlds in which much happens: journeys on one trigger with nested steps, and a subscriber of everything."""
    start = draw(STARTS)
    declared = [
        {
            "id": f"j{number}",
            "re_entry": {"cooldown": draw(st.sampled_from(["none", "6 hours", "1 day"]))},
            "steps": named([draw(SENDS), draw(NESTED), draw(WAITS), draw(SENDS)], iter(range(1000))),
        }
        for number in range(2)
    ]
    person = sim.Subscriber(
        phone="+442071838750",
        email="ada@northwind.example",
        subscriptions=EVERYTHING,
        time_zone=draw(ZONES),
        device=draw(st.sampled_from(["Mobile", "Desktop"])),
        os="iOS",
    )
    events = [sim.Event(start + offset, "shipped") for offset in draw(st.lists(SOON, min_size=2, max_size=4))]
    return declared, draw(assumptions()), draw(ZONES), person, events


def run(make, world, seed=0):
    """Simulate a world; give its programme and its timeline."""
    declared, answers, zone, person, what = world
    program = make.program(declared, {}, answers, zone)
    return program, sim.simulate(program, person, what, seed=seed)


def told(timeline):  # noqa: C901 - a line for each kind of entry
    """Say the entries as the naive simulation does."""
    for entry in timeline.entries:
        head = (entry.at, entry.event, entry.journey)
        match entry:
            case sim.NotEntered():
                yield (*head, "not entered", entry.because.reason)
            case sim.Entered():
                yield (*head, "enters")
            case sim.Waits():
                yield (*head, "waits", entry.step, entry.until)
            case sim.Branches():
                yield (*head, "branch", entry.step, entry.lane)
            case sim.Varies():
                yield (*head, "variant", entry.step, entry.variant)
            case sim.Queued():
                yield (*head, "queued", entry.step, entry.until)
            case sim.Sent():
                yield (*head, "sent", entry.step, entry.to)
            case sim.NotSent():
                yield (*head, "not sent", entry.step, entry.because.reason)
            case sim.Ended():
                yield (*head, "ends")


@given(worlds() | busy_worlds(), st.integers(0, 3))
@settings(max_examples=80)
def test_a_simulation_without_cleverness_agrees(make, world, seed):
    """In any world, the timeline is what a list of due times and a clock that is watched come to."""
    program, timeline = run(make, world, seed)
    assert list(told(timeline)) == Naive(program, world[3], seed).run(world[4])


def features(program, timeline):
    """Say what is special about what happened in a world."""
    depths = {}
    for entry in timeline.entries:
        if isinstance(entry, sim.Branches | sim.Varies):
            name = "branch" if isinstance(entry, sim.Branches) else "variant"
            depths.setdefault((entry.event, entry.journey), []).append((name, entry.step))
        if isinstance(entry, sim.NotEntered | sim.NotSent):
            yield str(entry.because.reason)
        if isinstance(entry, sim.Queued | sim.Waits):
            where = ZoneInfo(timeline.zone)
            if entry.at.astimezone(where).utcoffset() != entry.until.astimezone(where).utcoffset():
                yield f"{type(entry).__name__.lower()} over a change of the clocks in {timeline.zone}"
        if isinstance(entry, sim.Waits) and "wait_days" in entry.because.assumed:
            yield "days that aren't 24 hours"
    if {one.channel for one in timeline.sent} == set(sim.Channel):
        yield "two channels"
    if len({one.journey for one in timeline.sent}) > 1:
        yield "two journeys"
    for (_, journey), taken in depths.items():
        around = [(other, set(within(program, journey, outer))) for other, outer in taken]
        yield from (f"{one} in {other}" for one, step in taken for other, steps in around if step in steps)


def within(program, journey, step):
    """Give the steps inside the lanes of one step."""
    [found] = [one for ways in program.journeys.values() for one in ways if one.id == journey]
    for placed in walk(found):
        if placed.step.id == step:
            yield from (
                inner.step.id
                for inner in walk(found)
                if inner.pointer[: len(placed.pointer)] == placed.pointer and inner != placed
            )


def test_the_worlds_have_everything_in_them(make):
    """Nested branches and tests, two channels, journeys that interact, and clocks that change all come up in them."""
    met = set()

    @given(busy_worlds())
    @settings(
        max_examples=150,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def look(world):
        program, timeline = run(make, world)
        met.update(features(program, timeline))

    look()
    assert met >= {
        *("branch in branch", "branch in variant", "variant in branch", "two channels", "two journeys"),
        *("cooldown", "smart_sending", "days that aren't 24 hours"),
    }, sorted(met)
    zones = {one.rpartition(" ")[2] for one in met if "over a change of the clocks" in one}
    assert len(zones) > 1, sorted(met)


@given(worlds())
@settings(max_examples=40)
def test_time_never_runs_backward(make, world):
    """No entry is earlier than the one before it, and nothing waits for a time that is past."""
    _, timeline = run(make, world)
    times = [entry.at for entry in timeline.entries]
    assert times == sorted(times)
    assert all(entry.until >= entry.at for entry in timeline.entries if isinstance(entry, sim.Waits | sim.Queued))


@given(worlds())
@settings(max_examples=40)
def test_nothing_is_sent_to_who_is_not_eligible(make, world):
    """Every message goes to an address that the subscriber has then, under a subscription that they have then."""
    program, timeline = run(make, world)
    categories = {one.id: sim.Category(one.category) for found in program.journeys.values() for one in found}
    person = world[3]
    for entry in timeline.entries:
        if isinstance(entry, sim.Changed):
            person = entry.change.applied(person)
        if isinstance(entry, sim.Sent):
            channel = sim.Channel(entry.channel)
            assert entry.to
            assert entry.to == person.address(channel)
            category = categories[entry.journey]
            everybody = channel is sim.Channel.EMAIL and category is sim.Category.TRANSACTIONAL
            lanes = set(sim.Category) if category is sim.Category.MARKETING else {category}  # one may be transactional
            assert everybody or any(person.subscribed(one, channel) for one in lanes)


@given(worlds())
@settings(max_examples=40)
def test_every_event_is_accounted_for(make, world):
    """Each event is received once, and starts each of its journeys, which end, or doesn't for a reason."""
    program, timeline = run(make, world)
    events = [one for one in sorted(world[4], key=lambda one: one.at) if isinstance(one, sim.Event)]
    assert [entry.what for entry in timeline.entries if isinstance(entry, sim.Received)] == events
    for entry in timeline.entries:
        if isinstance(entry, sim.Received):
            about = [one for one in timeline.entries if one.event == entry.event]
            for journey in program.journeys.get(entry.what.type, ()):
                kinds = [type(one) for one in about if one.journey == journey.id]
                ways = (kinds.count(sim.Entered), kinds.count(sim.Ended), kinds.count(sim.NotEntered))
                assert ways in {(1, 1, 0), (0, 0, 1)}
    reasons = [one.because.reason for one in timeline.entries if isinstance(one, sim.NotEntered | sim.NotSent)]
    assert all(reasons)


@given(worlds())
@settings(max_examples=20)
def test_the_same_input_gives_the_same_bytes(make, world):
    """A world that is run twice gives one timeline, and so does one that is given in another order of declaration."""
    _, first = run(make, world)
    _, second = run(make, world)
    assert repr(first) == repr(second)
    _, third = run(make, (list(reversed(world[0])), *world[1:]))
    assert repr(first) == repr(third)


@given(worlds())
@settings(max_examples=20)
def test_time_can_be_moved_step_by_step(make, world):
    """A simulation that is told of each event when it happens, and moved on in between, comes to the same."""
    program, timeline = run(make, world)
    step_by_step = sim.Simulation(program, world[3])
    entries = []
    for one in sorted(world[4], key=lambda one: one.at):
        entries += step_by_step.until(one.at - timedelta(microseconds=1))
        step_by_step.happens(one)
    while step_by_step.next_due is not None:
        entries += step_by_step.until(step_by_step.next_due)
    assert tuple(entries) == timeline.entries


def test_what_is_past_can_not_happen_any_more(make):
    """Something that happens before what was simulated already is refused."""
    simulation = sim.Simulation(make.program([]), sim.Subscriber())
    simulation.until(datetime(2026, 5, 10, tzinfo=UTC))
    with pytest.raises(ValueError, match="is past"):
        simulation.happens(sim.Event(datetime(2026, 5, 9, tzinfo=UTC), "shipped"))


def test_variants_come_in_their_shares(make):
    """Over many people, each variant is drawn about as often as its share says; a person's draw never changes."""
    steps = [
        {
            "id": "copy",
            "ab_test": {
                "variants": [
                    {"name": "few", "share": 10, "steps": []},
                    {"name": "some", "share": 30, "steps": []},
                    {"name": "many", "share": 60, "steps": []},
                ]
            },
        },
        {"id": "mail", "send_email": {"message": "m", "quiet_hours": "ignore", "smart_sending": "ignore"}},
    ]
    program = make.program([{"id": "j", "steps": steps}])
    event = sim.Event(datetime(2026, 5, 10, tzinfo=UTC), "shipped")
    drawn = []
    for number in range(3000):
        person = sim.Subscriber(email=f"p{number}@northwind.example", time_zone="UTC")
        runs = [sim.simulate(program, person, [event], seed=7) for _ in range(2)]
        names = [[one.variant for one in found.entries if isinstance(one, sim.Varies)] for found in runs]
        assert names[0] == names[1]
        drawn += names[0]
    shares = {name: drawn.count(name) / 30 for name in ("few", "some", "many")}
    assert shares == {
        "few": pytest.approx(10, abs=2.5),
        "some": pytest.approx(30, abs=4),
        "many": pytest.approx(60, abs=4),
    }


def test_values_can_not_be_changed(make):
    """A timeline and its entries are values."""
    timeline = sim.simulate(make.program([]), sim.Subscriber(), [sim.Event(datetime(2026, 5, 10, tzinfo=UTC), "x")])
    with pytest.raises(dataclasses.FrozenInstanceError):
        timeline.entries[0].at = None
