"""Declarations as others may see them: personal values of samples, examples and tests' events are asterisks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployer.kinds.event_type import EventType, filled_in, masked, without_examples
from deployer.kinds.journey_test import JourneyTest
from deployer.kinds.property import Property

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deployer.project.model import Project, Resource
    from deployer.source import Body


def shareable(resource: Resource, project: Project) -> Body:
    """A declaration's body without personal values."""
    body = resource.body
    match resource.model:
        case EventType() as event:
            return _of_event(event, project, body)
        case JourneyTest():
            return {**body, "events": [_of_test(item, project) for item in body["events"]]}
        case Property() as definition if "schema" in body:
            return {**body, "schema": without_examples(body["schema"], body["schema"], personal=definition.pii)}
    return body


def _of_event(event: EventType, project: Project, body: Body) -> Body:
    samples = {name: masked(event, project, data) for name, data in body.get("samples", {}).items()}
    definitions = {
        key: without_examples(item, filled_in(event.properties[key], project))
        for key, item in body.get("properties", {}).items()
    }
    hidden: Mapping[str, Body] = {"properties": definitions, "samples": samples}
    return {key: hidden.get(key, value) for key, value in body.items()}


def _of_test(happening: Body, project: Project) -> Body:
    event = project.find(EventType, happening.get("event", ""))
    if event is None or "data" not in happening:
        return happening
    return {**happening, "data": masked(event, project, happening["data"])}
