"""Why a plan has a change for an address, or none: what each value was, where it is written, what comes first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from deployer.dataclass import dataclass
from deployer.engine.changes import Reason
from deployer.engine.desired import kind_of
from deployer.engine.explain_fields import ExplainedField, Source, explained_fields
from deployer.engine.explain_words import guards, reason
from deployer.engine.plan import Mode
from deployer.errors import UsageError
from deployer.source import meant_hint, suggest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deployer.engine.changes import Change
    from deployer.engine.plan import Note, Plan
    from deployer.project import Project
    from deployer.source import Document
    from deployer.state.model import State, TaskRecord

Verdict = Literal["changes", "waits", "agrees", "kept", "part"]
"""What a plan does with an address: it changes it; there are tasks already; everything matches; it is kept; it is part
of others."""


@dataclass(frozen=True, slots=True)
class Related:
    """Another address that comes before or after; ``changes``: this plan changes it too."""

    address: str
    changes: bool


@dataclass(frozen=True, slots=True)
class ExplainedChange:
    """One change: ``why`` in a sentence, its fields, what comes first and what comes after, and what guards it.

    ``source`` is the entry of ``deployer.yaml`` that asks for it (adopt, moved, forget), where one does.
    """

    change: Change
    why: str
    fields: tuple[ExplainedField, ...]
    first: tuple[Related, ...]
    then: tuple[str, ...]
    guards: tuple[str, ...]
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """Everything that a plan knows of one address.

    ``declared`` is where its declaration begins; ``why`` a sentence; ``tasks`` those that were asked before and are
    open; ``part_of`` the addresses that it is part of, where it has no presence of its own.
    """

    environment: str
    address: str
    kind: str
    verdict: Verdict
    why: str
    declared: Source | None = None
    changes: tuple[ExplainedChange, ...] = ()
    tasks: tuple[TaskRecord, ...] = ()
    part_of: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class Known:
    """What an explanation is made from; ``settings`` is the document of ``deployer.yaml``, where it was read."""

    project: Project
    state: State
    plan: Plan
    settings: Document | None = None


def explain(known: Known, address: str) -> Explanation:
    """Explain what a plan does with an address, and why; raises ``UsageError``."""
    changes = [change for change in known.plan.changes if address in change.touches]
    if address not in known.project.resources and address not in known.state.entries and not changes:
        raise _unknown(known, address)
    resource = known.project.resources.get(address)
    kind = kind_of(address)
    verdict, why, part_of = _verdict(known, address, changes)
    return Explanation(
        environment=known.plan.environment,
        address=address,
        kind=kind.name if kind else "",
        verdict=verdict,
        why=why,
        declared=Source.at(resource.locate(())) if resource else None,
        changes=tuple(_change(known, change) for change in changes),
        tasks=tuple(task for task in known.plan.waiting if task.address == address),
        part_of=part_of,
        notes=tuple(note for note in known.plan.notes if note.address == address),
    )


def _unknown(known: Known, address: str) -> UsageError:
    candidates = sorted({*known.project.resources, *known.state.entries})
    near = suggest(address, candidates) or suggest(address, [candidate.partition(".")[2] for candidate in candidates])
    full = next(
        (candidate for candidate in candidates if near and (candidate == near or candidate.partition(".")[2] == near)),
        "",
    )
    hint = meant_hint(address, full) or "an address is a kind and an id, such as event_type.order_shipped"
    where = f"in the environment {known.plan.environment}"
    return UsageError(f"{address or 'an empty address'} is neither declared nor recorded {where}", hint)


def _verdict(known: Known, address: str, changes: list[Change]) -> tuple[Verdict, str, tuple[str, ...]]:
    entry = known.state.entry(address)
    waiting = [task for task in known.plan.waiting if task.address == address]
    if changes:
        return "changes", "; ".join(dict.fromkeys(reason(change) for change in changes)), ()
    resource = known.project.resources.get(address)
    if resource is None:
        return "kept", "it is recorded and no longer declared; nothing is done about it", ()
    if resource.kind.wanted(resource.model, known.project) is None:
        users = tuple(sorted(_users(known.project, address)))
        text = "it has no change itself: it is part of what uses it" if users else "nothing uses it"
        return "part", text, users
    if waiting:
        return "waits", "there are already tasks for everything that differs", ()
    read = known.plan.mode is Mode.LIVE and resource.kind.api is not None and resource.kind.api.read is not None
    agrees = "what is declared is what Attentive shows" if read and entry else "what is declared is what is recorded"
    return "agrees", agrees + (_since(entry.changed_at) if entry else ""), ()


def _since(at: str) -> str:
    return f", last recorded on {at.partition('T')[0]}" if at else ""


def _users(project: Project, address: str) -> set[str]:
    """What refers to an address, also through others without a presence of their own."""
    users: set[str] = set()
    stack = [address]
    while stack:
        here = stack.pop()
        for other in _referring(project, here):
            resource = project.resources[other]
            if resource.kind.wanted(resource.model, project) is None:
                stack.append(other)
            else:
                users.add(other)
    return users


def _referring(project: Project, address: str) -> Iterator[str]:
    for other, resource in project.resources.items():
        if any(reference.target == address for reference in resource.kind.references(resource.model)):
            yield other


def _change(known: Known, change: Change) -> ExplainedChange:
    touched = {planned.address for planned in known.plan.changes}
    return ExplainedChange(
        change=change,
        why=reason(change),
        fields=explained_fields(known.project, known.state, change),
        first=tuple(Related(address, address in touched) for address in change.depends_on),
        then=tuple(
            each.address for each in known.plan.changes if change.address in each.depends_on and each is not change
        ),
        guards=guards(change, known.plan, known.project),
        source=_entry(known, change),
    )


def _entry(known: Known, change: Change) -> Source | None:
    """Where ``deployer.yaml`` asks for an adoption, a move, or that a record ends."""
    if known.settings is None:
        return None
    settings, pointer = known.project.settings, ()
    pointers: dict[Reason, Any] = {
        Reason.ADOPTED: ("environments", known.plan.environment, "adopt", change.address),
        Reason.MOVED: ("moved", *[n for n, move in enumerate(settings.moved) if move.new == change.address][:1]),
        Reason.FORGOTTEN: (
            "forget",
            *[n for n, address in enumerate(settings.forget) if address == change.address][:1],
        ),
    }
    pointer = pointers.get(change.reason, ())
    return Source.at(known.settings.locate(pointer)) if pointer else None
