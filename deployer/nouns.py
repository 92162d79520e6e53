"""Nouns that only the run knows, with their article or number: “an Order Shipped event”, “1 task”, “2,000 tasks”."""

from __future__ import annotations

import re

_SILENT_H = r"(?i)(hour|honest|hono|heir)"
_YOU = r"(?i)(eu|uni([^dimn]|que)|us([aeu]|ps)|ut(e|il|o)|ub|uk|one\b|once)"
_SPELLED = r"[A-Z]{1,3}\b"
_VOWELS = ("A", "E", "I", "O", "U")
_LETTERS_AFTER_AN = "AEFHILMNORSX"
_NUMBERS_AFTER_AN = r"(8|1[18](?!\d))"
"""These are compiled where they are used: most runs write none of these nouns."""


def article(word: str) -> str:
    """``an`` where the word's first sound is a vowel, else ``a``; up to three capitals are read letter by letter."""
    if re.match(_SPELLED, word):
        return "an" if word[0] in _LETTERS_AFTER_AN else "a"
    if re.match(_SILENT_H, word) or re.match(_NUMBERS_AFTER_AN, word):
        return "an"
    return "an" if word[:1].upper() in _VOWELS and not re.match(_YOU, word) else "a"


def counted(number: int, noun: str) -> str:
    """Write a number with its noun: ``1 task``, ``2,000 tasks``."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
