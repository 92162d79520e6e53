"""What a new resource of each kind says: as little as validates, linked to what the project declares already."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, Any

from deployer.authoring.templates import opt_in_files
from deployer.dataclass import dataclass
from deployer.errors import UsageError
from deployer.kinds.channels import Channel
from deployer.kinds.event_type import EventType
from deployer.kinds.journey import Journey
from deployer.kinds.journey.model import SendStep
from deployer.kinds.message import Message
from deployer.kinds.opt_in_source import OptInSource
from deployer.project.apps import only_app
from deployer.source import near_or_few, some

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from deployer.project import Project

_TRIED = 8
"""Properties of an event that are tried in a new text, at most."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A declaration to try: its fields, those written one entry a line, a comment above, and files that it names."""

    body: Mapping[str, Any]
    opened: tuple[str, ...] = ()
    remark: str = ""
    files: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Scene:
    """What a new resource is written for: its id, and the name at Attentive, the event and the app that were named."""

    project: Project
    id: str
    named: str = ""
    event: str = ""
    app: str = ""

    @property
    def name(self) -> str:
        """The name that was given, else one made of the id."""
        return self.named or self.id.replace("_", " ").title()

    def chosen_event(self) -> EventType:
        """The event that was named, else the one that the id begins with, else the only one; raises ``UsageError``."""
        events = {event_type.id: event_type for event_type in self.project.all(EventType)}
        wanted = self.event.removeprefix("event_type.")
        if wanted:
            if wanted not in events:
                hint = near_or_few(wanted, events)
                raise UsageError(f"event type `{wanted}` is not declared", hint)
            return events[wanted]
        alike = sorted((event for event in events if f"{self.id}_".startswith(f"{event}_")), key=len)
        found = alike[-1] if alike else next(iter(events)) if len(events) == 1 else ""
        if not found:
            hint = (
                f"pass --event with one of {some(list(events))}"
                if events
                else "declare one first: `deployer new event NAME`"
            )
            raise UsageError("it isn't clear which event it belongs to", hint)
        return events[found]

    @property
    def sandboxes(self) -> list[str]:
        """The names of the environments that are sandboxes."""
        return [name for name, environment in self.project.settings.environments.items() if environment.is_sandbox]


def _event(scene: Scene) -> Iterator[Draft]:
    yield Draft(
        {
            "kind": "EventType",
            "id": scene.id,
            "name": scene.name,
            "app": only_app(scene.project.settings, scene.app),
            "properties": {"reference": {"type": "string", "minLength": 1, "maxLength": 40}},
            "samples": {"happy": {"reference": "54321"}},
        },
        opened=("properties", "samples"),
        remark="The name can't be changed once it was sent. Put your own properties in the place of `reference`.",
    )


def _property(scene: Scene) -> Iterator[Draft]:
    yield Draft(
        {
            "kind": "Property",
            "id": scene.id,
            "schema": {"type": "string", "minLength": 1, "maxLength": 80, "examples": [scene.name]},
            "pii": False,
        }
    )


def _message(scene: Scene) -> Iterator[Draft]:
    """A text about the event: with one of its properties where a text may read one, else without."""
    event = scene.chosen_event()
    required = [
        key for key, event_property in event.properties.items() if not event_property.optional and "'" not in key
    ]
    words = [f"News about {{{{triggerEvent.custom['{key}']}}}}." for key in required[:_TRIED]]
    for body in (*words, "There is news for you."):
        fields = {"kind": "Message", "id": scene.id, "channel": "text", "event": event.id, "body": body}
        yield Draft(fields, remark="Write your own words.")


def _journey(scene: Scene) -> Iterator[Draft]:
    event = scene.chosen_event()
    texts = [
        message.id
        for message in scene.project.all(Message)
        if message.event == event.id and message.channel is Channel.TEXT
    ]
    if not texts:
        hint = f"write one first: `deployer new message {event.id}_text --event {event.id}`"
        raise UsageError(f"there is no text about `{event.id}` to send", hint)
    sources = [source for source in scene.project.all(OptInSource) if source.channel is Channel.TEXT]
    transactional = [source.id for source in sources if source.subscription_type == "transactional"]
    if not transactional:
        raise UsageError(
            "no one can agree to texts yet", "write an opt-in source first: `deployer new opt-in checkout`"
        )
    send = {"message": texts[0], "quiet_hours": "respect", "smart_sending": "ignore"}
    for status in ("active", "draft"):  # a second one that is active on the event would write to customers twice
        yield _sending(scene, event, send, transactional, status)


def _sending(scene: Scene, event: EventType, send: Mapping[str, str], opt_in: list[str], status: str) -> Draft:
    return Draft(
        {
            "kind": "Journey",
            "id": scene.id,
            "name": scene.named or (event.name if scene.id == event.id else scene.name),
            "category": "transactional",
            "trigger": event.id,
            "opt_in": opt_in,
            "re_entry": {"cooldown": "none"},
            "steps": [{"id": "text", "send_text": send}],
            "status": status,
        },
        opened=("steps",),
    )


def _journey_test(scene: Scene) -> Iterator[Draft]:
    event = scene.chosen_event()
    journeys = [
        journey for journey in scene.project.all(Journey) if journey.trigger == event.id and journey.status == "active"
    ]
    if not journeys:
        hint = f"write one first: `deployer new journey {event.id} --event {event.id}`"
        raise UsageError(f"no journey is triggered by `{event.id}`", hint)
    first = [journey.steps[0] for journey in journeys if journey.steps]
    sent = [step.message for step in first if isinstance(step, SendStep) and step.channel is Channel.TEXT]
    if not sent:
        raise UsageError(f"`{journeys[0].id}` doesn't begin with a text", "write the test by hand: docs/simulation.md")
    yield Draft(
        {
            "kind": "JourneyTest",
            "id": scene.id,
            "start": "2026-05-11 14:00",
            "events": [{"event": event.id}],
            "expect": [{"sent": {"message": message}} for message in sent],
        },
        opened=("events", "expect"),
    )


def _opt_in(scene: Scene) -> Iterator[Draft]:
    picture, legal, files = opt_in_files(scene.id, {"BRAND": scene.project.settings.brand.name})
    given = {source.sign_up_source_id for source in scene.project.all(OptInSource)}
    free = next(str(number) for number in range(1001, 2000 + len(given)) if str(number) not in given)
    body: dict[str, Any] = {
        "kind": "OptInSource",
        "id": scene.id,
        "name": scene.name,
        "channel": "text",
        "subscription_type": "transactional",
        "placement": scene.id.replace("_", " "),
        "consent": {"control": "checkbox", "disclosure": {"file": legal}},
        "screenshot": picture,
    }
    if scene.sandboxes:
        body["per_environment"] = {name: {"sign_up_source_id": free} for name in scene.sandboxes}
    remark = "Replace the placeholder by a screenshot of your page, and have your lawyers read the disclosure."
    yield Draft(body, remark=remark, files=files)


def _webhook(scene: Scene) -> Iterator[Draft]:
    body: dict[str, Any] = {
        "kind": "Webhook",
        "id": scene.id,
        "app": only_app(scene.project.settings, scene.app),
        "url": {"env": f"{scene.id.upper()}_WEBHOOK_URL"},
        "events": ["sms.sent"],
        "status": "enabled",
    }
    if scene.sandboxes:
        url = f"https://hooks.example/{scene.id}"
        body["per_environment"] = {name: {"url": url} for name in scene.sandboxes}
    yield Draft(body)


def _segment(scene: Scene) -> Iterator[Draft]:
    external = f"{scene.project.settings.project.replace('-', '_')}_{scene.id}"
    yield Draft({"kind": "Segment", "id": scene.id, "name": scene.name, "external_id": external})


def _attribute(scene: Scene) -> Iterator[Draft]:
    definition = {"type": "string", "examples": ["Gold"]}
    remark = "The type locks at Attentive on the first value."
    yield Draft({"kind": "CustomAttribute", "id": scene.id, "name": scene.name, "schema": definition}, remark=remark)


DRAFTS: Mapping[str, Callable[[Scene], Iterator[Draft]]] = {
    "EventType": _event,
    "Property": _property,
    "Message": _message,
    "Journey": _journey,
    "OptInSource": _opt_in,
    "Webhook": _webhook,
    "Segment": _segment,
    "CustomAttribute": _attribute,
    "JourneyTest": _journey_test,
}
"""The drafts of each kind, the most wanted first."""

FOLDERS: Mapping[str, str] = {
    "EventType": "events",
    "Property": "properties",
    "Message": "messages",
    "Journey": "journeys",
    "OptInSource": "opt-in",
    "Webhook": "webhooks",
    "Segment": "segments",
    "CustomAttribute": "attributes",
    "JourneyTest": "tests",
}
"""Where a kind's first resource goes."""
