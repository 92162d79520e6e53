"""The watch over what Attentive sends: each message is held against all that are confirmed, and none is kept.

No API shows what a journey sends, so this is the one way to see that a text was changed in Attentive's pages.
"""

from __future__ import annotations

from dataclasses import field, replace
from typing import TYPE_CHECKING, TypeAlias

from deployer.app.phones import confirmed_program
from deployer.attentive.deliveries import UnknownShape
from deployer.dataclass import dataclass
from deployer.kinds.base import GuardError
from deployer.kinds.channels import facts
from deployer.kinds.message.reading import additions
from deployer.messages.alike import Template

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from deployer.app.connection import Connection
    from deployer.attentive.deliveries import SentMessage


@dataclass(frozen=True, slots=True)
class Unexplained:
    """A message that no confirmed one explains; ``nearest`` is ``journey/step``, ``missing`` are its words it lacks.

    Nothing that was written to the person is in it.
    """

    at: datetime
    channel: str
    nearest: str
    missing: tuple[str, ...]


Reported: TypeAlias = Unexplained | UnknownShape | None
"""What is reported of one delivery; ``None``: nothing."""


@dataclass(frozen=True, slots=True)
class Watched:
    """What was watched so far: messages, those that aren't explained, and deliveries of each unknown shape."""

    sent: int = 0
    unexplained: int = 0
    unknown: Mapping[str, int] = field(default_factory=dict)

    @property
    def good(self) -> bool:
        """Whether there were messages, and every one is explained."""
        return bool(self.sent) and not self.unexplained and not self.unknown


@dataclass(frozen=True)
class Watch:
    """The messages that are confirmed in an environment, each with its name and channel."""

    templates: tuple[tuple[str, str, Template], ...]
    company_id: str

    def next(self, delivery: SentMessage | UnknownShape, watched: Watched) -> tuple[Reported, Watched]:
        """What is reported of a delivery, and what was watched with it; an unknown shape is reported the first time."""
        if isinstance(delivery, UnknownShape):
            times = watched.unknown.get(delivery.what, 0)
            counted = replace(watched, unknown={**watched.unknown, delivery.what: times + 1})
            return (None if times else delivery), counted
        unexplained = self.judge(delivery)
        return unexplained, replace(
            watched, sent=watched.sent + 1, unexplained=watched.unexplained + (unexplained is not None)
        )

    def judge(self, sent: SentMessage) -> Unexplained | None:
        """``None`` for a message that a confirmed one explains, or that is another company's, where ours is known."""
        mine = [(name, template) for name, channel, template in self.templates if channel == sent.channel]
        if not sent.is_from(self.company_id) or any(template.fits(sent.words) for _, template in mine):
            return None
        lost = [(template.missing(sent.words), name) for name, template in mine]
        missing, nearest = min(lost, key=lambda loss: sum(map(len, loss[0])), default=((), ""))
        return Unexplained(sent.at, sent.channel, nearest, missing)


def watch(connection: Connection) -> Watch:
    """Everything that is confirmed as live in an environment; raises ``GuardError`` where nothing is."""
    program = confirmed_program(connection.project, connection.backend)
    added = additions(connection.project, media=False)
    templates = tuple(
        (name.partition("@")[0] + "/" + name.partition("/")[2], words.message.channel.value, Template(text, added))
        for name, words in program.messages.items()
        if (text := words.parts.get(facts(words.message.channel).lead))
    )
    if not templates:
        hint = f"`deployer status --env {connection.environment.name}` shows what is left to confirm"
        raise GuardError("not-turned-on", "no journey is confirmed as turned on", hint)
    return Watch(templates, connection.environment.company_id or connection.session.company_id)
