"""What in a value doesn't meet its schema, as one small value that both engines of JSON Schema yield."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from deployer.dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from deployer.source.values import JSON, Pointer

Error: TypeAlias = Any
"""A ``ValidationError`` of jsonschema-rs, whose stubs don't tell the kinds of error apart."""

NEVER = "not"
"""The keyword of a mismatch where nothing is allowed at all; ``expected`` is ``{}`` then: nothing isn't something."""

_SEVERAL = frozenset({"oneOf", "anyOf"})


@dataclass(frozen=True, slots=True)
class Mismatch:
    """One keyword of a schema that a value doesn't meet.

    ``path`` leads to the value that was ``found``, ``expected`` is the keyword's own value, ``schema`` the part of the
    schema that holds the keyword and ``way`` the keywords that lead there. ``of_key``: what was found is a key of the
    object at ``path``. ``branches`` are those of ``oneOf`` or ``anyOf``, none where the value fits too many of them.
    """

    path: Pointer
    keyword: str
    expected: JSON
    found: JSON
    schema: Mapping[str, JSON]
    way: Sequence[str | int] = ()
    of_key: bool = False
    branches: tuple[tuple[Mismatch, ...], ...] = ()


def from_rust(errors: Iterable[Error], schema: Mapping[str, JSON], value: JSON) -> Iterator[Mismatch]:
    """The mismatches in what jsonschema-rs reports of ``value``, which doesn't meet ``schema``."""
    for error in errors:
        yield _mismatch(error, schema, value)


def _mismatch(error: Error, schema: Mapping[str, JSON], value: JSON) -> Mismatch:
    path, way, kind = tuple(error.instance_path), tuple(error.evaluation_path), error.kind
    found = _part(value, path)  # not the error's own copy, which before jsonschema-rs 0.61 has its keys sorted
    if kind.name == "falseSchema":
        return Mismatch(path, NEVER, {}, found, {}, way)
    *holder, keyword = error.schema_path
    part = _part(schema, holder)
    if kind.name == "propertyNames":
        return Mismatch(path, keyword, part[keyword], kind.error.instance, part, way, of_key=True)
    return Mismatch(path, keyword, part[keyword], found, part, way, branches=_branches(error, schema, value))


def _branches(error: Error, schema: Mapping[str, JSON], value: JSON) -> tuple[tuple[Mismatch, ...], ...]:
    if error.kind.name not in _SEVERAL:
        return ()
    branches = tuple(tuple(from_rust(branch, schema, value)) for branch in error.kind.context)
    return branches if all(branches) else ()


def _part(whole: JSON, way: Iterable[str | int]) -> Any:
    for step in way:
        whole = whole[step]
    return whole
