"""Which deployer the action installs: its step run for real, from an index that is a folder."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
ACTION = ROOT / "action.yml"
NAME = "journey_deployer"
METADATA = "Metadata-Version: 2.1\nName: journey-deployer\nVersion: {}\nProvides-Extra: s3\nProvides-Extra: serve\n"


def published(folder: Path, version: str) -> None:
    """A wheel of a version, whose command prints which one it is."""
    about = f"{NAME}-{version}.dist-info"
    with ZipFile(folder / f"{NAME}-{version}-py3-none-any.whl", "w") as wheel:
        wheel.writestr(f"{NAME}.py", f"def main():\n    print({version!r})\n")
        wheel.writestr(f"{about}/METADATA", METADATA.format(version))
        wheel.writestr(
            f"{about}/WHEEL", "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        wheel.writestr(f"{about}/entry_points.txt", f"[console_scripts]\ndeployer = {NAME}:main\n")
        wheel.writestr(f"{about}/RECORD", "")


def installed(folder: Path, version: str) -> subprocess.CompletedProcess[str]:
    """Run the step that installs, with the input `version`, as a runner does."""
    (step,) = (one for one in yaml.safe_load(ACTION.read_text())["runs"]["steps"] if one["name"] == "Install deployer")
    assert step["env"]["VERSION"] == "${{ inputs.version }}"
    environ = {
        "ACTION_PATH": str(ROOT),
        "GITHUB_PATH": str(folder / "path"),
        "HOME": str(folder),
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_FIND_LINKS": str(folder),
        "PIP_NO_INDEX": "1",
        "RUNNER_TEMP": str(folder),
        "VERSION": version,
    }
    words = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
    return subprocess.run(words, env=environ, capture_output=True, text=True, check=False)


def test_a_version_is_the_one_that_is_installed(tmp_path):
    """Of two published versions the one that is named is on the path afterwards."""
    published(tmp_path, "7.1.0")
    published(tmp_path, "7.2.0")
    done = installed(tmp_path, "7.1.0")
    assert done.returncode == 0, done.stderr
    command = Path((tmp_path / "path").read_text().strip()) / "deployer"
    assert subprocess.run([command], capture_output=True, text=True, check=True).stdout == "7.1.0\n"


@pytest.mark.parametrize("version", [">=0.1", "latest", "1.0 --index-url https://x.example", "1.0\n2.0", "$(id)"])
def test_what_is_no_version_is_refused(tmp_path, version):
    """A range, a word or an option isn't handed to the installer."""
    done = installed(tmp_path, version)
    assert (done.returncode, "::error::the input `version`" in done.stdout) == (1, True), done.stderr
    assert not (tmp_path / "deployer").exists()
