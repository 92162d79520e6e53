"""A file's YAML to documents by PyYAML's parser: each with its value, and one problem for each mistake.

A document with a problem is left out; the other documents of its file are read on. That holds for one that isn't YAML
too: `---` at the beginning of a line ends any document, whatever is open in it.
"""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING

import yaml

from deployer.dataclass import dataclass
from deployer.source.composing import Composer, DocumentAbandonedError
from deployer.source.documents import Document
from deployer.source.events import events, is_a
from deployer.source.illegible import MARKER, MOST, blank, byte_order_mark, forbidden, legible
from deployer.source.syntax import syntax_problem

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

    from deployer.source.events import Event
    from deployer.source.problems import Problem
    from deployer.source.source_file import SourceFile
    from deployer.source.values import JSON

MAX_DOCUMENTS = 1_000
NOT_A_MAPPING = "yaml/not-a-mapping"


@dataclass(slots=True)
class _Reader:
    """Reads the documents of one file, one after the other."""

    file: SourceFile
    text: str
    plain: bool
    documents: list[Document] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    abandoned: bool = False
    index: int = -1
    begin: int = 0

    def read(self) -> yaml.reader.ReaderError | None:
        """Read to the end; what isn't YAML is passed over up to the next document, some times.

        The error that it gives is that of a character that can't be in any document.
        """
        following: re.Match[str] | None = None
        for _ in range(MOST):
            try:
                whole = self._read_on(following.start() if following else 0)
            except yaml.reader.ReaderError as error:
                return error
            following = MARKER.search(self.text, self.begin + 1)
            if whole or following is None:
                break
        return None

    def _read_on(self, start: int) -> bool:
        """Read the documents from a place on; false where one of them isn't YAML."""
        self.begin = start
        stream = events(blank(self.text[:start]) + self.text[start:])
        try:
            for event in stream:
                if not is_a(event, yaml.DocumentStartEvent):
                    continue
                self.begin = event.start_mark.index
                self.index += 1
                if self.index == MAX_DOCUMENTS:
                    self._too_many(event)
                    return True
                self._document(event, stream, self.index)
        except yaml.MarkedYAMLError as error:
            problem = syntax_problem(self.file, error)
            if not self.abandoned and problem not in self.problems:
                self.problems.append(problem)
            return False
        return True

    def _document(self, start: Event, stream: Iterator[Event], index: int) -> None:
        composer = Composer(self.file, stream, self.plain)
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
            begin = start.start_mark.index - start.start_mark.column
            self._add(first, value, index, (begin, self._end(start.start_mark.index, end.end_mark.index)))

    def _end(self, begin: int, end: int) -> int:
        """Where a document ends in the file, in which something may be that is left out of the text that is read."""
        following = None if self.text is self.file.text else MARKER.search(self.file.text, begin + 1, end)
        return following.start() if following else end

    def _add(self, first: Event, value: JSON, index: int, span: tuple[int, int]) -> None:
        if isinstance(value, dict):
            self.documents.append(Document(self.file, index, value, span))
        elif not is_a(first, yaml.ScalarEvent) or first.value or not first.implicit[0]:
            what = "a list" if isinstance(value, list) else "a single value"
            message = f"a document must hold `key: value` pairs, but this one is {what}"
            mark = first.start_mark
            hint = "begin with `kind: …`; a list of resources is several documents with `---` between them"
            self.problems.append(self.file.problem(NOT_A_MAPPING, message, mark.line + 1, mark.column + 1, hint=hint))

    def _too_many(self, event: Event) -> None:
        line = event.start_mark.line + 1
        message = f"a file may hold {MAX_DOCUMENTS:,} documents; this one holds more"
        self.problems.append(self.file.problem("yaml/too-many-documents", message, line, 1, hint="split it", length=3))


def parsed(file: SourceFile) -> tuple[tuple[Document, ...], tuple[Problem, ...]]:
    """Give the documents of a file, and what is wrong with the others.

    A document without content (only comments) is neither. Never raises for what a file may hold.
    """
    text, marks = legible(file, file.text, byte_order_mark)
    plain = file.text.isascii() and "\\" not in file.text
    reader = _Reader(file, text, plain)
    if reader.read() is not None:
        text, characters = legible(file, text, forbidden)
        reader = _Reader(file, text, plain, problems=characters)
        error = reader.read()
        if error is not None:
            reader.problems.append(syntax_problem(file, error))
    return tuple(reader.documents), (*marks, *reader.problems)
