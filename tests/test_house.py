"""The house holds: no room imports from one above it, and no modules import each other in a circle."""

from __future__ import annotations

import ast
import re
import tomllib
from collections import Counter
from graphlib import CycleError, TopologicalSorter
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[1]


def name_of(path: Path, root: Path) -> str:
    """A module's name."""
    return ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__")


def graph(root: Path) -> dict[str, set[str]]:
    """What each module of `deployer` imports: at the top, late in a function, and for type checkers only."""
    files = {name_of(path, root): path for path in (root / "deployer").rglob("*.py")}
    return {name: set(imports(path, files)) - {name} for name, path in files.items()}


def imports(path: Path, files: dict[str, Path]) -> Iterator[str]:
    """The modules of ours that a file imports; a name that is no module is one of its package."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in files)
        elif isinstance(node, ast.ImportFrom) and node.module in files:
            full = [f"{node.module}.{alias.name}" for alias in node.names]
            yield from (name if name in files else node.module for name in full)


def circle(imported: dict[str, set[str]]) -> list[str]:
    """One circle of modules, empty where there is none."""
    try:
        TopologicalSorter(imported).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def layers() -> list[list[str]]:
    """The rooms from top to bottom, as import-linter reads them; rooms in one line don't know each other."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    [contract] = settings["tool"]["importlinter"]["contracts"]
    return [re.findall(r"deployer\.\w+", layer) for layer in contract["layers"]]


AMBIGUOUS = {"Change", "Fault", "Live", "Node", "Record", "Report", "Run", "Seen", "Trial", "Verdict"}
"""Words that many rooms could call a class by."""


WRITES = {"write_text", "write_bytes"}
"""Methods of a path that leave half a file where the disk is full or the process ends."""

PLAIN = {
    "deployer/atomic.py": "what isn't a regular file, such as a pipe",
    "deployer/forge/refs.py": "an earlier commit in a temporary folder, which ends with the comparison",
}
"""The modules that may write so, with what."""


def test_files_are_written_whole() -> None:
    """No module writes a file in another way than `deployer/atomic.py`, but those that say why."""
    found = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "deployer").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in WRITES
    }
    assert found == set(PLAIN)


def test_one_place_knows_what_a_sandbox_is() -> None:
    """Which environments are the sandbox is the settings' to say; no other module compares a target."""
    comparing = re.compile(r"\.target\s*(?:[=!]=|in\b)\s*\W?[\"'](?:sandbox|attentive)[\"']")
    found = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "deployer").rglob("*.py")
        if comparing.search(path.read_text(encoding="utf-8"))
    }
    assert found == {"deployer/source/settings.py"}


def test_a_general_word_names_one_class() -> None:
    """A class that takes a general word is the only one of that name; the others say of what they are."""
    trees = (ast.parse(path.read_text(encoding="utf-8")) for path in (ROOT / "deployer").rglob("*.py"))
    names = Counter(node.name for tree in trees for node in ast.walk(tree) if isinstance(node, ast.ClassDef))
    assert {name: number for name, number in names.items() if name in AMBIGUOUS and number > 1} == {}
    assert names["Run"] == 1


def test_no_modules_import_each_other_in_a_circle() -> None:
    """No circle, neither one that a late import breaks nor one that `TYPE_CHECKING` hides."""
    assert circle(graph(ROOT)) == []


def test_no_arrow_points_up() -> None:
    """A module imports from its own room or from rooms below, also where only a type checker reads it."""
    height = {room: number for number, rooms in enumerate(reversed(layers())) for room in rooms}
    arrows = [(one, other) for one, others in graph(ROOT).items() for other in others]
    rooms = [(one, other, *(".".join(each.split(".")[:2]) for each in (one, other))) for one, other in arrows]
    between = [each for each in rooms if each[2] != each[3] and each[2] in height and each[3] in height]
    assert [each[:2] for each in between if height[each[2]] <= height[each[3]]] == []
    assert len(between) > 500  # they were looked at


def test_every_room_has_its_layer() -> None:
    """Each package and module of `deployer` is a layer, but the front door."""
    there = {f"deployer.{path.stem}" for path in (ROOT / "deployer").iterdir() if path.suffix in {"", ".py"}}
    outside = {"deployer.__init__", "deployer.__main__", "deployer.__pycache__"}
    assert there - set(chain.from_iterable(layers())) <= outside


@pytest.mark.parametrize(
    "late",
    [
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from deployer.two import Two\n",
        "def use():\n    from deployer.two import Two\n",
        "from deployer import two\n",
        "import deployer.two\n",
    ],
)
def test_a_circle_is_found_however_it_is_hidden(tmp_path: Path, late: str) -> None:
    """A circle of two modules is found whether a function, a type checker or the package closes it."""
    package = tmp_path / "deployer"
    package.mkdir()
    for name, text in {"__init__": "", "one": late, "two": "from deployer.one import One\n"}.items():
        (package / f"{name}.py").write_text(text, encoding="utf-8")
    assert set(circle(graph(tmp_path))) == {"deployer.one", "deployer.two"}
