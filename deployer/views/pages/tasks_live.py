"""The task page while it is served: tasks are confirmed on it, and what others confirm appears.

Import this module only to serve: Starlette and uvicorn are slow to import.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import field
from typing import TYPE_CHECKING, Any, Literal

from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from deployer.dataclass import dataclass
from deployer.engine.confirm import ConfirmError
from deployer.state import StateError
from deployer.views.json_text import json_text
from deployer.views.pages.feed import Feed, within
from deployer.views.pages.loopback import json_response, page_response, serve_site
from deployer.views.pages.own_requests import RefusedError, json_object, own_body
from deployer.views.pages.tasks import tasks_data, tasks_page

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request

    from deployer.preview.tasks_values import TaskPage

_HOWS = ("done", "submitted", "rejected")


@dataclass(frozen=True, slots=True)
class PageStatement:
    """What someone said on the page: ``how`` as in ``deployer.engine.confirm.Statement``; ``note`` is why."""

    tokens: tuple[str, ...]
    how: Literal["done", "submitted", "rejected"]
    note: str = ""
    segments: int | None = None


def serve_tasks(
    look: Callable[[], TaskPage],
    record: Callable[[PageStatement], object],
    port: int,
    *,
    listening: Callable[[str], None],
    every: float = 3.0,
) -> None:
    """Serve the task page on the loopback until interrupted.

    ``look`` gives the page as the record is now: once before anything is served, after each ``record``, and ``every``
    so many seconds while a page is open. ``record`` takes down what someone said; of what it raises ``ConfirmError``
    and ``StateError`` are shown on the page. Never are two of them called at a time. Raises what ``look`` raises the
    first time, ``OSError`` for a port in use, and ``KeyboardInterrupt`` after an interrupt.
    """
    site = _Site(look, record, every, look())
    routes = [
        Route("/", site.page),
        Route("/data.json", site.data),
        Route("/events", site.events),
        Route("/confirm", site.confirm, methods=["POST"]),
    ]
    serve_site(routes, port, site, listening=listening)


@dataclass(slots=True)
class _Site:
    """What is shown now, and how it changes."""

    look: Callable[[], TaskPage]
    record: Callable[[PageStatement], object]
    every: float
    shown: TaskPage
    feed: Feed = field(default_factory=Feed)
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    stop: asyncio.Event = field(default_factory=asyncio.Event)
    loop: asyncio.AbstractEventLoop | None = None
    trouble: str = ""

    async def page(self, request: Request) -> Response:
        """The page with what is shown now."""
        del request
        page = await run_in_threadpool(tasks_page, self.shown, live=True)
        return page_response(page)

    async def data(self, request: Request) -> Response:
        """What is shown now, as JSON in the order that the page itself has it."""
        del request
        text = await run_in_threadpool(lambda: json_text(tasks_data(self.shown, live=True), sort=False))
        return json_response(text)

    async def events(self, request: Request) -> Response:
        """Server-sent events: ``changed`` for something new, ``trouble`` where the record can't be read."""
        del request
        return StreamingResponse(self.feed.stream(), media_type="text/event-stream")

    async def confirm(self, request: Request) -> Response:
        """Take down what someone said, if the request is the page's own."""
        try:
            statement = parse_statement(await own_body(request))
            async with self.turn:
                await run_in_threadpool(self.record, statement)
        except RefusedError as error:
            return JSONResponse({"error": error.message, "hint": "reload the page"}, error.status)
        except (ConfirmError, StateError) as error:
            return JSONResponse({"error": error.message, "hint": error.hint}, 409)
        await self._look_again()
        return JSONResponse({"recorded": list(statement.tokens)})

    async def work(self) -> None:
        """Look at the record now and then while someone looks at the page."""
        self.loop = asyncio.get_running_loop()
        while not self.feed.ended:
            await within(self.stop, self.every)
            if self.feed.listeners and not self.feed.ended:
                await self._look_again()

    async def _look_again(self) -> None:
        async with self.turn:
            try:
                fresh = await run_in_threadpool(self.look)
            except StateError as error:
                self._trouble(json.dumps({"error": error.message, "hint": error.hint}))
                return
        if fresh != self.shown or self.trouble:
            self.shown, self.trouble = fresh, ""
            self.feed.tell("changed")

    def _trouble(self, message: str) -> None:
        if message != self.trouble:
            self.trouble = message
            self.feed.tell("trouble", message)

    def end(self) -> None:
        """Let the looking and every open answer end; the loop does it when it gets to it."""
        self.feed.ended = True
        if self.loop is not None:
            self.loop.call_soon_threadsafe(self._end)

    def _end(self) -> None:
        self.stop.set()
        self.feed.end()


def parse_statement(body: bytes) -> PageStatement:
    """Read what the page sends; raises ``RefusedError`` where it has another shape."""
    given = json_object(body)
    if not _is_statement(given):
        raise RefusedError(400, "the confirmation has another shape than this page's")
    return PageStatement(tuple(given["tokens"]), given["how"], given.get("note") or "", given.get("segments"))


def _is_statement(given: dict[str, Any]) -> bool:
    tokens, note, segments = given.get("tokens"), given.get("note") or "", given.get("segments")
    if not isinstance(tokens, list) or not tokens or not all(isinstance(token, str) for token in tokens):
        return False
    counted = segments is None or (type(segments) is int and segments > 0 and len(tokens) == 1)
    why = isinstance(note, str) and (given.get("how") != "rejected" or bool(note.strip()))
    return counted and why and given.get("how") in _HOWS
