"""What a schedule remembers of earlier requests: answers to repeat, keys that are revoked, accounts as they were."""

from __future__ import annotations

import threading
from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from deployer.sandbox.model import Response
    from deployer.sandbox.service import Sandbox


class Memory:
    """Remembers for the length of a run; safe for threads. ``behind``: how many requests back a listing may lag."""

    def __init__(self, behind: int) -> None:
        self._behind = behind
        self._lock = threading.Lock()
        self._requests = 0
        self._pages: dict[tuple[str, str], Response] = {}
        self._revoked: set[str] = set()
        self._images: deque[tuple[int, bytes]] = deque()

    def number(self, sandbox: Sandbox, *, write: bool) -> int:
        """Count a request; where listings may lag, keep what the account is like before a write."""
        with self._lock:
            self._requests += 1
            while self._images and self._images[0][0] < self._requests - self._behind:
                self._images.popleft()
            if write and self._behind:
                self._images.append((self._requests, sandbox.image()))
            return self._requests

    def earlier_image(self, number: int, behind: int) -> bytes | None:
        """Give the account as request ``number`` sees it without the writes of the ``behind`` requests before it.

        ``None`` where there were no such writes.
        """
        with self._lock:
            return next((image for at, image in self._images if number - behind <= at < number), None)

    def page(self, endpoint: str, key: str) -> Response | None:
        """Give the endpoint's last good answer to a key."""
        with self._lock:
            return self._pages.get((endpoint, key))

    def keep_page(self, endpoint: str, key: str, response: Response) -> None:
        """Keep a good answer."""
        with self._lock:
            self._pages[endpoint, key] = response

    def revoke(self, key: str) -> None:
        """Revoke a key (an ``authorization`` header) for the rest of the run; the account's file isn't touched."""
        with self._lock:
            self._revoked.add(key)

    def is_revoked(self, key: str) -> bool:
        """Whether a key was revoked."""
        with self._lock:
            return key in self._revoked
