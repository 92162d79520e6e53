"""Declarations that are known to be sound: what reads the same isn't looked at again.

Nearly all time of a check goes into the words of messages and the definitions of events, and in nearly all of them the
rules find nothing. That they found nothing is kept, under a digest of everything that the rules about one message, one
event or one journey look at. A finding never is: where there was one, the rules look again.

A rule that asks ``Subject.open`` for any of these, or for texts, trials or lengths, may look at nothing that isn't in
these digests; one that compares declarations with each other asks ``Subject.each``. A test runs every such
rule on one declaration at a time and fails where it reads another one, a file or the environment beyond them.
"""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, TypeAlias

from deployer.dataclass import dataclass
from deployer.kinds.custom_attribute import CustomAttribute
from deployer.kinds.event_type import EventType
from deployer.kinds.journey import Journey
from deployer.kinds.message import Message
from deployer.project.digests import WordDigests, digest_of, joint
from deployer.project.references import targets

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deployer.rules.senders import Sender

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
    """Digests of all that the rules about one declaration look at; without one there they look each time."""

    senders: Mapping[str, tuple[Sender, ...]]
    to_all: frozenset[str]

    def all(self) -> Mapping[str, str]:
        """The digests of every event type, message and journey that has one, by address."""
        each = {EventType: self._event, Message: self._message, Journey: self._journey}
        found = ((address, make(address)) for model, make in each.items() for address in self.project.addresses(model))
        return {address: digest for address, digest in found if digest}

    def _event(self, address: str) -> str:
        """The digest of an event type and the shared definitions that it uses; empty where one can't be read."""
        about = self._of_event(address)
        return "" if self._is_broken(about) else joint(self._settings, *map(self._body, about))

    def _message(self, address: str) -> str:
        """The digest of a message: its words, its event, attributes, who sends it; empty where one can't be read."""
        about = self._of_message(address)
        words = self._words(address)
        if words is None or self._is_broken(about):
            return ""
        name = address.partition(".")[2]
        sending = digest_of([[*map(list, self.senders.get(name, ()))], name in self.to_all])
        return joint(self._settings, self._attributes, sending, words, *map(self._body, about))

    def _journey(self, address: str) -> str:
        """The digest of a journey and of all that it refers to; empty where one can't be read."""
        about = self._of_journey(address)
        return "" if self._is_broken(about) else joint(self._settings, *map(self._body, about))

    def _of_journey(self, address: str) -> tuple[str, ...]:
        return address, *self.project.resources[address].fact("targets", targets)

    def inputs(self, address: str) -> frozenset[str]:
        """The addresses of the declarations that are in a digest as a whole."""
        of_kind = {EventType: self._of_event, Message: self._of_message, Journey: self._of_journey}
        model = self.project.resources[address].kind.model
        attributes = self.project.addresses(CustomAttribute) if model is Message else ()
        return frozenset((*of_kind[model](address), *attributes))
