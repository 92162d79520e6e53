"""Rules about characters that no one sees in the words of messages; in a text each of them costs segments, too."""

from __future__ import annotations

import re
import unicodedata
from functools import partial
from typing import TYPE_CHECKING

from deployer.messages import COMMENTS, ELEMENTS, LIQUID, UNREAD, masked, regions, wide
from deployer.rules.place import Finding
from deployer.rules.rule import rule
from deployer.source import CONTROL, Correction, Hint, Severity, control_named, named

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from deployer.rules.subject import Subject
    from deployer.rules.texts import Text

_ODD = re.compile("[\x85\u180e\u200b\u2028-\u202e\u2060-\u2064\u206a-\u206f\ufeff]")
"""Line ends that aren't ones everywhere, bidirectional embeddings and overrides, and marks of no width."""

_DIRECTION = re.compile("[\u061c\u200e\u200f\u2066-\u2069]")
"""Marks and isolates, which a text in a script from right to left needs."""

_BLANK = re.compile("[\xa0\xad\u2000-\u200a\u202f\u205f]")
"""Blanks that don't break or have another width, and the soft hyphen: in order in words, never inside of a tag."""

_LINE_ENDS = "\x85\u2028\u2029"
_NO_CHANNEL = "delete it: no channel carries it"
_DELETE = "delete it, or write a line break where one is meant"

_RIGHT_TO_LEFT = frozenset({"R", "AL"})
_ODD_HERE = ", which can't be seen; some programs show a box or break the line there"


@rule(
    "message/control-character",
    "a message holds a control character",
    fix=_NO_CHANNEL,
)
def control_character(subject: Subject) -> Iterator[Finding]:
    """A control character can't be seen, and no channel carries it; mail programs show a box or end the text there.

    In YAML it is refused as such (`yaml/control-character`); here it comes from a file or from an expression in [[ ]].
    """
    for text in subject.texts.read:
        yield from _each(text, CONTROL, text.composed.text, control_named, "")


@rule(
    "message/unseen-character",
    "a message holds a character that can't be seen",
    severity=Severity.WARNING,
    fix=_DELETE,
)
def unseen_character(subject: Subject) -> Iterator[Finding]:
    """Copied words bring line separators, marks of no width and direction overrides along, which change how they show.

    In a link even a no-break space makes it lead nowhere. In a text message they make the whole text wide, which
    `message/wide-characters` reports; here they are reported in a text of a script that is wide anyway.
    """
    for text in subject.texts.read:
        if text.is_sms and not text.once("script", partial(_script, text)):
            continue
        html = text.wording.part == "html"
        words = masked(text.composed.text, (*LIQUID, *COMMENTS, *UNREAD) if html else LIQUID)
        yield from _each(text, _ODD, words, named, _ODD_HERE)
        if not any(unicodedata.bidirectional(char) in _RIGHT_TO_LEFT for char in words if char > "\u0590"):
            yield from _each(text, _DIRECTION, words, named, ", and nothing here runs from right to left")
        if html:
            yield from _each(text, _BLANK, _tags(words), named, " inside of a tag, where it isn't a blank")
        else:
            yield from _each(text, _BLANK, words, named, ", which looks like a blank or like nothing")


def _script(text: Text) -> str:
    """The script other than Latin that a text is written in."""
    return wide(text.composed.text).script


def _tags(words: str) -> str:
    """The tags of an email, everything else blanked."""
    shown = list(" " * len(words))
    for start, end in regions(words, ELEMENTS):
        shown[start:end] = words[start:end]
    return "".join(shown)


def _each(text: Text, wanted: re.Pattern[str], words: str, name: Callable[[str], str], why: str) -> Iterator[Finding]:
    """Name each character once, where it is first, with how often it is there."""
    first: dict[str, int] = {}
    often: dict[str, int] = {}
    for match in wanted.finditer(words):
        first.setdefault(match[0], match.start())
        often[match[0]] = often.get(match[0], 0) + 1
    for character, at in first.items():
        more = f" ({often[character]:,} times, first here)" if often[character] > 1 else ""
        part = text.wording.part
        hint = _without(character, wanted)
        yield Finding(text.place(at, at + 1), f"the {part} holds {name(character)}{why}{more}", hint)


def _without(character: str, wanted: re.Pattern[str]) -> str:
    sentence = _NO_CHANNEL if wanted is CONTROL else _DELETE
    if character in _LINE_ENDS:
        return sentence  # a line break may be meant
    return Hint(sentence, Correction(character, " " if wanted is _BLANK else ""))
