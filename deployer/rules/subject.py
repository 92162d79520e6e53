"""What rules look at: one linked project, the documents that it comes from, and work that several rules share."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from deployer.kinds import KINDS
from deployer.kinds.channels import facts
from deployer.kinds.event_type import EventType, payload_schema, samples_of, used
from deployer.kinds.journey import Journey, SendStep, walk
from deployer.kinds.message import Message, MessageReading
from deployer.kinds.property import Property
from deployer.rules.place import Field, Setting
from deployer.rules.texts import gather
from deployer.rules.trials import try_out
from deployer.source import Gate

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from deployer.kinds.base import M, Model
    from deployer.kinds.event_type import EventProperty, Sample
    from deployer.kinds.kind import Kind
    from deployer.messages import Length
    from deployer.project import Project, Resource
    from deployer.rules.texts import Texts
    from deployer.rules.trials import SampleTrial
    from deployer.source import Document, Pointer


@dataclass(frozen=True)
class Subject:
    """One project under check.

    ``settings`` is the document of ``deployer.yaml`` where it is at hand; ``documents`` are all resources as they are
    written, those of other environments too; ``rules`` are the ids of every rule that may be set, ``catalogue`` those
    of the others too.
    """

    project: Project
    settings: Document | None = None
    documents: Sequence[Document] = ()
    rules: frozenset[str] = field(default=frozenset(), repr=False)
    catalogue: frozenset[str] = field(default=frozenset(), repr=False)

    def each(self, model: type[M]) -> Iterator[M]:
        """Every resource of a kind, by address."""
        yield from self.project.all(model)

    def of(self, kind: Kind) -> Iterator[Resource]:
        """Every declaration of a kind."""
        yield from (one for one in self.project.resources.values() if one.kind is kind)

    def resource(self, model: Model) -> Resource:
        """The declaration of a resource."""
        return self.project.resources[model.address]

    def at(self, model: Model, *pointer: str | int) -> Field:
        """The place of a resource's value."""
        return Field(self.resource(model), pointer)

    def at_key(self, model: Model, *pointer: str | int) -> Field:
        """The place of a resource's key."""
        return Field(self.resource(model), pointer, key=True)

    def at_character(self, model: Model, pointer: Pointer, offset: int, length: int = 1) -> Field:
        """The place of a character in a resource's text."""
        return Field(self.resource(model), pointer, offset=offset, length=length)

    def in_settings(self, *pointer: str | int, key: bool = False) -> Setting:
        """The place of a value (or key) of ``deployer.yaml``."""
        return Setting(self.settings, pointer, key)

    @cached_property
    def declared(self) -> frozenset[str]:
        """The addresses that are declared for any environment."""
        found = set(self.project.resources)
        for document in self.documents:
            kind = KINDS.get(str(document.value.get("kind")))
            if kind:
                found.add(f"{kind.snake}.{document.value.get('id')}")
        return frozenset(found)

    @cached_property
    def senders(self) -> Mapping[str, tuple[Journey, ...]]:
        """The journeys that send a message, by the message's id."""
        found: dict[str, dict[str, Journey]] = {}
        for journey in self.each(Journey):
            for placed in walk(journey):
                if isinstance(placed.step, SendStep):
                    found.setdefault(placed.step.message, {})[journey.id] = journey
        return {message: tuple(journeys.values()) for message, journeys in found.items()}

    def transactional(self, message: Message) -> bool:
        """Whether a transactional journey sends the message. One that no one sends yet is taken to be transactional."""
        journeys = self.senders.get(message.id, ())
        return not journeys or any(journey.category == "transactional" for journey in journeys)

    def defined(self, item: EventProperty) -> bool:
        """Whether a property's definition is at hand; one that isn't is reported as such."""
        return item.readable and (not item.use or self.project.find(Property, item.use) is not None)

    def samples(self, event: EventType) -> tuple[Sample, ...]:
        """The event's samples, declared and made."""
        return samples_of(event, self.project)

    def gate(self, event: EventType) -> Gate:
        """The gate of an event's payloads, which may lack what can't be read. Raises ``SchemaError``."""
        of = (event, *used(event, self.project))
        return self.project.once("payload gate", of, lambda: Gate.of(self._payload_schema(event)))

    def _payload_schema(self, event: EventType) -> dict[str, Any]:
        schema = payload_schema(event, self.project)
        return {**schema, "required": [key for key in schema["required"] if event.properties[key].readable]}

    @cached_property
    def lengths(self) -> tuple[tuple[Message, Length], ...]:
        """The messages that are counted, with their counts over all samples; those that can't be read are left out."""
        readable = dict.fromkeys(text.message.address for text in self.texts.read)
        counted = ((one, self._length(one)) for one in self.each(Message) if one.address in readable)
        return tuple((message, length) for message, length in counted if length is not None)

    def _length(self, message: Message) -> Length | None:
        if not facts(message.channel).segments:
            return None
        project = self.project
        event = project.find(EventType, message.event)
        composed = {part: project.composed(message, part) for part in message.parts}
        of = (message, event, *(used(event, project) if event else ()), *composed.values())
        return project.once("length", of, lambda: MessageReading(message, project, given=composed).length)

    @cached_property
    def texts(self) -> Texts:
        """Every part of every message, compiled and read."""
        return gather(self.project)

    @cached_property
    def trials(self) -> tuple[SampleTrial, ...]:
        """Every part of every message, rendered for each sample of its event."""
        return tuple(try_out(self.project, self.texts))
