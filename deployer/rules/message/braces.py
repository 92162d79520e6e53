"""Rules about macros that aren't quite macros: braces that don't match, a property named without its root."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from deployer.messages import LEGACY, LIQUID, RAW, UNREAD, macro_text, masked, path_text, regions
from deployer.rules.message.names import ROOTS, without_custom
from deployer.rules.place import Finding
from deployer.rules.rule import rule
from deployer.rules.texts import few
from deployer.source import Correction, Hint

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deployer.rules.subject import Subject
    from deployer.rules.texts import Text

_LOST = re.compile(r"\{\{|\}\}|(?<=\0)\}|\{(?=\0)|\{%|%\}|\{[\s{%]{0,100}(?=(?:" + "|".join(sorted(ROOTS)) + r")\b)")

_MACRO = re.compile(r"\{\{-?\s{0,100}(?:" + "|".join(sorted(ROOTS)) + r")\b[^{}]{0,500}\}\}")


@rule(
    "message/broken-macro",
    "braces of a macro don't match",
    fix="write two braces before the macro and two behind it: `{{triggerEvent.custom['KEY']}}`",
)
def broken_macro(subject: Subject) -> Iterator[Finding]:
    """Attentive fills in what is between two pairs of braces; anything else is sent to the customer as it is.

    Attentive's help page "Reference Guide for Personalization Macros".
    """
    for text in subject.texts.read:
        yield from few(text, text.once("lost braces", partial(_lost_in, text)), _lost)
        yield from few(text, text.once("raw macros", partial(_raw_in, text)), _raw)


def _lost_in(text: Text) -> tuple[tuple[int, int], ...]:
    words = masked(text.composed.text, (RAW, *LIQUID))
    words = words if text.is_sms else masked(words, UNREAD)
    return tuple(match.span() for match in _LOST.finditer(words) if not _is_legacy(words, match))


def _raw_in(text: Text) -> tuple[tuple[int, int], ...]:
    """Macros with a root of Attentive's that `raw` keeps from being filled in."""
    composed = text.composed.text
    spans = regions(composed, (RAW,)) if "raw" in composed else ()
    return tuple(match.span() for start, end in spans for match in _MACRO.finditer(composed, start, end))


def _raw(written: str) -> tuple[str, str]:
    return f"`{written}` is inside of `raw`, and is sent as it is", "take `{% raw %}` and `{% endraw %}` out"


def _is_legacy(words: str, match: re.Match[str]) -> bool:
    return any(words.startswith(f"{{{name}}}", match.start()) for name in LEGACY)


def _lost(written: str) -> tuple[str, str]:
    return f"`{written.strip()}` belongs to no macro, and is sent as it is", ""


@rule(
    "message/property-without-custom",
    "a macro names a property or an attribute without `custom`",
    fix="write `{{triggerEvent.custom['KEY']}}` for a property, `{{subscriber.custom['NAME']}}` for an attribute",
)
def property_without_custom(subject: Subject) -> Iterator[Finding]:
    """Names that the brand chose are under `custom`; directly below the root are Attentive's own names.

    Attentive's OpenAPI file, POST /v1/events/custom, and its help page on Liquid in email. A wrong macro prints
    nothing, and the message is sent with the gap.
    """
    for text in subject.texts.read:
        for macro in text.scan.macros:
            right = without_custom(subject, text, macro)
            if right:
                message = f"`{path_text(macro.path)}` isn't a macro of Attentive's"
                hint = Hint(f"write `{macro_text(right)}`", Correction("", path_text(right)))
                yield Finding(text.at(macro), message, hint)
