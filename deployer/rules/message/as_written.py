"""Rules about what is read as markup or as an escape elsewhere, and is shown as it is written in plain words."""

from __future__ import annotations

import html
import json
import re
from bisect import bisect_right
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from deployer.messages import LIQUID, masked
from deployer.rules.message.foreign import foreign
from deployer.rules.rule import rule
from deployer.rules.texts import few
from deployer.source import Correction, Hint, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from deployer.rules.place import Finding
    from deployer.rules.subject import Subject
    from deployer.rules.texts import Text

Span: TypeAlias = "tuple[int, int]"
"""Where something starts and ends in a text."""

_ENTITY = r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});"
_TAGS = r"</?(?:a|b|br|div|em|font|h[1-6]|i|img|li|ol|p|span|strong|table|td|tr|u|ul)(?:\s[^<>\n]{0,200})?\s?/?>"
_ESCAPE = r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\[rt](?!\w)|\\n"
_SHOWN = re.compile(rf"(?P<entity>{_ENTITY})|(?P<tag>(?i:{_TAGS}))|(?P<escape>{_ESCAPE})")
_BREAKS = {"\n": "a line break", "\r": "a line break", "\t": "a blank", "\xa0": "a blank"}


@rule(
    "message/shown-as-written",
    "words that aren't HTML hold markup or an escape, which is shown as it is written",
    severity=Severity.WARNING,
    fix="write the character itself, and take tags out",
)
def shown_as_written(subject: Subject) -> Iterator[Finding]:
    r"""A text, a subject, a preheader and a plain part are no HTML: a customer reads `R&amp;B`, `<br>` or `\n`.

    An escape such as `\u2019` is read in double quotes of YAML only, and never in a file.
    """
    for text in subject.texts.read:
        if text.wording.part != "html":
            spans = text.once("shown as written", partial(_shown, text))
            yield from few(text, _outside(spans, foreign(text)), _say)


def _shown(text: Text) -> tuple[tuple[int, int], ...]:
    words = masked(text.composed.text, LIQUID)
    return tuple(match.span() for match in _SHOWN.finditer(words) if _is_markup(match))


def _outside(spans: Sequence[Span], others: Sequence[Span]) -> Iterator[Span]:
    """The spans that begin in none of the others; both are in the order of the text."""
    starts = [start for start, _ in others]
    for span in spans:
        number = bisect_right(starts, span[0])
        if not number or others[number - 1][1] <= span[0]:
            yield span


def _is_markup(match: re.Match[str]) -> bool:
    """Whether it is read as something else where markup is read: an entity needs a name that there is."""
    return match["entity"] is None or html.unescape(match[0]) != match[0]


def _say(written: str) -> tuple[str, str]:
    message = f"`{written}` is shown as it is written: these words aren't HTML"
    if written.startswith("<"):
        return message, "take the tag out; a line break is a new line"
    if written.startswith("\\"):
        return f"`{written}` is shown as it is written", _instead(written, json.loads(f'"{written}"'))
    return message, _instead(written, html.unescape(written))


def _instead(written: str, meant: str) -> str:
    if meant in _BREAKS:
        return f"write {_BREAKS[meant]}"
    return Hint(f"write `{meant}`", Correction(written, meant)) if meant.isprintable() else "take it out"
