"""What users read is plain American English: the words that crept in once don't come back."""

from __future__ import annotations

import ast
import io
import json
import re
import tokenize
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[1]
HELP = ("deployer/cli/commands/", "deployer/rules/")
"""Where docstrings are printed: the help of commands, and why a rule matters."""

BANNED = re.compile(
    r"\b(stands|stood|told|anew|let go|lets go|letting go|whoever|somebody|nobody|anybody|everybody|shall|any more"
    r"|of its own|of their own|it is to be|not agreed|(?:colour|behaviour|favour)\w*|programmes?|catalogues?"
    r"|(?:organ|recogn|normal|special|summar|author|util)is(?:e|es|ed|ing|ation)\b|canceled|canceling"
    r"|must stand|may stand|can't stand)\b|\bsay (?=--)",
    re.IGNORECASE,
)
"""Words of ours that a native reader stumbles over, and British spellings; CONTRIBUTING.md names what we use."""

DIALECT = re.compile(
    r"\b(stands?(?! for\b| in for\b|-in)|stood|told(?! apart)|anew|let go|lets go|letting go|whoever|somebody|nobody"
    r"|anybody|everybody|shall|any more|it is to be)\b",
    re.IGNORECASE,
)
"""What docstrings and comments do without; what “stands for” something, and what is told apart, is plain English."""

UNSEARCHABLE = {"told", "stands", "stood", "said", "asked", "anew"}
"""Names that don't say what they hold."""


def strings(path: Path) -> Iterator[tuple[int, str]]:
    """The texts of a module that aren't docstrings or names (in ``HELP`` also docstrings), with their lines."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    printed = path.relative_to(ROOT).as_posix().startswith(HELP)
    statements = {id(node.value): False for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    if printed:
        statements |= {id(node.body[0].value): True for node in ast.walk(tree) if _shown(node)}
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str | bytes)
            and statements.get(id(node), " " in (text := _decoded(node.value)))
        ):
            yield node.lineno, text


def _decoded(value: str | bytes) -> str:
    return value if isinstance(value, str) else value.decode("utf-8", "replace")


def _shown(node: Any) -> bool:
    """Whether a function's docstring is printed: it is decorated as a command or as a rule, and public."""
    return (
        isinstance(node, ast.FunctionDef)
        and bool(node.decorator_list)
        and not node.name.startswith("_")
        and isinstance(node.body[0], ast.Expr)
    )


def descriptions(value: Any) -> Iterator[str]:
    """Every text of a JSON document."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from descriptions(one)
    elif isinstance(value, list):
        for one in value:
            yield from descriptions(one)


def python_text() -> Iterator[tuple[str, str]]:
    """Where and what: the literals of the package."""
    for path in sorted((ROOT / "deployer").rglob("*.py")):
        for line, text in strings(path):
            yield f"{path.relative_to(ROOT)}:{line}", text


def remarks(path: Path) -> Iterator[tuple[int, str]]:
    """The docstrings and comments of a module, line by line, without what they quote as code."""
    source = path.read_text(encoding="utf-8")
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            yield from enumerate(re.sub(r"`[^`\n]*`", "", node.value.value).splitlines(), node.lineno)
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string


def bound_names(path: Path) -> Iterator[tuple[int, str]]:
    """The names that a module gives to variables, parameters, attributes and functions."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.Name(id=name, ctx=ast.Store()) | ast.Attribute(attr=name, ctx=ast.Store()) | ast.arg(arg=name):
                yield node.lineno, name
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield node.lineno, name


def page_text() -> Iterator[tuple[str, str]]:
    """Where and what: the texts of the pages' scripts, each in double quotes or backticks."""
    for path in sorted((ROOT / "deployer/views/pages/assets").glob("*.js")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            code = "" if line.lstrip().startswith("//") else line
            for found in re.finditer(r'"((?:[^"\\]|\\.)*)"', code):
                if " " in found[1]:
                    yield f"{path.name}:{number}", found[1]


def schema_text() -> Iterator[tuple[str, str]]:
    """Where and what: the descriptions of the JSON Schemas, which editors and hints show."""
    for path in sorted((ROOT / "schemas").glob("*.json")):
        for text in descriptions(json.loads(path.read_text(encoding="utf-8"))):
            yield path.name, text


def document_text() -> Iterator[tuple[str, str]]:
    """Where and what: the lines of the pages that users read."""
    paths = [ROOT / "README.md", ROOT / "action.yml", *sorted((ROOT / "docs").rglob("*.md"))]
    paths += sorted((ROOT / "examples").rglob("*.md"))
    for path in paths:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            yield f"{path.relative_to(ROOT)}:{number}", line


@pytest.mark.parametrize("read", [python_text, page_text, schema_text, document_text])
def test_users_read_plain_american_english(read: Any) -> None:
    """If a message, a help text, a page or a description has a banned word, its place is named."""
    pieces = list(read())
    assert pieces

    assert [f"{place}: {text}" for place, text in pieces if BANNED.search(text)] == []


def test_docstrings_and_comments_are_plain_american_english() -> None:
    """If a docstring or a comment of the package has a word of the dialect, its place is named."""
    paths = sorted((ROOT / "deployer").rglob("*.py"))
    pieces = [(f"{path.relative_to(ROOT)}:{line}", text) for path in paths for line, text in remarks(path)]
    assert len(pieces) > 5_000

    assert [f"{place}: {text}" for place, text in pieces if DIALECT.search(text)] == []


def test_names_say_what_they_hold() -> None:
    """No variable, parameter, attribute or function of the package has a name that can't be searched for."""
    paths = sorted((ROOT / "deployer").rglob("*.py"))
    pieces = [(f"{path.relative_to(ROOT)}:{line}", name) for path in paths for line, name in bound_names(path)]
    assert len(pieces) > 10_000

    assert [f"{place}: {name}" for place, name in pieces if name.strip("_").lower() in UNSEARCHABLE] == []


@pytest.mark.parametrize("text", ["# as it stands", '"""Nobody is told."""', "# what stood there"])
def test_a_word_of_the_dialect_is_found(text: str, tmp_path: Path) -> None:
    """A docstring and a comment are read."""
    path = tmp_path / "module.py"
    path.write_text(text, encoding="utf-8")

    assert [line for line, found in remarks(path) if DIALECT.search(found)] == [1]


@pytest.mark.parametrize("text", ["it stands so", "say --yes", "Let go of it", "the colour", "recognises"])
def test_a_banned_word_is_found(text: str) -> None:
    """The pattern finds the words that it is for."""
    assert BANNED.search(text)


@pytest.mark.parametrize("text", ["the standard", "outstanding", "understood", "otherwise", "any", "exercise"])
def test_other_words_pass(text: str) -> None:
    """A word that only holds a banned one is fine."""
    assert not BANNED.search(text)
