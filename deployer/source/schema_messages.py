"""One sentence for each keyword of JSON Schema, for the writer of a document and for the sender of a payload."""

from __future__ import annotations

import json
from dataclasses import field
from typing import TYPE_CHECKING, Any, TypeAlias

from deployer.dataclass import dataclass
from deployer.source.characters import UNSEEN, named
from deployer.source.documents import NUMBER, QUOTE_IT
from deployer.source.suggestion import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from deployer.source.mismatch import Mismatch
    from deployer.source.values import JSON

Words: TypeAlias = tuple[str, str]
"""Message and hint; an empty hint leaves the word to the schema's description."""

_TYPES = {
    "string": "text",
    "array": "a list",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "null": "nothing",
}
_LONG = 60


def shown(value: JSON) -> str:
    """Put a value in backticks, cut where it is long."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return f"`{text}`" if len(text) <= _LONG else f"`{text[: _LONG - 1]}…`"


def names(words: Iterable[Any]) -> str:
    """Join values in backticks, with commas and an ``or``."""
    listed = [shown(word) for word in words]
    return listed[0] if len(listed) == 1 else ", ".join(listed[:-1]) + " or " + listed[-1] if listed else "nothing"


def quote_texts(value: JSON, types: tuple[str, ...]) -> str:
    """The hint for a document's writer, whose text YAML took for another type."""
    return QUOTE_IT if "string" in types and isinstance(value, bool | int | float) else ""


def _not_a_field(key: str, owner: str) -> str:
    return f"`{key}` is not a field of {owner}"


@dataclass(frozen=True, slots=True)
class Wording:
    """What differs between the words for a document's writer and those for a payload's sender.

    ``values``: values may be shown (a payload's are customers' data); ``descriptions``: the schema's descriptions say
    what to write. ``mapping`` and ``null`` are what an object and null are called; ``unknown`` words a key that isn't
    known, given what holds it; ``type_hint`` takes a value and the types that were expected; ``formats`` are hints, and
    ``patterns`` names and hints of patterns that a reader wouldn't read.
    """

    values: bool = True
    descriptions: bool = True
    mapping: str = "a mapping"
    null: str = "nothing"
    unknown: Callable[[str, str], str] = _not_a_field
    unknown_hint: str = ""
    missing_hint: str = ""
    empty_hint: str = ""
    type_hint: Callable[[JSON, tuple[str, ...]], str] = quote_texts
    formats: Mapping[str, str] = field(default_factory=dict)
    patterns: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    def subject(self, value: JSON) -> str:
        """The value where it may be shown."""
        return shown(value) if self.values else "the value"

    def found(self, value: JSON) -> str:
        """What was found in place of another value."""
        return shown(value) if self.values else "another value"

    def found_type(self, value: JSON) -> str:
        """What a value is, as its writer would call it."""
        if value is None:
            return self.null
        if isinstance(value, bool):
            return shown(value) if self.values else "true or false"
        if isinstance(value, int | float):
            return self._number(value)
        return "text" if isinstance(value, str) else "a list" if isinstance(value, list) else self.mapping

    def _number(self, value: float) -> str:
        if self.values:
            return f"{NUMBER}{shown(value)}"
        return "a number with decimals" if isinstance(value, float) and not value.is_integer() else "a number"

    def expected_types(self, types: Iterable[str]) -> str:
        """Name the types that are allowed, in words."""
        known = _TYPES | {"object": self.mapping}
        return " or ".join(dict.fromkeys(known.get(name, name) for name in types))


DOCUMENT = Wording()
"""For those who write YAML."""


def flat(types: Iterable[JSON]) -> tuple[str, ...]:
    """The names of types; each item is one or a list of them."""
    return tuple(name for item in types for name in (item if isinstance(item, list) else [item]))


def words(mismatch: Mismatch, wording: Wording) -> Words:
    """Say in words what doesn't meet a keyword, and what to do where the keyword itself says that."""
    sentence = _SENTENCES.get(mismatch.keyword)
    if sentence is None:
        return f"{wording.subject(mismatch.found)} doesn't meet the schema's `{mismatch.keyword}`", ""
    return sentence(mismatch.found, mismatch.expected, wording)


Sentence: TypeAlias = "Callable[[JSON, JSON, Wording], Words]"
"""Words for a value that was found, a keyword's own value, and who reads them."""


def type_words(value: JSON, types: tuple[str, ...], wording: Wording) -> Words:
    """Say that a value has none of the types."""
    message = f"expected {wording.expected_types(types)}, found {wording.found_type(value)}"
    return message, wording.type_hint(value, types)


def _type(value: JSON, types: JSON, wording: Wording) -> Words:
    return type_words(value, flat([types]), wording)


def _enum(value: JSON, allowed: JSON, wording: Wording) -> Words:
    hint = did_you_mean(value, [word for word in allowed if isinstance(word, str)]) if isinstance(value, str) else ""
    return f"{wording.subject(value)} is not one of {names(allowed)}", hint


def _const(value: JSON, wanted: JSON, wording: Wording) -> Words:
    return f"expected {shown(wanted)}, found {wording.found(value)}", ""


def _length(word: str, edge: str) -> Sentence:
    def sentence(value: JSON, limit: JSON, wording: Wording) -> Words:
        if edge == "least" and limit == 1:
            return "must not be empty", wording.empty_hint
        return f"expected at {edge} {limit} {word}{'' if limit == 1 else 's'}, found {len(value)}", ""

    return sentence


def _number(relation: str) -> Sentence:
    def sentence(value: JSON, limit: JSON, wording: Wording) -> Words:
        return f"expected a number {relation} {shown(limit)}, found {wording.found(value)}", ""

    return sentence


def _format(value: JSON, name: JSON, wording: Wording) -> Words:
    return f"{wording.subject(value)} is not a valid {name}", _unseen(value) or wording.formats.get(str(name), "")


def _unseen(value: JSON) -> str:
    """The hint about a character that no one sees: it is probably why the value doesn't fit."""
    match = UNSEEN.search(value) if isinstance(value, str) else None
    return f"it holds {named(match[0])}, which can't be seen: delete it" if match else ""


def _pattern(value: JSON, pattern: JSON, wording: Wording) -> Words:
    if pattern in wording.patterns:
        name, hint = wording.patterns[pattern]
        return f"{wording.subject(value)} is not {name}", _unseen(value) or hint
    return f"{wording.subject(value)} doesn't have the expected form (`{pattern}`)", _unseen(value)


def _unique(_value: JSON, _wanted: JSON, _wording: Wording) -> Words:
    return "the list holds something twice", ""


def _dependent(value: JSON, needs: JSON, _wording: Wording) -> Words:
    for key, others in needs.items():
        missing = [other for other in others if key in value and other not in value]
        if missing:
            return f"`{key}` needs {names(missing)} beside it", ""
    return "a field is missing beside another one", ""


def _not(_value: JSON, _schema: JSON, _wording: Wording) -> Words:
    return "this is not allowed here", ""


def _contains(_value: JSON, _schema: JSON, _wording: Wording) -> Words:
    return "the list lacks an item of the expected form", ""


_SENTENCES: Mapping[str, Sentence] = {
    "type": _type,
    "enum": _enum,
    "const": _const,
    "minLength": _length("character", "least"),
    "maxLength": _length("character", "most"),
    "minItems": _length("item", "least"),
    "maxItems": _length("item", "most"),
    "minProperties": _length("key", "least"),
    "maxProperties": _length("key", "most"),
    "minimum": _number("of at least"),
    "maximum": _number("of at most"),
    "exclusiveMinimum": _number("above"),
    "exclusiveMaximum": _number("below"),
    "multipleOf": _number("that is a multiple of"),
    "format": _format,
    "pattern": _pattern,
    "uniqueItems": _unique,
    "dependentRequired": _dependent,
    "not": _not,
    "contains": _contains,
}
