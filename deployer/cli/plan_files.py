"""Saved plans: one file for an environment, or a folder with ``ENV.json`` for each of several."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from deployer.atomic import write_file

if TYPE_CHECKING:
    from pathlib import Path

    from deployer.app.connection import Connection
    from deployer.engine.plan import Plan


def saved_plan(path: Path, connection: Connection) -> Plan:
    """The plan in a file (in a folder: the environment's), refused at once where it is stale.

    So nobody is asked about a stale plan, and an empty one isn't "done". Raises ``GuardError``, ``StateError`` and
    click's ``UsageError`` where there is no plan.
    """
    from deployer.engine.desired import config_digest, desired
    from deployer.engine.guards import check_plan

    plan = read_plan(path / f"{connection.environment.name}.json" if path.is_dir() else path)
    project = connection.project
    check_plan(plan, connection.state(), connection.environment, config_digest(project, desired(project)))
    return plan


def save_plan(path: Path, environment: str, text: str, *, several: bool) -> Path:
    """Write a plan's JSON to a file, or with ``several`` environments into a folder, and give the file."""
    target = path / f"{environment}.json" if several else path
    if not several and not path.absolute().parent.is_dir():  # a mistyped path; a folder of plans is ours to make
        raise click.UsageError(f"{path} can't be written: there is no folder {path.parent}")
    try:
        write_file(target, text)
    except OSError as error:
        raise click.UsageError(f"{target} can't be written: {error.strerror}") from error
    return target


def read_plan(path: Path) -> Plan:
    """Read a plan from its file; raises click's ``UsageError`` where there is none."""
    from deployer.engine.plan import Plan
    from deployer.state import damage

    try:
        return damage.read(path.read_bytes(), Plan.from_json, "a plan that `deployer plan --out` wrote")
    except OSError as error:
        raise click.UsageError(f"{path} can't be read: {error.strerror}") from error
    except damage.DamagedError as error:
        raise click.UsageError(f"{path} {error}; plan again") from error
