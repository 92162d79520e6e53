"""``EventType``: a custom event, its exact name at Attentive, the app that owns it, and its properties."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from deployer.kinds.base import Fields, Reference, Scope, UniqueName, Wanted
from deployer.kinds.defaults import Defaults, with_stand_ins
from deployer.kinds.event_type.actions import EventTypeApi, EventTypePerson, event_id
from deployer.kinds.event_type.model import (
    USUAL,
    EventProperty,
    EventType,
    complete_sample,
    definition,
    filled_in,
    is_defined,
    key_types,
    parse,
    payload_schema,
    type_name,
    unread,
    used,
    without,
)
from deployer.kinds.event_type.personal import has_personal, masked, without_examples
from deployer.kinds.event_type.samples import Sample, Samples, Unmade, all_samples, samples_of, usual_sample
from deployer.kinds.event_type.sending import asked_body
from deployer.kinds.event_type.shapes import RECORDED
from deployer.kinds.event_type.sure import surely_made
from deployer.kinds.values import AppUse, Carried, Mention

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from deployer.source import Body, Pointer

__all__ = [
    "KIND",
    "USUAL",
    "EventProperty",
    "EventType",
    "Sample",
    "Samples",
    "Unmade",
    "all_samples",
    "asked_body",
    "complete_sample",
    "definition",
    "event_id",
    "filled_in",
    "has_personal",
    "is_defined",
    "key_types",
    "masked",
    "payload_schema",
    "samples_of",
    "sent_by_us",
    "surely_made",
    "type_name",
    "used",
    "usual_sample",
    "without_examples",
]


def sent_by_us(event: EventType, scope: Scope) -> bool:
    """Whether ``apply`` registers the type: its app is ours and it isn't left to its producer."""
    app = scope.settings.apps.get(event.app)
    return not event.registered_by_producer and not (app and app.vendor)


def _within(field: str, mistakes: Sequence[Pointer]) -> frozenset[str]:
    """The keys of a field whose values have mistakes."""
    return frozenset(str(pointer[1]) for pointer in mistakes if len(pointer) > 1 and pointer[0] == field)


_PARTS = ("properties", "samples")
"""The fields whose values are read one by one."""


class EventTypeKind(Defaults):
    """Event types come first: triggers and macros depend on them."""

    name = "EventType"
    snake = "event_type"
    model = EventType
    rank = 10
    permission = "Custom Events"
    app_use = AppUse.ANY
    definitions = (("properties", "*"),)
    launch_step = 3
    api = EventTypeApi()
    recorded = RECORDED
    person = EventTypePerson()
    stand_ins = MappingProxyType(
        {
            "name": "",
            "app": "",
            "identify_by": (),
            "reserved": (),
            "samples": {},
            "deprecated": False,
            "registered_by": "",
        }
    )

    def parse(self, address: str, id: str, body: Body) -> EventType:  # noqa: A002 - the field's name in the file format
        """Build the model from a checked body."""
        return parse(address, id, body)

    def readable(
        self,
        address: str,
        id: str,  # noqa: A002 - the field's name in the file format
        body: Body,
        mistakes: Sequence[Pointer],
    ) -> tuple[EventType, Body] | None:
        """Everything but the definitions and samples that have the mistakes, and what stands in for other fields."""
        keys = _within("properties", mistakes)
        others = [pointer for pointer in mistakes if len(pointer) <= 1 or pointer[0] not in _PARTS]
        rest = with_stand_ins(self, without(body, keys, _within("samples", mistakes)), others)
        return None if rest is None else (unread(parse(address, id, rest), keys), rest)

    def references(self, model: EventType) -> Iterable[Reference]:
        """The shared properties that it uses."""
        for key, item in model.properties.items():
            if item.use:
                yield Reference(f"property.{item.use}", ("properties", key, "use"))

    def names(self, model: EventType) -> Iterable[UniqueName]:
        """The event type's name: two declarations of one type would fight over it."""
        yield UniqueName("event type", model.name, ("name",))

    def wanted(self, model: EventType, scope: Scope) -> Wanted:
        """A registration by us, or a task for the owner."""
        carries = Carried(model.name, key_types(model, scope))
        if not sent_by_us(model, scope):
            return Wanted(model.address, self.name, "person", model.app, protect=model.protect, carries=carries)
        fields = {"name": model.name, "app": model.app, "keys": carries.keys}
        return Wanted(model.address, self.name, "api", model.app, fields, protect=model.protect, carries=carries)

    def retired(self, model: EventType) -> bool:
        """A deprecated type is kept for those that still read it."""
        return model.deprecated

    def fixed(self, recorded: Fields, model: EventType, scope: Scope) -> str:
        """A type belongs for ever to the app that first sent it (help center, "Custom events")."""
        seen: Mapping[str, Any] = recorded.get("first_event") or recorded
        others = {name for app in scope.settings.apps if app != model.app for name in (app, scope.app_name(app))}
        if seen.get("name") != model.name or seen.get("app") not in others - {model.app, scope.app_name(model.app)}:
            return ""  # another type, the same app, or one that got another name since
        return (
            f"Attentive has “{model.name}” from the app {seen['app']}, and an event type never moves to another app; "
            f"write `app: {seen['app']}` again, or declare a type with another name for the new app"
        )

    def carried(self, recorded: Fields) -> Mapping[str, str]:
        """The keys that an event was seen with: by us as it was sent, by its owner as a person confirmed."""
        seen: Mapping[str, Any] = recorded.get("first_event") or recorded
        return dict(seen.get("keys", {}))

    def mentions(self, model: EventType, scope: Scope, path: str) -> Iterable[Mention]:
        """Name and app are fields; a key is a property, and its type may come from a shared one."""
        del scope
        steps = path.removeprefix("first_event.").split(".", 1)
        if steps[0] != "keys":
            yield Mention(model.address, (steps[0],))
            return
        event_property = model.properties.get(steps[1]) if len(steps) > 1 else None
        yield Mention(model.address, ("properties", event_property.key) if event_property else ("properties",))
        if event_property and event_property.use:
            yield Mention(f"property.{event_property.use}", ("schema", "type"))

    def payload(self, model: EventType, scope: Scope) -> Fields:
        """A complete sample, every optional property included."""
        return complete_sample(model, scope)[0]


KIND = EventTypeKind()
