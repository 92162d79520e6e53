"""A project's check from its folder, or from what an earlier one kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployer.source.consulted import ConsultedFiles
from deployer.workspace.answers import Answer
from deployer.workspace.day import today_in

if TYPE_CHECKING:
    from pathlib import Path

    from deployer.workspace.answers import Answers


def validated(root: Path, environment: str | None = None, kept: Answers | None = None) -> Answer:
    """Check a project in one environment, or in all of them. With ``kept`` nothing is checked that is known.

    Raises what ``Workspace.environment`` raises.
    """
    known = kept and kept.find()
    if known:
        return known
    from deployer.messages.virtual import looks_at_the_clock  # noqa: PLC0415 - a kept answer needs no message
    from deployer.workspace.workspace import load  # noqa: PLC0415 - and no kind and no rule

    if kept:
        kept.prepare()
    files = ConsultedFiles(root)
    workspace = load(root, files=files)
    if environment:
        workspace.environment(environment)
    if workspace.settings is None:
        return Answer("", workspace.files, workspace.checked(environment))
    workspace.today = today_in(workspace.settings.time_zone)
    looks = looks_at_the_clock()
    answer = Answer(workspace.settings.project, workspace.files, workspace.checked(environment))
    if kept and looks_at_the_clock() == looks:  # a sample that prints the time is another one in a moment
        kept.keep(answer, files, zone=workspace.settings.time_zone, day=workspace.today)
    return answer
