"""A project in one environment: its resources by address, its settings, and the words of its messages."""

from __future__ import annotations

from dataclasses import field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from deployer.dataclass import dataclass
from deployer.kinds import SNAKES
from deployer.kinds.channels import facts
from deployer.kinds.custom_attribute import CustomAttribute
from deployer.kinds.event_type import EventType
from deployer.kinds.message import Message
from deployer.messages import LIMIT, TEXT_LIMIT, AnyName, Names
from deployer.project.memory import Memory
from deployer.source import (
    Body,
    Document,
    Environment,
    Position,
    Problem,
    ProjectFiles,
    Settings,
    Severity,
    origin,
    problem_at,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from deployer.kinds.base import M, Model
    from deployer.kinds.kind import Kind
    from deployer.messages import Composed
    from deployer.project.known_words import KnownWords
    from deployer.project.memory import T
    from deployer.project.words import Words
    from deployer.source import Pointer


_ATTRIBUTE = "custom_attribute"


@dataclass(frozen=True, slots=True)
class Resource:
    """One declaration as it is in one environment, and its place in the YAML.

    ``environment`` is the one whose patches it may have, empty where it says nothing of environments and is the same in
    each. ``mistakes`` are where its schema is broken: what ``body`` and ``model`` have there means nothing. ``facts``
    are those of its document, where it is the same in each environment and has no mistake.
    """

    address: str
    kind: Kind
    model: Model
    body: Body
    document: Document
    environment: str
    inherits: tuple[str, ...] = ()
    mistakes: tuple[Pointer, ...] = ()
    facts: dict[str, Any] | None = field(default=None, compare=False, repr=False)

    def read_as(self, model: type[M]) -> M:
        """Its model, for who knows by the kind in its address which one that is."""
        assert isinstance(self.model, model), self.address
        return self.model

    def fact(self, what: str, make: Callable[[Resource], T]) -> T:
        """What ``make`` makes of this declaration alone: JSON, perhaps as an earlier run made it of the same file.

        It isn't None. A declaration of which everything is known that is looked for isn't read (``source.known_yaml``).
        """
        if self.facts is None:
            return make(self)
        found: T | None = self.facts.get(what)
        if found is None:
            found = self.facts[what] = make(self)
        return found

    def is_unread(self, pointer: Pointer) -> bool:
        """Whether a field has a mistake, is within one that has, or holds one: what is found there follows from it."""
        if not self.mistakes:
            return False
        return any(pointer[: len(mistake)] == mistake[: len(pointer)] for mistake in self.mistakes if pointer)

    def pointer(self, pointer: Pointer) -> Pointer:
        """Where a field of the merged body comes from: the environment's patch if that names it, else the body."""
        return origin(self.document.value, self.environment, pointer, self.inherits)

    def problem(
        self,
        pointer: Pointer,
        rule: str,
        message: str,
        *,
        hint: str = "",
        severity: Severity = Severity.ERROR,
        key: bool = False,
        offset: int | None = None,
        length: int | None = None,
    ) -> Problem:
        """A finding about a field of this resource, at its place in the user's file."""
        return problem_at(
            self.document,
            self.pointer(pointer),
            rule,
            message,
            hint=hint,
            severity=severity,
            key=key,
            address=self.address,
            offset=offset,
            length=length,
        )

    def locate(self, pointer: Pointer) -> Position:
        """The place of a field in the user's file."""
        return self.document.locate(self.pointer(pointer))


class Digests(Protocol):
    """The digests by which parts of a project are known; empty where what they depend on can't be read."""

    def words(self, message: Message) -> str:
        """The digest of all that a message's words depend on."""

    def declaration(self, address: str) -> str:
        """The digest of all that a declaration is in its environment; empty where no one can tell that without it."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What earlier runs found of messages and declarations, and what makes the digests by which these are known."""

    words: KnownWords
    digests: Callable[[Project], Digests]


@runtime_checkable
class ByKind(Protocol):
    """Resources that give those of one kind without looking at the others."""

    def of_kind(self, snake: str) -> Sequence[str]:
        """Their addresses, in their order."""


@dataclass(frozen=True)
class Project:
    """Everything declared for one environment. It is the ``Scope`` that kinds ask.

    ``broken`` are the addresses of declarations that have problems themselves: only those of which enough can be read
    are among the resources. ``unread`` are the kinds, as in addresses, of which more may be declared in what can't be
    read at all. ``kept`` is what earlier runs found of a project without an error.
    """

    root: Path
    settings: Settings
    environment: Environment
    resources: Mapping[str, Resource]
    words: Words
    memory: Memory = field(default_factory=Memory, repr=False)
    broken: frozenset[str] = frozenset()
    unread: frozenset[str] = frozenset()
    kept: Kept | None = field(default=None, repr=False)

    def has_broken(self, snake: str) -> bool:
        """Whether a declaration of a kind couldn't be read, so that what they hold together isn't known."""
        return snake in self.unread or any(address.partition(".")[0] == snake for address in self.broken)

    @property
    def files(self) -> ProjectFiles:
        """The project's files, read once."""
        return self.words.files

    def find(self, model: type[M], id: str) -> M | None:  # noqa: A002 - the field's name in the file format
        """The resource of a kind with this id, if it is declared for the environment."""
        resource = self.resources.get(f"{SNAKES[model]}.{id}")
        return resource.model if resource else None  # type: ignore[return-value]  # the address has the kind's name

    def all(self, model: type[M]) -> Sequence[M]:
        """Every resource of a kind, by address."""
        return tuple(self._of_kind(model).values())

    def addresses(self, model: type[Model]) -> Sequence[str]:
        """The addresses of a kind, in their order."""
        if self._by_kind is not None:
            return self._by_kind.of_kind(SNAKES[model])
        return self._addresses.get(SNAKES[model], ())

    @cached_property
    def _by_kind(self) -> ByKind | None:
        """The resources, if they can list those of one kind; kept, since ``isinstance`` of a protocol is slow."""
        return self.resources if isinstance(self.resources, ByKind) else None

    def _of_kind(self, model: type[M]) -> Mapping[str, M]:
        """The resources of a kind by id: only these are read, where they are read when they are looked at."""
        if model not in self._models:
            resources = (self.resources[address] for address in self.addresses(model))
            self._models[model] = {resource.model.id: resource.model for resource in resources}
        return self._models[model]  # type: ignore[return-value]  # the key is the values' type

    @cached_property
    def _models(self) -> dict[type[Model], Mapping[str, Model]]:
        return {}

    @cached_property
    def _addresses(self) -> Mapping[str, Sequence[str]]:
        addresses: dict[str, list[str]] = {}
        for address in self.resources:
            addresses.setdefault(address.partition(".")[0], []).append(address)
        return addresses

    def once(self, what: str, of: tuple[object, ...], make: Callable[[], T]) -> T:
        """What ``make`` makes of these values, once for all environments in which they are the same."""
        return self.memory.once(what, of, make)

    def known(self, what: str, message: Model, make: Callable[[], T]) -> T:
        """What ``make`` makes of a message's words: JSON, perhaps as an earlier run made it."""
        assert isinstance(message, Message)
        digest = self._word_digest(message)
        if self.kept is None or not digest:
            return make()
        found: T = self.kept.words.find(digest, what, make)
        return found

    def _word_digest(self, message: Message) -> str:
        """The digest of all that a message's words depend on; empty where it isn't known, or nothing is kept."""
        if self._digests is None:
            return ""
        if message.id not in self._word_digests:
            self._word_digests[message.id] = self._digests.words(message)
        return self._word_digests[message.id]

    def known_declaration(self, what: str, address: str, make: Callable[[], T]) -> T | None:
        """What ``make`` makes of a declaration and all that it uses: JSON, perhaps as an earlier run made it.

        ``None`` where nothing is kept of it, so that it has to be read.
        """
        if self.kept is None or self._digests is None:
            return None
        digest = self._declaration_digests.get(address)
        if digest is None:
            digest = self._declaration_digests[address] = self._digests.declaration(address)
        if not digest:
            return None
        found: T = self.kept.words.find(digest, what, make)
        return found

    @cached_property
    def _digests(self) -> Digests | None:
        return self.kept.digests(self) if self.kept else None

    @cached_property
    def _word_digests(self) -> dict[str, str]:
        return {}

    @cached_property
    def _declaration_digests(self) -> dict[str, str]:
        return {}

    def text(self, path: str) -> str:
        """A text file of the project; raises ``FileProblem``."""
        return self.files.words(path)

    def file_digest(self, path: str) -> str:
        """SHA-256 of a project file, in hex; raises ``FileProblem``."""
        return self.files.digest(path)

    def app_name(self, app: str) -> str:
        """The name at Attentive of an app in this environment; its id where the environment binds no name."""
        binding = self.environment.apps.get(app)
        return binding.name if binding and binding.name else app

    def composed(self, model: Model, part: str) -> Composed:
        """The composer text of a message's part; raises ``CompileError`` or ``FileProblem``."""
        assert isinstance(model, Message)
        return self.words.composed(*self._written(model, part))

    def work(self, message: Message) -> tuple[int, ...]:
        """The work that went into each part of a message; raises ``FileProblem``."""
        return tuple(self.words.work(*self._written(message, part)) for part in message.parts)

    def pass_over(self, message: Message, work: tuple[int, ...]) -> None:
        """Count the work of a message that needn't be composed; raises ``FileProblem``."""
        for part, amount in zip(message.parts, work, strict=True):
            self.words.pass_over(*self._written(message, part), amount)

    def _written(self, message: Message, part: str) -> tuple[str, Names, int]:
        return self.author_text(message, part), self.names(message), self.most_bytes(message)

    def names(self, message: Message) -> Names:
        """The names that a message may write; any one of an event type that can't be read."""
        event = self.find(EventType, message.event)
        return Names(tuple(event.properties) if event else AnyName(), self.attribute_names)

    @staticmethod
    def most_bytes(message: Message) -> int:
        """The bytes that a part of a message may have."""
        return TEXT_LIMIT if facts(message.channel).segments else LIMIT

    @cached_property
    def attribute_names(self) -> tuple[str, ...]:
        """The names at Attentive of the declared attributes; any one where some can't be read."""
        names = tuple(attribute.name for attribute in self.all(CustomAttribute))
        return AnyName(names) if self.has_broken(_ATTRIBUTE) else names

    def author_text(self, message: Message, part: str) -> str:
        """A part's words as its author wrote them, from the YAML or its file; raises ``FileProblem``."""
        source = message.parts[part]
        return self.files.words(source.file) if source.file else source.text
