"""The macros of a message: where each is written, what it reads, and what it prints for each sample."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from deployer.kinds.custom_attribute import CustomAttribute
from deployer.kinds.event_type import EventType, key_types
from deployer.messages import ATTRIBUTE, PROPERTY, event_data, path_text, scan
from deployer.preview.values import MacroView, Spot

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
    types = key_types(reading.event, project) if reading.event else {}
    return tuple(
        _view(macro, part, text, reading, project, shown, types)
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
    types: Mapping[str, str],
) -> MacroView:
    kind, optional = _reads(macro, reading.event, project, types)
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


def _reads(macro: Macro, event: EventType | None, project: Project, types: Mapping[str, str]) -> tuple[str, bool]:
    """The JSON type of what a macro reads, and whether it may be missing; an attribute always may."""
    root, rest = macro.path[:2], macro.path[2:]
    if root == PROPERTY and rest and event:
        item = event.properties.get(str(rest[0]))
        return (types[item.key], item.optional) if item else ("", False)
    if root == ATTRIBUTE and rest:
        attribute = {custom_attribute.name: custom_attribute for custom_attribute in project.all(CustomAttribute)}.get(
            str(rest[0])
        )
        return str(attribute.schema.get("type", "any")) if attribute else "", True
    return "", True


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
