"""Small projects in folders, for two sides of a comparison."""

from __future__ import annotations

import json
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest

import deployer

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from deployer.project import Project

SETTINGS = {
    "version": 1,
    "project": "tea",
    "brand": {"name": "Tea Shop"},
    "apps": {"shop": {}, "depot": {}},
    "environments": {"sandbox": {"target": "sandbox"}},
}
NUMBERS = count()


@pytest.fixture
def project(tmp_path: Path) -> Callable[..., Project]:
    """Link resources to the project of the sandbox; what is added to the settings comes as keywords."""

    def build(resources: Sequence[Any], **settings: Any) -> Project:
        folder = tmp_path / f"side{next(NUMBERS)}"
        folder.mkdir()
        (folder / "deployer.yaml").write_text(json.dumps({**SETTINGS, **settings}), encoding="utf-8")
        text = "\n---\n".join(json.dumps(one) for one in resources)
        (folder / "resources.yaml").write_text(text, encoding="utf-8")
        workspace = deployer.load(folder)
        assert not workspace.problems
        linked = workspace.linked("sandbox")
        wrong = [one.message for one in linked.problems if not one.rule.startswith("reference/")]
        assert wrong == []
        return linked.project

    return build
