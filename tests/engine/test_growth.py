"""Twice the work takes about twice as long: what the engine goes through is counted, not timed."""

from __future__ import annotations

import sys
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from deployer.engine.changes import Action, ApiChange, Reason
from deployer.engine.claims import Values, settle_values
from deployer.engine.confirm import confirm
from deployer.engine.importing import Importer
from deployer.engine.plan_api import kind_objects
from deployer.engine.property_removal import leaving_properties
from deployer.engine.refresh import LiveObjects
from deployer.kinds import KINDS
from deployer.kinds.base import LiveObject
from deployer.kinds.importing import Existing
from deployer.source.secret import Sealer
from deployer.state.model import Effect, Entry, State, TaskRecord
from tests.shop import said

if TYPE_CHECKING:
    from collections.abc import Callable


def steps(work: Callable[[], Any]) -> int:
    """How many instructions of Python a piece of work takes."""
    count = 0

    def trace(frame: Any, event: str, _: object) -> Any:
        nonlocal count
        frame.f_trace_opcodes = True
        count += event == "opcode"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        work()
    finally:
        sys.settrace(before)
    return count


def task(address: str, key: str, effect: Effect, **more: Any) -> TaskRecord:
    """A task that waits."""
    name = f"{address}/{key}"
    return TaskRecord(name, f"t{abs(hash(name))}", key, slot=key, value=key, effect=effect, **more)


def confirming(size: int) -> Callable[[], Any]:
    """Confirm everything that was asked of so many journeys."""
    entries = {}
    for number in range(size):
        address = f"journey.j{number}"
        first, last = task(address, "create", Effect.RESTART), task(address, "turn_on", Effect.PUBLISH)
        entries[address] = Entry(kind="Journey", by="person", tasks={one.token: one for one in (first, last)})
    state = State("production", entries=entries)
    tokens = [token for entry in entries.values() for token in entry.tasks]
    return lambda: confirm(state, tokens, said())


def importing(size: int) -> Callable[[], Any]:
    """Look at so many objects that are recorded, adopted, and declared."""
    entries = {f"segment.s{number}": Entry(kind="Segment", by="api", id=f"s{number}") for number in range(size)}
    environment = SimpleNamespace(adopt={f"segment.a{number}": f"a{number}" for number in range(size)})
    project: Any = SimpleNamespace(environment=environment)
    session: Any = None
    importer = Importer(project, State("production", entries=entries), session, {}, environment.adopt)

    declared: Any = [
        SimpleNamespace(
            address=f"segment.d{number}",
            kind=KINDS["Segment"],
            wanted=SimpleNamespace(fields={"external_id": f"d{number}"}),
        )
        for number in range(size)
    ]

    def look() -> None:
        known = importer._acquaintance(KINDS["Segment"], declared)
        for kind in ("s", "a", "d"):
            for number in range(size):
                existing = Existing(f"{kind}{number}", "", fields={"external_id": f"{kind}{number}"}, body={})
                assert known.why(KINDS["Segment"], existing)

    return look


def recognizing(size: int) -> Callable[[], Any]:
    """Look for so many new segments among as many that nobody recorded."""
    listed = tuple(LiveObject(f"x{number}", {"external_id": f"x{number}"}) for number in range(size))
    objects = kind_objects(LiveObjects({"Segment": listed}), State("production"))["Segment"]
    api, sealer = KINDS["Segment"].api, Sealer("l", {})
    assert api is not None

    def look() -> None:
        for number in range(size):
            assert objects.twin(api, {"external_id": f"new{number}"}, sealer) is None
            assert objects.twin(api, {"external_id": f"x{number}"}, sealer) is listed[number]

    return look


def exchanging(size: int) -> Callable[[], Any]:
    """Hand so many URLs on in a ring."""
    url = "https://hooks.northwind.example/{}".format
    entries, wanted, changes = {}, {}, []
    for number in range(size):
        address = f"webhook.w{number:05}"
        fields = {"app": "shop", "url": url(number)}
        entries[address] = Entry(kind="Webhook", by="api", id=str(number), app="shop", fields=fields)
        later = {"app": "shop", "url": url((number + 1) % size)}
        wanted[address] = SimpleNamespace(wanted=SimpleNamespace(fields=later))
        changes.append(ApiChange(address=address, kind="Webhook", action=Action.UPDATE, reason=Reason.CHANGED))
    values: Any = Values(State("production", entries=entries), wanted, None, Sealer("l", {}))  # type: ignore[arg-type] # a part of what is desired
    return lambda: settle_values(changes, values)


def leaving(size: int) -> Callable[[], Any]:
    """Drop a property of so many event types, each read by a journey of its own."""
    entries, wanted = {}, []
    for number in range(size):
        live = {
            "create": {"trigger": f"Event {number}"},
            "turn_on": {"status": "active"},
            "send.text": {"channel": "text", "text": "{{triggerEvent.custom['gone']}}"},
        }
        entries[f"journey.j{number}"] = Entry(kind="Journey", by="person", live=live)
        address = f"event_type.e{number}"
        entries[address] = Entry(kind="EventType", by="api", fields={"keys": {"gone": "string"}})
        carries = SimpleNamespace(name=f"Event {number}", keys={})
        desired = SimpleNamespace(carries=carries, by="api", app="shop", protect=False)
        wanted.append(SimpleNamespace(address=address, kind=KINDS["EventType"], wanted=desired))
    state: Any = State("production", entries=entries)
    things: Any = wanted

    def look() -> None:
        assert len([*leaving_properties(things, state, (), ())]) == size

    return look


@pytest.mark.parametrize("work", [confirming, importing, recognizing, exchanging, leaving])
def test_twice_the_work_takes_twice_the_steps(work: Callable[[int], Callable[[], Any]]) -> None:
    """If there is four times as much, it takes four times the steps, and not five."""
    work(8)()  # what is prepared once
    assert steps(work(160)) < 5 * steps(work(40))
