"""The messages of a project as a page shows them, and the macros of their events: from the cache or made on every core.

Both are made together, because both render the message's samples, which takes most of the time.
"""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, TypeAlias

from deployer.cores import in_chunks
from deployer.dataclass import dataclass
from deployer.kinds.message import Message
from deployer.messages.virtual import timed
from deployer.preview.drafting import everywhere, first_texts, tried_in, vocabulary
from deployer.preview.messages import message_view
from deployer.preview.view_rows import read_everywhere, read_views, write_everywhere, write_views
from deployer.project.digests import joint

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from deployer.preview.drafting import Everywhere, Vocabulary
    from deployer.preview.message_values import MessageView
    from deployer.preview.messages import Memo
    from deployer.preview.piece_digests import PieceDigests
    from deployer.project import Project
    from deployer.workspace.pieces import Pieces

PAYS = 60
"""The fewest messages that other cores make: with fewer, starting processes takes longer than they save."""

_TOGETHER = 25
"""Messages that a process is given at a time."""

_Made: TypeAlias = "tuple[MessageView, Vocabulary | None]"
"""A message's view, and its event's vocabulary where that is made with it."""


@dataclass(frozen=True, slots=True)
class Known:
    """The pieces that earlier runs made for a project's page, and the digests that are their keys."""

    pieces: Pieces
    digests: PieceDigests


@dataclass(frozen=True, slots=True)
class Views:
    """The views of all messages, in their order, and the vocabularies of events that have a text, by the event's id.

    ``everywhere`` is what holds for all texts, ``None`` where there is no text; ``digests`` are the keys of the
    messages that are kept, by the message's id.
    """

    messages: tuple[MessageView, ...]
    vocabularies: Mapping[str, Vocabulary]
    everywhere: Everywhere | None
    digests: Mapping[str, str] = field(default_factory=dict)


def make_views(project: Project, known: Known | None = None) -> Views:
    """Make the views of a project's messages; those that are ``known`` are read instead."""
    making = _Making(project, _trying(project), known)
    return making.views(project.all(Message))


def make_views_again(project: Project, memo: Memo) -> Views:
    """Make the views of a project's messages again: only those that changed since the memo was last used."""
    view, trying = memo.begin(), _trying(project)
    messages = project.all(Message)
    return _together(
        messages,
        [(view(each, project), vocabulary(each, project) if each.address in trying else None) for each in messages],
        everywhere(project),
    )


def _trying(project: Project) -> frozenset[str]:
    return frozenset(message.address for message in first_texts(project).values())


@dataclass(slots=True)
class _Making:
    """One page's views. ``trying`` are the addresses of the texts in which their events' macros are tried."""

    project: Project
    trying: frozenset[str]
    known: Known | None

    def views(self, messages: Sequence[Message]) -> Views:
        digests = [self.known.digests.shown(message) if self.known else "" for message in messages]
        found = [self._find(*each) for each in zip(messages, digests, strict=True)]
        missing = [number for number, made in enumerate(found) if made is None]

        def part(begin: int, end: int) -> list[tuple[_Made, bytes | None]]:
            return [self._made(messages[number], keeps=bool(digests[number])) for number in missing[begin:end]]

        chunks = in_chunks(part, len(missing), least=PAYS, chunk=_TOGETHER)
        for number, (made, piece) in zip(missing, (each for _, chunk in chunks for each in chunk), strict=True):
            found[number] = made
            digests[number] = self._kept(digests[number], piece)
        known = {each.id: digest for each, digest in zip(messages, digests, strict=True) if digest}
        return _together(messages, [made for made in found if made is not None], self._everywhere(known), known)

    def _everywhere(self, digests: Mapping[str, str]) -> Everywhere | None:
        """What holds for all texts; it can be known where the texts in which it is tried are."""
        tried = [digests.get(message.id, "") for message in tried_in(self.project)]
        if self.known is None or not tried or not all(tried):
            return everywhere(self.project)
        digest = joint(b"everywhere", *map(str.encode, tried))
        piece = self.known.pieces.find(digest)
        if piece is not None:
            return read_everywhere(piece)
        made = everywhere(self.project)
        self._kept(digest, write_everywhere(made) if made else None)
        return made

    def _find(self, message: Message, digest: str) -> _Made | None:
        """A message as it is known; ``None`` where it isn't, or its event's vocabulary is needed and isn't there."""
        piece = self.known.pieces.find(digest) if self.known else None
        if piece is None:
            return None
        view, words = read_views(piece)
        if message.address not in self.trying:
            return view, None
        return (view, words) if words is not None else None

    def _made(self, message: Message, *, keeps: bool) -> tuple[_Made, bytes | None]:
        """A message and its piece; ``None`` for the piece of one that can't be shown or that shows the current time."""
        (view, words), passing = timed(lambda: self._make(message))
        lasts = keeps and not passing and view.state == "ok"
        return (view, words), write_views(view, words) if lasts else None

    def _make(self, message: Message) -> _Made:
        trying = message.address in self.trying
        return message_view(message, self.project), vocabulary(message, self.project) if trying else None

    def _kept(self, digest: str, piece: bytes | None) -> str:
        if self.known is None or piece is None:
            return ""
        self.known.pieces.add(digest, piece)
        return digest


def _together(
    messages: Sequence[Message],
    made: Sequence[_Made],
    everywhere: Everywhere | None,
    digests: Mapping[str, str] | None = None,
) -> Views:
    words = {message.event: words for message, (_, words) in zip(messages, made, strict=True) if words is not None}
    return Views(tuple(view for view, _ in made), words, everywhere, digests or {})
