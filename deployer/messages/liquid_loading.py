"""python-liquid, loaded without what only other templates than Attentive's have it import."""

from __future__ import annotations

import os
import threading
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING

from deployer.on_demand import postpone

if TYPE_CHECKING:
    from collections.abc import Iterator

_HERE = "/etc/localtime"
"""The machine's time zone, where a system has it in a file."""


@cache
def load_liquid() -> None:
    """Import python-liquid; call this ahead of a module that needs its parser.

    It imports an event loop for templates that are read from files, numbers and units of every language for filters
    that Attentive doesn't have, and a reader of dates for texts that format one. They load when they are used.
    """
    postpone("asyncio", "babel.numbers", "babel.units", "dateutil.parser", "dateutil.tz")
    with _zone_by_its_file():
        import liquid  # noqa: F401, PLC0415 - it is slow to import


@contextmanager
def _zone_by_its_file() -> Iterator[None]:
    """Name the file of the machine's time zone, which is what a machine without ``TZ`` means.

    Babel asks for the zone when it is imported. Without ``TZ`` it has pytz look for it by name, which opens six hundred
    files.
    """
    if os.environ.get("TZ") or not os.path.exists(_HERE) or threading.active_count() > 1:  # noqa: PTH110 - as Babel asks
        yield
        return
    before = os.environ.get("TZ")
    os.environ["TZ"] = f":{_HERE}"
    try:
        yield
    finally:
        if before is None:
            del os.environ["TZ"]
        else:
            os.environ["TZ"] = before
