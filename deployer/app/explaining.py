"""Asking a plan about one address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployer.engine.explain import Explanation, Known
from deployer.engine.explain import explain as explain_address

if TYPE_CHECKING:
    from deployer.app.connection import Connection
    from deployer.engine.plan import Plan


def explain(connection: Connection, plan: Plan, address: str) -> Explanation:
    """Say why a plan has a change for an address, or none, what each value was, and where it is written.

    ``address`` is a resource's, or the id of one of its tasks. The plan is one of the connection's environment; nothing
    is read at Attentive and nothing is written. Raises ``UsageError`` for an address that is neither declared nor
    recorded, ``StateError`` where the record can't be read.
    """
    known = Known(connection.project, connection.state(), plan, connection.workspace.sources.settings)
    return explain_address(known, address.partition("/")[0])
