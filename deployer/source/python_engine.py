"""jsonschema, asked what in a value doesn't meet its schema."""

from __future__ import annotations

from functools import cache, partial
from typing import TYPE_CHECKING, Any, TypeAlias

import jsonschema
from jsonschema.validators import extend

from deployer.source.mismatch import NEVER, Mismatch
from deployer.source.violations import fits

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from deployer.source.values import JSON

Error: TypeAlias = Any
"""jsonschema's ``ValidationError``, whose stubs let every field be unset."""

_FORMATS = (
    "date",
    "date-time",
    "duration",
    "email",
    "hostname",
    "idn-email",
    "idn-hostname",
    "ipv4",
    "ipv6",
    "iri",
    "iri-reference",
    "json-pointer",
    "regex",
    "relative-json-pointer",
    "time",
    "uri",
    "uri-reference",
    "uri-template",
    "uuid",
)


def from_python(schema: Mapping[str, JSON], value: JSON) -> Iterator[Mismatch]:
    """Every mismatch that jsonschema finds, in the order of the schema."""
    validator = _validator_class()(schema, format_checker=_format_checker())
    for error in validator.iter_errors(value):
        yield _mismatch(error)


def _mismatch(error: Error) -> Mismatch:
    path, way = tuple(error.absolute_path), tuple(error.absolute_schema_path)
    schema = error.schema if isinstance(error.schema, dict) else {}
    if error.validator is None:
        return Mismatch(path, NEVER, {}, error.instance, schema, way)
    of_key = way[-2:-1] == ("propertyNames",) and path[-1:] != ("propertyNames",)
    branches: dict[Any, list[Mismatch]] = {}
    for inner in error.context:
        branches.setdefault(inner.schema_path[0], []).append(_mismatch(inner))
    several = tuple(map(tuple, branches.values()))
    return Mismatch(path, str(error.validator), error.validator_value, error.instance, schema, way, of_key, several)


@cache
def _validator_class() -> type[Any]:
    own = {"multipleOf": _multiple, "pattern": _pattern, "properties": _properties}
    extended: type[Any] = extend(jsonschema.Draft202012Validator, own)  # type: ignore[no-untyped-call]  # the stubs leave it untyped
    return extended


def _multiple(validator: Any, step: float, instance: JSON, _schema: JSON) -> Iterator[Error]:
    """Ask jsonschema-rs, which computes in decimals: in binary floating point 0.29 isn't a multiple of 0.01."""
    if validator.is_type(instance, "number") and not fits({"multipleOf": step}, instance):
        yield jsonschema.ValidationError(f"{instance!r} is not a multiple of {step}")


def _pattern(validator: Any, pattern: str, instance: JSON, _schema: JSON) -> Iterator[Error]:
    if validator.is_type(instance, "string") and not fits({"pattern": pattern}, instance):
        yield jsonschema.ValidationError(f"{instance!r} does not match {pattern!r}")


def _properties(validator: Any, properties: dict[str, JSON], instance: JSON, _schema: JSON) -> Iterator[Error]:
    """Check properties as jsonschema does, but keep the place of a property whose schema is ``false``."""
    if validator.is_type(instance, "object"):
        for name, part in properties.items():
            if name in instance:
                known = {"not": {}} if part is False else part
                yield from validator.descend(instance[name], known, path=name, schema_path=name)


@cache
def _format_checker() -> jsonschema.FormatChecker:
    """Make a checker that asks jsonschema-rs."""
    checker = jsonschema.FormatChecker(formats=())
    for name in _FORMATS:
        checker.checks(name)(partial(fits, {"format": name}))
    return checker
