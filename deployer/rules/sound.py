"""Declarations that are known to be sound: what reads the same isn't looked at again.

Nearly all time of a check goes into the words of messages and the definitions of events, and in nearly all of them the
rules find nothing. That they found nothing is kept, under a digest of everything that the rules about one message or
one event look at. A finding never is: where there was one, the rules look again.

A rule that asks ``Subject.open`` for messages or events, or for texts, trials or lengths, may look at nothing that
isn't in these digests; one that compares declarations with each other asks ``Subject.each``. A test runs every such
rule on one declaration at a time and fails where it reads another one, a file or the environment beyond them.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from functools import cached_property, partial
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, TypeAlias

from deployer.kinds.custom_attribute import CustomAttribute
from deployer.kinds.event_type import EventType, used
from deployer.source import FileProblem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deployer.kinds.base import Model
    from deployer.kinds.journey import Journey
    from deployer.kinds.message import Message
    from deployer.project import Project
    from deployer.source import Document

Work: TypeAlias = tuple[int, ...]
"""The work that making the parts of a message took, in their order: all texts of a project together have a limit."""

_READS_FILES = re.compile(r"\b(?:include|import|from|extends)\b")
"""Words by which a template may read another file, whose content no digest knows."""


@dataclass(slots=True)
class Sound:
    """Digests of declarations in which nothing was found: in earlier runs (``known``), and in this one (``seen``).

    Those of this run serve its other environments.
    """

    known: Mapping[str, Work] = field(default_factory=dict)
    seen: dict[str, Work] = field(default_factory=dict)

    def find(self, digest: str) -> Work | None:
        """The work that went into something that is sound; ``None`` where that isn't known."""
        work = self.known.get(digest)
        return self.seen.get(digest) if work is None else work


@dataclass(frozen=True)
class Digests:
    """Digests of all that the rules about one message or one event look at; without one there they look each time."""

    project: Project
    settings: Document
    senders: Mapping[str, tuple[Journey, ...]]
    to_all: frozenset[str]

    def event(self, event: EventType) -> str:
        """The digest of an event type and the shared definitions that it uses; empty where one can't be read."""
        about = self._of_event(event)
        return "" if self._is_broken(*about) else _digest(self._settings, *map(self._body, about))

    def message(self, message: Message) -> str:
        """The digest of a message: its words, its event, attributes, who sends it; empty where one can't be read."""
        about = self._of_message(message)
        words = self._words(message)
        if words is None or self._is_broken(*about):
            return ""
        sent = [[journey.id, journey.category] for journey in self.senders.get(message.id, ())]
        sending = _of([sent, message.id in self.to_all])
        return _digest(self._settings, self._attributes, sending, words, *map(self._body, about))

    def inputs(self, model: EventType | Message) -> frozenset[str]:
        """The addresses of the declarations that are in the digest of an event type or a message as a whole."""
        if isinstance(model, EventType):
            about = self._of_event(model)
        else:
            about = (*self._of_message(model), *self.project.all(CustomAttribute))
        return frozenset(each.address for each in about if each is not None)

    def _of_event(self, event: EventType) -> tuple[Model | None, ...]:
        return event, *used(event, self.project)

    def _of_message(self, message: Message) -> tuple[Model | None, ...]:
        event = self.project.find(EventType, message.event)
        return message, event, *(used(event, self.project) if event else ())

    def _is_broken(self, *models: Model | None) -> bool:
        return any(model is not None and model.address in self.project.broken for model in models)

    def _body(self, model: Model | None) -> bytes:
        if model is None:
            return _NONE
        body = self.project.resources[model.address].body
        return self.project.once("digest", (body,), partial(_of, body))

    def _words(self, message: Message) -> bytes | None:
        """The digest of a message's words as their author wrote them; ``None`` where more files may be in them."""
        try:
            words = [self.project.author_text(message, part) for part in message.parts]
        except FileProblem:
            return None
        if not any("[[" in text or "[%" in text for text in words):
            return _of(words)
        if self._library is None or any("[%" in text and _READS_FILES.search(text) for text in words):
            return None
        return _of([words, self._library])

    @cached_property
    def _library(self) -> str | None:
        """The digest of the files with macros that every message may use; ``None`` where they may read others."""
        library = self.project.words.library
        try:
            texts = [[path, library.load(path)] for path in library.auto]
        except (FileProblem, OSError):
            return None
        return None if any(_READS_FILES.search(text) for _, text in texts) else _of(texts).hex()

    @cached_property
    def _settings(self) -> bytes:
        return _of(self.settings.value)

    @cached_property
    def _attributes(self) -> bytes:
        bodies = [self.project.resources[attribute.address].body for attribute in self.project.all(CustomAttribute)]
        return _of([bodies, self.project.has_broken("custom_attribute")])


_SIZE = 16
_NONE = b"\0" * _SIZE


def _of(value: Any) -> bytes:
    """The digest of a JSON value; the order of keys counts, as it does for samples."""
    return blake2b(json.dumps(value).encode(), digest_size=_SIZE).digest()


def _digest(*parts: bytes) -> str:
    return blake2b(b"".join(parts), digest_size=_SIZE).hexdigest()
