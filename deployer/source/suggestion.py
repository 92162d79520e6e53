"""The name that was probably meant, and the one way to word it in a hint."""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from deployer.source.characters import UNSEEN, named
from deployer.source.hint import Correction, Hint

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

_SEPARATORS = dict.fromkeys(map(ord, " _-."))
_ALIKE = 0.6
"""How alike two words must be, from 0 to 1, so that one may have been meant."""
_MANY = 300
"""Candidates that are all looked at: each costs some hundred microseconds."""
_BESIDE = 12
"""Of many candidates, those on either side of a word that are looked at, by its beginning and by its end."""
_ENOUGH = 3
"""Characters that a beginning must have to count as a suggestion's."""


def suggest(word: str, candidates: Iterable[str]) -> str | None:
    """Find the candidate nearest to ``word``, or None where none is near.

    One that differs only in case, spaces, hyphens or underscores comes first.
    """
    return _suggested(word, tuple(candidates))


@lru_cache(maxsize=1_000)  # a capture has the same slip in every payload
def _suggested(word: str, candidates: tuple[str, ...]) -> str | None:
    return Candidates(candidates).suggest(word)


class Candidates:
    """Words of which one may have been meant, prepared so that they can be asked for many words."""

    def __init__(self, words: Iterable[str]) -> None:
        self._by_form: dict[str, str] = {}
        for word in words:
            self._by_form.setdefault(name_form(word), word)
        self._found: dict[str, str | None] = {}

    def suggest(self, word: str) -> str | None:
        """Find what ``suggest`` finds."""
        form = name_form(word)
        if form in self._by_form:
            return self._by_form[form]
        if form not in self._found:
            self._found[form] = near(form, self._likely(form)) or self._begun(form)
        suggestion = self._found[form]
        return self._by_form[suggestion] if suggestion is not None else None

    def did_you_mean(self, word: str) -> str:
        """Make the hint that ``did_you_mean`` makes."""
        return meant_hint(word, self.suggest(word))

    def _likely(self, form: str) -> Collection[str]:
        """The forms that are worth a closer look: of many, the neighbors by the alphabet, read in both directions."""
        if len(self._by_form) <= _MANY:
            return self._by_form
        ends = (word[::-1] for word in _beside(self._backwards, form[::-1]))
        return dict.fromkeys([*_beside(self._sorted, form), *ends])

    def _begun(self, form: str) -> str | None:
        """The first word that begins with this one, as ``production`` with ``prod``."""
        if len(form) < _ENOUGH:
            return None
        if len(self._by_form) > _MANY:
            at = bisect_left(self._sorted, form)
            return next((word for word in self._sorted[at : at + 1] if word.startswith(form)), None)
        return next((word for word in self._by_form if word.startswith(form)), None)

    @cached_property
    def _sorted(self) -> list[str]:
        return sorted(self._by_form)

    @cached_property
    def _backwards(self) -> list[str]:
        return sorted(word[::-1] for word in self._by_form)


def _beside(words: list[str], word: str) -> list[str]:
    at = bisect_left(words, word)
    return words[max(at - _BESIDE, 0) : at + _BESIDE]


def some(names: Collection[str], most: int = 5) -> str:
    """A few of the names and how many more there are: a hint never lists everything that a project declares."""
    shown = ", ".join(sorted(names)[:most]) or "none"
    return f"{shown} and {len(names) - most:,} more" if len(names) > most else shown


def near(word: str, candidates: Iterable[str], *, least: float = _ALIKE) -> str | None:
    """Find the candidate that is most like ``word``, if it is alike enough: 1 is the same but for case and the like."""
    import difflib  # noqa: PLC0415 - takes longer to load than the rest of the room, and most runs need no suggestion

    forms = {name_form(candidate): candidate for candidate in candidates}
    matches = difflib.get_close_matches(name_form(word), forms, n=1, cutoff=least)
    return forms[matches[0]] if matches else None


def did_you_mean(word: str, candidates: Iterable[str]) -> str:
    """Make the hint ``did you mean `…`?``; empty where no candidate is near.

    Where the two look alike, it says by which characters they differ.
    """
    return meant_hint(word, suggest(word, candidates))


def near_or_few(word: str, names: Iterable[str], label: str = "declared") -> str:
    """Make the hint for a name that isn't there: the nearest one, else a few: ``declared: a, b and 7 more``."""
    names = list(dict.fromkeys(names))
    return did_you_mean(word, names) or f"{label}: {some(names)}"


def meant_hint(word: str, meant: str | None) -> str:
    """Make the hint of ``did_you_mean`` for a name that was found otherwise; empty where none was."""
    if not meant or meant == word:
        return ""
    why = f" {difference(word, meant)}" if visible(meant) == visible(word) else _other_script(word, meant)
    return Hint(f"did you mean `{meant}`?{why}", Correction(word, meant))


def _other_script(word: str, other: str) -> str:
    """Name the first letter that only looks like the other word's; empty where another one differs as well."""
    pairs = [pair for pair in zip(word, other, strict=False) if pair[0] != pair[1]]
    if len(word) != len(other) or not all(
        _script(character) and _script(character) != _script(two) for character, two in pairs
    ):
        return ""
    here, there = (named(character) for character in pairs[0])
    return f" They look alike: {here} here, {there} there; copy the name from there"


def _script(character: str) -> str:
    """The script of a letter by the first word of its name, such as `CYRILLIC`; empty for what is no letter."""
    return unicodedata.name(character, "").partition(" ")[0] if character.isalpha() else ""


def visible(word: str) -> str:
    """Give a word as it is seen: letters composed, every kind of blank a blank, nothing that takes no room."""
    blanks = "".join(" " if character.isspace() else character for character in word)
    return unicodedata.normalize("NFC", UNSEEN.sub("", blanks))


def difference(word: str, other: str) -> str:
    """Say how two words differ that look the same: by their encoding, or by a character that can't be seen."""
    unseen = UNSEEN.search(word) or UNSEEN.search(other)
    if unseen is not None:
        holder = "this one" if unseen.group() in word else "the other one"
        return f"{holder} holds {named(unseen.group())}"
    here, there = (first_difference(first, two) for first, two in ((word, other), (other, word)))
    return f"The same letters in another encoding: {here} here, {there} there; copy the name from there"


def first_difference(word: str, other: str) -> str:
    """Give the first letter of a word that isn't the other's, with its accents, by code point."""
    start = next((at for at, (character, two) in enumerate(zip(word, other, strict=False)) if character != two), 0)
    end = start + 1
    while end < len(word) and unicodedata.combining(word[end]):
        end += 1
    return " ".join(f"U+{ord(character):04X}" for character in word[start:end])


@lru_cache(maxsize=4_096)  # the same few keys are in every event type
def name_form(name: str) -> str:
    """A name without what people overlook and Attentive doesn't: case, separators, encoding and what can't be seen."""
    composed = unicodedata.normalize("NFC", name)
    return UNSEEN.sub("", composed.casefold()).translate(_SEPARATORS)
