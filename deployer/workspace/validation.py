"""A project's check from its folder, or from what an earlier one kept."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

from deployer.source.consulted import ConsultedFiles
from deployer.workspace.answers import Answer

if TYPE_CHECKING:
    from pathlib import Path

    from deployer.workspace.answers import Answers


def validated(root: Path, environment: str | None = None, kept: Answers | None = None) -> Answer:
    """Check a project in one environment, or in all of them. With ``kept`` nothing is checked that is known.

    For a process that ends soon after: what was read is frozen (``gc.freeze``), and garbage collection passes it over.
    Raises what ``Workspace.environment`` raises.
    """
    files = ConsultedFiles(root)
    known = kept and kept.find(files)
    if known:
        return known
    from deployer.workspace.loading import load_keeping  # noqa: PLC0415 - a kept answer needs no kind and no rule

    gc.disable()  # what is read holds no rings
    try:
        workspace = load_keeping(root, kept.folder if kept else None, files, frozenset({environment or ""}))
    finally:
        gc.enable()
    gc.freeze()
    if environment:
        workspace.environment(environment)
    name = workspace.settings.project if workspace.settings else ""
    return Answer(name, workspace.files, workspace.checked(environment))
