"""What a declared value lets through, as JSON Schema: one rule at every depth.

A key is required unless its definition says ``optional: true``, and an object takes no keys but the declared ones
unless it says ``additionalProperties``. ``const`` and ``enum`` imply the type. Code that needs the JSON Schema of a
definition takes it from here, so that the check, exports, samples and comparisons can't differ.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeAlias

from deployer.source import content, of_content

if TYPE_CHECKING:
    from collections.abc import Iterable

    from deployer.source import JSON, Body

OURS = frozenset({"use", "optional", "pii", "deprecated"})
"""Keys of a definition that are ours and don't belong into a JSON Schema."""

Marks: TypeAlias = Callable[["Body"], Mapping[str, "JSON"]]
"""What a reader of the JSON Schema wants to know beside it, from each definition in it."""


def no_marks(_definition: Body) -> Mapping[str, JSON]:
    """Nothing beside what a validator needs."""
    return {}


def json_schema(definition: Body, marks: Marks = no_marks) -> dict[str, Any]:
    """The JSON Schema (2020-12) of a definition, with everything explicit that the file format implies."""
    data = {key: value for key, value in definition.items() if key not in OURS and not key.startswith("x-")}
    type_names = types(definition)
    if type_names and "type" not in definition:
        data = {"type": type_names[0] if len(type_names) == 1 else type_names, **data}
    if isinstance(data.get("items"), Mapping):
        data["items"] = json_schema(data["items"], marks)
    if "object" in type_names or "properties" in data:
        data |= object_schema(definition.get("properties", {}), definition.get("additionalProperties", False), marks)
    return data | dict(marks(definition))


def object_schema(members: Mapping[str, Body], others: JSON = False, marks: Marks = no_marks) -> dict[str, Any]:
    """The keywords of an object with these keys; ``others`` is whether it takes further ones, or their definition."""
    if marks is no_marks:
        properties = {key: _of_content(content(member)) for key, member in members.items()}
    else:
        properties = {key: json_schema(member, marks) for key, member in members.items()}
    return {
        "properties": properties,
        "required": [key for key, member in members.items() if not is_optional(member)],
        "additionalProperties": json_schema(others, marks) if isinstance(others, Mapping) else others,
    }


@lru_cache(maxsize=1024)
def _of_content(definition: bytes) -> dict[str, Any]:
    """The JSON Schema of a definition: events hold the same ones, which no one changes."""
    return json_schema(of_content(definition))


def is_optional(definition: Body) -> bool:
    """Whether a key with this definition may be missing."""
    return bool(definition.get("optional", False))


def types(definition: Body) -> list[str]:
    """The JSON types of a definition: those that it names, else those of the values that it lists; empty for any."""
    declared = definition.get("type")
    if declared is not None:
        return [declared] if isinstance(declared, str) else list(declared)
    if "const" in definition:
        return _types_of([definition["const"]])
    return _types_of(definition.get("enum", ()))


def _types_of(values: Iterable[JSON]) -> list[str]:
    type_names = list(dict.fromkeys(type_of(value) for value in values))
    return [name for name in type_names if not (name == "integer" and "number" in type_names)]


def type_of(value: JSON) -> str:
    """A value's type in JSON Schema's words; a whole number is an ``integer``."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int) or (isinstance(value, float) and value.is_integer()):
        return "integer"
    if isinstance(value, float):
        return "number"
    return "string" if isinstance(value, str) else "array" if isinstance(value, list) else "object"
