"""A difference between two versions before the matrix judges it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from deployer.dataclass import dataclass

if TYPE_CHECKING:
    from deployer.contracts.compat.verdict import Impact, Verdict


@dataclass(frozen=True, slots=True)
class Found:
    """A change with whom it meets. ``at_least`` raises what the matrix says for producers."""

    change: str
    address: str
    path: tuple[str, ...]
    before: Any = None
    after: Any = None
    impacts: tuple[Impact, ...] = ()
    remark: str = ""
    at_least: Verdict | None = None
