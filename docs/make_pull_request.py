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
SHORTER = r"^(  Order .* is on its way .*)\. \[\[ track\(\"tracking_url\"\) \]\]$"
"""The text about shipped parcels, whose link goes."""
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
RED_COMMENT = """\
The pull request's comment begins with what fails and why:
"""
COMMENT = """\
He also lets the email after an order say more in its subject, and takes away the journey about late parcels, with its
tests. The pull request's comment, which each run updates, says what reviewers ask first: what goes away and what
customers get until then, the words that went and came, and the tasks of this change apart from those that `main` owes
already. What follows is that comment, as the forge shows it:
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
        # Words that were merged and that nobody applied yet: what main owes already.
        self.git("checkout", "-q", "main")
        self.edit("messages/parcels.yaml", r"is on the van and comes", "is on the van and should come")
        self.git("commit", "-q", "-a", "-m", "Promise less")
        self.git("checkout", "-q", "-B", "shorter")

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

    def comment(self) -> str:
        """The comment of the pull request, as markdown."""
        printed = self.run("comment", "--against", "main", "--dry-run")[1]
        return "".join(f"{line}\n" for line in printed.splitlines() if not line.startswith(("note: ", "error: ")))

    def realistic(self) -> str:
        """The comment of a change of several things, once the words of the parcel are shorter."""
        self.edit("messages/orders.yaml", r"We have your order (.*)\"$", r'Your order \1 is in: what comes next"')
        (self.folder / "journeys" / "delivery_delayed.yaml").unlink()
        self.edit("tests/parcels.yaml", r"---\nkind: JourneyTest\nid: delayed_twice\n(.|\n)*", "")
        return self.comment()

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
        scratch.edit("messages/parcels.yaml", SHORTER, r"\1.")
        scratch.edit("events/order_shipped.yaml", r"^ +tracking_url:.*\n", "")
        broken = f"````diff\n{_diff(scratch)}````\n"
        red = [INTRODUCTION, broken, RED, scratch.shown("validate"), BREAKS, scratch.shown("compat --against main")]
        red += [RED_COMMENT, _quoted(scratch.comment().partition("###")[0])]
        scratch.git("checkout", "-q", "events")
        green = [GREEN, f"````diff\n{_diff(scratch)}````\n", PASSES, scratch.shown("compat --against main")]
        comment = _quoted(scratch.realistic())
    return "\n".join([*red, *green, COMMENT, comment])


def realistic_comment() -> str:
    """The comment of the realistic change, as markdown."""
    with tempfile.TemporaryDirectory(prefix="deployer-") as name:
        scratch = Scratch(Path(name))
        scratch.edit("messages/parcels.yaml", SHORTER, r"\1.")
        return scratch.realistic()


def _quoted(text: str) -> str:
    """Markdown as a quotation, so that the page shows it as the forge does; its hidden first line is left out."""
    shown = re.sub(r"^<!-- .* -->\n", "", text).rstrip()
    return "\n".join(f"> {line}".rstrip() for line in shown.split("\n")) + "\n"


def _diff(scratch: Scratch) -> str:
    """What was changed, without git's own headings."""
    lines = scratch.git("diff", "-U0").splitlines()
    kept = (line for line in lines if not line.startswith(("diff ", "index ", "--- ", "@@ ")))
    return "".join(f"{line}\n" for line in kept)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
