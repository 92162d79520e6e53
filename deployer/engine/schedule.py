"""Which changes of a plan may run now: those whose predecessors are finished. Independent ones run side by side."""

from __future__ import annotations

from collections import defaultdict
from heapq import heappop, heappush
from typing import TYPE_CHECKING

from deployer.engine.changes import removes

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from deployer.engine.changes import Change


class Schedule:
    """The order of a plan's changes as a graph; a change is known by its index in the plan.

    A change comes after the earlier ones that it depends on or that touch its address. A removal comes after every
    earlier change that isn't one, and after the earlier removals of what used it (``uses``: the recorded dependencies
    of each address).
    """

    def __init__(self, changes: Sequence[Change], uses: Mapping[str, Collection[str]]) -> None:
        self._changes = changes
        self._left: list[int] = []
        self._followers: defaultdict[int, list[int]] = defaultdict(list)
        self._writes: list[int] = []
        self._removals: list[int] = []
        self._finished: set[int] = set()
        self._oldest_write = 0
        for index, before in enumerate(_predecessors(changes, uses)):
            self._left.append(len(before))
            for earlier in before:
                self._followers[earlier].append(index)
            if not before:
                self.put_back(index)

    def ready(self) -> Iterator[int]:
        """The changes that may begin now, in the plan's order; one that ``finish`` was called for frees later ones.

        Each is given once: the caller finishes it, or puts it back and stops asking for more.
        """
        while (heap := self._next()) is not None:
            yield heappop(heap)

    def finish(self, index: int) -> None:
        """A change is over, however it went."""
        self._finished.add(index)
        for follower in self._followers[index]:
            self._left[follower] -= 1
            if not self._left[follower]:
                self.put_back(follower)

    def put_back(self, index: int) -> None:
        """A change that was given isn't begun after all."""
        heappush(self._removals if removes(self._changes[index]) else self._writes, index)

    def _next(self) -> list[int] | None:
        """The heap on whose top the next change is, if one may begin."""
        removal = bool(self._removals) and self._removals[0] < self._barrier()
        if removal and (not self._writes or self._removals[0] < self._writes[0]):
            return self._removals
        return self._writes or None

    def _barrier(self) -> int:
        """The first change that isn't finished and removes nothing: no removal behind it begins."""
        while self._oldest_write < len(self._changes) and (
            self._oldest_write in self._finished or removes(self._changes[self._oldest_write])
        ):
            self._oldest_write += 1
        return self._oldest_write


def _predecessors(changes: Sequence[Change], uses: Mapping[str, Collection[str]]) -> Iterator[frozenset[int]]:
    """Of each change the earlier ones that must be finished before it."""
    touching: defaultdict[str, set[int]] = defaultdict(set)
    removing: defaultdict[str, set[int]] = defaultdict(set)
    for index, change in enumerate(changes):
        own = change.touches
        before = {earlier for address in (*own, *change.depends_on) for earlier in touching[address]}
        yield frozenset(before | (removing[change.address] if removes(change) else set()))
        for address in own:
            touching[address].add(index)
        if removes(change):
            for used in uses.get(change.address, ()):
                removing[used].add(index)
