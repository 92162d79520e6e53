"""One fault: what goes wrong, at which endpoint, at which of its requests."""

from __future__ import annotations

from enum import StrEnum
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Literal, TypeAlias

from deployer.dataclass import dataclass
from deployer.errors import InnerError
from deployer.sandbox.routes import ROUTES

if TYPE_CHECKING:
    from collections.abc import Iterator

When: TypeAlias = Literal["before", "after"]
"""Whether the request was carried out when the fault strikes."""


class FaultKind(StrEnum):
    """What can go wrong."""

    STATUS = "status"
    TIMEOUT = "timeout"
    RESET = "reset"
    SLOW = "slow"
    MALFORMED = "malformed"
    TRUNCATE = "truncate"
    REPEAT_PAGE = "repeat_page"
    LAG = "lag"
    REVOKE = "revoke"
    SKEW = "skew"


NEEDS: dict[FaultKind, frozenset[str]] = {
    FaultKind.STATUS: frozenset({"status"}),
    FaultKind.SLOW: frozenset({"seconds"}),
    FaultKind.LAG: frozenset({"behind"}),
    FaultKind.SKEW: frozenset({"seconds"}),
}
"""The keys that a kind can't do without."""

TAKES: dict[FaultKind, frozenset[str]] = {
    FaultKind.STATUS: frozenset({"status", "retry_after", "when"}),
    FaultKind.TIMEOUT: frozenset({"when", "seconds"}),
    FaultKind.RESET: frozenset({"when"}),
    FaultKind.SLOW: frozenset({"seconds"}),
    FaultKind.LAG: frozenset({"behind"}),
    FaultKind.SKEW: frozenset({"seconds"}),
}
"""Every key that a kind has besides ``on``, ``nth``, ``times`` and ``fault``."""

READS_ONLY = frozenset({FaultKind.REPEAT_PAGE, FaultKind.LAG})
"""Kinds that strike listings, so that only GETs match them."""

STATUSES = range(400, 600)


class FaultError(InnerError, ValueError):
    """A fault that can't be: ``key`` names the field that is wrong."""

    def __init__(self, key: str, message: str) -> None:
        super().__init__(f"`{key}` {message}")
        self.key = key


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault; the package's text says what each field means. ``times`` is ``None`` for a fault without end.

    ``status``, ``retry_after`` (seconds), ``when``, ``seconds`` and ``behind`` (requests) belong to some kinds only
    and are ``None`` elsewhere. Raises ``FaultError`` for a fault that can't be.
    """

    on: str
    fault: FaultKind
    nth: int = 1
    times: int | None = 1
    status: int | None = None
    retry_after: int | None = None
    when: When | None = None
    seconds: float | None = None
    behind: int | None = None

    def __post_init__(self) -> None:
        for key, message in _mistakes(self):
            raise FaultError(key, message)

    @property
    def after(self) -> bool:
        """Whether the request is carried out before the fault strikes."""
        return self.when == "after"

    def matches(self, endpoint: str) -> bool:
        """Whether it is about an endpoint (``POST /v1/webhooks``)."""
        if self.fault in READS_ONLY and not endpoint.startswith("GET "):
            return False
        return fnmatchcase(endpoint, self.on)

    def due(self, number: int) -> bool:
        """Whether it strikes the matching request of this number, counted from 1."""
        return number >= self.nth and (self.times is None or number < self.nth + self.times)


def _mistakes(fault: Fault) -> Iterator[tuple[str, str]]:
    """Yield each field that is wrong, with what it must be."""
    given = {key for key in ("status", "retry_after", "when", "seconds", "behind") if getattr(fault, key) is not None}
    for key in sorted(given - TAKES.get(fault.fault, frozenset())):
        yield key, f"is no part of the fault {fault.fault}"
    for key in sorted(NEEDS.get(fault.fault, frozenset()) - given):
        yield key, f"is missing: the fault {fault.fault} needs it"
    yield from _wrong_values(fault)
    if not any(fault.matches(route.name) for route in ROUTES):
        reads = ", and this fault strikes GETs only" if fault.fault in READS_ONLY else ""
        yield "on", f"matches none of the sandbox's endpoints{reads}; `POST /v1/webhooks` would be one"


def _wrong_values(fault: Fault) -> Iterator[tuple[str, str]]:
    for key in ("nth", "times", "behind"):
        value = getattr(fault, key)
        if value is not None and value < 1:
            yield key, "must be 1 or more"
    if fault.fault is FaultKind.REVOKE and fault.times != 1:
        yield "times", "is no part of the fault revoke: a key that was revoked stays so"
    if fault.status is not None and fault.status not in STATUSES:
        yield "status", "must be from 400 to 599"
    if fault.retry_after is not None and fault.retry_after < 0:
        yield "retry_after", "must be 0 seconds or more"
    if fault.when not in (None, "before", "after"):
        yield "when", "must be before or after"
    if fault.seconds is not None and fault.fault is not FaultKind.SKEW and fault.seconds <= 0:
        yield "seconds", "must be more than 0"
