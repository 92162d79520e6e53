"""What an inference found, as values, and writing it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployer.atomic import create_file
from deployer.dataclass import dataclass
from deployer.errors import UnwritableError, UsageError
from deployer.source.editing import save

if TYPE_CHECKING:
    from pathlib import Path

    from deployer.contracts import CheckReport
    from deployer.source import Pointer, Problem
    from deployer.workspace.workspace import Workspace


@dataclass(frozen=True, slots=True)
class InferredEvent:
    """What was inferred of one event type. ``address`` is the declared one's, or the new one's.

    ``added`` are the keys that are new. ``conflicts`` say where events aren't what is declared, which is left as it is;
    ``remarks`` what is worth a look.
    """

    address: str
    name: str
    payloads: int
    declared: bool
    added: tuple[str, ...]
    conflicts: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Inference:
    """What an inference writes. ``text`` is that of the whole file ``path``, or (no path) of the documents alone.

    ``problems`` is what `validate` will say about it; ``report`` has what couldn't be read.
    """

    events: tuple[InferredEvent, ...]
    text: str
    path: Path | None
    problems: tuple[Problem, ...]
    report: CheckReport

    @property
    def failed(self) -> bool:
        """Whether a person has to look: conflicts, problems, payloads that couldn't be read or recognized."""
        unread = any(not row.event for row in self.report.rows)
        return bool(unread or self.problems or any(event.conflicts for event in self.events))


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for: one event (an id, or an exact type), the file to add to, the app of new event types.

    ``at`` is the place of the payload in each captured value.
    """

    event: str = ""
    type: str = ""
    into: Path | None = None
    app: str = ""
    at: Pointer = ()


def write_inference(workspace: Workspace, inference: Inference, out: Path | None = None) -> Path | None:
    """Write what was inferred: into the file that was to be added to, or as a new file ``out``; returns its path.

    Without either nothing is written. Raises ``UsageError`` where the path can't be a file's, ``out`` is there already,
    or something that is declared already would be declared a second time in it, and ``UnwritableError``.
    """
    target = inference.path or out
    if target is None:
        return None
    known = [event.address for event in inference.events if event.declared]
    if known and inference.path is None:
        raise UsageError(f"{', '.join(known)} is declared already", "pass --into with its file, or another --type")
    try:
        if inference.path is None:
            create_file(target, inference.text)
        else:
            name = target.resolve().relative_to(workspace.root.resolve()).as_posix()
            save(workspace.sources.files, name, inference.text)
    except FileExistsError as error:
        raise UsageError(f"{target} is there already", "pass --into to add to it, or name another file") from error
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError) as error:
        raise UsageError(f"{target} can't be written: {error.strerror}", "name another file") from error
    except OSError as error:
        hint = "make room or give the permission, or name another file"
        raise UnwritableError(f"{target} can't be written: {error.strerror}", hint) from error
    return target
