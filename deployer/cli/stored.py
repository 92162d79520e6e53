"""Opening the recorded state of an environment: from a project, or by its URL without a checkout."""

from __future__ import annotations

import getpass
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

if TYPE_CHECKING:
    from deployer.cli.options import CommandRun
    from deployer.engine.confirm import Statement
    from deployer.forge.boxes import Scope
    from deployer.state import Backend
    from deployer.workspace.sound_records import SoundRecords
    from deployer.workspace.workspace import Workspace


def backend(run: CommandRun, url: str | None, settled: Workspace | None = None) -> tuple[Backend, str]:
    """The state that ``--state`` names, or the project's, and the name of its environment.

    ``settled`` are the project's settings where they were read already.
    What an interrupted apply left beside the project's state is said: the state alone doesn't have it.
    Raises ``StateError``, ``ProblemsError``, ``UsageError``.
    """
    from deployer.app.left_behind import left_behind
    from deployer.cli.notices import note
    from deployer.kinds.records import open_record
    from deployer.workspace.loading import load_settings

    if url is None:
        environment = (settled or load_settings(run.project)).environment(run.env)
        opened = open_record(
            environment.state, root=run.project, environment=environment.name, protected=environment.protected
        )
        opened.sound = _sound(run)
        left = None if run.quiet else left_behind(run.project, opened, environment.name)
        if left is not None:
            note(left.text, left.hint)
        return opened, environment.name
    if run.env is None:
        raise click.UsageError("--state needs --env NAME: the environment that the state belongs to")
    named = open_record(url, root=Path(), environment=run.env)
    named.sound = _sound(run)
    return named, run.env


def _sound(run: CommandRun) -> SoundRecords | None:
    """The records that are known to be sound, where what is found may be kept."""
    from deployer.workspace.sound_records import SoundRecords

    return SoundRecords(run.kept_in) if run.kept_in is not None else None


def saw_record(run: CommandRun, settled: Workspace, opened: Backend) -> None:
    """Keep in mind what was read of the project's state, and that no interrupted apply left more beside it."""
    from deployer.app.left_behind import journal_of

    environment = settled.environment(run.env)
    settled.elsewhere.saw_record(environment.state, environment.name, opened, protected=environment.protected)
    settled.elsewhere.saw_none(journal_of(run.project, opened, environment.name).path)


def scope(run: CommandRun, environment: str) -> Scope:
    """What a comment or an issue of an environment is about; raises ``ProblemsError`` without a ``deployer.yaml``."""
    from deployer.forge.boxes import Scope
    from deployer.source import ProblemsError

    workspace = run.workspace()
    if workspace.settings is None:
        raise ProblemsError(workspace.problems)
    return Scope(workspace.settings.project, environment)


def statement(
    how: Literal["done", "submitted", "rejected"], note: str, by: str | None, segments: int | None = None
) -> Statement:
    """What is confirmed now, by whom: a handle, never a name or an address."""
    from deployer.engine.confirm import Statement

    now = datetime.now(UTC).isoformat(timespec="seconds")
    return Statement(how, by=by or handle(), at=now, note=note, segments=segments)


def handle() -> str:
    """The handle of the person who runs this: the CI platform's actor, else the login name."""
    for variable in ("GITHUB_ACTOR", "GITLAB_USER_LOGIN"):
        if os.environ.get(variable):
            return os.environ[variable]
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return ""
