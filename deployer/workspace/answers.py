"""Answers of checks that are kept: a project that reads the same isn't checked again.

An answer is kept with every question that the check asked of the project's files (``source.consulted``). It is given
again only where all of them have the same answers, on the same day in the project's time zone, from the same deployer.
So it can't differ from what a check would find; whatever is wrong with a kept one means that the project is checked.

They are in the user's cache folder and never in the project: what is in a project may come with a pull request from a
stranger, whose file would be taken for what our rules found. They are JSON, which can't execute.

An answer is that of a whole check. What a project that changed can still use of it is in ``facts``.
"""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, assert_never

from deployer.dataclass import dataclass
from deployer.source.checked import Checked, Suppressed
from deployer.source.consulted import ConsultedFiles, as_kept, read_the_same
from deployer.source.hint import Correction, Hint, MissingProperty
from deployer.source.problems import Position, Problem, Severity
from deployer.source.source_file import SourceFile
from deployer.source.suppression import Suppression
from deployer.workspace.day import today_in
from deployer.workspace.kept_files import keep, kept_file, read_kept
from deployer.workspace.stamp import stamp

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from deployer.source import ProjectFiles
    from deployer.source.hint import Proposal

VARIABLE = "DEPLOYER_CACHE"
"""The environment variable that names the folder where answers are kept; empty: nothing is kept."""

OWN = "deployer-validate"
"""The folder within that one where they are: the named one may hold files of others, which must not make room."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What ``validate`` reports: the project's name, how many YAML files were read, what was found."""

    project: str
    files: int
    checked: Checked


@dataclass(frozen=True, slots=True)
class Answers:
    """The kept answers of one project, in one environment or (``""``) all of them. ``folder`` may be missing."""

    folder: Path
    root: Path
    environment: str = ""

    def prepare(self) -> None:
        """Make the folder: where it is within the project, a check is to see it as the next run will."""
        with suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True)

    def find(self, files: ConsultedFiles | None = None, day: date | None = None) -> Answer | None:
        """What a check would find; ``None`` where that isn't known.

        ``files`` are the project's where they were read already, ``day`` the one that counts as today.
        """
        body = read_kept(self._file)
        if body is None:
            return None
        kept = json.loads(body)
        if kept["stamp"] != stamp() or kept["day"] != (day or today_in(kept["zone"])).isoformat():
            return None
        files = files or ConsultedFiles(self.root)
        if not read_the_same(files, kept):
            return None
        return Answer(kept["project"], kept["files"], _checked(kept, files))

    def keep(self, answer: Answer, files: ConsultedFiles, *, zone: str, day: date) -> None:
        """Keep what a check found on a day that asked ``files``; where that can't be written, nothing is kept."""
        body = json.dumps(
            {
                "stamp": stamp(),
                "zone": zone,
                "day": day.isoformat(),
                **as_kept(files),
                "project": answer.project,
                "files": answer.files,
                "problems": [_row(problem) for problem in answer.checked.problems],
                "suppressed": [
                    [_row(suppressed.problem), _comment(suppressed.by)] for suppressed in answer.checked.suppressed
                ],
            }
        ).encode()
        keep(self._file, body)

    @property
    def _file(self) -> Path:
        # The folder as it was named is part of it: a link may lead somewhere else tomorrow.
        return kept_file(self.folder, ".json", str(self.root), str(self.root.absolute()), self.environment)


def answers(root: str | Path, environment: str | None, folder: Path | None) -> Answers | None:
    """The answers that are kept of a project in a folder, where there is one."""
    return Answers(folder, Path(root), environment or "") if folder else None


def folder_of_answers(environ: Mapping[str, str]) -> Path | None:
    """Where answers are kept: in the folder that ``DEPLOYER_CACHE`` names, else in the user's cache folder.

    ``None`` where the variable is empty, or the user has no home.
    """
    named = environ.get(VARIABLE)
    if named is not None:
        return Path(named).expanduser() / OWN if named else None
    caches = environ.get("XDG_CACHE_HOME", "")
    if Path(caches).is_absolute():  # another is to be ignored, says the specification
        return Path(caches) / OWN
    home = environ.get("HOME", "")
    return Path(home, ".cache", OWN) if Path(home).is_absolute() else None


def _checked(kept: Any, files: ProjectFiles) -> Checked:
    return Checked(
        tuple(_problem(row) for row in kept["problems"]),
        tuple(Suppressed(_problem(row), _suppression(comment, files)) for row, comment in kept["suppressed"]),
    )


def _row(problem: Problem) -> list[Any]:
    at = problem.position
    return [
        problem.rule,
        problem.message,
        at.path,
        at.line,
        at.column,
        problem.severity,
        problem.hint,
        problem.excerpt,
        problem.length,
        problem.address,
        [_proposal_row(each) for each in problem.proposals],
    ]


def _proposal_row(proposal: Proposal) -> list[str]:
    match proposal:
        case Correction():
            return ["correction", proposal.wrong, proposal.right]
        case MissingProperty():
            return ["property", proposal.event, proposal.key]
        case _:
            assert_never(proposal)


def _proposal(row: Sequence[str]) -> Proposal:
    what, first, second = row
    return Correction(first, second) if what == "correction" else MissingProperty(first, second)


def _problem(row: Sequence[Any]) -> Problem:
    rule, message, path, line, column, severity, hint, excerpt, length, address, proposals = row
    hint = Hint(hint, *map(_proposal, proposals)) if proposals else hint
    return Problem(rule, message, Position(path, line, column), Severity(severity), hint, excerpt, length, address)


def _comment(suppression: Suppression) -> list[Any]:
    until = suppression.until.isoformat() if suppression.until else None
    place = [suppression.line, suppression.column, suppression.text, suppression.first, suppression.last]
    return [suppression.file.path, *place, list(suppression.rules), suppression.reason, until, suppression.mistake]


def _suppression(row: Sequence[Any], files: ProjectFiles) -> Suppression:
    path, line, column, text, first, last, rules, reason, until, mistake = row
    file = SourceFile(path, files.text(path))
    day = date.fromisoformat(until) if until else None
    return Suppression(file, line, column, text, first, last, tuple(rules), reason, day, mistake)
