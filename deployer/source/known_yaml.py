"""The YAML of files that were read before: parsing takes ten times as long as reading what it came to.

What was found of each declaration of a file (``Document.facts``) is kept with it; then its values are read when
something looks at one of them.
"""

from __future__ import annotations

import json
import marshal
from contextlib import suppress
from dataclasses import field
from hashlib import blake2b
from operator import itemgetter
from sys import intern
from threading import RLock
from typing import TYPE_CHECKING, Any, TypeAlias

from deployer.dataclass import dataclass
from deployer.source.documents import Document
from deployer.source.yaml_files import compose

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from deployer.source.problems import Problem
    from deployer.source.source_file import SourceFile
    from deployer.source.values import JSON

_SIZE = 16

PAYS = 1_500
"""The fewest texts that other cores parse: with fewer, starting processes takes longer than they save."""


_TOGETHER = 1_000
"""Texts whose documents are read at once: more save no more, and are held twice for a moment."""

_ROWS = b"\t"
"""White space in JSON that is between what was found of a text's documents and these, and nowhere else."""

_Composed: TypeAlias = "tuple[tuple[Document, ...], tuple[Problem, ...]]"
_Ahead: TypeAlias = tuple[bytes, bytes]
"""A text's documents for this run, and as JSON where that is kept (else empty)."""


_NOTHING: tuple[SourceFile | None, _Composed] = (None, ((), ()))

_reading = RLock()
"""Of two threads, one reads the documents of a file: a value is known by its identity."""


_FEW = 500
"""Files that are read one by one; where more are read, all are probably: then many at once, which is quicker."""


@dataclass(slots=True)
class _Shelf:
    """The known files whose documents weren't read when they were composed, and how many of them were read since."""

    files: list[_Unread] = field(default_factory=list)
    read: int = 0

    def take(self, file: _Unread) -> None:
        """Read the documents of a file, perhaps with those of all others."""
        with _reading:
            if file.values is not None:
                return
            self.read += 1
            if self.read <= _FEW:
                file.keep(json.loads(file.rows, object_pairs_hook=_mapping))
                return
            left, self.files = [each for each in self.files if each.values is None], []
            for first in range(0, len(left), _TOGETHER):
                some = left[first : first + _TOGETHER]
                together = json.loads(b"[%b]" % b",".join([each.rows for each in some]))
                for each, rows in zip(some, together, strict=True):
                    each.keep(rows)


@dataclass(slots=True, eq=False)
class _Unread:
    """The documents of a file as JSON, which is read when one of their values is looked at.

    It is in a ``row`` behind what was found of them, from a place on.
    """

    row: bytes
    place: int
    shelf: _Shelf
    values: dict[int, dict[str, JSON]] | None = None

    @property
    def rows(self) -> bytes:
        """The documents."""
        return self.row[self.place :]

    def value(self, index: int) -> dict[str, JSON]:
        """What the document with this index holds."""
        if self.values is None:
            self.shelf.take(self)
        assert self.values is not None
        return self.values[index]

    def keep(self, rows: JSON) -> None:
        """Keep what was read of the rows."""
        self.values = {index: value for index, value, *_ in rows}


class KnownDocument(Document):
    """A document of a file that was read before; ``found`` is how many facts were kept of it."""

    __slots__ = ("_unread", "found")
    _unread: _Unread
    found: int

    def __init__(self, file: SourceFile, index: int, span: tuple[int, int], facts: dict[str, Any], of: _Unread) -> None:
        put = object.__setattr__
        put(self, "file", file)
        put(self, "index", index)
        put(self, "span", span)
        put(self, "facts", facts)
        put(self, "found", len(facts))
        put(self, "_nodes", [])
        put(self, "_unread", of)

    @property
    def value(self) -> dict[str, JSON]:
        """The mapping that it holds."""
        return self._unread.value(self.index)


def _digest(file: SourceFile) -> str:
    return blake2b(file.text.encode(), digest_size=_SIZE).hexdigest()


@dataclass(slots=True)
class KnownYaml:
    """What texts without a mistake hold, as JSON by their digest: of earlier runs (``known``), and of this one.

    ``digest`` gives a file's key in both. ``keeps``: ``seen`` is kept for later runs. ``ahead`` is what other processes
    parsed, ``composed`` what this one parsed meanwhile, both until ``compose`` returns it. ``given`` are the documents
    of each file that ``compose`` returned.
    """

    known: Mapping[str, bytes] = field(default_factory=dict)
    seen: dict[str, bytes] = field(default_factory=dict)
    keeps: bool = True
    digest: Callable[[SourceFile], str] = field(default=_digest, repr=False)
    ahead: dict[str, _Ahead] = field(default_factory=dict)
    composed: dict[str, tuple[SourceFile, _Composed]] = field(default_factory=dict)
    given: list[tuple[Document, ...]] = field(default_factory=list, repr=False)
    shelf: _Shelf = field(default_factory=_Shelf, repr=False)

    def compose(self, file: SourceFile) -> _Composed:
        """Give what ``yaml_files.compose`` gives; a text that is known isn't parsed again."""
        documents, problems = self._composed(file)
        if self.keeps and documents:
            self.given.append(documents)
        return documents, problems

    def _composed(self, file: SourceFile) -> _Composed:
        of, composed = self.composed.pop(file.path, _NOTHING)
        if of is file:
            return composed
        digest = self.digest(file)
        kept = self.known.get(digest)
        if kept is not None:
            self._keep(digest, kept)
            at = kept.index(_ROWS)
            if at:
                return self._known(file, json.loads(kept[:at]), kept, at), ()
            return _documents(file, json.loads(kept, object_pairs_hook=_mapping)), ()
        ahead = self.ahead.pop(digest, None)
        if ahead is not None:
            self._keep(digest, ahead[1])
            return _documents(file, marshal.loads(ahead[0])), ()  # noqa: S302 - a process that this one forked made it
        return self._parsed(file, digest)

    def _parsed(self, file: SourceFile, digest: str) -> _Composed:
        documents, problems = compose(file)
        if self.keeps and not problems:
            with suppress(UnicodeEncodeError):  # half of a character, which JSON may join with its other half
                self._keep(digest, _ROWS + _json(_rows(documents)))
        return documents, problems

    def _keep(self, digest: str, rows: bytes) -> None:
        if self.keeps and rows:
            self.seen[digest] = rows

    def read_ahead(self, files: Iterable[SourceFile]) -> None:
        """Read what is known of texts, and parse the others, a part on each core, where they are many.

        What a process that ends early would have read is parsed when it is asked for.
        """
        known: list[tuple[str, SourceFile]] = []
        others: list[tuple[str, SourceFile]] = []
        for file in files:
            digest = self.digest(file)
            (known if digest in self.known else others).append((digest, file))
        self._recall(known)
        if len(others) < PAYS:
            return
        unknown = [file for _, file in sorted(others, key=itemgetter(0))]  # each part has large and small ones
        from deployer.cores import in_parts  # noqa: PLC0415 - most projects are smaller

        def part(first: int, last: int) -> Mapping[str, _Ahead]:
            own = KnownYaml(keeps=self.keeps, digest=self.digest)
            return dict(own.for_another(unknown[first:last]))

        def mine(first: int, last: int) -> None:
            self.composed.update((file.path, (file, self._composed(file))) for file in unknown[first:last])

        for ahead in in_parts(part, len(unknown), mine=mine, smallest=PAYS // 2):
            self.ahead.update(ahead)

    def _recall(self, known: Sequence[tuple[str, SourceFile]]) -> None:
        """Read the documents of texts that are known, many at once: keys that they share are held once then."""
        for first in range(0, len(known), _TOGETHER):
            some = known[first : first + _TOGETHER]
            rows = [self.known[digest] for digest, _ in some]
            places = [row.index(_ROWS) for row in rows]
            parts = [row[:place] if place else row for row, place in zip(rows, places, strict=True)]
            together = json.loads(b"[%b]" % b",".join(parts))
            for (digest, file), row, place, read in zip(some, rows, places, together, strict=True):
                self._keep(digest, row)
                documents = self._known(file, read, row, place) if place else _documents(file, read)
                self.composed[file.path] = file, (documents, ())

    def _known(self, file: SourceFile, facts: JSON, row: bytes, place: int) -> tuple[Document, ...]:
        of = _Unread(row, place, self.shelf)
        self.shelf.files.append(of)
        return tuple([KnownDocument(file, index, (start, end), found, of) for index, start, end, found in facts])

    def for_another(self, files: Iterable[SourceFile]) -> Iterator[tuple[str, _Ahead]]:
        """Parse texts for the process that this one is a fork of; it gets those without a mistake."""
        for file in files:
            documents, problems = self._composed(file)
            if not problems:
                digest = self.digest(file)
                yield digest, (marshal.dumps(_rows(documents)), self.seen.get(digest, b""))  # keys stay interned

    def keep_facts(self, of: str) -> None:
        """Keep with each file what was found of its documents, if the fact ``of`` was found of all of them."""
        for documents in self.given:
            if all(isinstance(each, KnownDocument) and each.found == len(each.facts) for each in documents):
                continue
            digest = self.digest(documents[0].file)
            row = self.seen.get(digest)
            if row is not None and all(of in each.facts for each in documents):
                with suppress(UnicodeEncodeError):  # half of a character, which no file of facts can hold
                    facts = _json([[each.index, *each.span, each.facts] for each in documents])
                    self.seen[digest] = facts + _ROWS + row.partition(_ROWS)[2]


def _json(value: JSON) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _rows(documents: Iterable[Document]) -> list[list[JSON]]:
    return [[document.index, document.value, *document.span] for document in documents]


def _documents(file: SourceFile, rows: JSON) -> tuple[Document, ...]:
    return tuple(Document(file, index, value, (start, end)) for index, value, start, end in rows)


def _mapping(pairs: Iterable[tuple[str, JSON]]) -> dict[str, JSON]:
    """A mapping whose keys are the same few texts in every document, each held once."""
    return {intern(key): value for key, value in pairs}
