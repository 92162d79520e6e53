"""Reading JSON that may be damaged: what is wrong with it, and in which line."""

from __future__ import annotations

import json
import math
import re
from json.decoder import scanstring  # type: ignore[attr-defined]  # typeshed leaves it out
from typing import TYPE_CHECKING, Any, TypeVar

from deployer.errors import DeployerError
from deployer.state.shape_error import ShapeError

if TYPE_CHECKING:
    from collections.abc import Callable

    from deployer.state.shape_error import Step

T = TypeVar("T")

_BLANKS = re.compile(r"[ \t\r\n]*")
_DECODER = json.JSONDecoder()


class DamagedError(DeployerError, ValueError):
    """A document that can't be what it should be: the text says why and in which line, after the document's name."""


def read(content: bytes, take: Callable[[Any], T], what: str, *, lines: bool = True) -> T:
    """Parse a JSON document and give what ``take`` makes of it; ``what`` names that, such as ``a state``.

    Without ``lines``, since the document is a line of its file, no place in it is named by its line.

    ``take`` raises ``ShapeError`` where the data doesn't fit. Raises ``DamagedError``, also where a key is there twice
    or a number is one that JSON doesn't have.
    """
    data = parse(content)
    try:
        return take(data)
    except ShapeError as error:
        line = f"line {line_of(content.decode(), error.path)}: " if lines else ""
        raise DamagedError(f"doesn't have the shape of {what}: {line}{error}") from error


def parse(content: bytes) -> Any:
    """Parse a JSON document strictly. Raises ``DamagedError``."""
    try:
        return json.loads(
            content.decode("utf-8"),
            object_pairs_hook=_unique,
            parse_constant=_no_constant,
            parse_float=_finite,
            parse_int=_whole,
        )
    except json.JSONDecodeError as error:
        raise DamagedError(f"isn't JSON: {error.msg} in line {error.lineno}, column {error.colno}") from error
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise DamagedError(f"is damaged: line {line} isn't UTF-8: {error.reason}") from error
    except RecursionError as error:
        raise DamagedError("is damaged: it is nested too deeply") from error
    except ValueError as error:
        raise DamagedError(f"is damaged: {error}") from error


def line_of(text: str, path: tuple[Step, ...]) -> int:
    """The line (from 1) where the value that a path leads to begins; of a missing one, its object's."""
    return text.count("\n", 0, _begin(text, _blank(text, 0), path)) + 1


def _begin(text: str, at: int, path: tuple[Step, ...]) -> int:
    if not path or text[at] not in "{[":
        return at
    number = _item(text, at, path[0])
    return at if number is None else _begin(text, number, path[1:])


def _item(text: str, at: int, step: Step) -> int | None:
    """Where the value of a key, or the item of an index, begins in the object or list at ``at``."""
    closing, index = ("}" if text[at] == "{" else "]"), 0
    at = _blank(text, at + 1)
    while text[at] != closing:
        key: Step = index
        if closing == "}":
            key, at = scanstring(text, at + 1, True)
            at = _blank(text, _blank(text, at) + 1)
        if key == step:
            return at
        at = _blank(text, _DECODER.raw_decode(text, at)[1])
        at, index = (_blank(text, at + 1) if text[at] == "," else at), index + 1
    return None


def _blank(text: str, at: int) -> int:
    match = _BLANKS.match(text, at)
    return match.end() if match else at


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Make an object, unless a merge by hand left a key twice: either value may be the lost one."""
    data: dict[str, Any] = {}
    for key, value in pairs:
        if key in data:
            raise ValueError(f"the key `{key}` is there twice in one object")
        data[key] = value
    return data


def _no_constant(word: str) -> Any:
    raise ValueError(f"{word} isn't a JSON number")


def _whole(digits: str) -> int:
    try:
        return int(digits)
    except ValueError:  # Python reads no number of thousands of digits, and says how a program may
        raise ValueError(f"a number of {len(digits)} digits is too large") from None


def _finite(digits: str) -> float:
    number = float(digits)
    if math.isinf(number):
        raise ValueError(f"the number {digits} is too large")
    return number
