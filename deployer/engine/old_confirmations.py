"""Confirmations that grew old: what people confirmed at Attentive, and should check again.

Nothing shows whether it is still true. A project may say after how long someone looks again
(``confirmations.max_age`` in ``deployer.yaml``); ``baseline`` is how it is said again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from deployer.dataclass import dataclass
from deployer.engine.baseline_units import built_units
from deployer.engine.desired import PersonDesired, desired

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from deployer.project import Project
    from deployer.state.model import State


@dataclass(frozen=True, slots=True)
class LookAgain:
    """An address with old confirmations: how many, and when (ISO 8601, UTC) and by whom the oldest was said."""

    address: str
    count: int
    at: str
    by: str

    def to_json(self) -> dict[str, Any]:
        """Itself as JSON."""
        return {"address": self.address, "count": self.count, "at": self.at, "by": self.by}


def look_again(project: Project, state: State, now: Callable[[], datetime]) -> tuple[LookAgain, ...]:
    """What is declared and rests on confirmations older than the project's greatest age, by address.

    One without a date is old. Where the project names no age, nothing is, and the clock isn't looked at.
    """
    if not project.settings.confirmations.max_age_days:
        return ()
    return tuple(_look_again(project, state, now()))


def _look_again(project: Project, state: State, now: datetime) -> Iterator[LookAgain]:
    for person_desired in desired(project):
        entry = state.entry(person_desired.address)
        if not isinstance(person_desired, PersonDesired) or entry is None:
            continue
        built = built_units(person_desired, project, state, "", at=now.isoformat())
        slots = {unit.settles for unit in built.old}
        if slots:
            first = min((entry.confirmations[slot] for slot in slots), key=lambda confirmation: confirmation.at)
            yield LookAgain(person_desired.address, len(slots), first.at, first.by)
