"""The Containerfile, held against the repository that is its context: what it copies and installs is there."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LINES = re.sub(r"\\\n\s*", "", (ROOT / "Containerfile").read_text(encoding="utf-8")).splitlines()
IGNORED = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()


def test_the_build_needs_only_what_the_context_holds():
    """What the installation reads from the copied source isn't left out of the context by `.dockerignore`."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wheel = settings["tool"]["hatch"]["build"]["targets"]["wheel"]
    named = re.findall(r"/source/([\w.-]+)", "\n".join(LINES))
    needed = {*named, *wheel["packages"], *wheel["force-include"], settings["project"]["readme"], "LICENSE"}
    assert "requirements.lock" in needed
    for path in needed:
        assert (ROOT / path).exists(), path
        assert not {path, path.partition("/")[0]} & set(IGNORED), path


def test_what_runs_is_no_root_and_writes_no_bytecode():
    """The last stage ends as an account that it made, by its number: Kubernetes sees that it isn't root."""
    stages = "\n".join(LINES).split("FROM ")[-1].splitlines()
    (user,) = (number for number, line in enumerate(stages) if line.startswith("USER "))
    account = stages[user].split()[1]
    assert any(f"useradd --uid {account} " in line for line in stages[:user])
    assert not [line for line in stages[user:] if line.startswith(("RUN ", "COPY ", "ADD "))]
    assert any(line.startswith("ENV ") and "PYTHONDONTWRITEBYTECODE=1" in line for line in stages)


def test_the_system_git_reads_a_project_that_another_account_owns():
    """The folder that is mounted is named to git as safe, and it is where the command begins."""
    (folder,) = (line.split()[1] for line in LINES if line.startswith("WORKDIR "))
    assert any(f"safe.directory {folder} " in line for line in LINES)


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="an sdist has no repository")
def test_the_context_is_what_git_holds():
    """The file copies the whole context: each name that it needs is committed, not only at hand."""
    trusted = ("-c", f"safe.directory={ROOT}")  # a container's account isn't the one of the checkout
    needed = ("requirements.lock", "deployer/__init__.py", "schemas", "LICENSE")
    words = ["git", *trusted, "-C", str(ROOT), "ls-files", *needed]
    held = subprocess.run(words, capture_output=True, text=True, check=True).stdout.splitlines()
    assert {"requirements.lock", "deployer/__init__.py", "schemas/deployer.schema.json", "LICENSE"} <= set(held)
