"""The YAML of files that were read before: parsing takes ten times as long as reading what it came to."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import field
from hashlib import blake2b
from sys import intern
from typing import TYPE_CHECKING

from deployer.dataclass import dataclass
from deployer.source.documents import Document
from deployer.source.yaml_files import compose

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from deployer.source.problems import Problem
    from deployer.source.source_file import SourceFile
    from deployer.source.values import JSON

_SIZE = 16

PAYS = 500
"""From so many texts on other cores save more time than it takes to start them."""


@dataclass(slots=True)
class KnownYaml:
    """What texts without a mistake hold, as JSON by their digest: of earlier runs (``known``), and of this one.

    ``keeps``: what this run sees is for later ones. ``ahead`` is what other processes read, until it is asked for.
    """

    known: Mapping[str, bytes] = field(default_factory=dict)
    seen: dict[str, bytes] = field(default_factory=dict)
    keeps: bool = True
    ahead: dict[str, bytes] = field(default_factory=dict)

    def compose(self, file: SourceFile) -> tuple[tuple[Document, ...], tuple[Problem, ...]]:
        """Give what ``yaml_files.compose`` gives; a text that is known isn't parsed again."""
        digest = _digest(file)
        kept = self.known.get(digest) or self.ahead.pop(digest, None)
        if kept is not None:
            if self.keeps:
                self.seen[digest] = kept
            rows = json.loads(kept, object_pairs_hook=_mapping)
            return tuple(Document(file, index, value, (start, end)) for index, value, start, end in rows), ()
        documents, problems = compose(file)
        if self.keeps and not problems:
            rows = [[document.index, document.value, *document.span] for document in documents]
            with suppress(UnicodeEncodeError):  # half of a character, which JSON may join with its other half
                self.seen[digest] = json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode()
        return documents, problems

    def read_ahead(self, files: Iterable[SourceFile]) -> None:
        """Parse the texts that aren't known, a part on each core, where they are many and there are several cores.

        What a process that ends early would have read is parsed when it is asked for.
        """
        unknown = [file for file in files if _digest(file) not in self.known]
        if len(unknown) < PAYS:
            return
        from deployer.cores import in_parts  # noqa: PLC0415 - most projects are smaller

        def part(first: int, last: int) -> Mapping[str, bytes]:
            own = KnownYaml()
            for file in unknown[first:last]:
                own.compose(file)
            return own.seen

        for seen in in_parts(part, len(unknown), smallest=PAYS // 2):
            self.ahead.update(seen)


def _mapping(pairs: Iterable[tuple[str, JSON]]) -> dict[str, JSON]:
    """A mapping whose keys are the same few texts in every document, each held once."""
    return {intern(key): value for key, value in pairs}


def _digest(file: SourceFile) -> str:
    return blake2b(file.text.encode(), digest_size=_SIZE).hexdigest()
