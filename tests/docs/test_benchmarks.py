"""The benchmarks run, on projects that are what they say."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import deployer

ROOT = Path(__file__).parents[2]
BENCHMARKS = ROOT / "benchmarks"


def write_corpus(folder: Path, documents: int, *options: str) -> None:
    """Write a project by the script itself."""
    subprocess.run([sys.executable, BENCHMARKS / "corpus.py", str(documents), folder, *options], check=True)


@pytest.mark.parametrize("documents", [10, 100])
def test_corpus_is_a_project_without_problems(tmp_path, documents):
    """What is measured is the work on a sound project of the size that was asked for."""
    write_corpus(tmp_path, documents)
    workspace = deployer.load(tmp_path)
    assert not workspace.check()
    written = [path for path in tmp_path.rglob("*.yaml") if path.parent.name in {"events", "messages", "journeys"}]
    assert len(written) == documents


def test_broken_corpus_has_problems(tmp_path):
    """The corpus for broken projects is broken by event types that are referred to and missing."""
    write_corpus(tmp_path, 100, "--broken")
    assert {problem.rule for problem in deployer.load(tmp_path).check()} == {"reference/unknown"}


@pytest.mark.long
def test_every_work_is_measured():
    """At a small size every work runs to its end and gets a row, so that the benchmarks can't rot."""
    ran = subprocess.run(
        [sys.executable, BENCHMARKS / "run.py", "--documents", "20", "--megabytes", "1", "--runs", "1"],
        capture_output=True,
        text=True,
        check=False,
        env=dict(os.environ),
    )
    assert ran.returncode == 0, ran.stderr
    rows = [line for line in ran.stdout.splitlines() if line.startswith("| ")]
    listed = subprocess.run(
        [sys.executable, "-c", "import works; print(len(works.WORKS))"],
        cwd=BENCHMARKS,
        capture_output=True,
        text=True,
        check=True,
    )
    assert len(rows) == int(listed.stdout)


def test_journey_tests_are_measured():
    """At a small size the benchmark of journey tests runs, and gives a ratio to a peer that does nothing."""
    call = [sys.executable, BENCHMARKS / "journey_tests.py", "20"]
    ran = subprocess.run(call, capture_output=True, text=True, check=False, env=dict(os.environ))
    assert ran.returncode == 0, ran.stderr
    rows = [line for line in ran.stdout.splitlines() if line.startswith("| ")]
    assert len(rows) == 5
    assert rows[-1].startswith("| ratio | ")


def test_pages_are_measured():
    """The benchmark of pages runs, and no page weighs more than was promised."""
    pytest.importorskip("playwright.sync_api")
    if not os.environ.get("DEPLOYER_CHROMIUM") and shutil.which("chromium") is None:
        pytest.skip("no Chromium: install one, or name it in DEPLOYER_CHROMIUM")
    call = [sys.executable, BENCHMARKS / "pages.py", "1"]
    ran = subprocess.run(call, capture_output=True, text=True, check=False, env=dict(os.environ))
    assert ran.returncode == 0, ran.stderr
    rows = [line.strip("| ").split(" | ") for line in ran.stdout.splitlines() if line.startswith("| ")][1:]
    assert [name for name, *_ in rows] == ["Northwind", "100 documents", "nothing but a phone"]
    assert all(int(kilobytes) <= int(promised) for _, kilobytes, promised, *_ in rows if promised != "-")
