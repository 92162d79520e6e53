"""A client's script passes the strict checks of two type checkers, and does what it says."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import deployer

if TYPE_CHECKING:
    from types import ModuleType

ROOT = Path(__file__).resolve().parents[1]
SCRIPT = ROOT / "tests" / "clients" / "nightly.py"


@pytest.fixture
def client() -> ModuleType:
    """The script as a module."""
    spec = spec_from_file_location("nightly", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """The example, which nobody applied yet."""
    return Path(shutil.copytree(ROOT / "examples" / "northwind", tmp_path / "shop"))


def test_mypy_is_content(tmp_path: Path) -> None:
    """Under mypy's strictest settings, no line of it is an error."""
    pytest.importorskip("mypy")
    words = [sys.executable, "-m", "mypy", "--strict", "--config-file", os.devnull, "--cache-dir", str(tmp_path)]
    done = subprocess.run([*words, str(SCRIPT)], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "Success: no issues found in 1 source file\n")


def test_pyright_is_content(tmp_path: Path) -> None:
    """Nor under pyright's."""
    program = os.environ.get("DEPLOYER_PYRIGHT") or shutil.which("pyright")
    if not program:
        pytest.skip("pyright isn't on PATH: `npm install pyright`, and name its program in DEPLOYER_PYRIGHT")
    shutil.copy(SCRIPT, tmp_path)
    config = {"typeCheckingMode": "strict", "include": [SCRIPT.name], "extraPaths": [str(ROOT)]}
    (tmp_path / "pyrightconfig.json").write_text(json.dumps(config), encoding="utf-8")
    line = [program, "--project", str(tmp_path), "--pythonpath", sys.executable, "--outputjson"]
    done = subprocess.run(line, capture_output=True, text=True, check=False)
    found = json.loads(done.stdout)
    assert found["summary"]["filesAnalyzed"] == 1
    assert [f"{one['range']['start']['line'] + 1}: {one['message']}" for one in found["generalDiagnostics"]] == []


def test_it_reports(client: ModuleType, shop: Path) -> None:
    """What it says of the example is so: nothing is live, and everything waits to be applied."""
    found = client.report(shop, "sandbox")
    assert found["segments"]["message.order_shipped_text"] == 1
    assert "journey.order_shipped" in found["changes"]
    assert found["steps"][4] == "open"
    assert (found["tasks"], found["drift"], found["keys"], found["live"]) == ([], [], [], {})


def test_it_applies_a_reviewed_plan(client: ModuleType, shop: Path, tmp_path: Path) -> None:
    """A plan that was written down is applied as it is, and then something is live."""
    with deployer.connect(deployer.load(shop)) as connection:
        (tmp_path / "plan.json").write_text(json.dumps(deployer.plan(connection).to_json()), encoding="utf-8")
    report = client.apply_reviewed(shop, "sandbox", tmp_path / "plan.json")
    assert not report.failed
    assert "event_type.order_shipped" in client.report(shop, "sandbox")["live"]


def test_it_names_what_is_wrong(client: ModuleType, shop: Path) -> None:
    """A project in error is told by its problems, a state that can't be read by the family of its error."""
    assert "deployer-state" in client.explained(shop)  # production keeps it in git, and this is no repository
    (shop / "broken.yaml").write_text("kind: Segmnet\n", encoding="utf-8")
    assert client.report(shop, "sandbox")["errors"][0].startswith("broken.yaml:1:")
