"""A record that gets another address, with everything in the state that speaks of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from deployer.state.model import Entry, State, TaskRecord


def moved_state(state: State, old: str, new: str) -> State:
    """The state as it is after a move: the same record under its new address."""
    entry = state.entries[old]
    others = {address: renamed(one, old, new) for address, one in state.entries.items() if address != old}
    return replace(state, entries={**others, new: entry})


def moved_entry(entry: Entry, old: str, new: str) -> Entry:
    """The entry under its new address: what was asked is done under its old token, and asked anew under the new id."""
    tasks = {token: replace(task, id=_id(task.id, old, new), superseded=True) for token, task in entry.tasks.items()}
    return renamed(replace(entry, tasks=tasks), old, new)


def mentions(state: State, old: str) -> tuple[str, ...]:
    """The other addresses whose records speak of ``old``: they depend on it, or a task of theirs comes after its."""
    return tuple(
        address for address, entry in state.entries.items() if address != old and renamed(entry, old, "") != entry
    )


def renamed(entry: Entry, old: str, new: str) -> Entry:
    """An entry that speaks of ``old`` under its new address."""
    return replace(
        entry,
        depends_on=tuple(new if one == old else one for one in entry.depends_on),
        tasks={token: _needing(task, old, new) for token, task in entry.tasks.items()},
    )


def _needing(task: TaskRecord, old: str, new: str) -> TaskRecord:
    return replace(task, needs=tuple(_id(need, old, new) for need in task.needs))


def _id(task_id: str, old: str, new: str) -> str:
    """The id of a task whose resource got another address."""
    return new + task_id.removeprefix(old) if task_id.partition("/")[0] == old else task_id
