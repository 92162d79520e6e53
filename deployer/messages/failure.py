"""What went wrong in a compilation, and where its author has to look."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from jinja2 import TemplateAssertionError, TemplateNotFound, TemplateSyntaxError, UndefinedError

from deployer.errors import InnerError
from deployer.messages.composed import TAG
from deployer.messages.library import CompileError
from deployer.source import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Collection

    from deployer.messages.marks import Journal, Place

_WORD = re.compile(r"'(\w+)'")
_TAG_END = re.compile(r"\]\]|%\]")
_JINJA = "[[ ]] and [% %] hold Jinja; put [% raw %] … [% endraw %] around literal brackets"
_NO_FILE = "give the path of a file from the project's folder, with its ending"
_TAG = re.compile(r"unknown tag '(\w+)'")
_OPENING = ("block", "call", "filter", "for", "if", "macro", "raw", "set", "with")
_SINGLE = ("elif", "else", "extends", "from", "import", "include", "print")
_TAGS = (*_SINGLE, *_OPENING, *(f"end{name}" for name in _OPENING))
"""Jinja's statements, as its documentation lists them."""

_RING = 20
"""Times that a place is visited before a rendering that is too deep counts as going in a ring."""

_OBJECT = "'dict object' has no attribute "
_NAME = re.compile(r"'(\w+)' is undefined|has no attribute '(.+)'$")


def at(journal: Journal, place: Place, message: str, hint: str = "") -> CompileError:
    """Make an error at a place."""
    source = journal.source(place[0])
    line, column = source.place(place[1])
    return CompileError(message, source=source.name, line=line, column=column, hint=hint)


def where(journal: Journal, word: str = "") -> Place:
    """Where the rendering is: the tag that mentions a word between quotes, at that word, else the innermost tag.

    A wrong name that was handed to a macro is found in the text that hands it over.
    """
    places = [journal.last, *reversed(journal.opened)]
    for number, offset in places if word else []:
        text = journal.source(number).text
        end = _TAG_END.search(text, offset)
        match = re.search(rf"(['\"]){re.escape(word)}\1", text[offset : end.start() if end else len(text)])
        if match:
            return number, offset + match.start() + 1
    return places[0]


class IncludeError(InnerError, TemplateNotFound):
    """A file of the project that a text includes and that can't be read; ``hint`` says what to do about it."""

    def __init__(self, name: str, message: str, hint: str) -> None:
        super().__init__(name, message)
        self.hint = hint


def explained(error: Exception, journal: Journal, known: Collection[str]) -> CompileError:
    """Explain a template's error to its author; ``known`` are the names that a text may use."""
    if isinstance(error, CompileError):
        return error
    if isinstance(error, TemplateSyntaxError):
        return _syntax(error, journal)
    if isinstance(error, RecursionError):
        return _too_deep(journal)
    if isinstance(error, TemplateNotFound):
        message = error.message or f"there is no file {error.name!r} in the project"
        hint = error.hint if isinstance(error, IncludeError) else ""
        return at(journal, where(journal, str(error.name)), message, hint or _NO_FILE)
    if isinstance(error, UndefinedError):
        return _undefined(error, journal, known)
    return at(journal, where(journal), str(error) or type(error).__name__)


def _too_deep(journal: Journal) -> CompileError:
    if max(journal.visits.values(), default=0) < _RING:
        return at(journal, where(journal), "the text's brackets or tags are nested too deeply to be read")
    return at(journal, _ring(journal), "macros or includes call each other without end")


def _ring(journal: Journal) -> Place:
    """Where a ring leads on from the file that it was entered at. How deep the rendering got in it is chance."""
    often = max(journal.visits.values(), default=0) / 2
    ring = [place for place, visits in journal.visits.items() if visits >= often] or [journal.last]
    return [place for place in ring if place[0] == ring[0][0]][-1]


def _undefined(error: UndefinedError, journal: Journal, known: Collection[str]) -> CompileError:
    match = _NAME.search(error.message or "")
    name = next((group for group in match.groups() if group), "") if match else ""
    hint = did_you_mean(name, known) if name else ""
    message = (error.message or "a name is undefined").replace(_OBJECT, "the object there has no value named ")
    return at(journal, where(journal), message, hint)


def _syntax(error: TemplateSyntaxError, journal: Journal) -> CompileError:
    """Jinja gives the line; the column is where its lexer was, if on that line, else a tag of the line."""
    name = error.name or ""
    number = journal.number(name)
    source = journal.source(number)
    offset = journal.reached.get(name, 0)
    if source.place(offset)[0] != error.lineno or isinstance(error, TemplateAssertionError):
        offset = _tag(source.text, error.lineno, error.message or "")
    tag = _TAG.search(error.message or "")
    hint = (did_you_mean(tag[1], _TAGS) if tag else "") or _JINJA
    return at(journal, (number, offset), f"{error.message or 'the text is not valid'}", hint)


def _tag(text: str, line: int, message: str) -> int:
    """Find the word of the line that the message has between quotes, else the line's first tag, else its beginning."""
    start = sum(len(part) + 1 for part in text.split("\n")[: line - 1])
    end = start + len(text[start:].partition("\n")[0])
    word = _WORD.search(message)
    match = re.compile(rf"\b{re.escape(word[1])}\b").search(text, start, end) if word else None
    match = match or re.compile(rf"\[\[|{TAG}").search(text, start, end)
    return match.start() if match else min(start, len(text))
