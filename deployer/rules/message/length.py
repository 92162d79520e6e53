"""Rules about the length of texts. An estimate: the counter in Attentive's composer decides."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, TypeVar

from deployer.kinds.channels import facts
from deployer.kinds.message import Message
from deployer.messages import WIDE_SEGMENT, WideCharacter, count, script_of, wide
from deployer.rules.place import Finding
from deployer.rules.rule import rule
from deployer.source import CONTROL, Correction, Hint, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from deployer.messages import Measured, Offender, Wide
    from deployer.rules.subject import Subject
    from deployer.rules.texts import Text

SHOWN = 3
"""How many wide characters a message names."""

_JOINER = "\u200d"
_Named = TypeVar("_Named", "Offender", WideCharacter)


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
    script = script_of(worst.count.offenders)
    if script:
        hint = f"{script} text has {WIDE_SEGMENT} characters a segment; {hint}"
    elif worst.count.offenders:
        distinct = _distinct(worst.count.offenders)
        verb = "leave" if len(distinct) > 1 else "leaves"
        hint = f"{_named(distinct)} {verb} {WIDE_SEGMENT} characters a segment; {hint}"
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
    for text, wide_words in _wide(subject):
        distinct = _distinct(wide_words.characters)
        if all(wide_character.plain for wide_character in distinct):
            for character in distinct:
                place = text.place(character.start, character.end)
                yield Finding(place, _makes_wide([character]), _plain(character))


def _plain(character: WideCharacter) -> str:
    if character.instead is None:
        return character.advice
    return Hint(character.advice, Correction(character.text, character.instead))


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
    """An emoji or another sign makes the whole text wide: 70 characters a segment instead of 160.

    Attentive's help page "How message character counts are calculated in text messages". A text in a script of another
    alphabet, such as Arabic, isn't reported: its language makes it wide.
    """
    for text, wide_words in _wide(subject):
        kept = [wide_character for wide_character in _distinct(wide_words.characters) if not wide_character.plain]
        if kept:
            yield Finding(text.place(kept[0].start, kept[0].end), _makes_wide(kept))


def _wide(subject: Subject) -> Iterator[tuple[Text, Wide]]:
    """Texts with what makes the words of their author wide; names in macros aren't sent.

    Control characters have a rule of their own, `message/control-character`.
    """
    for text in subject.texts.read:
        if text.is_sms:
            wide_words = text.once("wide", partial(_wide_words, text))
            if wide_words.characters:
                yield text, wide_words


def _wide_words(text: Text) -> Wide:
    words = CONTROL.sub(" ", text.composed.text)
    for macro in text.scan.macros:
        words = words[: macro.start] + " " * (macro.end - macro.start) + words[macro.end :]
    return wide(words)


def _distinct(named: Sequence[_Named]) -> list[_Named]:
    """Each character where it first occurs."""
    first: dict[tuple[str, str], _Named] = {}
    for wide_character in named:
        first.setdefault((wide_character.codepoint, wide_character.name), wide_character)
    return list(first.values())


def _makes_wide(distinct: Sequence[WideCharacter]) -> str:
    verb = "make" if len(distinct) > 1 else "makes"
    return f"{_named(distinct)} {verb} the whole text wide: 70 characters a segment instead of 160"


def _named(distinct: Sequence[Offender | WideCharacter]) -> str:
    names = [f"“{_shown(item)}” ({item.codepoint} {item.name})" for item in distinct[:SHOWN]]
    rest = len(distinct) - SHOWN
    *first, last = [*names, f"{rest} more"] if rest > 0 else names
    return f"{', '.join(first)} and {last}" if first else last


def _shown(character: Offender | WideCharacter) -> str:
    text = character.text if isinstance(character, WideCharacter) else character.char
    return text if all(char.isprintable() or char == _JOINER for char in text) else character.codepoint
