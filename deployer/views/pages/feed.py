"""News from a server to the pages that are open: server-sent events for everyone who listens."""

from __future__ import annotations

import asyncio
from dataclasses import field
from typing import TYPE_CHECKING

from deployer.dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

PULSE = 15.0
"""Seconds after which an open page hears that it is still connected."""


@dataclass(slots=True)
class Feed:
    """One line of news and those who wait for the next. ``listeners`` counts the open pages. Belongs to one loop."""

    version: int = 0
    message: str = ""
    ended: bool = False
    listeners: int = 0
    news: asyncio.Event = field(default_factory=asyncio.Event)

    def tell(self, event: str, text: str = "") -> None:
        """Send an event with a text of one line to every open page."""
        self.version += 1
        self.message = f"event: {event}\ndata: {text or self.version}\n\n"
        self._wake()

    def end(self) -> None:
        """Let every open answer come to an end."""
        self.ended = True
        self._wake()

    async def stream(self) -> AsyncIterator[str]:
        """What one page hears until the feed ends; who comes late hears only what comes next."""
        seen = self.version
        self.listeners += 1
        try:
            yield ": connected\n\n"
            while not self.ended:
                await within(self.news, PULSE)
                yield ": still here\n\n" if self.version == seen else self.message
                seen = self.version
        finally:
            self.listeners -= 1

    def _wake(self) -> None:
        """Wake everyone who waits now; who waits later waits for the next news."""
        self.news.set()
        self.news = asyncio.Event()


async def within(event: asyncio.Event, seconds: float) -> None:
    """Wait for an event, but no longer than that."""
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return
