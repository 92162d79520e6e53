"""The signs and words of a plan's actions. The word is always beside the sign."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployer.engine.changes import Action, MoveChange
from deployer.state.model import TaskStatus
from deployer.views.outline import Run, Tone

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deployer.engine.changes import Change
    from deployer.state.model import TaskRecord
    from deployer.views.outline import Inline

SIGNS: Mapping[Action, tuple[str, Tone]] = {
    Action.CREATE: ("+", Tone.GOOD),
    Action.UPDATE: ("~", Tone.WARN),
    Action.DELETE: ("-", Tone.BAD),
    Action.SEND: ("→", Tone.GOOD),
    Action.ADOPT: ("⇐", Tone.INFO),
    Action.MOVE: ("»", Tone.INFO),
    Action.FORGET: ("\N{MULTIPLICATION SIGN}", Tone.WARN),
}
"""Each action's sign and its color."""

_STATUS = {
    TaskStatus.WAITING: Tone.PLAIN,
    TaskStatus.SUBMITTED: Tone.INFO,
    TaskStatus.REJECTED: Tone.BAD,
    TaskStatus.DONE: Tone.GOOD,
}


def named(change: Change) -> Inline:
    """A change in two words: ``update webhook.receipts``, with where it comes from if it moves."""
    address = Run(change.address, Tone.STRONG, code=True)
    if not isinstance(change, MoveChange):
        return (Run(f"{change.action.value} "), address)
    return (Run(f"{change.action.value} "), Run(change.old_address, code=True), Run(" → "), address)


def status(task: TaskRecord) -> Run:
    """How far a task is, in one word."""
    return Run(task.status.value, _STATUS[task.status])


def who_and_why(task: TaskRecord) -> str:
    """Who said so, when, and why: ``by ana at 2026-05-10T12:00:00+00:00: too long``; empty where no one did."""
    if task.status is TaskStatus.WAITING:
        return ""
    who = " ".join(f"{word} {value}" for word, value in (("by", task.by), ("at", task.at)) if value)
    return ": ".join(part for part in (who, task.note) if part)
