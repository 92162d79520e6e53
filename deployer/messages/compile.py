"""From what a team writes to composer text: ``[[ … ]]`` and ``[% … %]`` are done here, Liquid passes through."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from deployer.errors import TextError
from deployer.messages.composed import Composed, Source

if TYPE_CHECKING:
    from types import CodeType

    from deployer.source import JSON

Load: TypeAlias = Callable[[str], str]
"""A file's path in the project to its text; raises ``OSError`` or ``FileProblem`` where it can't be read."""

LIMIT = 1024 * 1024
"""The longest composer text, in bytes of UTF-8."""


class CompileError(TextError):
    """A text that can't be compiled.

    ``source`` is empty for the message's own text, else the path of a macro file or include; ``line`` and ``column``
    are from 1.
    """

    def __init__(self, message: str, *, source: str = "", line: int = 1, column: int = 1, hint: str = "") -> None:
        super().__init__(message, hint)
        self.source = source
        self.line = line
        self.column = column


@dataclass(slots=True)
class Memory:
    """What a library has read and compiled already; only ``deployer.messages`` looks inside.

    ``numbers`` are those of ``sources`` by path, from 1: number 0 is the text that is being compiled.
    """

    sources: list[Source] = field(default_factory=list)
    numbers: dict[str, int] = field(default_factory=dict)
    code: dict[str, tuple[str, CodeType]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class Library:
    """What messages share: a way to read the project's files, macro files and brand values.

    ``auto`` are paths of macro files whose macros every message may call by name. Each file is read and compiled once
    in a library's life.
    """

    load: Load
    auto: Sequence[str] = ()
    brand: Mapping[str, JSON] = field(default_factory=dict)
    memory: Memory = field(default_factory=Memory, init=False, repr=False)


@dataclass(frozen=True, slots=True)
class Names:
    """The names that ``prop()`` and ``attribute()`` accept, as they are spelt at Attentive.

    ``properties`` may be the event type's mapping from name to definition: only its keys are looked at.
    """

    properties: Collection[str] = ()
    attributes: Collection[str] = ()


def compile_text(text: str, library: Library, names: Names | None = None) -> Composed:
    """Compile a message's text to composer text.

    ``[[ prop("Order Id") ]]`` and ``[[ attribute("Tier") ]]`` write a macro and refuse a name that isn't declared;
    ``brand`` holds the brand's values; macros of the library's ``auto`` files are called by name; other files are
    included or imported by their path in the project. Line endings become line feeds, white space at the very end
    is dropped, nothing else changes. Same input, same text. Raises ``CompileError``.
    """
    source = Source.read("", text)
    if "[[" not in source.text and "[%" not in source.text:
        return _within(Composed.verbatim(source))
    from deployer.messages.templating import compose  # noqa: PLC0415 - Jinja is slow to import; most texts don't need it

    return _within(compose(source, library, names or Names()))


def _within(composed: Composed) -> Composed:
    size = len(composed.text.encode(errors="surrogatepass"))
    if size > LIMIT:
        raise CompileError(f"the composer text is {size:,} bytes long", hint=f"at most {LIMIT:,} bytes are accepted")
    return composed
