"""What each kind of fault does to a request. A strike gives ``None`` where it finds nothing to harm."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from email.utils import format_datetime, parsedate_to_datetime
from typing import TYPE_CHECKING, TypeAlias

from deployer.dataclass import dataclass
from deployer.sandbox.calls import answer
from deployer.sandbox.delivery import NO_ANSWER, Delivery, Manner
from deployer.sandbox.faults.fault import Fault, FaultKind
from deployer.sandbox.model import Request, Response

if TYPE_CHECKING:
    from collections.abc import Callable

    from deployer.sandbox.faults.memory import Memory
    from deployer.sandbox.routes import Route
    from deployer.sandbox.service import Sandbox

SILENCE = 30.0
"""Seconds that a connection without an answer stays open at most, unless the fault says."""

TOO_MANY = 429
BODILESS = 204


@dataclass(frozen=True, slots=True)
class Visit:
    """A request to an endpoint, its number among all, and the ways to have it answered.

    ``carry_out`` has the account answer a request, or the account as it was.
    """

    request: Request
    route: Route
    number: int
    sandbox: Sandbox
    memory: Memory
    carry_out: Callable[[Request, Sandbox], Response]

    @property
    def key(self) -> str:
        """The header that says who calls."""
        return self.request.headers.get("authorization", "")

    def answer(self) -> Response:
        """Have it carried out."""
        return self.carry_out(self.request, self.sandbox)


def without_key(visit: Visit) -> Delivery:
    """Answer as to a key that was revoked: as to no key at all."""
    headers = {name: value for name, value in visit.request.headers.items() if name != "authorization"}
    return Delivery(visit.carry_out(replace(visit.request, headers=headers), visit.sandbox))


def strike(visit: Visit, fault: Fault) -> Delivery | None:
    """Do to a request what the fault says; ``None`` where there is nothing to harm, and nothing was done."""
    return STRIKES[fault.fault](visit, fault)


def _status(visit: Visit, fault: Fault) -> Delivery:
    status = fault.status or 0
    sent = visit.answer().headers if fault.after else {"date": visit.sandbox.date(), **_limits(visit, status)}
    headers = {name: value for name, value in sent.items() if name != "content-type"}
    if fault.retry_after is not None:
        headers["retry-after"] = str(fault.retry_after)
    refusal = answer(status, {"message": "The sandbox failed on demand"})
    return Delivery(replace(refusal, headers={**headers, **refusal.headers}))


def _limits(visit: Visit, status: int) -> dict[str, str]:
    """The limit's headers of a 429; other failures before Attentive's own code have none."""
    if status != TOO_MANY:
        return {}
    return {"x-ratelimit-limit": str(visit.route.limit), "x-ratelimit-remaining": "0"}


def _timeout(visit: Visit, fault: Fault) -> Delivery:
    if fault.after:
        visit.answer()
    return Delivery(NO_ANSWER, Manner.SILENT, fault.seconds or SILENCE)


def _reset(visit: Visit, fault: Fault) -> Delivery:
    if fault.after:
        visit.answer()
    return Delivery(NO_ANSWER, Manner.RESET)


def _slow(visit: Visit, fault: Fault) -> Delivery:
    return Delivery(visit.answer(), Manner.WHOLE, fault.seconds or 0.0)


def _malformed(visit: Visit, fault: Fault) -> Delivery:  # noqa: ARG001 - one shape for every strike
    response = visit.answer()
    half = response.body[: len(response.body) // 2] or b"{"
    headers = {**response.headers, "content-type": "application/json"}
    return Delivery(Response(200 if response.status == BODILESS else response.status, headers, half))


def _truncate(visit: Visit, fault: Fault) -> Delivery:  # noqa: ARG001 - one shape for every strike
    return Delivery(visit.answer(), Manner.CUT)


def _repeat_page(visit: Visit, fault: Fault) -> Delivery | None:  # noqa: ARG001 - one shape for every strike
    before = visit.memory.page(visit.route.name, visit.key)
    return None if before is None else Delivery(before)


def _lag(visit: Visit, fault: Fault) -> Delivery | None:
    image = visit.memory.earlier_image(visit.number, fault.behind or 0)
    if image is None:
        return None
    with visit.sandbox.past(image) as account:
        return Delivery(visit.carry_out(visit.request, account))


def _skew(visit: Visit, fault: Fault) -> Delivery:
    response = visit.answer()
    moment = parsedate_to_datetime(response.headers["date"]) + timedelta(seconds=fault.seconds or 0.0)
    return Delivery(replace(response, headers={**response.headers, "date": format_datetime(moment, usegmt=True)}))


Strike: TypeAlias = "Callable[[Visit, Fault], Delivery | None]"

STRIKES: dict[FaultKind, Strike] = {
    FaultKind.STATUS: _status,
    FaultKind.TIMEOUT: _timeout,
    FaultKind.RESET: _reset,
    FaultKind.SLOW: _slow,
    FaultKind.MALFORMED: _malformed,
    FaultKind.TRUNCATE: _truncate,
    FaultKind.REPEAT_PAGE: _repeat_page,
    FaultKind.LAG: _lag,
    FaultKind.SKEW: _skew,
}
"""Every kind but ``revoke``, which strikes by what the schedule remembers (``without_key``)."""
