"""The data of events by the names of their samples."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from deployer.errors import DeployerError
from deployer.kinds.event_type import EventType, samples_of, usual_sample

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deployer.kinds.base import Scope
    from deployer.simulation.givens import Samples


class UnknownSampleError(DeployerError):
    """An event type has no sample of this name; ``hint`` says which it has."""


def samples(scope: Scope) -> Samples:
    """Find the samples of a project's event types, those included that are made from the schema.

    Without a name it is ``happy``, else the first, else what the definitions' own examples make.
    """
    kept: dict[tuple[str, str], Mapping[str, Any]] = {}

    def found(event: str, sample: str) -> Mapping[str, Any]:
        if (event, sample) not in kept:
            kept[event, sample] = _data(event, sample, scope)
        return kept[event, sample]

    return found


def _data(event: str, sample: str, scope: Scope) -> Mapping[str, Any]:
    declared = scope.find(EventType, event)
    if declared is None:
        return {}
    if not sample:
        return usual_sample(declared, scope).data
    known = {sample.name: sample.data for sample in samples_of(declared, scope)}
    if sample not in known:
        hint = f"its samples: {', '.join(known) or 'none'}"
        raise UnknownSampleError(f"`{event}` has no sample `{sample}`", hint)
    return known[sample]
