"""The samples of an event type: those that the team declared, and those that its schema makes beside them.

Where none is declared, what the definitions' own examples make together counts as one that is.

A made sample is for previews and checks only. What ``apply`` and ``send`` send is never made up
(``complete_sample``), and a sample's data is nowhere taken as a default.
"""

from __future__ import annotations

import json
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from deployer.dataclass import dataclass
from deployer.kinds.event_type.made import CantMakeError, Maker
from deployer.kinds.event_type.model import USUAL, complete_sample, is_defined, payload_schema, used
from deployer.source import Gate, SchemaError, content, of_content

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from deployer.kinds.base import Scope
    from deployer.kinds.event_type.model import EventType
    from deployer.source import Body


@dataclass(frozen=True, slots=True)
class Sample:
    """Named example data of an event, in the form of its ``properties``; ``made``: from the schema, by no one."""

    name: str
    data: Mapping[str, Any]
    made: bool


@dataclass(frozen=True, slots=True)
class Unmade:
    """Why the sample called ``name`` wasn't made; ``key`` is the property for which no value was found.

    It is empty where nothing is amiss: the sample would show nothing that others don't show.
    """

    name: str
    reason: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class Samples:
    """All samples of an event type, and those that weren't made, by name."""

    samples: tuple[Sample, ...]
    unmade: Mapping[str, Unmade]


EXAMPLES = "examples"
"""The sample that the definitions' own examples make."""

MISSING_OPTIONAL = "missing_optional"
"""The sample without the keys that may be missing."""

INCOMPLETE = "(from the schema)"
"""The sample of an event of which nothing better is known: values for some of its properties."""


def usual_sample(event: EventType | None, scope: Scope) -> Sample:
    """The sample that something is shown with: ``happy``, else the first; without an event an empty one."""
    if event is None:
        return Sample("", {}, made=True)
    declared = _declared(event, scope)
    usual = next((sample for sample in declared if sample.name == USUAL), declared[0] if declared else None)
    return usual or Sample(INCOMPLETE, complete_sample(event, scope)[0], made=True)


def samples_of(event: EventType, scope: Scope) -> tuple[Sample, ...]:
    """Give the declared samples in their order, then ``longest``, ``missing_optional``, ``unicode`` where absent.

    Made data fits the event's schema and is the same each time. A sample that would show nothing isn't made:
    ``missing_optional`` where nothing is optional, ``unicode`` where no text may hold an unusual character; nor is one
    for which a value can't be found (``all_samples`` says why), or of an event of which a definition can't be read.
    """
    return all_samples(event, scope).samples


def all_samples(event: EventType, scope: Scope) -> Samples:
    """Give what ``samples_of`` gives, with the reasons for what wasn't made."""
    return scope.once("samples", (event, *used(event, scope)), lambda: _all_samples(event, scope))


def _all_samples(event: EventType, scope: Scope) -> Samples:
    declared = _declared(event, scope)
    if not all(is_defined(item, scope) for item in event.properties.values()):
        return Samples(declared, {})
    samples, unmade = _made(content([payload_schema(event, scope), event.samples]))
    return Samples((*declared, *samples), {left.name: left for left in unmade})


def _declared(event: EventType, scope: Scope) -> tuple[Sample, ...]:
    """The samples that the team wrote, else the one of all examples: none of them has to be made."""

    def make() -> tuple[Sample, ...]:
        written = tuple(Sample(name, data, made=False) for name, data in event.samples.items())
        return written or _examples(event, scope)

    return scope.once("declared samples", (event, *used(event, scope)), make)


def _examples(event: EventType, scope: Scope) -> tuple[Sample, ...]:
    payload, missing = complete_sample(event, scope)
    return () if missing else (Sample(EXAMPLES, payload, made=False),)


@lru_cache(maxsize=1024)
def _made(declared: bytes) -> tuple[tuple[Sample, ...], tuple[Unmade, ...]]:
    """Make each sample that isn't among the declared ones, of their schema and them; once for all environments."""
    schema, samples = of_content(declared)
    makings = _Makings(schema, samples)
    made: list[Sample] = []
    unmade: list[Unmade] = []
    for name, make in _MAKERS.items():
        if name in samples:
            continue
        try:
            made.append(Sample(name, make(makings), made=True))
        except CantMakeError as reason:
            unmade.append(Unmade(name, str(reason), reason.key))
        except SchemaError as error:
            unmade.append(Unmade(name, f"the definitions can't be used: {error.message}"))
    return tuple(made), tuple(unmade)


@dataclass
class _Makings:
    """What samples are made of: an event's schema, and the samples that the team declared."""

    schema: Body
    samples: Mapping[str, Body]

    @cached_property
    def members(self) -> Mapping[str, bytes]:
        """The schema of each property and the values that are known for it, as ``_value`` takes them."""
        properties = self.schema["properties"].items()
        return {key: content([schema, _known(self.samples, key)]) for key, schema in properties}

    @cached_property
    def gate(self) -> Gate:
        """The gate of the whole. Raises ``SchemaError``."""
        return Gate.of(self.schema)

    def payload(self, maker: Maker, keys: Iterable[str]) -> dict[str, Any]:
        """Values for some keys that fit together. Raises ``CantMakeError``, ``SchemaError``."""
        payload = {key: self._member(maker, key) for key in keys}
        if not self.gate.valid(payload):
            raise CantMakeError("the values that were found don't fit the event's schema together")
        return payload

    def _member(self, maker: Maker, key: str) -> Any:
        try:
            return _value(maker, key, self.members[key])
        except CantMakeError as reason:
            raise CantMakeError(str(reason), key) from reason


def _longest(of: _Makings) -> dict[str, Any]:
    return of.payload(Maker("longest"), of.schema["properties"])


def _missing_optional(of: _Makings) -> dict[str, Any]:
    if not _has_optional(of.schema):
        raise CantMakeError("no property is optional")
    return of.payload(Maker("plain", optional=False), of.schema["required"])


def _unicode(of: _Makings) -> dict[str, Any]:
    payload = of.payload(Maker("unusual"), of.schema["properties"])
    if json.dumps(payload, ensure_ascii=False).isascii():
        raise CantMakeError("no text in it may hold an unusual character")
    return payload


_MAKERS: Mapping[str, Callable[[_Makings], dict[str, Any]]] = {
    "longest": _longest,
    MISSING_OPTIONAL: _missing_optional,
    "unicode": _unicode,
}


def _has_optional(schema: Body) -> bool:
    """Whether a key may be missing, at any depth."""
    properties = schema.get("properties", {})
    inside = [*properties.values(), *([schema["items"]] if "items" in schema else [])]
    return not set(properties) <= set(schema.get("required", ())) or any(map(_has_optional, inside))


@lru_cache(maxsize=1024)
def _value(maker: Maker, key: str, of: bytes) -> Any:
    """A value for a key, of its schema and the known ones: events share definitions, and often values too."""
    schema, known = of_content(of)
    return maker.value(key, schema, known)


def _known(samples: Mapping[str, Body], key: str) -> list[Any]:
    """Values that the team wrote for a key, those of ``happy`` first."""
    order = sorted(samples, key=lambda name: name != USUAL)
    return [samples[name][key] for name in order if key in samples[name]]
