"""How the compiler knows where it is: calls that the lexer puts between the pieces of a text."""

from __future__ import annotations

import re
from dataclasses import field
from typing import TYPE_CHECKING, Any, NoReturn, TypeAlias

from jinja2.exceptions import TemplateRuntimeError, TemplateSyntaxError
from jinja2.lexer import Lexer

from deployer.dataclass import dataclass
from deployer.messages.composed import TAG, Span
from deployer.messages.recalled import Amount

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jinja2 import Environment

    from deployer.messages.composed import Source

_OPEN, _END, _CLOSE = "\U0010fff0", "\U0010fff1", "\U0010fff2"
MARKS = re.compile(f"[{_OPEN}{_END}{_CLOSE}]")
"""The last private-use characters of Unicode, which no font of symbols uses."""

COMMENT = (_OPEN * 2, _CLOSE * 2)
"""Comment delimiters that can't occur, since texts with these characters are refused."""

_MARK = re.compile(f"{_OPEN}([0-9]+),([0-9]+),([0-9]+){_END}|{_CLOSE}")
_STEPS = 200_000
_SIZE = 8 * 1024 * 1024
_WORK = 20_000_000
_WORK_OF_A_STEP = 100
_TAGS = 4_000
_WORDS = 20_000
_BEGINS = frozenset({"variable_begin", "block_begin", "raw_begin"})
_AROUND = frozenset({"data", "whitespace"})

Place: TypeAlias = tuple[int, int]
"""A source's number and an offset in its text."""

_Raw: TypeAlias = tuple[int, str, str]
OPEN_CALL, CLOSE_CALL, PASS_CALL, LEAVE_CALL = (f"_deployer_{name}" for name in ("open", "close", "pass", "leave"))
_MACRO_END = re.compile(r"\[%[-+]?\s*end(?:macro|call)\b")


@dataclass(slots=True)
class Journal:
    """Where one rendering is and how much it has done.

    ``source`` finds a text by its number and ``number`` a number by its name; ``reached`` is how far each was read,
    ``visits`` how often the rendering was at a place, in the order in which it came there first. ``base`` is where
    the text's own template begins in it.
    """

    marked: bool
    source: Callable[[int], Source]
    number: Callable[[str], int]
    opened: list[Place] = field(default_factory=list)
    last: Place = (0, 0)
    reached: dict[str, int] = field(default_factory=dict)
    visits: dict[Place, int] = field(default_factory=dict)
    steps: int = 0
    size: int = 0
    work: int = 0
    base: int = 0

    def open(self, number: int, offset: int, length: int) -> str:
        """Before plain text of a length, or (length 0) before an expression."""
        offset += 0 if number else self.base
        self.opened.append((number, offset))
        self.step((number, offset), length)
        return f"{_OPEN}{number},{offset},{length}{_END}" if self.marked else ""

    def close(self) -> str:
        """After what was opened last."""
        if self.opened:
            self.last = self.opened.pop()
        self.leave()
        return _CLOSE if self.marked else ""

    def leave(self) -> str:
        """At a macro's end: back to the expression that called it. Writes nothing."""
        if self.opened:
            self.last = self.opened[-1]
        return ""

    def passing(self, number: int, offset: int) -> str:
        """Before a block tag: writes nothing."""
        self.step((number, offset), 0)
        return ""

    def step(self, place: Place, size: int) -> None:
        """Count the work, so that loops in loops end with an error."""
        self.last = place
        self.visits[place] = self.visits.get(place, 0) + 1
        self.steps += 1
        self.grow(size)

    def spend(self, amount: int) -> None:
        """Count the work that expressions are, in characters and elements that are looked at."""
        self.work += amount
        if self.work > _WORK:
            raise TemplateRuntimeError("the text takes too much work to make; are there loops in loops?")

    @property
    def amount(self) -> Amount:
        """What was done until now."""
        return Amount(self.steps, self.size, self.work)

    @property
    def cost(self) -> int:
        """What was done until now, in steps."""
        return cost(self.amount)

    def grow(self, size: int) -> None:
        """Count what is written, so that a text can't fill the memory."""
        self.size += size
        if self.steps > _STEPS or self.size > _SIZE:
            raise TemplateRuntimeError("the text becomes too long; are there loops in loops?")


def cost(amount: Amount) -> int:
    """What a rendering did, in steps."""
    return amount.steps + amount.work // _WORK_OF_A_STEP


def are_within_limits(amount: Amount) -> bool:
    """Whether a rendering may do so much."""
    return amount.steps <= _STEPS and amount.size <= _SIZE and amount.work <= _WORK


def _nowhere(_: object) -> NoReturn:
    raise LookupError("no rendering has begun")


NOWHERE = Journal(marked=False, source=_nowhere, number=_nowhere)
"""Where a sandbox is before its first rendering."""


class MarkingLexer(Lexer):
    """Jinja's lexer, with a call to the journal around each piece of text and expression, and before each block tag."""

    def __init__(self, environment: Environment, journal: Journal) -> None:
        super().__init__(environment)
        self.rules = {**self.rules, "root": [_no_tags_of_digits(rule) for rule in self.rules["root"]]}
        self.journal = journal

    def tokeniter(
        self,
        source: str,
        name: str | None,
        filename: str | None = None,
        state: str | None = None,
    ) -> Iterator[_Raw]:
        """Yield the tokens of a text whose lines end with a line feed; Jinja's lexer drops nothing but white space."""
        number, offset, tags, words = self.journal.number(name or ""), 0, 0, 0
        for line, token, value in super().tokeniter(source, name, filename, state):
            offset = source.index(value, offset)
            self.journal.reached[name or ""] = offset
            tags += token in _BEGINS
            if tags > _TAGS:
                raise TemplateSyntaxError(f"the text has more than {_TAGS:,} tags between [[ ]] and [% %]", line, name)
            words += token not in _AROUND
            if words > _WORDS:
                what = f"the text has more than {_WORDS:,} words and signs between [[ ]] and [% %]"
                raise TemplateSyntaxError(what, line, name)
            yield from _before(line, token, number, offset, len(value), ends=bool(_MACRO_END.match(source, offset)))
            yield line, token, value
            if token in ("data", "variable_end"):
                yield from _call(line, CLOSE_CALL)
            offset += len(value)


def _no_tags_of_digits(rule: Any) -> Any:
    """A rule of the lexer for tags as we have them: none begins with a digit."""
    return rule._replace(pattern=re.compile(rule.pattern.pattern.replace(r"\[%", TAG), rule.pattern.flags))


def _before(line: int, kind: str, number: int, offset: int, length: int, *, ends: bool) -> Iterator[_Raw]:
    """Yield the call in front of a token of this kind, if any; ``ends``: it is a tag that ends a macro."""
    if kind == "data":
        yield from _call(line, OPEN_CALL, number, offset, length)
    elif kind == "variable_begin":
        yield from _call(line, OPEN_CALL, number, offset, 0)
    elif kind == "block_begin" and ends:
        yield from _call(line, LEAVE_CALL)
    elif kind == "block_begin":
        yield from _call(line, PASS_CALL, number, offset)


def _call(line: int, function: str, *arguments: int) -> Iterator[_Raw]:
    yield line, "variable_begin", "[["
    yield line, "name", function
    yield line, "operator", "("
    for index, argument in enumerate(arguments):
        if index:
            yield line, "operator", ","
        yield line, "integer", str(argument)
    yield line, "operator", ")"
    yield line, "variable_end", "]]"


def without_marks(text: str) -> str:
    """Take the marks out of a text."""
    return _MARK.sub("", text) if _CLOSE in text else text


def are_balanced(marked: str) -> bool:
    """Whether each place that is opened in a text is closed in it, and no other."""
    depth = 0
    for mark in _MARK.finditer(marked):
        depth += 1 if mark[1] else -1
        if depth < 0:
            return False
    return depth == 0


def read_marks(marked: str) -> tuple[str, list[Span]]:
    """Take the marks out of a text: what is left, and where each part of it came from."""
    reader = _Reader()
    end = 0
    for mark in _MARK.finditer(marked):
        reader.read(marked[end : mark.start()])
        reader.turn(mark)
        end = mark.end()
    reader.read(marked[end:])
    return "".join(reader.parts), reader.spans


@dataclass(slots=True)
class _Reader:
    parts: list[str] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)
    opened: list[tuple[int, int, bool]] = field(default_factory=list)
    length: int = 0

    def turn(self, mark: re.Match[str]) -> None:
        if mark[1]:
            self.opened.append((int(mark[1]), int(mark[2]), int(mark[3]) > 0))
        elif self.opened:
            self.opened.pop()

    def read(self, text: str) -> None:
        if not text:
            return
        source, offset, exact = self.opened[-1] if self.opened else (0, 0, False)
        self.spans.append(Span(self.length, self.length + len(text), source, offset, exact))
        self.parts.append(text)
        self.length += len(text)
