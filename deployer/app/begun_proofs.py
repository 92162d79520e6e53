"""Proofs that were begun: an event was sent, and messages of it are due in hours or days.

One file a journey in the project's private folder, on the machine that sent the event. It has times, steps and ids: no
words, no address, and nothing of what the event carried.
"""

from __future__ import annotations

import json
from dataclasses import asdict, field
from datetime import datetime
from typing import TYPE_CHECKING

from deployer.app.left_behind import PRIVATE as FOLDER
from deployer.app.sandbox_account import private_folder
from deployer.atomic import PRIVATE, write_file
from deployer.dataclass import dataclass
from deployer.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from deployer.engine.confirm import Provenance
    from deployer.project import Project


@dataclass(frozen=True, slots=True)
class Begun:
    """A proof whose event was sent ``at`` a time (ISO 8601 in UTC), to the version ``revision`` of the journey.

    ``identifier`` is its ``externalEventId``, empty where the answer to it didn't come. ``data``, ``to``: whether it
    carried a file's data, and went to a recipient who was named. ``seen`` leads from the steps whose messages came to
    how that is known.
    """

    at: str
    revision: str
    identifier: str = ""
    sample: str = ""
    data: bool = False
    to: bool = False
    seen: Mapping[str, Provenance] = field(default_factory=dict)

    @property
    def moment(self) -> datetime:
        """When the event was sent."""
        return datetime.fromisoformat(self.at)


def save_begun(project: Project, journey: str, begun: Begun) -> None:
    """Keep a proof that was begun, in place of the journey's former one. Raises ``GuardError`` and ``OSError``."""
    private_folder(project.root)
    write_file(_path(project, journey), json.dumps(asdict(begun), indent=2) + "\n", mode=PRIVATE)


def begun_proof(project: Project, journey: str) -> Begun:
    """The proof of a journey that was begun on this machine; raises ``UsageError`` if none was begun."""
    path = _path(project, journey)
    try:
        begun = Begun(**json.loads(path.read_text(encoding="utf-8")))
        _ = begun.moment
    except (FileNotFoundError, NotADirectoryError):
        hint = "without --resume it sends the event"
        raise UsageError(f"no proof of `{journey}` was begun on this machine", hint) from None
    except (OSError, ValueError, TypeError) as error:
        hint = "delete it, and begin again without --resume"
        raise UsageError(f"{path} can't be read as a proof that was begun", hint) from error
    return begun


def forget_begun(project: Project, journey: str) -> None:
    """A proof is complete: nothing is left to come back for."""
    _path(project, journey).unlink(missing_ok=True)


def _path(project: Project, journey: str) -> Path:
    return project.root / FOLDER / "proofs" / project.environment.name / f"{journey}.json"
