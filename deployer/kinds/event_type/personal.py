"""Personal data in samples: what is marked ``pii: true`` is shown as asterisks in whatever others may see."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from deployer.kinds.event_type.model import filled_in, used

if TYPE_CHECKING:
    from deployer.kinds.base import Scope
    from deployer.kinds.event_type.model import EventType
    from deployer.source import Body

MASK = "*"
"""What stands for each character of a masked value: counts and places of segments stay as they are."""


def masked(event: EventType, scope: Scope, data: Body) -> Body:
    """Replace the personal values of an event's data; the same object where there are none."""
    if not has_personal(event, scope):
        return data
    definitions = {key: filled_in(item, scope) for key, item in event.properties.items()}
    result = {key: _masked(value, *_inside(definitions.get(key, {}), personal=False)) for key, value in data.items()}
    return data if result == data else result


def has_personal(event: EventType, scope: Scope) -> bool:
    """Whether anything that an event carries is marked as personal."""
    of = (event, *used(event, scope))
    return scope.once(
        "personal", of, lambda: any(_marked(filled_in(item, scope)) for item in event.properties.values())
    )


def without_examples(definition: Body, schema: Body, *, personal: bool = False) -> Body:
    """A definition as it is written, without the examples that are someone's values; ``schema`` is it, filled in."""
    personal = personal or bool(schema.get("pii"))
    kept = {key: value for key, value in definition.items() if key != "examples" or not (personal or _marked(schema))}
    parts: Body = schema.get("properties", {})
    if isinstance(kept.get("properties"), Mapping):
        kept["properties"] = {
            key: without_examples(item, parts.get(key, {}), personal=personal)
            for key, item in kept["properties"].items()
        }
    if isinstance(kept.get("items"), Mapping):
        kept["items"] = without_examples(kept["items"], schema.get("items", {}), personal=personal)
    return kept


def _marked(schema: Body) -> bool:
    inside = [*schema.get("properties", {}).values(), *([schema["items"]] if "items" in schema else ())]
    return bool(schema.get("pii")) or any(_marked(item) for item in inside)


def _masked(value: Any, schema: Body, personal: bool) -> Any:
    if isinstance(value, Mapping):
        parts: Body = schema.get("properties", {})
        return {key: _masked(item, *_inside(parts.get(key, {}), personal=personal)) for key, item in value.items()}
    if isinstance(value, list):
        items: Body = schema.get("items", {})
        return [_masked(item, *_inside(items, personal=personal)) for item in value]
    return _asterisks(value) if personal else value


def _inside(schema: Body, *, personal: bool) -> tuple[Body, bool]:
    return schema, personal or bool(schema.get("pii", False))


def _asterisks(value: Any) -> Any:
    """Hide a scalar; what is true or false, or nothing, says little and decides what a template shows."""
    if value is None or isinstance(value, bool):
        return value
    return "".join(char if char.isspace() else MASK for char in str(value))
