"""Compiling by Jinja, with a map from each character of the output back to where it was written.

How the map is made: the lexer puts a call in front of each piece of plain text and around each ``[[ … ]]``. A text is
rendered twice. The first time these calls write nothing: that is the text. The second time they write marks, and taking
the marks out again must give the same text; where it doesn't (a condition looked at marked text), the map says that the
origin isn't known.

Import this module only where a text needs it: Jinja is slow to import.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jinja2 import TemplateError, TemplateNotFound
from jinja2.bccache import BytecodeCache
from jinja2.loaders import BaseLoader

from deployer.messages import marks
from deployer.messages.composed import TRAILING_SPACE, Composed, Source, Span, clip
from deployer.messages.expressions import pieces_of
from deployer.messages.failure import IncludeError, at, explained, where
from deployer.messages.known import macro_text
from deployer.messages.library import CompileError
from deployer.messages.sandbox import Sandbox
from deployer.source import FileProblem, near_or_few

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from jinja2 import Environment
    from jinja2.bccache import Bucket

    from deployer.messages.expressions import Piece
    from deployer.messages.library import Library, Memory, Names

_RESERVED = "characters that deployer keeps for itself (U+10FFF0 to U+10FFF2)"
_PYTHON_ERRORS = (ArithmeticError, AttributeError, LookupError, RecursionError, SyntaxError, TypeError, ValueError)
"""What an expression of the author's can raise: 1/0, text plus number, a macro called with too many arguments."""


def compose(source: Source, library: Library, names: Names) -> Composed:
    """Compile a text that holds ``[[`` or ``[%``. Raises ``CompileError``."""
    _refuse_marks(source)
    text = _text(source, library, names, marked=False)
    if marks.MARKS.search(text):
        raise CompileError(f"the text makes {_RESERVED}")
    marked, spans = marks.read_marks(_text(source, library, names, marked=True))
    if marked != text:
        spans = [Span(0, len(text), 0, 0, exact=False)]
    text = text.rstrip(TRAILING_SPACE)
    return _composed(text, clip(spans, len(text)), {0: source, **library.memory.sources})


def _text(source: Source, library: Library, names: Names, *, marked: bool) -> str:
    """Render a text once: expression by expression where that is all that it holds, else as a whole.

    What goes wrong in one expression is met again in the whole, whose error knows the line.
    """
    memory = library.memory
    if library.exhausted:
        raise CompileError("the project's texts take too much work to make together", hint="shorten their loops")
    sandbox = memory.sandboxes.pop() if memory.sandboxes else Sandbox(_Code(memory))
    rendering = _Rendering(source, library, names, sandbox, marked=marked)
    try:
        pieces = pieces_of(source.text)
        text = rendering.pieced(pieces) if pieces else None
        if text is None:
            rendering = _Rendering(source, library, names, sandbox, marked=marked)
            text = rendering.text()
        return text
    finally:
        memory.spent += rendering.journal.cost
        memory.sandboxes.append(sandbox)


def _composed(text: str, spans: Sequence[Span], sources: Mapping[int, Source]) -> Composed:
    """Renumber the sources by their first use, so that the value doesn't depend on what was compiled before."""
    used = list(dict.fromkeys([0, *(span.source for span in spans)]))
    spans = [Span(span.start, span.end, used.index(span.source), span.offset, span.exact) for span in spans]
    return Composed(text, tuple(spans), tuple(sources[number] for number in used))


def _refuse_marks(source: Source) -> None:
    match = marks.MARKS.search(source.text)
    if match:
        line, column = source.place(match.start())
        raise CompileError(f"the text holds {_RESERVED}", source=source.name, line=line, column=column)


class _Rendering:
    """One rendering of one text, in a sandbox that begins again with it: nothing leaks from message to message."""

    def __init__(self, source: Source, library: Library, names: Names, sandbox: Sandbox, *, marked: bool) -> None:
        self.source = source
        self.library = library
        self.names = names
        self.journal = marks.Journal(marked, self._source, self._number)
        self.environment = sandbox
        sandbox.begin(self.journal, _Loader(source, library), self._globals())

    def text(self) -> str:
        """Render the text as one template."""
        try:
            self._take_all_macros()
            return self.environment.get_template("").render()
        except (CompileError, TemplateError, *_PYTHON_ERRORS) as error:
            raise explained(error, self.journal, self._known()) from None

    def pieced(self, pieces: Sequence[Piece]) -> str | None:
        """Render a text piece by piece; ``None`` where something goes wrong that the whole text has to explain."""
        try:
            self._take_all_macros()
            for piece in pieces:  # as a template is compiled before anything of it runs
                if piece.expression:
                    self.environment.expression(piece.text)
            return "".join(self._piece(piece) for piece in pieces)
        except (TemplateError, *_PYTHON_ERRORS):
            return None

    def _piece(self, piece: Piece) -> str:
        """Write one piece, between the calls that the lexer would put around it."""
        self.journal.base = piece.offset
        if not piece.expression:
            return f"{self.journal.open(0, 0, len(piece.text))}{piece.text}{self.journal.close()}"
        return self.environment.expression(piece.text).render()

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
        return self._macro(("triggerEvent", "custom"), name, self.names.properties, "property of this message's event")

    def _attribute(self, name: str) -> str:
        return self._macro(("subscriber", "custom"), name, self.names.attributes, "custom attribute")

    def _macro(self, root: tuple[str, str], name: object, declared: Collection[str], what: str) -> str:
        plain = marks.without_marks(str(name))
        if plain not in declared:
            hint = near_or_few(plain, declared)
            raise at(self.journal, where(self.journal, plain), f"there is no {what} named {plain!r}", hint)
        if "'" in plain:
            message = f"the name {plain!r} can't be written in a macro, where single quotes end a name"
            raise at(self.journal, where(self.journal, plain), message, "give it a name without a quote")
        return macro_text((*root, plain))


class _Loader(BaseLoader):
    """The message's own text under the empty name, files of the project under their paths."""

    def __init__(self, source: Source, library: Library) -> None:
        self._source = source
        self._library = library

    def get_source(
        self,
        environment: Environment,  # noqa: ARG002 - the method is Jinja's
        template: str,
    ) -> tuple[str, str | None, Callable[[], bool] | None]:
        source = self._file(template) if template else self._source
        return source.text, template, None

    def _file(self, path: str) -> Source:
        memory = self._library.memory
        number = memory.number(path)
        if number not in memory.sources:
            source = Source.read(path, self._read(path))
            _refuse_marks(source)
            memory.sources[number] = source
        return memory.sources[number]

    def _read(self, path: str) -> str:
        if path.startswith("/") or "\\" in path or ".." in path.split("/"):
            raise TemplateNotFound(path, f"{path!r} isn't a path in the project")
        try:
            return self._library.load(path)
        except OSError as error:
            raise TemplateNotFound(path, f"{path!r} can't be read: {error.strerror or error}") from None
        except FileProblem as error:
            raise IncludeError(path, f"{path!r} can't be read: {error.message}", error.hint) from None


class _Code(BytecodeCache):
    """Compiled templates, kept for a library's life."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def load_bytecode(self, bucket: Bucket) -> None:
        checksum, code = self._memory.code.get(bucket.key, ("", None))
        if checksum == bucket.checksum:
            bucket.code = code

    def dump_bytecode(self, bucket: Bucket) -> None:
        if bucket.code is not None:
            self._memory.code[bucket.key] = (bucket.checksum, bucket.code)
