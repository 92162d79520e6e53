"""Saved plans: one file for an environment, or a folder with ``ENV.json`` for each of several."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from deployer.cli.outputs import write_folder, write_output

if TYPE_CHECKING:
    from pathlib import Path

    from deployer.app.connection import Connection
    from deployer.engine.changes import Change
    from deployer.engine.plan import Plan
    from deployer.engine.saved_plan import SavedPlan


def saved_plan(path: Path, connection: Connection, *, asks: bool) -> tuple[Plan, tuple[Change, ...]]:
    """The plan in a file (in a folder: the environment's), refused at once where it is stale.

    So no one is asked about a stale plan, and an empty one isn't "done". Where the command ``asks`` before it applies,
    the plan is made again and compared first: no one agrees to an edited plan, and the changes that only the one that
    is made again has are given beside it. Raises ``GuardError``, ``StateError``, ``AttentiveError`` and click's
    ``UsageError`` where there is no plan.
    """
    from deployer.app.basis import Basis
    from deployer.engine.replanned import edited
    from deployer.engine.saved_plan import inputs

    saved = _read(path / f"{connection.environment.name}.json" if path.is_dir() else path)
    basis = Basis.recorded(connection)
    basis.check_current(saved.plan)
    values = inputs(basis.everything, connection.environment, connection.environ)
    saved.check(values)
    unplanned: tuple[Change, ...] = ()
    sealed = saved.sealed(values)
    if asks or saved.plan.empty or not sealed:  # the apply itself compares too, but after the answer, if there is any
        unplanned = basis.read().check_replanned(saved.plan)  # of an edited plan it names the difference
    if not sealed:
        raise edited(saved.plan)
    return saved.plan, unplanned


def save_plan(path: Path, plan: Plan, connection: Connection, *, several: bool) -> Path:
    """Write a plan with what it was made from to a file (of ``several`` environments: into a folder); give the file."""
    from deployer.engine.desired import desired
    from deployer.engine.saved_plan import SavedPlan, inputs
    from deployer.views.json_text import json_text

    values = inputs(desired(connection.project), connection.environment, connection.environ)
    text = json_text(SavedPlan.of(plan, values).to_json()) + "\n"
    if not several:
        write_output(path, text, "--out")
        return path
    name = f"{plan.environment}.json"
    write_folder(path, {name: text}, "--out")
    return path / name


def read_plan(path: Path) -> Plan:
    """Read a plan from its file.

    Raises click's ``UsageError`` where there is none, ``GuardError`` where it was edited after it was saved.
    """
    return _read(path).plan


def _read(path: Path) -> SavedPlan:
    from deployer.engine.saved_plan import SavedPlan
    from deployer.state import damage

    try:
        return damage.read(path.read_bytes(), SavedPlan.from_json, "a plan that `deployer plan --out` wrote")
    except OSError as error:
        raise click.UsageError(f"{path} can't be read: {error.strerror}") from error
    except damage.DamagedError as error:
        raise click.UsageError(f"{path} {error}; plan again") from error
