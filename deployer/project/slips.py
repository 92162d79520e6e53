"""A body as it was meant where only keys are misspelled, so that a slip doesn't hide what else is wrong with it."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deployer.source import Body, Violation


def without_slips(body: Body, violations: Sequence[Violation]) -> Body | None:
    """The body with each misspelled key as it was probably meant, and without fields that the resource doesn't have.

    ``None`` where something else is wrong, or where no one can tell what an inner key was meant to be: a definition
    without it may allow more than its author wants.
    """
    if not all(violation.at_key and (violation.meant or len(violation.pointer) == 1) for violation in violations):
        return None
    meant: Any = copy.deepcopy(body)
    for each in violations:
        _mend(meant, each)
    return dict(meant)


def _mend(body: Any, violation: Violation) -> None:
    *way, key = violation.pointer
    owner = body
    for step in way:
        owner = owner[step]
    value = owner.pop(key)
    if violation.meant and violation.meant not in owner:
        owner[violation.meant] = value
