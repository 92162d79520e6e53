"""What the commands that keep an issue share: the forge that this run takes place on, and the account that writes."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deployer.forge.surroundings import Place
    from deployer.forge.values import Forge

issue_author_option = click.option(
    "--issue-author",
    metavar="LOGIN",
    help="The account that the token writes as, if the platform doesn't tell us (default: the workflow's own).",
)


@contextmanager
def opened_forge() -> Iterator[tuple[Place, Forge]]:
    """The forge that this run takes place on; raises ``ForgeError`` where there is none."""
    from deployer.forge.surroundings import find_place, open_forge

    place = find_place(os.environ)
    forge = open_forge(place)
    try:
        yield place, forge
    finally:
        forge.close()
