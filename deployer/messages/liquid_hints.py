"""What to write instead of Liquid that the parser refuses: forms of other languages, closings that are missing."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING

from deployer.source import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

CLOSE_TAGS = "close each tag, as in {% if … %} … {% endif %}"
CLOSE_MACROS = "close each macro with }}"
_CONDITION = "{% if … %} … {% else %} … {% endif %}"

_PROPERTY = "a property of the event is `{{triggerEvent.custom['KEY']}}`"
_COLON = "what a filter needs is behind a colon, as in `| default: 'x'`"
_NO_COLON = re.compile(r"\|\s*\w+\s+\Z")
_NEAR = 60
_NO_FILTER = "take it out, and have the sender send the finished words"

_SLIPS = tuple(
    (re.compile(pattern), hint)
    for pattern, hint in (
        (r"&", "Liquid writes `and` for `&&`"),
        (r"\|\|", "Liquid writes `or` in a condition for `||`, and `| default: '…'` behind a value"),
        (r"=", "Liquid compares with `==`"),
        (r"!", "Liquid has no `!`: write `unless` for `if`, or `== nil` behind the value"),
        (r"\?", f"Liquid has no `? :`: write `{_CONDITION}`"),
        (r"\(", f"Liquid has no calls: {_COLON}"),
        (r"(?<=\{\{)\{", "a macro has two braces in front and two behind"),
        (r"\}(?!\})", "a macro ends with }}, a tag with %}"),
        (r"[#/^]\w", f"that is another template language: Liquid writes `{_CONDITION}`"),
        (r">|&gt;", "Liquid has no partials in Attentive's composer: write the words here"),
        (r"(?:or|and)\b", "a macro takes no `or`: write `| default: '…'` behind the value"),
        (r"\$", f"that is another platform's form of a name: {_PROPERTY}"),
        (r":", f"that is another platform's form of a macro: {_PROPERTY}"),
        (r"else\b", "`else` is a tag: `{% else %}`"),
        (r"[+*]|-(?=\s)", "Liquid calculates with filters, such as `| plus: 1`, `| minus: 1` and `| times: 2`"),
        (r"of\b", "Liquid writes `in` for `of`"),
    )
)
"""By what is at the place that the parser stopped at."""

_TAGS: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(("elseif", "elif"), "Liquid's tag is `elsif`"),
        **dict.fromkeys(("set", "let", "var"), "Liquid's tag is `assign`"),
        **dict.fromkeys(("foreach", "each"), "Liquid's tag is `for`"),
        "switch": "Liquid's tag is `case`",
        "end": "Liquid's tags are closed by name, in one word: `endif`, `endfor`, `endunless`",
    }
)
"""By the name of a tag that other languages have."""


def hint_for_tag(name: str, known: Collection[str]) -> str:
    """What to do about a tag that is unknown, or that closes nothing."""
    if name.startswith("end") and name.removeprefix("end") in known:
        opening = name.removeprefix("end")
        return f"nothing is open that it closes: write {{% {opening} … %}} before it, or leave it out"
    return (
        _TAGS.get(name)
        or did_you_mean(name, [known_name for known_name in known if known_name.isalpha()])
        or CLOSE_TAGS
    )


def hint_for_filter(name: str, known: Collection[str]) -> str:
    """What to do about a filter that is unknown."""
    return did_you_mean(name, sorted(known)) or _NO_FILTER


def hint_for(message: str, text: str, offset: int) -> str:
    """What to do about a mistake inside a macro or a tag; empty where nothing better is known than the rule's."""
    if "not operator" in message:
        return "Liquid has no `not`: write `unless` for `if`, or `== nil` behind the value"
    if "ternary" in message:
        return f"Liquid has no `… if … else …` in a macro: write `{_CONDITION}`, or `| default: '…'` behind the value"
    if message.startswith("expected tag end"):
        return CLOSE_TAGS
    if "}}" in message or text.count("{{") != text.count("}}"):
        return CLOSE_MACROS
    if _NO_COLON.search(text, max(0, offset - _NEAR), offset):
        return _COLON
    return next((hint for pattern, hint in _SLIPS if pattern.match(text, offset)), "")
