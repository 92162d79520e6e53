"""Which violations of a schema there are, in words: which field, what was expected there, what was probably meant."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from deployer.source.documents import quoted
from deployer.source.mismatch import NEVER
from deployer.source.scalars import reads_as_text
from deployer.source.schema_messages import DOCUMENT, Wording, flat, names, type_words, words
from deployer.source.suggestion import did_you_mean, meant_hint, suggest
from deployer.source.violations import Violation, fits

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from deployer.source.mismatch import Mismatch
    from deployer.source.values import JSON, Pointer

_FEW = 12
_SUGGESTED = 200
"""Unknown keys of one object that are held against those that it could have: more are no slips."""

_NOTHING = "found nothing"
_UNKNOWN = ("additionalProperties", "unevaluatedProperties")


def explain(
    mismatches: Iterable[Mismatch], schema: Mapping[str, JSON], wording: Wording = DOCUMENT
) -> tuple[Violation, ...]:
    """Give every violation, once each, in the order of the mismatches."""
    violations = [violation for mismatch in mismatches for violation in _Explainer(wording).violations(mismatch, "")]
    violations = [_without_expression(violation) for violation in violations] if "title" in schema else violations
    return tuple(dict.fromkeys(_without_strays(list(_without_echoes(violations)))))


def _without_echoes(violations: list[Violation]) -> Iterator[Violation]:
    """Leave out what only follows from another violation.

    That is a missing key where its misspelling is reported, and whatever else is wrong with a value of another type.
    """
    meant = {(violation.pointer[:-1], violation.meant) for violation in violations if violation.meant}
    mistyped = {violation.pointer for violation in violations if violation.keyword == "type"}
    for violation in violations:
        misspelled = violation.keyword == "required" and any(
            (violation.pointer, key) in meant for key in violation.missing
        )
        follows = violation.pointer in mistyped and violation.keyword != "type" and not violation.at_key
        if not misspelled and not follows:
            yield violation


def _without_expression(violation: Violation) -> Violation:
    """Leave a pattern out where its field's description says what to write, as in every schema that ships."""
    if violation.keyword != "pattern" or not violation.hint:
        return violation
    return replace(violation, message=violation.message.partition(" (`")[0])


def _without_strays(violations: list[Violation]) -> Iterator[Violation]:
    """Tell an indentation slip once: a field that holds nothing, with what belongs to it beside it."""
    empty = [
        violation
        for violation in violations
        if violation.keyword == "type" and violation.message.endswith(_NOTHING) and violation.pointer
    ]
    strays: dict[Pointer, list[Violation]] = {}
    for each in violations:
        owners = [other.pointer for other in empty if other.pointer[:-1] == each.pointer[:-1]]
        if each.keyword in _UNKNOWN and len(owners) == 1 and not each.meant:
            strays.setdefault(owners[0], []).append(each)
    covered = {other for others in strays.values() for other in others}
    for each in violations:
        if each.pointer in strays and each in empty:
            keys = ", ".join(f"`{stray.pointer[-1]}`" for stray in strays[each.pointer])
            yield replace(each, hint=f"indent what belongs to `{each.pointer[-1]}` below it: {keys}")
        elif each not in covered:
            yield each


class _Explainer:
    """Makes violations of mismatches, for one sort of reader."""

    def __init__(self, wording: Wording) -> None:
        self._wording = wording

    def violations(self, mismatch: Mismatch, inherited: str) -> Iterator[Violation]:
        """The violations of one mismatch; ``inherited`` is the description of what holds it."""
        description = self._description(mismatch.schema, inherited)
        if mismatch.of_key:
            yield _bad_key(mismatch, description)
        elif mismatch.keyword in _UNKNOWN and mismatch.expected is False:
            yield from self._unknown_keys(mismatch)
        elif mismatch.keyword == "required":
            yield from self._missing_keys(mismatch, description)
        elif mismatch.keyword in ("oneOf", "anyOf"):
            yield from self._alternatives(mismatch, description)
        elif mismatch.keyword == NEVER and mismatch.expected in ({}, True):
            yield _nothing_allowed(mismatch, description)
        else:
            yield self._plain(mismatch, description)

    def _description(self, schema: JSON, otherwise: str) -> str:
        described = self._wording.descriptions and isinstance(schema, dict)
        return str(schema.get("description", otherwise)) if described else otherwise

    def _plain(self, mismatch: Mismatch, description: str) -> Violation:
        message, hint = words(mismatch, self._wording)
        allowed = mismatch.schema.get("enum")
        if mismatch.keyword == "type" and allowed:  # quoting a value that isn't one of them wouldn't help
            hint = f"write {names(map(_as_text, allowed))}"
        null = mismatch.found is None and mismatch.keyword == "type" and "string" in flat([mismatch.expected])
        return Violation(mismatch.path, message, hint or description, mismatch.keyword, null=null and not allowed)

    def _unknown_keys(self, mismatch: Mismatch) -> Iterator[Violation]:
        schema = mismatch.schema
        known = (
            _known(schema)
            if mismatch.keyword == "unevaluatedProperties"
            else dict.fromkeys(schema.get("properties", {}))
        )
        patterns = [{"pattern": pattern} for pattern in schema.get("patternProperties", {})]
        beside = [key for key in known if key in mismatch.found]
        conditional = not {"then", "else"}.isdisjoint(mismatch.way)
        unused = [name for name in known if name not in mismatch.found]
        strange = [key for key in mismatch.found if key not in known and not any(fits(part, key) for part in patterns)]
        for number, key in enumerate(strange):
            message = self._wording.unknown(key, _owner(mismatch.schema, mismatch.path))
            if conditional and beside:
                message = f"`{key}` isn't allowed together with {names(beside)}"
            meant = (suggest(key, unused) or "") if number < _SUGGESTED else ""
            hint = meant_hint(key, meant) or self._wording.unknown_hint or _listed(known)
            yield Violation((*mismatch.path, key), message, hint, mismatch.keyword, at_key=True, meant=meant)

    def _missing_keys(self, mismatch: Mismatch, description: str) -> Iterator[Violation]:
        properties = mismatch.schema.get("properties", {})
        for key in mismatch.expected:
            if key not in mismatch.found:
                hint = self._wording.missing_hint or self._description(properties.get(key), description)
                yield Violation(mismatch.path, f"missing `{key}`", hint, "required", missing=(key,))

    def _alternatives(self, mismatch: Mismatch, description: str) -> Iterator[Violation]:
        """Give the violations of the alternative that was probably meant."""
        branches = mismatch.branches
        here = [[inner for inner in branch if inner.path == mismatch.path] for branch in branches]
        if not branches:
            yield _too_many(mismatch, description)
        elif all(any(inner.keyword == "type" for inner in branch) for branch in here):
            types = flat(inner.expected for branch in here for inner in branch if inner.keyword == "type")
            message, hint = type_words(mismatch.found, types, self._wording)
            yield Violation(mismatch.path, message, hint or description, "type")
        elif all({inner.keyword for inner in branch} == {"required"} for branch in branches):
            wanted = tuple(dict.fromkeys(key for branch in branches for key in branch[0].expected))
            yield Violation(mismatch.path, f"missing one of {names(wanted)}", description, "required", missing=wanted)
        else:
            for inner in min(branches, key=lambda branch: _distance(branch, mismatch.path)):
                yield from self.violations(inner, description)


def _as_text(value: JSON) -> JSON:
    """A text as YAML has to have it written, in quotes where it would be read as something else."""
    return quoted(value) if isinstance(value, str) and not (value and reads_as_text(value)) else value


def _known(schema: JSON) -> dict[str, None]:
    """Collect the property names in a schema and in the parts that apply to the same value."""
    known: dict[str, None] = dict.fromkeys(schema.get("properties", {}))
    parts = [schema[keyword] for keyword in ("if", "then", "else") if keyword in schema]
    parts += [part for keyword in ("allOf", "anyOf", "oneOf") for part in schema.get(keyword, [])]
    for part in parts:
        known.update(_known(part) if isinstance(part, dict) else {})
    return known


def _listed(known: Mapping[str, None]) -> str:
    return f"expected {names(known)}" if 0 < len(known) <= _FEW else ""


def _owner(schema: Mapping[str, Any], pointer: Pointer) -> str:
    """Name what holds a field: the schema's title, or the nearest key above."""
    if isinstance(title := schema.get("title"), str):
        return title
    keys = [part for part in pointer if isinstance(part, str)]
    return f"`{keys[-1]}`" if keys else "this document"


def _nothing_allowed(mismatch: Mismatch, description: str) -> Violation:
    message = f"`{mismatch.path[-1]}` doesn't belong here" if mismatch.path else "nothing is allowed here"
    return Violation(mismatch.path, message, description, NEVER, at_key=bool(mismatch.path))


def _bad_key(mismatch: Mismatch, description: str) -> Violation:
    key, hint = mismatch.found, description
    if mismatch.keyword == "enum":
        hint = did_you_mean(key, mismatch.expected) or f"expected {names(mismatch.expected)}"
    elif mismatch.keyword == "pattern" and not hint:
        hint = f"a key must have the form `{mismatch.expected}`"
    message = f"`{key}` can't be a key here" if key else "a key can't be empty"
    return Violation((*mismatch.path, key), message, hint, "propertyNames", at_key=True)


def _distance(branch: Sequence[Mismatch], path: Pointer) -> tuple[int, int, int]:
    """Measure how far a value is from an alternative: its type, then what tells alternatives apart, then the rest."""
    wrong_type = sum(inner.keyword == "type" and inner.path == path for inner in branch)
    wrong_kind = sum(
        (inner.keyword in ("const", "enum") and len(inner.path) <= len(path) + 1)
        or (inner.keyword in (*_UNKNOWN, "required") and inner.path == path)
        for inner in branch
    )
    return wrong_type, wrong_kind, len(branch)


def _too_many(mismatch: Mismatch, description: str) -> Violation:
    """Report a value that fits several alternatives of which it may fit one."""
    required = [branch.get("required", []) for branch in mismatch.expected if isinstance(branch, dict)]
    given = mismatch.found if isinstance(mismatch.found, dict) else {}
    present = [keys[0] for keys in required if len(keys) == 1 and keys[0] in given]
    if len(present) > 1:
        message = f"only one of {names(present)} is allowed here"
        return Violation((*mismatch.path, present[1]), message, description, "oneOf", at_key=True)
    return Violation(mismatch.path, "the value fits several forms of which it may have one", description, "oneOf")
