"""Results of commands that only read: what would come out the same isn't worked out again.

A result is kept with all that it was made from: every question about the project's files (``source.consulted``), every
look elsewhere (``workspace.elsewhere``), each with its answer. It is given again only where all of them
have the same answers, from the same deployer and for the same words of the command line. What was asked of Attentive is
never kept, nor what depends on the time of the day.

The files are beside the answers of checks and are what those are (``workspace.answers``): JSON in the user's cache
folder, readable by its owner only. They hold what was printed, so that they hold no secret; a variable's value is only
in a hash, which is keyed as the record's are (``source.secret``).
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
from typing import TYPE_CHECKING, Any

from deployer.dataclass import dataclass
from deployer.source.consulted import About, ConsultedFiles, Question, fingerprint
from deployer.workspace.elsewhere import Look, Place, answers
from deployer.workspace.kept_files import keep, read_kept
from deployer.workspace.stamp import stamp

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from deployer.workspace.elsewhere import Elsewhere


@dataclass(frozen=True, slots=True)
class Result:
    """What a command printed on standard output, text by text, and its exit code."""

    code: int
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Results:
    """The kept result of one command, in ``words`` that hold everything that it was asked for."""

    folder: Path
    root: Path
    words: str

    def find(self, environ: Mapping[str, str]) -> Result | None:
        """What the command would print; ``None`` where that isn't known."""
        body = read_kept(self._file)
        if body is None:
            return None
        kept = json.loads(body)
        if kept["stamp"] != stamp():
            return None
        files = ConsultedFiles(self.root)
        questions = [Question(About(about), path, size) for about, path, size in kept["questions"]]
        looks = [Look(Place(place), name, of, protected) for place, name, of, protected in kept["looks"]]
        shown = answers(looks, self.root, environ)
        if _sealed(kept["key"], fingerprint(files, questions), looks, shown) != kept["seal"]:
            return None
        return Result(kept["code"], tuple(kept["texts"]))

    def keep(self, result: Result, files: ConsultedFiles, elsewhere: Elsewhere) -> None:
        """Keep what a command printed that asked ``files`` and looked ``elsewhere``, if that can be compared."""
        if not elsewhere.lasts:
            return
        key, questions, looks = secrets.token_hex(16), files.questions, tuple(elsewhere.seen)
        seal = _sealed(key, fingerprint(files, questions), looks, elsewhere.seen.values())
        kept = {
            "stamp": stamp(),
            "questions": [[question.about.value, question.path, question.size] for question in questions],
            "looks": [[look.place.value, look.name, look.environment, look.protected] for look in looks],
            "key": key,
            "seal": seal,
            "code": result.code,
            "texts": result.texts,
        }
        keep(self._file, json.dumps(kept).encode())

    @property
    def _file(self) -> Path:
        # The folder as it was named is part of it, and where that was: a link may lead somewhere else tomorrow.
        named = f"{self.root} {self.root.absolute()} {self.words}"
        return self.folder / f"{hashlib.sha256(os.fsencode(named)).hexdigest()[:32]}.result"


def _sealed(key: str, of_files: str, looks: Sequence[Look], shown: Iterable[bytes | None]) -> str:
    """A keyed hash over everything that a result was made from; a look that can't be compared fits no other."""
    seal = hmac.new(key.encode(), of_files.encode(), hashlib.sha256)
    for look, answer in zip(looks, shown, strict=True):
        if answer is None:
            return ""
        part: Any = [look.place.value, look.name, look.environment, look.protected, answer.hex()]
        seal.update(json.dumps(part).encode())
    return seal.hexdigest()
