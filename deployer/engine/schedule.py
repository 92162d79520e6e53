"""Which changes of a plan may run now: those whose predecessors are finished. Independent ones run side by side."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from deployer.engine.plan import Change


class Schedule:
    """The order of a plan's changes as a graph; a change is known by its index in the plan.

    A change comes after the earlier ones that it depends on or that touch its address. A removal comes after every
    earlier change that isn't one, and after the earlier removals of what used it (``uses``: the recorded dependencies
    of each address).
    """

    def __init__(self, changes: Sequence[Change], uses: Mapping[str, Collection[str]]) -> None:
        self._changes = changes
        self._after = tuple(_predecessors(changes, uses))
        self._taken: set[int] = set()
        self._finished: set[int] = set()

    def ready(self) -> Iterator[int]:
        """The changes that may begin now, in the plan's order; one that ``finish`` was told of frees later ones.

        Each is given once: whoever takes it finishes it.
        """
        writing = False
        for index, change in enumerate(self._changes):
            if index not in self._taken and self._after[index] <= self._finished and not (change.removes and writing):
                self._taken.add(index)
                yield index
            writing = writing or (index not in self._finished and not change.removes)

    def finish(self, index: int) -> None:
        """A change is over, however it went."""
        self._finished.add(index)

    def put_back(self, index: int) -> None:
        """A change that was given isn't begun after all."""
        self._taken.discard(index)


def _predecessors(changes: Sequence[Change], uses: Mapping[str, Collection[str]]) -> Iterator[frozenset[int]]:
    """Of each change the earlier ones that must be finished before it."""
    touching: defaultdict[str, set[int]] = defaultdict(set)
    removing: defaultdict[str, set[int]] = defaultdict(set)
    for index, change in enumerate(changes):
        own = {change.address, change.old_address} - {""}
        before = {earlier for address in (*own, *change.depends_on) for earlier in touching[address]}
        yield frozenset(before | (removing[change.address] if change.removes else set()))
        for address in own:
            touching[address].add(index)
        if change.removes:
            for used in uses.get(change.address, ()):
                removing[used].add(index)
