"""Problems for a person: the message, the place, the user's own line with a caret, and what to do."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from deployer.source.problems import Severity
from deployer.views.problems.report import Summary, by_rule, in_order
from deployer.views.problems.snippet import snippet
from deployer.views.problems.terminal import cut, visible

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from deployer.source.problems import Problem
    from deployer.views.problems.report import Report

    Paint = Callable[[str, str], str]

MANY = 10
"""Problems up to which the report itself shows at a glance which rules were broken."""

_LEAST = 40
"""Columns below which wrapping would tear words apart: a narrower terminal wraps by itself."""

_BOLD, _FRAME, _HINT = "1", "34", "1;36"
_COLOR = {Severity.ERROR: "1;31", Severity.WARNING: "1;33", Severity.INFO: "1;36"}
"""Parameters of ANSI's "select graphic rendition": color only ever repeats what a word already says."""


def render_text(
    problems: Iterable[Problem],
    *,
    files: int | None = None,
    suppressed: int = 0,
    color: bool = False,
    width: int = 80,
    wrap: bool = False,
) -> str:
    """Show problems in the order of their places, a blank line between two, and a summary line at the end.

    ``files`` is how many files were checked, shown where there is no problem; ``suppressed`` how many findings comments
    left out. Source lines are cut to ``width`` columns; messages and hints are wrapped at it with ``wrap``. More than
    ``MANY`` problems are counted by rule at the end, and so is what more than ``MANY`` of a rule say. Without ``color``
    the text is the same, without escape sequences. No newline at the end.
    """
    paint = painter(color=color)
    ordered = in_order(problems)
    room = max(width, _LEAST) if wrap else 0
    blocks = ["\n".join(_block(problem, paint, width, room)) for problem in ordered]
    counted = ["\n".join(_counted(ordered, paint, room))] if len(ordered) > MANY else []
    return "\n\n".join([*blocks, *counted, summary(ordered, files, suppressed)])


def report_text(report: Report, *, color: bool = False, width: int = 80, wrap: bool = False) -> str:
    """Show a report, as ``render_text`` shows its problems."""
    hidden = len(report.suppressed)
    return render_text(report.problems, files=report.files, suppressed=hidden, color=color, width=width, wrap=wrap)


def summary(problems: Sequence[Problem], files: int | None, suppressed: int) -> str:
    """The last line of a report for people."""
    hidden = f" ({suppressed} suppressed)" if suppressed else ""
    return Summary.of(problems, files=files).text + hidden


def rules(problems: Sequence[Problem], paint: Paint) -> Iterator[str]:
    """How often each rule was broken, a line a rule."""
    rule_counts = by_rule(problems)
    digits = max((len(f"{rule_count.count:,}") for rule_count in rule_counts), default=0)
    for each_count in rule_counts:
        severity = paint(_COLOR[each_count.severity], str(each_count.severity))
        yield f"{each_count.count:>{digits},}  {severity}  {visible(each_count.rule)}"


def _counted(problems: Sequence[Problem], paint: Paint, room: int) -> Iterator[str]:
    """How often each rule was broken, and how often alike: one wrong name in a thousand texts is one thing to mend."""
    alike = Counter((problem.rule, problem.severity, problem.message) for problem in problems)
    often = [each for each in alike.most_common() if each[1] > MANY]
    for row, of in zip(rules(problems, paint), by_rule(problems), strict=True):
        yield row
        for (rule, severity, message), number in often:
            if (rule, severity) == (of.rule, of.severity):
                yield from _wrapped([("", f"{number:,} times:"), ("", visible(message))], paint, room, "   ")


def _block(problem: Problem, paint: Paint, width: int, room: int) -> Iterator[str]:
    place, tint = problem.position, _COLOR[problem.severity]
    number = str(place.line) if place.line else ""
    words = [(tint, f"{problem.severity}:"), (_BOLD, visible(problem.message)), ("", f"[{visible(problem.rule)}]")]
    yield from _wrapped(words, paint, room, "")
    if found := where(problem):
        yield f"{' ' * (len(number) or 1)} {paint(_FRAME, '-->')} {found}"
    if number and problem.excerpt:
        yield from _source(problem, number, lambda carets: paint(tint, carets), paint, width)
    if problem.hint:
        yield from _wrapped([(_HINT, "hint:"), ("", visible(problem.hint))], paint, room, "  ")


def _wrapped(parts: Sequence[tuple[str, str]], paint: Paint, room: int, margin: str) -> Iterator[str]:
    """Parts (style and text) with a space between two, wrapped at ``room`` columns (0: not), the rows below hanging."""
    texts = [*(f"{text} " for _, text in parts[:-1]), parts[-1][1]]
    whole, hang, end = "".join(texts), f"{margin}  ", 0
    pieces = cut(whole, room - len(margin), room - len(hang)) if room else [whole]
    for number, piece in enumerate(pieces):
        start, end = end, end + len(piece)
        row = "".join(_painted(parts, texts, paint, start, start + len(piece.rstrip())))
        yield (hang if number else margin) + row


def _painted(
    parts: Sequence[tuple[str, str]], texts: Sequence[str], paint: Paint, first: int, last: int
) -> Iterator[str]:
    """What is between two offsets of the texts together, each in its part's style; spaces between parts have none."""
    start = 0
    for (style, text), spaced in zip(parts, texts, strict=True):
        shown = text[max(first - start, 0) : max(last - start, 0)]
        yield paint(style, shown) if style and shown else shown
        yield spaced[len(text) :] if first <= start + len(text) < last else ""
        start += len(spaced)


def where(problem: Problem) -> str:
    """The place of a problem: path, line and column, or the resource where there is no file."""
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


def painter(*, color: bool) -> Paint:
    """What puts a text into a style, or doesn't."""
    return _ansi if color else _plain


def _plain(_style: str, text: str) -> str:
    return text


def _ansi(style: str, text: str) -> str:
    return f"\x1b[{style}m{text}\x1b[0m"
