"""What is wrong with a payload, in words that hold nothing of the payload but its keys: values are customers' data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from deployer.source import did_you_mean
from deployer.source.schema_messages import expected_types, names, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from deployer.source import JSON, Pointer

Error: TypeAlias = Any
"""A ``ValidationError`` of jsonschema-rs, whose stubs don't tell the kinds of error apart."""

NOTHING = object()
"""Stands for a value that isn't there."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One way in which a payload isn't what is declared.

    ``kind`` is ``missing``, ``undeclared``, ``other-type``, ``unknown-type``, ``name-in-properties``, ``user``,
    ``not-an-object``, or the keyword of JSON Schema that isn't met (``format``). ``at_key``: the key at ``pointer``
    is at fault, not its value. ``value`` is what stands there, for those who asked to see it.
    """

    pointer: Pointer
    kind: str
    message: str
    hint: str = ""
    at_key: bool = False
    value: JSON = NOTHING


def explain(
    errors: Iterable[Error], schema: Mapping[str, JSON], value: JSON, gone: Iterable[Pointer] = ()
) -> list[Fault]:
    """Say each error of a payload once.

    Left out is what only follows: a missing key whose misspelling is reported, and what else is wrong with a value of
    another type. ``gone`` are the places of keys that the event once had.
    """
    reserved = frozenset(gone)
    found = [fault for error in errors for fault in _faults(error, schema, value, reserved)]
    mistyped = {fault.pointer for fault in found if fault.kind == "type"}
    meant = {(*fault.pointer[:-1], fault.hint) for fault in found if fault.kind == "undeclared"}
    kept = (
        fault
        for fault in found
        if not (fault.kind == "missing" and (*fault.pointer[:-1], f"did you mean `{fault.pointer[-1]}`?") in meant)
        and not (fault.pointer in mistyped and fault.kind != "type")
    )
    return list({(fault.pointer, fault.kind): fault for fault in kept}.values())


def _faults(error: Error, schema: Mapping[str, JSON], value: JSON, gone: frozenset[Pointer]) -> Iterator[Fault]:
    keyword, pointer = str(error.schema_path[-1]), tuple(error.instance_path)
    at = _at(value, pointer)
    if keyword == "required":
        key = error.kind.property
        yield Fault((*pointer, key), "missing", f"missing `{key}`", "it has to be in every event")
    elif keyword == "additionalProperties":
        part = _at(schema, tuple(error.schema_path[:-1]))
        yield from _undeclared(pointer, at, part.get("properties", {}), gone)
    elif keyword == "anyOf":
        ways = [branch["required"][0] for branch in _at(schema, tuple(error.schema_path))]
        yield Fault(pointer, "user", f"the user has none of {names(ways)}", "name the customer by one of them")
    else:
        message, hint = _SAID.get(keyword, _other)(at, _at(schema, tuple(error.schema_path)))
        yield Fault(pointer, keyword, message, hint, value=at)


def _at(value: JSON, pointer: Pointer) -> Any:
    for part in pointer:
        value = value[part]
    return value


def _undeclared(
    pointer: Pointer, value: Mapping[str, JSON], known: Mapping[str, JSON], gone: frozenset[Pointer]
) -> Iterator[Fault]:
    unused = [name for name in known if name not in value]
    for key in (one for one in value if one not in known):
        hint = did_you_mean(key, unused) or "declare it, or stop sending it"
        if (*pointer, key) in gone:
            hint = "it is reserved: it was used before, and may not come back with another meaning"
        yield Fault((*pointer, key), "undeclared", f"`{key}` isn't declared", hint, at_key=True, value=value[key])


def what(value: JSON) -> str:
    """What sort of value it is, without the value."""
    if value is None:
        return "nothing (null)"
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, int | float):
        return "a number"
    return "text" if isinstance(value, str) else "a list" if isinstance(value, list) else "an object"


def _type(value: JSON, wanted: JSON) -> tuple[str, str]:
    hint = ""
    texts = wanted == "string" or "string" in wanted
    if value is None:
        hint = "leave the key out where there is no value"
    elif texts and isinstance(value, bool | int | float):
        hint = "send it as text, in quotes"
    elif isinstance(value, str) and not texts:
        hint = "send it without quotes"
    elif isinstance(value, float):
        return "expected a whole number, found one with decimals", ""
    expected = expected_types([wanted]).replace("a mapping", "an object")  # as JSON calls it, not as YAML does
    return f"expected {expected}, found {what(value)}", hint


def _enum(value: JSON, options: list[JSON]) -> tuple[str, str]:
    hint = did_you_mean(value, [one for one in options if isinstance(one, str)]) if isinstance(value, str) else ""
    return f"expected {names(options)}, found another value", hint


def _const(_value: JSON, wanted: JSON) -> tuple[str, str]:
    return f"expected {shown(wanted)}, found another value", ""


def _count(word: str, edge: str) -> Callable[[JSON, JSON], tuple[str, str]]:
    def said(value: JSON, limit: JSON) -> tuple[str, str]:
        if edge == "least" and limit == 1:
            return "must not be empty", "leave the key out where there is no value, if it is optional"
        return f"expected at {edge} {limit} {word}{'' if limit == 1 else 's'}, found {len(value)}", ""

    return said


def _number(relation: str) -> Callable[[JSON, JSON], tuple[str, str]]:
    return lambda _value, limit: (f"expected a number {relation} {shown(limit)}, found another one", "")


def _format(_value: JSON, name: JSON) -> tuple[str, str]:
    hint = {"date-time": "write it as 2026-05-10T12:30:00-04:00, with its offset", "date": "write it as 2026-05-10"}
    return f"expected a text of the format {name}, found another one", hint.get(str(name), "")


def _pattern(_value: JSON, pattern: JSON) -> tuple[str, str]:
    from deployer.contracts.body import PHONE  # noqa: PLC0415 - body.py builds on this room's values

    if pattern == PHONE:
        return "expected a phone in E.164 form, found another text", "write it as +12065550100, without spaces"
    return f"expected a text of the form `{pattern}`, found another one", ""


def _unique(_value: JSON, _wanted: JSON) -> tuple[str, str]:
    return "the list holds something twice", ""


def _other(_value: JSON, _wanted: JSON) -> tuple[str, str]:
    return "the value isn't what is declared", ""


_SAID: Mapping[str, Callable[[Any, Any], tuple[str, str]]] = {
    "type": _type,
    "enum": _enum,
    "const": _const,
    "minLength": _count("character", "least"),
    "maxLength": _count("character", "most"),
    "minItems": _count("item", "least"),
    "maxItems": _count("item", "most"),
    "minimum": _number("of at least"),
    "maximum": _number("of at most"),
    "exclusiveMinimum": _number("above"),
    "exclusiveMaximum": _number("below"),
    "multipleOf": _number("that is a multiple of"),
    "format": _format,
    "pattern": _pattern,
    "uniqueItems": _unique,
}
