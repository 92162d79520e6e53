"""Options of commands that read what Attentive delivers to webhooks."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from deployer.cli.input_files import InputPath

if TYPE_CHECKING:
    from collections.abc import Callable

KEY = "ATTENTIVE_WEBHOOK_KEY"
"""The environment variable with the webhook's signing key, unless another is named."""

F = TypeVar("F", bound="Callable[..., Any]")


def webhook_options(function: F) -> F:
    """Where deliveries come from: a port of this machine, or a log of the shop's own endpoint."""
    options = (
        click.option(
            "--listen", type=click.IntRange(0, 65535), metavar="PORT", help="Take deliveries on this port of 127.0.0.1."
        ),
        click.option(
            "--webhook-log",
            type=InputPath(exists=True, dir_okay=False, path_type=Path),
            help="A log of your endpoint: a delivery a line, as JSON.",
        ),
        click.option(
            "--signing-key-env",
            default=KEY,
            show_default=True,
            metavar="NAME",
            help="Where the signing key is.",
        ),
    )
    for option in reversed(options):
        function = option(function)
    return function


def signing_key(name: str, *, needed: bool) -> str:
    """The webhook's signing key; it never appears in output. Raises ``UsageError`` of click where it is needed."""
    from deployer.masking import remember

    key = os.environ.get(name, "")
    if needed and not key:
        raise click.UsageError(f"set {name} to the webhook's signing key: each delivery is checked with it")
    return remember(key) if key else ""
