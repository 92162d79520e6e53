"""Keys that this process used, kept so that nothing that is printed shows one: a server may echo what it got."""

from __future__ import annotations

from typing import Any, TextIO

MASK = "[masked key]"
"""What is printed in the place of a key."""

_SHORTEST = 8
"""Characters that a key has at least: a shorter value would be found in innocent words."""

_KEYS: set[str] = set()


def remember(key: str) -> str:
    """Keep a key as one that is never printed, and give it back."""
    if len(key) >= _SHORTEST:
        _KEYS.add(key)
    return key


def masked(text: str) -> str:
    """The text without any key: the longest first, since one may be a part of another."""
    for key in sorted(_KEYS, key=len, reverse=True):
        text = text.replace(key, MASK)
    return text


class MaskedStream:
    """A text stream that prints no key. Everything but writing is that of the stream behind it."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write a text without any key."""
        self._stream.write(masked(text))
        return len(text)

    def writelines(self, lines: list[str]) -> None:
        """Write texts without any key."""
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)
