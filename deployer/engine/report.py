"""What an apply did, as a value: printed whatever happened."""

from __future__ import annotations

from dataclasses import field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from deployer.dataclass import dataclass

if TYPE_CHECKING:
    from deployer.engine.changes import Change
    from deployer.state.model import State


class Status(StrEnum):
    """What became of one change."""

    DONE = "done"
    WAITING = "waiting for a person"
    FAILED = "failed"
    BLOCKED = "blocked"
    NOT_STARTED = "not started"


def _named(change: Change) -> dict[str, str]:
    """A change as a report names it."""
    return {"address": change.address, "action": change.action.value, "by": change.by}


@dataclass(frozen=True, slots=True)
class Outcome:
    """One change and what became of it."""

    change: Change
    status: Status
    message: str = ""
    hint: str = ""

    def to_json(self) -> dict[str, Any]:
        """The outcome as JSON."""
        return {
            **_named(self.change),
            "status": self.status.value,
            "message": self.message,
            "hint": self.hint,
        }


@dataclass(frozen=True, slots=True)
class ApplyReport:
    """Every change of a plan with its outcome; ``open_tasks`` counts what waits for people after the run.

    ``overrides`` names the guards that were switched off; ``interrupted`` is True after Ctrl-C or SIGTERM.
    ``recovered`` are the addresses that an interrupted run had written and only its local journal knew. ``only`` are
    the addresses that the plan was made for (none: all); ``unplanned`` are the changes that a saved plan doesn't have
    and a plan made at the time of the apply does. ``unsaved`` is the state that couldn't be stored (``problem`` says
    why): the caller must keep it.
    """

    environment: str
    outcomes: tuple[Outcome, ...]
    open_tasks: int = 0
    overrides: tuple[str, ...] = ()
    interrupted: bool = False
    problem: str = ""
    hint: str = ""
    unsaved: State | None = field(default=None, repr=False)
    recovered: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    unplanned: tuple[Change, ...] = ()

    @property
    def failed(self) -> bool:
        """Whether anything that was to be done wasn't."""
        bad = {Status.FAILED, Status.BLOCKED, Status.NOT_STARTED}
        return bool(self.problem) or any(outcome.status in bad for outcome in self.outcomes)

    def count(self, status: Status) -> int:
        """How many changes ended so."""
        return sum(outcome.status is status for outcome in self.outcomes)

    def to_json(self) -> dict[str, Any]:
        """The report as JSON, with a version."""
        return {
            "version": 1,
            "environment": self.environment,
            "ok": not self.failed and not self.interrupted,
            "interrupted": self.interrupted,
            "problem": self.problem,
            "hint": self.hint,
            "open_tasks": self.open_tasks,
            "overrides": list(self.overrides),
            "recovered": list(self.recovered),
            "only": list(self.only),
            "unplanned": [_named(change) for change in self.unplanned],
            "outcomes": [outcome.to_json() for outcome in self.outcomes],
        }
