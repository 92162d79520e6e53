"""How long a call waits before it is tried again: as GitHub and GitLab document their limits, and within bounds."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from deployer.dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

    import httpx

TRIES = 4
"""Tries of a call in all, while the forge fails or limits how often it is called."""
LONGEST_WAIT = 200.0
"""Seconds that a call waits in all because of a limit; one that asks for more is given up."""
LIMITED = 429
GATEWAY = frozenset({500, 502, 503, 504})
"""A server in the middle failed: what was asked may have been done all the same."""

_MINUTE = 60.0
_FORBIDDEN = 403


@dataclass(frozen=True, slots=True)
class Wait:
    """Seconds until a call is tried again; ``limit``: because the forge limits how often it is called."""

    seconds: float
    limit: bool = False


def wait_for(response: httpx.Response, tried: int, *, repeat: bool) -> Wait | None:
    """How long to wait before the next try; ``None``: the answer counts.

    ``tried`` is how often it was tried already. Where a limit was hit nothing was done, so that any call may be tried
    again; after a gateway's failure only one that may be sent twice.
    """
    if is_limited(response):
        return Wait(_of_limit(response.headers, tried), limit=True)
    return Wait(2.0 ** (tried - 1)) if response.status_code in GATEWAY and repeat else None


def is_limited(response: httpx.Response) -> bool:
    """Whether the forge limits how often it is called.

    GitLab answers 429. GitHub answers 429 or 403: with ``retry-after``, with no call left, or for a secondary limit
    with its message only (docs.github.com, "Rate limits for the REST API").
    """
    headers = response.headers
    if response.status_code == _FORBIDDEN:
        left = "retry-after" in headers or headers.get("x-ratelimit-remaining") == "0"
        return left or "rate limit" in response.text.lower()
    return response.status_code == LIMITED


def _of_limit(headers: Mapping[str, str], tried: int) -> float:
    """What the forge asks for; else a minute that doubles with each try, as GitHub documents it.

    The time of a reset counts where no call is left: a secondary limit has nothing to do with it.
    """
    after = headers.get("retry-after", "")
    if after.isascii() and after.isdigit():
        return float(after)
    for prefix in ("x-ratelimit", "ratelimit"):
        reset = headers.get(f"{prefix}-reset", "")
        if headers.get(f"{prefix}-remaining") == "0" and reset.isascii() and reset.isdigit():
            return max(float(reset) - time.time(), 1.0)
    return _MINUTE * 2.0 ** (tried - 1)
