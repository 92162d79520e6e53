"""Values that a property's JSON Schema allows: plain ones, the longest, and ones with unusual characters.

Nothing here is anyone's data, and nothing here is ever sent: made values are for previews and checks only. Every
value is checked against its schema before it is given out.

Where a schema doesn't bound a value, the longest is an assumption: a text is half as long again as the longest that the
team wrote for it in a sample or an example (40 characters where they wrote none), a number has a digit more, a list has
as many elements as the longest list (3 where there is none). No text is longer than 10,000 characters and no list than
20 elements, whatever the schema allows.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, islice
from math import ceil
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from deployer.dataclass import dataclass
from deployer.errors import InnerError
from deployer.kinds.event_type.bounds import MANY
from deployer.source import Gate, canonical

if TYPE_CHECKING:
    from collections.abc import Callable

    from deployer.source import Body

Style: TypeAlias = Literal["plain", "longest", "unusual"]

ASSUMED_LENGTH = 40
"""Characters of the longest text where neither the schema nor an example says anything."""

ASSUMED_GROWTH = 1.5
"""How much longer than the longest known text the longest is, where the schema doesn't bound it."""

MANY_ITEMS = 1_000
"""The most elements that are ever made for one list."""

MOST_WEIGHT = 1_000_000
"""How much is made for one property: an element or key counts ``_EACH``, a text its characters besides."""

MOST_ITEMS = 20
_EACH = 20
ASSUMED_ITEMS = 3
UNUSUAL = ("“Zoë’s” – naïve 🎁", "Zoë’s 🎁", "Zoë’", "ë’", "ë")  # noqa: RUF001 - unusual characters are the point
"""Curly quotes, a dash, accents and an emoji, from the richest to what fits in a single character."""

_WRITTEN = json.JSONEncoder(ensure_ascii=False)
_FILLER = "Example text "
_MISSING = object()
_MOST_DIGITS = 15
_FORMATS: Mapping[str, str] = {
    "email": "alex.example@example.com",
    "date": "2026-12-30",
    "date-time": "2026-12-30T20:50:30.123456+10:00",
    "time": "20:50:30.123456+10:00",
    "uuid": "123e4567-e89b-42d3-a456-426614174000",
    "ipv4": "203.100.113.255",
    "ipv6": "2001:0db8:1111:2222:3333:4444:5555:6666",
}


class CantMakeError(InnerError):
    """No value that fits was found for a key; the message says which. ``key`` is the event's property that holds it."""

    def __init__(self, message: str, key: str = "") -> None:
        super().__init__(message)
        self.key = key


@dataclass(frozen=True, slots=True)
class Maker:
    """How values are made: ``style``, and whether keys that may be missing are in an object."""

    style: Style
    optional: bool = True

    def value(self, key: str, schema: Body, known: Sequence[Any]) -> Any:
        """Make a value for ``key``; ``known`` are values that the team wrote for it. Raises ``CantMakeError``."""
        gate = Gate.of(dict(schema))
        value = next((candidate for candidate in self._candidates(schema, known) if gate.valid(candidate)), _MISSING)
        if value is _MISSING:
            raise CantMakeError(f"no value that fits was found for `{key}`; write one into its `examples`")
        return value

    def _candidates(self, schema: Body, known: Sequence[Any]) -> Iterator[Any]:
        """Values that may fit, the best for the style first."""
        listed = [*([schema["const"]] if "const" in schema else []), *schema.get("enum", ())]
        if listed:
            yield from self._ranked(listed)
            return
        written = [item for item in (*known, *schema.get("examples", ())) if self.optional or _is_scalar(item)]
        candidates = chain.from_iterable(self._of_type(name, schema, written) for name in _types(schema))
        if self.style == "plain":
            yield from chain(written, candidates)
        else:
            yield from chain(candidates, self._ranked(written))

    def _ranked(self, values: Sequence[Any]) -> list[Any]:
        if self.style == "longest":
            return sorted(values, key=lambda value: -_length(value))
        if self.style == "unusual":
            return sorted(values, key=lambda value: _text(value).isascii())
        return list(values)

    def _of_type(self, name: str, schema: Body, known: Sequence[Any]) -> Iterator[Any]:
        if name == "array":
            lists = [item for item in known if isinstance(item, list)]
            return self._lists(schema, lists)
        if name == "object":
            return self._objects(schema, [item for item in known if isinstance(item, Mapping)])
        if name == "boolean":
            return iter((False, True) if self.style == "longest" else (True, False))
        if name in {"integer", "number"}:
            numbers = [item for item in known if isinstance(item, int | float) and not isinstance(item, bool)]
            return self._numbers(schema, numbers, whole=name == "integer")
        return self._texts(schema, [text for text in known if isinstance(text, str)])

    def _texts(self, schema: Body, known: Sequence[str]) -> Iterator[str]:
        least, most = schema.get("minLength", 0), min(schema.get("maxLength", MANY), MANY)
        if least > MANY:
            raise CantMakeError(f"a text of {least:,} characters isn't made: {MANY:,} are the most")
        longest = max(least, min(most, self._assumed(schema, known)))
        if "pattern" in schema:
            yield from self._matching(schema["pattern"], least, most if "maxLength" in schema else longest)
            return
        if "format" in schema:
            yield from self._formatted(schema["format"], known, least, longest)
            return
        if self.style == "unusual":
            yield from _decorated(known[0] if known else "", least, most)
        yield _filled(known, longest if self.style == "longest" else max(least, 1) if least > len(_FILLER) else 0, most)

    def _assumed(self, schema: Body, known: Sequence[str]) -> int:
        if "maxLength" in schema:
            return int(schema["maxLength"])
        longest = max(map(len, known), default=0)
        return ceil(longest * ASSUMED_GROWTH) or ASSUMED_LENGTH

    def _matching(self, pattern: str, least: int, most: int) -> Iterator[str]:
        from deployer.kinds.event_type.patterns import matching  # noqa: PLC0415 - few definitions have one

        unusual, longest = self.style == "unusual", self.style == "longest"
        tries = [(least, most, longest), (max(least, 1), most, longest), (max(least, 1), MANY, False)]
        for low, high, as_long in tries:
            text = matching(pattern, least=low, most=high, unusual=unusual, longest=as_long)
            if text is not None:
                yield text

    def _formatted(self, name: str, known: Sequence[str], least: int, longest: int) -> Iterator[str]:
        if self.style == "longest":
            length, known = longest, sorted(known, key=len, reverse=True)
        else:
            length = least
        if name in _GROWING:
            yield from (_GROWING[name](start, length) for start in (*known, ""))
        if name in _FORMATS:
            yield _FORMATS[name]
        yield from known

    def _numbers(self, schema: Body, known: Sequence[float], *, whole: bool) -> Iterator[float]:
        bounds = [schema[keyword] for keyword in ("maximum", "minimum") if keyword in schema]
        step = schema.get("multipleOf", 1 if whole else None)
        near = [edge + sign * (step or 0.5) for edge in _exclusive(schema) for sign in (-1, 1)]
        biggest = [_nines(known, whole=whole or step == 1)]
        ordered = [*bounds, *near, *biggest] if bounds or near else [*biggest, *near]
        ordered = (
            sorted(ordered, key=lambda number: -_length(number)) if self.style == "longest" else [*known, *ordered]
        )
        for number in (*ordered, *known, 1, 0, 10, -1):
            yield from _stepped(number, step, whole=whole)

    def _lists(self, schema: Body, known: Sequence[list[Any]]) -> Iterator[list[Any]]:
        items, least = schema.get("items", {}), schema.get("minItems", 0)
        if least > MANY_ITEMS:
            raise CantMakeError(f"a list of {least:,} elements isn't made: {MANY_ITEMS:,} are the most")
        most = schema.get("maxItems", max([ASSUMED_ITEMS, *map(len, known)]))
        inside = [item for each in known for item in each]
        size = max(least, min(most, MOST_ITEMS)) if self.style == "longest" else max(least, min(most, 1))
        pool = self._distinct(items, inside) if schema.get("uniqueItems") else [self.value("an element", items, inside)]
        _bound(size * (_EACH + _weight(pool[0]) if pool else 0))
        for length in dict.fromkeys((size, least)):
            if pool and not schema.get("uniqueItems"):
                yield pool * length
            yield pool[:length]

    def _distinct(self, items: Body, inside: Sequence[Any]) -> list[Any]:
        gate = Gate.of(dict(items))
        fitting = (candidate for candidate in self._candidates(items, inside) if gate.valid(candidate))
        numbered = (item for item in (*range(1, MOST_ITEMS + 1), *(f"Example {n}" for n in range(1, MOST_ITEMS + 1))))
        distinct: dict[str, Any] = {}
        for value in chain(fitting, (item for item in numbered if gate.valid(item))):
            distinct.setdefault(canonical(value), value)
        return list(islice(distinct.values(), MOST_ITEMS))

    def _objects(self, schema: Body, known: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
        properties, required = schema.get("properties", {}), schema.get("required", ())
        keys = [key for key in properties if self.optional or key in required]
        keys += [key for key in required if key not in properties]
        built, weight = {}, 0
        for key in dict.fromkeys(keys):
            built[key] = self.value(key, _member(schema, key), [example[key] for example in known if key in example])
            weight += _EACH + _weight(built[key])
            _bound(weight)
        yield built


def _bound(weight: int) -> None:
    """Refuse what would fill the memory, such as lists of lists of lists; what it is made of is bounded already."""
    if weight > MOST_WEIGHT:
        raise CantMakeError("a value this large isn't made: lists within lists multiply; lower `minItems`")


def _weight(value: Any) -> int:
    if isinstance(value, list):
        return sum(_EACH + _weight(item) for item in value)
    if isinstance(value, Mapping):
        return sum(_EACH + _weight(item) for item in value.values())
    return len(value) if isinstance(value, str) else 0


def _is_scalar(value: Any) -> bool:
    return not isinstance(value, list | Mapping)


def _member(schema: Body, key: str) -> Body:
    member = schema.get("properties", {}).get(key, schema.get("additionalProperties", {}))
    return member if isinstance(member, Mapping) else {}


def _types(schema: Body) -> list[str]:
    declared = schema.get("type", "string")
    return [declared] if isinstance(declared, str) else list(declared)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else _WRITTEN.encode(value)


def _length(value: Any) -> int:
    return len(_text(value))


def _filled(known: Sequence[str], length: int, most: int) -> str:
    """Repeat a known text, or a filler, up to the length; no white space at the end, which a reader wouldn't see."""
    seed = max(known, key=len).strip() + " " if known and any(text.strip() for text in known) else _FILLER
    if not length:
        return seed.strip()[:most]
    text = (seed * (length // len(seed) + 1))[:length]
    return f"{text[:-1]}x" if text.endswith(" ") else text


def _decorated(base: str, least: int, most: int) -> Iterator[str]:
    for unusual in UNUSUAL:
        for text in (f"{base} {unusual}".strip(), unusual):
            if len(text) <= most:
                yield text if len(text) >= least else text + "ë" * (least - len(text))


def _url(seed: str, length: int) -> str:
    base = seed or "https://example.com/page"
    if len(base) >= length:
        return base
    joined = base if base.endswith("/") else base + ("" if "?" in base or "#" in base else "/")
    return joined + ("longer" * (length // 6 + 1))[: max(length - len(joined), 0)]


def _mail(seed: str, length: int) -> str:
    """Lengthen the part before the ``@``, which has at most 64 characters."""
    local, _, domain = (seed or _FORMATS["email"]).rpartition("@")
    missing = min(length - len(local) - 1 - len(domain), 64 - len(local))
    return f"{local}{'x' * max(missing, 0)}@{domain}"


def _host(seed: str, length: int) -> str:
    """Put labels in front; a label has at most 63 characters, a name 253."""
    name = seed or "www.example.com"
    while len(name) < min(length, 250):
        name = "w" * min(length - len(name) - 1 or 1, 63, 252 - len(name)) + "." + name
    return name


_GROWING: Mapping[str, Callable[[str, int], str]] = {"uri": _url, "email": _mail, "hostname": _host}


def _exclusive(schema: Body) -> list[float]:
    return [schema[keyword] for keyword in ("exclusiveMaximum", "exclusiveMinimum") if keyword in schema]


def _nines(known: Sequence[float], *, whole: bool) -> float:
    """Make a number of nines with a digit more than the longest known one has, and as many decimals."""
    digits, decimals = 5, 0 if whole else 2
    if known:
        before, _, after = _text(max(known, key=_length)).partition(".")
        digits, decimals = len(before.lstrip("-")), 0 if whole else len(after)
    shown = "9" * min(digits + 1, _MOST_DIGITS - decimals)
    return float(f"{shown}.{'9' * decimals}") if decimals else int(shown)


def _stepped(number: float, step: float | None, *, whole: bool) -> Iterator[float]:
    """Give the number, and the multiples of the step around it."""
    yield int(number) if whole else number
    if step:
        below = number // step
        for times in (below, below + 1, below - 1):
            multiple = times * step
            yield int(multiple) if whole else round(multiple, 10)
