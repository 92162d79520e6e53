"""One YAML document to a JSON value: a constructor on PyYAML's events with our own scalars, limits and problems."""

from __future__ import annotations

from collections import Counter
from dataclasses import field
from sys import intern
from typing import TYPE_CHECKING, NoReturn

import yaml

from deployer.dataclass import dataclass
from deployer.errors import InnerError
from deployer.source.characters import CONTROL, control_named
from deployer.source.documents import QUOTE_IT, quoted
from deployer.source.events import adjacent, is_a
from deployer.source.hint import Correction, Hint
from deployer.source.scalar_text import text_place
from deployer.source.scalars import NULLS, NotJsonNumberError, interned, resolve_tagged
from deployer.source.syntax import in_quotes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deployer.source.events import Event
    from deployer.source.problems import Problem
    from deployer.source.source_file import SourceFile
    from deployer.source.values import JSON

MAX_DEPTH = 64
MAX_NODES = 100_000
MAX_SCALAR = 256 * 1024

_TAG_PREFIX = "tag:yaml.org,2002:"
_SCALAR_TAGS = frozenset({"str", "int", "float", "bool", "null"})


class DocumentAbandonedError(InnerError):
    """The document can't be read on; its problem is noted."""


@dataclass(slots=True)
class _Anchored:
    """A value with a name; ``size`` counts its values, 0 as long as it isn't complete."""

    value: JSON = None
    size: int = 0


@dataclass(slots=True)
class Composer:
    """Builds the value of one document; ``problems`` holds what is wrong with it.

    ``plain``: no text of the file can hold a control character, since the parser refuses those that aren't escaped.
    """

    file: SourceFile
    stream: Iterator[Event]
    plain: bool = False
    problems: list[Problem] = field(default_factory=list)
    anchors: dict[str, _Anchored] = field(default_factory=dict)
    count: int = 0

    def note(self, rule: str, event: Event, message: str, hint: str = "") -> None:
        """Keep a problem at an event; the document is read on, to find others."""
        start, end = event.start_mark, event.end_mark
        length = end.column - start.column if start.line == end.line else 1
        self.problems.append(
            self.file.problem("yaml/" + rule, message, start.line + 1, start.column + 1, hint=hint, length=length)
        )

    def abandon(self, rule: str, event: Event, message: str, hint: str = "") -> NoReturn:
        """Keep a problem that ends the reading of the document."""
        self.note(rule, event, message, hint)
        raise DocumentAbandonedError

    def value(self, event: Event, depth: int = 1) -> JSON:
        """Build the value that begins with ``event``."""
        kind = type(event)
        if kind is yaml.AliasEvent:
            return self._alias(event)
        self.count += 1
        anchor = event.anchor
        if anchor is None:
            return self._scalar(event) if kind is yaml.ScalarEvent else self._fresh(event, depth)
        named = self.anchors[anchor] = _Anchored()
        before = self.count
        named.value = self._fresh(event, depth)
        named.size = self.count - before + 1
        return named.value

    def _fresh(self, event: Event, depth: int) -> JSON:
        if is_a(event, yaml.ScalarEvent):
            return self._scalar(event)
        if depth > MAX_DEPTH:
            self.abandon(
                "too-deep", event, f"values are nested deeper than {MAX_DEPTH} levels", "make the structure flatter"
            )
        if is_a(event, yaml.MappingStartEvent):
            self._check_tag(event, "map")
            return self._mapping(event, depth)
        self._check_tag(event, "seq")
        return self._sequence(event, depth)

    def _alias(self, event: Event) -> JSON:
        named = self.anchors.get(event.anchor)
        if named is None:
            hint = f"name a value with `&{event.anchor}` first, or quote a text that begins with `*`"
            self.abandon("syntax", event, f"`*{event.anchor}` refers to no anchor above it", hint)
        if not named.size:
            self.abandon("alias-bomb", event, f"`*{event.anchor}` is inside the value that it repeats", "write it out")
        self.count += named.size
        if self.count > MAX_NODES:
            hint = "write the values out; a file for people doesn't need so many repetitions"
            self.abandon("alias-bomb", event, f"with its aliases the document has more than {MAX_NODES:,} values", hint)
        return named.value

    def _check_tag(self, event: Event, core: str) -> None:
        if event.tag not in (None, _TAG_PREFIX + core):
            self._unknown_tag(event, event.tag)

    def _unknown_tag(self, event: Event, tag: str) -> None:
        shown = tag.replace(_TAG_PREFIX, "!!")
        self.note(
            "unknown-tag",
            event,
            f"the tag `{shown}` can't be used here",
            "remove it; quote a text that begins with `!`",
        )

    def _scalar(self, event: Event) -> JSON:
        text: str = event.value
        if len(text) > MAX_SCALAR:
            hint = "put long texts in a separate file and refer to it with `file:`"
            message = f"a text of {len(text):,} characters is longer than the {MAX_SCALAR:,} that are allowed"
            self.abandon("scalar-too-long", event, message, hint)
        try:
            if event.tag is not None:
                return self._tagged(event, text)
            if not event.implicit[0]:
                return text
            return interned(text)
        except NotJsonNumberError:
            shown = text if len(text) <= 20 else text[:20] + "…"  # noqa: PLR2004 - enough to recognize a number
            hint = f"if it is text, {QUOTE_IT}: `{quoted(text)}`" if shown == text else "quote it if it is text"
            self.note("not-json-number", event, f"`{shown}` is a number that JSON doesn't have", hint)
        return None

    def _tagged(self, event: Event, text: str) -> JSON:
        tag = event.tag.removeprefix(_TAG_PREFIX)
        if not event.tag.startswith(_TAG_PREFIX) or tag not in _SCALAR_TAGS:
            self._unknown_tag(event, event.tag)
            return None
        try:
            return resolve_tagged(tag, text)
        except NotJsonNumberError:
            raise
        except ValueError:
            self.note("unknown-tag", event, f"the tag `!!{tag}` doesn't fit `{text}`", "remove the tag")
            return None

    def _sequence(self, start: Event, depth: int) -> list[JSON]:
        items: list[JSON] = []
        macro = False
        while not is_a(event := next(self.stream), yaml.SequenceEndEvent):
            if start.flow_style and not items and adjacent(start, event, yaml.SequenceStartEvent):
                following = self.file.text[event.end_mark.index : event.end_mark.index + 80].lstrip()
                macro = following[:1] not in ("", '"', "'")
            value = self.value(event, depth + 1)
            items.append(value if self.plain else self._checked(event, value))
        if macro and len(items) == 1 and items[0] and isinstance(items[0][0], str):
            hint = self._in_quotes(
                start, "put it in quotes, or on the next line after `|`; quote the texts of a list of lists"
            )
            self.abandon("unquoted-braces", start, "a value that begins with `[[` must be quoted", hint)
        return items

    def _mapping(self, start: Event, depth: int) -> dict[str, JSON]:
        mapping: dict[str, JSON] = {}
        given: dict[str, Event] = {}
        before: Event | None = None
        in_braces, stream = start.flow_style, self.stream
        while not is_a(event := next(stream), yaml.MappingEndEvent):
            key = self._key(start, event, depth)
            following = next(stream)
            if in_braces and self._lacks_colon(event, following):
                self._note_comma(before, event, following)
            before = following
            value = self.value(following, depth + 1)
            if key is None:
                continue
            if not self.plain and key != "pattern":  # an expression may name characters that no text may hold
                self._checked(following, value)
            if key in mapping:
                first, here = given[key].start_mark.line + 1, event.start_mark.line + 1
                where = f"on line {first} and on line {here}" if first != here else f"both on line {here}"
                message = f"`{key}` is given twice: {where}"
                self.note("duplicate-key", event, message, "keep one of them")
                continue
            mapping[key] = value
            given[key] = event
        return mapping

    def _key(self, start: Event, event: Event, depth: int) -> str | None:
        """Give the key as text, or note that it isn't one and give None."""
        if start.flow_style and adjacent(start, event, yaml.MappingStartEvent):
            hint = self._in_quotes(start, "put it in quotes, or on the next line after `|`")
            self.abandon("unquoted-braces", start, "a value that begins with `{{` must be quoted", hint)
        if is_a(event, yaml.ScalarEvent) and event.tag in (None, _TAG_PREFIX + "str"):
            if not event.implicit[0] or event.value not in NULLS:
                return intern(self._text_of_key(event))  # the same few keys are in every document
            self.note("key", event, "a key is missing or null", "give it a name; quote it if `null` is the name")
            return None
        self.note("key", event, "a key must be plain text", "write `key: value` with one name as key")
        self.value(event, depth + 1)
        return None

    def _checked(self, event: Event, value: JSON) -> JSON:
        """Give a value; note the control characters in a text, which no one sees and no channel carries."""
        if isinstance(value, str) and is_a(event, yaml.ScalarEvent) and CONTROL.search(value):
            self._control(event)
        return value

    def _control(self, event: Event) -> None:
        """Note each control character once, where it is first, with how often it is there."""
        text: str = event.value
        start, raw = event.start_mark, self.file.text[event.start_mark.index : event.end_mark.index]
        for character, often in Counter(CONTROL.findall(text)).items():
            first = (start.line + 1, start.column + 1)
            line, column = text_place(raw, event.style or "", text, text.index(character), first)
            more = f" ({often:,} times, first here)" if often > 1 else ""
            message = f"the text holds {control_named(character)}{more}"
            hint = "delete it: Attentive can't send it, and it can't be seen"
            self.problems.append(self.file.problem("yaml/control-character", message, line, column, hint=hint))

    def _text_of_key(self, event: Event) -> str:
        """Give the key's text; a number is a key by its own spelling."""
        self.count += 1
        text: str = event.value
        if text == "<<" and event.implicit[0]:
            hint = "write the fields out, or repeat one value with an alias: `owner: *owner`"
            self.note(
                "merge-key", event, "merge keys (`<<`) aren't supported: YAML 1.2, which is read here, has none", hint
            )
        if not self.plain:
            self._checked(event, text)
        if len(text) > MAX_SCALAR:
            self.abandon(
                "scalar-too-long", event, f"a key of {len(text):,} characters is too long", "choose a short name"
            )
        if event.anchor is not None:
            self.anchors[event.anchor] = _Anchored(text, 1)
        return text

    def _lacks_colon(self, key: Event, value: Event) -> bool:
        """Whether a pair in braces is a lone word: `{a, b: c}`."""
        if not is_a(value, yaml.ScalarEvent) or value.value or not value.implicit[0]:
            return False
        return ":" not in self.file.text[key.end_mark.index : value.start_mark.index + 1]

    def _note_comma(self, before: Event | None, key: Event, value: Event) -> None:
        word = self.file.text[key.start_mark.index : value.start_mark.index].strip()
        message = f"inside braces a comma ends a value, so `{word}` is a key without a value here"
        hint = Hint('quote a text that holds a comma: `{day: "Aug 9, 2023"}`', *self._with_comma(before, key))
        self.note("flow-comma", key, message, hint)

    def _with_comma(self, before: Event | None, key: Event) -> Iterator[Correction]:
        """The value before a comma and the word behind it as one text, where they are on one line."""
        if before is not None and is_a(before, yaml.ScalarEvent) and before.value and before.implicit[0]:
            words = self.file.text[before.start_mark.index : key.end_mark.index]
            if "\n" not in words and "\r" not in words:
                yield Correction(words, quoted(words))

    def _in_quotes(self, start: Event, hint: str) -> Hint:
        return in_quotes(self.file, start.start_mark.line + 1, start.start_mark.column + 1, hint)
