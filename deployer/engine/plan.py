"""The plan as a value: what would be done, in order, frozen and serializable. Executor and views read this list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence  # noqa: TC003 - the codec reads the types of fields
from dataclasses import field
from enum import StrEnum
from typing import Any

from deployer.dataclass import dataclass
from deployer.engine.changes import Change, removes
from deployer.engine.plan_json import StoredChange  # noqa: TC001 - the codec reads the types of fields
from deployer.state.codec import from_json, to_json
from deployer.state.marks import whole
from deployer.state.model import TaskRecord  # noqa: TC001 - the codec reads the types of fields
from deployer.state.shape_error import ShapeError

VERSION = 1
"""Version of the plan file's format."""

SHOWN = 5
"""Addresses that a note names; of more it says how many."""


class Mode(StrEnum):
    """Whether a plan looked at Attentive; an offline plan is never applied."""

    LIVE = "live"
    OFFLINE = "offline"


@whole
@dataclass(frozen=True, slots=True)
class Note:
    """Something that the reader of a plan should know and that isn't a change."""

    address: str
    text: str
    hint: str = ""

    @classmethod
    def of_recovered(cls, addresses: Sequence[str]) -> Note:
        """What an interrupted apply did and only this machine knows."""
        names = ", ".join(addresses[:SHOWN]) + (f" and {len(addresses) - SHOWN} more" if len(addresses) > SHOWN else "")
        text = f"an interrupted apply on this machine did this, and the state doesn't have it yet: {names}"
        return cls("", text, "apply on this machine stores it first; until then plan counts it as done")


@whole
@dataclass(frozen=True, slots=True)
class Plan:
    """What would be done to one environment, and what it was made from.

    ``versions`` are the recorded versions of the addresses that it touches; ``config`` the digest of what the YAML
    wants; ``seen`` the digest of the record and of what Attentive listed; ``only`` the addresses that it was made for
    (none: all); ``waiting`` tasks were asked before and are still open. ``fingerprints`` hold of each address, also of
    one without a change, a digest of what decided about it (offline: none).
    """

    environment: str
    mode: Mode
    lineage: str
    config: str
    company_id: str = ""
    prune: bool = False
    only: tuple[str, ...] = ()
    seen: str = ""
    versions: Mapping[str, int] = field(default_factory=dict)
    fingerprints: Mapping[str, str] = field(default_factory=dict)
    changes: tuple[StoredChange, ...] = ()
    waiting: tuple[TaskRecord, ...] = ()
    notes: tuple[Note, ...] = ()

    @property
    def removals(self) -> tuple[Change, ...]:
        """The changes that take something away."""
        return tuple(change for change in self.changes if removes(change))

    @property
    def empty(self) -> bool:
        """Whether there is nothing to apply."""
        return not self.changes

    def to_json(self) -> dict[str, Any]:
        """The plan as JSON: the same plan, the same bytes once keys are sorted."""
        return {"version": VERSION, **to_json(self)}

    @classmethod
    def from_json(cls, data: Any) -> Plan:
        """Read what ``to_json`` wrote; raises ``ShapeError`` where it is anything else."""
        if not isinstance(data, dict):
            raise ShapeError("should be an object")
        version = data.get("version")
        if type(version) is not int or version != VERSION:
            shown = version if isinstance(version, int) else "unknown"
            raise ShapeError(f"is version {shown}, which this version of deployer doesn't know", ("version",))
        return from_json(cls, {name: item for name, item in data.items() if name != "version"})
