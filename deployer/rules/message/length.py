"""Rules about the length of texts. An estimate: the counter in Attentive's composer decides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployer.kinds.channels import facts
from deployer.kinds.message import Message
from deployer.messages import count
from deployer.rules.place import Finding
from deployer.rules.rule import rule
from deployer.source import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from deployer.messages import Measured, Offender
    from deployer.rules.subject import Subject
    from deployer.rules.texts import Text

SHOWN = 3
"""How many wide characters a message names."""


@rule(
    "message/over-limit",
    "a text takes more segments than it may",
    fix="shorten the text or the longest values, replace wide characters, or raise `limits`",
)
def over_limit(subject: Subject) -> Iterator[Finding]:
    """Attentive bills by segment: 160 characters, or 70 where one of them is wide, the brand's name included.

    Attentive's help page "How message character counts are calculated in text messages".
    """
    for message, length in subject.lengths:
        worst = length.longest_over(made=False)
        if worst is not None:
            yield _over(subject, message, worst)


@rule(
    "message/may-go-over-limit",
    "a text takes more segments than it may with values that the schema allows",
    severity=Severity.WARNING,
    fix="bound the values with `maxLength` or an `enum`, shorten the text, or raise `limits`",
)
def may_go_over_limit(subject: Subject) -> Iterator[Finding]:
    """No declared sample makes the text too long, but one that is made from the event's schema does.

    Attentive bills by segment: help page "How message character counts are calculated in text messages". A value
    without `maxLength` is taken to be half as long again as the longest in a sample. Unusual characters are left to the
    declared samples, since nearly every free text may hold one.
    """
    for message, length in subject.lengths:
        worst = length.longest_over(made=True)
        if worst is not None and length.longest_over(made=False) is None:
            yield _over(subject, message, worst)


def _over(subject: Subject, message: Message, worst: Measured) -> Finding:
    hint = "shorten it or raise the limit; the counter in Attentive's composer decides"
    if worst.count.offenders:
        hint = f"{_named(_distinct(worst.count.offenders))} leaves 70 characters a segment; {hint}"
    return Finding(subject.at(message, "limits", "segments"), f"sample {worst.sentence}", hint)


@rule(
    "message/wide-characters",
    "a text holds a wide character that a plain one could replace",
    severity=Severity.WARNING,
    fix="write the plain character: texts pasted from a word processor bring curly quotes and dashes along",
)
def wide_characters(subject: Subject) -> Iterator[Finding]:
    """One wide character makes the whole text wide: 70 characters a segment instead of 160.

    Attentive's help page "How message character counts are calculated in text messages". A text that is wide
    anyway, because of an emoji or another script, isn't reported.
    """
    for text, offenders in _wide(subject):
        if all(offender.replacement is not None for offender in offenders):
            for one in offenders:
                yield Finding(text.place(one.position, one.position + 1), _makes_wide([one]), one.advice)


@rule(
    "message/wide-brand",
    "the brand's name makes every text wide",
    severity=Severity.WARNING,
    fix="write the brand's name with plain characters, in Attentive's settings too",
)
def wide_brand(subject: Subject) -> Iterator[Finding]:
    """Attentive puts the brand's name in front of each text, and one wide character in it makes all of them wide.

    Attentive's help page "How message character counts are calculated in text messages".
    """
    offenders = count(subject.project.settings.brand.name).offenders
    if offenders and any(facts(message.channel).segments for message in subject.each(Message)):
        message = f"{_named(_distinct(offenders))} in the brand's name: 70 characters a segment instead of 160"
        yield Finding(subject.in_settings("brand", "name"), message)


@rule(
    "message/wide-text",
    "a text is wide because of characters that nothing plain replaces",
    severity=Severity.INFO,
    fix="leave them out if they aren't worth it",
)
def wide_text(subject: Subject) -> Iterator[Finding]:
    """An emoji or another script makes the whole text wide: 70 characters a segment instead of 160.

    Attentive's help page "How message character counts are calculated in text messages".
    """
    for text, offenders in _wide(subject):
        kept = [offender for offender in offenders if offender.replacement is None]
        if kept:
            yield Finding(text.place(kept[0].position, kept[0].position + 1), _makes_wide(kept))


def _wide(subject: Subject) -> Iterator[tuple[Text, list[Offender]]]:
    """Texts with each wide character that their author wrote, where it stands first; names in macros aren't sent."""
    for text in subject.texts.read:
        if text.is_sms:
            inside = [(macro.start, macro.end) for macro in text.scan.macros]
            offenders = [
                one
                for one in count(text.composed.text).offenders
                if not any(start <= one.position < end for start, end in inside)
            ]
            if offenders:
                yield text, _distinct(offenders)


def _distinct(offenders: Sequence[Offender]) -> list[Offender]:
    first: dict[str, Offender] = {}
    for one in offenders:
        first.setdefault(one.char, one)
    return list(first.values())


def _makes_wide(distinct: Sequence[Offender]) -> str:
    verb = "make" if len(distinct) > 1 else "makes"
    return f"{_named(distinct)} {verb} the whole text wide: 70 characters a segment instead of 160"


def _named(distinct: Sequence[Offender]) -> str:
    names = [f"“{_shown(one)}” ({one.codepoint} {one.name})" for one in distinct[:SHOWN]]
    rest = len(distinct) - SHOWN
    return " and ".join([*names, f"{rest} more"] if rest > 0 else names)


def _shown(offender: Offender) -> str:
    return offender.char if offender.char.isprintable() else offender.codepoint
