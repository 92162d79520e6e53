"""The addresses that documents declare, and what is known of a declaration that is the same in each environment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployer.kinds import KINDS
from deployer.source import varies

if TYPE_CHECKING:
    from deployer.source import Document

ADDRESS = "address"
"""The fact of a document that was found to be a sound declaration which says nothing of environments."""


def address_of(document: Document) -> str:
    """The address that a document declares, whether or not it passes its gate; empty where its kind isn't known."""
    known: str | None = document.facts.get(ADDRESS)
    if known is not None:
        return known
    kind = KINDS.get(str(document.value.get("kind")))
    return f"{kind.snake}.{document.value.get('id')}" if kind else ""


def is_everywhere(document: Document) -> bool:
    """Whether a document says nothing of environments, so that it is the same in each."""
    return ADDRESS in document.facts or not varies(document.value)
