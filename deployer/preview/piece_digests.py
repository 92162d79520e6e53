"""The keys of a page's pieces: digests of everything that a piece is made from.

A message is shown with its places in the files, so they count too. Where a part of the project can't be read,
nothing has a key: what seems to be missing may be in that part.
"""

from __future__ import annotations

import json
import zoneinfo
from contextlib import suppress
from functools import cached_property
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

from deployer.dataclass import dataclass
from deployer.kinds.journey import Journey, SendStep, walk
from deployer.kinds.segment import Segment
from deployer.preview.as_data import as_data
from deployer.project.digests import WordDigests, digest_of, joint
from deployer.source import FileProblem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deployer.kinds.message import Message
    from deployer.preview.values import JourneyView


@dataclass(frozen=True)
class PieceDigests(WordDigests):
    """The digests of one project's messages and journeys as pages show them."""

    def shown(self, message: Message) -> str:
        """The digest of a message's view and of its event's macros as they are tried in it; empty: it isn't kept.

        The rules that try macros look at nothing beyond ``rules.sound``, of which this has all but who sends.
        """
        words = "" if self._unread else self.words(message)
        resource = self.project.resources[message.address]
        file, (start, end) = resource.document.file, resource.document.span
        try:
            picture = self.project.file_digest(message.media_file) if message.media_file else ""
        except FileProblem:
            return ""
        written = [file.path, file.place(start)[0], file.text[start : end + 1], resource.environment, picture]
        return joint(words.encode(), digest_of([self.project.environment.name, *written])) if words else ""

    def drawn(self, view: JourneyView, messages: Mapping[str, str]) -> str:
        """The digest of a journey's picture and its timelines; empty: they aren't kept.

        ``messages`` are the digests of the messages that are known, by their ids.
        """
        journey = self.project.find(Journey, view.id)
        if journey is None or self._unread:
            return ""
        steps = (placed.step for placed in walk(journey))
        sent = [messages.get(step.message, "") for step in steps if isinstance(step, SendStep)]
        if not all(sent):
            return ""
        trigger = f"event_type.{journey.trigger}"
        about = (journey.address, *(self._of_event(trigger) if trigger in self.project.resources else (trigger,)))
        shown = digest_of([self.project.environment.name, sent, json.dumps(as_data(view))])
        return joint(b"journey", self._settings, self._segments, self._clock, shown, *map(self._body, about))

    @cached_property
    def _unread(self) -> bool:
        return bool(self.project.broken or self.project.unread)

    @cached_property
    def _segments(self) -> bytes:
        return digest_of([self._body(address).hex() for address in self.project.addresses(Segment)])

    @cached_property
    def _clock(self) -> bytes:
        """The digest of the rules of the company's time zone: an update of the system may bring new ones."""
        zone = self.project.settings.time_zone
        for folder in zoneinfo.TZPATH:
            with suppress(OSError):
                return digest_of(Path(folder, zone).read_bytes().hex())
        with suppress(PackageNotFoundError):
            return digest_of(version("tzdata"))
        return digest_of("")
