"""A project as it was at another commit, wherever its folder was then: a project is known by its name.

Several comparisons with one commit read it once (``keeping_earlier``).
"""

from __future__ import annotations

import tempfile
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from dataclasses import field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from deployer.dataclass import dataclass
from deployer.forge.refs import RefError, file_at, files_named, find_commit, prefix_of, write_tree
from deployer.source.root import SETTINGS_NAMES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from deployer.forge.refs import Commit
    from deployer.workspace.workspace import Workspace


def write_earlier(root: Path, commit: Commit, into: Path) -> int:
    """Write the files of the project in ``root`` as they were at a commit; return how many there were.

    It is looked for in the same folder, and where that held no project or one of another name, in every folder of that
    commit by its ``project:``. None where the commit holds no such project. Raises ``RefError`` where it can't be read,
    or two folders held a project of that name.
    """
    here = prefix_of(root)
    now = next((root / name for name in SETTINGS_NAMES if (root / name).is_file()), None)
    name = _name(now.read_bytes()) if now else ""
    before = _settings_at(root, commit, here)
    if before is not None and (not name or _name(before) == name):
        return write_tree(root, commit, into)
    elsewhere = _folders(root, commit, name, here) if name else ()
    if len(elsewhere) > 1:
        folders = ", ".join(f"`{folder or '.'}`" for folder in elsewhere)
        hint = "compare with the folder of the earlier version: check that commit out beside this one"
        raise RefError(f"at `{commit.ref}` more than one folder holds a project `{name}`: {folders}", hint)
    return write_tree(root, commit, into, elsewhere[0] if elsewhere else here)


def _settings_at(root: Path, commit: Commit, folder: str) -> bytes | None:
    """What a folder's settings held at a commit; ``None`` where there were none."""
    found = (file_at(root, commit, f"{folder}{name}") for name in SETTINGS_NAMES)
    return next((content for content in found if content is not None), None)


def _folders(root: Path, commit: Commit, name: str, here: str) -> tuple[str, ...]:
    """The other folders whose project had this name."""
    paths = files_named(root, commit, *SETTINGS_NAMES)
    folders = dict.fromkeys(path[: path.rfind("/") + 1] for path in paths)
    return tuple(
        folder for folder in folders if folder != here and _name(_settings_at(root, commit, folder) or b"") == name
    )


def _name(settings: bytes) -> str:
    """The name of the project; empty where the file can't be read."""
    try:
        data = yaml.safe_load(settings)
    except (yaml.YAMLError, ValueError):
        return ""
    name = data.get("project") if isinstance(data, dict) else None
    return name if isinstance(name, str) else ""


@dataclass(slots=True)
class _Kept:
    """The versions that were read within one ``keeping_earlier``, by folder, commit and day."""

    files: ExitStack
    found: dict[tuple[Path, str, date | None], Workspace | None] = field(default_factory=dict)


_KEPT: ContextVar[_Kept | None] = ContextVar("kept", default=None)


@contextmanager
def keeping_earlier() -> Iterator[None]:
    """Read each commit once within this, however many comparisons are made with it."""
    with ExitStack() as files:
        before = _KEPT.set(_Kept(files))
        try:
            yield
        finally:
            _KEPT.reset(before)


@contextmanager
def earlier(workspace: Workspace, ref: str) -> Iterator[Workspace | None]:
    """The project as it was at a commit, readable within the block; ``None`` where that commit holds none.

    Raises ``RefError`` where the commit can't be read.
    """
    commit = find_commit(workspace.root, ref)
    workspace.elsewhere.saw_commit(workspace.root, commit)
    with earlier_at(workspace.root, commit, workspace.today) as before:
        yield replace(before, elsewhere=workspace.elsewhere) if before else None


@contextmanager
def earlier_at(root: Path, commit: Commit, today: date | None = None) -> Iterator[Workspace | None]:
    """As ``earlier``, for a commit that is known and the folder of the project."""
    kept, key = _KEPT.get(), (root.resolve(), commit.id, today)
    if kept is None:
        with _read(root, commit, today) as workspace:
            yield workspace
        return
    if key not in kept.found:
        kept.found[key] = kept.files.enter_context(_read(root, commit, today))
    yield kept.found[key]


@contextmanager
def _read(root: Path, commit: Commit, today: date | None) -> Iterator[Workspace | None]:
    from deployer.workspace.loading import load  # noqa: PLC0415 - the room's front door imports this lazily

    with tempfile.TemporaryDirectory(prefix="deployer-") as name:
        yield load(name, today=today) if write_earlier(root, commit, Path(name)) else None
