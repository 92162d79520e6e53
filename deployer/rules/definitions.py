"""What can be wrong with a value's definition that has the right shape: bounds that cross, values that can't be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from deployer.kinds.property import json_schema, types
from deployer.source import Gate, SchemaError

if TYPE_CHECKING:
    from deployer.source import Body, Pointer

_BOUNDS = (
    ("minLength", "maxLength"),
    ("minItems", "maxItems"),
    ("minimum", "maximum"),
    ("minimum", "exclusiveMaximum"),
    ("exclusiveMinimum", "maximum"),
    ("exclusiveMinimum", "exclusiveMaximum"),
)


@dataclass(frozen=True, slots=True)
class Flaw:
    """One thing that is wrong in a definition, at ``pointer`` within it."""

    pointer: Pointer
    message: str
    hint: str = ""


def flaws(schema: Body) -> tuple[Flaw, ...]:
    """Why no value, or no sensible one, can fit the definition; empty where nothing is wrong."""
    try:
        Gate.of(json_schema(schema))
    except SchemaError as error:
        return (
            Flaw(error.pointer, f"this definition can't be used: {error.message}", "it is a JSON Schema (2020-12)"),
        )
    return tuple(_within(schema, ()))


def bad_examples(schema: Body) -> Iterator[Flaw]:
    """The ``examples`` that don't fit the definition itself, where that has no flaw of its own."""
    if flaws(schema):
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
