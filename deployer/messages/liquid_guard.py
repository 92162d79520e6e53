"""A look at a text before Liquid's parser gets it: what would keep the parser busy without end is refused here.

python-liquid's lexer tries again at each blank of a tag that isn't closed, so that 16,000 blanks behind ``{{`` take a
minute. This look is linear, whatever the text is.
"""

from __future__ import annotations

import re

from deployer.messages.macros import LiquidError

MOST_TAGS = 20_000
"""Tags and outputs of one text: an email has hundreds."""

_OPEN = re.compile(r"\{[{%]")
_UNPARSED = re.compile(r"\{%-?\s{0,100}(raw|doc)\s{0,100}-?%\}")
_END = {name: re.compile(rf"\{{%-?\s*end{name}\s*-?%\}}") for name in ("raw", "doc")}
_BLANKS = re.compile(r"\s{101,}")


def guard(text: str) -> None:
    """Raises ``LiquidError`` where the text isn't fit for the parser."""
    at = 0
    for _ in range(MOST_TAGS):
        opening = _OPEN.search(text, at)
        if opening is None:
            return
        at = _behind(text, opening.start())
    raise LiquidError(f"the text has more than {MOST_TAGS:,} tags and macros", at, "make it shorter")


def _behind(text: str, start: int) -> int:
    """Where what begins here ends."""
    unparsed = _UNPARSED.match(text, start)
    if unparsed:
        end = _END[unparsed[1]].search(text, unparsed.end())
        if end is None:
            name = unparsed[1]
            raise LiquidError(f"`{name}` isn't closed", start, f"write {{% end{name} %}} behind what it protects")
        return end.end()
    close = "}}" if text.startswith("{{", start) else "%}"
    end_at = text.find(close, start + 2)
    if end_at < 0:
        raise LiquidError(f"expected '{close}', found end of file", start, _hint(close))
    if _BLANKS.search(text, start, end_at):
        raise LiquidError("more than 100 blanks in a row inside a tag", start, "take the blanks out")
    return end_at + 2


def _hint(close: str) -> str:
    return "close each macro with }}" if close == "}}" else "close each tag with %}"
