"""How long an editor waits for what is wrong: ``python benchmarks/editor.py [DOCUMENTS] [--write]``.

It types into a text of Northwind and of a project of DOCUMENTS documents (1,000), a character at a time, and asks for
the problems of the whole project after each, as ``deployer lsp`` does once the typing pauses. ``--write`` puts the
table into README.md beside this file: the medians beside what was promised, and their ratio.
"""

from __future__ import annotations

import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

import corpus
from page import machine, put

from deployer.editor.desk import Desk
from deployer.kinds.message import Message

ROOT = Path(__file__).resolve().parent.parent
NORTHWIND = ROOT / "examples" / "northwind"
STROKES = 20
PROMISED = {"Northwind": 100, "corpus": 300}
"""Milliseconds from the pause in the typing to what is wrong."""


def strokes(root: Path) -> list[float]:
    """Type a word into the last text of a project; give the milliseconds of CPU until its problems are known, for each.

    The clock would count what else the machine does; on one that is free it shows the same.
    """
    desk = Desk(root)
    desk.problems()
    path, text, at = _words(desk)
    found = []
    for number in range(1, STROKES + 1):
        begin = time.process_time()
        desk.write(path, f"{text[:at]}{'x' * number} {text[at:]}")
        desk.problems()
        found.append((time.process_time() - begin) * 1000)
    return found


def _words(desk: Desk) -> tuple[str, str, int]:
    """The file of a message whose words are in its YAML, its text, and the place where they begin."""
    linked = desk.linked()
    assert linked is not None
    for message in reversed(linked.project.all(Message)):
        path = linked.project.resources[message.address].document.file.path
        words = message.parts["body"].text if "body" in message.parts else ""
        text = desk.text(path).text
        if words and words.split()[0] in text:
            return path, text, text.index(words.split()[0])
    raise SystemExit("no message has its words in its YAML")


def measured(folder: Path, documents: int) -> str:
    """Measure both projects; give the table."""
    shutil.copytree(NORTHWIND, folder / "shop", ignore=shutil.ignore_patterns(".deployer"))
    corpus.write(folder / "corpus", documents)
    rows = [
        _row("Northwind", strokes(folder / "shop"), PROMISED["Northwind"]),
        _row(f"{documents:,} documents", strokes(folder / "corpus"), PROMISED["corpus"]),
    ]
    table = [
        "| after a keystroke, in | median ms of CPU | slowest | promised ms | ratio |",
        "|---|--:|--:|--:|--:|",
        *rows,
    ]
    return "\n".join([f"{machine()}.", "", *table])


def _row(name: str, found: list[float], promised: int) -> str:
    median = statistics.median(found)
    return f"| {name} | {median:.0f} | {max(found):.0f} | {promised} | {median / promised:.2f} |"


def main() -> None:
    """Measure, print the table, and write it into the page where that is asked."""
    documents = int(next((one for one in sys.argv[1:] if one.isdecimal()), 1_000))
    with tempfile.TemporaryDirectory() as name:
        text = measured(Path(name), documents)
    sys.stdout.write(f"{text}\n")
    if "--write" in sys.argv[1:]:
        put("editor", f"## Problems while typing\n\n{text}")


if __name__ == "__main__":
    main()
