"""From the text that is in Attentive's composer back to what its author would have written.

Composer text knows where each of its characters came from. A change to the author's own words is made in them; a change
to what ``[[ … ]]``, a macro file or an include made can't be, and is refused with where that was written. What is made
is compiled again and has to be the pasted text: words that a loop prints twice can't be changed once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field
from typing import TYPE_CHECKING, TypeAlias

from deployer.dataclass import dataclass
from deployer.messages.composed import TRAILING_SPACE, Composed, Source
from deployer.messages.library import CompileError
from deployer.messages.words import Edit, edits

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from deployer.messages.composed import Origin, Span

Compile: TypeAlias = Callable[[str], Composed]
"""An author's text to its composer text; raises ``CompileError``."""

MADE = "it was made by the expression there, by a macro or by a variable"
TAKEN_OVER = "it comes from that file"
BETWEEN = "it would be between two parts that the message doesn't write itself"
REPEATED = "with that change the message would compile to another text: the words are in a loop, or contain [[ or [%"


@dataclass(frozen=True, slots=True)
class Refusal:
    """A change that can't be made in the author's own words.

    ``gone`` is what the composer text has and ``came`` what the pasted text has instead; ``origin`` is where the
    nearest character that isn't the author's own was written; ``reason`` says why, as a clause.
    """

    gone: str
    came: str
    origin: Origin
    reason: str


@dataclass(frozen=True, slots=True)
class Absorbed:
    """The author's ``text`` with the changes in it, line endings as they were; or what was ``refused``."""

    text: str
    refused: tuple[Refusal, ...] = ()


def composer_text(pasted: str) -> str:
    """A pasted text as composer text is kept: line feeds, no byte order mark, no white space at the very end."""
    return Source.read("", pasted.removeprefix("\ufeff")).text.rstrip(TRAILING_SPACE)


def absorb(author: str, composed: Composed, pasted: str, compile_: Compile) -> Absorbed:
    """Find the author's text that compiles to ``pasted``.

    ``author`` is the text that ``composed`` was compiled from. All of the change is taken, or nothing: where one word
    is refused, ``text`` is the author's as it was.
    """
    wanted = composer_text(pasted)
    refused: tuple[Refusal, ...] = ()
    for last in (False, True):
        way = _Way(composed, last)
        for edit in _widened(composed, edits(composed.text, wanted)):
            way.take(edit)
        text = None if way.refused else way.applied(author)
        if text is not None and _compiles_to(compile_, text, wanted):
            return Absorbed(text)
        refused = refused or tuple(way.refused)
    return Absorbed(author, refused or tuple(_unexplained(composed, wanted)))


def _compiles_to(compile_: Compile, text: str, wanted: str) -> bool:
    try:
        return compile_(text).text == wanted
    except CompileError:
        return False


def _widened(composed: Composed, found: Sequence[Edit]) -> Iterator[Edit]:
    """Changes that begin or end within what isn't the author's own, made to hold all of that.

    A full stop after a sentence that ends with one may be found before it: what was made is then there as a whole.
    """
    groups: list[tuple[int, int, list[Edit]]] = []
    for edit in found:
        start, end = _edges(composed, edit)
        if groups and start < groups[-1][1]:
            start, until, together = groups.pop()
            groups.append((start, max(until, end), [*together, edit]))
        else:
            groups.append((start, end, [edit]))
    for start, end, together in groups:
        yield _one(composed.text, start, end, together)


def _edges(composed: Composed, edit: Edit) -> tuple[int, int]:
    """Where a change begins and ends, with all of what it touches and no one wrote here."""
    inside = [span for span in composed.touching(edit.start, edit.end) if not _own(span)]
    return min([edit.start, *(span.start for span in inside)]), max([edit.end, *(span.end for span in inside)])


def _one(old: str, start: int, end: int, together: Sequence[Edit]) -> Edit:
    """Make one change from ``start`` to ``end`` of several within."""
    parts: list[str] = []
    reached = start
    for edit in together:
        parts += old[reached : edit.start], edit.text
        reached = edit.end
    return Edit(start, end, "".join([*parts, old[reached:end]]))


def _unexplained(composed: Composed, wanted: str) -> Iterator[Refusal]:
    for edit in edits(composed.text, wanted):
        yield Refusal(composed.text[edit.start : edit.end], edit.text, composed.origin(edit.start), REPEATED)


@dataclass(slots=True)
class _Way:
    """One way of making the changes. Something new may fit in several places: in the first, or in the ``last``.

    ``made`` leads from a range of the author's text, its line ends line feeds, to what it becomes.
    """

    composed: Composed
    last: bool
    made: dict[tuple[int, int], str] = field(default_factory=dict)
    refused: list[Refusal] = field(default_factory=list)

    def applied(self, author: str) -> str | None:
        """The author's text with the changes; ``None`` where they are in each other's way."""
        source = self.composed.sources[0]
        line_end = _line_end(author)
        parts: list[str] = []
        end = 0
        for (start, stop), text in sorted(self.made.items()):
            if start < end:
                return None
            parts += author[source.written(end) : source.written(start)], text.replace("\n", line_end)
            end = stop
        return "".join([*parts, author[source.written(end) :]])

    def take(self, edit: Edit) -> None:
        """Make one change, around whatever in it isn't the author's own and stays as it is."""
        start, came = edit.start, edit.text
        for own, part_start, part_end in self._stretches(edit):
            if own:
                continue
            before, kept, rest = came.partition(self.composed.text[part_start:part_end])
            if not kept:
                self._refuse(Edit(start, edit.end, came), part_start)
                return
            self._own(Edit(start, part_start, before))
            start, came = part_end, rest
        self._own(Edit(start, edit.end, came))

    def _stretches(self, edit: Edit) -> list[tuple[bool, int, int]]:
        """The parts of a change by whether the author wrote them, with their offsets in the composer text."""
        inside = self.composed.touching(edit.start, edit.end)
        return [(_own(span), max(span.start, edit.start), min(span.end, edit.end)) for span in inside]

    def _own(self, edit: Edit) -> None:
        """Make a change that touches the author's own words only."""
        if edit.start == edit.end:
            if edit.text:
                self._insert(edit)
            return
        text = edit.text
        for _, start, end in self._stretches(edit):
            span = self._span(start)
            self._make(edit, span.offset + start - span.start, span.offset + end - span.start, text)
            text = ""

    def _insert(self, edit: Edit) -> None:
        place = self._place(edit.start)
        if place is None:
            self._refuse(edit, edit.start)
        else:
            self._make(edit, place, place, edit.text)

    def _place(self, offset: int) -> int | None:
        """Where in the author's text something has to be to come out at ``offset`` of the composer text."""
        left = next(iter(self.composed.touching(offset - 1, offset)), None)
        right = next(iter(self.composed.touching(offset, offset + 1)), None)
        if left is not None and left is right:
            return left.offset + offset - left.start if _own(left) else None
        ways = [left.offset + offset - left.start] if left and _own(left) else []
        ways += [right.offset] if right and right.source == 0 else []
        if right is None:
            ways += [len(self.composed.sources[0].text.rstrip(TRAILING_SPACE))]
        if left is None:
            ways += [0]
        return (ways[-1] if self.last else ways[0]) if ways else None

    def _make(self, edit: Edit, start: int, end: int, text: str) -> None:
        if self.made.setdefault((start, end), text) != text:
            self.refused.append(self._refusal(edit, edit.start, REPEATED))

    def _span(self, offset: int) -> Span:
        return self.composed.touching(offset, offset + 1)[0]

    def _refuse(self, edit: Edit, offset: int) -> None:
        """Refuse a change at what was made at ``offset``; the message leaves out what is only beside it."""
        gone, came = self.composed.text[edit.start : edit.end], edit.text
        begin = 0
        while begin < min(len(gone), len(came)) and gone[begin] == came[begin]:
            begin += 1
        origin = self.composed.origin(max(offset, min(edit.start + begin, edit.end)))
        reason = TAKEN_OVER if origin.source else MADE
        self.refused.append(Refusal(gone, came, origin, reason if gone else BETWEEN))

    def _refusal(self, edit: Edit, offset: int, reason: str) -> Refusal:
        return Refusal(self.composed.text[edit.start : edit.end], edit.text, self.composed.origin(offset), reason)


def _line_end(author: str) -> str:
    return next((end for end in ("\r\n", "\n", "\r") if end in author), "\n")


def _own(span: Span) -> bool:
    return span.exact and span.source == 0
