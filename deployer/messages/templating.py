"""Compiling by Jinja, with a map from each character of the output back to where it was written.

How the map is made: the lexer puts a call in front of each piece of plain text and around each ``[[ … ]]``. A text is
rendered twice. The first time these calls write nothing: that is the text. The second time they write marks, and taking
the marks out again must give the same text; where it doesn't (a condition looked at marked text), the map says that the
origin isn't known.

Import this module only where a text needs it: Jinja is slow to import.
"""

from __future__ import annotations

from functools import cache, wraps
from typing import TYPE_CHECKING, Any

from jinja2 import StrictUndefined, TemplateError, TemplateNotFound, Undefined
from jinja2.bccache import BytecodeCache
from jinja2.exceptions import TemplateRuntimeError
from jinja2.filters import FILTERS
from jinja2.loaders import BaseLoader
from jinja2.sandbox import ImmutableSandboxedEnvironment

from deployer.messages import marks
from deployer.messages.compile import CompileError
from deployer.messages.composed import TRAILING_SPACE, Composed, Source, Span, clip
from deployer.messages.failure import at, explained, where
from deployer.messages.known import macro_text
from deployer.source import FileProblem, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from jinja2 import Environment
    from jinja2.bccache import Bucket
    from jinja2.runtime import Context

    from deployer.messages.compile import Library, Memory, Names
    from deployer.messages.marks import Journal

_RESERVED = "characters that deployer keeps for itself (U+10FFF0 to U+10FFF2)"
_UNSTABLE_FILTERS = ("random", "pprint")
_UNSTABLE_GLOBALS = ("lipsum",)
_LONGEST_PRODUCT = 1_000_000
_LARGEST_POWER = 64
_PYTHON_ERRORS = (ArithmeticError, AttributeError, LookupError, RecursionError, SyntaxError, TypeError, ValueError)
"""What an expression of the author's can raise: 1/0, text plus number, a macro called with too many arguments."""


def compose(source: Source, library: Library, names: Names) -> Composed:
    """Compile a text that holds ``[[`` or ``[%``. Raises ``CompileError``."""
    _refuse_marks(source)
    text = _Rendering(source, library, names, marked=False).text()
    if marks.MARKS.search(text):
        raise CompileError(f"the text makes {_RESERVED}")
    marked, spans = marks.read_marks(_Rendering(source, library, names, marked=True).text())
    if marked != text:
        spans = [Span(0, len(text), 0, 0, exact=False)]
    text = text.rstrip(TRAILING_SPACE)
    return _composed(text, clip(spans, len(text)), (source, *library.memory.sources))


def _composed(text: str, spans: Sequence[Span], sources: Sequence[Source]) -> Composed:
    """Renumber the sources by their first use, so that the value doesn't depend on what was compiled before."""
    used = list(dict.fromkeys([0, *(span.source for span in spans)]))
    spans = [Span(span.start, span.end, used.index(span.source), span.offset, span.exact) for span in spans]
    return Composed(text, tuple(spans), tuple(sources[number] for number in used))


def _refuse_marks(source: Source) -> None:
    found = marks.MARKS.search(source.text)
    if found:
        line, column = source.place(found.start())
        raise CompileError(f"the text holds {_RESERVED}", source=source.name, line=line, column=column)


class _Rendering:
    """One rendering of one text: an environment of its own, so that nothing leaks from message to message."""

    def __init__(self, source: Source, library: Library, names: Names, *, marked: bool) -> None:
        self.source = source
        self.library = library
        self.names = names
        self.journal = marks.Journal(marked, self._source, self._number)
        self.environment = _Sandbox(self.journal, _Loader(source, library), _Code(library.memory))
        self.environment.globals.update(self._globals())

    def text(self) -> str:
        try:
            for path in self.library.auto:
                self._take_macros(path)
            return self.environment.get_template("").render()
        except (CompileError, TemplateError, *_PYTHON_ERRORS) as error:
            raise explained(error, self.journal, self._known()) from None

    def _source(self, number: int) -> Source:
        return self.library.memory.sources[number - 1] if number else self.source

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
            hint = did_you_mean(plain, list(declared)) or _listed(declared)
            raise at(self.journal, where(self.journal, plain), f"there is no {what} named {plain!r}", hint)
        if "'" in plain:
            message = f"the name {plain!r} can't be written in a macro, where single quotes end a name"
            raise at(self.journal, where(self.journal, plain), message, "give it a name without a quote")
        return macro_text((*root, plain))


def _listed(declared: Collection[str]) -> str:
    return f"declared: {', '.join(sorted(declared))}" if declared else "none is declared"


class _Sandbox(ImmutableSandboxedEnvironment):
    """Jinja with square brackets, without anything that differs from run to run, and with bounds."""

    intercepted_binops = frozenset({"*", "**"})

    def __init__(self, journal: Journal, loader: BaseLoader, code: BytecodeCache) -> None:
        super().__init__(
            block_start_string="[%",
            block_end_string="%]",
            variable_start_string="[[",
            variable_end_string="]]",
            comment_start_string=marks.COMMENT[0],
            comment_end_string=marks.COMMENT[1],
            keep_trailing_newline=True,
            undefined=StrictUndefined,
            autoescape=False,
            auto_reload=False,
            finalize=self._printed,
            loader=loader,
            bytecode_cache=code,
        )
        self._journal = journal
        self._marking = marks.MarkingLexer(self, journal)
        self.filters = _filters()
        for name in _UNSTABLE_GLOBALS:
            del self.globals[name]

    @property
    def lexer(self) -> marks.MarkingLexer:
        return self._marking

    def _printed(self, value: Any) -> Any:
        """Let through what reads the same everywhere: a customer must never read ``None`` or ``['a', 'b']``."""
        if isinstance(value, Undefined):
            return value
        if value is None or isinstance(value, bool) or not isinstance(value, str | int | float):
            raise TemplateRuntimeError(f"an expression has to give text or a number, not {_kind(value)}")
        if not self._journal.marked:
            self._journal.grow(len(str(value)))
        return value

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        sizes = [len(value) if isinstance(value, str | list | tuple) else value for value in (left, right)]
        sequence = any(isinstance(value, str | list | tuple) for value in (left, right))
        if operator == "*" and sequence and all(isinstance(size, int) for size in sizes):
            if sizes[0] * sizes[1] > _LONGEST_PRODUCT:
                raise TemplateRuntimeError("the product is too long")
        elif operator == "**" and isinstance(right, int) and right > _LARGEST_POWER:
            raise TemplateRuntimeError(f"powers go up to {_LARGEST_POWER}")
        return super().call_binop(context, operator, left, right)


def _kind(value: object) -> str:
    names = {type(None): "nothing (None)", bool: "true or false", list: "a list", tuple: "a list", dict: "an object"}
    return names.get(type(value), f"a {type(value).__name__}")


@cache
def _filters() -> dict[str, Callable[..., Any]]:
    """Jinja's filters, without the unstable ones, on texts without marks: what a filter changes has one origin."""
    return {name: _unmarked(one) for name, one in FILTERS.items() if name not in _UNSTABLE_FILTERS}


def _unmarked(function: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(function)
    def on_plain_text(*args: Any, **kwargs: Any) -> Any:
        plain = [marks.without_marks(value) if isinstance(value, str) else value for value in args]
        return function(*plain, **kwargs)

    return on_plain_text


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
        if path not in memory.numbers:
            source = Source.read(path, self._read(path))
            _refuse_marks(source)
            memory.sources.append(source)
            memory.numbers[path] = len(memory.sources)
        return memory.sources[memory.numbers[path] - 1]

    def _read(self, path: str) -> str:
        if path.startswith("/") or "\\" in path or ".." in path.split("/"):
            raise TemplateNotFound(path, f"{path!r} isn't a path in the project")
        try:
            return self._library.load(path)
        except OSError as error:
            raise TemplateNotFound(path, f"{path!r} can't be read: {error.strerror or error}") from None
        except FileProblem as error:
            raise TemplateNotFound(path, f"{path!r} can't be read: {error.message}") from None


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
