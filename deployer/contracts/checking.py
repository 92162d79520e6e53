"""Whether captured payloads are what is declared: jsonschema-rs decides, and is asked for reasons where it refuses."""

from __future__ import annotations

from functools import cached_property
from itertools import repeat
from operator import contains
from typing import TYPE_CHECKING, Literal, TypeAlias

from deployer.contracts.body import body_schema, is_whole, misplaced_name
from deployer.contracts.faults import PAYLOAD, PayloadFault, explain
from deployer.contracts.foreign import foreign_body
from deployer.dataclass import dataclass
from deployer.kinds.event_type import payload_schema
from deployer.source import did_you_mean
from deployer.source.mismatch import from_rust

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import jsonschema_rs

    from deployer.kinds.base import Scope
    from deployer.kinds.event_type import EventType
    from deployer.source import JSON, Pointer

Taken: TypeAlias = Literal["body", "properties", "neither"]
"""What a payload was taken for: the whole request body, the properties alone, or neither of them."""

_LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class PayloadVerdict:
    """What became of one payload. ``event`` is the id of the event that it was held against, empty for none."""

    event: str
    taken: Taken
    faults: tuple[PayloadFault, ...] = ()


class _Form:
    """One form of an event's payload: its schema, and the compiled one."""

    def __init__(self, schema: dict[str, JSON], gone: Iterable[Pointer]) -> None:
        self.schema = schema
        self.gone = tuple(gone)

    @cached_property
    def validator(self) -> jsonschema_rs.Draft202012Validator:
        """What decides on one payload."""
        return _compiled(self.schema)

    @cached_property
    def of_many(self) -> jsonschema_rs.Draft202012Validator:
        """What decides on many at once: to hand over a list costs less than its elements."""
        return _compiled({"$schema": self.schema["$schema"], "type": "array", "items": self.schema})

    def faults(self, value: JSON) -> tuple[PayloadFault, ...]:
        mismatches = from_rust(self.validator.iter_errors(value), self.schema, value)
        return tuple(explain(mismatches, self.schema, value, self.gone))


def _compiled(schema: dict[str, JSON]) -> jsonschema_rs.Draft202012Validator:
    import jsonschema_rs  # noqa: PLC0415 - needed where payloads are checked only

    return jsonschema_rs.Draft202012Validator(schema, validate_formats=True)


class EventCheck:
    """The check of one event type's payloads, in both forms."""

    def __init__(self, event: EventType, scope: Scope) -> None:
        self.event = event
        self._alone = _Form(payload_schema(event, scope), ((key,) for key in event.reserved))
        self._body = _Form(body_schema(event, scope), (("properties", key) for key in event.reserved))
        self._fine_body = PayloadVerdict(event.id, "body")
        self._fine_properties = PayloadVerdict(event.id, "properties")

    def verdict(self, value: JSON) -> PayloadVerdict:
        """Hold a payload against the declaration: a whole request body, or the properties alone."""
        if not isinstance(value, dict):
            return PayloadVerdict(self.event.id, "neither", (not_an_object(value),))
        whole = is_whole(value, self.event.properties)
        if (self._body if whole else self._alone).validator.is_valid(value):
            return self._fine_body if whole else self._fine_properties
        if fault := foreign_body(value):
            return PayloadVerdict(self.event.id, "neither", (fault,))
        if whole:
            return PayloadVerdict(self.event.id, "body", self._wrong_in_body(value))
        return PayloadVerdict(self.event.id, "properties", self._with_name((), value, self._alone.faults(value)))

    def all_fine(self, values: Sequence[JSON]) -> int | None:
        """How many are whole request bodies, where all are and as declared; ``None``: each has to be asked for."""
        if "properties" in self.event.properties:
            return None  # what a whole body is takes a closer look
        if not self._body.of_many.is_valid(values):
            return None
        whole = "properties" in self._body.schema["required"] or all(map(contains, values, repeat("properties")))
        return len(values) if whole else None

    def _wrong_in_body(self, value: Mapping[str, JSON]) -> tuple[PayloadFault, ...]:
        faults = self._body.faults(value)
        if value.get("type") != self.event.name:
            faults = self._with_name(("properties",), value.get("properties"), faults)
            faults = self._other_type(value["type"], faults) if "type" in value else faults
        return faults

    def _with_name(self, base: Pointer, properties: JSON, faults: tuple[PayloadFault, ...]) -> tuple[PayloadFault, ...]:
        """Say that the event's name is among the properties, instead of that the key isn't declared."""
        misplaced = misplaced_name(properties, (self.event.name,), self.event.properties) if faults else None
        if misplaced is None:
            return faults
        place = (*base, misplaced[0])
        return (
            _misplaced(place, misplaced[1]),
            *(fault for fault in faults if fault.pointer not in {place, ("type",)}),
        )

    def _other_type(self, given: JSON, faults: tuple[PayloadFault, ...]) -> tuple[PayloadFault, ...]:
        if any(fault.kind == "name-in-properties" for fault in faults):
            return faults
        rest = tuple(fault for fault in faults if fault.pointer != ("type",))
        message = f"the type isn't “{self.event.name}”"
        return (PayloadFault(("type",), "other-type", message, _type_hint(given, self.event.name), value=given), *rest)


class Checks:
    """The check of several event types: each payload is a whole request body, whose ``type`` names its event."""

    def __init__(self, events: Sequence[EventType], scope: Scope) -> None:
        self._by_name: Mapping[str, EventCheck] = {event.name: EventCheck(event, scope) for event in events}

    def verdict(self, value: JSON) -> PayloadVerdict:
        """Hold a payload against the event that its ``type`` names, exactly."""
        if not isinstance(value, dict):
            return PayloadVerdict("", "neither", (not_an_object(value),))
        name = value.get("type")
        known = self._by_name.get(name) if isinstance(name, str) else None
        return (
            known.verdict(value)
            if known
            else PayloadVerdict("", "neither", (foreign_body(value) or self._unknown(value),))
        )

    def all_fine(self, values: Sequence[JSON]) -> int | None:
        """How many are whole request bodies, where all are, and as their events are declared."""
        by_name: dict[str, list[JSON]] = {}
        for value in values:
            name = value.get("type") if isinstance(value, dict) else None
            if not isinstance(name, str) or name not in self._by_name:
                return None
            by_name.setdefault(name, []).append(value)
        fine = all(self._by_name[name].all_fine(its) is not None for name, its in by_name.items())
        return len(values) if fine else None

    def _unknown(self, value: Mapping[str, JSON]) -> PayloadFault:
        properties, base = value.get("properties"), ("properties",)
        misplaced = misplaced_name(properties, self._by_name, ())
        if misplaced:
            return _misplaced((*base, misplaced[0]), misplaced[1])
        name = value.get("type")
        if not isinstance(name, str):
            hint = "with --all a payload is a whole request body; name the event where it is the properties alone"
            return PayloadFault(("type",), "missing", "missing `type`, which names the event", hint)
        hint = did_you_mean(name, self._by_name) or "declare the event type, or name one: deployer check EVENT FILE"
        hint += " (capital letters count)" if hint.startswith("did") else ""
        shown = name if len(name) <= _LONGEST_NAME else f"{name[:_LONGEST_NAME]}…"
        return PayloadFault(("type",), "unknown-type", f"no event type is called “{shown}”", hint, value=name)


def not_an_object(value: JSON) -> PayloadFault:
    """A payload that is a list, a text or the like."""
    message = f"expected an object, found {PAYLOAD.found_type(value)}"
    return PayloadFault(
        (), "not-an-object", message, "a payload is an object of properties, or a request body", value=value
    )


def _misplaced(pointer: Pointer, name: str) -> PayloadFault:
    message = "the event's name is among its properties, where Attentive doesn't look for it"
    hint = f'send "type": "{name}" beside "properties", and leave this key out of them'
    return PayloadFault(pointer, "name-in-properties", message, hint, at_key=True)


def _type_hint(given: JSON, name: str) -> str:
    if isinstance(given, str) and given.casefold() == name.casefold():
        return f"write exactly “{name}”: with other capital letters it is another event type at Attentive"
    return f"write exactly “{name}”, or check these payloads against the event that they are"
