"""Two definitions of one value, keyword by keyword.

Each difference is judged alone, and every keyword of JSON Schema only ever restricts. So where no difference is
``breaking`` or ``risky`` for senders, every value that fitted the old definition fits the new one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from deployer.contracts.compat.bounds import Bound, counts, lengths, ranges, steps
from deployer.dataclass import dataclass
from deployer.source import canonical

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Definition: TypeAlias = "Mapping[str, Any]"
ANY = frozenset({"string", "number", "integer", "boolean", "array", "object", "null"})
NUMBERS = frozenset({"number", "integer"})
STRUCTURES = frozenset({"array", "object"})
ELEMENT = "*"
"""In a path, means any element of a list, or any key that isn't declared."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference: the id of its change, where in the value (``path``), the keyword, and both sides of it."""

    change: str
    path: tuple[str, ...]
    keyword: str
    before: Any
    after: Any


def types(definition: Definition) -> frozenset[str]:
    """The JSON types that a definition lets through; a ``number`` may be an ``integer``."""
    declared = definition.get("type")
    if declared is None:
        return ANY
    named = frozenset({declared} if isinstance(declared, str) else declared)
    return named | {"integer"} if "number" in named else named


def differences(old: Definition, new: Definition, path: tuple[str, ...] = ()) -> Iterator[Difference]:
    """Every difference between two definitions; annotations (titles, descriptions, examples) are none."""
    if old == new:  # without this, what may be any list of any lists would be looked into for ever
        return
    yield from _types(old, new, path)
    yield from _values(old, new, path)
    both = types(old) & types(new)
    if "string" in both:
        yield from _strings(old, new, path)
    if both & NUMBERS:
        whole = types(old) & NUMBERS == types(new) & NUMBERS == {"integer"}
        yield from _bounded("range", ranges(old, new, whole=whole), path)
        yield from _bounded("step", steps(old, new), path)
    if "array" in both:
        yield from _lists(old, new, path)
    if "object" in both:
        yield from _objects(old, new, path)


def _types(old: Definition, new: Definition, path: tuple[str, ...]) -> Iterator[Difference]:
    before, after = types(old), types(new)
    sides = (old.get("type"), new.get("type"))
    if "null" in before ^ after:
        yield Difference("null-refused" if "null" in before else "null-allowed", path, "type", *sides)
    lost, gained = before - after - {"null"}, after - before - {"null"}
    if lost or gained:
        change = "type-changed" if lost and gained else "type-narrowed" if lost else "type-widened"
        yield Difference(change, path, "type", *sides)


def _values(old: Definition, new: Definition, path: tuple[str, ...]) -> Iterator[Difference]:
    """The listed values, or the fixed one, by their JSON."""
    before, after = _listed(old), _listed(new)
    if before == after:
        return
    fixed = "enum" not in old and "enum" not in new
    word = "const" if fixed else "enum"
    sides = (_shown(old), _shown(new))
    if before is None or after is None:
        yield Difference(f"{word}-added" if before is None else f"{word}-removed", path, word, *sides)
    elif fixed:
        yield Difference("const-changed", path, word, *sides)
    else:
        change = "enum-grown" if before < after else "enum-shrunk" if after < before else "enum-changed"
        yield Difference(change, path, word, *sides)


def _listed(definition: Definition) -> frozenset[str] | None:
    """The values that are let through, in canonical JSON; ``None`` where none are listed."""
    values: frozenset[str] | None = None
    if "enum" in definition:
        values = frozenset(_exact(value) for value in definition["enum"])
    if "const" in definition:
        fixed = frozenset({_exact(definition["const"])})
        values = fixed if values is None else values & fixed
    return values


def _exact(value: Any) -> str:
    """A value as JSON Schema compares it: 1.0 is 1."""
    return canonical(int(value) if isinstance(value, float) and value.is_integer() else value)


def _shown(definition: Definition) -> Any:
    return definition["enum"] if "enum" in definition else definition.get("const")


def _strings(old: Definition, new: Definition, path: tuple[str, ...]) -> Iterator[Difference]:
    yield from _bounded("length", lengths(old, new), path)
    for keyword in ("format", "pattern"):
        before, after = old.get(keyword), new.get(keyword)
        if before != after:
            change = "added" if before is None else "removed" if after is None else "changed"
            yield Difference(f"{keyword}-{change}", path, keyword, before, after)


def _bounded(word: str, bounds: Iterator[Bound], path: tuple[str, ...]) -> Iterator[Difference]:
    for bound in bounds:
        change = f"{word}-tightened" if bound.tighter else f"{word}-loosened"
        yield Difference(change, path, bound.keyword, bound.before, bound.after)


def _lists(old: Definition, new: Definition, path: tuple[str, ...]) -> Iterator[Difference]:
    yield from _bounded("count", counts(old, new), path)
    before, after = bool(old.get("uniqueItems")), bool(new.get("uniqueItems"))
    if before != after:
        change = "unique-added" if after else "unique-removed"
        yield Difference(change, path, "uniqueItems", before, after)
    yield from differences(old.get("items", {}), new.get("items", {}), (*path, ELEMENT))


def _objects(old: Definition, new: Definition, path: tuple[str, ...]) -> Iterator[Difference]:
    """Key by key; one that isn't declared is let through, refused, or has the definition of the other keys."""
    keys = dict.fromkeys([*old.get("properties", {}), *new.get("properties", {})])
    for key in keys:
        yield from _field(old, new, key, path)
    for key in dict.fromkeys([*old.get("required", ()), *new.get("required", ())]):
        if key not in keys:
            yield from _needed(old, new, key, path)
    before, after = _others(old), _others(new)
    if (before is None) != (after is None):
        change = "other-keys-allowed" if before is None else "other-keys-refused"
        sides = (old.get("additionalProperties", True), new.get("additionalProperties", True))
        yield Difference(change, path, "additionalProperties", *sides)
    elif before is not None and after is not None and (before or after):
        yield from differences(before, after, (*path, ELEMENT))


def _others(definition: Definition) -> Definition | None:
    """The definition of keys that aren't declared; ``None`` where there may be none."""
    declared = definition.get("additionalProperties", True)
    return (None if declared is False else {}) if isinstance(declared, bool) else declared


def _field(old: Definition, new: Definition, key: str, path: tuple[str, ...]) -> Iterator[Difference]:
    before = old.get("properties", {}).get(key, _others(old))
    after = new.get("properties", {}).get(key, _others(new))
    here = (*path, key)
    if before is None and after is not None:
        required = key in new.get("required", ())
        yield Difference("field-added-required" if required else "field-added-optional", here, "", None, after)
    elif before is not None and after is None:
        yield Difference("field-removed", here, "", before, None)
    elif before is not None and after is not None:
        yield from _needed(old, new, key, path)
        yield from differences(before, after, here)


def _needed(old: Definition, new: Definition, key: str, path: tuple[str, ...]) -> Iterator[Difference]:
    before, after = key not in old.get("required", ()), key not in new.get("required", ())
    if before != after:
        change = "field-made-optional" if after else "field-made-required"
        yield Difference(change, (*path, key), "optional", before, after)
