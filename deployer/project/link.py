"""Documents to a linked project of one environment, and everything that is wrong on the way."""

from __future__ import annotations

from dataclasses import field, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from deployer.dataclass import dataclass
from deployer.kinds import KINDS
from deployer.project.addresses import ADDRESS, address_of, is_everywhere
from deployer.project.duplicates import duplicate_address, duplicate_names
from deployer.project.known import KnownResource
from deployer.project.memory import Memory
from deployer.project.model import Project, Resource
from deployer.project.reading import body_in, whose_patches
from deployer.project.references import LIMIT, Absence, Declared, References, Unread, absence_problems
from deployer.project.slips import place, without_slips
from deployer.project.words import Words
from deployer.source import (
    Body,
    Document,
    Environment,
    Gate,
    Problem,
    Settings,
    Sources,
    Violation,
    as_meant,
    check_environments,
    did_you_mean,
    origin,
    problem_at,
    schema,
    specialise,
    suggest,
    varies,
)
from deployer.source.suggestion import near
from deployer.source.tails import lost_tails

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deployer.kinds.base import Model, Reference
    from deployer.kinds.kind import Kind
    from deployer.source import Pointer

RULES = {
    "additionalProperties": "schema/unknown-key",
    "unevaluatedProperties": "schema/unknown-key",
    "required": "schema/missing-key",
    "type": "schema/wrong-type",
    "enum": "schema/unknown-value",
    "const": "schema/unknown-value",
}
"""The rule that a violated JSON Schema keyword belongs to; anything else is ``schema/invalid``."""


@dataclass(frozen=True, slots=True)
class Linked:
    """A project of one environment and the problems met while it was linked.

    ``absences`` are those of the problems (``reference/not-here``) that other environments may share.
    """

    project: Project
    problems: tuple[Problem, ...]
    absences: tuple[Absence, ...] = ()


@dataclass(frozen=True, slots=True)
class _Connected:
    """What linking gives without the environment's name: environments that change nothing in the documents share it.

    ``absent`` are references to resources that only other environments have.
    """

    resources: Mapping[str, Resource]
    problems: tuple[Problem, ...]
    duplicates: tuple[Problem, ...]
    absent: tuple[tuple[Resource, Reference], ...]
    broken: frozenset[str]
    unread: frozenset[str]


@dataclass(slots=True)
class _Work:
    """What has been gathered so far of ``sources``.

    ``broken`` are the addresses of documents that have problems of their own, ``kindless`` the ids of those whose kind
    isn't known, each with the kind that is probably meant (empty: no one can tell).
    """

    sources: Sources
    memory: Memory
    resources: dict[str, Resource] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    broken: set[str] = field(default_factory=set)
    kindless: set[tuple[str, str]] = field(default_factory=set)

    @property
    def names(self) -> Mapping[str, str]:
        """The addresses of resources by their names at Attentive."""
        return self.memory.latest("names", (self.sources,), partial(_names, self.sources))

    def take(self, resource: Resource) -> None:
        """Take in a resource, unless another one has its address."""
        first = self.resources.setdefault(resource.address, resource)
        if first is not resource:
            self.problems.append(duplicate_address(resource, first))


@dataclass(frozen=True, slots=True)
class _Reading:
    """A document's body against its kind: what is wrong with it, and the model of what can be read of it.

    ``body`` is what the model was made from, without the values at ``mistakes``.
    """

    tails: Mapping[Pointer, Problem]
    violations: tuple[Violation, ...]
    model: Model | None
    body: Body
    mistakes: tuple[Pointer, ...] = ()


def link(
    sources: Sources,
    settings: Settings,
    environment: Environment,
    words: Words | None = None,
    memory: Memory | None = None,
) -> Linked:
    """Gate, parse and connect every document that exists in the environment.

    ``words`` and ``memory`` may be shared by the environments of one run, so that nothing is made twice.
    """
    memory = memory or Memory()
    parts = partial(_connect, sources, settings, environment, memory)
    alike = memory.latest("alike", (sources,), lambda: all(map(is_everywhere, sources.documents)))
    connected = memory.latest("connected", (sources,), parts) if alike else parts()
    words = words or Words(sources.files, settings.brand)
    resources, broken, unread = connected.resources, connected.broken, connected.unread
    project = Project(sources.root, settings, environment, resources, words, memory, broken, unread)
    absences = tuple(Absence(*absent, environment.name) for absent in connected.absent)
    problems = (*connected.problems, *absence_problems(absences), *connected.duplicates)
    return Linked(project, problems, absences)


def _connect(sources: Sources, settings: Settings, environment: Environment, memory: Memory) -> _Connected:
    """Read the resource of every document, and check the references between them."""
    work = _Work(sources, memory)
    for document in sources.documents:
        known = document.facts.get(ADDRESS)
        if known is None:
            _add(work, document, settings, environment)
        else:
            work.take(memory.once("resource", (document,), partial(KnownResource, known, document)))
    resources = dict(sorted(work.resources.items()))
    unread = Unread.of(sources, work.kindless)
    declared = memory.latest("declared", (sources,), lambda: Declared(_declared_anywhere(sources)))
    links = References(resources, declared, work.broken, unread)
    problems = (*work.problems, *links.unknown())
    duplicates = tuple(duplicate_names(resources))
    return _Connected(resources, problems, duplicates, tuple(links.absent()), frozenset(work.broken), unread.snakes)


def _add(work: _Work, document: Document, settings: Settings, environment: Environment) -> None:
    """Take one document in, or say why not."""
    kind = _kind(work, document)
    if kind is None:
        work.kindless.add((str(document.value.get("id")), suggest(str(document.value.get("kind", "")), KINDS) or ""))
        return
    names = settings.environment_names
    misplaced = check_environments(document, names) if varies(document.value) else ()
    work.problems.extend(misplaced)
    address = f"{kind.snake}.{document.value.get('id')}"
    if misplaced:
        work.broken.add(address)
    placed = as_meant(document.value, names) if misplaced else document.value
    if placed is document.value:
        body = body_in(document, environment, names, work.memory)
    else:
        body = specialise(placed, environment.name, names, environment.inherits)
    if body is None:
        return
    read = work.memory.once("reading", (document, body), lambda: _read(document, kind, address, body))
    work.problems.extend(read.tails.values())
    if read.violations or read.tails:
        meant = (_meant(work, body, violation) for violation in read.violations)
        work.problems.extend(_violation(document, environment, kind, violation) for violation in meant)
        work.broken.add(address)
    if read.model is None:
        return
    mistakes = read.mistakes if placed is document.value else (*read.mistakes, LIMIT)
    there = whose_patches(document, environment)
    if read.violations or read.tails or varies(document.value):
        work.take(Resource(address, kind, read.model, read.body, document, *there, mistakes))
        return
    document.facts[ADDRESS] = address
    resource = Resource(address, kind, read.model, read.body, document, *there, facts=document.facts)
    work.take(work.memory.once("resource", (document,), lambda: resource))


def _read(document: Document, kind: Kind, address: str, body: Body) -> _Reading:
    tails = dict(lost_tails(document, schema(kind.snake)))
    violations = tuple(
        violation for violation in Gate.named(kind.snake).violations(body) if violation.pointer not in tails
    )
    if not violations and not tails:
        return _Reading(tails, violations, kind.parse(address, body["id"], body), body)
    meant = without_slips(body, violations)
    mistakes = (*tails, *map(place, Gate.named(kind.snake).violations(meant)))
    if not mistakes:
        return _Reading(tails, violations, kind.parse(address, meant["id"], meant), meant)
    model, rest = kind.readable(address, str(body.get("id")), meant, mistakes) or (None, body)
    return _Reading(tails, violations, model, rest, mistakes)


def _kind(work: _Work, document: Document) -> Kind | None:
    name = document.value.get("kind")
    if isinstance(name, str) and name in KINDS:
        return KINDS[name]
    if name is None:
        key = next((key for key in document.value if near(key, ("kind",), least=0.75)), None)
        if key is not None:
            message = f"`{key}` isn't a key here, so this document has no `kind`"
            problem = problem_at(document, (key,), "kind/missing", message, hint="did you mean `kind`?", key=True)
            work.problems.append(problem)
            return None
        message = "this document has no `kind`"
        hint = f"write one of: {', '.join(sorted(KINDS))}; a file of another tool goes under `ignore` in deployer.yaml"
        work.problems.append(problem_at(document, (), "kind/missing", message, hint=hint))
        return None
    others = "a document of another tool belongs into a file that holds no resources"
    hint = did_you_mean(str(name), KINDS) or f"the kinds are {', '.join(sorted(KINDS))}; {others}"
    work.problems.append(problem_at(document, ("kind",), "kind/unknown", f"`{name}` is not a kind", hint=hint))
    return None


def _violation(document: Document, environment: Environment, kind: Kind, violation: Violation) -> Problem:
    """A schema violation at its place: in the environment's patch where that is what is wrong."""
    identifier = document.value.get("id")
    pointer = origin(document.value, environment.name, violation.pointer, environment.inherits)
    return problem_at(
        document,
        pointer,
        RULES.get(violation.keyword, "schema/invalid"),
        violation.message,
        hint=violation.hint_in(document, pointer),
        key=violation.at_key,
        address=f"{kind.snake}.{identifier}" if isinstance(identifier, str) else "",
    )


def _meant(work: _Work, body: Body, violation: Violation) -> Violation:
    """Name the id where someone wrote a resource's name at Attentive instead."""
    value: Any = body
    for part in violation.pointer:
        value = value[part]
    address = work.names.get(value) if violation.keyword == "pattern" and isinstance(value, str) else None
    if address is None or violation.pointer == ("name",):
        return violation
    return replace(violation, hint=f"that is the name of `{address}`; write its id: `{address.partition('.')[2]}`")


def _names(sources: Sources) -> dict[str, str]:
    """The addresses of resources by their names at Attentive."""
    names: dict[str, str] = {}
    for document in sources.documents:
        kind, name = KINDS.get(str(document.value.get("kind"))), document.value.get("name")
        if kind and isinstance(name, str):
            names.setdefault(name, f"{kind.snake}.{document.value.get('id')}")
    return names


def _declared_anywhere(sources: Sources) -> dict[str, None]:
    """Addresses as they are written, whether or not they passed their gate or exist in this environment."""
    addresses: dict[str, None] = {}
    for document in sources.documents:
        address = address_of(document)
        if address:
            addresses[address] = None
    return addresses
