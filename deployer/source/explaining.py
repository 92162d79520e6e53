"""What breaks a schema, said for people: which field, what was expected there, what was probably meant."""

from __future__ import annotations

from dataclasses import replace
from functools import cache, partial
from typing import TYPE_CHECKING, Any, TypeAlias

import jsonschema
from jsonschema.validators import extend

from deployer.source.schema_messages import MESSAGES, expected_types, found_type, names
from deployer.source.suggestion import did_you_mean
from deployer.source.violations import Violation, fits

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from deployer.source.values import JSON, Pointer

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
_FEW = 12
_MEANT = "did you mean `"
_NOTHING = "found nothing"


def explain(schema: dict[str, JSON], value: JSON) -> tuple[Violation, ...]:
    """Give every violation, once each, in the order of the schema; empty where jsonschema finds none."""
    validator = _validator_class()(schema, format_checker=_format_checker())
    found = [violation for error in validator.iter_errors(value) for violation in _explain(error, "")]
    found = [_without_expression(one) for one in found] if "title" in schema else found
    return tuple(dict.fromkeys(_without_strays(list(_without_echoes(found)))))


@cache
def _validator_class() -> type[Any]:
    extended: type[Any] = extend(jsonschema.Draft202012Validator, {"pattern": _pattern, "properties": _properties})  # type: ignore[no-untyped-call]  # the stubs leave it untyped
    return extended


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


def _without_echoes(found: list[Violation]) -> Iterator[Violation]:
    """Leave out what only follows from another violation.

    That is a missing key where its misspelling is reported, and whatever else is wrong with a value of another type.
    """
    hints = [(one.pointer[:-1], one.hint) for one in found if one.keyword in _UNKNOWN]
    meant = [(pointer, hint[len(_MEANT) - 1 : -1]) for pointer, hint in hints if hint.startswith(_MEANT)]
    mistyped = {violation.pointer for violation in found if violation.keyword == "type"}
    for violation in found:
        misspelled = violation.keyword == "required" and any(
            pointer == violation.pointer and word in violation.message for pointer, word in meant
        )
        follows = violation.pointer in mistyped and violation.keyword != "type" and not violation.at_key
        if not misspelled and not follows:
            yield violation


def _without_expression(violation: Violation) -> Violation:
    """Leave a pattern out where its field's description says what to write, as in every schema that ships."""
    if violation.keyword != "pattern" or not violation.hint:
        return violation
    return replace(violation, message=violation.message.partition(" (`")[0])


def _without_strays(found: list[Violation]) -> Iterator[Violation]:
    """Tell an indentation slip once: a field that holds nothing, with what belongs to it beside it."""
    empty = [one for one in found if one.keyword == "type" and one.message.endswith(_NOTHING) and one.pointer]
    strays: dict[Pointer, list[Violation]] = {}
    for one in found:
        owners = [other.pointer for other in empty if other.pointer[:-1] == one.pointer[:-1]]
        if one.keyword in _UNKNOWN and len(owners) == 1 and not one.hint.startswith(_MEANT):
            strays.setdefault(owners[0], []).append(one)
    told = {one for others in strays.values() for one in others}
    for one in found:
        if one.pointer in strays and one in empty:
            keys = ", ".join(f"`{stray.pointer[-1]}`" for stray in strays[one.pointer])
            yield replace(one, hint=f"indent what belongs to `{one.pointer[-1]}` below it: {keys}")
        elif one not in told:
            yield one


def _explain(error: Error, inherited: str) -> Iterator[Violation]:
    keyword = str(error.validator)
    schema = error.schema if isinstance(error.schema, dict) else {}
    description = schema.get("description", inherited)
    pointer: Pointer = tuple(error.absolute_path)
    if "propertyNames" in list(error.absolute_schema_path)[-2:-1] and pointer[-1:] != ("propertyNames",):
        yield _bad_key(error, pointer, description)
    elif keyword in _UNKNOWN:
        yield from _unknown_keys(error, pointer)
    elif keyword == "required":
        yield from _missing_keys(error, pointer, description)
    elif keyword in ("oneOf", "anyOf"):
        yield from _alternatives(error, pointer, description)
    elif error.validator is None or (keyword == "not" and error.validator_value in ({}, True)):
        shown = f"`{pointer[-1]}` doesn't belong here" if pointer else "nothing may stand here"
        yield Violation(pointer, shown, description, "not", at_key=bool(pointer))
    else:
        yield _plain(error, keyword, pointer, description)


def _plain(error: Error, keyword: str, pointer: Pointer, description: str) -> Violation:
    said = MESSAGES.get(keyword)
    if said is None:
        return Violation(pointer, error.message, description, keyword)
    message, hint = said(error.instance, error.validator_value)
    allowed = error.schema.get("enum") if isinstance(error.schema, dict) else None
    if keyword == "type" and allowed:  # quoting a value that isn't one of them wouldn't help
        hint = f"write {names(allowed)}"
    return Violation(pointer, message, hint or description, keyword)


_UNKNOWN = ("additionalProperties", "unevaluatedProperties")


def _known(schema: JSON) -> dict[str, None]:
    """Collect the property names in a schema and in the parts that apply to the same value."""
    known: dict[str, None] = dict.fromkeys(schema.get("properties", {}))
    parts = [schema[keyword] for keyword in ("if", "then", "else") if keyword in schema]
    parts += [part for keyword in ("allOf", "anyOf", "oneOf") for part in schema.get(keyword, [])]
    for part in parts:
        known.update(_known(part) if isinstance(part, dict) else {})
    return known


def _unknown_keys(error: Error, pointer: Pointer) -> Iterator[Violation]:
    keyword = str(error.validator)
    if error.validator_value is not False:
        yield _plain(error, keyword, pointer, "")
        return
    schema: dict[str, Any] = error.schema
    known = _known(schema) if keyword == "unevaluatedProperties" else dict.fromkeys(schema.get("properties", {}))
    patterns = [{"pattern": pattern} for pattern in schema.get("patternProperties", {})]
    listed = f"expected {names(known)}" if 0 < len(known) <= _FEW else ""
    conditional = not {"then", "else"}.isdisjoint(error.absolute_schema_path)
    beside = [key for key in known if key in error.instance]
    for key in error.instance:
        if key not in known and not any(fits(pattern, key) for pattern in patterns):
            message = f"`{key}` is not a field of {_owner(schema, pointer)}"
            if conditional and beside:
                message = f"`{key}` can't stand beside {names(beside)}"
            unused = [name for name in known if name not in error.instance]
            hint = did_you_mean(key, unused) or listed
            yield Violation((*pointer, key), message, hint, keyword, at_key=True)


def _owner(schema: dict[str, Any], pointer: Pointer) -> str:
    """Name what holds a field: the schema's title, or the nearest key above."""
    if isinstance(title := schema.get("title"), str):
        return title
    keys = [part for part in pointer if isinstance(part, str)]
    return f"`{keys[-1]}`" if keys else "this document"


def _missing_keys(error: Error, pointer: Pointer, description: str) -> Iterator[Violation]:
    properties: dict[str, Any] = error.schema.get("properties", {})
    for key in error.validator_value:
        if key not in error.instance:
            known = properties.get(key)
            hint = known.get("description", description) if isinstance(known, dict) else description
            yield Violation(pointer, f"missing `{key}`", hint, "required")


def _bad_key(error: Error, pointer: Pointer, description: str) -> Violation:
    key = error.instance
    hint = description
    if error.validator == "enum":
        hint = did_you_mean(key, error.validator_value) or f"expected {names(error.validator_value)}"
    elif error.validator == "pattern" and not hint:
        hint = f"a key must have the form `{error.validator_value}`"
    message = f"`{key}` can't be a key here" if key else "a key can't be empty"
    return Violation((*pointer, key), message, hint, "propertyNames", at_key=True)


def _alternatives(error: Error, pointer: Pointer, description: str) -> Iterator[Violation]:
    """Give the violations of the alternative that was probably meant."""
    branches: dict[Any, list[Error]] = {}
    for inner in error.context:
        branches.setdefault(inner.schema_path[0], []).append(inner)
    here = [[inner for inner in branch if not inner.path] for branch in branches.values()]
    if not branches:
        yield _too_many(error, pointer, description)
    elif all(any(inner.validator == "type" for inner in branch) for branch in here):
        types = [inner.validator_value for branch in here for inner in branch if inner.validator == "type"]
        message = f"expected {expected_types(types)}, found {found_type(error.instance)}"
        yield Violation(pointer, message, description, "type")
    elif all(len(branch) == 1 and branch[0].validator == "required" for branch in branches.values()):
        wanted = dict.fromkeys(key for branch in branches.values() for key in branch[0].validator_value)
        yield Violation(pointer, f"missing one of {names(wanted)}", description, "required")
    else:
        for inner in min(branches.values(), key=_distance):
            yield from _explain(inner, description)


def _distance(branch: Sequence[Error]) -> tuple[int, int, int]:
    """Measure how far a value is from an alternative: its type, then what tells alternatives apart, then the rest."""
    wrong_type = sum(inner.validator == "type" and not inner.path for inner in branch)
    wrong_kind = sum(
        (inner.validator in ("const", "enum") and len(inner.path) <= 1)
        or (inner.validator in (*_UNKNOWN, "required") and not inner.path)
        for inner in branch
    )
    return wrong_type, wrong_kind, len(branch)


def _too_many(error: Error, pointer: Pointer, description: str) -> Violation:
    """Report a value that fits several alternatives of which it may fit one."""
    required = [branch.get("required", []) for branch in error.validator_value if isinstance(branch, dict)]
    given = error.instance if isinstance(error.instance, dict) else {}
    present = [keys[0] for keys in required if len(keys) == 1 and keys[0] in given]
    if len(present) > 1:
        return Violation(
            (*pointer, present[1]), f"only one of {names(present)} may stand here", description, "oneOf", at_key=True
        )
    return Violation(pointer, "the value fits several forms of which it may have one", description, "oneOf")
