"""The rules as such: ids, titles, reasons."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from deployer.kinds import KINDS
from deployer.kinds.values import AppUse
from deployer.rules import CATALOGUE, RULES
from deployer.rules.registry import FAMILIES, FIXED, PER_KIND
from deployer.rules.rule import Rule, family
from deployer.rules.suppressions import SUPPRESSIONS
from deployer.source import Severity, schema

ROOT = Path(__file__).resolve().parents[2]
SOURCE, EXAMPLES = ROOT / "deployer", ROOT / "tests" / "example-files"
ID = re.compile(r"[a-z]+(-[a-z]+)*/[a-z]+(-[a-z]+)*")
COMPLETED = {
    ("source", "composing.py", "note"): "yaml",
    ("source", "composing.py", "abandon"): "yaml",
    ("source", "syntax.py", "at"): "yaml",
    ("", "", "FileProblem"): "file",
    ("rules", "suppressing.py", "_problem"): "suppression",
}
"""Calls that get the second half of an id, by folder, file and name, and the family that they complete it with."""


def test_ids_are_sorted_and_of_one_form():
    """Each id is `family/name` in kebab-case, and the rules stand in the order of their ids."""
    assert list(RULES) == sorted(RULES)
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*/[a-z]+(-[a-z]+)*", identifier) for identifier in RULES)
    assert all(rule.id == identifier for identifier, rule in RULES.items())


def test_no_two_rules_share_an_id():
    """Each rule that a family's module holds is in the registry, none is hidden by another of the same id."""
    found = [value for module in FAMILIES for value in vars(module).values() if isinstance(value, Rule)]
    assert len(found) + len(PER_KIND) + len(SUPPRESSIONS) == len(RULES)
    assert len(RULES) + len(FIXED) == len(CATALOGUE)


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
def test_every_kind_with_an_app_or_a_schema_has_their_rules(kind):
    """If a kind's file format has `app` or `schema`, the rules about apps and definitions hold for it."""
    fields = schema(kind.snake)["properties"]
    names = {
        "unknown-app": "app" in fields,
        "vendor-app": "app" in fields and kind.app_use is AppUse.OURS,
        "invalid-schema": "schema" in fields or bool(kind.definitions),
        "example-invalid": "schema" in fields or bool(kind.definitions),
    }
    expected = {f"{family(kind)}/{name}" for name, there in names.items() if there}
    assert {one.id for one in PER_KIND if one.family == family(kind)} == expected


@pytest.mark.parametrize("rule", CATALOGUE.values(), ids=list(CATALOGUE))
def test_each_rule_explains_itself(rule):
    """A rule has a title, a reason in sentences, what to do, and a severity that is not `off`."""
    assert rule.title
    assert rule.title[0].islower() or rule.title[0] == "`"
    assert rule.why.endswith((".", "?"))
    assert rule.fix
    assert not rule.fix.endswith(".")
    assert rule.severity in Severity


def printed_ids():
    """Collect every rule id that the source writes: whole, or completed by the function that it is handed to."""
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and ID.fullmatch(node.value):
                yield node.value
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                called = getattr(node.func, "attr", getattr(node.func, "id", ""))
                family = COMPLETED.get((path.parent.name, path.name, called)) or COMPLETED.get(("", "", called))
                if family:
                    yield f"{family}/{node.args[0].value}"


def test_every_id_that_can_be_printed_is_in_the_catalogue():
    """If a problem is made under an id that no rule explains, `deployer explain` would know nothing of it."""
    families = {one.partition("/")[0] for one in CATALOGUE}
    found = {one for one in printed_ids() if one.partition("/")[0] in families}
    assert {"yaml/tab", "file/not-found", "schema/wrong-type", "absorb/not-own-words"} <= found
    assert sorted(found - set(CATALOGUE)) == []


def test_every_expected_id_is_in_the_catalogue():
    """If an example file expects a problem under an id, a rule explains that."""
    lines = [line for path in EXAMPLES.glob("invalid/*/EXPECT") for line in path.read_text("utf-8").splitlines()]
    assert sorted({line.rpartition(" ")[2] for line in lines} - set(CATALOGUE)) == []


def test_importing_the_rules_is_cheap():
    """Neither Jinja, python-liquid nor jsonschema is imported before a project needs them."""
    slow = ("jinja2", "liquid", "jsonschema", "httpx")
    code = f"import sys, deployer.rules; print([name for name in {slow} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
