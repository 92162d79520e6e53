"""A body as it was meant where keys are misspelled, so that a slip doesn't hide what else is wrong with it."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deployer.source import Body, Pointer, Violation


def without_slips(body: Body, violations: Sequence[Violation]) -> Body:
    """The body with each misspelled key as it was probably meant, and without fields that the resource doesn't have.

    An inner key of which no one can tell what it was meant to be is left: a definition without it may allow more than
    its author wants.
    """
    slips = [violation for violation in violations if violation.at_key and _is_slip(violation)]
    if not slips:
        return body
    meant: Any = copy.deepcopy(body)
    for violation in slips:
        _mend(meant, violation)
    return dict(meant)


def place(violation: Violation) -> Pointer:
    """Where the mistake is: the field that is missing, or has a value that can't be."""
    return (*violation.pointer, *violation.missing) if len(violation.missing) == 1 else violation.pointer


def _is_slip(violation: Violation) -> bool:
    return bool(violation.meant) or len(violation.pointer) == 1


def _mend(body: Any, violation: Violation) -> None:
    *way, key = violation.pointer
    owner = body
    for step in way:
        owner = owner[step]
    value = owner.pop(key)
    if violation.meant and violation.meant not in owner:
        owner[violation.meant] = value
