"""Names of types and functions in other languages, made from ids in snake_case."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable


def pascal(name: str) -> str:
    """``order_shipped`` as ``OrderShipped``; what isn't a letter or digit of ASCII separates words."""
    words = "".join(char if char.isascii() and char.isalnum() else " " for char in name).split()
    joined = "".join(word[:1].upper() + word[1:] for word in words)
    return joined if joined[:1].isalpha() else f"Key{joined}"


def camel(name: str) -> str:
    """``order_shipped`` as ``orderShipped``."""
    name_in_pascal = pascal(name)
    return name_in_pascal[:1].lower() + name_in_pascal[1:]


def free(name: str, taken: Collection[str]) -> str:
    """The name, with underscores behind it where it is taken."""
    while name in taken:
        name += "_"
    return name


def one_line(*texts: str) -> str:
    """Texts as one line of what can be seen: a description mustn't end the comment that it is in."""
    joined = " ".join(" ".join(texts).split())
    return "".join(character if character.isprintable() else f"\\u{ord(character):04x}" for character in joined)


def listed(lines: Iterable[str]) -> str:
    """Lines as a text with a newline at its end."""
    return "\n".join(lines) + "\n"
