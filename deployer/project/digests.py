"""Digests of everything that the words of a message depend on, by which they are known from one run to the next."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import cached_property
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from deployer.dataclass import dataclass
from deployer.kinds import SNAKES
from deployer.kinds.custom_attribute import CustomAttribute
from deployer.kinds.event_type import EventType
from deployer.kinds.journey import Journey
from deployer.kinds.message import Message
from deployer.project.references import picture_of, targets
from deployer.source import FileProblem, content

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from deployer.project.model import Project, Resource
    from deployer.source import Document

_READS_FILES = re.compile(r"\b(?:include|import|from|extends)\b")
"""Words by which a template may read another file, whose content no digest knows."""


class Jinja(StrEnum):
    """What is in a text of the language that is gone when a text is compiled; the most comes last."""

    NONE = "0"
    """Nothing."""

    SOME = "1"
    """It may use the files with macros that every message may use."""

    READS_FILES = "2"
    """It may read any file of the project."""


def jinja_in(text: str) -> Jinja:
    """What is in a text of it."""
    if "[[" not in text and "[%" not in text:
        return Jinja.NONE
    return Jinja.READS_FILES if "[%" in text and _READS_FILES.search(text) else Jinja.SOME


@dataclass(frozen=True)
class WordDigests:
    """The digests of one project, whose ``settings`` are the whole of ``deployer.yaml``."""

    project: Project
    settings: Document

    def words(self, message: Message) -> str:
        """The digest of what a message says: its words, its event, attributes; empty where one can't be read."""
        return self._known_words(message.address)

    def _known_words(self, address: str) -> str:
        about = self._of_message(address)
        words = self._words(address)
        if words is None or self._is_broken(about):
            return ""
        return joint(self._settings, self._attributes, words, *map(self._body, about))

    def declaration(self, address: str) -> str:
        """The digest of an event type or a journey, with all that it uses, in its environment.

        Empty where something can't be read, or other files may be in it; of another kind it always is.
        """
        snake = address.partition(".")[0]
        parts = {_EVENT_TYPE: self._event_parts, _JOURNEY: self._journey_parts}.get(snake, lambda _: None)(address)
        return "" if parts is None else joint(self._settings, self._environment, *parts)

    def _event_parts(self, address: str) -> list[bytes] | None:
        """The digests of an event type and the shared definitions that it uses; ``None`` where one can't be read."""
        about = self._of_event(address) if address in self.project.resources else (address,)
        return None if self._is_broken(about) else list(map(self._body, about))

    def _journey_parts(self, address: str) -> list[bytes] | None:
        """The digests of a journey and of all that it refers to, with the words and files of its messages."""
        used = self.project.resources[address].fact("targets", targets)
        if self._is_broken((address, *used)):
            return None
        parts = [self._body(address)]
        for target in used:
            snake = target.partition(".")[0]
            if snake in _WITH_MORE:
                more = self._event_parts(target) if snake == _EVENT_TYPE else self._message_parts(target)
                if more is None:
                    return None
                parts += more
            else:
                parts.append(self._body(target))
        return parts

    def _message_parts(self, address: str) -> list[bytes] | None:
        """The digests of a message: all that its words depend on, and the file that it shows."""
        resource = self.project.resources.get(address)
        words = self._known_words(address) if resource else ""
        if resource is None or not words:
            return None
        file = picture_of(resource)
        try:
            shown = [bytes.fromhex(self.project.files.digest(file))] if file else []
        except FileProblem:
            return None
        return [bytes.fromhex(words), *shown]

    def _of_event(self, address: str) -> tuple[str, ...]:
        """The addresses of an event type and of the shared definitions that it uses."""
        return address, *self.project.resources[address].fact("uses", _uses)

    def _of_message(self, address: str) -> tuple[str, ...]:
        """The addresses of a message, of its event and of what that one uses."""
        event = self.project.resources[address].fact("event", _event)
        return address, *(self._of_event(event) if event in self.project.resources else (event,))

    def _is_broken(self, addresses: Iterable[str]) -> bool:
        broken = self.project.broken
        return bool(broken) and any(address in broken and address in self.project.resources for address in addresses)

    def _body(self, address: str) -> bytes:
        """The digest of a declaration's body, if it is declared."""
        known = self._bodies.get(address)
        if known is None:
            resource = self.project.resources.get(address)
            known = _NONE if resource is None else bytes.fromhex(resource.fact("digest", self._made))
            self._bodies[address] = known
        return known

    @cached_property
    def _bodies(self) -> dict[str, bytes]:
        return {}

    def _made(self, resource: Resource) -> str:
        return self.project.once("digest", (resource.body,), lambda: digest_of(resource.body).hex())

    def _words(self, address: str) -> bytes | None:
        """The digest of a message's words as their author wrote them; ``None`` where more files may be in them."""
        resource = self.project.resources[address]
        parts = resource.fact("parts", _written)
        if len(parts) == 1 and not parts[0][0]:  # as nearly every text
            return self._with_library(bytes.fromhex(parts[0][1]), parts[0][2])
        if any(file for file, *_ in parts):
            return self.project.once("digest of words", (resource,), lambda: self._parts(parts))
        return self._parts(parts)

    def _parts(self, parts: Sequence[Sequence[str]]) -> bytes | None:
        try:
            read = [_of_text(self.project.files.words(file)) if file else of for file, *of in parts]
        except FileProblem:
            return None
        words = bytes.fromhex("".join(digest for digest, _ in read))
        return self._with_library(words, max((jinja for _, jinja in read), default=Jinja.NONE))

    def _with_library(self, words: bytes, jinja: str) -> bytes | None:
        if jinja == Jinja.NONE:
            return words
        if self._library is None or jinja == Jinja.READS_FILES:
            return None
        return words + bytes.fromhex(self._library)

    @cached_property
    def _library(self) -> str | None:
        """The digest of the files with macros that every message may use; ``None`` where they may read others."""
        library = self.project.words.library
        try:
            texts = [[path, library.load(path)] for path in library.auto]
        except (FileProblem, OSError):
            return None
        return None if any(_READS_FILES.search(text) for _, text in texts) else digest_of(texts).hex()

    @cached_property
    def _environment(self) -> bytes:
        return digest_of(self.project.environment.name)

    @cached_property
    def _settings(self) -> bytes:
        return digest_of(self.settings.value)

    @cached_property
    def _attributes(self) -> bytes:
        bodies = [self._body(address).hex() for address in self.project.addresses(CustomAttribute)]
        return digest_of([bodies, self.project.has_broken("custom_attribute")])


def _uses(resource: Resource) -> list[str]:
    event = resource.read_as(EventType)
    return [f"property.{item.use}" for item in event.properties.values() if item.use]


def _event(resource: Resource) -> str:
    message = resource.read_as(Message)
    return f"event_type.{message.event}"


def _written(resource: Resource) -> list[list[str]]:
    """Each part of a message's words: the file that it is in, else what a digest of it and the Jinja in it are."""
    message = resource.read_as(Message)
    return [[part.file] if part.file else ["", *_of_text(part.text)] for part in message.parts.values()]


def _of_text(text: str) -> list[str]:
    return [digest_of(text).hex(), jinja_in(text)]


_EVENT_TYPE, _MESSAGE, _JOURNEY = SNAKES[EventType], SNAKES[Message], SNAKES[Journey]
_WITH_MORE = frozenset({_EVENT_TYPE, _MESSAGE})
"""Kinds whose declarations use others, as addresses name them."""

_SIZE = 16
_NONE = b"\0" * _SIZE


def digest_of(value: Any) -> bytes:
    """Give the digest of a JSON value; the order of keys counts, as it does for samples."""
    return blake2b(content(value), digest_size=_SIZE).digest()


def joint(*parts: bytes) -> str:
    """Give the digest of several, in hex."""
    return blake2b(b"".join(parts), digest_size=_SIZE).hexdigest()
