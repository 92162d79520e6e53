"""The documents of a project without a mistake, of which one is found by its id among the words of the files.

Whatever a document says is in its file's text, letter by letter, unless a backslash is there too: then the file is read
for anything that is looked for.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import field
from typing import TYPE_CHECKING

from deployer.dataclass import dataclass
from deployer.kinds import KINDS
from deployer.source import FileProblem, SourceFile
from deployer.source.yaml_files import compose

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from deployer.source import Document, ProjectFiles

_NAMES = {kind.snake: name for name, kind in KINDS.items()}
_ESCAPE = "\\"
"""What a letter is behind that isn't written as itself."""


@dataclass(frozen=True, slots=True)
class SoughtDocuments(Mapping[str, "Document"]):
    """The documents by address. ``is_here``: whether one counts in the environment that is looked at."""

    files: ProjectFiles
    paths: Sequence[str]
    is_here: Callable[[Document], bool]
    _read: dict[str, Mapping[str, Document]] = field(default_factory=dict, repr=False)

    def __getitem__(self, address: str) -> Document:
        """Find a document; raises ``KeyError``."""
        name = address.partition(".")[2]
        for path in self._holding(name):
            documents = self._in(path)
            if address in documents:
                return documents[address]
        raise KeyError(address)

    def __iter__(self) -> Iterator[str]:
        """Every address, in their order: all files are read."""
        return iter(sorted(address for path in self.paths for address in self._in(path)))

    def __len__(self) -> int:
        """How many there are: all files are read."""
        return sum(len(self._in(path)) for path in self.paths)

    def of_kind(self, snake: str) -> Sequence[str]:
        """The addresses of a kind, in their order: the files that name it are read."""
        addresses = (address for path in self._holding(_NAMES[snake]) for address in self._in(path))
        return tuple(sorted(address for address in addresses if address.startswith(f"{snake}.")))

    def _holding(self, word: str) -> Iterator[str]:
        """The files that may hold a document with this word."""
        alone = re.compile(rf"\b{re.escape(word)}\b")
        for path in self.paths:
            with suppress(FileProblem):  # it holds no document of ours: the project is sound
                text = self.files.text(path)
                if (word in text and alone.search(text)) or _ESCAPE in text:
                    yield path

    def _in(self, path: str) -> Mapping[str, Document]:
        """The documents of one file by address; those of other tools aren't ours."""
        if path not in self._read:
            documents, _ = compose(SourceFile(path, self.files.text(path)))
            self._read[path] = {_address(document): document for document in documents if self._is_ours(document)}
        return self._read[path]

    def _is_ours(self, document: Document) -> bool:
        value = document.value
        return value.get("kind") in KINDS and "apiVersion" not in value and self.is_here(document)


def _address(document: Document) -> str:
    return f"{KINDS[str(document.value['kind'])].snake}.{document.value['id']}"
