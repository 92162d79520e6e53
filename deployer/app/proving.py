"""Carrying out a proof: its event is sent once, what was seen is kept until all of it was, then it is recorded."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from deployer.app.begun_proofs import forget_begun, save_begun
from deployer.app.confirming import confirm
from deployer.app.operations import send

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deployer.app.begun_proofs import Begun
    from deployer.app.comparing import Comparison
    from deployer.app.connection import Connection
    from deployer.app.proof import Proof
    from deployer.engine.confirm import Provenance, Statement


def begin(connection: Connection, proof: Proof, begun: Begun, *, unlisted_allowed: bool = False) -> Begun:
    """Send the event, live and once, under a fresh ``externalEventId``, and keep that it was.

    It is kept before as well: an event whose answer didn't come may have been sent. Raises what ``send`` raises, and
    ``OSError`` where it can't be kept; nothing was sent then.
    """
    save_begun(connection.project, proof.journey, begun)
    identifier = send(connection, proof.event, dict(proof.data), proof.user, unlisted_allowed=unlisted_allowed)
    sent = replace(begun, identifier=identifier)
    save_begun(connection.project, proof.journey, sent)
    return sent


def conclude(
    connection: Connection,
    proof: Proof,
    comparison: Comparison,
    begun: Begun,
    statement: Statement,
    how: Provenance,
    *,
    lock_timeout: float = 10,
) -> Provenance | None:
    """Record a complete proof, or keep what was seen of it so far.

    It is observed if every message was, else confirmed by a person; that is returned, ``None`` where nothing was
    recorded.
    """
    seen: Mapping[str, Provenance] = {step: begun.seen.get(step, how) for step in comparison.came}
    if not comparison.proven:
        save_begun(connection.project, proof.journey, replace(begun, seen=seen))
        return None
    together: Provenance = "observed" if set(seen.values()) == {"observed"} else "confirmed"
    if proof.task is not None:
        with_provenance = replace(statement, provenance=together)
        name = connection.environment.name
        confirm(connection.backend, name, [proof.task.token], with_provenance, lock_timeout=lock_timeout)
    forget_begun(connection.project, proof.journey)
    return together if proof.task is not None else None
