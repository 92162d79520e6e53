"""What the commands that keep an issue share: the forge that this run is on, and the account that writes."""

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

allow_label_option = click.option(
    "--allow-label",
    metavar="LABEL",
    help="Let what breaks pass if the pull request has this label; who put it on is named.",
)


def let_through(label: str | None) -> str:
    """The reason to let breaking changes pass: the label and who put it on; empty where the pull request lacks it.

    Raises ``ForgeError`` where that can't be looked at.
    """
    if label is None:
        return ""
    if not label.strip():
        raise click.UsageError("--allow-label is empty; name a label, or leave it out")
    with opened_forge() as (place, forge):
        by = None if place.pull_request is None else forge.label_by(place.pull_request, label)
    if by is None:
        return ""
    return f"the label `{label}`, put on by {by or 'an account that is gone'}"


@contextmanager
def opened_forge() -> Iterator[tuple[Place, Forge]]:
    """The forge that this run is on; raises ``ForgeError`` outside of GitHub and GitLab."""
    from deployer.forge.surroundings import find_place, open_forge

    place = find_place(os.environ)
    forge = open_forge(place)
    try:
        yield place, forge
    finally:
        forge.close()
