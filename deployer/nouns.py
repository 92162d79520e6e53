"""Nouns that only the run knows, with their article or number: “an Order Shipped event”, “1 task”, “2,000 tasks”."""

from __future__ import annotations

import re

_SILENT_H = re.compile(r"(hour|honest|hono|heir)", re.IGNORECASE)
_YOU = re.compile(r"(eu|uni([^dimn]|que)|us([aeu]|ps)|ut(e|il|o)|ub|uk|one\b|once)", re.IGNORECASE)
_SPELLED = re.compile(r"[A-Z]{1,3}\b")
_VOWELS = ("A", "E", "I", "O", "U")
_LETTERS_AFTER_AN = "AEFHILMNORSX"
_NUMBERS_AFTER_AN = re.compile(r"(8|1[18](?!\d))")


def article(word: str) -> str:
    """``an`` where the word's first sound is a vowel, else ``a``; up to three capitals are read letter by letter."""
    if _SPELLED.match(word):
        return "an" if word[0] in _LETTERS_AFTER_AN else "a"
    if _SILENT_H.match(word) or _NUMBERS_AFTER_AN.match(word):
        return "an"
    return "an" if word[:1].upper() in _VOWELS and not _YOU.match(word) else "a"


def counted(number: int, noun: str) -> str:
    """Write a number with its noun: ``1 task``, ``2,000 tasks``."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
