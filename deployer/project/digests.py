"""Digests of everything that the words of a message depend on, by which they are known from one run to the next."""

from __future__ import annotations

import re
from functools import cached_property, partial
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from deployer.dataclass import dataclass
from deployer.kinds.custom_attribute import CustomAttribute
from deployer.kinds.event_type import EventType, used
from deployer.source import FileProblem, content

if TYPE_CHECKING:
    from deployer.kinds.base import Model
    from deployer.kinds.message import Message
    from deployer.project.model import Project
    from deployer.source import Document

_READS_FILES = re.compile(r"\b(?:include|import|from|extends)\b")
"""Words by which a template may read another file, whose content no digest knows."""


@dataclass(frozen=True)
class WordDigests:
    """The digests of one project, whose ``settings`` are the whole of ``deployer.yaml``."""

    project: Project
    settings: Document

    def words(self, message: Message) -> str:
        """The digest of what a message says: its words, its event, attributes; empty where one can't be read."""
        about = self._of_message(message)
        words = self._words(message)
        if words is None or self._is_broken(*about):
            return ""
        return joint(self._settings, self._attributes, words, *map(self._body, about))

    def _of_event(self, event: EventType) -> tuple[Model | None, ...]:
        return event, *used(event, self.project)

    def _of_message(self, message: Message) -> tuple[Model | None, ...]:
        event = self.project.find(EventType, message.event)
        return message, event, *(used(event, self.project) if event else ())

    def _is_broken(self, *models: Model | None) -> bool:
        broken = self.project.broken
        return bool(broken) and any(model is not None and model.address in broken for model in models)

    def _body(self, model: Model | None) -> bytes:
        if model is None:
            return _NONE
        body = self.project.resources[model.address].body
        return self.project.once("digest", (body,), partial(digest_of, body))

    def _words(self, message: Message) -> bytes | None:
        """The digest of a message's words as their author wrote them; ``None`` where more files may be in them."""
        resource = self.project.resources[message.address]
        return self.project.once("digest of words", (resource.body,), partial(self._words_anew, message))

    def _words_anew(self, message: Message) -> bytes | None:
        try:
            words = [self.project.author_text(message, part) for part in message.parts]
        except FileProblem:
            return None
        if not any("[[" in text or "[%" in text for text in words):
            return digest_of(words)
        if self._library is None or any("[%" in text and _READS_FILES.search(text) for text in words):
            return None
        return digest_of([words, self._library])

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
    def _settings(self) -> bytes:
        return digest_of(self.settings.value)

    @cached_property
    def _attributes(self) -> bytes:
        bodies = [self.project.resources[attribute.address].body for attribute in self.project.all(CustomAttribute)]
        return digest_of([bodies, self.project.has_broken("custom_attribute")])


_SIZE = 16
_NONE = b"\0" * _SIZE


def digest_of(value: Any) -> bytes:
    """Give the digest of a JSON value; the order of keys counts, as it does for samples."""
    return blake2b(content(value), digest_size=_SIZE).digest()


def joint(*parts: bytes) -> str:
    """Give the digest of several, in hex."""
    return blake2b(b"".join(parts), digest_size=_SIZE).hexdigest()
