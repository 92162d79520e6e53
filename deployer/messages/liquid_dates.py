"""Liquid's ``date`` as the reference engine has it: what it reads as a moment, and what it makes of a form.

Ruby reads more than Python does (`May 2026` is its first day, `05/10/2026` has its day in front), and its ``strftime``
has directives, flags and widths that C's lacks. Import this module only where a text needs a parser.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from dateutil import parser, tz  # type: ignore[import-untyped]  # python-liquid brings it; its stubs are a package more

from deployer.errors import InnerError
from deployer.messages.virtual import NOW, look_at_the_clock

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import tzinfo

_DAY_FIRST = re.compile(r"\s*(\d{1,2})([/.-])(\d{1,2})\2(\d{4})(?!\d)(.*)", re.DOTALL)
_YEAR_FIRST = re.compile(r"\s*(\d{1,2})([/.-])(\d{1,2})\2(\d{1,2})(?!\d)(.*)", re.DOTALL)
_CENTURY = 69
_LONGEST = 100
_WHOLE = re.compile(r"\d{4}-\d\d-\d\d(?!\d)")
_NO_DATE = re.compile(r"\s*(?:[A-Za-z]+|\d+\.\d+|\d{4}-\d\d)?\s*")
_MONTH = re.compile(r"(?i)\s*(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\s*")
_ZONE_NAMED = re.compile(r"\s*\([^()]*\)\s*$|\s+[A-Z][A-Za-z_]+/[A-Z][A-Za-z_/]+\s*$|(?<=[+-]\d{4})\s+[A-Z]{3,4}\s*$")
"""A zone's name behind its offset, as JavaScript and Go write it, or in place of one: Ruby passes over both."""

_MIDNIGHT = re.compile(r"(?<![\d:])24:00(?::00(?:\.0{1,9})?)?(?![\d:.])")
"""The end of a day, which is the beginning of the next."""

_EVERY_MONTH, _LONGEST_MONTH, _MONTHS_OF_A_YEAR = 28, 31, 12
_LATE_DAY = re.compile(r"(?<![\d:.])(?:29|30|31)(?![\d:])")
_DIRECTIVE = re.compile(r"%([-_0^#]*)(\d*)(:{0,2})([A-Za-z%])")
_WIDEST = 99


class WideError(InnerError, ValueError):
    """A form whose directives are wider than any date."""


def moment_of(value: Any) -> datetime | None:
    """The moment that a value names; ``None`` where the reference engine finds none, and prints the value itself.

    “now” is the virtual clock's while there is one. Raises ``ValueError`` for a year that no calendar has.
    """
    if isinstance(value, str) and value.strip().lower() in {"now", "today"} and value == value.strip():
        return _now()
    if isinstance(value, str) and value.isdecimal():
        value = int(value) if len(value) < _LONGEST else None
    if isinstance(value, int) and not isinstance(value, bool):
        return _of_seconds(value)
    return _of_text(value) if isinstance(value, str) else None


def _now() -> datetime:
    virtual = NOW.get()
    if virtual:
        return virtual
    look_at_the_clock()
    return datetime.now(UTC)


def _zone_here() -> tzinfo:
    """The zone of a moment that names none: the virtual clock's, else UTC, so that every machine prints the same."""
    virtual = NOW.get()
    return (virtual.tzinfo if virtual else None) or UTC


def _of_seconds(seconds: int) -> datetime:
    try:
        return datetime.fromtimestamp(seconds, _zone_here())
    except (OverflowError, OSError, ValueError):
        message = f"`date` reads a number as seconds since 1970, and {seconds} is too many; are they milliseconds?"
        raise ValueError(message) from None


def _of_text(text: str) -> datetime | None:
    ordered = _ordered(text) if len(text) <= _LONGEST else None
    if ordered is None or (_NO_DATE.fullmatch(ordered) and not _MONTH.fullmatch(ordered)):
        return None
    text = _ZONE_NAMED.sub("", ordered)
    if not _WHOLE.match(text):  # a day whose year, or more of it, is the present one
        look_at_the_clock()
    midnight = _MIDNIGHT.sub("00:00", text)
    try:
        read = _rolled(midnight)
        return read if midnight == text else read + timedelta(days=1)
    except (ValueError, OverflowError):  # dateutil's own error is a ValueError
        return None


def _rolled(text: str) -> datetime:
    """Read a text; a day up to the 31st that its month doesn't have is one of the next month's."""
    try:
        return _parsed(text)
    except ValueError:
        match = _LATE_DAY.search(text)
        if match is None:
            raise
        read = _parsed(text[: match.start()] + str(_EVERY_MONTH) + text[match.end() :])
        if read.day != _EVERY_MONTH:
            raise
        return read + timedelta(days=int(match[0]) - _EVERY_MONTH)


def _parsed(text: str) -> datetime:
    """Read a text; a day that it doesn't name is the first of the month that it names, else today."""
    today = (NOW.get() or datetime.now(UTC)).replace(tzinfo=None, hour=0, minute=0, second=0, microsecond=0)
    first, other = today.replace(month=1, day=1), today.replace(month=2, day=2)
    read = partial(parser.parse, text, tzinfos=_offset_only)
    moment: datetime = read(default=first)
    second: datetime = read(default=other)
    whole: datetime = moment if moment.month == second.month else read(default=today)
    return whole


def _offset_only(name: str | None, offset: int | None) -> tzinfo | None:
    """The zone that a text names by its offset; dateutil would know `EST` too, on a machine that is in it."""
    if offset is None:
        return None
    return tz.tzoffset(name, offset) if offset else UTC


def _ordered(text: str) -> str | None:
    """A text in the order of a date that every reader agrees on; ``None`` where no calendar has such a day."""
    match = _DAY_FIRST.fullmatch(text)
    if match:
        return _iso(int(match[4]), int(match[3]), int(match[1]), match[5])
    match = _YEAR_FIRST.fullmatch(text)
    if match:
        year = int(match[1]) + (2000 if int(match[1]) < _CENTURY else 1900)
        return _iso(year, int(match[3]), int(match[4]), match[5])
    return text


def _iso(year: int, month: int, number: int, rest: str) -> str | None:
    if not (1 <= month <= _MONTHS_OF_A_YEAR and 1 <= number <= _LONGEST_MONTH):
        return None
    return f"{year:04}-{month:02}-{number:02}{rest}"


def strftime(moment: datetime, form: str) -> str:
    """A moment in a form, as Ruby's ``strftime`` writes it. Raises ``WideError``."""
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=_zone_here())
    return _DIRECTIVE.sub(lambda match: _written(moment, match), form)


def _written(moment: datetime, match: re.Match[str]) -> str:
    flags, width, colons, letter = match.groups()
    if width and int(width) > _WIDEST:
        raise WideError(f"a width in the form of a date goes up to {_WIDEST}")
    if letter == "z":
        return _offset(moment, len(colons))
    if colons:
        return match[0]
    if letter in _FRACTIONS:
        return _fraction(moment, int(width or _FRACTIONS[letter]))
    if letter in _NUMBERS:
        value, digits, pad = _NUMBERS[letter]
        return _padded(str(value(moment)), flags, width or digits, pad)
    words = strftime(moment, _COMPOUND[letter]) if letter in _COMPOUND else _WORDS.get(letter, _unknown)(moment)
    return match[0] if words is None else _cased(_padded(words, flags, width or 0, " "), flags, letter)


def _padded(text: str, flags: str, width: int | str, pad: str) -> str:
    for flag in flags:
        if flag in _PADS:
            pad = _PADS[flag]
    if not pad:
        return text
    return text.rjust(int(width), pad)


def _cased(text: str, flags: str, letter: str) -> str:
    if "^" in flags:
        return text.upper()
    if "#" in flags:
        return text.lower() if letter in "pZ" else text.upper()
    return text


def _fraction(moment: datetime, digits: int) -> str:
    return f"{moment.microsecond:06d}".ljust(digits, "0")[:digits]


def _offset(moment: datetime, colons: int) -> str:
    seconds = int((moment.utcoffset() or timedelta()).total_seconds())
    sign, seconds = ("-" if seconds < 0 else "+"), abs(seconds)
    parts = [f"{seconds // 3600:02d}", f"{seconds // 60 % 60:02d}", *([f"{seconds % 60:02d}"] if colons > 1 else [])]
    return sign + (":" if colons else "").join(parts)


def _zone(moment: datetime) -> str:
    """A zone's name; an offset that was written out has none."""
    name = moment.tzname() or ""
    return "UTC" if moment.tzinfo is UTC or name in {"UTC", "Z", "GMT"} else name if name.isalpha() else ""


def _unknown(_moment: datetime) -> None:
    """What a letter that isn't a directive writes: the form itself."""


def _hour(moment: datetime) -> int:
    return moment.hour % 12 or 12


_FRACTIONS: Mapping[str, int] = {"L": 3, "N": 9}
"""Directives that write a part of a second, and its digits."""

_PADS: Mapping[str, str] = {"-": "", "_": " ", "0": "0"}
_NUMBERS: Mapping[str, tuple[Callable[[datetime], int | str], int, str]] = {
    "Y": (lambda at: at.year, 4, "0"),
    "C": (lambda at: at.year // 100, 2, "0"),
    "y": (lambda at: at.year % 100, 2, "0"),
    "m": (lambda at: at.month, 2, "0"),
    "d": (lambda at: at.day, 2, "0"),
    "e": (lambda at: at.day, 2, " "),
    "j": (lambda at: at.timetuple().tm_yday, 3, "0"),
    "H": (lambda at: at.hour, 2, "0"),
    "k": (lambda at: at.hour, 2, " "),
    "I": (_hour, 2, "0"),
    "l": (_hour, 2, " "),
    "M": (lambda at: at.minute, 2, "0"),
    "S": (lambda at: at.second, 2, "0"),
    "u": (lambda at: at.isoweekday(), 1, "0"),
    "w": (lambda at: at.isoweekday() % 7, 1, "0"),
    "G": (lambda at: at.isocalendar().year, 4, "0"),
    "g": (lambda at: at.isocalendar().year % 100, 2, "0"),
    "V": (lambda at: at.isocalendar().week, 2, "0"),
    "U": (lambda at: int(at.strftime("%U")), 2, "0"),
    "W": (lambda at: int(at.strftime("%W")), 2, "0"),
    "s": (lambda at: int(at.timestamp() // 1), 1, "0"),
}
"""Directives that write a number: the number, its width and what fills it up."""

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_WORDS: Mapping[str, Callable[[datetime], str | None]] = {
    "A": lambda at: _DAYS[at.weekday()],
    "a": lambda at: _DAYS[at.weekday()][:3],
    "B": lambda at: _MONTHS[at.month - 1],
    "b": lambda at: _MONTHS[at.month - 1][:3],
    "h": lambda at: _MONTHS[at.month - 1][:3],
    "p": lambda at: "AM" if at.hour < 12 else "PM",  # noqa: PLR2004 - noon
    "P": lambda at: "am" if at.hour < 12 else "pm",  # noqa: PLR2004 - noon
    "Z": _zone,
    "n": lambda at: "\n",  # noqa: ARG005 - as the others
    "t": lambda at: "\t",  # noqa: ARG005 - as the others
    "%": lambda at: "%",  # noqa: ARG005 - as the others
}
_COMPOUND: Mapping[str, str] = {
    "c": "%a %b %e %H:%M:%S %Y",
    "D": "%m/%d/%y",
    "x": "%m/%d/%y",
    "F": "%Y-%m-%d",
    "v": "%e-%^b-%Y",
    "X": "%H:%M:%S",
    "T": "%H:%M:%S",
    "r": "%I:%M:%S %p",
    "R": "%H:%M",
}
