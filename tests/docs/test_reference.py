"""The pages in docs/ are what the schemas, the kinds and the commands say today."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from deployer.cli import exits
from deployer.cli.main import COMMANDS
from deployer.kinds import KINDS
from deployer.rules import CATALOGUE
from tests.docs.scripts import script

ROOT = Path(__file__).resolve().parents[2]


OUTPUTS = script("make_outputs")
PAGES = script("make_reference").pages() | OUTPUTS.pages()
READ = re.compile(r"(?:GITHUB|GITLAB|CI|DEPLOYER|AWS|AZURE|XDG|ATTENTIVE)_[A-Z0-9_]+|\w*COLOR\w*|CI|TERM|TZ|HOME")
"""What a name of a variable looks like in the code."""


@pytest.mark.parametrize("name", sorted(PAGES))
def test_page_is_up_to_date(name: str) -> None:
    """If a page differs from what is made now, the script that is named at its head has to be run."""
    assert (ROOT / "docs" / name).read_text(encoding="utf-8") == PAGES[name]


def test_every_rule_is_in_the_index_with_a_way_to_its_page() -> None:
    """If a rule is added, a line of docs/rules.md leads to its heading on the page of its family."""
    for rule in CATALOGUE.values():
        (line,) = (row for row in PAGES["rules.md"].splitlines() if row.startswith(f"- [`{rule.id}`]("))
        page, _, anchor = line.partition("](")[2].partition(")")[0].partition("#")
        headings = [row.lstrip("# ") for row in PAGES[page].splitlines() if row.startswith("## ")]
        assert anchor in {"".join(one for one in row if one.isalnum() or one in "-_") for row in headings}, rule.id


def test_every_field_at_every_depth_has_a_meaning() -> None:
    """If a field is added to a schema, its page says what it means, also within lists and mappings."""
    rows = [row for name, page in PAGES.items() if name.startswith("kinds/") for row in page.splitlines()]
    fields = [row.split(" | ") for row in rows if row.startswith("| `")]
    assert "`steps[].branch.cases[].when.segment`" in {one[0].lstrip("| ") for one in fields}
    assert [one[0] for one in fields if not one[2].strip()] == []


def test_every_kind_has_a_page() -> None:
    """If a kind is added, its page exists."""
    assert {f"kinds/{kind.snake}.md" for kind in KINDS.values()} < set(PAGES)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_stands_in_the_docs_with_an_example(name: str) -> None:
    """If a command is added, docs/commands.md shows its help, which ends with an example."""
    section = PAGES["commands.md"].split(f"## deployer {name}\n", 1)[1].split("\n## ", 1)[0]
    assert (
        "Example:\n    deployer" in section
        or "Example:\n    deployer" in PAGES["commands.md"].split(f"deployer {name} ")[-1]
    )


def test_every_variable_of_the_environment_is_described() -> None:
    """If the code reads a variable, docs/outputs.md has it; if it no longer does, the page has to follow."""
    described = {name for variables in OUTPUTS.VARIABLES.values() for name in variables} - {"{env: NAME}"}
    found = set()
    for path in (ROOT / "deployer").rglob("*.py"):
        text = path.read_text("utf-8")
        if "environ" in text or "VARIABLE" in text:
            words = (node.value for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Constant))
            found |= {word for word in words if isinstance(word, str) and READ.fullmatch(word)}
    assert found | {"ATTENTIVE_WEBHOOK_KEY"} == described


def test_every_exit_code_has_a_meaning() -> None:
    """If an exit code is added, its meaning is in the table that the pages are made of."""
    assert {value for value in vars(exits).values() if isinstance(value, int)} == set(exits.MEANINGS)


def test_every_schema_is_a_page_or_an_output() -> None:
    """If a schema is added, it is a kind, the settings, or named in docs/outputs.md with what prints it."""
    names = {path.name.removesuffix(".schema.json") for path in (ROOT / "schemas").iterdir()}
    kinds = {kind.snake for kind in KINDS.values()} | {"deployer", "resource"}
    assert names == kinds | {name.strip("`") for name, _ in OUTPUTS.json_schemas()}


def test_contributing_names_every_room() -> None:
    """If a room is added to the house, CONTRIBUTING.md says what it is for."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    rooms = [path.parent.name for path in (ROOT / "deployer").glob("*/__init__.py")]
    assert [room for room in rooms if f"\n  {room}/" not in text and room != "kinds"] == []


def test_example_files_begin_with_their_schema() -> None:
    """If an example's YAML is opened in an editor, its first line names a schema that is there."""
    for path in (ROOT / "examples").rglob("*.yaml"):
        first = path.read_text(encoding="utf-8").splitlines()[0]
        assert first.startswith("# yaml-language-server: $schema="), path
        assert (path.parent / first.partition("=")[2]).resolve().is_file(), path
