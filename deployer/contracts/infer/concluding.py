"""What follows from the payloads that were seen, and on how many each conclusion rests.

- A type: every value had it. Several types are all listed, and reported.
- ``format``: every text had it, on at least ``FORMAT_TEXTS`` texts.
- ``enum``: at most ``MOST_VALUES`` different short words on at least ``ENUM_TEXTS`` texts, each of them at least
  ``ENUM_EACH`` times, and nothing about the property looks personal.
- ``minLength: 1``: no text was empty. ``optional``: an event came without it, or with null.
- ``pii``: the key, or a value's form, looks personal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from deployer.contracts.infer.observing import MOST_VALUES
from deployer.contracts.infer.personal import stand_in, words
from deployer.dataclass import dataclass
from deployer.kinds.event_type.made import CantMakeError, Maker
from deployer.kinds.property import json_schema

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deployer.contracts.infer.observing import SeenEvent, SeenValue

FORMAT_TEXTS = 5
ENUM_TEXTS = 50
ENUM_EACH = 3


@dataclass(frozen=True, slots=True)
class Concluded:
    """One property: its definition in YAML's terms, a made-up example, what it rests on, and what is odd about it."""

    key: str
    definition: dict[str, Any]
    example: Any
    evidence: str
    remarks: tuple[str, ...] = ()

    @property
    def optional(self) -> bool:
        """Whether events may leave it out."""
        return bool(self.definition.get("optional"))


def conclude(event: SeenEvent) -> tuple[Concluded, ...]:
    """Every property of an event that ever had a value, in the order in which they first came."""
    return tuple(_property(key, seen, event.payloads) for key, seen in event.properties.items() if _types(seen))


def identify_by(event: SeenEvent) -> tuple[str, ...]:
    """By what the senders named the customer: what was in every request body, else whatever was there."""
    counts = {"phone": event.phones, "email": event.emails}
    always = tuple(way for way, count in counts.items() if count and count == event.bodies)
    return always or tuple(way for way, count in counts.items() if count) or ("phone", "email")


def _property(key: str, seen: SeenValue, events: int) -> Concluded:
    personal = stand_in(key) is not None or _looks_personal(seen)
    definition, evidence = _definition(seen, personal=personal)
    present = seen.count - seen.types["null"]
    if present < events:
        definition["optional"] = True
    if personal:
        definition["pii"] = True
    every = "in the one event" if events == 1 else f"in all {events:,} events"
    where = every if present == events else f"in {present:,} of {events:,} events"
    return Concluded(
        key, definition, _example(key, definition), "; ".join([where, *evidence]), tuple(_remarks(key, seen))
    )


def _definition(seen: SeenValue, *, personal: bool) -> tuple[dict[str, Any], list[str]]:
    """JSON Schema's keywords for what was seen at a place, and the evidence for each that isn't plain."""
    types = _types(seen)
    if not types:
        return {}, []
    data: dict[str, Any] = {"type": types[0] if len(types) == 1 else types}
    evidence: list[str] = []
    if types == ["string"]:
        evidence += _text(data, seen, personal=personal)
    if "array" in types and seen.item is not None:
        data["items"] = _definition(seen.item, personal=personal)[0]
        evidence.append("1 element" if seen.item.count == 1 else f"{seen.item.count:,} elements")
    if "object" in types and seen.parts:
        data["properties"] = {key: _nested(key, part, seen.types["object"]) for key, part in seen.parts.items()}
    if "object" in types and (seen.unseen or not seen.parts):
        data["additionalProperties"] = True
    return data, evidence


def _nested(key: str, part: SeenValue, objects: int) -> dict[str, Any]:
    personal = stand_in(key) is not None or _looks_personal(part)
    always = part.count - part.types["null"] == objects
    marks = ({} if always else {"optional": True}) | ({"pii": True} if personal else {})
    return _definition(part, personal=personal)[0] | marks


def _looks_personal(seen: SeenValue) -> bool:
    """Whether a value had the form of personal data, or an element of a list had."""
    return seen.personal or (seen.item is not None and _looks_personal(seen.item))


def _types(seen: SeenValue) -> list[str]:
    names = [name for name, _ in seen.types.most_common() if name != "null"]
    if "number" in names and "integer" in names:
        names.remove("integer")
    return names


def _text(data: dict[str, Any], seen: SeenValue, *, personal: bool) -> Iterator[str]:
    values = None if personal else _values(seen)
    if values:
        data["enum"] = values
        yield f"{len(values)} different values in {seen.texts:,} texts"
        return
    if seen.formats and not seen.empty and seen.texts >= FORMAT_TEXTS:
        data["format"] = seen.formats[0]
        yield f"all {seen.texts:,} texts have the format {seen.formats[0]}"
    if not seen.empty:
        data["minLength"] = 1
        yield "never empty"
    else:
        yield f"empty in {seen.empty:,}"


def _values(seen: SeenValue) -> list[str] | None:
    """The list of values, where it is certain enough."""
    values = seen.values
    if values is None or seen.empty or seen.texts < ENUM_TEXTS or not 1 < len(values) <= MOST_VALUES:
        return None
    certain = min(values.values()) >= ENUM_EACH and all(any(map(str.isalpha, value)) for value in values)
    return sorted(values) if certain and not seen.formats else None


def _example(key: str, definition: dict[str, Any]) -> Any:
    """A made-up value that fits; nothing that was captured but a word of an ``enum``."""
    instead = stand_in(key)
    try:
        return Maker("plain").value(key, json_schema(definition), () if instead is None else (instead,))
    except CantMakeError:
        return None


_AS_TEXT = "a segment or condition compares them letter by letter, so have the sender send numbers"
_LABELS = frozenset({"id", "number", "no", "nr", "code", "sku", "upc", "ean", "tracking", "ref", "reference", "year"})
"""Words in a key whose digits no one counts with."""


def _numbers(path: str, seen: SeenValue) -> Iterator[tuple[str, SeenValue]]:
    """The places at which every text is a number's, with what was seen there."""
    name = path.rpartition(".")[2]
    if seen.texts and seen.numeric and not _LABELS & set(words(name)) and stand_in(name) is None:
        yield path, seen
    for key, part in seen.parts.items():
        yield from _numbers(f"{path}.{key}", part)
    if seen.item is not None:
        yield from _numbers(path, seen.item)


def _remarks(key: str, seen: SeenValue) -> Iterator[str]:
    types = _types(seen)
    if len(types) > 1:
        counts = ", ".join(f"{name} {seen.types[name]:,}" for name in types)
        yield f"`{key}` has values of several types ({counts}): Attentive's macros and segments expect one"
    if seen.types["null"]:
        yield f"`{key}` is null in {seen.types['null']:,}: leave the key out where there is no value"
    yield from (
        f"`{path}` holds numbers as texts ({value.texts:,} of its values): {_AS_TEXT}"
        for path, value in _numbers(key, seen)
    )
    if {"array", "object"} & set(types):
        yield f"`{key}` is a list or an object, which works in emails only"
