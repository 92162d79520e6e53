"""python-liquid, loaded without what only other templates than Attentive's have it import."""

from __future__ import annotations

from functools import cache

from deployer.on_demand import postpone


@cache
def load_liquid() -> None:
    """Import python-liquid; call this ahead of a module that needs its parser.

    It imports an event loop for templates that are read from files, numbers and units of every language for filters
    that Attentive doesn't have, and a reader of dates for texts that format one. They load when they are used.
    """
    postpone("asyncio", "babel.numbers", "babel.units", "dateutil.parser", "dateutil.tz")
    import liquid  # noqa: F401, PLC0415 - it is slow to import
