"""Problems put where they belong: with their message, with their journey, or with the project as a whole."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from deployer.dataclass import dataclass
from deployer.preview.message_values import ShownProblem
from deployer.rules.registry import CATALOGUE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from deployer.preview.message_values import MessageView
    from deployer.preview.values import Preview
    from deployer.source import Problem


def fault(problem: Problem) -> ShownProblem:
    """A problem as a page shows it."""
    place = problem.position
    return ShownProblem(
        problem.rule,
        problem.severity.value,
        problem.message,
        problem.hint,
        place.path,
        place.line,
        place.column,
        problem.excerpt,
        problem.length,
        problem.address,
    )


def placed(shown: Preview, problems: Sequence[Problem]) -> Preview:
    """Give each message and journey its problems; those of neither stay with the project."""
    every = [fault(problem) for problem in problems]
    found = _Faults.of(every)
    here = {view.address for view in shown.messages} | {view.address for view in shown.journeys}
    return replace(
        shown,
        messages=tuple(_with_faults(view, found) for view in shown.messages),
        journeys=tuple(replace(view, faults=found.about(view.address)) for view in shown.journeys),
        faults=tuple(problem for problem in every if problem.address not in here),
        rules={problem.rule: CATALOGUE[problem.rule].title for problem in every if problem.rule in CATALOGUE},
    )


@dataclass(frozen=True, slots=True)
class _Faults:
    """Problems by the address that each is about, and the first of those that say the same of a file."""

    by_address: Mapping[str, Sequence[ShownProblem]]
    first: Mapping[tuple[str, str], ShownProblem]

    @classmethod
    def of(cls, every: Sequence[ShownProblem]) -> _Faults:
        by_address: dict[str, list[ShownProblem]] = {}
        for problem in every:
            by_address.setdefault(problem.address, []).append(problem)
        return cls(by_address, {(problem.message, problem.file): problem for problem in reversed(every)})

    def about(self, address: str) -> tuple[ShownProblem, ...]:
        """Those of one address, in their order."""
        return tuple(self.by_address.get(address, ()))

    def explained(self, stopped: ShownProblem) -> ShownProblem:
        """The finding of a rule that says what stopped a rendering, where there is one."""
        return self.first.get((stopped.message, stopped.file), stopped)


def _with_faults(view: MessageView, found: _Faults) -> MessageView:
    """The rules' own findings stand for what stopped the rendering, since they know the column and the line's text.

    A mistake in a macro file is reported once, with the first message that uses it: the others show it too.
    """
    own = found.about(view.address)
    stopped = tuple(
        found.explained(problem)
        for problem in view.faults
        if not any(problem.message == shown_problem.message for shown_problem in own)
    )
    return replace(view, faults=(*own, *stopped))
