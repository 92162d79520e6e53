"""What rules look at: one linked project, the documents that it comes from, and work that several rules share."""

from __future__ import annotations

from dataclasses import field
from functools import cached_property
from typing import TYPE_CHECKING

from deployer.dataclass import dataclass
from deployer.kinds import SNAKES
from deployer.kinds.channels import facts
from deployer.kinds.event_type import EventType, is_defined, payload_schema, samples_of
from deployer.kinds.message import Message, counted
from deployer.project.addresses import address_of
from deployer.rules.place import Field, Setting
from deployer.rules.senders import senders, sent_to_all
from deployer.rules.sound import Digests
from deployer.rules.texts import gather
from deployer.rules.trials import try_out
from deployer.source import Gate

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from deployer.kinds.base import M, Model
    from deployer.kinds.event_type import EventProperty, Sample
    from deployer.kinds.kind import Kind
    from deployer.messages import Length
    from deployer.project import Project, Resource
    from deployer.rules.senders import Sender
    from deployer.rules.sound import Sound, Work
    from deployer.rules.texts import Texts
    from deployer.rules.trials import SampleTrial
    from deployer.source import Document, Pointer


@dataclass(frozen=True)
class Subject:
    """One project under check.

    ``settings`` is the document of ``deployer.yaml`` where it is at hand; ``documents`` are all resources as they are
    written, those of other environments too; ``rules`` are the ids of every rule that may be set, ``catalogue`` those
    of the others too; ``sound``: what is known to be sound isn't looked at again.
    """

    project: Project
    settings: Document | None = None
    documents: Sequence[Document] = ()
    rules: frozenset[str] = field(default=frozenset(), repr=False)
    catalogue: frozenset[str] = field(default=frozenset(), repr=False)
    sound: Sound | None = field(default=None, repr=False)

    def each(self, model: type[M]) -> Iterator[M]:
        """Every resource of a kind, by address."""
        yield from self.project.all(model)

    def of(self, kind: Kind) -> Iterator[Resource]:
        """Every declaration of a kind."""
        yield from self.of_model(kind.model)

    def of_model(self, model: type[Model]) -> Iterator[Resource]:
        """The same, for a rule that looks at facts of them (``Resource.fact``) and reads few."""
        yield from (self.project.resources[address] for address in self.project.addresses(model))

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

    def are_read(self, models: Iterable[Model | None], *fields: str) -> bool:
        """Whether all of these are declared, without a mistake in one of the fields."""
        return all(model and not any(self.at(model, name).unread for name in fields) for model in models)

    def in_settings(self, *pointer: str | int, key: bool = False) -> Setting:
        """The place of a value (or key) of ``deployer.yaml``."""
        return Setting(self.project.root, self.settings, pointer, key)

    @cached_property
    def declared(self) -> frozenset[str]:
        """The addresses that are declared for any environment."""
        addresses = set(self.project.resources)
        for document in self.documents:
            address = address_of(document)
            if address:
                addresses.add(address)
        return frozenset(addresses)

    def declared_open(self, kind: Kind | None = None) -> Iterator[Resource]:
        """Every declaration (of a kind) that isn't known to be sound, as ``open`` gives them."""
        for address in self._open if kind is None else self._open_of.get(kind.snake, ()):
            yield self.project.resources[address]

    def open(self, model: type[M]) -> Iterator[M]:
        """Every resource of a kind that isn't known to be sound, for rules that look at one alone (``rules.sound``)."""
        for address in self._open_of.get(SNAKES[model], ()):
            yield self.project.resources[address].read_as(model)

    @cached_property
    def _open(self) -> Sequence[str]:
        """The addresses that aren't known to be sound, in their order."""
        return tuple(address for address in self.project.resources if address not in self.passed)

    @cached_property
    def _open_of(self) -> Mapping[str, Sequence[str]]:
        """The same by the names of their kinds, which many rules ask for."""
        by_kind: dict[str, list[str]] = {}
        for address in self._open:
            by_kind.setdefault(address.partition(".")[0], []).append(address)
        return by_kind

    @cached_property
    def digests(self) -> Mapping[str, str]:
        """The digests of what may be passed over the next time, by address."""
        if self.sound is None or self.settings is None:
            return {}
        return self.project.memory.latest("digests", (self.project.resources, self.settings), self._digests)

    def _digests(self) -> Mapping[str, str]:
        assert self.settings is not None
        return Digests(self.project, self.settings, self.senders, self.sent_to_all).all()

    @cached_property
    def passed(self) -> Mapping[str, Work]:
        """What is known to be sound, by address."""
        known = ((address, self.sound.find(digest)) for address, digest in self.digests.items() if self.sound)
        sound = {address: work for address, work in known if work is not None}
        self.count(sound)
        return sound

    def count(self, works: Mapping[str, Work]) -> None:
        """Count the work of messages, by address, that are passed over."""
        some = {address: work for address, work in works.items() if any(work)}
        if not some or self.project.words.pass_over_known(
            {self.digests[address]: sum(some[address]) for address in some}
        ):
            return
        for address, work in some.items():
            message = self.project.resources[address].model
            assert isinstance(message, Message)
            self.project.pass_over(message, work)

    def sound_now(self, faulty: Collection[str]) -> Mapping[str, Work]:
        """The digests of what may be passed over the next time: something was found at the ``faulty`` addresses."""
        if self.project.words.exhausted:
            return {}
        left_out = {*faulty, *self.timed}
        sound = ((address, digest) for address, digest in self.digests.items() if address not in left_out)
        return {digest: self._work(address) for address, digest in sound}

    def _work(self, address: str) -> Work:
        """The work that went into the words of a declaration, if it has any."""
        known = self.passed.get(address)
        if known is not None:
            return known
        model = self.project.resources[address].model
        return self.project.work(model) if isinstance(model, Message) else ()

    @cached_property
    def senders(self) -> Mapping[str, tuple[Sender, ...]]:
        """The journeys that send a message, by the message's id."""
        return senders(self.project)

    @cached_property
    def sent_to_all(self) -> frozenset[str]:
        """The ids of messages that transactional journeys send to people who may not be subscribed to both."""
        return sent_to_all(self.project)

    def transactional(self, message: Message) -> bool:
        """Whether a transactional journey sends the message. One that no one sends yet is taken to be transactional.

        What no one is known to send may be sent by a journey that can't be read.
        """
        journeys = self.senders.get(message.id, ())
        if not journeys:
            return not self.project.has_broken("journey")
        return any(journey.category == "transactional" for journey in journeys)

    def defined(self, item: EventProperty) -> bool:
        """Whether a property's definition is at hand; one that isn't is reported as such."""
        return is_defined(item, self.project)

    def samples(self, event: EventType) -> tuple[Sample, ...]:
        """The event's samples, declared and made."""
        return samples_of(event, self.project)

    def gate(self, event: EventType) -> Gate:
        """The gate of an event's payloads, which may lack what can't be read. Raises ``SchemaError``."""
        schema = payload_schema(event, self.project)
        required = [key for key in schema["required"] if self.defined(event.properties[key])]
        return Gate.of({**schema, "required": required})

    @cached_property
    def lengths(self) -> tuple[tuple[Message, Length], ...]:
        """The messages that are counted, with their counts over all samples; those that can't be read are left out."""
        return tuple((message, length) for message, (length, _) in self._counted if length is not None)

    @cached_property
    def _counted(self) -> tuple[tuple[Message, tuple[Length | None, bool]], ...]:
        readable = {text.message.address: text.message for text in self.texts.read}
        return tuple((message, self._length(message)) for message in readable.values())

    def _length(self, message: Message) -> tuple[Length | None, bool]:
        """The length of a message, and whether it is another one at another time."""
        project = self.project
        event = project.find(EventType, message.event)
        if not facts(message.channel).segments or (event and self.at(event, "samples").unread):
            return None, False
        return counted(message, project)

    @cached_property
    def texts(self) -> Texts:
        """Every part of every message that isn't known to be sound, compiled and read."""
        return gather(self.project, self.open(Message))

    @cached_property
    def trials(self) -> tuple[SampleTrial, ...]:
        """Every one of these texts, rendered for each sample of its event."""
        return tuple(try_out(self.project, self.texts))

    @cached_property
    def timed(self) -> frozenset[str]:
        """The addresses of messages that say something else at another time."""
        texts = (text.message.address for text in self.texts.read if text.timed)
        trials = (trial.text.message.address for trial in self.trials if trial.timed)
        return frozenset((*texts, *trials, *(message.address for message, (_, timed) in self._counted if timed)))
