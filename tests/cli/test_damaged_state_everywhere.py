"""A state whose JSON is sound and whose values aren't: every command works with it, or says what is damaged."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deployer.cli import exits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    Deployer = Callable[..., Any]
    Way = tuple[str | int, ...]

STATE = ".deployer/state/sandbox.json"
ENDS = {exits.DONE, exits.FAILED, exits.CHANGES, exits.TASKS_WAIT, exits.USAGE}
GONE = "is taken out"
RENAMED = "gets another key"
ODD: tuple[Any, ...] = (
    *(None, True, -1, 1.5, 10**30, "", "x", [], ["x"], [None], [[]], {}, {"x": 1}, GONE, RENAMED),
    *("yesterday", "2026-05-10T10:00:00", "9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+14:00"),
    *("\x00\x1b[31m\u202e", "\ud800", "{{x}}", "../x", "a/b", "event_type.nowhere"),
    *({"$secret": 1}, {"$secret": "A", "hash": None}, {"$env": "HOME"}),
)
COMMANDS: tuple[tuple[str, ...], ...] = (
    *(("status",), ("plan",), ("plan", "--offline"), ("tasks",), ("tasks", "--format", "json"), ("validate",)),
    *(("confirm", "TOKEN"), ("apply", "--yes"), ("drift",), ("list", "journey"), ("explain", "JOURNEY"), ("graph",)),
    *(("stop", "JOURNEY", "--lift"), ("stop", "JOURNEY"), ("record-live", "JOURNEY", "--status", "on")),
    *(("state", "show"), ("state", "list"), ("state", "pull"), ("state", "rm", "JOURNEY", "--yes")),
    *(("baseline", "JOURNEY"), ("environments",), ("subscribe", "checkout")),
)
"""Every command that reads a state."""


def ways(node: Any, way: Way = ()) -> Iterator[Way]:
    """The way to every value in a state but the whole."""
    if way:
        yield way
    for key, item in node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ():
        yield from ways(item, (*way, key))


def damaged(state: Any, way: Way, odd: Any) -> Any:
    """The state with something odd in one place."""
    changed = copy.deepcopy(state)
    holder = changed
    for key in way[:-1]:
        holder = holder[key]
    if odd == GONE:
        del holder[way[-1]]
    elif odd == RENAMED and isinstance(holder, dict):
        holder["é\n__class__"] = holder.pop(way[-1])
    else:
        holder[way[-1]] = odd
    return changed


def test_half_of_a_character_is_no_bug_wherever_it_is(tea: Path, deployer: Deployer) -> None:
    """If any text of a state ends within a character, as pages cut texts, planning works or says what is damaged."""
    assert deployer("apply", "--yes", "--project", tea).code == exits.DONE
    state = json.loads((tea / STATE).read_text(encoding="utf-8"))
    for way in ways(state):
        if way[0] == "lineage" or way[-1] in {"external_id", "trigger", "app", "url"}:
            (tea / STATE).write_text(json.dumps(damaged(state, way, "x\ud83d")), encoding="utf-8")
            done = deployer("plan", "--offline", "--project", tea)
            assert done.code in ENDS, (way, done.err)


def test_no_command_meets_a_bug_in_a_damaged_state(tea: Path, deployer: Deployer) -> None:
    """Whatever one value of a state is replaced by, no command ends as a bug or with a traceback."""
    assert deployer("apply", "--yes", "--project", tea).code == exits.DONE
    state = json.loads((tea / STATE).read_text(encoding="utf-8"))
    journey = next(address for address in state["entries"] if address.startswith("journey."))
    token = next(iter(state["entries"][journey]["tasks"]))
    everywhere = sorted(ways(state), key=str)

    @given(st.sampled_from(everywhere), st.sampled_from(ODD), st.sampled_from(COMMANDS))
    @settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
    def holds(way: Way, odd: Any, command: tuple[str, ...]) -> None:
        (tea / STATE).write_text(json.dumps(damaged(state, way, odd), indent=2), encoding="utf-8")
        named = [{"TOKEN": token, "JOURNEY": journey}.get(word, word) for word in command]
        done = deployer(*named, "--project", tea)
        assert (done.code in ENDS, "Traceback" in done.out + done.err) == (True, False), (way, odd, command, done.err)

    holds()
