"""Faults that a sandbox can be set up to have: what goes wrong, at which endpoint, at which request.

``Faults`` is the schedule that ``deployer.sandbox.transport.transport`` and ``deployer.sandbox.server.serve`` take. As
YAML (JSON is YAML too) it is a list, one entry a fault::

    - {on: "POST /v1/webhooks", nth: 2, times: 3, fault: status, status: 429, retry_after: 1}
    - {on: "* /v2/segments*", fault: timeout, when: after}

``on`` is an endpoint as the sandbox lists it (``PUT /v1/webhooks/{webhookId}``), or a pattern with ``*`` and ``?``. The
fault begins with the ``nth`` matching request (1) and holds for ``times`` of them (1, or ``unlimited``). Every entry
counts every request that it matches; where several are due at once, the first in the list is what happens. ``when`` is
``before`` (nothing was done) or ``after`` (it was done, and the client doesn't learn so); before, unless it is said.

===========  ======================================================================  ===============================
fault        what the client sees                                                    its own keys
===========  ======================================================================  ===============================
status       an HTTP status of failure                                               status, retry_after, when
timeout      no answer; the connection stays open (``seconds`` at most, 30)          when, seconds
reset        the connection is reset                                                 when
slow         the answer, after so many seconds                                       seconds
malformed    the whole answer, but half of its JSON                                  -
truncate     half of what the answer's length announces, then the connection ends    -
repeat_page  on a GET: the endpoint's answer before, once more                       -
lag          on a GET: the account without the writes of the last ``behind`` requests  behind
revoke       401 for this key, from now on and everywhere                            - (and no times)
skew         a Date header that is off by so many seconds                            seconds
===========  ======================================================================  ===============================
"""

from deployer.sandbox.faults.fault import Fault, FaultError, FaultKind
from deployer.sandbox.faults.files import FaultsError, parse_faults
from deployer.sandbox.faults.schedule import Faults

__all__ = ["Fault", "FaultError", "FaultKind", "Faults", "FaultsError", "parse_faults"]
