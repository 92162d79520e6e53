"""Characters that no YAML may hold, or not where they are: the document that holds one is left out of its file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeAlias

from deployer.source.characters import control_named, named
from deployer.source.disguise import stray_mark

if TYPE_CHECKING:
    from collections.abc import Callable

    from deployer.source.problems import Problem
    from deployer.source.source_file import SourceFile

    Finder: TypeAlias = Callable[[SourceFile, str], tuple[int, Problem] | None]
    """Finds the first character of a sort, and says what is wrong with it."""

MARKER = re.compile(r"^\ufeff?---(?=[ \t\r\n]|\Z)", re.MULTILINE)
"""What begins a document, whatever is open in the one before."""
MOST = 20
"""Documents of a file that are passed over, until its rest is left unread."""

_WORDS = re.compile(r"[^\r\n]")
_FORBIDDEN = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def blank(text: str) -> str:
    """Spaces in place of a text, so that what follows keeps its line and column."""
    return _WORDS.sub(" ", text)


def legible(file: SourceFile, text: str, find: Finder) -> tuple[str, list[Problem]]:
    """The text without the documents that hold such a character, and a problem for each of them."""
    problems: list[Problem] = []
    while (found := find(file, text)) is not None:
        place, problem = found
        problems.append(problem)
        markers = [match.start() for match in MARKER.finditer(text)] if len(problems) < MOST else []
        start = max((marker for marker in markers if marker <= place), default=0)
        end = min((marker for marker in markers if marker > place), default=len(text))
        text = text[:start] + blank(text[start:end]) + text[end:]
    return text, problems


def byte_order_mark(file: SourceFile, text: str) -> tuple[int, Problem] | None:
    """A byte order mark that begins a line where none may be."""
    place = stray_mark(text)
    if place is None:
        return None
    line, column = file.place(place)
    message = "a byte order mark (U+FEFF) begins this line"
    hint = "delete it: it is left over from a file that was joined to this one, and most editors show it on request"
    return place, file.problem("yaml/byte-order-mark", message, line, column, hint=hint)


def forbidden(file: SourceFile, text: str) -> tuple[int, Problem] | None:
    """A character that can't be in any text, and the others that there are."""
    match = _FORBIDDEN.search(text)
    if match is None:
        return None
    line, column = file.place(match.start())
    others = dict.fromkeys(character for character in _FORBIDDEN.findall(text) if character != match.group())
    more = f"; the file also holds {', '.join(map(named, others))}" if others else ""
    message = f"the text holds {control_named(match.group())}{more}"
    hint = "delete it: no message can carry it"
    return match.start(), file.problem("yaml/control-character", message, line, column, hint=hint)
