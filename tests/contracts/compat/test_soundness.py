"""What is judged safe is safe, whatever the definitions are: for those who send, and for texts that are read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis import strategies as st

from deployer.contracts.compat import MATRIX, Sides, Verdict, compare, differences
from deployer.kinds.property import json_schema
from deployer.messages import event_data, render
from deployer.source import Gate

if TYPE_CHECKING:
    from collections.abc import Callable

SCALARS: list[Any] = [
    *("", "a", "UPS", "DHL", "a longer text", "https://tea.example/t/1", "a@tea.example", "2026-05-10", "NW-1"),
    *(0, 1, -1, 2, 5, 10, 1.5, 100, True, False, None),
]
VALUES = st.recursive(
    st.sampled_from(SCALARS),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["city", "zip", "x"]), inner),
    max_leaves=6,
)
TYPES = ["string", "number", "integer", "boolean", "array", "object"]
SOME = {
    "minLength": st.integers(0, 3),
    "maxLength": st.integers(1, 20),
    "format": st.sampled_from(["uri", "email", "date"]),
    "pattern": st.sampled_from(["^NW-", "^[A-Z]+$"]),
    "enum": st.lists(st.sampled_from(SCALARS), min_size=1, max_size=4, unique_by=repr),
    "const": st.sampled_from(["UPS", 1]),
    "minimum": st.integers(-1, 5),
    "maximum": st.integers(1, 10),
    "exclusiveMinimum": st.integers(-1, 5),
    "exclusiveMaximum": st.integers(1, 10),
    "multipleOf": st.sampled_from([1, 2, 5, 10]),
    "minItems": st.integers(0, 2),
    "maxItems": st.integers(1, 3),
    "uniqueItems": st.booleans(),
}


def definitions(depth: int = 1) -> st.SearchStrategy[dict[str, Any]]:
    """Any definition in the keywords of the file format; nested ones may leave the type out."""
    optional: dict[str, st.SearchStrategy[Any]] = dict(SOME)
    if depth:
        inner = definitions(depth - 1)
        optional["items"] = inner
        optional["properties"] = st.dictionaries(st.sampled_from(["city", "zip"]), members(inner), max_size=2)
        optional["additionalProperties"] = st.booleans() | inner
    types = st.sampled_from(TYPES) | st.lists(st.sampled_from(TYPES), min_size=1, max_size=3, unique=True)
    named = st.fixed_dictionaries({"type": types}, optional=optional)
    return named if depth else named | st.fixed_dictionaries({}, optional=optional)


def members(inner: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    """A definition of a key of an object, which may be optional."""
    return st.builds(lambda one, optional: one | ({"optional": True} if optional else {}), inner, st.booleans())


@st.composite
def pairs(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, Any]]:
    """A definition and what became of it: some keywords went, some came, some are others."""
    old, other = draw(definitions()), draw(definitions())
    new = dict(old)
    for keyword in draw(st.lists(st.sampled_from(sorted({*old, *other} - {"type"}) or ["type"]), max_size=3)):
        if keyword in other and draw(st.booleans()):
            new[keyword] = other[keyword]
        elif keyword != "type":
            new.pop(keyword, None)
    return old, new | ({"type": other["type"]} if draw(st.integers(0, 4)) == 0 else {})


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(pairs(), st.lists(VALUES, min_size=10, max_size=25))
def test_what_is_safe_for_producers_refuses_nothing(pair: tuple[dict[str, Any], dict[str, Any]], values: Any) -> None:
    """If each difference is safe for producers, every value that fitted the old definition fits the new one."""
    old, new = map(json_schema, pair)
    found = list(differences(old, new))
    assume(all(MATRIX[one.change].producers is Verdict.SAFE for one in found))
    event("differs" if found else "same")
    before, after = Gate.of(old), Gate.of(new)
    for value in (*values, *SCALARS):
        assert after.valid(value) or not before.valid(value), (found, value)


@settings(max_examples=400, deadline=None)
@given(pairs())
def test_the_way_back_is_judged_too(pair: tuple[dict[str, Any], dict[str, Any]]) -> None:
    """If one direction finds a difference, the other finds one at the same places."""
    old, new = map(json_schema, pair)
    there = {one.path for one in differences(old, new)}
    back = {one.path for one in differences(new, old)}
    assert there == back


def _event(definition: dict[str, Any] | None) -> dict[str, Any]:
    keys = {"value": definition} if definition else {}
    return {"kind": "EventType", "id": "sent", "name": "Sent", "app": "shop", "properties": keys}


TEXT = "It left: {{triggerEvent.custom['value']}}"
NOTE = {"kind": "Message", "id": "note", "channel": "text", "event": "sent", "body": TEXT}


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.filter_too_much, HealthCheck.too_slow],
)
@given(pairs(), st.booleans())
def test_what_is_safe_for_readers_leaves_no_hole(
    project: Callable[..., Any], pair: tuple[dict[str, Any], dict[str, Any]], optional: bool
) -> None:
    """If a text passed the checks and a change is safe for readers, no event of the new shape leaves a hole in it."""
    old, new = pair
    gate, now = Gate.of(json_schema(old)), Gate.of(json_schema(new))
    scalar = {old["type"]} if isinstance(old["type"], str) else set(old["type"])
    assume(not scalar & {"array", "object"} and not gate.valid(""))
    later = {**new, "optional": optional}
    found = compare(Sides(project([_event(old), NOTE]), project([_event(later), NOTE])))
    assume(all(one.readers is Verdict.SAFE for one in found))
    assert not optional
    fitting = [value for value in SCALARS if now.valid(value)]
    assert not [value for value in ([], {}, ["a"], {"city": "a"}) if now.valid(value)]
    for value in fitting:
        rendered = render(TEXT, event_data({"value": value}))
        assert rendered.holes == ()
        assert rendered.text != "It left: "
