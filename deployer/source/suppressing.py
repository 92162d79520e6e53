"""Comments in YAML that suppress findings: ``# deployer: ignore[RULE, RULE] reason until 2027-01-31``.

Only what YAML itself takes for a comment counts: a ``#`` inside a quoted text or a block scalar is text. A comment
behind a value holds for its line, one on a line of its own for the next line; where a text begins on that line (after
``|``, or in quotes) it holds for the whole text.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from datetime import date
from typing import TYPE_CHECKING

from deployer.dataclass import dataclass
from deployer.source.suggestion import did_you_mean
from deployer.source.suppression import Suppression

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deployer.source.events import Event
    from deployer.source.source_file import SourceFile

_WORD = "deployer:"
_END = "\n\r"
_COMMENT = rf"(?:(?<=[ \t{_END}])|\A)#[ \t]*{_WORD}(?=[ \t]*(?P<said>[^{_END}]*))"
_IGNORE = r"(?P<verb>[A-Za-z]+)\s*(?P<list>\[(?P<rules>[^\]]*)(?P<end>\]?))?\s*(?P<reason>.*)"
_UNTIL = r"\s*\buntil\s+(?P<day>\d+[-./]\S*?)\.?(?=\s|$)"
"""These are compiled where they are used: few files have such a comment."""


@dataclass(frozen=True, slots=True)
class _Span:
    """The characters that a scalar takes, and those of them in which no comment can begin."""

    start: int
    inner: int
    end: int


def suppressions(file: SourceFile) -> tuple[Suppression, ...]:
    """Find the comments of a file that are meant for deployer, those that can't be read too, in their order."""
    if _WORD not in file.text:
        return ()
    lines = _Lines(file)
    return tuple(
        _suppression(file, match, lines)
        for match in re.finditer(_COMMENT, file.text)
        if _is_meant(match["said"]) and not lines.in_scalar(match.start())
    )


class _Lines:
    """What the lines of a file hold, each found once: many comments ask."""

    def __init__(self, file: SourceFile) -> None:
        self._spans = tuple(_spans(file.text))
        self._starts = [span.start for span in self._spans]
        self._last: dict[int, int] = {}
        for span in self._spans:
            first = file.place(span.start)[0]
            self._last[first] = max(self._last.get(first, 0), file.place(max(span.start, span.end - 1))[0])
        self._next = _next_lines(file)

    def in_scalar(self, offset: int) -> bool:
        """Whether no comment can begin at a place, since a scalar has it."""
        before = bisect_right(self._starts, offset) - 1
        return before >= 0 and self._spans[before].inner <= offset < self._spans[before].end

    def last(self, first: int) -> int:
        """The last line of what begins on a line."""
        return max(first, self._last.get(first, first))

    def target(self, line: int) -> int:
        """The line that a comment on a line of its own is about: the next one that isn't a comment."""
        return self._next.get(line, line + 1)


def _next_lines(file: SourceFile) -> dict[int, int]:
    """For each line that is a comment, the next line that isn't."""
    numbers: dict[int, int] = {}
    lines = file.lines()
    for number in range(len(lines), 0, -1):
        if lines[number - 1].lstrip().startswith("#"):
            numbers[number] = numbers.get(number + 1, number + 1)
    return numbers


def _spans(text: str) -> Iterator[_Span]:
    """The scalars of a file, as far as it is YAML."""
    import yaml  # noqa: PLC0415 - PyYAML is slow to import, and few files have such a comment

    from deployer.source.events import events, is_a  # noqa: PLC0415 - it imports PyYAML

    try:
        for event in events(text):
            if is_a(event, yaml.ScalarEvent):
                yield _span(text, event)
    except yaml.YAMLError:
        return


def _span(text: str, event: Event) -> _Span:
    start, end = event.start_mark.index, event.end_mark.index
    if event.style not in ("|", ">"):
        return _Span(start, start, end)
    header = next((place for place in range(start, end) if text[place] in _END), end)
    return _Span(start, header, end)  # behind `|` there may be a comment


def _is_meant(comment: str) -> bool:
    """Whether a comment that begins with the word wants to suppress something; prose about deployer doesn't."""
    match = re.match(_IGNORE, comment)
    return bool(match and (match["list"] or match["verb"].lower() == "ignore"))


def _suppression(file: SourceFile, match: re.Match[str], lines: _Lines) -> Suppression:
    line, column = file.place(match.start())
    first = lines.target(line) if not file.line(line)[: column - 1].strip() else line
    text = (match[0] + file.text[match.end() : match.end("said")]).rstrip()
    return _read((file, line, column, text, first, lines.last(first)), match["said"].strip())


def _read(place: tuple[SourceFile, int, int, str, int, int], comment: str) -> Suppression:
    words = re.fullmatch(_IGNORE, comment)
    rules = tuple(name.strip() for name in (words["rules"] or "").split(",")) if words else ()
    mistake = _mistake(words, rules)
    if mistake or words is None:
        return Suppression(*place, mistake=mistake or "this comment can't be read")
    until = re.search(_UNTIL, words["reason"])
    day = _day(until["day"]) if until else None
    if until and day is None:
        return Suppression(*place, mistake=f"`{until['day']}` is not a date such as 2027-01-31")
    reason = re.sub(_UNTIL, "", words["reason"], count=1).strip(" \t-:")
    return Suppression(*place, rules=rules, reason=reason, until=day)


def _mistake(words: re.Match[str] | None, rules: tuple[str, ...]) -> str:
    if words is None or words["verb"] != "ignore":
        verb = words["verb"] if words else ""
        near = did_you_mean(verb, ("ignore",))
        return f"deployer knows no `{verb}`" + (f"; {near}" if near else "")
    if words["list"] is None:
        return "put the rule's id in brackets after `ignore`"
    if not words["end"]:
        return "the bracket behind `ignore` isn't closed"
    return "" if all(rules) else "the brackets must hold ids of rules with commas between them"


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else None
    except ValueError:
        return None
