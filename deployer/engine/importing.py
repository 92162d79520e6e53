"""What Attentive lists and no one declared yet, as declarations that adopt it. Reads only."""

from __future__ import annotations

import re
from dataclasses import field, replace
from itertools import count
from typing import TYPE_CHECKING, Any

from deployer.attentive import MissingScope, NotFound
from deployer.dataclass import dataclass
from deployer.engine.desired import Desired, desired
from deployer.engine.plan_api import likeness
from deployer.kinds import KINDS
from deployer.kinds.importing import IMPORTS
from deployer.latin import latin
from deployer.source import Gate
from deployer.source.secret import Sealer, Secret

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from deployer.attentive import Me
    from deployer.engine.session import LiveSession
    from deployer.kinds.importing import Existing, Imports
    from deployer.kinds.kind import Kind
    from deployer.project import Project
    from deployer.state.model import State

LONGEST = 60
"""Characters of an id that is made of a name."""


@dataclass(frozen=True, slots=True)
class Variable:
    """An environment variable to set, since its value isn't written; ``description`` helps to recognize the value."""

    name: str
    description: str


@dataclass(frozen=True, slots=True)
class Declaration:
    """One object to declare: ``body`` is the whole document, ``id`` Attentive's, ``remark`` a comment above it.

    ``adopted``: deployer.yaml has the adopt entry already.
    """

    address: str
    id: str
    body: Mapping[str, Any]
    variable: Variable | None = None
    remark: str = ""
    adopted: bool = False

    @property
    def kind(self) -> str:
        """Its kind in snake_case."""
        return self.address.partition(".")[0]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An object that isn't imported: its kind in snake_case, what it is called there, and why."""

    kind: str
    title: str
    why: str


@dataclass(frozen=True, slots=True)
class Listed:
    """What an import found: whose keys it read with, what is new, what is known already, and what can't be imported.

    ``unread`` leads from a kind in snake_case (and its app) to why Attentive didn't show it.
    """

    identities: Mapping[str, Me] = field(default_factory=dict)
    declarations: tuple[Declaration, ...] = ()
    known: tuple[LeftOut, ...] = ()
    left: tuple[LeftOut, ...] = ()
    unread: tuple[tuple[str, str], ...] = ()

    def without(self, reasons: Mapping[str, str]) -> Listed:
        """The same without some addresses, each left out for a reason."""
        kept = tuple(declaration for declaration in self.declarations if declaration.address not in reasons)
        left = tuple(
            LeftOut(declaration.kind, _called(declaration.body, declaration.id), reasons[declaration.address])
            for declaration in self.declarations
            if declaration.address in reasons
        )
        return replace(self, declarations=kept, left=(*self.left, *left))


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of one kind: addresses by Attentive's id, and those declared by what they are recognized."""

    recorded: Mapping[str, str]
    adopted: Mapping[str, str]
    declared: Mapping[tuple[str, ...] | None, str]
    sealer: Sealer

    def why(self, kind: Kind, existing: Existing) -> str:
        """Why an object needs no declaration; empty where it does."""
        assert kind.api is not None
        if address := self.recorded.get(existing.id):
            return f"recorded as {address}"
        if address := self.adopted.get(existing.id):
            return f"adopted as {address}"
        like = likeness(kind.api, existing.fields, self.sealer)
        if like is not None and (address := self.declared.get(like)):
            return f"declared as {address}; to take it over, adopt: {{{address}: {{id: {existing.id}}}}}"
        return ""


@dataclass(slots=True)
class Importer:
    """Reads every kind that Attentive lists. ``declared`` are all addresses of the project, of any environment."""

    project: Project
    state: State
    session: LiveSession
    environ: Mapping[str, str] = field(repr=False)
    declared: Collection[str] = ()
    _listed: Listed = field(default_factory=Listed)
    _taken: set[str] = field(default_factory=set)
    _names: dict[tuple[str, str], str] = field(default_factory=dict)

    def find(self) -> Listed:
        """Read and declare. Raises ``GuardError`` (a wrong key, before anything else is read), ``AttentiveError``."""
        if not self.session.apps:
            self.session.client("")  # says that there is no key
        identities = {app: self.session.identity(app) for app in self.session.apps}
        self._listed = Listed(identities)
        self._taken = {*self.declared, *self.project.environment.adopt}
        for resource in self.project.resources.values():
            self._names |= {
                (unique_name.space, unique_name.value): resource.address
                for unique_name in resource.kind.names(resource.model)
            }
        everything = desired(self.project)
        for name, imports in sorted(IMPORTS.items()):
            kind = KINDS[name]
            acquaintance = self._acquaintance(kind, everything)
            for existing in self._read(kind, imports):
                self._take(kind, existing, acquaintance)
        return self._listed

    def _read(self, kind: Kind, imports: Imports) -> Iterator[Existing]:
        """The objects of a kind; of a shared one by the first app that may read it."""
        first = next(iter(self.session.apps), "")
        problems: list[tuple[str, str]] = []
        for app in self.session.apps:
            try:
                objects = tuple(imports.existing(self.session, app, "" if app == first else app))
            except (MissingScope, NotFound) as error:
                problems.append((f"{kind.snake} (app {app})", f"{error}; {error.hint}"))
                continue
            yield from objects
            if imports.shared:
                return
        self._listed = replace(self._listed, unread=(*self._listed.unread, *problems))

    def _acquaintance(self, kind: Kind, everything: Iterable[Desired]) -> _Known:
        """What is known of a kind, prepared so that each of its objects is looked up."""
        recorded = {entry.id: address for address, entry in self.state.entries.items() if entry.kind == kind.name}
        adopt = self.project.environment.adopt.items()
        adopted = {
            id_: address for address, id_ in adopt if address.startswith(f"{kind.snake}.") and address in self.declared
        }
        sealer = Sealer(self.state.lineage, self.environ)
        assert kind.api is not None
        declared = {
            likeness(kind.api, sealer.wanted(each.wanted.fields), sealer): each.address
            for each in everything
            if each.kind is kind
        }
        return _Known(recorded, adopted, declared, sealer)

    def _take(self, kind: Kind, existing: Existing, acquaintance: _Known) -> None:
        why = acquaintance.why(kind, existing)
        if why:
            known = LeftOut(kind.snake, existing.title, why)
            self._listed = replace(self._listed, known=(*self._listed.known, known))
            return
        declaration = self._declare(kind, existing)
        problem = existing.problem or self._problem(kind, declaration)
        if problem:
            left = LeftOut(kind.snake, existing.title, problem)
            self._listed = replace(self._listed, left=(*self._listed.left, left))
            return
        self._taken.add(declaration.address)
        self._listed = replace(self._listed, declarations=(*self._listed.declarations, declaration))

    def _declare(self, kind: Kind, existing: Existing) -> Declaration:
        environment = self.project.environment
        adopted = next((a for a, i in environment.adopt.items() if i == existing.id and a not in self.declared), "")
        if not adopted.startswith(f"{kind.snake}."):
            adopted = ""
        address = adopted or self._address(kind.snake, existing.title)
        body: dict[str, Any] = {"kind": kind.name, "id": address.partition(".")[2], **existing.body}
        variable = None
        if existing.secret is not None:
            variable = Variable(f"{body['id'].upper()}_{existing.secret.ending}", existing.secret.description)
            body[existing.secret.key] = Secret(variable.name).written
        if len(self.project.settings.environments) > 1:
            body["environments"] = [environment.name]
        return Declaration(address, existing.id, body, variable, existing.remark, adopted=bool(adopted))

    def _address(self, snake: str, title: str) -> str:
        """An address that nothing has: the name's, else with the environment (its twin is in another one), a number."""
        wanted = f"{snake}.{identifier(title, snake)}"
        elsewhere = wanted in self.declared and wanted not in self.project.resources
        if elsewhere:
            wanted = f"{wanted}_{self.project.environment.name}"
        numbered = (f"{wanted}_{number}" if number > 1 else wanted for number in count(1))
        return next(address for address in numbered if address not in self._taken)

    def _problem(self, kind: Kind, declaration: Declaration) -> str:
        """Why a declaration wouldn't be accepted: its schema, or a name that another one has."""
        violations = Gate.named(kind.snake).violations(declaration.body)
        if violations:
            return f"it can't be declared: {violations[0].message}"
        for name in kind.names(kind.parse(declaration.address, declaration.body["id"], declaration.body)):
            first = self._names.setdefault((name.space, name.value), declaration.address)
            if first != declaration.address:
                return f"{first} has the same {name.space}; rename one of them in Attentive"
        return ""


def identifier(title: str, otherwise: str) -> str:
    """An id in snake_case made of a name; ``otherwise`` where nothing in the name can be spelled in ASCII."""
    words = "_".join(re.findall(r"[a-z0-9]+", latin(title).lower()))[:LONGEST].strip("_")
    if not words:
        return otherwise
    return words if words[0].isalpha() else f"{otherwise}_{words}"


def _called(body: Mapping[str, Any], otherwise: str) -> str:
    return str(body.get("name") or otherwise)
