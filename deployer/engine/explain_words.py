"""The words of an explanation: why a change is there, and what must hold before it is done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployer.engine.plan import Action, Mode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deployer.engine.plan import Change, Plan
    from deployer.project import Project

_REASONS = {
    "new": "it is declared, and nothing of it is recorded",
    "changed": "what is declared isn't what stands",
    "gone": "it is recorded, and Attentive doesn't list it any more",
    "adopted": "`adopt` in deployer.yaml takes over an object that exists",
    "interrupted": "an apply began to create it and was interrupted; Attentive has it, so that it is recorded now",
    "moved": "`moved` in deployer.yaml gives its record another address",
    "forgotten": "`forget` in deployer.yaml lets go of its record; at Attentive it stays",
    "removed": "it is recorded and no longer declared, and the plan was made with --prune",
    "protect": "`protect` differs from what is recorded",
    "record": "the record has something to learn; at Attentive nothing changes",
    "withdrawn": "tasks that were asked are no longer wanted",
    "property-removed": "a property is no longer declared that live journeys still show to customers",
}


def reason(change: Change) -> str:
    """Why there is a change, in a sentence."""
    return _REASONS.get(change.reason, change.reason)


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
    if change.irreversible:
        yield f"irreversible: {change.irreversible}"
    version = plan.versions.get(change.address, 0)
    yield f"refused if its record isn't at version {version} any more" if version else "refused if it is recorded first"
    if change.fingerprint:
        yield "fails if somebody changes it at Attentive before the apply"
    elif change.action is Action.CREATE and change.by == "api":
        yield "fails if its like appears at Attentive before the apply"
    if change.lets_go:
        yield f"only after {', '.join(change.lets_go)} let go of a value that it takes"
    if change.removes:
        limits = project.settings.limits
        yield (
            f"more than one removal is within {limits.remove} and {limits.remove_percent} % of what is recorded, "
            "unless --allow-removals is said"
        )
    if change.protect:
        yield "protected: its removal takes two applies"
