"""Whether a YAML document is one of ours: a repository holds the documents of many tools.

A document is ours by its `kind`, and where that is mistyped: a kind that is nearly one of ours, a key that is nearly
`kind`, a file that is full of ours, or all the keys that one of our kinds demands. What Kubernetes marks as its own
(``apiVersion``) never is. Without any kinds, as where a single file is looked at, every document counts as ours.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import field
from operator import attrgetter
from typing import TYPE_CHECKING, TypeAlias

from deployer.dataclass import dataclass
from deployer.source.suggestion import near

if TYPE_CHECKING:
    from deployer.source.documents import Document
    from deployer.source.values import JSON

Kinds: TypeAlias = Mapping[str, Collection[str]]
"""The kinds that are ours, each with the keys that it demands beside ``kind``."""

_facts = attrgetter("facts")

_ENOUGH_KEYS = 3
"""Keys that a kind must demand so that a document without a kind is recognized by them."""
_KIND_LINE = r"""(?im)^[\s\ufeff{,"'-]*kind["']?[^\S\n]*:(?:[^\S\n]|[\u200b\u2060\ufeff])*["']?(?P<kind>[A-Za-z_-]+)"""
"""A line with a kind. It is compiled where it is used: only a file that isn't YAML is searched by it."""


@dataclass(frozen=True, slots=True)
class Belonging:
    """Tells our documents from those of other tools."""

    kinds: Kinds = field(default_factory=dict)

    def split(self, documents: Collection[Document]) -> tuple[list[Document], list[Document]]:
        """Part the documents of one file into ours and those of others."""
        if documents and all(map(_facts, documents)):  # nothing is kept of those of others
            return list(documents), []
        full = any(self._declared(document.value) for document in documents)
        ours = [document for document in documents if self._is_ours(document.value, among_ours=full)]
        others = [document for document in documents if document not in ours] if len(ours) < len(documents) else []
        return ours, others

    def mentions_ours(self, text: str) -> bool:
        """Whether a text that isn't sound YAML says a kind of ours somewhere."""
        return not self.kinds or any(self._near(match["kind"]) for match in re.finditer(_KIND_LINE, text))

    def _is_ours(self, value: Mapping[str, JSON], *, among_ours: bool) -> bool:
        if not self.kinds:
            return True
        if "apiVersion" in value:
            return False
        if among_ours or self._declared(value):
            return True
        return "kind" not in value and self._has_all_keys(value)

    def _declared(self, value: Mapping[str, JSON]) -> bool:
        """Whether a kind of ours is written, perhaps mistyped, under `kind` or a key that is nearly that."""
        keys = ("kind",) if "kind" in value else tuple(key for key in value if near(key, ("kind",), least=0.75))
        return "apiVersion" not in value and any(self._near(value[key]) for key in keys)

    def _near(self, kind: JSON) -> bool:
        return isinstance(kind, str) and (kind in self.kinds or near(kind, self.kinds, least=0.7) is not None)

    def _has_all_keys(self, value: Mapping[str, JSON]) -> bool:
        demanded = [keys for keys in self.kinds.values() if len(keys) >= _ENOUGH_KEYS]
        return any(all(key in value for key in keys) for keys in demanded)
