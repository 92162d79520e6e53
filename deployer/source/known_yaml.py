"""The YAML of files that were read before: parsing takes ten times as long as reading what it came to."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import TYPE_CHECKING

from deployer.source.documents import Document
from deployer.source.yaml_files import compose

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deployer.source.problems import Problem
    from deployer.source.source_file import SourceFile

_SIZE = 16


@dataclass(slots=True)
class KnownYaml:
    """What texts without a mistake hold, as JSON by their digest: of earlier runs (``known``), and of this one."""

    known: Mapping[str, bytes] = field(default_factory=dict)
    seen: dict[str, bytes] = field(default_factory=dict)

    def compose(self, file: SourceFile) -> tuple[tuple[Document, ...], tuple[Problem, ...]]:
        """Give what ``yaml_files.compose`` gives; a text that is known isn't parsed again."""
        digest = blake2b(file.text.encode(), digest_size=_SIZE).hexdigest()
        kept = self.known.get(digest)
        if kept is not None:
            self.seen[digest] = kept
            rows = json.loads(kept)
            return tuple(Document(file, index, value, (start, end)) for index, value, start, end in rows), ()
        documents, problems = compose(file)
        if not problems:
            rows = [[document.index, document.value, *document.span] for document in documents]
            with suppress(UnicodeEncodeError):  # half of a character, which JSON may join with its other half
                self.seen[digest] = json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode()
        return documents, problems
