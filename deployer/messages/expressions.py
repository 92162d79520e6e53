"""Texts whose only Jinja is plain ``[[ … ]]``, in pieces: an expression that many texts hold is compiled once.

What is cut here must be what Jinja's lexer would cut, so an expression is plain where no reader could disagree about
its end: on one line, brackets neither in it nor in its quotes, no white space control. Anything else is left whole.
"""

from __future__ import annotations

import re

from deployer.dataclass import dataclass

_EXPRESSION = re.compile(r"""\[\[(?![-+])(?:[^\[\]'"\\\r\n]|'[^\[\]'\\\r\n]*'|"[^\[\]"\\\r\n]*")*(?<![-+])\]\](?!\])""")
_OWN = re.compile(r"\bself\b|_deployer")
"""What means the whole template, or is ours."""
_MOST = 1_000
"""Expressions of a text that is cut: one with more is left to the limits of the whole."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Plain text, or an expression with its brackets; ``offset`` is where it begins."""

    text: str
    offset: int
    expression: bool


def pieces_of(text: str) -> tuple[Piece, ...] | None:
    """Cut a text at its expressions; ``None`` where it has to be read as a whole."""
    if "[%" in text or not 0 < text.count("[[") <= _MOST or _OWN.search(text):
        return None
    pieces: list[Piece] = []
    end = 0
    while (start := text.find("[[", end)) >= 0:
        match = _EXPRESSION.match(text, start)
        if match is None:
            return None
        if start > end:
            pieces.append(Piece(text[end:start], end, expression=False))
        pieces.append(Piece(match[0], start, expression=True))
        end = match.end()
    return (*pieces, Piece(text[end:], end, expression=False)) if end < len(text) else tuple(pieces)
