"""A project for those who don't read YAML: what is declared in one environment, and what is live in which."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployer.app.connection import connect
from deployer.app.deploying import deployments
from deployer.app.launched import launched
from deployer.dataclass import dataclass
from deployer.forge.refs import checked_out
from deployer.preview.events import events, shared
from deployer.preview.previewer import preview
from deployer.project.overview import Wanted, graph, listed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from deployer.app.launched import Launched
    from deployer.preview.events import EventView, SharedView
    from deployer.preview.values import Preview
    from deployer.project.overview import Graph, Item
    from deployer.workspace.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Catalog:
    """Everything that a catalog shows, as one value.

    ``preview``, ``events``, ``shared``, ``items`` and ``graph`` are what is declared, as it is in the first of the
    ``environments``; ``live`` is by address, and has each environment in which the address is declared or recorded.
    ``commit`` is empty where no commit holds the project as it is.
    """

    preview: Preview
    events: tuple[EventView, ...]
    shared: tuple[SharedView, ...]
    items: tuple[Item, ...]
    graph: Graph
    environments: tuple[str, ...]
    live: Mapping[str, tuple[Launched, ...]]
    day: date
    commit: str


def catalog(workspace: Workspace, environments: Sequence[str] = ()) -> Catalog:
    """Read a checked project and the record of each environment (``()``: the default one). Writes nothing.

    Nothing is read at Attentive. Personal values of samples are masked. Raises ``ProblemsError`` where the project has
    errors, ``UsageError`` for an unknown environment, ``StateError`` and ``GuardError`` where a record can't be read.
    """
    names = tuple(dict.fromkeys(environments)) or (workspace.environment().name,)
    known = [_launched(workspace, name) for name in names]
    addresses = sorted({address for record in known for address in record})
    project = workspace.project(names[0])
    return Catalog(
        preview(workspace, names[0]),
        events(project),
        shared(project),
        listed(project, Wanted()),
        graph(project),
        names,
        {address: tuple(record[address] for record in known if address in record) for address in addresses},
        workspace.day,
        checked_out(workspace.root),
    )


def _launched(workspace: Workspace, name: str) -> Mapping[str, Launched]:
    with connect(workspace, name) as connection:
        return launched(connection.state(), deployments(connection))
