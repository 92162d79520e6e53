"""The preview page while someone edits the project: each saved file is looked at, and open pages get the news.

Import this module only to serve: Starlette, uvicorn and watchfiles are slow to import.
"""

from __future__ import annotations

import asyncio
from dataclasses import field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route
from watchfiles import awatch

from deployer.dataclass import dataclass
from deployer.errors import UsageError
from deployer.source.files import SKIPPED_FOLDERS
from deployer.views.json_text import json_text
from deployer.views.pages.feed import Feed
from deployer.views.pages.loopback import json_response, page_response, serve_site
from deployer.views.pages.mail_pictures import mail_picture
from deployer.views.pages.own_requests import RefusedError, json_object, own_body
from deployer.views.pages.preview import preview_data, preview_page, tried_data
from deployer.views.pages.trials import answered

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request
    from watchfiles import Change

    from deployer.preview.values import Preview
    from deployer.views.pages.opening import Opening


def serve_preview(
    look: Callable[[], Preview], opening: Opening, folder: Path, port: int, *, listening: Callable[[str], None]
) -> None:
    """Serve the preview page of a folder on the loopback until interrupted; its places lead where ``opening`` says.

    ``look`` gives the preview as it is now; it is called once before anything is served, and again, never twice at a
    time, after each change below the folder. Raises what ``look`` raises the first time, ``OSError`` for a port in use,
    and ``KeyboardInterrupt`` after an interrupt.
    """
    site = _Site(look, opening, folder.resolve(), look())
    routes = [Route("/", site.page), Route("/data.json", site.data), Route("/events", site.events)]
    routes += [Route("/trial.json", site.trial), Route("/values.json", site.values, methods=["POST"])]
    routes += [Route("/picture.json", site.picture, methods=["POST"])]
    serve_site(routes, port, site, listening=listening)


@dataclass(slots=True)
class _Site:
    """What is shown now, and who waits for what comes next."""

    look: Callable[[], Preview]
    opening: Opening
    folder: Path
    shown: Preview
    feed: Feed = field(default_factory=Feed)
    stop: asyncio.Event = field(default_factory=asyncio.Event)
    loop: asyncio.AbstractEventLoop | None = None

    async def page(self, request: Request) -> Response:
        """The page with what is shown now."""
        del request
        page = await run_in_threadpool(preview_page, self.shown, live=True, opening=self.opening)
        return page_response(page)

    async def data(self, request: Request) -> Response:
        """What is shown now, as JSON in the order that the page itself has it."""
        del request
        data = await run_in_threadpool(preview_data, self.shown, live=True, opening=self.opening)
        text = await run_in_threadpool(json_text, data, sort=False)
        return json_response(text)

    async def trial(self, request: Request) -> Response:
        """What one customer gets of a journey, as JSON: of what is offered, or for any other time and subscriber."""
        try:
            data = await run_in_threadpool(answered, self.shown, request.query_params)
        except UsageError as error:
            return _unusable(error)
        return json_response(json_text(data))

    async def values(self, request: Request) -> Response:
        """A message with the values that someone tries, as JSON, if the request is the page's own."""
        return await _answered(request, partial(tried_data, self.shown))

    async def picture(self, request: Request) -> Response:
        """A picture of an email that someone asks to see, as JSON, if the request is the page's own."""
        return await _answered(request, partial(mail_picture, self.shown, self.folder))

    async def events(self, request: Request) -> Response:
        """Server-sent events: ``changed`` whenever there is something new to show."""
        del request
        return StreamingResponse(self.feed.stream(), media_type="text/event-stream")

    async def work(self) -> None:
        """Watch the folder. The first time that nothing happens it is looked at too: who knows what was missed."""
        self.loop = asyncio.get_running_loop()
        watching = awatch(
            self.folder,
            watch_filter=self._is_ours,
            stop_event=self.stop,
            debounce=120,
            step=30,
            rust_timeout=500,
            yield_on_timeout=True,
        )
        missed = True
        async for changes in watching:
            if changes or missed:
                missed = False
                await self._look_again()

    async def _look_again(self) -> None:
        before, self.shown = self.shown, await run_in_threadpool(self.look)
        if self.shown != before:
            self.feed.tell("changed")

    def _is_ours(self, change: Change, path: str) -> bool:
        """Whether a change concerns the project: nothing in a hidden folder, nor in other people's, does."""
        del change
        parts = Path(path).relative_to(self.folder).parts
        return not any(part.startswith(".") or part in SKIPPED_FOLDERS for part in parts)

    def end(self) -> None:
        """Let the watching and every open answer end; the loop does it when it gets to it."""
        self.feed.ended = True
        if self.loop is not None:
            self.loop.call_soon_threadsafe(self._end)

    def _end(self) -> None:
        self.stop.set()
        self.feed.end()


async def _answered(request: Request, answer: Callable[[dict[str, Any]], dict[str, Any]]) -> Response:
    """What comes of a request that only the page itself can make."""
    try:
        data = await run_in_threadpool(answer, json_object(await own_body(request)))
    except RefusedError as error:
        return json_response(json_text({"error": error.message}), error.status)
    except UsageError as error:
        return _unusable(error)
    return json_response(json_text(data, sort=False))


def _unusable(error: UsageError) -> Response:
    """What can't be answered as it was asked for, with what to do."""
    words = f"{error.message}: {error.hint}" if error.hint else error.message
    return json_response(json_text({"error": words}), 422)
