"""Whom a live send goes to: a test contact, or on purpose and typed twice another person."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from deployer.cli.options import is_terminal
from deployer.project.recipients import is_listed, recipient

if TYPE_CHECKING:
    from deployer.app.connection import Connection
    from deployer.attentive import User


def chosen(to: str | None) -> User | None:
    """The recipient that ``--to`` names, if any; raises ``GuardError``."""
    return None if to is None else recipient(to)


def typed_again(connection: Connection, user: User | None, *, not_listed: bool) -> bool:
    """Whether a person who isn't a test contact may be reached: asked for, and typed again on a terminal.

    ``--yes`` doesn't answer it, and no terminal is an error. Raises ``UsageError`` of click.
    """
    if user is None or not not_listed or is_listed(user, connection.session.test_contacts()):
        return False
    if not is_terminal(sys.stdin):
        raise click.UsageError("--recipient-not-listed needs a terminal: the address is typed again there")
    for address in (user.phone, user.email):
        if address:
            again = click.prompt("This reaches a real person. Type the phone or email again", err=True)
            if again.strip() != address:
                raise click.UsageError("that isn't the same address; nothing was sent")
    return True
