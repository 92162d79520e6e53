"""The macros of a message: where each is written, what it reads, and what it prints for each sample."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from deployer.kinds.custom_attribute import CustomAttribute
from deployer.kinds.event_type import EventType, definition, type_name
from deployer.messages import ATTRIBUTE, GIVEN, PROPERTY, event_data, path_text, scan
from deployer.preview.message_values import MacroView, Spot

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from deployer.kinds.event_type import Sample
    from deployer.kinds.message import Message, MessageReading
    from deployer.messages import Composed, Macro
    from deployer.project import Project
    from deployer.source import Body


def macros(reading: MessageReading, project: Project, samples: Sequence[Sample] | None = None) -> tuple[MacroView, ...]:
    """Every macro of every part once, in the order of the text, with its values for all samples, or for these.

    Raises ``LiquidError``.
    """
    chosen = reading.samples if samples is None else samples
    shown = {sample.name: event_data(reading.mask(sample.data)) for sample in chosen}
    return tuple(
        _view(macro, part, text, reading, project, shown)
        for part, text in reading.composed.items()
        for macro in _distinct(scan(text.text).macros)
    )


def _distinct(found: Sequence[Macro]) -> Iterator[Macro]:
    seen = set()
    for macro in found:
        if macro.path not in seen:
            seen.add(macro.path)
            yield macro


def _view(
    macro: Macro,
    part: str,
    composed: Composed,
    reading: MessageReading,
    project: Project,
    shown: Mapping[str, Body],
) -> MacroView:
    kind, optional = _reads(macro, reading.event, project)
    values = {name: _value(macro, data) for name, data in shown.items()}
    spot = _spot(macro, part, composed, reading.message, project)
    return MacroView(path_text(macro.path), part, spot, kind, optional, values)


def _spot(macro: Macro, part: str, composed: Composed, message: Message, project: Project) -> Spot:
    """Where the author wrote it: a macro file or include, the part's own file, or the YAML."""
    origin = composed.origin(macro.start)
    path = origin.source or message.parts[part].file
    if path:
        return Spot(path, origin.line)
    resource = project.resources[message.address]
    pointer = resource.pointer((part,))
    position = resource.document.locate_text(pointer, origin.offset or 0)
    return Spot.of(position)


def _reads(macro: Macro, event: EventType | None, project: Project) -> tuple[str, bool]:
    """The JSON type of what a macro reads, and whether it may be missing; an attribute always may."""
    root, rest = macro.path[:2], macro.path[2:]
    if root == PROPERTY and rest and event:
        item = event.properties.get(str(rest[0]))
        return _inner(definition(item, project), rest[1:], optional=item.optional) if item else ("", False)
    if root == ATTRIBUTE and rest:
        attribute = {custom_attribute.name: custom_attribute for custom_attribute in project.all(CustomAttribute)}.get(
            str(rest[0])
        )
        return str(attribute.schema.get("type", "any")) if attribute else "", True
    return ("string", False) if macro.path[0] in GIVEN else ("", True)


def _inner(schema: Mapping[str, Any], path: Sequence[str | int], *, optional: bool) -> tuple[str, bool]:
    """The JSON type at a path in a declared value, empty where none is declared, and whether it may be missing.

    What may be missing is a key that isn't required, and an element of a list that may be shorter.
    """
    for segment in path:
        keys = schema.get("properties", {})
        if segment in keys:
            optional = optional or segment not in schema.get("required", ())
            schema = keys[segment]
        elif segment == "size":
            return "integer", optional
        elif isinstance(schema.get("items"), Mapping) and (isinstance(segment, int) or segment in {"first", "last"}):
            optional = optional or schema.get("minItems", 0) < _elements(segment)
            schema = schema["items"]
        else:
            return "", optional
    return type_name(schema), optional


def _elements(segment: str | int) -> int:
    """How many elements a list needs so that it has this one."""
    if isinstance(segment, str):
        return 1
    return segment + 1 if segment >= 0 else -segment


def _value(macro: Macro, data: Any) -> str | None:
    """What is at the macro's path in a sample, in words: a list by how much it holds."""
    value = data
    for segment in macro.path:
        if isinstance(value, Mapping):
            value = value.get(str(segment))
        elif isinstance(value, list) and isinstance(segment, int) and segment < len(value):
            value = value[segment]
        else:
            return None
    return _in_words(value)


def _in_words(value: Any) -> str | None:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return f"{len(value)} item{'' if len(value) == 1 else 's'}"
    if isinstance(value, Mapping):
        return f"object with {', '.join(value)}"
    return None if value is None else str(value)
