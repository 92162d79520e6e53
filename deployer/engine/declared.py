"""What the YAML wants of one declaration, perhaps as an earlier plan found it: then the declaration isn't read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from deployer.dataclass import dataclass
from deployer.kinds.base import Wanted
from deployer.kinds.values import Carried

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from deployer.project import Project
    from deployer.project.model import Resource


@dataclass(frozen=True, slots=True)
class Declared:
    """What is wanted of a declaration (``None``: it has no presence at Attentive), and what a send carries.

    ``retired``: it is kept for those that still use it.
    """

    wanted: Wanted | None
    payload: Mapping[str, Any]
    retired: bool
    owner: str


_ABSENT = Declared(None, {}, retired=False, owner="")


def declared(project: Project, resource: Resource) -> Declared:
    """What a declaration says in the project's environment; nothing that is brought about, where no one can."""
    if resource.kind.api is None and resource.kind.person is None:
        return _ABSENT
    row = project.known_declaration("declared", resource.address, lambda: _row(_read(project, resource)))
    return _read(project, resource) if row is None else _of_row(resource, row)


def _read(project: Project, resource: Resource) -> Declared:
    kind, model = resource.kind, resource.model
    wanted = kind.wanted(model, project)
    return Declared(wanted, {} if wanted is None else kind.payload(model, project), kind.retired(model), model.owner)


def _row(known: Declared) -> list[Any]:
    """The same as JSON, without what its resource says."""
    wanted = known.wanted
    if wanted is None:
        return [None, known.payload, known.retired, known.owner]
    carries = [wanted.carries.name, wanted.carries.keys] if wanted.carries else None
    parts = [wanted.by, wanted.app, wanted.fields, [*wanted.depends_on], wanted.protect, carries]
    return [parts, known.payload, known.retired, known.owner]


def _of_row(resource: Resource, row: Sequence[Any]) -> Declared:
    parts, payload, retired, owner = row
    if parts is None:
        return Declared(None, payload, retired, owner)
    by, app, fields, depends_on, protect, carries = parts
    carried = Carried(*carries) if carries else None
    wanted = Wanted(resource.address, resource.kind.name, by, app, fields, tuple(depends_on), protect, carried)
    return Declared(wanted, payload, retired, owner)
