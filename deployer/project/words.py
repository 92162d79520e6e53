"""The words of messages, compiled once a run: the same text in three environments is one piece of work."""

from __future__ import annotations

from dataclasses import field
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

from deployer.dataclass import dataclass
from deployer.messages import Composed, Library, Names, compile_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deployer.source import Brand, ProjectFiles

MACRO_FILES = "macros/*.jinja"
"""Files of the project whose Jinja macros every message can use by name."""


_Key: TypeAlias = tuple[str, Names, int]
"""A text with the names and the size that are allowed in it."""


@dataclass
class Words:
    """The project's macro files and brand, and every text that was compiled with them."""

    files: ProjectFiles
    brand: Brand
    _composed: dict[_Key, Composed] = field(default_factory=dict, repr=False)
    _work: dict[_Key, int] = field(default_factory=dict, repr=False)
    _passed: dict[_Key, int] = field(default_factory=dict, repr=False)
    _counted: dict[str, int] = field(default_factory=dict, repr=False)

    @cached_property
    def library(self) -> Library:
        """What every message may use: the macro files and the brand."""
        return Library(load=self.files.words, auto=self.files.glob(MACRO_FILES), brand=self.brand.values)

    def composed(self, text: str, names: Names, limit: int) -> Composed:
        """The composer text of an author's text; raises ``CompileError`` or ``FileProblem``."""
        key = (text, names, limit)
        if key not in self._composed:
            library = self.library
            library.count(-self._passed.pop(key, 0))
            before = library.work
            self._composed[key] = compile_text(text, library, names, limit)
            self._work[key] = library.work - before
        return self._composed[key]

    def work(self, text: str, names: Names, limit: int) -> int:
        """How much of the work that all texts may take together went into a text, composed or passed over."""
        key = (text, names, limit)
        return self._work.get(key, 0) or self._passed.get(key, 0)

    def pass_over(self, text: str, names: Names, limit: int, work: int) -> None:
        """Count the work of a text that needn't be composed, as if it had been."""
        key = (text, names, limit)
        if work and key not in self._composed and key not in self._passed:
            self._passed[key] = work
            self.library.count(work)

    def pass_over_known(self, works: Mapping[str, int]) -> bool:
        """Count the work of messages that needn't be composed, each by a digest of it and once; false: it wasn't.

        A text that two of them share counts twice here. So that no project is taken for one with too much in its texts,
        all of this may be half of what they may take; where it is more, ``pass_over`` counts each text.
        """
        new = {digest: work for digest, work in works.items() if digest not in self._counted}
        if not self.library.has_room_for_twice(sum(new.values())):
            return False
        self._counted.update(new)
        self.library.count(sum(new.values()))
        return True

    @property
    def exhausted(self) -> bool:
        """Whether the texts took more work than all of a project may, so that the last of them weren't composed."""
        return "library" in vars(self) and self.library.exhausted
