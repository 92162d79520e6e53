"""What would change: a plan over a connection. It writes nothing, so that nothing that writes is loaded for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployer.app.basis import Basis
from deployer.project.overview import address_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deployer.app.connection import Connection
    from deployer.engine.plan import Plan
    from deployer.project import Project
    from deployer.state import State


def plan(connection: Connection, *, offline: bool = False, prune: bool = False, only: Sequence[str] = ()) -> Plan:
    """Compare what is wanted with what is recorded and, unless ``offline``, what Attentive reports. Writes nothing.

    With ``only`` (addresses, or ids that one declaration has) the plan has their changes and those that they need.
    Raises ``GuardError`` (wrong key, a secret that isn't set), ``AttentiveError``, ``StateError``.
    """
    basis = Basis.recorded(connection)
    named = tuple(_meant(connection.project, basis.state, address) for address in only)
    return (basis if offline else basis.read()).plan(prune=prune, only=named)


def _meant(project: Project, state: State, text: str) -> str:
    """The address that is meant: one that is recorded, or that is declared."""
    return text if state.entry(text) is not None else address_of(project, text)
