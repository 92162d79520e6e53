"""The forked processes are what a caller takes them for."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from tests.processes import write_command

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """The command, in a folder for programs."""
    write_command(tmp_path / "bin")
    return tmp_path / "bin" / "deployer"


def call(program: Path, *words: str, **more: Any) -> subprocess.CompletedProcess[str]:
    """Run a command in the folder above its program."""
    return subprocess.run(
        [program, *words], cwd=program.parent.parent, capture_output=True, text=True, check=False, **more
    )


def test_arguments_folder_output_and_exit_code_are_the_callers(program, tmp_path):
    """A project is made and read in the caller's folder; data and errors are apart; the exit code is the command's."""
    assert call(program, "init", "shop", "--yes").returncode == 0
    assert (tmp_path / "shop" / "deployer.yaml").exists()
    good, bad = call(program, "validate", "--project", "shop"), call(program, "shöp\n")
    assert (good.returncode, bad.returncode) == (0, 64)
    assert "no problems" in good.stdout
    assert (bad.stdout, "shöp" in bad.stderr) == ("", True)


def test_variables_and_input_are_the_callers(program):
    """What is typed or piped arrives, and only the caller's variables are set."""
    assert call(program, "init", "shop", "--yes").returncode == 0
    payload = json.dumps({"Order Id": "54321"})
    done = call(
        program, "infer", "-", "--project", "shop", "--type", "Shipped", input=payload, env={"PATH": os.environ["PATH"]}
    )
    assert (done.returncode, "Order Id" in done.stdout) == (0, True), done.stderr


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_reaches_it(program, tmp_path, number):
    """Ending the caller ends the process, and the caller ends as the process did."""
    assert call(program, "init", "shop", "--yes").returncode == 0
    words = [program, "sandbox", "serve", "--port", "0", "--project", tmp_path / "shop"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as served:
        assert served.stdout
        while "Ctrl-C" not in (line := served.stdout.readline()):
            assert line
        served.send_signal(number)
        rest = served.stdout.read()
    assert served.returncode in {0, 130, 143, -signal.SIGTERM}, rest
