"""A project in which an earlier check found no error: a declaration is read when it is looked at.

Nothing is checked here again: there is no gate, and no search for what is declared twice or refers to nothing. What a
project becomes is what ``link`` makes of it; only when is another question.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from functools import partial
from typing import TYPE_CHECKING

from deployer.dataclass import dataclass
from deployer.kinds import KINDS
from deployer.project.model import Project, Resource
from deployer.project.references import Unread
from deployer.source import specialise, varies

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from deployer.project.memory import Memory
    from deployer.project.words import Words
    from deployer.source import Body, Document, Environment, Settings, Sources


@dataclass(frozen=True, slots=True)
class _Declarations(Mapping[str, Resource]):
    """The resources of an environment by address, each of which is made when it is first asked for."""

    documents: Mapping[str, Document]
    environment: Environment
    names: Collection[str]
    memory: Memory
    _resources: dict[str, Resource] = field(default_factory=dict, repr=False)

    def __getitem__(self, address: str) -> Resource:
        """Read a declaration, unless it was read before."""
        resource = self._resources.get(address)
        return resource or self._resources.setdefault(address, self._read(address, self.documents[address]))

    def __contains__(self, address: object) -> bool:
        """Whether there is such a declaration, which needn't be read for that."""
        return address in self.documents

    def __iter__(self) -> Iterator[str]:
        """Every address, in their order."""
        return iter(self.documents)

    def __len__(self) -> int:
        """How many declarations there are."""
        return len(self.documents)

    def _read(self, address: str, document: Document) -> Resource:
        body = body_in(document, self.environment, self.names, self.memory)
        assert body is not None
        kind = KINDS[document.value["kind"]]
        model = self.memory.once("model", (document, body), partial(kind.parse, address, body["id"], body))
        return Resource(address, kind, model, body, document, self.environment.name, self.environment.inherits)


def read_sound(sources: Sources, settings: Settings, environment: Environment, words: Words, memory: Memory) -> Project:
    """What ``link`` makes of documents in which it finds no error in this environment."""
    names = settings.environment_names
    documents = {
        f"{KINDS[document.value['kind']].snake}.{document.value['id']}": document
        for document in sources.documents
        if not varies(document.value) or body_in(document, environment, names, memory) is not None
    }
    declarations = _Declarations(dict(sorted(documents.items())), environment, names, memory)
    unread = Unread.of(sources, ()).snakes
    return Project(sources.root, settings, environment, declarations, words, memory, unread=unread)


def body_in(document: Document, environment: Environment, names: Collection[str], memory: Memory) -> Body | None:
    """The resource as it is in the environment: the same value in all that it says nothing about.

    ``names`` are those of all environments. ``None``: it doesn't exist there.
    """
    if varies(document.value):
        return specialise(document.value, environment.name, names, environment.inherits)
    return memory.once("body", (document,), lambda: specialise(document.value, environment.name, names))
