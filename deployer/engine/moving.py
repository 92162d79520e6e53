"""A record that gets another address, with everything in the state that speaks of it."""

from __future__ import annotations

from dataclasses import replace
from heapq import heappop, heappush
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from deployer.source.settings import Move
    from deployer.state.model import Entry, State, TaskRecord


def applicable(moves: Sequence[Move], recorded: Collection[str]) -> tuple[Move, ...]:
    """The moves that the record doesn't show yet, as they are done one after another; a chain may be written anyhow."""
    addresses = set(recorded)
    at: dict[str, list[int]] = {}
    for index, move in enumerate(moves):
        at.setdefault(move.old, []).append(index)
        at.setdefault(move.new, []).append(index)
    pending = [(0, index) for index in range(len(moves))]  # by turn: each turn goes through the moves as written
    done: dict[int, Move] = {}
    while pending:
        turn, index = heappop(pending)
        move = moves[index]
        if index in done or move.old not in addresses or move.new in addresses:
            continue
        done[index] = move
        addresses = addresses - {move.old} | {move.new}
        for other in (*at[move.new], *at[move.old]):
            heappush(pending, (turn + (other <= index), other))
    return tuple(done.values())


def moved_state(state: State, moves: Sequence[Move]) -> State:
    """The state as it is after the moves, done in this order: the same records under their new addresses."""
    origin: dict[str, str] = {}
    for move in moves:
        origin[move.new] = origin.pop(move.old, move.old)
    new = {old: address for address, old in origin.items()}
    renewed = {address: renamed(entry, new) for address, entry in state.entries.items()}
    kept = {address: entry for address, entry in renewed.items() if address not in new}
    return replace(state, entries={**kept, **{address: renewed[old] for address, old in origin.items()}})


def moved_entry(entry: Entry, old: str, new: str) -> Entry:
    """The entry under its new address: what was asked is done under its old token, and asked again under the new id."""
    names = {old: new}
    tasks = {token: replace(task, id=_id(task.id, names), superseded=True) for token, task in entry.tasks.items()}
    return renamed(replace(entry, tasks=tasks), names)


def renamed(entry: Entry, names: Mapping[str, str]) -> Entry:
    """An entry that speaks of addresses under their new ones (``names``: from old to new)."""
    return replace(
        entry,
        depends_on=tuple(names.get(address, address) for address in entry.depends_on),
        tasks={token: _needing(task, names) for token, task in entry.tasks.items()},
    )


def mentioned(entry: Entry | None) -> frozenset[str]:
    """The addresses that an entry speaks of: those that it depends on, and those whose tasks come before its own."""
    if entry is None:
        return frozenset()
    needs = (need.partition("/")[0] for task in entry.tasks.values() for need in task.needs)
    return frozenset((*entry.depends_on, *needs))


def _needing(task: TaskRecord, names: Mapping[str, str]) -> TaskRecord:
    return replace(task, needs=tuple(_id(need, names) for need in task.needs))


def _id(task_id: str, names: Mapping[str, str]) -> str:
    """The id of a task whose resource got another address."""
    address, slash, key = task_id.partition("/")
    return f"{names.get(address, address)}{slash}{key}"
