"""Declarations as others may see them: personal values of samples, examples and tests' events are asterisks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployer.kinds.event_type import EventType, filled_in, masked
from deployer.kinds.journey_test import JourneyTest
from deployer.kinds.property import Property

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deployer.project.model import Project, Resource
    from deployer.source import Body

_EXAMPLES = "examples"


def shareable(resource: Resource, project: Project) -> Body:
    """A declaration's body without personal values; the same object where it can hold none."""
    body = resource.body
    match resource.model:
        case EventType() as event:
            return _of_event(event, project, body)
        case JourneyTest():
            return {**body, "events": [_of_test(item, project) for item in body["events"]]}
        case Property() as definition if definition.pii and _EXAMPLES in body.get("schema", {}):
            return {**body, "schema": _without_examples(body["schema"])}
    return body


def _of_event(event: EventType, project: Project, body: Body) -> Body:
    samples = {name: masked(event, project, data) for name, data in body.get("samples", {}).items()}
    definitions = {
        key: _without_examples(item) if filled_in(event.properties[key], project).get("pii") else item
        for key, item in body.get("properties", {}).items()
    }
    made: Mapping[str, Body] = {"properties": definitions, "samples": samples}
    return {key: made.get(key, value) for key, value in body.items()}


def _of_test(happening: Body, project: Project) -> Body:
    event = project.find(EventType, happening.get("event", ""))
    if event is None or "data" not in happening:
        return happening
    return {**happening, "data": masked(event, project, happening["data"])}


def _without_examples(definition: Body) -> Body:
    """A definition whose examples are left out: each is a person's value."""
    return {key: value for key, value in definition.items() if key != _EXAMPLES}
