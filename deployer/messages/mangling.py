"""Macros that an editor changed: encoded for URLs or HTML, parted by markup, with other quotes, braces or blanks."""

from __future__ import annotations

import html
import re
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import unquote

from deployer.dataclass import dataclass
from deployer.messages.partition import RAW, masked

if TYPE_CHECKING:
    from collections.abc import Iterator

_PERCENT = "%(?:25){0,9}"
"""A percent sign, encoded once or again and again."""

_ENCODED = (
    rf"{_PERCENT}7B{_PERCENT}(?:7B(?P<output>)|25)(?:(?!{_PERCENT}7[BD])[^\"<>\n]){{1,300}}?"
    rf"{_PERCENT}(?(output)7D|25){_PERCENT}7D"
)
"""A macro that is encoded for a URL."""

_LIQUID = re.compile(r"\{\{[^{}]{0,2000}\}\}|\{%[^{}]{0,2000}%\}")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]{2,8});")
_OCTET = re.compile(r"%[0-9a-fA-F]{2}")
_ELEMENT = r"</?(?:span|font|b|i|u|s|em|strong|small|big|sub|sup|mark|code|a|p|div|br|wbr|nobr|o:p)\b[^<>{}]{0,500}>"
"""What editors put around words; no comparison of Liquid's looks like it."""

_WHOLE = rf"(?P<element>{_ELEMENT})|\[\s*(?:'[^']*'|\"[^\"]*\")|'[^']*'|\"[^\"]*\""
"""An element, a name in brackets, words between quotes: whatever begins first is that up to its end."""

_UNSEEN_CHARACTERS = "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufe0f\ufeff"
_BLANK_CHARACTERS = "\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_UNSEEN = f"[{_UNSEEN_CHARACTERS}]"
_BLANK = f"[{_BLANK_CHARACTERS}]"
_HIDDEN = f"[{_UNSEEN_CHARACTERS}{_BLANK_CHARACTERS}]"
_BLANK_AT_AN_END = f"(?<=['\"])[{_BLANK_CHARACTERS}]+|[{_BLANK_CHARACTERS}]+(?=['\"])"
_CURLY = "‘’‚‛“”„‟«»‹›"  # noqa: RUF001 - characters that look alike are the point
_NEAR_QUOTES = "`´ʹʼ′‵＇″‶＂｀"  # noqa: RUF001 - as above
_QUOTE = f"[{_CURLY}{_NEAR_QUOTES}]"
_STRAIGHT = str.maketrans(
    {
        **dict.fromkeys(_CURLY + _NEAR_QUOTES, "'"),
        **dict.fromkeys("\uff5b\ufe5b", "{"),
        **dict.fromkeys("\uff5d\ufe5c", "}"),
    }
)
_OPEN = r"(?:&(?:#0{0,4}123|#[xX]0{0,4}7[bB]|lbrace|lcub);|[\uff5b\ufe5b{])"
_CLOSE = r"(?:&(?:#0{0,4}125|#[xX]0{0,4}7[dD]|rbrace|rcub);|[\uff5d\ufe5c}])"
_BETWEEN = rf"(?:{_ELEMENT}|[{_UNSEEN_CHARACTERS}{_BLANK_CHARACTERS}]){{0,5}}"
_BRACES = (
    rf"{_OPEN}{_BETWEEN}(?:{_OPEN}(?P<output>)|%)(?:(?!{_OPEN}|{_CLOSE})[^\n]){{1,300}}(?(output){_CLOSE}|(?<=%))"
    rf"{_BETWEEN}{_CLOSE}"
)
"""A macro or tag whose braces aren't two plain braces, one behind the other; one whose braces are is left out later."""

_PARTED = rf"(?P<open>{_OPEN}){_BETWEEN}(?={_OPEN}|%)|(?P<close>{_CLOSE}|%){_BETWEEN}(?={_CLOSE}\Z)"
"""The first of two braces with what is between them."""

_PARTING = re.compile(r"[&<]|[^\x00-\x7f]")
"""A character of whatever can stand for a brace or be between two: without one, ``_BRACES`` finds nothing."""

_SUSPECT = re.compile(r"[&<%`]|[^\x00-\x7f]")
"""A character that is in anything which spoils a macro from within."""


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """An expression that hardly any text needs: compiling all of them takes as long as looking through many texts."""
    return re.compile(pattern, re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Mangled:
    """A macro that is one no longer: ``start`` up to ``end`` in the text, ``what`` is wrong, ``mend`` is it right."""

    start: int
    end: int
    what: str
    mend: str


def mangled(text: str) -> Iterator[Mangled]:
    """Find them, in the order of the text within each kind."""
    for match in _compiled(_ENCODED).finditer(text) if "%7" in text or "%25" in text else ():
        what = "this macro is encoded for a URL, so that nothing fills it in"
        yield Mangled(*match.span(), what, _mended(_decoded(match[0])))
    kept = masked(text, (RAW,), " ") if "raw" in text else text
    for match in _compiled(_BRACES).finditer(kept) if _PARTING.search(kept) else ():
        if not _LIQUID.fullmatch(match[0]):
            whole = _compiled(_PARTED).sub(lambda match: match["open"] or match["close"], match[0])
            yield Mangled(*match.span(), _braces(match[0]), _mended(whole))
    for match in _LIQUID.finditer(kept):
        inner = match[0][2:-2]
        what = _what(_compiled(_WHOLE).sub(_without_words, inner)) if _SUSPECT.search(inner) else ""
        if what:
            yield Mangled(*match.span(), what, _mended(match[0]))


def _decoded(encoded: str) -> str:
    """Decode a URL's part as often as it was encoded; a form writes a blank as a plus sign."""
    while encoded != (once := unquote(encoded)):
        encoded = once
    return re.sub(r"(?<=\{[{%])\+|\+(?=[}%]\})", " ", encoded)


def _braces(macro: str) -> str:
    """Why these braces are none of a macro's."""
    entity = _ENTITY.match(macro) or re.search(rf"{_ENTITY.pattern}\Z", macro)
    if entity:
        return f"the braces of this macro are HTML entities (`{entity[0]}`), so that nothing fills it in"
    wide = re.search("[\uff5b\ufe5b\uff5d\ufe5c]", macro)
    if wide:
        return f"a brace of this macro is {wide[0]} (U+{ord(wide[0]):04X}), so that nothing fills it in"
    element = _compiled(_ELEMENT).search(macro)
    if element:
        return f"an HTML tag (`{element[0]}`) parts the braces of this macro, so that nothing fills it in"
    return f"{_code_point(macro)} parts the braces of this macro, so that nothing fills it in"


def _without_words(literal: re.Match[str]) -> str:
    """Words between quotes may hold what they like; a name in brackets may not."""
    return literal[0] if literal[0].startswith("[") or literal["element"] else ""


def _what(liquid: str) -> str:
    entity = _ENTITY.search(liquid)
    if entity:
        return f"an HTML entity (`{entity[0]}`) is inside a macro, which isn't HTML"
    element = _compiled(_ELEMENT).search(liquid)
    if element:
        return f"an HTML tag (`{element[0]}`) is inside a macro, which isn't HTML"
    octet = _OCTET.search(liquid)
    if octet:
        return f"`{octet[0]}`, as URLs encode it, is inside a macro, which isn't part of a URL yet"
    quote = _compiled(_QUOTE).search(liquid)
    if quote:
        name = "a curly quote" if quote[0] in _CURLY else "another quote"
        return f"{name} ({quote[0]} U+{ord(quote[0]):04X}) is inside a macro, where only straight quotes work"
    return f"{_code_point(liquid)} is inside a macro" if _compiled(_HIDDEN).search(liquid) else ""


def _code_point(text: str) -> str:
    match = _compiled(_HIDDEN).search(text)
    return f"U+{ord(match[0]):04X}, which is invisible or looks like a space," if match else ""


def _mended(liquid: str) -> str:
    """The macro as it was meant; what is between its own quotes stays as it is."""
    parts, at = [], 0
    for whole in _compiled(_WHOLE).finditer(liquid):
        parts += [_plain(liquid[at : whole.start()]), _kept(whole)]
        at = whole.end()
    mended = "".join([*parts, _plain(liquid[at:])])
    return mended.replace('["', "['").replace('"]', "']")


def _kept(whole: re.Match[str]) -> str:
    if whole["element"]:
        return ""
    if not whole[0].startswith("["):
        return whole[0]
    return _plain(_compiled(_BLANK_AT_AN_END).sub("", whole[0]))


def _plain(part: str) -> str:
    part = html.unescape(part)
    part = unquote(part) if _OCTET.search(part.removesuffix("%}")) else part
    return _compiled(_BLANK).sub(" ", _compiled(_UNSEEN).sub("", part)).translate(_STRAIGHT)
