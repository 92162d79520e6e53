"""The word that somebody probably meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

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
    import difflib  # noqa: PLC0415 - takes longer to load than the rest of the room, and most runs need no suggestion

    near = difflib.get_close_matches(form, by_form, n=1) or [other for other in by_form if _begins(other, form)]
    return by_form[near[0]] if near else None


def did_you_mean(word: str, candidates: Iterable[str]) -> str:
    """Make the hint ``did you mean `…`?``; empty where no candidate is near."""
    found = suggest(word, candidates)
    return f"did you mean `{found}`?" if found is not None and found != word else ""


def _begins(candidate: str, form: str) -> bool:
    """Tell whether a word is the beginning of a candidate, as ``prod`` of ``production``."""
    return len(form) >= _ENOUGH and candidate.startswith(form)


def _form(word: str) -> str:
    return "".join(character for character in word.casefold() if character not in " _-")
