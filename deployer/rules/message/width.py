"""A rule about the width of an email: what is wider than a phone is cut off there, or everything is made small."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from deployer.messages.markup import start_tags
from deployer.rules.place import Finding
from deployer.rules.rule import rule
from deployer.source import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deployer.messages.markup import StartTag
    from deployer.rules.subject import Subject

PHONE = 375
"""CSS pixels of a usual phone's width."""

_WIDTH = re.compile(
    r"(?:^|;)\s*(?P<name>(?:min-|max-)?width)\s*:\s*(?P<size>\d+(?:\.\d+)?)(?P<unit>px|%)", re.IGNORECASE
)
_MEDIA = re.compile(r"@media[^{@]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}", re.IGNORECASE)
_NUMBER = re.compile(r"\s*(\d+)(?:px)?\s*", re.IGNORECASE)
_NAME = re.compile(r"[.#]([\w-]+)")


def too_wide(html: str) -> Iterator[tuple[StartTag, int]]:
    """Elements that are wider than a phone whatever the screen: by an attribute or their own style; and how wide."""
    adapted = frozenset(_NAME.findall(" ".join(_MEDIA.findall(html))))
    for tag in start_tags(html):
        width = _least(tag)
        names = {*tag.attributes.get("class", "").split(), tag.attributes.get("id", "")}
        if width > PHONE and not names & adapted:
            yield tag, width


def _least(tag: StartTag) -> int:
    """The pixels that an element takes at least; 0 where it fits the screen. A style counts more than an attribute."""
    sizes = {match["name"].lower(): match for match in _WIDTH.finditer(tag.attributes.get("style", ""))}
    least = _pixels(sizes.get("min-width"))
    if "max-width" in sizes and (sizes["max-width"]["unit"] == "%" or _pixels(sizes["max-width"]) <= PHONE):
        return least
    if "width" in sizes:
        return max(least, _pixels(sizes["width"]))
    number = _NUMBER.fullmatch(tag.attributes.get("width", "")) if tag.name in {"table", "td", "th", "img"} else None
    return max(least, int(number[1]) if number else 0)


def _pixels(size: re.Match[str] | None) -> int:
    return round(float(size["size"])) if size and size["unit"].lower() == "px" else 0


@rule(
    "message/fixed-width-email",
    "an email has a part that is wider than a phone",
    severity=Severity.WARNING,
    fix='write `width="100%" style="max-width:560px"` in the place of `width="560"`',
)
def fixed_width_email(subject: Subject) -> Iterator[Finding]:
    """What has a fixed width above 375 pixels is cut off on a phone, and what is at its right is hidden.

    An element that a media query names, by a class or an id, is taken to be adapted there. Comments for Outlook aren't
    looked at: no phone reads them.
    """
    for text in subject.texts.read:
        if text.wording.part == "html":
            for tag, width in islice(too_wide(text.composed.text), 1):
                message = f"this is {width} pixels wide on every screen, and a phone shows about {PHONE}"
                yield Finding(text.place(tag.start, tag.end), message, "let it fit: `width: 100%` with a `max-width`")
