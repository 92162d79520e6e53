"""Documents to a linked project of one environment, and everything that is wrong on the way."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from deployer.kinds import KINDS
from deployer.project.model import Project, Resource
from deployer.project.words import Words
from deployer.source import (
    Document,
    Environment,
    Gate,
    Problem,
    Settings,
    Sources,
    Violation,
    check_environments,
    origin,
    problem_at,
    schema,
    specialise,
    suggest,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from deployer.kinds.base import Kind, Reference

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
    """A project of one environment and the problems met while it was linked."""

    project: Project
    problems: tuple[Problem, ...]


@dataclass(slots=True)
class _Work:
    """What has been gathered so far."""

    resources: dict[str, Resource] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def link(sources: Sources, settings: Settings, environment: Environment, words: Words | None = None) -> Linked:
    """Gate, parse and connect every document that exists in the environment.

    ``words`` may be shared by the environments of one run, so that nothing is compiled twice.
    """
    work = _Work()
    for document in sources.documents:
        _add(work, document, settings, environment)
    resources = dict(sorted(work.resources.items()))
    project = Project(sources.root, settings, environment, resources, words or Words(sources.files, settings.brand))
    declared = {**_declared_anywhere(sources), **resources}
    work.problems.extend(_unknown_references(resources, declared, environment.name))
    work.problems.extend(_duplicate_names(resources))
    return Linked(project, tuple(work.problems))


def _add(work: _Work, document: Document, settings: Settings, environment: Environment) -> None:
    """Take one document in, or say why not."""
    kind = _kind(work, document)
    if kind is None:
        return
    names = tuple(settings.environments)
    misplaced = check_environments(document, names)
    work.problems.extend(misplaced)
    body = None if misplaced else specialise(document.value, environment.name, names)
    if body is None:
        return
    violations = Gate.of(schema(kind.snake)).violations(body)
    if violations:
        work.problems.extend(_violation(document, environment.name, kind, one) for one in violations)
        return
    address = f"{kind.snake}.{body['id']}"
    resource = Resource(address, kind, kind.parse(address, body["id"], body), body, document, environment.name)
    if address in work.resources:
        work.problems.append(_duplicate_address(resource, work.resources[address]))
    else:
        work.resources[address] = resource


def _kind(work: _Work, document: Document) -> Kind | None:
    name = document.value.get("kind")
    if isinstance(name, str) and name in KINDS:
        return KINDS[name]
    if name is None:
        message, hint = "this document doesn't say its `kind`", f"write one of: {', '.join(sorted(KINDS))}"
        work.problems.append(problem_at(document, (), "kind/missing", message, hint=hint))
        return None
    near = suggest(str(name), KINDS)
    hint = f"did you mean `{near}`?" if near else f"the kinds are {', '.join(sorted(KINDS))}"
    work.problems.append(problem_at(document, ("kind",), "kind/unknown", f"`{name}` is not a kind", hint=hint))
    return None


def _violation(document: Document, environment: str, kind: Kind, violation: Violation) -> Problem:
    """A schema violation at its place: in the environment's patch where that is what is wrong."""
    identifier = document.value.get("id")
    return problem_at(
        document,
        origin(document.value, environment, violation.pointer),
        RULES.get(violation.keyword, "schema/invalid"),
        violation.message,
        hint=violation.hint,
        key=violation.at_key,
        address=f"{kind.snake}.{identifier}" if isinstance(identifier, str) else "",
    )


def _duplicate_address(resource: Resource, first: Resource) -> Problem:
    where = first.locate(("id",))
    return resource.problem(
        ("id",),
        "project/duplicate-address",
        f"`{resource.address}` is declared twice",
        hint=f"the first is at {where.path}:{where.line}; give one of them another id",
    )


def _declared_anywhere(sources: Sources) -> dict[str, None]:
    """Addresses as they are written, whether or not they passed their gate or exist in this environment."""
    found: dict[str, None] = {}
    for document in sources.documents:
        kind = KINDS.get(str(document.value.get("kind")))
        if kind:
            found[f"{kind.snake}.{document.value.get('id')}"] = None
    return found


def _unknown_references(
    resources: Mapping[str, Resource], declared: Mapping[str, object], environment: str
) -> Iterator[Problem]:
    for resource in resources.values():
        for reference in resource.kind.references(resource.model):
            if reference.target not in resources:
                yield _unknown(resource, reference, declared, environment)


def _unknown(
    resource: Resource,
    reference: Reference,
    declared: Mapping[str, object],
    environment: str,
) -> Problem:
    snake, _, name = reference.target.partition(".")
    noun = snake.replace("_", " ")
    if reference.target in declared:
        message = f"{noun} `{name}` is not available in the environment `{environment}`"
        hint = "it has problems of its own, or its `environments:` leaves this one out"
        return resource.problem(reference.pointer, "reference/not-here", message, hint=hint)
    names = [address.partition(".")[2] for address in declared if address.startswith(f"{snake}.")]
    near = suggest(name, names)
    hint = (
        f"did you mean `{near}`?" if near else f"no {noun} has this id; declared: {', '.join(sorted(names)) or 'none'}"
    )
    return resource.problem(reference.pointer, "reference/unknown", f"{noun} `{name}` is not declared", hint=hint)


def _duplicate_names(resources: Mapping[str, Resource]) -> Iterator[Problem]:
    seen: dict[tuple[str, str], Resource] = {}
    for resource in resources.values():
        for name in resource.kind.names(resource.model):
            first = seen.setdefault((name.space, name.value), resource)
            if first is not resource:
                where = first.locate(name.pointer)
                message = f"the {name.space} “{name.value}” is declared by `{first.address}` too"
                hint = f"see {where.path}:{where.line}; at Attentive there is only one of this name"
                yield resource.problem(name.pointer, "project/duplicate-name", message, hint=hint)
