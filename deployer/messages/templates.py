"""Where Jinja finds the templates of a text, and what it compiled of them before.

Import this module only where a text needs it: Jinja is slow to import.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jinja2 import TemplateNotFound
from jinja2.bccache import BytecodeCache
from jinja2.loaders import BaseLoader

from deployer.messages import marks
from deployer.messages.composed import Source
from deployer.messages.failure import IncludeError
from deployer.messages.library import CompileError
from deployer.source import FileProblem

if TYPE_CHECKING:
    from collections.abc import Callable

    from jinja2 import Environment
    from jinja2.bccache import Bucket

    from deployer.messages.library import Library, Memory

RESERVED = "characters that deployer keeps for itself (U+10FFF0 to U+10FFF2)"


def refuse_marks(source: Source) -> None:
    """Refuse a text that holds what marks are made of. Raises ``CompileError``."""
    match = marks.MARKS.search(source.text)
    if match:
        line, column = source.place(match.start())
        raise CompileError(f"the text holds {RESERVED}", source=source.name, line=line, column=column)


class Loader(BaseLoader):
    """The message's own text under the empty name, files of the project under their paths."""

    def __init__(self, source: Source, library: Library) -> None:
        self._source = source
        self._library = library

    def get_source(
        self,
        environment: Environment,  # noqa: ARG002 - the method is Jinja's
        template: str,
    ) -> tuple[str, str | None, Callable[[], bool] | None]:
        """Give Jinja a template's text. Raises ``TemplateNotFound``."""
        source = self._file(template) if template else self._source
        return source.text, template, None

    def _file(self, path: str) -> Source:
        memory = self._library.memory
        number = memory.number(path)
        if number not in memory.sources:
            source = Source.read(path, self._read(path))
            refuse_marks(source)
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


class Code(BytecodeCache):
    """Compiled templates, kept for a library's life."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give Jinja what it compiled before."""
        checksum, code = self._memory.code.get(bucket.key, ("", None))
        if checksum == bucket.checksum:
            bucket.code = code

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what Jinja compiled."""
        if bucket.code is not None:
            self._memory.code[bucket.key] = (bucket.checksum, bucket.code)
