"""The tutorial is run word for word: every command of its page, every change of a file, in an empty folder.

What the commands print is made again with ``UPDATE_TUTORIAL=1 pytest tests/docs/test_tutorial.py``.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

PAGE = Path(__file__).resolve().parents[2] / "docs" / "tutorial.md"
BLOCK = re.compile(r"```(?P<language>console|diff)\n(?P<text>.*?)```", re.DOTALL)


class Reader:
    """Somebody who follows the page in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.here = folder, folder
        program = folder / "bin" / "deployer"
        program.parent.mkdir()
        program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -c "from deployer.cli import main; main()" "$@"\n')
        program.chmod(0o755)
        own = {key: one for key, one in os.environ.items() if not key.startswith(("GITHUB_", "GITLAB_", "CI"))}
        self.environment = {**own, "PATH": f"{program.parent}:{own['PATH']}"}

    def block(self, found: re.Match[str]) -> str:
        """Do what a block of the page says, and give it as it should be."""
        text = found["text"] if found["language"] == "diff" else self._session(found["text"])
        if found["language"] == "diff":
            self._change(text)
        return f"```{found['language']}\n{text}```"

    def _session(self, text: str) -> str:
        typed = [line for line in text.splitlines() if line.startswith("$ ")]
        return "".join(self._typed(line[2:]) for line in typed)

    def _typed(self, line: str) -> str:
        if line.startswith("cd "):
            self.here = self.here / line[3:]
            return f"$ {line}\n"
        if line.startswith("deployer confirm"):
            line = f"deployer confirm {' '.join(self._tokens())}"
        return f"$ {line}\n{self._run(line)}"

    def _run(self, line: str) -> str:
        done = subprocess.run(
            ["sh", "-c", f"{{ {line}; }} 2>&1"],
            cwd=self.here,
            env=self.environment,
            stdout=subprocess.PIPE,
            text=True,
            check=False,
        )
        return done.stdout

    def _tokens(self) -> list[str]:
        return [task["token"] for task in json.loads(self._run("deployer tasks --format json"))["tasks"]]

    def _change(self, text: str) -> None:
        head, old, new = text.splitlines()
        path = self.here / head.removeprefix("--- ")
        before = path.read_text("utf-8")
        assert before.count(old[1:]) == 1
        path.write_text(before.replace(old[1:], new[1:]), "utf-8")


def test_the_page_is_what_happens(tmp_path: Path) -> None:
    """Every command prints what the page shows, from the first to the last."""
    page = PAGE.read_text("utf-8")
    made = BLOCK.sub(Reader(tmp_path).block, page)
    if os.environ.get("UPDATE_TUTORIAL"):
        PAGE.write_text(made, "utf-8")
    assert PAGE.read_text("utf-8") == made
    assert "6 of 6 done" in made
    assert "Nothing to do." in made
