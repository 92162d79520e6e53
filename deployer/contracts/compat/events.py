"""Event types, then and now: which is which, and what changed of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployer.contracts.compat.found import Found
from deployer.contracts.compat.properties import Properties
from deployer.kinds.event_type import EventType
from deployer.kinds.journey import Journey
from deployer.source import name_form

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deployer.contracts.compat.readership import Readership
    from deployer.project import Project


def renamed_ids(before: Project, after: Project) -> dict[str, str]:
    """Former ids of event types that have another id now: as ``moved`` says, else by the exact name and app."""
    old, new = _events(before), _events(after)
    moves = {move.old: move.new for move in after.settings.moved}
    renamed: dict[str, str] = {}
    for event in old.values():
        target = moves.get(event.address, "").partition(".")[2]
        same = next(
            (
                event_type.id
                for event_type in new.values()
                if (event_type.name, event_type.app) == (event.name, event.app)
            ),
            "",
        )
        now = target if target in new else same
        if event.id not in new and now and now not in old:
            renamed[event.id] = now
    return renamed


def event_changes(readers: Readership) -> Iterator[Found]:
    """Every change of the event types of one environment."""
    old, new = _events(readers.before), _events(readers.after)
    for id_, event in old.items():
        now = new.get(readers.events.get(id_, id_))
        if now is None:
            yield _removed(event, readers)
        else:
            yield from _changed(event, now, readers)
    known = {readers.events.get(id_, id_) for id_ in old}
    for event in new.values():
        if event.id not in known:
            yield Found("event-added", event.address, (), None, event.name)


def trigger_changes(readers: Readership) -> Iterator[Found]:
    """Every journey that another event type starts now."""
    for journey in readers.before.all(Journey):
        now = readers.after.find(Journey, journey.id)
        former = readers.events.get(journey.trigger, journey.trigger)
        if now is not None and now.trigger != former:
            impacts = readers.of_journey(journey.address)
            yield Found("trigger-changed", journey.address, ("trigger",), journey.trigger, now.trigger, impacts)


def _events(project: Project) -> dict[str, EventType]:
    return {event.id: event for event in project.all(EventType)}


def _removed(event: EventType, readers: Readership) -> Found:
    change = "event-removed-deprecated" if event.deprecated else "event-removed"
    return Found(change, event.address, (), event.name, None, readers.started_by(event.id))


def _changed(old: EventType, new: EventType, readers: Readership) -> Iterator[Found]:
    if old.id != new.id:
        yield Found("event-id-changed", new.address, ("id",), old.id, new.id)
    if old.name != new.name:
        change = "event-case-changed" if name_form(old.name) == name_form(new.name) else "event-renamed"
        yield Found(change, new.address, ("name",), old.name, new.name, readers.started_by(new.id))
    if _moved(old, new, readers):
        yield Found("event-moved-to-app", new.address, ("app",), old.app, new.app, readers.started_by(new.id))
    if new.deprecated and not old.deprecated:
        yield Found("event-deprecated", new.address, ("deprecated",), before=False, after=True)
    yield from _identifiers(old, new, readers)
    yield from Properties(old, new, readers).changes()


def _moved(old: EventType, new: EventType, readers: Readership) -> bool:
    """Whether another app sends it: another id here that is the same app at Attentive is none."""
    return old.app != new.app and readers.before.app_name(old.app) != readers.after.app_name(new.app)


def _identifiers(old: EventType, new: EventType, readers: Readership) -> Iterator[Found]:
    sides = (list(old.identify_by), list(new.identify_by))
    for identifier in old.identify_by:
        if identifier not in new.identify_by:
            impacts = readers.of_channel(new.id, identifier)
            yield Found("identifier-removed", new.address, ("identify_by", identifier), *sides, impacts)
    for identifier in new.identify_by:
        if identifier not in old.identify_by:
            impacts = tuple(each for way in old.identify_by for each in readers.of_channel(new.id, way))
            yield Found("identifier-added", new.address, ("identify_by", identifier), *sides, impacts)
