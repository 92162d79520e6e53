"""Options of the commands that read or write the record of an environment as a whole."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])


def state_option(function: F) -> F:
    """Take ``--state``, the URL of the record, as the argument ``state_url``."""
    option = click.option("--state", "state_url", metavar="URL", help="The recorded state, where there is no checkout.")
    return option(function)


def lock_timeout(default: float) -> Callable[[F], F]:
    """Take ``--lock-timeout`` in seconds."""
    return click.option(
        "--lock-timeout",
        type=click.FloatRange(min=0),
        default=default,
        show_default=True,
        metavar="SECONDS",
        help="Seconds to wait for another run's lock.",
    )


lock_timeout_option = lock_timeout(10.0)
"""``--lock-timeout`` of a command that holds the lock for a moment only, and waits for others that do so too."""
