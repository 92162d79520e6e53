"""How an event type comes to be at Attentive: its first complete event, sent by us or asked of its owner.

Attentive has no call and no page that creates an event type: the first event does, and its macros are the keys that
were seen (help center, "Create Attentive journey triggers for custom event API data"). That a backdated event suffices
is an inference that the first task of each journey proves.
"""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from deployer.kinds.base import Fields, Instruction, Scope, Session, Unit, Write, Written
from deployer.kinds.defaults import PersonDefaults
from deployer.kinds.event_type.model import EventType, complete_sample, key_types
from deployer.kinds.event_type.sending import asked_body
from deployer.source import digest
from deployer.state.tasks import Effect

if TYPE_CHECKING:
    from collections.abc import Collection

    from deployer.kinds.base import Block
    from deployer.kinds.values import Unique

BACKDATED = timedelta(hours=24)
"""Older than 12 hours is recorded but starts no journey (OpenAPI file, ``occurredAt``); twice that is safe."""

IRREVERSIBLE = "an event type can't be deleted, renamed or moved to another app at Attentive"


class EventTypeApi:
    """Send the first complete event of a type whose app is ours; again only when keys are added."""

    sends = True
    alike = ()  # nothing is listed: the same external id makes a repeat harmless
    irreversible = IRREVERSIBLE
    unique: tuple[Unique, ...] = ()
    read = None

    def locked(self, changed: Collection[str]) -> str:
        """Another name or app is another type at Attentive, and keys may be added: nothing is locked."""
        del changed
        return ""

    def aim(self, wanted: Fields, existing: Fields) -> Fields:
        """Keys that were sent once stay at Attentive, unless the type is another one now."""
        if any(existing.get(field) != wanted[field] for field in ("name", "app")):
            return wanted
        return {**wanted, "keys": dict(sorted({**existing.get("keys", {}), **wanted["keys"]}.items()))}

    def own_id(self, wanted: Fields) -> str:
        """An event type has no id."""
        del wanted
        return ""

    def create(self, session: Session, write: Write) -> Written:
        """Send the complete sample to the test contact, backdated so that no journey starts."""
        from deployer.attentive import Event  # noqa: PLC0415 - the client is needed by a write only

        session.client(write.app).send_event(
            Event(
                type=write.fields["name"],
                properties=write.payload,
                user=session.test_contact,
                external_event_id=event_id(session.company_id, write.fields),
                occurred_at=session.now() - BACKDATED,
            ),
            idempotent=True,
        )
        return Written("", write.fields)

    update = create

    def delete(self, session: Session, write: Write) -> None:
        """Nothing can be deleted; the engine never asks (``sends``)."""
        del session
        raise AssertionError(f"{write.address}: an event type can't be deleted")


def event_id(company_id: str, fields: Fields) -> str:
    """The ``externalEventId`` of a registration: the same company, app, name and keys with types give the same UUID."""
    seed = digest([company_id, fields["app"], fields["name"], fields["keys"]])
    return str(uuid.UUID(seed[:32]))


class EventTypePerson(PersonDefaults):
    """Ask the owner of a vendor's or producer's event for one complete event."""

    irreversible = IRREVERSIBLE

    def units(self, model: EventType, scope: Scope, existing: Fields) -> tuple[Unit, ...]:
        """One unit: the type was seen at Attentive with every key (keys that were seen stay seen)."""
        seen = existing.get("first_event", {})
        keys = key_types(model, scope)
        wanted: dict[str, Any] = {"name": model.name, "app": scope.app_name(model.app), "keys": keys}
        if all(seen.get(field) == wanted[field] for field in ("name", "app")):
            wanted["keys"] = dict(sorted({**seen["keys"], **keys}.items()))
        vendor = scope.settings.apps[model.app].vendor
        context = {"owner": model.owner, "vendor": vendor, **_request_value(model, scope, vendor=vendor)}
        title = f"Have {wanted['app']} send one complete “{model.name}” event"
        return (Unit("first_event", title, wanted, effect=Effect.LIVE, context=context),)

    def removal(self, existing: Fields) -> tuple[Unit, ...]:
        """An event type never goes away; its record is removed with ``forget``."""
        del existing
        return ()

    def instruction(self, key: str, before: Any, value: Any, context: Fields) -> Instruction:
        """Whom to ask for which event, and where to see that it came."""
        del key
        new = [name for name in value["keys"] if name not in (before or {}).get("keys", {})]
        blocks: list[Block] = [
            *_asking(value, context),
            ("field", "Event type (exact, case-sensitive)", value["name"]),
            ("field", "Keys that must be in it" if not before else "Keys that are new", ", ".join(new) or "none"),
            *_body(context),
            ("step", "In Attentive, open the subscriber that the event was for and look at the Activities pane.", ""),
            ("note", "Attentive offers a key as a macro only after an event carried it.", ""),
        ]
        return Instruction(f"One complete “{value['name']}” event", tuple(blocks))


def _request_value(event: EventType, scope: Scope, *, vendor: bool) -> dict[str, str]:
    """The body to ask for, or in a sandbox, where no vendor sends, the command that sends its event."""
    if vendor and scope.environment.is_sandbox:
        return {"command": f"deployer send {event.id} --env {scope.environment.name}"}
    return {"payload": asked_body(event, scope, complete_sample(event, scope)[0])}


def _asking(value: Any, context: Fields) -> list[Block]:
    if "command" in context:
        step = f"No vendor sends to a sandbox: send the event in the place of the app “{value['app']}”."
        return [("step", step, ""), ("text", "Command", context["command"])]
    if context.get("vendor"):
        whom = f"Ask the vendor of the app “{value['app']}” to send one event of this type"
    else:
        whom = (
            f"Ask {context.get('owner') or value['app']} to send one event of this type from the app “{value['app']}”"
        )
    return [("step", f"{whom}, with every key filled.", "")]


def _body(context: Fields) -> list[Block]:
    """The event to ask for; tasks that older versions recorded have the keys only."""
    if not context.get("payload"):
        return []
    return [
        ("text", "The event to ask for", context["payload"]),
        ("note", "The values are examples: others may be sent, but no key may be missing.", ""),
    ]
