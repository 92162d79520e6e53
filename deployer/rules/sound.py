"""Declarations that are known to be sound: what reads the same isn't looked at again.

Nearly all time of a check goes into the words of messages and the definitions of events, and in nearly all of them the
rules find nothing. That they found nothing is kept, under a digest of everything that the rules about one message or
one event look at. A finding never is: where there was one, the rules look again.

A rule that asks ``Subject.open`` for messages or events, or for texts, trials or lengths, may look at nothing that
isn't in these digests; one that compares declarations with each other asks ``Subject.each``. A test runs every such
rule on one declaration at a time and fails where it reads another one, a file or the environment beyond them.
"""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, TypeAlias

from deployer.dataclass import dataclass
from deployer.kinds.custom_attribute import CustomAttribute
from deployer.kinds.event_type import EventType
from deployer.project.digests import WordDigests, digest_of, joint

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deployer.kinds.journey import Journey
    from deployer.kinds.message import Message

Work: TypeAlias = tuple[int, ...]
"""The work that making the parts of a message took, in their order: all texts of a project together have a limit."""


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
class Digests(WordDigests):
    """Digests of all that the rules about one message or one event look at; without one there they look each time."""

    senders: Mapping[str, tuple[Journey, ...]]
    to_all: frozenset[str]

    def event(self, event: EventType) -> str:
        """The digest of an event type and the shared definitions that it uses; empty where one can't be read."""
        about = self._of_event(event)
        return "" if self._is_broken(*about) else joint(self._settings, *map(self._body, about))

    def message(self, message: Message) -> str:
        """The digest of a message: its words, its event, attributes, who sends it; empty where one can't be read."""
        about = self._of_message(message)
        words = self._words(message)
        if words is None or self._is_broken(*about):
            return ""
        sent = [[journey.id, journey.category] for journey in self.senders.get(message.id, ())]
        sending = digest_of([sent, message.id in self.to_all])
        return joint(self._settings, self._attributes, sending, words, *map(self._body, about))

    def inputs(self, model: EventType | Message) -> frozenset[str]:
        """The addresses of the declarations that are in the digest of an event type or a message as a whole."""
        if isinstance(model, EventType):
            about = self._of_event(model)
        else:
            about = (*self._of_message(model), *self.project.all(CustomAttribute))
        return frozenset(each.address for each in about if each is not None)
