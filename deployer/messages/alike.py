"""Whether what was really sent is what was expected: links are shortened on the way.

Attentive doesn't say whether a webhook's text has the brand's name in front, and appends an opt-out text for some only.
"""

from __future__ import annotations

import re
from dataclasses import field
from functools import cached_property

from deployer.dataclass import dataclass
from deployer.messages.counting import OPT_OUT_SEPARATOR, SEPARATOR
from deployer.messages.delivery import Additions

_LINK = re.compile(r"\b(?:https?://\S+|(?:[\w-]+\.)+[a-z]{2,}/\S+)(?<=[^\s.,;:!?)\]}'\"])", re.IGNORECASE)
"""A link; a shortened one may have no scheme."""

_MACRO = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_SPACE = re.compile(r"\s+")
_ANY = "\0"


def reads_alike(expected: str, sent: str, added: Additions) -> bool:
    """Whether two filled-in texts are the same but for their links, white space, and what Attentive adds."""
    return _LINK.sub(_ANY, own_words(expected, added)) == _LINK.sub(_ANY, own_words(sent, added))


def own_words(text: str, added: Additions) -> str:
    """A text on one line, without what Attentive adds in front and behind."""
    words = text.removeprefix(added.brand + SEPARATOR) if added.brand else text
    words = words.removesuffix(OPT_OUT_SEPARATOR + added.opt_out) if added.opt_out else words
    return _SPACE.sub(" ", words).strip()


@dataclass(frozen=True)
class Template:
    """A composer text as what it may become: its macros and links stand for anything."""

    text: str
    added: Additions = field(default_factory=Additions)

    @cached_property
    def _pieces(self) -> list[list[str]]:
        """The fixed words: between macros, and in each of these between links.

        The blanks beside a macro go with it, since a macro may be empty.
        """
        return [_LINK.split(part.strip()) for part in _MACRO.split(_SPACE.sub(" ", self.text))]

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        # Words in the middle are looked for once, where they come first: to try each way in which some macros share
        # the words between them would take forever.
        first, *others = (r"\S+?".join(map(re.escape, piece)) for piece in self._pieces)
        middle = "".join(f"(?>.*?{other})" for other in others[:-1] if other)
        return re.compile(first + middle + "".join(f".*?{other}" for other in others[-1:]))

    def fits(self, sent: str) -> bool:
        """Whether a text that was sent may be this one, filled in."""
        return self._pattern.fullmatch(own_words(sent, self.added)) is not None

    def missing(self, sent: str) -> tuple[str, ...]:
        """The fixed words that a text doesn't have, in the template's order: nothing of them is a person's."""
        words = own_words(sent, self.added)
        fixed = (piece.strip() for pieces in self._pieces for piece in pieces)
        return tuple(piece for piece in fixed if piece and piece not in words)
