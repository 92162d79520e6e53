"""One sentence for each keyword of JSON Schema, given the value and what the keyword demands."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TypeAlias

from deployer.source.documents import QUOTE_IT
from deployer.source.suggestion import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from deployer.source.values import JSON

Said: TypeAlias = tuple[str, str]
"""Message and hint; an empty hint leaves the word to the schema's description."""

_TYPES = {
    "string": "text",
    "object": "a mapping",
    "array": "a list",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "null": "nothing",
}
_LONG = 60


def shown(value: JSON) -> str:
    """Put a value in backticks, cut where it is long."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return f"`{text}`" if len(text) <= _LONG else f"`{text[: _LONG - 1]}…`"


def names(words: Iterable[Any]) -> str:
    """Join values in backticks, with commas and an ``or``."""
    listed = [shown(word) for word in words]
    return listed[0] if len(listed) == 1 else ", ".join(listed[:-1]) + " or " + listed[-1] if listed else "nothing"


def found_type(value: JSON) -> str:
    """Say what a value is, as its writer would call it."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return shown(value)
    if isinstance(value, int | float):
        return f"the number {shown(value)}"
    return "text" if isinstance(value, str) else "a list" if isinstance(value, list) else "a mapping"


def expected_types(types: Iterable[JSON]) -> str:
    """Name the types that are allowed, in words; each item is a type or a list of types."""
    flat = [name for item in types for name in (item if isinstance(item, list) else [item])]
    return " or ".join(dict.fromkeys(_TYPES.get(name, str(name)) for name in flat))


def _type(value: JSON, types: JSON) -> Said:
    message = f"expected {expected_types([types])}, found {found_type(value)}"
    wants_text = types == "string" or (isinstance(types, list) and "string" in types)
    scalar = isinstance(value, bool | int | float)
    return message, QUOTE_IT if wants_text and scalar else ""


def _enum(value: JSON, allowed: JSON) -> Said:
    hint = did_you_mean(value, [word for word in allowed if isinstance(word, str)]) if isinstance(value, str) else ""
    return f"{shown(value)} is not one of {names(allowed)}", hint


def _const(value: JSON, wanted: JSON) -> Said:
    return f"expected {shown(wanted)}, found {shown(value)}", ""


def _length(word: str, edge: str) -> Callable[[JSON, JSON], Said]:
    def said(value: JSON, limit: JSON) -> Said:
        if edge == "least" and limit == 1:
            return "must not be empty", ""
        return f"expected at {edge} {limit} {word}{'' if limit == 1 else 's'}, found {len(value)}", ""

    return said


def _number(relation: str) -> Callable[[JSON, JSON], Said]:
    return lambda value, limit: (f"expected a number {relation} {shown(limit)}, found {shown(value)}", "")


def _format(value: JSON, name: JSON) -> Said:
    return f"{shown(value)} is not a valid {name}", ""


def _pattern(value: JSON, pattern: JSON) -> Said:
    return f"{shown(value)} doesn't have the expected form (`{pattern}`)", ""


def _unique(_value: JSON, _wanted: JSON) -> Said:
    return "the list holds something twice", ""


def _dependent(value: JSON, needs: JSON) -> Said:
    for key, others in needs.items():
        missing = [other for other in others if key in value and other not in value]
        if missing:
            return f"`{key}` needs {names(missing)} beside it", ""
    return "a field is missing beside another one", ""


def _not(_value: JSON, _schema: JSON) -> Said:
    return "this is not allowed here", ""


def _contains(_value: JSON, _schema: JSON) -> Said:
    return "the list lacks an item of the expected form", ""


MESSAGES: dict[str, Callable[[JSON, JSON], Said]] = {
    "type": _type,
    "enum": _enum,
    "const": _const,
    "minLength": _length("character", "least"),
    "maxLength": _length("character", "most"),
    "minItems": _length("item", "least"),
    "maxItems": _length("item", "most"),
    "minProperties": _length("key", "least"),
    "maxProperties": _length("key", "most"),
    "minimum": _number("of at least"),
    "maximum": _number("of at most"),
    "exclusiveMinimum": _number("above"),
    "exclusiveMaximum": _number("below"),
    "multipleOf": _number("that is a multiple of"),
    "format": _format,
    "pattern": _pattern,
    "uniqueItems": _unique,
    "dependentRequired": _dependent,
    "not": _not,
    "contains": _contains,
}
"""Message and hint by keyword: functions of the value and of the keyword's own value."""
