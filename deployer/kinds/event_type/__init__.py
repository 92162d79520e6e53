"""``EventType``: a custom event, its exact name at Attentive, the app that owns it, and its properties."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployer.kinds.base import Fields, Reference, Scope, UniqueName, Wanted
from deployer.kinds.defaults import Defaults
from deployer.kinds.event_type.actions import EventTypeApi, EventTypePerson, event_id
from deployer.kinds.event_type.model import (
    EventProperty,
    EventType,
    complete_sample,
    definition,
    key_types,
    parse,
    payload_schema,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from deployer.source import Body

__all__ = [
    "KIND",
    "EventProperty",
    "EventType",
    "complete_sample",
    "definition",
    "event_id",
    "key_types",
    "payload_schema",
    "sent_by_us",
]


def sent_by_us(event: EventType, scope: Scope) -> bool:
    """Whether ``apply`` registers the type: its app is ours and it isn't left to its producer."""
    app = scope.settings.apps.get(event.app)
    return not event.registered_by_producer and not (app and app.vendor)


class EventTypeKind(Defaults):
    """Event types come first: triggers and macros depend on them."""

    name = "EventType"
    snake = "event_type"
    rank = 10
    launch_step = 3
    api = EventTypeApi()
    person = EventTypePerson()

    def parse(self, address: str, id: str, body: Body) -> EventType:  # noqa: A002 - the field's name in the file format
        """Build the model from a checked body."""
        return parse(address, id, body)

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
        if not sent_by_us(model, scope):
            return Wanted(model.address, self.name, "person", model.app, protect=model.protect)
        fields = {"name": model.name, "app": model.app, "keys": key_types(model, scope)}
        return Wanted(model.address, self.name, "api", model.app, fields, protect=model.protect)

    def payload(self, model: EventType, scope: Scope) -> Fields:
        """A complete sample, every optional property included."""
        return complete_sample(model, scope)[0]


KIND = EventTypeKind()
