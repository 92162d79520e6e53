"""The short names of tasks: digests, so that the same task has the same token in every plan of its environment."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING, Any

from deployer.dataclass import dataclass
from deployer.source import as_bytes, canonical, composed_letters, same_letters
from deployer.state.model import TaskStatus

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deployer.project import Project
    from deployer.state.model import TaskRecord

LENGTH = 7
"""Characters of a token: 35 bits, short enough to type, long enough for the tasks of one environment."""

_BYTES = 5
"""Bytes of a digest that a token shows: 40 bits, which are eight characters."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of one project's environment: the same task of another one has another token."""

    project: str
    environment: str

    @classmethod
    def of(cls, project: Project) -> Tokens:
        """Those of the environment in which a project is looked at."""
        return cls(project.settings.project, project.environment.name)

    def token(self, task_id: str, value: Any) -> str:
        """A digest of project, environment, task id and desired value, in whatever encoding of its letters."""
        named = [self.project, self.environment, task_id]
        text = canonical([*named, value])
        if not text.isascii():  # most are: nothing of them has to be composed
            text = canonical([*named, composed_letters(value)])
        raw = hashlib.sha256(as_bytes(text)).digest()
        return base64.b32encode(raw[:_BYTES]).decode().lower()[:LENGTH]

    def naming(self, task_id: str, value: Any, recorded: Mapping[str, TaskRecord]) -> str:
        """The token of a task: the one under which it is recorded, until it is done, else its digest.

        What a person has in hand stays valid: a task whose token was made of other things by an earlier version, or
        under an earlier name of the project, keeps it.
        """
        if not recorded:
            return self.token(task_id, value)
        of_id = (task for task in recorded.values() if task.id == task_id and task.status is not TaskStatus.DONE)
        known = [task for task in of_id if same_letters(task.value, value)]
        kept = next((task for task in known if task.open), next(iter(known), None))
        return kept.token if kept else self.token(task_id, value)
