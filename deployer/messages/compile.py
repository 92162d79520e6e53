"""From what a team writes to composer text: ``[[ … ]]`` and ``[% … %]`` are done here, Liquid passes through."""

from __future__ import annotations

import re

from deployer.messages.composed import TAG, Composed, Source
from deployer.messages.library import CompileError, Library
from deployer.messages.names import Names

LIMIT = 1024 * 1024
"""The longest composer text, in bytes of UTF-8."""


TEXT_LIMIT = 32 * 1024
"""The longest that is counted in segments: a carrier takes some 1,600 characters, and each is looked at many times."""


_JINJA = re.compile(rf"\[\[|{TAG}")
"""What begins an expression or a tag."""


def compile_text(text: str, library: Library, names: Names | None = None, limit: int = LIMIT) -> Composed:
    """Compile a message's text to composer text.

    ``[[ prop("Order Id") ]]`` and ``[[ attribute("Tier") ]]`` write a macro and refuse a name that isn't declared;
    ``brand`` holds the brand's values; macros of the library's ``auto`` files are called by name; other files are
    included or imported by their path in the project. Line endings become line feeds, white space at the very end
    is dropped, nothing else changes. Same input, same text. ``limit`` are the bytes that it may have. Raises
    ``CompileError``.
    """
    source = Source.read("", text)
    if not _JINJA.search(source.text):
        return _within(Composed.verbatim(source), limit)
    from deployer.messages.templating import compose  # noqa: PLC0415 - Jinja is slow to import; most texts don't need it

    return _within(compose(source, library, names or Names()), limit)


def _within(composed: Composed, limit: int) -> Composed:
    size = len(composed.text.encode(errors="surrogatepass"))
    if size > limit:
        raise CompileError(f"the composer text is {size:,} bytes long", hint=f"at most {limit:,} bytes are accepted")
    return composed
