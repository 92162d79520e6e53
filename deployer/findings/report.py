"""What every format shares: the order of problems, and their count."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from deployer.source.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from deployer.source.problems import Problem


def in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Sort problems by place, then by everything that a report shows: the same problems give the same report."""
    return tuple(sorted(problems, key=_everything))


def _everything(one: Problem) -> tuple[object, ...]:
    """The order of a report, down to the last difference."""
    return (*one.sort_key, one.severity, one.address, one.hint, one.excerpt, one.length)


@dataclass(frozen=True, slots=True)
class Summary:
    """How many problems of each severity, in how many files; ``checked`` files were looked at (``None``: not told)."""

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
        found = ", ".join(_counted(number, noun) for number, noun in counts if number)
        files = self.affected or None if found else self.checked
        return (found or "no problems") + (f" in {_counted(files, 'file')}" if files is not None else "")


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
