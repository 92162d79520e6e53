"""Declared events as files for their producers' own tools."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployer.contracts.export import asyncapi_files, json_schema_files, python_files, typescript_files
from deployer.contracts.export.json_schema import as_text
from deployer.contracts.export.subscriptions import opt_in_sources, subscription_schema
from deployer.contracts.project import event_named
from deployer.errors import UsageError
from deployer.kinds.event_type import EventType

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from deployer.project import Project

_OTHER_FORMATS: Mapping[str, Callable[[Sequence[EventType], Project], dict[str, str]]] = {
    "typescript": typescript_files,
    "python": python_files,
    "asyncapi": asyncapi_files,
}
_SUBSCRIPTION = "subscription.body.schema.json"
FORMATS = ("json-schema", *_OTHER_FORMATS)
"""What events can be exported as."""


def export_events(
    project: Project, events: Sequence[str] = (), *, form: str = "json-schema", base: str = "", body: bool = False
) -> dict[str, str]:
    """The texts of the files that describe these events (none named: all of them), by file name, in order of ids.

    ``form`` is one of ``FORMATS``. For JSON Schema, ``base`` is the URL below which the schemas are published, and
    ``body`` asks for whole request bodies instead of properties, that of a subscription beside them where no event is
    named. TypeScript and Python have a builder of it for each opt-in source. Raises ``UsageError``.
    """
    chosen = [event_named(project, name) for name in dict.fromkeys(events)] or list(project.all(EventType))
    if not chosen:
        raise UsageError("no event type is declared", "declare one, or let `deployer infer` write it from payloads")
    ordered = sorted(
        {event_type.id: event_type for event_type in chosen}.values(), key=lambda event_type: event_type.id
    )
    if form == "json-schema":
        files = json_schema_files(ordered, project, base=base, body=body)
        sources = opt_in_sources(project) if body and not events else ()
        return files | ({_SUBSCRIPTION: as_text(subscription_schema(sources, project))} if sources else {})
    return _OTHER_FORMATS[form](ordered, project)
