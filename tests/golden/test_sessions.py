"""Sessions at the command line, whose every byte is known: one folder each, walked.

A case is a folder with a ``session.txt``: lines that begin with ``$`` are typed, what stands below each is what it
prints; files beside it can be copied into the project, which begins as ``project/`` for every case. To add one, write
its ``$`` lines and run ``UPDATE_GOLDEN=1 pytest tests/golden``; read what it wrote before it is committed.

An apply of several changes is typed with ``-q``: its progress tells what ended first, and they run side by side.

===================================  ================================================================================
``$ deployer …``                     a command, in the project's folder; ``TOKENS`` are the tokens of every open task
``$ cp later.yaml resources.yaml``   somebody merges a change: a file of the case takes the place of one of the project
``$ attentive PATCH /v2/… {…}``      somebody else does something at Attentive
===================================  ================================================================================
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

import deployer
from deployer.app.connection import sandbox_key
from deployer.cli.main import run
from deployer.sandbox import Sandbox
from deployer.sandbox.transport import transport

if TYPE_CHECKING:
    from collections.abc import Callable

HERE = Path(__file__).parent
CASES = sorted(path.parent.name for path in HERE.glob("*/session.txt"))
CHANCE = {
    re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\+00:00|Z)"): "(time)",
    re.compile(r"\b\d{4}-\d\d-\d\d\b"): "(date)",
    re.compile(r'(?<="lineage": ")[0-9a-f]{32}'): "(lineage)",
}
"""What is different each time: the clock, and a record's lineage, which is drawn so that no two are ever the same."""


class Session:
    """A copy of the project in which the lines of a case are typed."""

    def __init__(self, case: Path, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.case, self.folder, self.capsys = case, folder, capsys
        shutil.copytree(HERE / "project", folder)

    def play(self) -> str:
        """The session's text, made anew."""
        typed = [line for line in (self.case / "session.txt").read_text("utf-8").splitlines() if line[:2] == "$ "]
        text = "\n".join(f"{line}\n{self._answer(line[2:])}" for line in typed)
        for found, mask in CHANCE.items():
            text = found.sub(mask, text)
        return text

    def _answer(self, line: str) -> str:
        program, _, rest = line.partition(" ")
        return {"deployer": self._deployer, "cp": self._copy, "attentive": self._attentive}[program](rest)

    def _deployer(self, rest: str) -> str:
        words = [word for one in shlex.split(rest) for word in (self._tokens() if one == "TOKENS" else [one])]
        self.capsys.readouterr()
        code = run(words)
        out, err = self.capsys.readouterr()
        told = "".join(f"(stderr) {one}".rstrip() + "\n" for one in err.splitlines())
        return out + told + (f"(exit {code})\n" if code else "")

    def _tokens(self) -> list[str]:
        with deployer.connect(deployer.load(self.folder), "sandbox") as connection:
            return [task.token for task in connection.state().open_tasks() if task.confirmable]

    def _copy(self, rest: str) -> str:
        source, target = rest.split()
        shutil.copyfile(self.case / source, self.folder / target)
        return ""

    def _attentive(self, rest: str) -> str:
        method, path, body = rest.split(" ", 2)
        file = self.folder / ".deployer" / "sandbox" / "sandbox.sqlite"
        with Sandbox.open(file, company_name="Tea Shop") as account:
            headers = {"authorization": f"Bearer {sandbox_key('shop')}", "content-type": "application/json"}
            with httpx.Client(transport=transport(account), base_url="https://sandbox.invalid") as client:
                client.request(method, path, content=body, headers=headers).raise_for_status()
        return ""


@pytest.fixture
def play(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Play a case in a folder of its own, as Ana, without a terminal."""
    for name in ("NO_COLOR", "GITLAB_USER_LOGIN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GITHUB_ACTOR", "ana")

    def played(case: str, name: str = "first") -> str:
        session = Session(HERE / case, tmp_path / name, capsys)
        monkeypatch.chdir(session.folder)
        return session.play()

    return played


def test_there_are_cases() -> None:
    """If the folder is walked, something is found."""
    assert len(CASES) >= 4


@pytest.mark.parametrize("case", CASES)
def test_session_is_the_same_to_the_byte(case: str, play: Callable[..., str]) -> None:
    """If a session is typed again, in another process than the one that recorded it, it prints the same bytes."""
    text, file = play(case), HERE / case / "session.txt"
    if os.environ.get("UPDATE_GOLDEN") == "1":
        file.write_text(text, encoding="utf-8", newline="\n")
    assert text == file.read_text(encoding="utf-8")


@pytest.mark.parametrize("case", CASES)
def test_two_runs_are_the_same_to_the_byte(case: str, play: Callable[..., str]) -> None:
    """If a session is typed twice in new projects, with new sandboxes and records, both print the same bytes."""
    assert play(case, "one") == play(case, "two")
