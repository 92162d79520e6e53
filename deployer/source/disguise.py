r"""Characters that libyaml reads otherwise than YAML 1.2 does, put out of its way while it parses.

libyaml is a parser of YAML 1.1: there U+0085, U+2028 and U+2029 end a line, which in YAML 1.2 (5.4) they don't, so that
its line numbers weren't an editor's; it takes a byte order mark in front of a later document for text, which YAML 1.2
(5.2) allows there; and it refuses the pair of escapes that JSON writes for an emoji (``\ud83d\udc4b``, RFC 8259 §7).

A disguised text has as many characters as the text itself, and the same one at each place where a value can begin: the
places in the parser's events are those of the text that was written.
"""

from __future__ import annotations

import re
from dataclasses import field
from typing import TYPE_CHECKING, Any

from deployer.dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_SEPARATORS = "\x85\u2028\u2029"
_SUSPECT = re.compile(r"[\x85\u2028\u2029]|\ufeff|\\u[dD][89abAB]")
_MARKER_THEN_BOM = re.compile(r"(?m)^---[ \t]*(\r?\n)\ufeff")
_BOM_THEN_MARKER = re.compile(r"(?m)^\ufeff---(?=[\s\ufeff]|\Z)")
_PAIR = re.compile(
    r"(?<!\\)(?P<slashes>(?:\\\\)*)\\u(?P<high>[dD][89abAB][0-9a-fA-F]{2})\\u(?P<low>[dD][c-fC-F][0-9a-fA-F]{2})"
)
_BASES = (0xE000, 0xE800, 0xF000)
"""Where 2,048 characters of private use begin that can stand for halves of a pair."""
_HALVES = 0x800
_FIRST_HALF = 0xD800


@dataclass(frozen=True, slots=True)
class Disguise:
    """A text for libyaml, and the way back. ``written`` is the text as its author wrote it."""

    written: str = field(repr=False)
    text: str = field(repr=False)
    separators: Mapping[int, str] = field(default_factory=dict)
    base: int = 0

    def restored(self, value: str, style: str | None, start: int, end: int) -> str:
        """Give a scalar's value as the text itself says it; ``start`` and ``end`` are its characters in the text."""
        value = value.translate(self.separators) if self.separators else value
        if not self.base:
            return value
        return _joined(value, self.base) if style == '"' else self._literal(value, start, end)

    def _literal(self, value: str, start: int, end: int) -> str:
        """Put back what looked like a pair of escapes, in a scalar that knows no escapes."""
        pairs = [match.group() for match in _PAIR.finditer(self.written, start, end)]
        if not pairs:
            return value
        originals = iter(pairs)
        return re.sub(
            "|".join({re.escape(_disguised(pair, self.base)) for pair in pairs}), lambda _: next(originals), value
        )


def disguise(text: str) -> Disguise | None:
    """Put a text out of libyaml's way; None where it reads the text as it is."""
    if (text.isascii() and "\\u" not in text) or not _SUSPECT.search(text):
        return None
    separators = _stand_ins(text)
    hidden = text.translate({ord(real): chr(stand_in) for stand_in, real in separators.items()})
    hidden = _MARKER_THEN_BOM.sub(lambda match: match.group()[:-1].rstrip("\r\n") + " " + match[1], hidden)
    hidden = _BOM_THEN_MARKER.sub("--- ", hidden)
    base = next((base for base in _BASES if _is_free(text, base)), 0) if _PAIR.search(text) else 0
    if base:
        hidden = _PAIR.sub(lambda match: _disguised(match.group(), base), hidden)
    return Disguise(text, hidden, separators, base)


def stray_mark(text: str) -> int | None:
    """Find a byte order mark that begins a line where none may be, and so would indent it; None where there is none."""
    if "\ufeff" not in text:
        return None
    allowed = {match.end() - 1 for match in _MARKER_THEN_BOM.finditer(text)}
    allowed |= {match.start() for match in _BOM_THEN_MARKER.finditer(text)}
    return next((mark.start() for mark in re.finditer("(?m)^\ufeff", text) if mark.start() not in allowed), None)


def _stand_ins(text: str) -> dict[int, str]:
    """Give each separator that the text holds a character of private use that it doesn't hold."""
    free: Iterator[int] = (code for code in range(0x10F000, 0x10FFF0) if chr(code) not in text)
    return {next(free): separator for separator in _SEPARATORS if separator in text}


def _is_free(text: str, base: int) -> bool:
    """Whether a text holds none of the characters from ``base`` on, neither as they are nor as escapes."""
    last = base + _HALVES - 1
    escapes: Any = re.findall(r"(?i)\\u(?:0000)?([ef][0-9a-f]{3})", text)
    held = any(base <= int(code, 16) <= last for code in escapes)
    return not held and not re.search(f"[{chr(base)}-{chr(last)}]", text)


def _disguised(pair: str, base: int) -> str:
    slashes, high, low = _PAIR.fullmatch(pair).groups()  # type: ignore[union-attr]  # it is what the expression found
    return slashes + "".join(f"\\u{base + int(half, 16) - _FIRST_HALF:04x}" for half in (high, low))


def _joined(value: str, base: int) -> str:
    """Make one character of each pair of stand-ins."""
    pair = re.compile(f"([{chr(base)}-{chr(base + 0x3FF)}])([{chr(base + 0x400)}-{chr(base + 0x7FF)}])")
    return pair.sub(lambda match: chr(0x10000 + ((ord(match[1]) - base) << 10) + ord(match[2]) - base - 0x400), value)
