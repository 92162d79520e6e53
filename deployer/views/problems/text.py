"""Problems for a person: the message, the place, the user's own line with a caret, and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployer.source.problems import Severity
from deployer.views.problems.report import Summary, in_order
from deployer.views.problems.snippet import snippet
from deployer.views.problems.terminal import visible

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from deployer.source.problems import Problem

    Paint = Callable[[str, str], str]

_BOLD, _FRAME, _HINT = "1", "34", "1;36"
_COLOR = {Severity.ERROR: "1;31", Severity.WARNING: "1;33", Severity.INFO: "1;36"}
"""Parameters of ANSI's "select graphic rendition": colour only ever repeats what a word already says."""


def render_text(
    problems: Iterable[Problem],
    *,
    files: int | None = None,
    suppressed: int = 0,
    color: bool = False,
    width: int = 80,
) -> str:
    """Show problems in the order of their places, a blank line between two, and a summary line at the end.

    ``files`` is how many files were checked, told where there is no problem; ``suppressed`` how many findings comments
    left out. Source lines are cut to ``width``
    columns; messages aren't. Without ``color`` the text is the same, without escape sequences. No newline at the end.
    """
    paint = _ansi if color else _plain
    ordered = in_order(problems)
    blocks = ["\n".join(_block(problem, paint, width)) for problem in ordered]
    hidden = f" ({suppressed} suppressed)" if suppressed else ""
    return "\n\n".join([*blocks, Summary.of(ordered, files=files).text + hidden])


def _block(problem: Problem, paint: Paint, width: int) -> Iterator[str]:
    place, tint = problem.position, _COLOR[problem.severity]
    number = str(place.line) if place.line else ""
    severity, message = paint(tint, f"{problem.severity}:"), paint(_BOLD, visible(problem.message))
    yield f"{severity} {message} [{visible(problem.rule)}]"
    if where := _where(problem):
        yield f"{' ' * (len(number) or 1)} {paint(_FRAME, '-->')} {where}"
    if number and problem.excerpt:
        yield from _source(problem, number, lambda carets: paint(tint, carets), paint, width)
    if problem.hint:
        yield f"  {paint(_HINT, 'hint:')} {visible(problem.hint)}"


def _where(problem: Problem) -> str:
    place = problem.position
    if not place.path:
        return visible(problem.address)
    numbers = [str(number) for number in (place.line, place.column) if place.line and number]
    return ":".join([visible(place.path), *numbers])


def _source(problem: Problem, number: str, mark: Callable[[str], str], paint: Paint, width: int) -> Iterator[str]:
    bar, margin = paint(_FRAME, "|"), " " * len(number)
    room = width - len(f" {number} | ")
    line, carets = snippet(problem.excerpt, column=problem.position.column, length=problem.length, width=room)
    yield f" {margin} {bar}"
    yield f" {paint(_FRAME, number)} {bar} {line}"
    if carets:
        indent = carets[: -len(carets.lstrip())]
        yield f" {margin} {bar} {indent}{mark(carets.lstrip())}"


def _plain(_style: str, text: str) -> str:
    return text


def _ansi(style: str, text: str) -> str:
    return f"\x1b[{style}m{text}\x1b[0m"
