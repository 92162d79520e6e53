"""The option for a few addresses of a plan."""

from __future__ import annotations

import click

from deployer.cli.completion import addresses

only_option = click.option(
    "--only",
    multiple=True,
    metavar="ADDRESS",
    shell_complete=addresses,
    help="Only this one and what it needs; may be repeated.",
)
"""``--only``, of the commands that make a plan."""
