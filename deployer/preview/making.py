"""The messages of a project as a page shows them, and the macros that their events bring, made on every core.

A message's samples take most of the time, and its event's macros are printed for the same ones: they are made together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from deployer.cores import in_chunks
from deployer.dataclass import dataclass
from deployer.kinds.message import Message
from deployer.preview.drafting import first_texts, vocabulary
from deployer.preview.messages import message_view

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from deployer.preview.drafting import Vocabulary
    from deployer.preview.messages import Memo
    from deployer.preview.values import MessageView
    from deployer.project import Project

PAYS = 60
"""From so many messages on other cores save more time than it takes to start them."""

_TOGETHER = 25
"""Messages that are handed to a process at a time."""

_Made: TypeAlias = "tuple[MessageView, Vocabulary | None]"
"""A message's view, and its event's vocabulary where that is made with it."""


@dataclass(frozen=True, slots=True)
class Views:
    """The views of all messages, in their order, and the vocabularies of events that have a text, by the event's id."""

    messages: tuple[MessageView, ...]
    vocabularies: Mapping[str, Vocabulary]


def make_views(project: Project, memo: Memo | None = None) -> Views:
    """Make the views of a project's messages; with a ``memo`` here, and only those that changed since its last use."""
    messages, first = project.all(Message), first_texts(project)
    trying = {message.address for message in first.values()}
    view = message_view if memo is None else memo.begin()

    def part(begin: int, end: int) -> list[_Made]:
        return [
            (view(message, project), vocabulary(message, project) if message.address in trying else None)
            for message in messages[begin:end]
        ]

    made = part(0, len(messages)) if memo is not None else _shared(part, messages)
    vocabularies = {
        message.event: words for message, (_, words) in zip(messages, made, strict=True) if words is not None
    }
    return Views(tuple(view for view, _ in made), vocabularies)


def _shared(part: Callable[[int, int], list[_Made]], messages: Sequence[Message]) -> list[_Made]:
    chunks = in_chunks(part, len(messages), least=PAYS, chunk=_TOGETHER)
    return [made for _, chunk in chunks for made in chunk]
