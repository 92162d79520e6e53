"""Write docs/pull-request.md: a pull request that goes red and green, with what the commands really print.

Run ``python docs/make_pull_request.py`` after a change of what they print; the tests compare.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

DOCS = Path(__file__).resolve().parent
PAGE = DOCS / "pull-request.md"
EXAMPLE = DOCS.parent / "examples" / "northwind"
WHEN = "2026-05-10T12:00:00+00:00"
_DAY = re.compile(r"confirmed \d{1,2} \w{3} \d{4}")
_HASH = re.compile(r"main \([0-9a-f]{12}\)")

INTRODUCTION = """\
<!-- Made by docs/make_pull_request.py; don't edit. -->

# A pull request, red and green

The shop is `examples/northwind`, launched in its sandbox: everything was applied and confirmed. All of it is what the
commands printed on a scratch repository; only the day of a confirmation and the hash of the commit are replaced.

## A change drops a property

Ben finds the text about shipped parcels too long. On a branch he takes the link out of it, and the property that
nothing reads any longer out of the event:
"""
RED = """\
The project itself is in order:
"""
BREAKS = """\
But events are a promise. A service that still sends the old one would now send a key that isn't declared, and the
journey that runs at Attentive still reads it until the new version is turned on. The gate is red:
"""
GREEN = """\
## The way out

Ben follows the first step: the property stays declared, only the words change.
"""
PASSES = """\
Now nothing breaks:
"""
COMMENT = """\
And the pull request's comment, which each run updates, lists what is left: the words before and after, and the tasks
for people once it is merged and applied.
"""


class Scratch:
    """A repository of the shop, and what commands print in it."""

    def __init__(self, folder: Path) -> None:
        """Make the repository, with one commit on `main`, launched in its sandbox."""
        self.folder = folder / "northwind"
        shutil.copytree(EXAMPLE, self.folder, ignore=shutil.ignore_patterns(".deployer"))
        self.git("init", "-q", "-b", "main")
        self.git("add", "-A")
        self.git("commit", "-q", "-m", "The shop")
        self.git("checkout", "-q", "-b", "shorter")
        self.run("apply", "--yes")
        asked = json.loads(self.run("tasks", "--format", "json")[1])["tasks"]
        self.run("confirm", *(task["token"] for task in asked if task["commands"]))

    def git(self, *args: str) -> str:
        """Run git as somebody at a known time, without anybody's settings."""
        who = {
            f"GIT_{role}_{part}": "ben@northwind.example"
            for role in ("AUTHOR", "COMMITTER")
            for part in ("NAME", "EMAIL")
        }
        then = {f"GIT_{role}_DATE": WHEN for role in ("AUTHOR", "COMMITTER")}
        alone = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
        environ = {**os.environ, **who, **then, **alone}
        words = ["git", "-C", str(self.folder), *args]
        return subprocess.run(words, env=environ, capture_output=True, text=True, check=True).stdout  # noqa: S603 - fixed

    def run(self, *args: str) -> tuple[int, str]:
        """Run a command; its exit code and what it printed."""
        known = ("GITHUB_", "GITLAB_", "CI")
        environ = {name: value for name, value in os.environ.items() if not name.startswith(known)}
        words = [sys.executable, "-c", "from deployer.cli import main; main()", *args]
        done = subprocess.run(words, cwd=self.folder, env=environ, capture_output=True, text=True, check=False)  # noqa: S603 - fixed
        printed = _HASH.sub("main (3f2a90c1b7de)", done.stdout + done.stderr)
        return done.returncode, _DAY.sub("confirmed 10 May 2026", printed)

    def shown(self, command: str, language: str = "text") -> str:
        """A command and what it printed, as a block of the page."""
        code, text = self.run(*command.split())
        ending = "" if code == 0 else f"(exit code {code})\n"
        return f"````{language}\n$ deployer {command}\n{text}{ending}````\n"

    def edit(self, name: str, pattern: str, new: str) -> None:
        """Replace a pattern in a file; it has to be there."""
        path = self.folder / name
        text, times = re.subn(pattern, new, path.read_text(encoding="utf-8"), flags=re.MULTILINE)
        assert times, pattern
        path.write_text(text, encoding="utf-8")


def page() -> str:
    """The page as the commands of this version make it."""
    with tempfile.TemporaryDirectory(prefix="deployer-") as name:
        scratch = Scratch(Path(name))
        scratch.edit(
            "messages/parcels.yaml", r"^(  Order .* is on its way .*)\. \[\[ track\(\"tracking_url\"\) \]\]$", r"\1."
        )
        scratch.edit("events/order_shipped.yaml", r"^ +tracking_url:.*\n", "")
        broken = f"````diff\n{_diff(scratch)}````\n"
        red = [INTRODUCTION, broken, RED, scratch.shown("validate"), BREAKS, scratch.shown("compat --against main")]
        scratch.git("checkout", "-q", "events")
        green = [GREEN, f"````diff\n{_diff(scratch)}````\n", PASSES, scratch.shown("compat --against main")]
        comment = scratch.shown("comment --against main --dry-run", "markdown")
    return "\n".join([*red, *green, COMMENT, comment])


def _diff(scratch: Scratch) -> str:
    """What was changed, without git's own headings."""
    lines = scratch.git("diff", "-U0").splitlines()
    kept = (line for line in lines if not line.startswith(("diff ", "index ", "--- ", "@@ ")))
    return "".join(f"{line}\n" for line in kept)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
