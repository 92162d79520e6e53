"""Rules about links: how long they are, and what is put into them."""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import partial
from typing import TYPE_CHECKING

from deployer.kinds.event_type import definition
from deployer.messages import LIQUID, LONGEST_LINK, PROPERTY, masked, regions
from deployer.rules.place import Finding
from deployer.rules.rule import rule
from deployer.source import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from deployer.messages import Macro
    from deployer.rules.subject import Subject
    from deployer.rules.texts import Text
    from deployer.rules.trials import SampleTrial

URL = re.compile(r"https?://[^\s<>\"]+")
"""A link as a phone finds it in a text."""

_WORD = re.compile(r"[^\s\"'<>()]+")
_SAFE = re.compile(r"[A-Za-z0-9._~-]*")
_SAFE_FORMATS = frozenset({"uuid", "date", "ipv4"})
_ENCODING = frozenset({"url_encode", "url_param_escape", "cgi_escape"})
_STAND_IN = "\ue000"
KEY_AT = 2


@rule(
    "message/long-url",
    "a text holds a URL that Attentive doesn't shorten because it is too long",
    severity=Severity.WARNING,
    fix="send a shorter URL, and write `maxLength: 1024` into the property's definition",
)
def long_url(subject: Subject) -> Iterator[Finding]:
    """Attentive shortens a URL of at most 1,024 characters; a longer one is sent as it is and fills several segments.

    Attentive's OpenAPI file, POST /v1/events/custom.
    """
    reported: set[str] = set()
    for trial in subject.trials:
        for length in _too_long(trial):
            if trial.text.message.address not in reported:
                reported.add(trial.text.message.address)
                message = f"sample {trial.named} puts a URL of {length:,} characters into the text"
                yield Finding(subject.at(trial.text.message, trial.text.wording.part), message)


def _too_long(trial: SampleTrial) -> Iterator[int]:
    if trial.text.is_sms and trial.rendered:
        for match in URL.finditer(trial.rendered.text):
            if len(match[0]) > LONGEST_LINK:
                yield len(match[0])


@rule(
    "message/macro-in-query",
    "a macro inside a URL isn't encoded",
    severity=Severity.WARNING,
    fix="have the sender send the finished URL as a property, and use that",
)
def macro_in_query(subject: Subject) -> Iterator[Finding]:
    """A space, an ampersand or an accent in the value breaks the link, and the customer lands elsewhere.

    Reserved characters must be encoded in a query: RFC 3986, sections 2.2 and 3.4. Attentive documents no filter for
    texts; in an email `url_encode` does it.
    """
    for text in subject.texts.read:
        places = text.once("queries", partial(_in_queries, text.composed.text))
        for macro in text.scan.macros if places else ():
            inside = any(start <= macro.start < end for start, end in places)
            if inside and not _is_safe(subject, text, macro):
                written = text.composed.text[macro.start : macro.end]
                way = "send the finished URL as a property" if text.is_sms else "write `| url_encode` behind it"
                message = f"`{written}` is in the query of a URL, and its value isn't encoded"
                yield Finding(text.at(macro), message, way)


def _in_queries(composed: str) -> tuple[tuple[int, int], ...]:
    """Where each ``{{ … }}`` is that is part of a URL's query."""
    outputs = [(start, end) for start, end in regions(composed, LIQUID) if composed.startswith("{{", start)]
    starts = [start for start, _ in outputs]
    spans: list[tuple[int, int]] = []
    for word in _WORD.finditer(masked(composed, LIQUID, _STAND_IN)):
        begin = _query(word[0])
        if begin:
            spans += outputs[bisect_left(starts, word.start() + begin) : bisect_left(starts, word.end())]
    return tuple(spans)


def _query(word: str) -> int:
    """Where the query of a URL begins in a word, behind its question mark; 0 where the word has none.

    A word that begins with a macro counts as a URL: the macro may well print its beginning.
    """
    start = 0 if word.startswith(_STAND_IN) else word.find("://")
    return word.find("?", start) + 1 if start >= 0 else 0


def _is_safe(subject: Subject, text: Text, macro: Macro) -> bool:
    """Whether what it prints needs no encoding, as far as its definition says."""
    if _ENCODING & set(macro.filters):
        return True
    item = text.event.properties.get(str(macro.path[-1])) if text.event and macro.path[:KEY_AT] == PROPERTY else None
    return bool(item and subject.defined(item) and _plain_values(definition(item, subject.project)))


def _plain_values(schema: dict[str, Any]) -> bool:
    listed = [*schema.get("enum", ()), *([schema["const"]] if "const" in schema else [])]
    if listed:
        return all(_SAFE.fullmatch(str(value)) for value in listed)
    if schema.get("type") in {"number", "integer", "boolean"} or schema.get("format") in _SAFE_FORMATS:
        return True
    return _closed(schema.get("pattern", ""))


def _closed(pattern: str) -> bool:
    """Whether a pattern is tied to the whole text and made of letters, digits, classes of these and repetitions."""
    inside = re.fullmatch(r"\^(?:[A-Za-z0-9_~-]|\[[A-Za-z0-9_~-]+\]|\\d|\\w|[+*?]|\{[0-9,]+\})+\$", pattern)
    return inside is not None
