"""A plan for a few addresses: their changes, those that they need, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from deployer.engine.plan import Note
from deployer.errors import UsageError
from deployer.source import some

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from deployer.engine.changes import Change
    from deployer.engine.desired import Desired
    from deployer.engine.plan import Plan


def narrowed(plan: Plan, wanted: Iterable[Desired]) -> Plan:
    """The plan with the changes of the addresses in its ``only`` and of everything that those need, which notes name.

    It is made from the same record and for the same declarations, so that it is applied or refused like the whole
    one. Raises ``UsageError`` for an address that has no presence at Attentive, and no change.
    """
    needs = {desired.address: desired.wanted.depends_on for desired in wanted}
    changed = {address: change for change in plan.changes for address in change.touches}
    only = plan.only
    for address in only:
        if address not in needs and address not in changed:
            hint = f"name what uses it; with a presence there are {some(sorted({*needs, *changed}))}"
            raise UsageError(f"`{address}` is nothing by itself at Attentive, so there is nothing to apply", hint)
    reached = _reached(only, needs, changed)
    kept = tuple(change for change in plan.changes if reached & set(change.touches))
    touched = {address for change in kept for address in change.touches}
    return replace(
        plan,
        changes=kept,
        versions={address: version for address, version in plan.versions.items() if address in touched},
        waiting=tuple(task for task in plan.waiting if task.address in reached),
        notes=(
            *(note for note in plan.notes if not note.address or note.address in reached),
            *_notes(only, kept, len(plan.changes) - len(kept)),
        ),
    )


def _reached(only: Iterable[str], needs: Mapping[str, Collection[str]], changed: Mapping[str, Change]) -> set[str]:
    """The addresses and everything that they need, by their declarations and by the changes of the plan."""
    reached, left = set(only), list(only)
    while left:
        address = left.pop()
        change = changed.get(address)
        more = {*needs.get(address, ()), *(change.depends_on if change else ()), *(change.touches if change else ())}
        left += more - reached
        reached |= more
    return reached


def _notes(only: Collection[str], kept: Sequence[Change], left_out: int) -> Iterable[Note]:
    """What comes along because it is needed, and how much stays for later."""
    for change in kept:
        if not set(only) & set(change.touches):
            yield Note(change.address, f"comes along: needed by what --only names ({some(list(only))})")
    if left_out:
        number = "1 other change is" if left_out == 1 else f"{left_out} other changes are"
        yield Note("", f"{number} left out by --only", "plan without --only to see everything")
