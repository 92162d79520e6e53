"""The files of a new project: folders of files that ship with the package."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from deployer.kinds import BY_SNAKE
from deployer.source import schema
from deployer.source.editing.values import flow

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_FILES = Path(__file__).resolve().parent / "template_files"
SCHEMAS = ".schemas"
"""The schemas for editors: a hidden folder is no part of the project, and this one is in git, unlike `.deployer`."""


class Template(StrEnum):
    """What a project begins with; a template is a folder of files beside this module."""

    MINIMAL = "minimal"
    ORDERS = "orders"
    APPOINTMENTS = "appointments"
    CAPTURED = "captured"
    """All but events and what depends on them: those come from captured payloads."""

    @property
    def offered(self) -> bool:
        """Whether someone can choose it by its name."""
        return self is not Template.CAPTURED


class Pipeline(StrEnum):
    """The forge that checks each change."""

    GITHUB = "github"
    GITLAB = "gitlab"
    NONE = "none"


_PIPELINE_FILES = {
    Pipeline.GITHUB: ".github/workflows/attentive.yml",
    Pipeline.GITLAB: ".gitlab-ci.yml",
}


def project_files(template: Template, values: Mapping[str, str | int]) -> dict[str, bytes]:
    """The files of the project itself by path, with ``values`` in the place of ``@NAME@``."""
    files = {**_folder(_FILES / template.value), **_folder(_FILES / "shared")}
    files = {path: _filled(path, content, values) for path, content in files.items() if path != "gitignore"}
    return dict(sorted(files.items()))


def tool_files(pipeline: Pipeline, project: str, below: str = "") -> dict[str, bytes]:
    """The files of git, the forge and the editor by path: those that a folder has already are left alone.

    ``below`` is the path of the folder in its repository, empty for the top. Forges read a repository's top only: there
    each project has a workflow of its name on GitHub; on GitLab the top's file has to include that of the folder.
    """
    files = {".gitignore": (_FILES / "shared" / "gitignore").read_bytes()}
    if pipeline in _PIPELINE_FILES:
        text = (_FILES / "ci" / f"{pipeline.value}.yml").read_text(encoding="utf-8")
        path = _PIPELINE_FILES[pipeline]
        if below:
            text = text.replace("PROJECT: .", f"PROJECT: {flow(below)}")
            text = text.replace("name: Attentive\n", f"name: Attentive {project}\n")
            text = text.replace("\nattentive:\n", f"\nattentive-{project}:\n")
        if below and pipeline is Pipeline.GITHUB:
            up = "../" * len(PurePosixPath(below).parts)
            path = f"{up}.github/workflows/attentive-{project}.yml"
        files[path] = text.encode()
    for name in ("deployer", "resource", *sorted(BY_SNAKE)):
        text = json.dumps(schema(name), indent=2, ensure_ascii=False)
        files[f"{SCHEMAS}/{name}.schema.json"] = f"{text}\n".encode()
    return files


def opt_in_files(identifier: str, values: Mapping[str, str | int]) -> tuple[str, str, dict[str, bytes]]:
    """The paths of an opt-in source's placeholder screenshot and drafted disclosure, and the files at these paths."""
    picture, legal = f"opt-in/PLACEHOLDER-{identifier}.png", f"legal/{identifier}.txt"
    drafted = (_FILES / Template.CAPTURED.value / "legal" / "checkout.txt").read_bytes()
    drawn = (_FILES / "shared" / "opt-in" / "PLACEHOLDER-checkout.png").read_bytes()
    return picture, legal, {picture: drawn, legal: _filled(legal, drafted, values)}


def _folder(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in _every(root)}


def _every(root: Path) -> Iterator[Path]:
    return (path for path in sorted(root.rglob("*")) if path.is_file())


def _filled(path: str, content: bytes, values: Mapping[str, str | int]) -> bytes:
    """A file with its values: as YAML writes them in YAML, else as they are."""
    if not path.endswith((".yaml", ".txt")):
        return content
    text = content.decode()
    for name, value in values.items():
        text = text.replace(f"@{name}@", flow(value) if path.endswith(".yaml") else str(value))
    return text.encode()
