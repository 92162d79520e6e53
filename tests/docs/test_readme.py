"""What the README and the tour show is what the commands print.

They are made again with ``UPDATE_README=1 pytest tests/docs/test_readme.py``.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from deployer.cli.main import COMMANDS
from tests.docs.reader import Reader

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parents[2]
README = ROOT / "README.md"
TOUR = ROOT / "docs" / "tour.md"
TRANSCRIPT = re.compile(r"<!-- transcript: (?P<command>.*?) -->\n```text\n(?P<text>.*?)```", re.DOTALL)


def deployer(folder: Path, *args: str) -> str:
    """Run the command line in a project, as its user would, and return what it prints."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("GITHUB_", "GITLAB_", "CI"))}
    done = subprocess.run(
        [sys.executable, "-c", "from deployer.cli import main; main()", *args],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Northwind, launched, after someone changed the words of one text and applied that."""
    folder = tmp_path_factory.mktemp("readme") / "northwind"
    shutil.copytree(ROOT / "examples" / "northwind", folder, ignore=shutil.ignore_patterns(".deployer"))
    deployer(folder, "apply", "--yes")
    asked = json.loads(deployer(folder, "tasks", "--format", "json"))["tasks"]
    deployer(folder, "confirm", *(task["token"] for task in asked))
    messages = folder / "messages" / "parcels.yaml"
    words = messages.read_text(encoding="utf-8")
    messages.write_text(words.replace("is on its way", "has left our warehouse", 1), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def printed(shop: Path) -> Callable[[str], str]:
    """What a command prints there; the plan is made before the apply, the rest after it."""
    plan = deployer(shop, "plan")
    deployer(shop, "apply", "--yes")
    return lambda command: plan if command == "plan" else deployer(shop, *command.split())


@pytest.mark.parametrize(
    "command", [found["command"] for found in TRANSCRIPT.finditer(TOUR.read_text(encoding="utf-8"))]
)
def test_transcript_is_what_the_command_prints(command: str, printed: Callable[[str], str]) -> None:
    """If a command prints something else than the tour shows, the tour has to follow."""
    text = printed(command)
    if os.environ.get("UPDATE_README"):
        block = f"<!-- transcript: {command} -->\n```text\n"
        whole = TOUR.read_text(encoding="utf-8")
        before, _, rest = whole.partition(block)
        TOUR.write_text(before + block + text + "```" + rest.partition("```")[2], encoding="utf-8")
    found = {one["command"]: one["text"] for one in TRANSCRIPT.finditer(TOUR.read_text(encoding="utf-8"))}
    assert found[command] == text


def test_every_command_in_the_tour_exists() -> None:
    """If the README or the tour names a command, there is one."""
    texts = [page.read_text(encoding="utf-8") for page in (README, TOUR)]
    named = {name for text in texts for name in re.findall(r"`deployer ([a-z-]+)", text)}
    assert named
    assert named <= set(COMMANDS)


def test_the_first_minute_is_what_happens(tmp_path: Path) -> None:
    """A newcomer who follows the README in an empty folder sees what it shows: the hole is found."""
    with Reader(tmp_path) as reader:
        made = reader.follow(README.read_text(encoding="utf-8"))
    if os.environ.get("UPDATE_README"):
        README.write_text(made, encoding="utf-8")
    assert README.read_text(encoding="utf-8") == made
    assert "[message/unknown-property]" in made
