"""The order in which the entries of a mapping are written: that of its schema."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deployer.source.described import Described
    from deployer.source.editing.canonical.tree import Entry


def in_order(entries: Sequence[Entry], place: Described) -> list[Entry]:
    """Sort entries; one whose key the schema doesn't know stays behind the one that it was written behind."""
    places = {key: number for number, key in enumerate(place.fields)}
    ranks, rank = [], -1
    for entry in entries:
        rank = places.get(entry.key.value if entry.key else "", rank)
        ranks.append(rank)
    return [entry for _, entry in sorted(zip(ranks, entries, strict=True), key=lambda pair: pair[0])]
