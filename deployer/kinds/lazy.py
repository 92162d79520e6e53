"""Fields that are made when they are looked at: no text of a plan shows what the instructions of its tasks tell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from deployer.kinds.base import Fields


class LazyFields(Mapping[str, Any]):
    """The fields that ``make`` gives, called once at most; it raises nothing, and depends on nothing that changes.

    A copy, also one in another process, is a plain ``dict``.
    """

    __slots__ = ("_made", "_make")

    def __init__(self, make: Callable[[], Fields]) -> None:
        self._make = make
        self._made: Fields | None = None

    @property
    def _fields(self) -> Fields:
        if self._made is None:
            self._made = self._make()
        return self._made

    def __getitem__(self, name: str) -> Any:
        """Give a field's value."""
        return self._fields[name]

    def __iter__(self) -> Iterator[str]:
        """Give the fields' names in their order."""
        return iter(self._fields)

    def __len__(self) -> int:
        """Count the fields."""
        return len(self._fields)

    def __repr__(self) -> str:
        """Show the fields."""
        return repr(self._fields)

    def __reduce__(self) -> tuple[type[dict[str, Any]], tuple[dict[str, Any]]]:
        """Pickle and copy as a ``dict``."""
        return dict, (dict(self._fields),)
