"""The one order of work: what others need comes first, ties by rank; the same order every time, in linear time."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from heapq import heappop, heappush
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

N = TypeVar("N", bound=str | int)


@dataclass(frozen=True, slots=True)
class Order(Generic[N]):
    """Nodes in the order of work, and those that no order holds: they are in a ring, or need something in one."""

    first: tuple[N, ...]
    held_up: tuple[N, ...]


def in_order(needs: Mapping[N, Iterable[N]], rank: Callable[[N], Any]) -> tuple[N, ...]:
    """Every node after those that it needs; of those that could be next, the one of the lowest rank, then the lowest.

    A need that isn't a node counts as met. What is in a ring, or needs one, comes at the end by rank.
    """
    order = arranged(needs, rank)
    return (*order.first, *sorted(order.held_up, key=lambda node: (rank(node), node)))


def arranged(needs: Mapping[N, Iterable[N]], rank: Callable[[N], Any]) -> Order[N]:
    """The nodes that can be put in order, as ``in_order`` does, and those that are in a ring or need one."""
    sorter = TopologicalSorter({node: [need for need in wanted if need in needs] for node, wanted in needs.items()})
    with suppress(CycleError):  # the sorter still gives everything that no ring holds up
        sorter.prepare()
    ready: list[tuple[Any, N]] = []
    placed: dict[N, None] = {}
    while True:
        for node in sorter.get_ready():
            heappush(ready, (rank(node), node))
        if not ready:
            return Order(tuple(placed), tuple(node for node in needs if node not in placed))
        _, node = heappop(ready)
        placed[node] = None
        sorter.done(node)
