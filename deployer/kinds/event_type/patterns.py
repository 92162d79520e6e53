"""Texts that match a JSON Schema ``pattern``: enough of regular expressions for the patterns that people write.

Look-around, back references and flags aren't read: ``matching`` then has nothing to offer. The caller checks what is
offered against the schema itself, so that a pattern that is read wrongly here does no harm.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from typing import Protocol, TypeAlias

from deployer.dataclass import dataclass
from deployer.errors import InnerError
from deployer.kinds.event_type.bounds import MANY

_UNUSUAL = "’ë–ł🎁"  # noqa: RUF001 - unusual characters are the point
_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_DIGITS = "1234567890"
_USUAL = f"{_LETTERS}{_DIGITS} -_.,:/#&()'"
_CONTROL = {"n": "\n", "r": "\r", "t": "\t", "f": "\f", "v": "\v"}

Test: TypeAlias = Callable[[str], bool]


class PatternError(InnerError, ValueError):
    """A pattern that isn't read here."""


class PatternNode(Protocol):
    """A part of a pattern."""

    def text(self, times: int, *, unusual: bool) -> str:
        """Give a text that matches; what may repeat does so ``times`` times, within its own bounds."""
        ...


@dataclass(frozen=True, slots=True)
class _Chars:
    test: Test

    def text(self, times: int, *, unusual: bool) -> str:
        del times
        return self.cycle(1, unusual=unusual)[:1]

    def cycle(self, length: int, *, unusual: bool) -> str:
        """Give ``length`` characters one after the other, rather than one again and again."""
        order = (_UNUSUAL + _USUAL) if unusual else (_USUAL + _UNUSUAL)
        fit = [char for char in order if self.test(char)] or list(_any_that_fits(self.test))
        if unusual and fit and fit[0] in _UNUSUAL:
            fit = [char for char in fit if char in _UNUSUAL]
        return "".join(fit[index % len(fit)] for index in range(length))


def _any_that_fits(test: Test) -> Iterator[str]:
    character = next((char for char in map(chr, range(0x20, 0x3000)) if test(char)), None)
    if character is None:
        raise PatternError("a class of characters that nothing is in")
    yield character


@dataclass(frozen=True, slots=True)
class _Sequence:
    parts: tuple[PatternNode, ...]

    def text(self, times: int, *, unusual: bool) -> str:
        return "".join(part.text(times, unusual=unusual) for part in self.parts)


@dataclass(frozen=True, slots=True)
class _Choice:
    options: tuple[PatternNode, ...]

    def text(self, times: int, *, unusual: bool) -> str:
        texts = [option.text(times, unusual=unusual) for option in self.options]
        return max(texts, key=len) if times else texts[0]


@dataclass(frozen=True, slots=True)
class _Repeat:
    part: PatternNode
    least: int
    most: int

    def text(self, times: int, *, unusual: bool) -> str:
        count = min(max(times, self.least), self.most)
        if isinstance(self.part, _Chars):
            return self.part.cycle(count, unusual=unusual) if count else ""
        once = self.part.text(times, unusual=unusual) if count else ""
        return once * min(count, -(-MANY // max(len(once), 1)))


def matching(pattern: str, *, least: int, most: int, unusual: bool = False, longest: bool = False) -> str | None:
    """Give a text that matches the pattern: the shortest that is known of ``least`` or more characters, or the longest.

    ``most`` bounds its length in characters. ``unusual`` prefers characters outside of the alphabet of texts where the
    pattern lets them in. ``None`` where the pattern can't be read or its texts are too long.
    """
    try:
        node = _Reader(pattern).whole()
        return _fitting(node, least, min(most, MANY), unusual=unusual, longest=longest)
    except (PatternError, RecursionError):
        return None


def _fitting(node: PatternNode, least: int, most: int, *, unusual: bool, longest: bool) -> str | None:
    """Search how often parts may repeat: the length grows with it."""
    low, high = 0, most
    best: str | None = None
    while low <= high:
        times = (low + high) // 2
        text = node.text(times, unusual=unusual)
        if len(text) > most:
            high = times - 1
        elif longest or len(text) < least:
            best, low = text, times + 1
        else:
            best, high = text, times - 1
    return best if best is not None and len(best) >= least else None


@dataclass(slots=True)
class _Reader:
    """One pass over a pattern."""

    pattern: str
    at: int = 0

    def whole(self) -> PatternNode:
        node = self.choice()
        if self.at < len(self.pattern):
            raise PatternError("a parenthesis that nothing opened")
        return node

    def peek(self, text: str) -> bool:
        return self.pattern.startswith(text, self.at)

    def take(self, text: str) -> bool:
        ahead = self.peek(text)
        self.at += len(text) if ahead else 0
        return ahead

    def next(self) -> str:
        if self.at >= len(self.pattern):
            raise PatternError("a pattern that ends too early")
        self.at += 1
        return self.pattern[self.at - 1]

    def choice(self) -> PatternNode:
        options = [self.sequence()]
        while self.take("|"):
            options.append(self.sequence())
        return options[0] if len(options) == 1 else _Choice(tuple(options))

    def sequence(self) -> PatternNode:
        parts: list[PatternNode] = []
        while self.at < len(self.pattern) and not self.peek("|") and not self.peek(")"):
            if not (self.take("^") or self.take("$")):
                parts.append(self.repeated(self.atom()))
        return _Sequence(tuple(parts))

    def repeated(self, part: PatternNode) -> PatternNode:
        bounds = self.bounds()
        if bounds is None:
            return part
        if not self.take("?"):
            self.take("+")
        return _Repeat(part, *bounds)

    def bounds(self) -> tuple[int, int] | None:
        for sign, least, most in (("*", 0, MANY), ("+", 1, MANY), ("?", 0, 1)):
            if self.take(sign):
                return least, most
        if not self.take("{"):
            return None
        inside = self.until("}")
        low, comma, high = inside.partition(",")
        if not low.isdecimal() or (high and not high.isdecimal()):
            raise PatternError("a repetition without numbers")
        least = int(low)
        return least, int(high) if high else (MANY if comma else least)

    def until(self, end: str) -> str:
        stop = self.pattern.find(end, self.at)
        if stop < 0:
            raise PatternError(f"a {end} is missing")
        inside, self.at = self.pattern[self.at : stop], stop + len(end)
        return inside

    def atom(self) -> PatternNode:
        char = self.next()
        if char == "(":
            return self.group()
        if char == "[":
            return _Chars(self.members())
        if char == ".":
            return _Chars(lambda char: char != "\n")
        return _Chars(_test(self.escape() if char == "\\" else char))

    def group(self) -> PatternNode:
        if self.take("?<") and not (self.peek("=") or self.peek("!")):
            self.until(">")
        elif self.take("?") and not self.take(":"):
            raise PatternError("a group that looks around or sets flags")
        inside = self.choice()
        if not self.take(")"):
            raise PatternError("a parenthesis that nothing closes")
        return inside

    def escape(self) -> str | Test:
        """Read what follows a backslash: a character, or a class of characters."""
        char = self.next()
        if char in "pP":
            return self.category(negated=char == "P")
        if char.lower() in _CLASSES:
            test = _CLASSES[char.lower()]
            return test if char.islower() else lambda char: not test(char)
        if char in _CONTROL:
            return _CONTROL[char]
        if char in "xu":
            return self.code(2 if char == "x" else 4)
        if char.isalnum():
            raise PatternError(f"\\{char} isn't read")
        return char

    def code(self, digits: int) -> str:
        r"""Read a character by its number: ``\x41``, ``\u0041``, ``\u{1F381}``."""
        if not self.take("{"):
            self.at, written = self.at + digits, self.pattern[self.at : self.at + digits]
        else:
            written = self.until("}")
        try:
            return chr(int(written, 16))
        except (ValueError, OverflowError):
            raise PatternError("a character's number that isn't one") from None

    def category(self, *, negated: bool) -> Test:
        name = self.until("}").removeprefix("{") if self.peek("{") else self.next()
        if len(name) > 2:  # noqa: PLR2004 - general categories are a letter or two; scripts and long names aren't read
            raise PatternError(f"the category {name} isn't read")
        return lambda char: unicodedata.category(char).startswith(name) != negated

    def members(self) -> Test:
        negated = self.take("^")
        tests: list[Test] = []
        while not self.take("]") or not tests:
            tests.append(self.member())
        return lambda char: any(test(char) for test in tests) != negated

    def member(self) -> Test:
        start = self.end()
        if not isinstance(start, str) or not self.peek("-") or self.peek("-]"):
            return _test(start)
        self.take("-")
        end = self.end()
        if not isinstance(end, str):
            raise PatternError("a range up to a class of characters")
        return lambda char: start <= char <= end

    def end(self) -> str | Test:
        """Read one end of a range, or a character by itself."""
        char = self.next()
        return self.escape() if char == "\\" else char


def _test(what: str | Test) -> Test:
    return _is(what) if isinstance(what, str) else what


def _is(char: str) -> Test:
    def test(text: str) -> bool:
        return text == char

    return test


_CLASSES: dict[str, Test] = {
    "d": lambda char: char in _DIGITS,
    "w": lambda text: text in _LETTERS or text in _DIGITS or text == "_",
    "s": lambda text: text == " ",
}
