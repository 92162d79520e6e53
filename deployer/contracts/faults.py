"""What is wrong with a payload, in words that hold nothing of the payload but its keys: values are customers' data."""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING, Any

from deployer.contracts.body import PHONE
from deployer.dataclass import dataclass
from deployer.source.explaining import explain as violations_in
from deployer.source.schema_messages import Wording, names

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from deployer.source import JSON, Pointer, Violation
    from deployer.source.mismatch import Mismatch

PHP = "PHP writes an empty object as a list: cast it, as in `(object) $properties`, or leave the key out"


class Nothing(Enum):
    """The one that stands for a value that isn't there, also behind the pipe from another process."""

    NOTHING = auto()


NOTHING = Nothing.NOTHING
"""Stands for a value that isn't there."""


@dataclass(frozen=True, slots=True)
class PayloadFault:
    """One way in which a payload isn't what is declared.

    ``kind`` is ``missing``, ``undeclared``, ``other-type``, ``unknown-type``, ``name-in-properties``, ``user``,
    ``not-an-object``, or the keyword of JSON Schema that isn't met (``format``). ``at_key``: the key at ``pointer``
    is at fault, not its value. ``value`` is what is there, for callers who want it shown; ``meant`` the declared
    key that an undeclared one probably stands for.
    """

    pointer: Pointer
    kind: str
    message: str
    hint: str = ""
    at_key: bool = False
    value: JSON | Nothing = NOTHING
    meant: str = ""


def _type_hint(value: JSON, types: tuple[str, ...]) -> str:
    if value is None:
        return "leave the key out where there is no value"
    if value == [] and "object" in types:
        return PHP
    if "string" in types and isinstance(value, bool | int | float):
        return "send it as text, in quotes"
    return "send it without quotes" if isinstance(value, str) and not {"object", "array"} & set(types) else ""


PAYLOAD = Wording(
    values=False,
    descriptions=False,
    mapping="an object",  # as JSON calls it, not as YAML does
    null="nothing (null)",
    unknown=lambda key, _owner: f"`{key}` isn't declared",
    unknown_hint="declare it, or stop sending it",
    missing_hint="it has to be in every event",
    empty_hint="leave the key out where there is no value, if it is optional",
    type_hint=_type_hint,
    formats={
        "date-time": "write it as 2026-05-10T12:30:00-04:00, with its offset",
        "date": "write it as 2026-05-10",
    },
    patterns={PHONE: ("a phone in E.164 form", "write it as +12065550100, without spaces")},
)
"""For those who send payloads."""


def explain(
    mismatches: Iterable[Mismatch], schema: Mapping[str, JSON], value: JSON, gone: Iterable[Pointer] = ()
) -> list[PayloadFault]:
    """Say each mismatch of a payload once. ``gone`` are the places of keys that the event once had."""
    reserved = frozenset(gone)
    payload_faults = [_fault(violation, value, reserved) for violation in violations_in(mismatches, schema, PAYLOAD)]
    return list({(fault.pointer, fault.kind): fault for fault in payload_faults}.values())


def _fault(violation: Violation, value: JSON, gone: frozenset[Pointer]) -> PayloadFault:
    pointer, message, hint = violation.pointer, violation.message, violation.hint
    if len(violation.missing) == 1:
        return PayloadFault((*pointer, *violation.missing), "missing", message, hint)
    if violation.missing:
        message = f"the user has none of {names(violation.missing)}"
        return PayloadFault(pointer, "user", message, "name the customer by one of them")
    at = _at(value, pointer)
    if violation.keyword != "additionalProperties":
        return PayloadFault(pointer, violation.keyword, message, hint, value=at)
    if pointer in gone:
        hint = "it is reserved: it was used before, and may not come back with another meaning"
    return PayloadFault(pointer, "undeclared", message, hint, at_key=True, value=at, meant=violation.meant)


def _at(value: JSON, pointer: Pointer) -> Any:
    for part in pointer:
        value = value[part]
    return value
