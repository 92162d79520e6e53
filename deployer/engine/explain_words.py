"""The words of an explanation: why a change is there, and what must hold before it is done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployer.engine.changes import Action, ApiChange, Reason, irreversible, removes
from deployer.engine.plan import Mode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deployer.engine.changes import Change
    from deployer.engine.plan import Plan
    from deployer.project import Project

_REASONS = {
    Reason.NEW: "it is declared, and nothing of it is recorded",
    Reason.CHANGED: "what is declared differs from what is recorded or live",
    Reason.GONE: "it is recorded, but Attentive no longer lists it",
    Reason.ADOPTED: "`adopt` in deployer.yaml takes over an object that exists",
    Reason.INTERRUPTED: "an apply was interrupted while it created this; Attentive has it, so it is recorded now",
    Reason.MOVED: "`moved` in deployer.yaml gives its record another address; at Attentive nothing changes",
    Reason.FORGOTTEN: "`forget` in deployer.yaml removes its record; at Attentive it stays as it is",
    Reason.REMOVED: "it is recorded and no longer declared, and the plan was made with --prune",
    Reason.PROTECT: "only `protect` in the state changes",
    Reason.RECORD: "only the state changes; at Attentive nothing does",
    Reason.WITHDRAWN: "tasks for people are no longer needed",
    Reason.PROPERTY_REMOVED: "no longer declared, but live journeys still show it to customers",
}


def reason(change: Change) -> str:
    """Why there is a change, in a sentence."""
    return _REASONS[change.reason]


def guards(change: Change, plan: Plan, project: Project) -> tuple[str, ...]:
    """What must hold before a change is done, beside what comes first."""
    return tuple(_guards(change, plan, project))


def _guards(change: Change, plan: Plan, project: Project) -> Iterator[str]:
    if change.blocked:
        yield f"blocked: {change.blocked}"
    if plan.mode is Mode.OFFLINE:
        yield "an offline plan is never applied"
    elif project.environment.protected:
        yield f"`{plan.environment}` is protected: only this plan, saved with --out, can be applied"
    if why := irreversible(change):
        yield f"irreversible: {why}"
    version = plan.versions.get(change.address, 0)
    yield f"refused if its state is no longer at version {version}" if version else "refused if it is recorded first"
    if isinstance(change, ApiChange):
        yield from _live_guards(change)
    if removes(change):
        limits = project.settings.limits
        yield (
            f"more than one removal must be within {limits.remove} and {limits.remove_percent} % of what is recorded; "
            "--allow-removals lifts the limits"
        )
    if change.protect:
        yield "protected: its removal takes two applies"


def _live_guards(change: ApiChange) -> Iterator[str]:
    """What must hold at Attentive when the change is done."""
    if change.fingerprint:
        yield "fails if it changes at Attentive before the apply"
    elif change.action is Action.CREATE:
        yield "fails if an object like it appears at Attentive before the apply"
    if change.released_by:
        yield f"only after {', '.join(change.released_by)} released a value that it takes"
