"""The word that somebody probably meant."""

from __future__ import annotations

import unicodedata
from itertools import islice
from typing import TYPE_CHECKING

from deployer.source.characters import UNSEEN, named

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

_ALIKE = 0.6
"""How alike two words must be, from 0 to 1, so that one may have been meant."""
_MANY = 300
"""Candidates that are all looked at: each costs some hundred microseconds."""
_SLIPS = 4
"""Characters by which a word is longer or shorter than the one that was meant, at most, where there are many."""
_ENOUGH = 3
"""Characters that a beginning must have to count as a suggestion's."""


def suggest(word: str, candidates: Iterable[str]) -> str | None:
    """Find the candidate nearest to ``word``, or None where none is near.

    One that differs only in case, spaces, hyphens or underscores comes first.
    """
    by_form: dict[str, str] = {}
    for candidate in candidates:
        by_form.setdefault(_form(candidate), candidate)
    form = _form(word)
    if form in by_form:
        return by_form[form]
    found = near(form, _likely(form, by_form)) or next((other for other in by_form if _begins(other, form)), None)
    return by_form[found] if found is not None else None


def _likely(form: str, forms: Collection[str]) -> Collection[str]:
    """The forms that are worth a closer look: where there are many, a slip rarely changes the first letter."""
    if len(forms) <= _MANY:
        return forms
    near_by = (one for one in forms if one[:1] == form[:1] and abs(len(one) - len(form)) <= _SLIPS)
    return list(islice(near_by, _MANY))


def some(names: Collection[str], most: int = 5) -> str:
    """A few of the names and how many more there are: a hint never lists everything that a project declares."""
    shown = ", ".join(sorted(names)[:most]) or "none"
    return f"{shown} and {len(names) - most:,} more" if len(names) > most else shown


def near(word: str, candidates: Iterable[str], *, least: float = _ALIKE) -> str | None:
    """Find the candidate that is most like ``word``, if it is alike enough: 1 is the same but for case and the like."""
    import difflib  # noqa: PLC0415 - takes longer to load than the rest of the room, and most runs need no suggestion

    forms = {_form(candidate): candidate for candidate in candidates}
    found = difflib.get_close_matches(_form(word), forms, n=1, cutoff=least)
    return forms[found[0]] if found else None


def did_you_mean(word: str, candidates: Iterable[str]) -> str:
    """Make the hint ``did you mean `…`?``; empty where no candidate is near.

    Where the two look alike, it says by which characters they differ.
    """
    found = suggest(word, candidates)
    if found is None or found == word:
        return ""
    if visible(found) == visible(word):
        return f"did you mean `{found}`? {difference(word, found)}"
    return f"did you mean `{found}`?"


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
    here, there = (first_difference(one, two) for one, two in ((word, other), (other, word)))
    return f"The same letters in another encoding: {here} here, {there} there; copy the name from there"


def first_difference(word: str, other: str) -> str:
    """Give the first letter of a word that isn't the other's, with its accents, by code point."""
    start = next((at for at, (one, two) in enumerate(zip(word, other, strict=False)) if one != two), 0)
    end = start + 1
    while end < len(word) and unicodedata.combining(word[end]):
        end += 1
    return " ".join(f"U+{ord(character):04X}" for character in word[start:end])


def _begins(candidate: str, form: str) -> bool:
    """Tell whether a word is the beginning of a candidate, as ``prod`` of ``production``."""
    return len(form) >= _ENOUGH and candidate.startswith(form)


def _form(word: str) -> str:
    composed = unicodedata.normalize("NFC", word)
    return "".join(character for character in UNSEEN.sub("", composed.casefold()) if character not in " _-")
