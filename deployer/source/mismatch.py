"""What in a value doesn't meet its schema, as one small value that both engines of JSON Schema yield."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

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


def from_rust(errors: Iterable[Error], schema: Mapping[str, JSON]) -> Iterator[Mismatch]:
    """The mismatches in what jsonschema-rs reports of a value that doesn't meet ``schema``."""
    for error in errors:
        yield _mismatch(error, schema)


def _mismatch(error: Error, schema: Mapping[str, JSON]) -> Mismatch:
    path, way, kind = tuple(error.instance_path), tuple(error.evaluation_path), error.kind
    if kind.name == "falseSchema":
        return Mismatch(path, NEVER, {}, error.instance, {}, way)
    *holder, keyword = error.schema_path
    part = _part(schema, holder)
    if kind.name == "propertyNames":
        return Mismatch(path, keyword, part[keyword], kind.error.instance, part, way, of_key=True)
    return Mismatch(path, keyword, part[keyword], error.instance, part, way, branches=_branches(error, schema))


def _branches(error: Error, schema: Mapping[str, JSON]) -> tuple[tuple[Mismatch, ...], ...]:
    if error.kind.name not in _SEVERAL:
        return ()
    found = tuple(tuple(from_rust(branch, schema)) for branch in error.kind.context)
    return found if all(found) else ()


def _part(schema: JSON, way: Iterable[str | int]) -> Any:
    for step in way:
        schema = schema[step]
    return schema
