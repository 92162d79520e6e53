"""What compiling a text needs: the project's files, the names that may be used, and how it fails."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from functools import partial
from itertools import count
from typing import TYPE_CHECKING, TypeAlias

from deployer.dataclass import dataclass
from deployer.errors import TextError
from deployer.messages.recalled import Recalled

if TYPE_CHECKING:
    from types import CodeType

    from deployer.messages.composed import Source
    from deployer.messages.sandbox import Sandbox
    from deployer.source import JSON


_MOST_WORK = 1_500_000
"""Steps that all texts of a project may take together: some hundred for each of ten thousand."""

Load: TypeAlias = Callable[[str], str]
"""A file's path in the project to its text; raises ``OSError`` or ``FileProblem`` where it can't be read."""


class CompileError(TextError):
    """A text that can't be compiled.

    ``source`` is empty for the message's own text, else the path of a macro file or include; ``line`` and ``column``
    are from 1.
    """

    def __init__(self, message: str, *, source: str = "", line: int = 1, column: int = 1, hint: str = "") -> None:
        super().__init__(message, hint)
        self.source = source
        self.line = line
        self.column = column


@dataclass(slots=True)
class Memory:
    """What a library has read and compiled already; only ``deployer.messages`` looks inside.

    ``numbers`` are those of ``sources`` by path, from 1: number 0 is the text that is being compiled. They are in the
    compiled ``code``, so that who shares this shares them. ``sandboxes`` are those that nothing is being rendered in: a
    text in another thread takes another one. ``spent`` is the work of all texts until now. ``recalled`` is what their
    expressions wrote.
    """

    sources: dict[int, Source] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    unused: Iterator[int] = field(default_factory=partial(count, 1))
    code: dict[str, tuple[str, CodeType]] = field(default_factory=dict)
    sandboxes: list[Sandbox] = field(default_factory=list)
    spent: int = 0
    recalled: Recalled = field(default_factory=Recalled)

    def number(self, path: str) -> int:
        """The number of a file, the same for all who share the code."""
        return self.numbers.get(path) or self.numbers.setdefault(path, next(self.unused))


@dataclass(frozen=True, slots=True, eq=False)
class Library:
    """What messages share: a way to read the project's files, macro files and brand values.

    ``auto`` are paths of macro files whose macros every message may call by name. Each file is read and compiled once
    in a library's life.
    """

    load: Load
    auto: Sequence[str] = ()
    brand: Mapping[str, JSON] = field(default_factory=dict)
    memory: Memory = field(default_factory=Memory, repr=False)

    def reading(self, load: Load) -> Library:
        """The same library with another way to read files: what is compiled in one is compiled in both."""
        return Library(load, self.auto, self.brand, replace(self.memory, sources={}, spent=0, recalled=Recalled()))

    @property
    def exhausted(self) -> bool:
        """Whether the texts took more work than all of a project may."""
        return self.memory.spent > _MOST_WORK

    @property
    def work(self) -> int:
        """The work of all texts until now."""
        return self.memory.spent

    def has_room_for_twice(self, work: int) -> bool:
        """Whether that much work, and as much again, is no more than texts may still take."""
        return self.memory.spent + 2 * work <= _MOST_WORK

    def count(self, work: int) -> None:
        """Add to the work what a text takes that needn't be compiled."""
        self.memory.spent += work
