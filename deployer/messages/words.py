"""What changed between two texts, word by word.

A macro (``{{ … }}``, ``{% … %}``) is one word, and so is each character of white space, each line break, each sign. A
letter keeps its accents and vowel signs, which many scripts write as marks, and an emoji its joined parts, so that no
piece breaks what is seen as one character.
"""

from __future__ import annotations

import re
import unicodedata
from difflib import SequenceMatcher
from functools import cache
from typing import TYPE_CHECKING, Literal, TypeAlias

from deployer.dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

Op: TypeAlias = Literal["same", "gone", "new"]

_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_MANY = 2_000
"""Words from which lines are compared first: comparing all words with all others takes too long in an email."""


_LEAST_CUT = 20
_ENDS_OF_MARKS = 0x20000
"""From here on there are selectors of variants alone (U+E0100 to U+E01EF)."""
"""Characters that are worth leaving out."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of words that stayed (``same``), went (``gone``) or came (``new``); ``text`` is never empty."""

    op: Op
    text: str


@dataclass(frozen=True, slots=True)
class Edit:
    """``old[start:end]`` became ``text``; ``start`` and ``end`` are offsets in the old text, in characters."""

    start: int
    end: int
    text: str


def words(text: str) -> tuple[str, ...]:
    """Split a text into its words; joined, they are the text."""
    return tuple(_pattern().findall(text))


@cache
def _pattern() -> re.Pattern[str]:
    """What a word is; ``worddiff.js`` has the same for pages."""
    marks = "".join(char for char in map(chr, range(0x300, _ENDS_OF_MARKS)) if unicodedata.category(char)[0] == "M")
    marks += "\U000e0100-\U000e01ef"
    part = rf"[\w{marks}]+"
    word = rf"{part}(?:['\u2019\u200c\u200d]{part})*"
    joined = rf"(?:[{marks}\U0001f3fb-\U0001f3ff]|\u200d.)*"
    return re.compile(rf"\{{\{{.*?\}}\}}|\{{%.*?%\}}|\s|(?:{word}|.){joined}", re.DOTALL)


def edits(old: str, new: str) -> tuple[Edit, ...]:
    """Say what has to be replaced in ``old`` to get ``new``: whole words, in order, none touching the next."""
    return tuple(_edits(old, new))


def hidden(text: str, other: str, shown: str) -> str:
    """A text as others may see it that is compared with ``text_found``, of which ``shown`` is what they may see.

    What the two have in common is hidden as it is there; where hiding changed the length, all words are.
    """
    if other == shown:
        return text
    if len(other) != len(shown):
        return "".join(character if character.isspace() else "*" for character in text)
    pieces, end, there = [], 0, 0
    for edit in edits(text, other):
        after = there + edit.start - end
        pieces += [shown[there:after], text[edit.start : edit.end]]
        there, end = after + len(edit.text), edit.end
    return "".join([*pieces, shown[there : there + len(text) - end]])


def word_diff(old: str, new: str) -> tuple[Piece, ...]:
    """Compare two texts as a reader would.

    ``same`` and ``gone`` pieces joined are ``old``, ``same`` and ``new`` pieces joined are ``new``. A blank between two
    changed words belongs to the change, so that a rewritten sentence reads as one that went and one that came.
    """
    pieces: list[Piece] = []
    end = 0
    for edit in _joined(old, edits(old, new)):
        pieces += (
            Piece("same", old[end : edit.start]),
            Piece("gone", old[edit.start : edit.end]),
            Piece("new", edit.text),
        )
        end = edit.end
    return tuple(piece for piece in (*pieces, Piece("same", old[end:])) if piece.text)


def near_changes(pieces: Sequence[Piece], kept: int = 40) -> tuple[Piece, ...]:
    """A word diff with the stretches that stayed cut to about ``kept`` characters beside each change.

    Cut is between words; an ellipsis is written where something is left out.
    """
    last = len(pieces) - 1
    sides = ((kept if place else 0, kept if place < last else 0) for place in range(len(pieces)))
    return tuple(
        Piece("same", _cut(piece.text, *side)) if piece.op == "same" else piece
        for piece, side in zip(pieces, sides, strict=True)
    )


def _cut(text: str, before: int, after: int) -> str:
    """Keep about so many characters of a text's begin and end."""
    if len(text) <= before + after + _LEAST_CUT:
        return text
    begin = text[:before].rpartition(" ")[0] if before else ""
    end = text[len(text) - after :].partition(" ")[2] if after else ""
    return f"{begin}{' ' if begin else ''}…{' ' if end else ''}{end}"


def _edits(old: str, new: str) -> Iterator[Edit]:
    ours, theirs = words(old), words(new)
    if min(len(ours), len(theirs)) < _MANY:
        yield from _compare(ours, theirs)
        return
    # Lines first; then the words of the lines that differ.
    for edit in _compare(_LINE.findall(old), _LINE.findall(new)):
        for inner in _compare(words(old[edit.start : edit.end]), words(edit.text)):
            yield Edit(edit.start + inner.start, edit.start + inner.end, inner.text)


def _compare(old: Sequence[str], new: Sequence[str]) -> Iterator[Edit]:
    """Compare two lists of words; what they begin and end with alike is set aside first."""
    begin = _alike(old, new)
    finish = _alike(old[begin:][::-1], new[begin:][::-1])
    ours, theirs = old[begin : len(old) - finish], new[begin : len(new) - finish]
    offsets = [0]
    for word in old:
        offsets.append(offsets[-1] + len(word))
    matcher = SequenceMatcher(None, ours, theirs, autojunk=min(len(ours), len(theirs)) > _MANY)
    for op, start, end, since, until in matcher.get_opcodes():
        if op != "equal":
            yield Edit(offsets[begin + start], offsets[begin + end], "".join(theirs[since:until]))


def _alike(old: Sequence[str], new: Sequence[str]) -> int:
    """How many words two lists begin with alike."""
    return next(
        (index for index, (word, other) in enumerate(zip(old, new, strict=False)) if word != other),
        min(len(old), len(new)),
    )


def _joined(old: str, found: Iterable[Edit]) -> Iterator[Edit]:
    """Join changes with nothing but one blank between them."""
    last: Edit | None = None
    for edit in found:
        if last is not None and old[last.end : edit.start] == " " and _replaces(last) and _replaces(edit):
            last = Edit(last.start, edit.end, f"{last.text} {edit.text}")
            continue
        if last is not None:
            yield last
        last = edit
    if last is not None:
        yield last


def _replaces(edit: Edit) -> bool:
    """Whether words went and others came; where words only went or only came, the blank beside them stayed."""
    return edit.start < edit.end and bool(edit.text)
