"""A plan's changes as an earlier run laid them out for a terminal: layout takes a third of a plan's time.

The key is a digest of the change, with what is shown of its tasks, and of what the terminal can show. The names of
files with long texts come from the project, not from the change, so they are part of the key: which texts to look up is
kept too.
"""

from __future__ import annotations

from dataclasses import fields, replace
from enum import Enum
from hashlib import blake2b
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from deployer.dataclass import dataclass
from deployer.source import content
from deployer.state.model import TaskRecord
from deployer.views import terminal
from deployer.views.terminal import Laid

if TYPE_CHECKING:
    from collections.abc import Callable

    from deployer.engine.changes import Change
    from deployer.project import KnownWords
    from deployer.views.fields import Detail
    from deployer.views.outline import Entry

_SIZE = 16
_AS_THEY_ARE = frozenset({str, int, float, bool, type(None), dict, list})
_OF_A_TASK = ("id", "token", "title", "status")
"""What a plan shows of a task; the values that it is about are fields of the change."""

_FIELDS: dict[type[Any], Callable[[Any], tuple[Any, ...]]] = {TaskRecord: attrgetter(*_OF_A_TASK)}
"""What gives the fields of a data class that are shown, made once."""


@dataclass(frozen=True, slots=True)
class KeptLines:
    """Lays changes out, or finds the lines that an earlier run kept in ``words``."""

    words: KnownWords
    detail: Detail
    color: bool
    width: int

    def entry(self, change: Change, draw: Callable[[Change, Detail], Entry]) -> Entry:
        """What ``draw`` makes of a change, laid out."""
        of = self._digest(change)
        if of is None:
            return draw(change, self.detail)
        laid: dict[str, list[str]] = {}

        def named() -> list[str]:
            looked_up: dict[str, None] = {}

            def file_of(address: str, path: str) -> str:
                looked_up[path] = None
                return self.detail.file_of(address, path)

            laid["lines"] = self._lines(draw(change, replace(self.detail, file_of=file_of)))
            return list(looked_up)

        files = [self.detail.file_of(change.address, path) for path in self.words.find(of, "named", named)]
        lines = self.words.find(
            of, "\0".join(["lines", *files]), lambda: laid.get("lines") or self._lines(draw(change, self.detail))
        )
        return Laid((), rows=tuple(lines))

    def _lines(self, entry: Entry) -> list[str]:
        return terminal.lines(entry, color=self.color, width=self.width)

    def _digest(self, change: Change) -> str | None:
        """The digest of a change and of how it is shown; ``None`` where something in it isn't plain data."""
        look = [self.detail.verbose, self.color, self.width, terminal.encoding()]
        try:
            return blake2b(content([look, _plain(change)]), digest_size=_SIZE).hexdigest()
        except ValueError:
            return None


def _plain(value: Any) -> Any:
    kind = type(value)
    if kind in _AS_THEY_ARE:
        return value
    if kind is tuple:
        return [each if type(each) in _AS_THEY_ARE else _plain(each) for each in value]
    shown = _FIELDS.get(kind)
    if shown is not None:
        return [kind.__name__, *[each if type(each) in _AS_THEY_ARE else _plain(each) for each in shown(value)]]
    if isinstance(value, Enum):
        return value.value
    if hasattr(value, "__dataclass_fields__"):
        _FIELDS[kind] = attrgetter(*(field.name for field in fields(kind)))
        return _plain(value)
    return value
