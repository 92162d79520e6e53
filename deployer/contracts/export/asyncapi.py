"""One AsyncAPI 3.0 document: every event as a message that is sent to Attentive."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from deployer.contracts.export.json_schema import MADE, as_text, event_schema
from deployer.source import digest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deployer.kinds.event_type import EventType
    from deployer.project import Project

_NOT_IN_A_PAYLOAD = ("$schema", "$id", "$comment", "title", "description", "deprecated")


def asyncapi_files(events: Sequence[EventType], project: Project) -> dict[str, str]:
    """The document, as ``asyncapi.json``; its version is a digest of what it says."""
    document = _document(events, project)
    document["info"]["version"] = digest(document)[:12]
    return {"asyncapi.json": as_text(document)}


def _document(events: Sequence[EventType], project: Project) -> dict[str, Any]:
    """Where events go is Attentive's POST /v1/events/custom, with a custom app's key as bearer."""
    brand = project.settings.brand.name
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": f"Events of {brand} for Attentive",
            "version": "",
            "description": MADE,
        },
        "defaultContentType": "application/json",
        "servers": {
            "attentive": {
                "host": "api.attentivemobile.com",
                "pathname": "/v1",
                "protocol": "https",
                "security": [{"$ref": "#/components/securitySchemes/app_key"}],
            }
        },
        "channels": {
            "custom_events": {
                "address": "/events/custom",
                "messages": {event.id: {"$ref": f"#/components/messages/{event.id}"} for event in events},
            }
        },
        "operations": {f"send_{event.id}": _operation(event) for event in events},
        "components": {
            "messages": {event.id: _message(event, project) for event in events},
            "securitySchemes": {
                "app_key": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "The key of the app that owns the event.",
                }
            },
        },
    }


def _operation(event: EventType) -> dict[str, Any]:
    return {
        "action": "send",
        "channel": {"$ref": "#/channels/custom_events"},
        "summary": f"Send “{event.name}”, by the app {event.app}.",
        "messages": [{"$ref": f"#/channels/custom_events/messages/{event.id}"}],
        "bindings": {"http": {"method": "POST", "bindingVersion": "0.3.0"}},
    }


def _message(event: EventType, project: Project) -> dict[str, Any]:
    schema = event_schema(event, project, body=True)
    return {
        "name": event.name,
        "title": event.name,
        **({"description": event.description} if event.description else {}),
        "contentType": "application/json",
        "payload": {key: value for key, value in schema.items() if key not in _NOT_IN_A_PAYLOAD},
        **({"x-deprecated": True} if event.deprecated else {}),
    }
