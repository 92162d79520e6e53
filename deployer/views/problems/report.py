"""What every format shares: the report as a value, the order of problems, and their count."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Self

from deployer.dataclass import dataclass
from deployer.nouns import counted
from deployer.source.problems import Severity
from deployer.source.root import SETTINGS_NAMES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from deployer.rules import Suppressed
    from deployer.source.problems import Problem


@dataclass(frozen=True, slots=True)
class Report:
    """What a check of a project has to tell, in whatever format.

    ``files`` is how many files were checked; ``prefix`` leads from the folder that a forge shows (its checkout) to the
    project, empty or with a slash at its end; ``strict``: warnings fail too; ``project`` is the project's name,
    ``settings`` the path of its settings within it.
    """

    problems: tuple[Problem, ...]
    files: int
    suppressed: tuple[Suppressed, ...] = ()
    prefix: str = ""
    strict: bool = False
    project: str = ""
    settings: str = SETTINGS_NAMES[0]

    @property
    def ordered(self) -> tuple[Problem, ...]:
        """The problems in the order of a report."""
        return in_order(self.problems)

    @property
    def left_out(self) -> tuple[Suppressed, ...]:
        """The suppressed findings in the order of a report."""
        return tuple(sorted(self.suppressed, key=lambda suppressed: _everything(suppressed.problem)))

    @property
    def failed(self) -> bool:
        """Whether the check fails: an error, or with ``strict`` a warning."""
        return any(self.fails(problem) for problem in self.problems)

    def fails(self, problem: Problem) -> bool:
        """Whether a problem alone makes the check fail."""
        return problem.severity is Severity.ERROR or (self.strict and problem.severity is Severity.WARNING)

    def path(self, problem: Problem) -> str:
        """A problem's file as a forge knows it, from its checkout's folder; empty where there is none."""
        path = problem.position.path
        return self.prefix + path if path else ""


def in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Sort problems by place, then by everything that a report shows: the same problems give the same report."""
    return tuple(sorted(problems, key=_everything))


def _everything(problem: Problem) -> tuple[object, ...]:
    """The order of a report, down to the last difference."""
    return (*problem.sort_key, problem.severity, problem.address, problem.hint, problem.excerpt, problem.length)


@dataclass(frozen=True, slots=True)
class Summary:
    """How many problems of each severity, in how many files; ``checked`` files were looked at (``None``: unknown)."""

    errors: int
    warnings: int
    infos: int
    affected: int
    checked: int | None

    @classmethod
    def of(cls, problems: Sequence[Problem], *, files: int | None) -> Self:
        """Count problems; a problem without a path is in no file."""
        count = Counter(problem.severity for problem in problems)
        return cls(
            errors=count[Severity.ERROR],
            warnings=count[Severity.WARNING],
            infos=count[Severity.INFO],
            affected=len({problem.position.path for problem in problems} - {""}),
            checked=files,
        )

    @property
    def text(self) -> str:
        """One line: ``2 errors, 1 warning in 2 files``, or ``no problems in 12 files``."""
        counts = ((self.errors, "error"), (self.warnings, "warning"), (self.infos, "info"))
        found = ", ".join(counted(number, noun) for number, noun in counts if number)
        files = self.affected or None if found else self.checked
        return (found or "no problems") + (f" in {counted(files, 'file')}" if files is not None else "")


@dataclass(frozen=True, slots=True)
class RuleCount:
    """How often one rule was broken."""

    rule: str
    severity: Severity
    count: int


def by_rule(problems: Iterable[Problem]) -> tuple[RuleCount, ...]:
    """How many problems each rule found, errors first, then the most frequent."""
    counts = Counter((problem.rule, problem.severity) for problem in problems)
    order = list(Severity)
    ranked = sorted(counts.items(), key=lambda each: (order.index(each[0][1]), -each[1], each[0][0]))
    return tuple(RuleCount(rule, severity, count) for (rule, severity), count in ranked)
