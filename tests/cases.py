"""The example projects, and what each pins: its own subject's rules, and everything that is met before a rule runs.

A case in ``invalid`` holds a file ``EXPECT`` with a line for each problem, in the order of a report:
``path:line:column rule``. It pins the rules that it names; what another rule finds in it is that rule's matter, so that
a new rule touches no case of another. Problems of files, YAML, schemas and references are pinned everywhere. A case in
``valid`` may hold a file ``CLEAN`` with the ids of the rules that find nothing there.
"""

from __future__ import annotations

from pathlib import Path

from deployer.rules import CATALOGUE

EXAMPLES = Path(__file__).resolve().parent / "example-files"


def cases(kind: str) -> list[Path]:
    """List the folders of one kind, by name."""
    return sorted(path for path in (EXAMPLES / kind).iterdir() if path.is_dir())


def expected(folder: Path) -> list[str]:
    """Read the problems that a case expects."""
    return (folder / "EXPECT").read_text("utf-8").split("\n")[:-1]


def pins(folder: Path, rule: str) -> bool:
    """Whether a case says which problems there are under a rule's id."""
    clean = folder / "CLEAN"
    named = {line.rpartition(" ")[2] for line in expected(folder)} if (folder / "EXPECT").exists() else set()
    named |= set(clean.read_text("utf-8").split()) if clean.exists() else set()
    return rule in named or CATALOGUE[rule].fixed
