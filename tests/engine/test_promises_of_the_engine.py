"""What the engine promises in small print: versions, ids, intents, limits, late approvals, work that grows evenly."""

from __future__ import annotations

import json
import sys
from collections import Counter
from dataclasses import replace

import pytest

from deployer.engine.changes import Action, ApiChange, Reason
from deployer.engine.claims import rearranged
from deployer.engine.guards import Overrides, check_clock, check_plan, check_removals
from deployer.engine.ledger import Ledger
from deployer.engine.moving import applicable, moved_state
from deployer.engine.order import in_order
from deployer.engine.plan import Mode, Plan
from deployer.engine.refresh import LiveObjects, refresh
from deployer.engine.report import Status
from deployer.engine.schedule import Schedule
from deployer.kinds.base import GuardError, LiveObject
from deployer.source import Environment
from deployer.source.settings import Limits, Move
from deployer.state import Entry, State, TaskRecord

JOURNEY = "journey.order_shipped"


class Memory:
    """A backend and a journal in memory that count what is written."""

    location = "memory"

    def __init__(self):
        self.stored = []
        self.journaled = []

    def write(self, state, *, expected_serial, new_lineage=False):
        """Store a state under the next serial."""
        del new_lineage
        self.stored.append(replace(state, serial=expected_serial + 1))
        return self.stored[-1]

    def begin(self, state, meanwhile=None):
        """Begin a journal."""

    def record(self, address, entry, *, version):
        """Keep a line."""
        self.journaled.append((address, entry, version))

    def clear(self):
        """End the journal."""


def entry(**known):
    """What is recorded of a webhook."""
    return Entry("Webhook", "api", **known)


def removal(number):
    """The removal of a numbered webhook."""
    return ApiChange(address=f"webhook.n{number}", kind="Webhook", action=Action.DELETE, reason=Reason.REMOVED)


def test_a_move_gives_the_record_a_new_version(world, make):
    """A record that moved has another version than before, so that a plan of before is stale for it."""
    world.resources = [make.segment("testers")]
    world.settle()
    before = world.state().version("segment.testers")
    world.resources = [make.segment("beta", name="Testers", external_id="northwind_testers")]
    world.settings["moved"] = [{"from": "segment.testers", "to": "segment.beta"}]
    plan = world.plan()
    assert plan.versions == {"segment.beta": 0, "segment.testers": before}
    world.apply(plan)
    assert world.state().version("segment.beta") > before
    with pytest.raises(GuardError, match=r"segment\.beta, segment\.testers"):
        world.apply(plan)


def test_a_move_is_refused_where_the_old_record_changed(world, make):
    """A plan that moves a record is made from it: changed since, it isn't moved."""
    world.resources = [make.segment("beta")]
    state = State("production", lineage="l", entries={"segment.testers": Entry("Segment", "api", version=4)})
    plan = Plan("production", Mode.LIVE, "l", "c", versions={"segment.testers": 3})
    with pytest.raises(GuardError, match=r"segment\.testers changed"):
        check_plan(plan, state, Environment("production", "attentive"), "c")
    check_plan(replace(plan, versions={"segment.testers": 4}), state, Environment("production", "attentive"), "c")


def test_every_entry_of_a_run_gets_the_next_version():
    """What a run records of an address has a version that no plan has seen; the journal names the stored one."""
    memory = Memory()
    state = State("production", lineage="l", serial=7, entries={"webhook.a": entry(version=3)})
    ledger = Ledger(memory, memory, state, lambda stamped: stamped)
    ledger.open(recovered=False)
    ledger.amend("webhook.a", lambda known: replace(known, id="1"), written=True)
    ledger.amend("webhook.a", lambda known: replace(known, id="2"), written=True)
    assert [(address, found.version, version) for address, found, version in memory.journaled] == [
        ("webhook.a", 8, 3),
        ("webhook.a", 9, 3),
    ]
    ledger.save()
    assert memory.stored[-1].version("webhook.a") == 9


def test_an_id_of_another_kind_is_not_taken(world, make):
    """An attribute that is called like a segment's id doesn't hide that the segment exists and isn't ours."""
    world.resources = [make.attribute("same", name="northwind_testers")]
    world.settle()
    with world.connect() as connection:
        connection.session.client("orders").create_segment(
            name="Testers", description="", external_id="northwind_testers"
        )
    world.put(make.segment())
    [change] = world.plan().changes
    assert "Attentive has this already" in change.blocked
    world.production["adopt"] = {"segment.testers": {"id": "northwind_testers"}}
    [change] = world.plan().changes
    assert (change.action, change.blocked) == (Action.ADOPT, "")


def test_an_intent_is_stored_before_the_create(world, make):
    """When Attentive hears of a create, the stored record knows already that it was begun."""
    world.resources = [make.webhook(), make.segment()]
    known = {}

    def look(request):
        if request.method == "POST":
            entries = json.loads(world.state_file.read_text(encoding="utf-8"))["entries"]
            known[request.path] = {address for address, one in entries.items() if "intent" in one}

    world.before = look
    assert not world.apply().failed
    both = {"webhook.receipts", "segment.testers"}
    assert known == {"/v1/webhooks": both, "/v2/segments": both}
    world.before = None
    assert all(one.intent is None for one in world.state().entries.values())


@pytest.mark.parametrize(
    ("removing", "total", "limits", "code"),
    [
        (2, 4, Limits(remove=10, remove_percent=50), ""),
        (2, 4, Limits(remove=10, remove_percent=49), "too-many-removals"),
        (3, 4, Limits(remove=3, remove_percent=75), ""),
        (3, 4, Limits(remove=2, remove_percent=75), "too-many-removals"),
        (3, 100, Limits(remove=10, remove_percent=2), "too-many-removals"),
        (1, 1, Limits(remove=0, remove_percent=0), ""),
        (2, 2, Limits(remove=10, remove_percent=100), "removes-everything"),
    ],
)
def test_the_limits_of_removals_are_exact(world, removing, total, limits, code):
    """As many as the limits say are removed, and not one more; one is always within, everything never."""
    settings = replace(world.workspace().settings, limits=limits)
    state = State("production", entries={f"webhook.n{number}": entry() for number in range(total)})
    plan = Plan("production", Mode.LIVE, "l", "c", changes=tuple(removal(number) for number in range(removing)))
    if not code:
        check_removals(plan, state, settings, Overrides())
        return
    with pytest.raises(GuardError) as refused:
        check_removals(plan, state, settings, Overrides())
    assert refused.value.code == code
    check_removals(plan, state, settings, Overrides(allow_removals=True))


def test_an_approval_that_comes_late_changes_nothing(world, make):
    """Attentive approves the former text when the next one is approved already: the next one stays approved."""
    world.resources = [make.event(), make.text(body="Four."), make.journey()]
    world.settle()
    reviews = []
    for body in ("Five.", "Six."):
        world.put(make.text(body=body))
        world.apply()
        found = [task for task in world.state().entry(JOURNEY).tasks.values() if task.id == f"{JOURNEY}/review.text"]
        reviews.append(found[-1].token)
        if body == "Five.":
            world.confirm(reviews[0], how="submitted")
    world.confirm_all()
    assert world.plan().empty
    world.confirm(reviews[0])
    assert world.state().entry(JOURNEY).live["review.text"] == {"text": "Six."}
    plan = world.plan()
    assert (plan.empty, plan.waiting) == (True, ())


def test_moves_side_by_side_are_all_in_the_record(world, make):
    """Many records move at once, and one journey depends on all of them: it names each by its new address."""
    segments = [make.segment(f"s{number}") for number in range(9)]
    branches = [
        {
            "id": f"who{number}",
            "branch": {"cases": [{"when": {"segment": f"s{number}"}, "steps": []}], "else": []},
        }
        for number in range(9)
    ]
    steps = [*branches, make.send("text", "shipped_text")]
    world.resources = [make.event(), make.text(), make.journey(steps=steps), *segments]
    world.settle()
    text = json.dumps(world.resources)
    for number in range(9):
        text = text.replace(f'"s{number}"', f'"t{number}"')
    world.resources = json.loads(text)
    world.settings["moved"] = [{"from": f"segment.s{n}", "to": f"segment.t{n}"} for n in range(9)]
    assert not world.apply().failed
    known = world.state().entry(JOURNEY).depends_on
    assert known == ("event_type.order_shipped", *(f"segment.t{number}" for number in range(9)))
    assert world.plan().empty


def test_a_chain_of_moves_may_be_written_in_any_order():
    """Each move is done once, after the one that frees or fills its address."""
    chain = (Move("webhook.b", "webhook.c"), Move("webhook.a", "webhook.b"), Move("webhook.x", "webhook.a"))
    for moves in (chain, chain[::-1]):
        done = applicable(moves, {"webhook.a", "webhook.b"})
        assert [(one.old, one.new) for one in done] == [("webhook.b", "webhook.c"), ("webhook.a", "webhook.b")]
    through = applicable((Move("webhook.b", "webhook.c"), Move("webhook.a", "webhook.b")), {"webhook.a"})
    state = State("production", entries={"webhook.a": entry(id="1"), "webhook.u": entry(depends_on=("webhook.a",))})
    after = moved_state(state, through)
    assert {address: (one.id, one.depends_on) for address, one in after.entries.items()} == {
        "webhook.u": ("", ("webhook.c",)),
        "webhook.c": ("1", ()),
    }


def test_what_fails_holds_what_needs_it(world, make):
    """A change whose dependency failed is blocked, and nothing of it was begun."""
    world.resources = [make.event(), make.text(), make.journey()]
    from deployer.sandbox import Response  # noqa: PLC0415

    world.before = lambda request: Response(422) if request.path == "/v1/events/custom" else None
    report = world.apply()
    assert {one.change.address: one.status for one in report.outcomes} == {
        "event_type.order_shipped": Status.FAILED,
        JOURNEY: Status.BLOCKED,
    }
    assert list(world.state().entries) == []


def test_a_clock_within_five_minutes_is_fine():
    """Exactly five minutes are allowed, in either direction, and not a second more."""
    from datetime import timedelta  # noqa: PLC0415

    for skew in (timedelta(minutes=5), -timedelta(minutes=5)):
        check_clock(skew)
        with pytest.raises(GuardError, match="local clock is 5 minutes"):
            check_clock(skew + skew / 300)


class Steps:
    """Counts the lines that run in the engine: work, not time."""

    def __init__(self):
        self.count = 0

    def __call__(self, frame, event, arg):
        """Follow the engine's frames only."""
        del event, arg
        return self._line if "deployer/engine" in frame.f_code.co_filename.replace("\\", "/") else None

    def _line(self, frame, event, arg):
        del frame, event, arg
        self.count += 1
        return self._line


def steps(work, *given):
    """The lines that the engine runs for some work."""
    counter, before = Steps(), sys.gettrace()
    sys.settrace(counter)
    try:
        work(*given)
    finally:
        sys.settrace(before)
    return counter.count


def recorded(size):
    """A state with so many webhooks, half of them to be removed, each used by a journey."""
    hooks = {f"webhook.n{n}": entry(id=f"id{n}", fields={"app": "orders", "url": f"u{n}"}) for n in range(size)}
    journeys = {
        f"journey.j{n}": Entry("Journey", "person", depends_on=(f"webhook.n{n}",), live={"create": {}})
        for n in range(size)
    }
    return State("production", lineage="l", entries={**hooks, **journeys})


def hook(number, **known):
    """A change of a numbered webhook."""
    return ApiChange(address=f"webhook.n{number}", kind="Webhook", action=Action.UPDATE, reason=Reason.CHANGED, **known)


def run_schedule(size):
    """Take every change of a chain and its removals."""
    changes = [hook(n, depends_on=(f"webhook.n{n - 1}",)) for n in range(1, size)]
    changes += [removal(n) for n in range(size, size * 2)]
    schedule, taken = Schedule(changes, {}), 0
    while taken < len(changes):
        for index in schedule.ready():
            schedule.finish(index)
            taken += 1


def run_ledger(size):
    """Amend every entry of a state once."""
    memory = Memory()
    ledger = Ledger(memory, memory, recorded(size), lambda state: state)
    for number in range(size):
        ledger.amend(f"webhook.n{number}", lambda known: replace(known, id="x"))
        ledger.mentioning(f"webhook.n{number}")


def run_claims(size):
    """Order changes of which each takes the value of the next."""
    names = [f"webhook.n{n + 1}" for n in range(size)]
    rearranged([hook(n, depends_on=(name,), released_by=(name,)) for n, name in enumerate(names[:-1])])


def run_moves(size):
    """A chain of moves, written from its end."""
    moves = [Move(f"webhook.n{n}", f"webhook.m{n}") for n in reversed(range(size))]
    state = recorded(size)
    moved_state(state, applicable(moves, state.entries))


def run_order(size):
    """A chain of addresses, each needing the one before."""
    in_order({f"n{n:05}": [f"n{n - 1:05}"] if n else [] for n in range(size)}, str)


@pytest.mark.parametrize("work", [run_schedule, run_ledger, run_claims, run_moves, run_order])
def test_work_grows_with_what_there_is(work):
    """Twice as many resources are about twice the work, not four times."""
    small, large = steps(work, 60), steps(work, 240)
    assert large < 5 * small, (small, large)


def test_planning_grows_with_what_there_is(worlds, make):
    """A plan of four times as many resources, recorded, listed and moved, is about four times the work."""
    counted = Counter()
    for size in (12, 48):
        world = worlds()
        world.settings["limits"] = {"remove": 1000, "remove_percent": 100}
        half = size // 2
        world.resources = [make.segment(f"s{n}") for n in range(size)]
        world.settle()
        world.resources = [make.segment(f"t{n}", name=f"S{n}", external_id=f"northwind_s{n}") for n in range(half)]
        world.settings["moved"] = [{"from": f"segment.s{n}", "to": f"segment.t{n}"} for n in range(half)]
        counted[size] = steps(lambda world=world: world.plan(prune=True))
    assert counted[48] < 5 * counted[12], counted


class Late:
    """A session whose time is fixed."""

    def now(self):
        """Tell the time."""
        from datetime import UTC, datetime  # noqa: PLC0415

        return datetime(2026, 5, 10, 12, 5, tzinfo=UTC)


def test_a_list_that_lacks_a_fresh_object_is_named(monkeypatch):
    """What was written in the last minutes and isn't listed is late; what was written long ago is gone."""
    from deployer.kinds import KINDS  # noqa: PLC0415

    kind = KINDS["Webhook"]
    monkeypatch.setattr(type(kind.api), "read", lambda *_: [LiveObject("other", {})])
    fresh, old = "2026-05-10T12:00:00+00:00", "2026-05-10T11:50:00+00:00"
    state = State(
        "production",
        entries={
            "webhook.fresh": entry(id="1", changed_at=fresh),
            "webhook.old": entry(id="2", changed_at=old),
            "webhook.shown": entry(id="other", changed_at=fresh),
        },
    )
    pauses = []
    live = refresh(Late(), (), state, pauses.append)
    assert live.late == {"webhook.fresh"}
    assert pauses == [1.0, 2.0, 4.0]
    assert isinstance(live, LiveObjects)
    assert live.find("Webhook", "other") == LiveObject("other", {})
    assert live.find("Webhook", "1") is None


def test_a_task_record_is_asked_once():
    """A ledger keeps what speaks of an address in view, also after it speaks of another one."""
    memory = Memory()
    task = TaskRecord("journey.j/x", "t", "T", "x", None, needs=("webhook.n1/y",))
    state = State("production", lineage="l", entries={"journey.j": Entry("Journey", "person", tasks={"t": task})})
    ledger = Ledger(memory, memory, state, lambda stamped: stamped)
    assert ledger.mentioning("webhook.n1") == ("journey.j",)
    ledger.amend("journey.j", lambda known: replace(known, tasks={}, depends_on=("webhook.n2",)))
    assert (ledger.mentioning("webhook.n1"), ledger.mentioning("webhook.n2")) == ((), ("journey.j",))
