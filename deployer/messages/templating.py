"""Compiling by Jinja, with a map from each character of the output back to where it was written.

How the map is made: the lexer puts a call in front of each piece of plain text and around each ``[[ … ]]``. A text is
rendered twice. The first time these calls write nothing: that is the text. The second time they write marks, and taking
the marks out again must give the same text; where it doesn't (a condition looked at marked text), the map says that the
origin isn't known.

Import this module only where a text needs it: Jinja is slow to import.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from jinja2 import TemplateError

from deployer.dataclass import dataclass
from deployer.messages import marks
from deployer.messages.composed import TRAILING_SPACE, Composed, Source, Span, clip
from deployer.messages.expressions import pieces_of
from deployer.messages.failure import at, explained, where
from deployer.messages.known import macro_text
from deployer.messages.library import CompileError
from deployer.messages.recalled import Amount, NamesRead, Whole, Written
from deployer.messages.sandbox import Sandbox
from deployer.messages.templates import RESERVED, Code, Loader, refuse_marks
from deployer.source import near_or_few

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from deployer.messages.expressions import Piece
    from deployer.messages.library import Library
    from deployer.messages.names import Names

_PYTHON_ERRORS = (ArithmeticError, AttributeError, LookupError, RecursionError, SyntaxError, TypeError, ValueError)
"""What an expression of the author's can raise: 1/0, text plus number, a macro called with too many arguments."""


def compose(source: Source, library: Library, names: Names) -> Composed:
    """Compile a text that holds ``[[`` or ``[%``. Raises ``CompileError``."""
    refuse_marks(source)
    pieces = pieces_of(source.text)
    whole = library.memory.recalled.whole(pieces, names) if pieces else None
    text, spans = _recalled(whole, library) if whole and _is_small(whole) else _written(source, library, names, pieces)
    text = text.rstrip(TRAILING_SPACE)
    return _composed(text, clip(spans, len(text)), {0: source, **library.memory.sources})


def _is_small(whole: Whole) -> bool:
    return marks.are_within_limits(whole.plain) and marks.are_within_limits(whole.marked)


def _recalled(whole: Whole, library: Library) -> tuple[str, Sequence[Span]]:
    """A text that is known, whose work counts as that of its two renderings."""
    for amount in (whole.plain, whole.marked):
        _refuse_too_much(library)
        library.count(marks.cost(amount))
    return whole.text, whole.spans


def _written(
    source: Source, library: Library, names: Names, pieces: Sequence[Piece] | None
) -> tuple[str, Sequence[Span]]:
    """A text as Jinja writes it, and where each part of it came from."""
    plain = _rendered(source, library, names, pieces, marked=False)
    if marks.MARKS.search(plain.written):
        raise CompileError(f"the text makes {RESERVED}")
    marked = _rendered(source, library, names, pieces, marked=True)
    text, spans = marks.read_marks(marked.written)
    if text != plain.written:
        return plain.written, [Span(0, len(plain.written), 0, 0, exact=False)]
    _learn(library, pieces or (), plain, marked)
    return text, spans


def _learn(library: Library, pieces: Sequence[Piece], plain: _Rendering, marked: _Rendering) -> None:
    """Recall what the expressions of a text wrote in both of its renderings."""
    recalled = library.memory.recalled
    both = list(zip(plain.parts, marked.parts, strict=True))
    if not both or not recalled.learn_beginning(_auto(library), both[0][0].with_marks(both[0][1])):
        return
    for piece, (part, with_marks) in zip(pieces, both[1:], strict=True):
        if piece.expression and marks.are_balanced(with_marks.text):
            recalled.learn(piece, part.with_marks(with_marks, piece.offset))


def _auto(library: Library) -> Iterator[Source]:
    """The files of macros that every message may use, which were read."""
    memory = library.memory
    return (memory.sources[memory.numbers[path]] for path in library.auto)


def _rendered(
    source: Source, library: Library, names: Names, pieces: Sequence[Piece] | None, *, marked: bool
) -> _Rendering:
    """Render a text once: expression by expression where that is all that it holds, else as a whole.

    What goes wrong in one expression is met again in the whole, whose error knows the line.
    """
    memory = library.memory
    _refuse_too_much(library)
    sandbox = memory.sandboxes.pop() if memory.sandboxes else Sandbox(Code(memory))
    rendering = _Rendering(source, library, names, sandbox, marked=marked)
    try:
        if not pieces or not rendering.write_pieces(pieces):
            rendering = _Rendering(source, library, names, sandbox, marked=marked)
            rendering.write()
        return rendering
    finally:
        memory.spent += rendering.journal.cost
        memory.sandboxes.append(sandbox)


def _refuse_too_much(library: Library) -> None:
    if library.exhausted:
        raise CompileError("the project's texts take too much work to make together", hint="shorten their loops")


def _composed(text: str, spans: Sequence[Span], sources: Mapping[int, Source]) -> Composed:
    """Renumber the sources by their first use, so that the value doesn't depend on what was compiled before."""
    used = list(dict.fromkeys([0, *(span.source for span in spans)]))
    spans = [Span(span.start, span.end, used.index(span.source), span.offset, span.exact) for span in spans]
    return Composed(text, tuple(spans), tuple(sources[number] for number in used))


@dataclass(frozen=True, slots=True)
class _Part:
    """What a rendering wrote of a piece (or, empty, what was done before the first one), and what that took."""

    text: str
    amount: Amount
    names_read: NamesRead

    def with_marks(self, marked: _Part, offset: int = 0) -> Written:
        """What was written for what begins at an offset of the text, with what the rendering with marks says of it."""
        _, spans = marks.read_marks(marked.text)
        own = (replace(span, offset=span.offset - (0 if span.source else offset)) for span in spans)
        return Written(self.text, tuple(own), self.amount, marked.amount, self.names_read)


class _Rendering:
    """One rendering of one text, in a sandbox that begins again with it: nothing leaks from message to message.

    ``written`` is what it wrote. Where that was piece by piece, ``parts`` are what came before and of each piece.
    """

    def __init__(self, source: Source, library: Library, names: Names, sandbox: Sandbox, *, marked: bool) -> None:
        self.source = source
        self.library = library
        self.names = names
        self.written = ""
        self.parts: list[_Part] = []
        self.journal = marks.Journal(marked, self._source, self._number)
        self.environment = sandbox
        self._before = self.journal.amount
        self._properties: set[str] = set()
        self._attributes: set[str] = set()
        sandbox.begin(self.journal, Loader(source, library), self._globals())

    def write(self) -> None:
        """Render the text as one template."""
        try:
            self._take_all_macros()
            self.written = self.environment.get_template("").render()
        except (CompileError, TemplateError, *_PYTHON_ERRORS) as error:
            raise explained(error, self.journal, self._known()) from None

    def write_pieces(self, pieces: Sequence[Piece]) -> bool:
        """Render a text piece by piece; false where something goes wrong that the whole text has to explain."""
        try:
            self._take_all_macros()
            self._note("")
            for piece in pieces:  # as a template is compiled before anything of it runs
                if piece.expression:
                    self.environment.expression(piece.text)
            self._before = self.journal.amount
            for piece in pieces:
                self._note(self._piece(piece))
        except (TemplateError, *_PYTHON_ERRORS):
            return False
        self.written = "".join(part.text for part in self.parts)
        return True

    def _piece(self, piece: Piece) -> str:
        """Write one piece, between the calls that the lexer would put around it."""
        self.journal.base = piece.offset
        if not piece.expression:
            return f"{self.journal.open(0, 0, len(piece.text))}{piece.text}{self.journal.close()}"
        return self.environment.expression(piece.text).render()

    def _note(self, text: str) -> None:
        """Keep what was written since the last time."""
        amount, before = self.journal.amount, self._before
        self.parts.append(
            _Part(text, amount.since(before), NamesRead(frozenset(self._properties), frozenset(self._attributes)))
        )
        self._before = amount
        self._properties.clear()
        self._attributes.clear()

    def _take_all_macros(self) -> None:
        for path in self.library.auto:
            self._take_macros(path)

    def _source(self, number: int) -> Source:
        return self.library.memory.sources[number] if number else self.source

    def _number(self, name: str) -> int:
        return self.library.memory.numbers[name] if name else 0

    def _globals(self) -> dict[str, Any]:
        return {
            marks.OPEN_CALL: self.journal.open,
            marks.CLOSE_CALL: self.journal.close,
            marks.PASS_CALL: self.journal.passing,
            marks.LEAVE_CALL: self.journal.leave,
            "prop": self._property,
            "attribute": self._attribute,
            "brand": dict(self.library.brand),
        }

    def _known(self) -> list[str]:
        names = [name for name in self.environment.globals if not name.startswith("_")]
        return sorted({*names, *self.library.brand})

    def _take_macros(self, path: str) -> None:
        macros = vars(self.environment.get_template(path).module)
        for name, value in macros.items():
            if name.startswith("_"):
                continue
            if name in self.environment.globals:
                raise CompileError(f"the macro {name!r} exists already", source=path, hint="give it another name")
            self.environment.globals[name] = value

    def _property(self, name: str) -> str:
        plain = marks.without_marks(str(name))
        self._properties.add(plain)
        return self._macro(("triggerEvent", "custom"), plain, self.names.properties, "property of this message's event")

    def _attribute(self, name: str) -> str:
        plain = marks.without_marks(str(name))
        self._attributes.add(plain)
        return self._macro(("subscriber", "custom"), plain, self.names.attributes, "custom attribute")

    def _macro(self, root: tuple[str, str], plain: str, declared: Collection[str], what: str) -> str:
        if plain not in declared:
            hint = near_or_few(plain, declared)
            raise at(self.journal, where(self.journal, plain), f"there is no {what} named {plain!r}", hint)
        if "'" in plain:
            message = f"the name {plain!r} can't be written in a macro, where single quotes end a name"
            raise at(self.journal, where(self.journal, plain), message, "give it a name without a quote")
        return macro_text((*root, plain))
