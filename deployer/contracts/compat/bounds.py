"""Bounds of two definitions: which of them got tighter, and which looser."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING, Any, TypeAlias

from deployer.dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_Edge: TypeAlias = tuple[float, bool]
"""A bound and whether the value itself is excluded."""


@dataclass(frozen=True, slots=True)
class Bound:
    """One bound that changed; ``None`` where there is none on a side."""

    keyword: str
    before: Any
    after: Any
    tighter: bool


def lengths(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Bound]:
    """The bounds of a text's length in characters."""
    yield from _pair(old, new, "minLength", "maxLength")


def counts(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Bound]:
    """The bounds of a list's length."""
    yield from _pair(old, new, "minItems", "maxItems")


def _pair(old: Mapping[str, Any], new: Mapping[str, Any], least: str, most: str) -> Iterator[Bound]:
    low, high = (old.get(least, 0), new.get(least, 0)), (old.get(most, math.inf), new.get(most, math.inf))
    if low[0] != low[1]:
        yield Bound(least, old.get(least), new.get(least), tighter=low[1] > low[0])
    if high[0] != high[1]:
        yield Bound(most, old.get(most), new.get(most), tighter=high[1] < high[0])


def ranges(old: Mapping[str, Any], new: Mapping[str, Any], *, whole: bool) -> Iterator[Bound]:
    """The bounds of a number; with ``whole``, more than 0 is the same as at least 1."""
    for keyword, exclusive, sign in (("minimum", "exclusiveMinimum", 1), ("maximum", "exclusiveMaximum", -1)):
        before = _edge(old, keyword, exclusive, sign, whole=whole)
        after = _edge(new, keyword, exclusive, sign, whole=whole)
        if before != after:
            yield Bound(keyword, _written(old, keyword), _written(new, keyword), tighter=after > before)


def _edge(definition: Mapping[str, Any], keyword: str, exclusive: str, sign: int, *, whole: bool) -> _Edge:
    """The tightest of both keywords, so that a greater one is tighter; upper bounds have their sign turned."""
    edges: list[_Edge] = [(-math.inf, False)]
    if keyword in definition:
        value = sign * definition[keyword]
        edges.append((math.ceil(value) if whole else value, False))
    if exclusive in definition:
        value = sign * definition[exclusive]
        edges.append((math.floor(value) + 1, False) if whole else (value, True))
    return max(edges)


def _written(definition: Mapping[str, Any], keyword: str) -> Any:
    """The bound as it is written: the number, or with a sign where the number itself is excluded."""
    exclusive = f"exclusive{keyword.capitalize()}"
    if exclusive in definition and keyword not in definition:
        return f"{'>' if keyword == 'minimum' else '<'} {definition[exclusive]}"
    return definition.get(keyword)


def steps(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Bound]:
    """What a number must be a multiple of; looser is only what divides the former without a rest."""
    before, after = old.get("multipleOf"), new.get("multipleOf")
    if before == after:
        return
    loosens = after is None or (before is not None and (Fraction(str(before)) / Fraction(str(after))).denominator == 1)
    yield Bound("multipleOf", before, after, tighter=not loosens)
