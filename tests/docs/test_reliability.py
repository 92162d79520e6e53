"""docs/reliability.md names every figure that a test counts, and none that no test counts."""

from __future__ import annotations

import ast
import re
import runpy
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
ROW = re.compile(r"^\| (?P<name>.+) \| (?P<times>\d+) \|$", re.MULTILINE)
PAGE = {row["name"]: int(row["times"]) for row in ROW.finditer((ROOT / "docs" / "reliability.md").read_text("utf-8"))}


def counted(tree: ast.AST) -> Iterator[ast.expr]:
    """The names under which a file counts: the keys of ``figures[…]`` and of ``figures.update({…: …})``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Subscript) and ast.unparse(node.value) in {"figures", "self.figures"}:
            yield node.slice
        elif isinstance(node, ast.Call) and ast.unparse(node.func) == "figures.update":
            yield from (one.key for one in node.args if isinstance(one, ast.DictComp))


def pattern(name: ast.expr) -> str:
    """A name as a regular expression: what an f-string fills in is anything."""
    if isinstance(name, ast.JoinedStr):
        return "".join(re.escape(str(part.value)) if isinstance(part, ast.Constant) else ".+" for part in name.values)
    assert isinstance(name, ast.Constant), ast.unparse(name)
    return re.escape(str(name.value))


def patterns() -> set[str]:
    """Every name that some test counts under."""
    files = (ROOT / "tests").rglob("test_*.py")
    return {pattern(name) for file in files for name in counted(ast.parse(file.read_text(encoding="utf-8")))}


def test_every_counter_stands_on_the_page() -> None:
    """If a test counts something new, `python docs/make_reliability.py` has to be run."""
    known = patterns()
    assert known
    assert [one for one in sorted(known) if not any(re.fullmatch(one, name) for name in PAGE)] == []
    assert [name for name in PAGE if not any(re.fullmatch(one, name) for one in known)] == []


def test_what_must_never_happen_did_not() -> None:
    """If the page was made by its script, what must not happen was looked for, and never found."""
    never = {"duplicates", "lost writes", "confirmations lost", "things of others removed or changed"}
    assert {PAGE[name] for name in never} == {0}


def test_what_happened_is_shown() -> None:
    """If what must not happen did, the page has its figure."""
    made = runpy.run_path(str(ROOT / "docs" / "make_reliability.py"))["page"]({"duplicates": 2, "lost writes": 0})
    assert "| duplicates | 2 |" in made
    assert "| lost writes | 0 |" in made
