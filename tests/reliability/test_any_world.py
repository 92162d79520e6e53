"""Whatever is declared, recorded and live, and whatever goes wrong: run again, and it is as if nothing had."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from itertools import count

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import deployer
from deployer.attentive import AttentiveError, User
from deployer.engine.changes import removes
from deployer.engine.refresh import HOLD
from deployer.engine.report import Status
from deployer.kinds.base import GuardError
from deployer.sandbox import Fault, FaultKind, Faults

EXAMPLES = int(os.environ.get("DEPLOYER_EXAMPLES", "30"))
"""How many random worlds each property is tried on."""

SETTINGS = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))

WRITES = (
    "POST /v1/events/custom",
    "POST /v1/attributes/custom",
    "POST /v1/webhooks",
    "PUT /v1/webhooks/*",
    "DELETE /v1/webhooks/*",
    "POST /v2/segments",
    "PATCH /v2/segments/*",
    "DELETE /v2/segments/*",
)
LISTS = ("GET /v1/webhooks", "GET /v2/segments", "GET /v1/attributes/custom")
ANYWHERE = (*WRITES, *LISTS, "GET /v1/me", "*")


def pool(make):
    """Each resource in several variations; ``None``: not declared."""
    gone = "Order {{triggerEvent.custom['Order Id']}} is gone."
    return {
        "shipped": [make.event("order_shipped", ["Order Id"]), make.event("order_shipped", ["Order Id", "day"])],
        "paid": [None, make.event("order_paid", ["Order Id"])],
        "vendor": [None, make.event("tier_changed", ["tier"], app="loyalty")],
        "attribute": [None, make.attribute(), make.attribute(name="Level")],
        "testers": [None, make.segment("testers"), make.segment("testers", name="All", description="All of them.")],
        "buyers": [None, make.segment("buyers")],
        "receipts": [None, make.hook("receipts", "a"), make.hook("receipts", "a", status="disabled")],
        "clicks": [None, make.hook("clicks", "b", url={"env": "HOOK_URL"}), make.hook("clicks", "c")],
        "presses": [None, make.hook("presses", "d"), make.hook("presses", "c", events=["email.opened"])],
        "source": [None, make.opt_in(), make.opt_in(placement="account")],
        "text": [make.text("shipped_text", "Gone."), make.text("shipped_text", gone)],
        "journey": [None, make.journey("shipped_text"), make.journey("shipped_text", status="inactive")],
    }


def worlds(make):
    """A choice of what is declared."""
    picks = st.fixed_dictionaries({name: st.sampled_from(range(len(many))) for name, many in pool(make).items()})

    def chosen(pick):
        found = (pool(make)[name][index] for name, index in pick.items())
        return [body for body in found if body is not None]

    def one_each(bodies):
        """Whether no two webhooks are declared with one URL."""
        urls = [str(body["url"]) for body in bodies if body["kind"] == "Webhook"]
        return len(urls) == len(set(urls))

    return picks.map(chosen).filter(one_each)


@dataclass(frozen=True)
class Elsewhere:
    """What others do at Attentive: to which objects of ours, by their number, and whether it is to edit or delete."""

    edited_hooks: tuple[int, ...]
    deleted_hooks: tuple[int, ...]
    renamed_segments: tuple[int, ...]

    def happen(self, client):
        """Do it. A segment isn't deleted: its external id would stay taken, and only a person can restore it."""
        hooks, segments = client.webhooks(), client.segments()
        for number in self.edited_hooks:
            for one in hooks[number : number + 1]:
                client.update_webhook(one.id, one.url, ["sms.message_link_click"], disabled=False)
        for number in self.deleted_hooks:
            for one in hooks[number : number + 1]:
                with suppress(AttentiveError):
                    client.delete_webhook(one.id)
        for number in self.renamed_segments:
            for one in segments[number : number + 1]:
                client.update_segment(one.external_id, name=f"Renamed {number}")


some = st.lists(st.integers(0, 2), max_size=2, unique=True).map(tuple)
elsewhere = st.builds(Elsewhere, some, some, some)


def foreign(client, contact, name):
    """Make an object of each kind that can be listed, which is nobody's here."""
    client.create_webhook(f"https://others.example/{name}", ["sms.sent"])
    client.create_segment(name=f"Others' {name}", description="Not ours.", external_id=f"others_{name}")
    client.set_attributes(contact, {f"Others {name}": "x"})


def unmanaged(account):
    """What stands in an account and isn't ours, as it stands."""
    found = account.account()
    return (
        [one for one in found["webhooks"] if "others.example" in one["url"]],
        [one for one in found["segments"] if one["external_id"].startswith("others_")],
        [name for name in found["attributes"] if str(name).startswith("Others")],
    )


class Watch:
    """Sees a run's changes begin and end, and fails where one begins before what has to come first has ended."""

    def __init__(self, plan):
        self.changes = plan.changes
        self.ended = set()

    def __call__(self, change, status, why):
        """Hear of a change."""
        del why
        if status is not None:
            self.ended.add(change.address)
        else:
            assert self._first(change) <= self.ended, change.address

    def _first(self, change):
        """What a change depends on, and before a removal everything that is no removal and comes earlier."""
        own = {one.address for one in self.changes}
        earlier = self.changes[: self.changes.index(change)] if removes(change) else ()
        return (set(change.depends_on) & own) | {one.address for one in earlier if not removes(one)}


def contact(trial):
    """The test contact."""
    return User(phone=trial.environ["TEST_PHONE"], email=trial.environ["TEST_EMAIL"])


def carry_out(trial, prune, faults=None, between=None, **observers):
    """Plan and apply once; what became of it."""
    with trial.connect(faults, **observers) as connection:
        plan = deployer.plan(connection, prune=prune)
        if between is not None:
            between()
        return deployer.apply(connection, plan, progress=Watch(plan))


def settle(trial, prune):
    """Apply and confirm until nothing is left that can be done: what waits for a person may need a second round."""
    for _ in range(4):
        assert failed_by_itself(carry_out(trial, prune)) == []
        trial.confirm_all()
        plan = trial.plan(prune=prune)
        if all(change.blocked for change in plan.changes):
            return
    raise AssertionError(plan.changes)


def failed_by_itself(report):
    """What failed, but for what the plan said can't be done: a URL that another webhook keeps isn't taken."""
    bad = {Status.FAILED, Status.NOT_STARTED}
    return [one for one in report.outcomes if one.status in bad] + [report.problem] * bool(report.problem)


def begun(trial, first, happened):
    """Bring about what is recorded; then others change some of it, and make things of their own."""
    trial.resources = first
    settle(trial, prune=False)
    with trial.connect() as connection:
        client = connection.session.client("orders")
        happened.happen(client)
        foreign(client, contact(trial), "before")


def appear(trial):
    """Let things of others appear."""

    def happen():
        with trial.connect() as connection:
            foreign(connection.session.client("orders"), contact(trial), "between")

    return happen


def touched(before, after):
    """How many things of others, made before the plan or between plan and apply, aren't as they were."""
    return sum(
        len([one for one in stood if one not in part]) + max(2 * len(stood) - len(part), 0)
        for part, stood in zip(after, before, strict=True)
    )


def test_any_desired_recorded_and_live_world(trials, make, figures):
    """Apply and confirm: the plan is empty, what isn't ours stays as it was, and what is needed comes first."""

    @SETTINGS
    @given(worlds(make), elsewhere, worlds(make), st.booleans())
    def check(first, happened, then, prune):
        trial = trials()
        begun(trial, first, happened)
        before = unmanaged(trial.account)
        trial.resources = then
        assert failed_by_itself(carry_out(trial, prune, between=appear(trial))) == []
        settle(trial, prune)
        after = unmanaged(trial.account)
        figures["random worlds applied"] += 1
        figures["things of others removed or changed"] += touched(before, after)
        figures["duplicates"] += len(make.duplicates(trial.account))
        assert make.duplicates(trial.account) == []
        for part, stood in zip(after, before, strict=True):
            assert [one for one in part if one in stood] == stood
            assert len(part) == 2 * len(stood)

    check()


class KilledError(BaseException):
    """The process ends here, as far as the run can tell."""


@dataclass
class Deaths:
    """Kills a run at its ``at``-th write, before or after it is carried out; each death once."""

    at: list[tuple[int, str]]
    died: int = 0
    passed: int = 0

    def next_run(self):
        """Begin to count anew."""
        self.passed = 0

    def observers(self):
        """What a transport calls around each request."""
        return {"before": lambda request: self._look(request, "before"), "after": self._after}

    def _after(self, request, response):
        del response
        self._look(request, "after")

    def _look(self, request, when):
        if request.method == "GET":
            return
        self.passed += when == "before"
        if self.at and self.at[0] == (self.passed, when):
            self.at.pop(0)
            self.died += 1
            raise KilledError


when = st.sampled_from(["before", "after"])
nth, times = st.sampled_from([1, 1, 2, 4]), st.integers(1, 3)
on = st.sampled_from(ANYWHERE)
passing = st.one_of(
    st.builds(
        lambda on, nth, times, status, when: Fault(on, FaultKind.STATUS, nth, times, status=status, when=when),
        on,
        nth,
        st.integers(1, 7),
        st.sampled_from([429, 500, 502, 503]),
        when,
    ),
    st.builds(lambda on, nth, times, when: Fault(on, FaultKind.TIMEOUT, nth, times, when=when), on, nth, times, when),
    st.builds(lambda on, nth, times, when: Fault(on, FaultKind.RESET, nth, times, when=when), on, nth, times, when),
    st.builds(lambda on, nth: Fault(on, FaultKind.SLOW, nth, seconds=3.0), on, nth),
    st.builds(lambda on, nth, times: Fault(on, FaultKind.MALFORMED, nth, times), on, nth, times),
    st.builds(lambda on, nth, times: Fault(on, FaultKind.TRUNCATE, nth, times), on, nth, times),
    st.builds(lambda nth: Fault("GET /v1/me", FaultKind.SKEW, nth, seconds=900.0), nth),
)
"""Faults that heal by themselves."""

stale = st.one_of(
    st.builds(
        lambda on, nth, behind: Fault(on, FaultKind.LAG, nth, 3, behind=behind), st.sampled_from(LISTS), nth, nth
    ),
    st.builds(lambda on, nth: Fault(on, FaultKind.REPEAT_PAGE, nth, 1), st.sampled_from(LISTS), nth),
)
"""A list that is behind. It is asked for four times; one that stays behind longer can't be told from the truth."""

schedules = st.tuples(st.lists(passing, max_size=4), st.lists(stale, max_size=1)).map(lambda two: [*two[0], *two[1]])
deaths = st.lists(st.tuples(st.sampled_from([1, 2, 3, 5]), when), max_size=3)


def until_spent(trial, prune, faults, dying):
    """Apply again and again until nothing goes wrong any more; a failure has to be told every time."""
    for _ in range(40):
        before = sum(faults.injected.values()) + dying.died
        dying.next_run()
        trial.calendar.pass_(HOLD)
        report = None
        with suppress(AttentiveError, GuardError, KilledError):
            report = carry_out(trial, prune, faults, **dying.observers())
        if sum(faults.injected.values()) + dying.died == before:
            assert report is not None
            assert failed_by_itself(report) == []
            return
    raise AssertionError("the schedule never ended")


def rest(trial, prune):
    """Apply until there is nothing to do but what can't be done."""
    for _ in range(3):
        trial.calendar.pass_(HOLD)
        assert failed_by_itself(carry_out(trial, prune)) == []
        plan = trial.plan(prune=prune)
        if all(change.blocked for change in plan.changes):
            return
    raise AssertionError(plan.changes)


def test_any_schedule_of_faults_converges(trials, make, figures, tmp_path):
    """Faults of every kind that can heal, and deaths: in the end account and record are an undisturbed twin's."""
    number = count()

    @SETTINGS
    @given(worlds(make), elsewhere, worlds(make), st.booleans(), schedules, deaths)
    def check(first, happened, then, prune, schedule, at):
        trial = trials()
        begun(trial, first, happened)
        trial.resources = then
        twin = trial.fork(tmp_path / f"twin{next(number)}")
        rest(twin, prune)
        faults, dying = Faults(schedule), Deaths(list(at))
        until_spent(trial, prune, faults, dying)
        rest(trial, prune)
        figures["runs that died at a write"] += dying.died
        figures["duplicates"] += len(make.duplicates(trial.account))
        figures["lost writes"] += make.comparable(trial.account) != make.comparable(twin.account)
        assert make.duplicates(trial.account) == []
        assert make.comparable(trial.account) == make.comparable(twin.account)
        assert make.record(trial.state()) == make.record(twin.state())
        figures["schedules of faults survived"] += 1
        figures.update({f"faults injected: {kind}": times for kind, times in faults.injected.items()})
        twin.account.close()

    check()


def test_a_key_revoked_midway(trials, make, figures, tmp_path):
    """If the key is revoked at any request of a run, the run tells so; with a new key it comes to the same end."""
    number = count()

    @SETTINGS
    @given(worlds(make), st.integers(1, 12))
    def check(then, nth):
        trial = trials()
        trial.resources = then
        twin = trial.fork(tmp_path / f"twin{next(number)}")
        assert not carry_out(twin, prune=False).failed
        faults = Faults([Fault("*", FaultKind.REVOKE, nth)])
        try:
            failed = carry_out(trial, False, faults).failed
        except AttentiveError:
            failed = True
        assert failed == bool(faults.injected)
        trial.new_key()
        trial.calendar.pass_(HOLD)
        assert not carry_out(trial, False, faults if faults.injected else None).failed
        assert make.comparable(trial.account) == make.comparable(twin.account)
        assert make.record(trial.state()) == make.record(twin.state())
        figures["keys revoked midway"] += bool(faults.injected)
        twin.account.close()

    check()
