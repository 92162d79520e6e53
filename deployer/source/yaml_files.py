"""A file's YAML to documents: each with its value, and one problem for each mistake.

A document with a problem is left out; the other documents of its file are read on.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import yaml

from deployer.source.composing import Composer, DocumentAbandonedError
from deployer.source.disguise import stray_mark
from deployer.source.documents import Document
from deployer.source.events import events, is_a
from deployer.source.syntax import syntax_problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deployer.source.events import Event
    from deployer.source.problems import Problem
    from deployer.source.source_file import SourceFile
    from deployer.source.values import JSON

MAX_DOCUMENTS = 1_000


@dataclass(slots=True)
class _Reader:
    """Reads the documents of one file, one after the other."""

    file: SourceFile
    documents: list[Document] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    abandoned: bool = False

    def read(self) -> None:
        stream = events(self.file.text)
        index = -1
        try:
            for event in stream:
                if not is_a(event, yaml.DocumentStartEvent):
                    continue
                index += 1
                if index == MAX_DOCUMENTS:
                    self._too_many(event)
                    return
                self._document(event, stream, index)
        except yaml.YAMLError as error:
            if not self.abandoned:
                self.problems.append(syntax_problem(self.file, error))

    def _document(self, start: Event, stream: Iterator[Event], index: int) -> None:
        composer = Composer(self.file, stream)
        self.abandoned = False
        first = next(stream)
        value: JSON = None
        try:
            value = composer.value(first)
        except DocumentAbandonedError:
            self.abandoned = True
        finally:
            self.problems.extend(composer.problems)
        end = start
        while not is_a(end, yaml.DocumentEndEvent):
            end = next(stream)
        if not composer.problems:
            self._add(first, value, index, (start.start_mark.index - start.start_mark.column, end.end_mark.index))

    def _add(self, first: Event, value: JSON, index: int, span: tuple[int, int]) -> None:
        if isinstance(value, dict):
            self.documents.append(Document(self.file, index, value, span))
        elif not is_a(first, yaml.ScalarEvent) or first.value or not first.implicit[0]:
            what = "a list" if isinstance(value, list) else "a single value"
            message = f"a document must hold `key: value` pairs, but this one is {what}"
            mark = first.start_mark
            hint = "begin with `kind: …`; a list of resources is several documents with `---` between them"
            self.problems.append(
                self.file.problem("yaml/not-a-mapping", message, mark.line + 1, mark.column + 1, hint=hint)
            )

    def _too_many(self, event: Event) -> None:
        line = event.start_mark.line + 1
        message = f"a file may hold {MAX_DOCUMENTS:,} documents; this one holds more"
        self.problems.append(self.file.problem("yaml/too-many-documents", message, line, 1, hint="split it", length=3))


def compose(file: SourceFile) -> tuple[tuple[Document, ...], tuple[Problem, ...]]:
    """Give the documents of a file, and what is wrong with the others.

    A document without content (only comments) is neither. Never raises for what a file may hold.
    """
    mark = stray_mark(file.text)
    if mark is not None:
        line, column = file.place(mark)
        message = "a byte order mark (U+FEFF) begins this line"
        hint = "delete it: it is left over from a file that was joined to this one, and most editors show it on request"
        return (), (file.problem("yaml/byte-order-mark", message, line, column, hint=hint),)
    reader = _Reader(file)
    reader.read()
    return tuple(reader.documents), tuple(reader.problems)
