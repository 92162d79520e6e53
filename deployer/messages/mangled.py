"""Macros that an editor changed: encoded for a URL or for HTML, with curly quotes or blanks that aren't blanks."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote

from deployer.messages.regions import RAW, masked

if TYPE_CHECKING:
    from collections.abc import Iterator

_ENCODED = re.compile(r"%7B%7B(?:(?!%7D%7D)[^\"<>\n]){1,300}?%7D%7D", re.IGNORECASE)
_LIQUID = re.compile(r"\{\{[^{}]{0,2000}\}\}|\{%[^{}]{0,2000}%\}")
_LITERAL = re.compile(r"\[\s*(?:'[^']*'|\"[^\"]*\")|'[^']*'|\"[^\"]*\"")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]{2,8});")
_STRAIGHT = str.maketrans({**dict.fromkeys("‘’‚‛“”„‟«»", "'"), **dict.fromkeys("\u00a0\u2007\u202f\u3000", " ")})  # noqa: RUF001 - characters that look alike are the point
_UNSEEN = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad]")
_CURLY = re.compile("[‘’‚‛“”„‟«»]")  # noqa: RUF001 - as above
_BLANK = re.compile("[\u00a0\u2007\u202f\u3000\u200b-\u200f\u2060\ufeff\u00ad]")


@dataclass(frozen=True, slots=True)
class Mangled:
    """A macro that is one no longer: ``start`` up to ``end`` in the text, ``what`` is wrong, ``mend`` is it right."""

    start: int
    end: int
    what: str
    mend: str


def mangled(text: str) -> Iterator[Mangled]:
    """Find them, in the order of the text within each kind."""
    for match in _ENCODED.finditer(text) if "%7" in text else ():
        yield Mangled(*match.span(), "this macro is encoded for a URL, so that nothing fills it in", unquote(match[0]))
    kept = masked(text, (RAW,), " ") if "raw" in text else text
    for match in _LIQUID.finditer(kept):
        what = _what(_LITERAL.sub(_without_words, match[0]))
        if what:
            yield Mangled(*match.span(), what, _mended(match[0]))


def _without_words(literal: re.Match[str]) -> str:
    """Words between quotes may hold what they like; a name in brackets may not."""
    return literal[0] if literal[0].startswith("[") else ""


def _what(liquid: str) -> str:
    entity = _ENTITY.search(liquid)
    if entity:
        return f"an HTML entity (`{entity[0]}`) is inside a macro, which isn't HTML"
    curly = _CURLY.search(liquid)
    if curly:
        return f"a curly quote ({curly[0]} U+{ord(curly[0]):04X}) is inside a macro, where only straight quotes work"
    blank = _BLANK.search(liquid)
    return f"U+{ord(blank[0]):04X}, which is invisible or looks like a space, is inside a macro" if blank else ""


def _mended(liquid: str) -> str:
    plain = _UNSEEN.sub("", html.unescape(liquid).translate(_STRAIGHT))
    return plain.replace('["', "['").replace('"]', "']")
