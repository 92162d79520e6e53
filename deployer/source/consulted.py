"""What a run asked of a project's files, so that a later one can tell whether it would get the same answers."""

from __future__ import annotations

import hashlib
from copy import copy
from enum import StrEnum
from itertools import islice, zip_longest
from typing import TYPE_CHECKING, Any, TypeAlias

from deployer.dataclass import dataclass
from deployer.source.contents import MAX_FILE, FileProblem
from deployer.source.files import ProjectFiles

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path


class About(StrEnum):
    """What a question is about: the members are those of ``ProjectFiles`` that look at the disk."""

    LISTING = "listing"
    DATA = "data"
    BEGINNING = "beginning"
    SHARED = "shared"
    GLOB = "glob"


@dataclass(frozen=True, slots=True)
class Question:
    """One question: about which path or pattern, and how many bytes of it."""

    about: About
    path: str = ""
    size: int = 0


_Row: TypeAlias = "tuple[str, str, int]"
"""A question as it is kept: what it is about, which path or pattern, how many bytes of it."""

_LISTING = Question(About.LISTING)
_DATA = About.DATA.value
_TOGETHER = 64
"""Questions that share a fingerprint: few enough that a change is found before the whole project is compared."""


class ConsultedFiles(ProjectFiles):
    """The files of a project, which keep in mind what they were asked; two questions get the same answer."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self._questions: dict[Question, None] = {}
        self._read: dict[tuple[str, int], None] = {}  # those for a file's data: by far the most
        self._begun: dict[Question, str] = {}
        self._asked_for: set[str] = set()  # files whose data was read, so that any later question gets the same
        self._sums: dict[tuple[str, int], bytes] = {}

    @property
    def questions(self) -> tuple[Question, ...]:
        """Every question so far, once each."""
        return tuple(Question(About(about), path, size) for about, path, size in self.rows())

    def rows(self) -> Iterator[_Row]:
        """Every question as it is kept."""
        for question in self._questions:
            yield question.about.value, question.path, question.size
        for path, size in self._read:
            yield _DATA, path, size

    def unasked(self) -> ConsultedFiles:
        """The same files, as they were read, of which nothing was asked yet."""
        files = copy(self)
        files.forget_questions()
        return files

    def forget_questions(self) -> None:
        """Begin again with what was asked; what was read stays."""
        self._questions, self._read, self._asked_for = {}, {}, set()

    def data(self, path: str, *, limit: int = MAX_FILE) -> bytes:
        """Read the file's bytes. Raises ``FileProblem``."""
        if path not in self._asked_for:  # else the number of its bytes answers for any other limit
            self._read[path, limit] = None
        data = super().data(path, limit=limit)
        self._asked_for.add(path)
        return data

    def text(self, path: str, *, limit: int = MAX_FILE) -> str:
        """Read the file's text. Raises ``FileProblem``."""
        if path not in self._text:
            data = self.data(path, limit=limit)
            if (path, limit) not in self._sums:  # now that its bytes are at hand
                self._sums[path, limit] = hashlib.sha256(data).digest()
            return self._decoded(path, data)
        if path not in self._asked_for:
            self._read[path, limit] = None
            self._asked_for.add(path)
        return super().text(path, limit=limit)

    def sum_of(self, path: str, limit: int) -> bytes:
        """SHA-256 of a file's bytes. Raises ``FileProblem``."""
        found = self._sums.get((path, limit))
        if found is None:
            found = self._sums[path, limit] = hashlib.sha256(self.data(path, limit=limit)).digest()
        return found

    @property
    def sums(self) -> Mapping[tuple[str, int], bytes]:
        """Those that are known, by path and limit."""
        return self._sums

    def beginning(self, path: str, size: int = 65_536) -> str:
        """Read what a file begins with."""
        question = Question(About.BEGINNING, path, size)
        self._questions[question] = None
        if question not in self._begun:
            self._begun[question] = super().beginning(path, size)
        return self._begun[question]

    def glob(self, pattern: str) -> tuple[str, ...]:
        """List the files that a pattern names."""
        self._questions[Question(About.GLOB, pattern)] = None
        return super().glob(pattern)

    def paths(self) -> tuple[str, ...]:
        """List every file of the project."""
        self._questions[_LISTING] = None
        return super().paths()

    def check_shared(self, path: str) -> None:
        """Refuse a file that isn't in the repository. Raises ``FileProblem``."""
        self._questions[Question(About.SHARED, path)] = None
        super().check_shared(path)


def as_kept(files: ConsultedFiles) -> dict[str, Any]:
    """What was asked of files, and fingerprints of the answers, as JSON that a later run gives to ``read_the_same``."""
    rows = list(files.rows())
    return {"questions": rows, "fingerprints": list(_fingerprints(files, rows))}


def read_the_same(files: ConsultedFiles, kept: Mapping[str, Any]) -> bool:
    """Whether what an earlier run asked has the same answers now; stops at the first fingerprint that differs."""
    now = _fingerprints(files, kept["questions"])
    return all(one == before for one, before in zip_longest(now, kept["fingerprints"]))


def _fingerprints(files: ConsultedFiles, rows: Iterable[_Row]) -> Iterator[str]:
    """A SHA-256, in hex, for the answers to each ``_TOGETHER`` questions: who compares them has the questions."""
    left, sums = iter(rows), files.sums
    while several := tuple(islice(left, _TOGETHER)):
        answers = [
            (about == _DATA and sums.get((path, size))) or _answer(files, about, path, size)
            for about, path, size in several
        ]
        yield hashlib.sha256(b"".join(answers)).hexdigest()


def _answer(files: ConsultedFiles, about: str, path: str, size: int) -> bytes:
    """Always of the same length."""
    try:
        if about == _DATA:
            return files.sum_of(path, size)
        answer = f"the answer {_text_of(files, Question(About(about), path, size))}"
    except FileProblem as problem:
        answer = f"{problem.rule} {problem.message} {problem.hint} {problem.line}:{problem.column}"
    return hashlib.sha256(answer.encode("utf-8", "backslashreplace")).digest()


def _text_of(files: ProjectFiles, question: Question) -> str:
    match question.about:
        case About.LISTING:
            unlisted = [(folder, str(problem), problem.hint) for folder, problem in files.unlisted()]
            return repr((files.paths(), files.passed(), unlisted))
        case About.BEGINNING:
            return files.beginning(question.path, question.size)
        case About.GLOB:
            return repr(files.glob(question.path))
        case _:
            files.check_shared(question.path)
            return ""
