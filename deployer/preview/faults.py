"""Problems put where they belong: with their message, with their journey, or with the project as a whole."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from deployer.preview.values import ShownProblem
from deployer.rules.registry import CATALOGUE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deployer.preview.values import MessageView, Preview
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
    here = {view.address for view in shown.messages} | {view.address for view in shown.journeys}
    return replace(
        shown,
        messages=tuple(_with_faults(view, every) for view in shown.messages),
        journeys=tuple(replace(view, faults=_of(view.address, every)) for view in shown.journeys),
        faults=tuple(problem for problem in every if problem.address not in here),
        rules={problem.rule: CATALOGUE[problem.rule].title for problem in every if problem.rule in CATALOGUE},
    )


def _of(address: str, every: Sequence[ShownProblem]) -> tuple[ShownProblem, ...]:
    return tuple(problem for problem in every if problem.address == address)


def _with_faults(view: MessageView, every: Sequence[ShownProblem]) -> MessageView:
    """The rules' own findings stand for what stopped the rendering, since they know the column and the line's text.

    A mistake in a macro file is reported once, with the first message that uses it: the others show it too.
    """
    own = _of(view.address, every)
    stopped = tuple(
        _explained(problem, every)
        for problem in view.faults
        if not any(problem.message == shown_problem.message for shown_problem in own)
    )
    return replace(view, faults=(*own, *stopped))


def _explained(stopped: ShownProblem, every: Sequence[ShownProblem]) -> ShownProblem:
    return next(
        (problem for problem in every if (problem.message, problem.file) == (stopped.message, stopped.file)), stopped
    )
