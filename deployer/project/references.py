"""References that lead nowhere: to what isn't declared, or isn't there in this environment.

A reference to a resource that has problems of its own isn't reported: once these are mended, it leads somewhere.
"""

from __future__ import annotations

import re
from dataclasses import field
from functools import cached_property
from typing import TYPE_CHECKING

from deployer.dataclass import dataclass
from deployer.kinds import KINDS
from deployer.kinds.message import Message
from deployer.source import Candidates, FileProblem, some

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from deployer.kinds.base import Reference
    from deployer.project.model import Resource
    from deployer.source import Problem, Sources

NOT_HERE = "reference/not-here"
"""The id of problems that say where a resource doesn't exist: of several environments they make one."""

LIMIT = ("environments",)
"""The field that says where a resource exists; with a mistake in it, no one can tell what else isn't there."""

UNREAD = ("yaml/", "file/", "kind/")
"""What the rules begin with that say of a file that something in it couldn't be read."""

_ID = re.compile(r"""\bid["']?[ \t]*:[ \t]*["']?(\w+)""")


@dataclass(frozen=True, slots=True)
class Unread:
    """The ids in files of which something couldn't be read, so that what they declare isn't known in full.

    ``named`` are those that the texts seem to declare, of the kinds that they seem to have (``kinds``); ``ids`` those
    of documents whose kind isn't known; ``any_kind``: nor can it be guessed of one.
    """

    named: frozenset[str] = field(default=frozenset(), repr=False)
    kinds: frozenset[str] = frozenset()
    ids: frozenset[str] = frozenset()
    any_kind: bool = False
    unreadable: bool = False

    @classmethod
    def of(cls, sources: Sources, kindless: Collection[tuple[str, str]]) -> Unread:
        """Look up the files that have problems. ``kindless`` are the ids without a kind, with the one that is meant."""
        paths = dict.fromkeys(problem.position.path for problem in sources.problems if problem.rule.startswith(UNREAD))
        texts, unreadable = [], False
        for path in paths:
            try:
                texts.append(sources.files.text(path))
            except FileProblem:
                unreadable = True
        named = frozenset(name for text in texts for name in _ID.findall(text))
        kinds = frozenset(name for name in KINDS if any(name in text for text in texts))
        meant = frozenset(kind for _, kind in kindless)
        return cls(named, kinds | meant - {""}, frozenset(name for name, _ in kindless), "" in meant, unreadable)

    def may_declare(self, name: str) -> bool:
        """Whether one of them seems to declare a resource with this id; one that can't be read at all may."""
        return self.unreadable or name in self.ids or name in self.named

    def may_hold(self, kind: str) -> bool:
        """Whether one of them seems to declare a resource of this kind."""
        return self.unreadable or self.any_kind or kind in self.kinds

    @property
    def snakes(self) -> frozenset[str]:
        """The kinds, as in addresses, of which one of them seems to declare a resource."""
        return frozenset(kind.snake for kind in KINDS.values() if self.may_hold(kind.name))


@dataclass(frozen=True, slots=True)
class Absence:
    """A reference to a resource that exists, but not in ``environment``."""

    resource: Resource
    reference: Reference
    environment: str


@dataclass(frozen=True)
class Declared:
    """Addresses as they are written, whether or not they passed their gate or exist in an environment."""

    addresses: Mapping[str, None]

    def __contains__(self, address: str) -> bool:
        """Whether a resource is declared for any environment."""
        return address in self.addresses

    @cached_property
    def ids(self) -> Mapping[str, tuple[str, ...]]:
        """The ids of each kind, by its name in addresses."""
        ids: dict[str, list[str]] = {}
        for address in self.addresses:
            snake, _, name = address.partition(".")
            ids.setdefault(snake, []).append(name)
        return {snake: tuple(names) for snake, names in ids.items()}

    @cached_property
    def hints(self) -> Mapping[str, tuple[Candidates, str]]:
        """For each kind its ids, of which one may have been meant, and a few of them to show where none is alike."""
        return {snake: (Candidates(names), some(names)) for snake, names in self.ids.items()}

    def hint(self, snake: str, name: str) -> str:
        """What was probably meant by an id that isn't declared."""
        candidates, shown = self.hints.get(snake) or (Candidates(()), some(()))
        return candidates.did_you_mean(name) or f"no {snake.replace('_', ' ')} has this id; declared: {shown}"


@dataclass(frozen=True)
class References:
    """Every reference of one environment's resources.

    ``declared`` are all addresses as they are written, ``broken`` those that have problems of their own.
    """

    resources: Mapping[str, Resource]
    declared: Declared
    broken: Collection[str]
    unread: Unread

    @cached_property
    def _open(self) -> tuple[tuple[Resource, Reference], ...]:
        return tuple(
            (resource, reference)
            for resource in self.resources.values()
            if any(target not in self.resources for target in resource.fact("targets", targets))
            for reference in resource.kind.references(resource.model)
            if reference.target not in self.resources
            and reference.target not in self.broken
            and not resource.is_unread(reference.pointer)
        )

    def absent(self) -> Iterator[tuple[Resource, Reference]]:
        """The references to what exists elsewhere only."""
        for resource, reference in self._open:
            if reference.target in self.declared and not resource.is_unread(LIMIT):
                yield resource, reference

    def unknown(self) -> Iterator[Problem]:
        """The references to what isn't declared at all, and what was probably meant."""
        for resource, reference in self._open:
            snake, _, name = reference.target.partition(".")
            if reference.target not in self.declared and not self.unread.may_declare(name):
                noun = snake.replace("_", " ")
                message = f"{noun} `{name}` is not declared"
                yield resource.problem(reference.pointer, "reference/unknown", message, hint=self._hint(snake, name))

    def _hint(self, snake: str, name: str) -> str:
        meant = self._by_name.get((snake, name))
        return f"that is its name; write its id: `{meant}`" if meant else self.declared.hint(snake, name)

    @cached_property
    def _by_name(self) -> Mapping[tuple[str, str], str]:
        """Ids by kind and name at Attentive; the first, where two have one name."""
        by_name: dict[tuple[str, str], str] = {}
        for resource in self.resources.values():
            by_name.setdefault((resource.kind.snake, getattr(resource.model, "name", "")), resource.model.id)
        return by_name


def targets(resource: Resource) -> list[str]:
    """The addresses that a resource refers to."""
    return [reference.target for reference in resource.kind.references(resource.model)]


def picture_of(resource: Resource) -> str:
    """The file with the picture that a message shows; empty where it shows none of a file."""
    return str(resource.fact("picture", lambda message: message.read_as(Message).media_file))


def absence_problems(absences: Iterable[Absence]) -> Iterator[Problem]:
    """One problem for each reference that is open somewhere, with all the environments in which it is."""
    found: dict[tuple[object, ...], tuple[Absence, list[str]]] = {}
    for absence in absences:
        place = absence.resource.pointer(absence.reference.pointer)
        key = (absence.resource.address, place, absence.reference.target)
        found.setdefault(key, (absence, []))[1].append(f"`{absence.environment}`")
    for absence, environments in found.values():
        snake, _, name = absence.reference.target.partition(".")
        several = "environments" if len(environments) > 1 else "environment"
        message = f"{snake.replace('_', ' ')} `{name}` doesn't exist in the {several} {', '.join(environments)}"
        hint = "its `environments:` leaves that out; add it there, or leave it out here too"
        yield absence.resource.problem(absence.reference.pointer, NOT_HERE, message, hint=hint)
