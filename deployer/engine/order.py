"""The one order of work: what others need comes first, ties by rank; the same order every time, in linear time."""

from __future__ import annotations

from contextlib import suppress
from graphlib import CycleError, TopologicalSorter
from heapq import heappop, heappush
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from deployer.dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

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


def rings(needs: Mapping[N, Sequence[N]]) -> dict[N, int]:
    """The number of each node's ring: nodes that need each other, perhaps through others, have the same one.

    Every need is a node. (Kosaraju's way, in linear time: a walk that notes where each node ends, then one against the
    needs from the last that ended.)
    """
    ended = [node for node, left in _walk(needs) if left]
    users: dict[N, list[N]] = {node: [] for node in needs}
    for node, wanted in needs.items():
        for need in wanted:
            users[need].append(node)
    number: dict[N, int] = {}
    for ring, start in enumerate(reversed(ended)):
        stack = [start]
        while stack:
            node = stack.pop()
            if node not in number:
                number[node] = ring
                stack.extend(users[node])
    return number


def closing_needs(needs: Mapping[N, Sequence[N]]) -> set[tuple[N, N]]:
    """The needs that close a ring, as pairs of who needs and what: without them the rest can be put in order."""
    under_way: set[N] = set()
    closing: set[tuple[N, N]] = set()
    for node, left in _walk(needs):
        if left:
            under_way.discard(node)
        else:
            under_way.add(node)
            closing.update((node, need) for need in needs[node] if need in under_way)
    return closing


def _walk(needs: Mapping[N, Sequence[N]]) -> Iterator[tuple[N, bool]]:
    """Every node when a walk along the needs enters it (``False``) and when it leaves it (``True``)."""
    seen: set[N] = set()
    for start in needs:
        stack = [(start, False)]
        while stack:
            node, left = stack.pop()
            if left:
                yield node, True
            elif node not in seen:
                seen.add(node)
                yield node, False
                stack.append((node, True))
                stack.extend((need, False) for need in reversed(needs[node]) if need not in seen)
