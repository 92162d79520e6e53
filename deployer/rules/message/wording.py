"""A rule about what a message says: nothing promotional in a transactional one."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from deployer.messages import ELEMENTS, LIQUID, masked
from deployer.rules.place import Finding
from deployer.rules.rule import rule
from deployer.source import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deployer.rules.subject import Subject
    from deployer.rules.texts import Text
    from deployer.source import Settings

PROMOTIONAL = (
    "% off",
    "bogo",
    "buy one",
    "clearance",
    "coupon",
    "deal",
    "deals",
    "discount",
    "discounts",
    "don't miss",
    "exclusive offer",
    "flash sale",
    "free gift",
    "free shipping on your next",
    "last chance",
    "limited time",
    "new arrivals",
    "on sale",
    "promo",
    "promo code",
    "refer a friend",
    "sale",
    "save up to",
    "shop now",
    "special offer",
    "while supplies last",
    "you may also like",
    "your next order",
)
"""Words and phrases that sell. ``promotional_words`` in ``deployer.yaml`` adds to them and takes some out."""


@rule(
    "message/promotional-wording",
    "a transactional message sounds promotional",
    severity=Severity.WARNING,
    fix="leave the words out, or branch on `subscription: both` first; `promotional_words` changes the list",
)
def promotional_wording(subject: Subject) -> Iterator[Finding]:
    """Attentive reviews transactional texts, and marketing words in one get it refused.

    A transactional journey may hold promotional content only behind a branch for people who are subscribed to both
    (help page "Transactional vs promotional: Which should I choose?"). A list of words is a hint, no judgment.
    """
    pattern = words(subject.project.settings)
    for text in subject.texts.read:
        if pattern is None or text.message.id not in subject.sent_to_all:
            continue
        for match in text.once("promotional", partial(_promotional, text, pattern)):
            message = f"“{' '.join(match[0].split())}” sounds promotional, and a transactional journey sends this"
            yield Finding(text.place(match.start(), match.end()), message)


def _promotional(text: Text, pattern: re.Pattern[str]) -> tuple[re.Match[str], ...]:
    return tuple(pattern.finditer(masked(text.composed.text, (*LIQUID, *ELEMENTS))))


def words(settings: Settings) -> re.Pattern[str] | None:
    """Match any promotional word of the project, in any case, whole words only; ``None`` where it has none left."""
    changed = settings.promotional_words
    removed = {word.lower() for word in changed.remove}
    kept = {word.lower() for word in (*PROMOTIONAL, *changed.add)} - removed
    if not kept:
        return None
    spaced = (r"\s+".join(re.escape(part) for part in word.split()) for word in sorted(kept, key=len, reverse=True))
    return re.compile(rf"(?:\b|(?!\w))(?:{'|'.join(spaced)})(?!\w)", re.IGNORECASE)
