"""What was made once a run: three environments that declare the same resource are one piece of work."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, Any, TypeVar

from deployer.dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


@dataclass(slots=True)
class Memory:
    """Results by what they were made of: values that no one changes, known by their identity.

    The values are kept with the result, so that no other value can get their identity. What isn't among them must be
    the same for the whole run: the settings, the project's files.
    """

    _made: dict[str, dict[object, tuple[object, Any]]] = field(default_factory=dict, repr=False)
    _latest: dict[str, tuple[tuple[object, ...], Any]] = field(default_factory=dict, repr=False)

    def once(self, what: str, of: tuple[object, ...], make: Callable[[], T]) -> T:
        """Give what ``make`` makes of the values ``of``; ``what`` names it. An error isn't kept."""
        about, key = (
            (of[0], id(of[0])) if len(of) == 1 else (of, tuple(map(id, of)))
        )  # most are of one: no tuple is kept
        made = self._made.get(what)
        if made is None:
            made = self._made.setdefault(what, {})
        kept = made.get(key)
        if kept is None:
            kept = made[key] = (about, make())
        value: T = kept[1]
        return value

    def latest(self, what: str, of: tuple[object, ...], make: Callable[[], T]) -> T:
        """As ``once``, for values of a whole project: only the last is kept, as an editor makes one at each key."""
        kept = self._latest.get(what)
        if kept is None or any(one is not other for one, other in zip(kept[0], of, strict=True)):
            kept = self._latest[what] = (of, make())
        value: T = kept[1]
        return value
