"""Word diffs as markdown that wraps: what went is struck through, what came underlined, on both forges."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployer.views.markdown import literal
from deployer.views.words import visible_blanks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deployer.messages import Piece

_MARKS = {"same": ("", ""), "gone": ("<del>", "</del>"), "new": ("<ins>", "</ins>")}


def marked(pieces: Sequence[Piece]) -> str:
    """Write a word diff on one line of markdown; a line break of the text is a ``<br>``.

    White space that went or came shows as signs, since a reader couldn't see it.
    """
    return "".join(map(_marked, pieces)).replace("</del><ins>", "</del> <ins>")


def prose(text: str) -> str:
    """A text of several lines on one line of markdown."""
    return "<br>".join(literal(line) for line in text.split("\n"))


def cell(text: str) -> str:
    """Markdown on one line for a cell of a table."""
    return text.replace("|", "\\|").replace("\n", "<br>")


def _marked(piece: Piece) -> str:
    before, after = _MARKS[piece.op]
    if piece.op == "same":
        return prose(piece.text)
    *ended, last = piece.text.split("\n")
    if piece.op == "gone":
        return f"{before}{_seen(piece.text)}{after}"
    shown = [_seen(f"{line}\n") for line in ended] + ([_seen(last)] if last else [])
    return "<br>".join(f"{before}{line}{after}" for line in shown) + ("<br>" if ended and not last else "")


def _seen(text: str) -> str:
    """Words that went or came; blanks beside words need no sign, as the mark of the words shows them."""
    words = text.strip(" ")
    if not words.strip():
        return literal(visible_blanks(text))
    begin, end = text[: len(text) - len(text.lstrip(" "))], text[len(text.rstrip(" ")) :]
    return f"{begin}{literal(visible_blanks(words))}{end}"
