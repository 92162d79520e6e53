"""What expressions wrote: many messages call the same macros with the same words, and what they write is the same.

An expression writes the same in each text where the files of macros hold nothing that changes while it is used
(``namespace``, ``cycler``) and nothing that reads another file. The names that it asked for must be declared for the
other text too, and its work counts there as well, so that whatever is refused is refused as if it were written again.
"""

from __future__ import annotations

import re
from dataclasses import field
from typing import TYPE_CHECKING, NamedTuple

from deployer.dataclass import dataclass
from deployer.messages.composed import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from deployer.messages.composed import Source
    from deployer.messages.expressions import Piece
    from deployer.messages.names import Names

_CHANGES = re.compile(r"\b(?:namespace|cycler|joiner|include|import|from|extends)\b|_deployer")
"""What a file of macros holds whose macros may write something else the next time."""

_MOST = 2_000
"""Expressions that are recalled."""

_LONGEST = 10_000
"""Characters of what an expression wrote that is recalled."""


class Amount(NamedTuple):
    """How much a rendering did (``marks.Journal``)."""

    steps: int = 0
    size: int = 0
    work: int = 0

    def and_then(self, more: Amount) -> Amount:
        """Both, one after the other."""
        return Amount(self.steps + more.steps, self.size + more.size, self.work + more.work)

    def since(self, before: Amount) -> Amount:
        """What was done since."""
        return Amount(self.steps - before.steps, self.size - before.size, self.work - before.work)


@dataclass(frozen=True, slots=True)
class NamesRead:
    """The names that were asked for: of properties, and of attributes."""

    properties: frozenset[str] = frozenset()
    attributes: frozenset[str] = frozenset()

    def declared_in(self, names: Names) -> bool:
        """Whether all of them are declared."""
        return all(name in names.properties for name in self.properties) and all(
            name in names.attributes for name in self.attributes
        )


@dataclass(frozen=True, slots=True)
class Written:
    """What an expression wrote, or the macro files before it; ``spans`` are as if it were all that there is.

    ``plain`` and ``marked`` are the work of the two renderings.
    """

    text: str
    spans: tuple[Span, ...]
    plain: Amount
    marked: Amount
    names_read: NamesRead

    def behind(self, length: int, offset: int) -> Iterator[Span]:
        """Its spans where text of a length is in front, and the expression begins at an offset of its own text."""
        for span in self.spans:
            place = span.offset if span.source else span.offset + offset
            yield Span(length + span.start, length + span.end, span.source, place, span.exact)


@dataclass(frozen=True, slots=True)
class Whole:
    """A text that was put together from what is known, and the work that writing it takes."""

    text: str
    spans: tuple[Span, ...]
    plain: Amount
    marked: Amount


@dataclass(slots=True)
class Recalled:
    """What expressions wrote, by their text.

    ``begins`` is what taking the files of macros did, once that is known; ``changes``: what they offer may write
    something else each time, so that nothing is recalled.
    """

    begins: Written | None = None
    changes: bool = False
    expressions: dict[str, Written] = field(default_factory=dict)

    def whole(self, pieces: Sequence[Piece], names: Names) -> Whole | None:
        """Put a text together; ``None`` where something in it isn't known, or may not be written with these names."""
        if self.begins is None or not self.begins.names_read.declared_in(names):
            return None
        plain, marked = self.begins.plain, self.begins.marked
        texts: list[str] = []
        spans: list[Span] = []
        length = 0
        for piece in pieces:
            written = self.expressions.get(piece.text) if piece.expression else _as_it_is(piece)
            if written is None or not written.names_read.declared_in(names):
                return None
            texts.append(written.text)
            spans += written.behind(length, piece.offset)
            length += len(written.text)
            plain, marked = plain.and_then(written.plain), marked.and_then(written.marked)
        return Whole("".join(texts), tuple(spans), plain, marked)

    def learn_beginning(self, files: Iterable[Source], begins: Written) -> bool:
        """Keep what taking the files of macros did; false where what they offer may write something else each time."""
        if self.begins is None and not self.changes:
            self.changes = any(_CHANGES.search(file.text) for file in files)
            self.begins = None if self.changes else begins
        return self.begins is not None

    def learn(self, piece: Piece, written: Written) -> None:
        """Keep what an expression wrote."""
        if len(self.expressions) < _MOST and len(written.text) <= _LONGEST:
            self.expressions[piece.text] = written


def _as_it_is(piece: Piece) -> Written:
    """Plain text, which is a step of its length in both renderings."""
    length = len(piece.text)
    step = Amount(1, length)
    return Written(piece.text, (Span(0, length, 0, 0, exact=True),), step, step, _NOTHING)


_NOTHING = NamesRead()
