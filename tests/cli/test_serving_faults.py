"""``deployer sandbox serve --faults``: a real process that fails as it is told."""

import shutil
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.patience import PATIENCE

ROOT = Path(__file__).resolve().parents[2]
COMMAND = (sys.executable, "-c", "from deployer.cli import main; main()")
AUTH = {"Authorization": "Bearer sandbox-orders"}


@pytest.fixture
def shop(tmp_path):
    """Copy the example shop."""
    return Path(shutil.copytree(ROOT / "examples" / "northwind", tmp_path / "shop"))


def serve(shop, faults):
    """Start the sandbox of a shop on a free port."""
    command = [*COMMAND, "--project", str(shop), "sandbox", "serve", "--port", "0"]
    return subprocess.Popen(
        [*command, "--faults", str(faults)], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def test_it_fails_as_told_and_says_so_at_the_end(shop, tmp_path):
    """The faults of the file strike on the port; after Ctrl-C stderr says how many did."""
    faults = tmp_path / "storm.yaml"
    faults.write_text("- {on: GET /v1/me, fault: status, status: 503}\n- {on: GET /v1/me, nth: 2, fault: reset}\n")
    with serve(shop, faults) as process:
        url = process.stdout.readline().split()[-1]
        with httpx.Client(base_url=url, headers=AUTH, trust_env=False) as client:
            assert client.get("/v1/me").status_code == 503
            with pytest.raises(httpx.ReadError):
                client.get("/v1/me")
            assert client.get("/v1/me").status_code == 200
        process.send_signal(signal.SIGINT)
        _, told = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130
    assert "faults injected: reset 1, status 1" in told


def test_mistakes_in_the_file(shop, tmp_path):
    """If the file is wrong, nothing is served; each mistake is said with its line, and where help is."""
    faults = tmp_path / "storm.yaml"
    faults.write_text("- {on: GET /v1/me, fault: rest}\n- {on: GET /v1/you, fault: reset}\n")
    with serve(shop, faults) as process:
        out, told = process.communicate(timeout=PATIENCE)
    assert (process.returncode, out) == (1, "")
    assert f"error: {faults}:1: `fault` must be one of" in told
    assert f"{faults}:2: `on` matches none" in told
    assert "hint: `deployer sandbox serve --help`" in told
    assert "Traceback" not in told


def test_no_such_file(shop, tmp_path):
    """If there is no such file, that is wrong usage."""
    with serve(shop, tmp_path / "none.yaml") as process:
        _, told = process.communicate(timeout=PATIENCE)
    assert process.returncode == 64
    assert "none.yaml" in told
