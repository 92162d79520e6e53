"""The names that a text may use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployer.dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Collection


class AnyName(tuple[str, ...]):
    """The names of what couldn't be read: each may be among them."""

    __slots__ = ()

    def __contains__(self, name: object) -> bool:
        """Whether it is a name at all."""
        return isinstance(name, str)

    def __eq__(self, other: object) -> bool:
        """Whether the other is as little known, with the same that is."""
        return isinstance(other, AnyName) and super().__eq__(other)

    def __hash__(self) -> int:
        """Another than that of a whole list of the same names."""
        return hash((AnyName, tuple(self)))


@dataclass(frozen=True, slots=True)
class Names:
    """The names that ``prop()`` and ``attribute()`` accept, as they are spelt at Attentive.

    ``properties`` may be the event type's mapping from name to definition: only its keys are looked at.
    """

    properties: Collection[str] = ()
    attributes: Collection[str] = ()
