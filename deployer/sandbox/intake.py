"""The way of a request into a sandbox and of its answer out again, past observers and faults.

In process and on a port alike: what comes out is a ``Delivery``, which says how the answer reaches the client.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

from deployer.dataclass import dataclass
from deployer.sandbox.delivery import Delivery
from deployer.sandbox.faults import FaultKind
from deployer.sandbox.faults.strikes import Visit, strike, without_key
from deployer.sandbox.model import Request, Response
from deployer.sandbox.routes import match

if TYPE_CHECKING:
    from deployer.sandbox.faults import Faults
    from deployer.sandbox.service import Sandbox

Before: TypeAlias = Callable[[Request], Response | None]
"""Sees each request first; what it returns is the answer in the sandbox's place, what it raises reaches the client."""

After: TypeAlias = Callable[[Request, Response], None]
"""Sees each request that the sandbox carried out with its answer, before a fault or the way back harms that."""

OK = 200


@dataclass(frozen=True, slots=True)
class Intake:
    """The door of one sandbox. Safe for threads; the observers run in the threads of the requests."""

    sandbox: Sandbox
    faults: Faults | None = None
    before: Before | None = None
    after: After | None = None

    def take(self, request: Request) -> Delivery:
        """Take a request in and give out its answer. Only requests to an endpoint meet faults."""
        denied = self.before(request) if self.before else None
        if denied is not None:
            return Delivery(denied)
        matched = match(request.method, request.path)
        if matched is None or self.faults is None:
            return Delivery(self._carry_out(request, self.sandbox))
        memory = self.faults.memory
        number = memory.number(self.sandbox, write=request.method != "GET")
        visit = Visit(request, matched[0], number, self.sandbox, memory, self._carry_out)
        return _answered(visit, self.faults)

    def _carry_out(self, request: Request, account: Sandbox) -> Response:
        response = account.handle(request)
        if self.after:
            self.after(request, response)
        return response


def _answered(visit: Visit, faults: Faults) -> Delivery:
    """Answer a visit: struck by the fault that is due, or unharmed, and kept for a page that repeats."""
    fault = faults.due(visit.route.name)
    if fault is not None and fault.fault is FaultKind.REVOKE:
        visit.memory.revoke(visit.key)
    if visit.memory.is_revoked(visit.key):
        faults.note(FaultKind.REVOKE)
        return without_key(visit)
    if fault is not None and (struck := strike(visit, fault)) is not None:
        faults.note(fault.fault)
        return struck
    response = visit.answer()
    if response.status == OK:
        visit.memory.keep_page(visit.route.name, visit.key, response)
    return Delivery(response)
