"""Rules about definitions of values: two for every kind that holds some, under ids of the kind's family.

A definition that has the right shape can be wrong still: bounds that cross, values that can't be.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any

from deployer.dataclass import dataclass
from deployer.kinds import KINDS
from deployer.kinds.property import json_schema, types
from deployer.rules.place import Finding
from deployer.rules.rule import family, rule
from deployer.source import Gate, SchemaError, content, of_content

if TYPE_CHECKING:
    from deployer.kinds.kind import Kind
    from deployer.rules.rule import Rule
    from deployer.rules.subject import Subject
    from deployer.source import Body, Pointer

_BOUNDS = (
    ("minLength", "maxLength"),
    ("minItems", "maxItems"),
    ("minimum", "maximum"),
    ("minimum", "exclusiveMaximum"),
    ("exclusiveMinimum", "maximum"),
    ("exclusiveMinimum", "exclusiveMaximum"),
)


def _invalid(kind: Kind) -> Rule:
    @rule(
        f"{family(kind)}/invalid-schema",
        "a definition can't be used",
        fix="correct the definition: it is a JSON Schema that some value must fit",
    )
    def invalid_schema(subject: Subject) -> Iterator[Finding]:
        """No value fits a definition whose bounds cross or whose pattern isn't a regular expression.

        Every payload would be refused; and of an attribute the first value locks the type (Attentive's OpenAPI file,
        POST /v1/attributes/custom).
        """
        yield from _found(subject, kind, flaws)

    return invalid_schema


def _bad_example(kind: Kind) -> Rule:
    @rule(
        f"{family(kind)}/example-invalid",
        "an example doesn't fit its own definition",
        fix="correct the example or the definition",
    )
    def example_invalid(subject: Subject) -> Iterator[Finding]:
        """Examples are sent: to register an event type where no sample holds a value, and to set an attribute.

        The first value locks an attribute's type at Attentive (OpenAPI file, POST /v1/attributes/custom).
        """
        yield from _found(subject, kind, bad_examples)

    return example_invalid


def _found(subject: Subject, kind: Kind, judge: Callable[[Body], Iterable[Flaw]]) -> Iterator[Finding]:
    for resource in subject.declared_open(kind):
        judged = partial(_judged, kind, resource.body, judge)
        for pointer, flaw in subject.project.once(judge.__name__, (resource.body,), judged):
            yield Finding(subject.at(resource.model, *pointer, *flaw.pointer), flaw.message, flaw.hint)


def _judged(kind: Kind, body: Body, judge: Callable[[Body], Iterable[Flaw]]) -> tuple[tuple[Pointer, Flaw], ...]:
    """What is wrong with the definitions of a declaration, each with its place there."""
    return tuple(
        (pointer, flaw)
        for pattern in kind.definitions
        for pointer, schema in _at(body, pattern)
        for flaw in judge(schema)
    )


def _at(body: Body, pattern: tuple[str, ...]) -> Iterator[tuple[Pointer, Body]]:
    """The definitions that a declaration holds itself; one that uses a shared definition is that one's matter."""
    found: list[tuple[Pointer, Body]] = [((), body)]
    for part in pattern:
        found = [
            ((*pointer, key), data[key])
            for pointer, data in found
            for key in (data if part == "*" else (part,) if part in data else ())
        ]
    return (each for each in found if "use" not in each[1])


@dataclass(frozen=True, slots=True)
class Flaw:
    """One thing that is wrong in a definition, at ``pointer`` within it."""

    pointer: Pointer
    message: str
    hint: str = ""


def flaws(schema: Body) -> tuple[Flaw, ...]:
    """Why no value, or no sensible one, can fit the definition; empty where nothing is wrong."""
    return _flaws(content(schema))


@lru_cache(maxsize=1024)
def _flaws(of: bytes) -> tuple[Flaw, ...]:
    """The flaws of a definition's content: events hold the same definitions."""
    schema = of_content(of)
    try:
        Gate.of(json_schema(schema))
    except SchemaError as error:
        return (
            Flaw(error.pointer, f"this definition can't be used: {error.message}", "it is a JSON Schema (2020-12)"),
        )
    return tuple(_within(schema, ()))


def bad_examples(schema: Body) -> Iterator[Flaw]:
    """The ``examples`` that don't fit the definition itself, where that has no flaw of its own."""
    if not schema.get("examples") or flaws(schema):
        return
    gate = Gate.of(json_schema(schema))
    for index, example in enumerate(schema.get("examples", ())):
        for violation in gate.violations(example):
            message = f"this example doesn't fit its own definition: {violation.message}"
            yield Flaw(("examples", index, *violation.pointer), message, violation.hint)


def _within(schema: Body, here: Pointer) -> Iterator[Flaw]:
    yield from _crossed(schema, here)
    yield from _impossible(schema, here)
    yield from _keyless(schema, here)
    for key, child in schema.get("properties", {}).items():
        yield from _within(child, (*here, "properties", key))
    for keyword in ("items", "additionalProperties"):
        if isinstance(schema.get(keyword), Mapping):
            yield from _within(schema[keyword], (*here, keyword))


def _crossed(schema: Body, here: Pointer) -> Iterator[Flaw]:
    for low, high in _BOUNDS:
        if low in schema and high in schema:
            least, most = schema[low], schema[high]
            touching = least == most and "exclusive" in low + high
            if least > most or touching:
                message = f"no value fits: `{low}` is {least} and `{high}` is {most}"
                yield Flaw((*here, high), message, f"raise `{high}` or lower `{low}`")


def _keyless(schema: Body, here: Pointer) -> Iterator[Flaw]:
    """An object of which nothing is declared: only an empty one would fit."""
    if "object" in types(schema) and not {"properties", "additionalProperties", "const", "enum"} & set(schema):
        hint = "declare its keys under `properties`, or write `additionalProperties: true` where any key may come"
        yield Flaw((*here, "type"), "this object has no keys, so only an empty one would fit", hint)


def _impossible(schema: Body, here: Pointer) -> Iterator[Flaw]:
    """Values of ``enum`` and ``const`` that the definition's other keywords refuse."""
    if not {"enum", "const"} & set(schema):
        return
    rest = Gate.of(json_schema({key: value for key, value in schema.items() if key not in {"enum", "const"}}))
    listed: list[tuple[Pointer, Any]] = [(("enum", index), value) for index, value in enumerate(schema.get("enum", ()))]
    listed += [(("const",), schema["const"])] if "const" in schema else []
    for pointer, value in listed:
        for violation in rest.violations(value):
            yield Flaw((*here, *pointer), f"this value can never occur: {violation.message}", violation.hint)


RULES = tuple(make(kind) for kind in KINDS.values() if kind.definitions for make in (_invalid, _bad_example))
"""The rules of every kind that holds definitions."""
