"""The entries of a record that was found sound before, as rows of its text: each is read when it is looked at.

Who changes one thing in a large record neither reads nor writes the rest of it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, MutableMapping
from typing import TypeVar

E = TypeVar("E")


class Rows(MutableMapping[str, E]):
    """Entries by address, in the order of ``rows``, their text; ``read`` makes the entry of an address and its text."""

    def __init__(self, rows: Mapping[str, bytes | None], read: Callable[[str, bytes], E]) -> None:
        self._rows = dict(rows)
        self._read = read
        self._entries: dict[str, E] = {}

    def __getitem__(self, address: str) -> E:
        """The entry, read unless it was read before or put there."""
        entry = self._entries.get(address)
        if entry is None:
            row = self._rows[address]
            assert row is not None
            entry = self._entries[address] = self._read(address, row)
        return entry

    def __setitem__(self, address: str, entry: E) -> None:
        """Put an entry there, which has no text yet."""
        self._rows[address] = None
        self._entries[address] = entry

    def __delitem__(self, address: str) -> None:
        """Remove an address."""
        del self._rows[address]
        self._entries.pop(address, None)

    def __contains__(self, address: object) -> bool:
        """Whether there is such an entry, which needn't be read for that."""
        return address in self._rows

    def __iter__(self) -> Iterator[str]:
        """Every address, in their order."""
        return iter(self._rows)

    def __len__(self) -> int:
        """How many entries there are."""
        return len(self._rows)

    def copy(self) -> Rows[E]:
        """The same entries, to be changed apart from these."""
        copy = Rows(self._rows, self._read)
        copy._entries = dict(self._entries)
        return copy

    def row(self, address: str) -> bytes | None:
        """The text of an entry; ``None`` where it was put there, or is missing."""
        return self._rows.get(address)

    def put_there(self) -> dict[str, E]:
        """The entries that were put there and have no text yet."""
        return {address: self._entries[address] for address, row in self._rows.items() if row is None}

    def mentioning(self, words: Collection[bytes]) -> Iterator[str]:
        """The addresses of entries that may hold one of these words: all but those whose text has none of them."""
        for address, row in self._rows.items():
            if row is None or any(word in row for word in words):
                yield address
