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
from deployer.project.addresses import address_of, is_everywhere
from deployer.project.memory import Memory
from deployer.project.model import Project, Resource
from deployer.project.references import Unread
from deployer.project.sought import SoughtDocuments
from deployer.source import specialise, varies
from deployer.source.loading import resource_paths

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

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
        facts = None if varies(document.value) else document.facts
        return Resource(address, kind, model, body, document, *whose_patches(document, self.environment), facts=facts)


@dataclass(frozen=True, slots=True)
class _SoughtDeclarations(_Declarations):
    """The same, of documents that are looked for in the project's files."""

    documents: SoughtDocuments

    def of_kind(self, snake: str) -> Sequence[str]:
        """The addresses of a kind, in their order."""
        return self.documents.of_kind(snake)


def seek_sound(sources: Sources, settings: Settings, environment: Environment, words: Words) -> Project:
    """What ``read_sound`` gives where no file has a problem; ``sources`` need nothing but the settings.

    A file's YAML is read when something is looked for that is among its words.
    """
    names, memory = settings.environment_names, Memory()

    def is_here(document: Document) -> bool:
        return not varies(document.value) or body_in(document, environment, names, memory) is not None

    documents = SoughtDocuments(sources.files, resource_paths(sources), is_here)
    declarations = _SoughtDeclarations(documents, environment, names, memory)
    return Project(sources.root, settings, environment, declarations, words, memory)


def read_sound(sources: Sources, settings: Settings, environment: Environment, words: Words, memory: Memory) -> Project:
    """What ``link`` makes of documents in which it finds no error in this environment."""
    names = settings.environment_names
    documents = {
        address_of(document): document
        for document in sources.documents
        if is_everywhere(document) or body_in(document, environment, names, memory) is not None
    }
    declarations = _Declarations(dict(sorted(documents.items())), environment, names, memory)
    unread = Unread.of(sources, ()).snakes
    return Project(sources.root, settings, environment, declarations, words, memory, unread=unread)


def whose_patches(document: Document, environment: Environment) -> tuple[str, tuple[str, ...]]:
    """The environment whose patches a resource may have, and those that it inherits from; empty without patches."""
    return (environment.name, environment.inherits) if varies(document.value) else ("", ())


def body_in(document: Document, environment: Environment, names: Collection[str], memory: Memory) -> Body | None:
    """The resource as it is in the environment: the same value in all that it says nothing about.

    ``names`` are those of all environments. ``None``: it doesn't exist there.
    """
    if varies(document.value):
        return specialise(document.value, environment.name, names, environment.inherits)
    return memory.once("body", (document,), lambda: specialise(document.value, environment.name, names))
