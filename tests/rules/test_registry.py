"""The rules as such: ids, titles, reasons."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from deployer.rules import RULES
from deployer.rules.registry import FAMILIES
from deployer.rules.rule import Rule
from deployer.source import Severity


def test_ids_are_sorted_and_of_one_form():
    """Each id is `family/name` in kebab-case, and the rules stand in the order of their ids."""
    assert list(RULES) == sorted(RULES)
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*/[a-z]+(-[a-z]+)*", identifier) for identifier in RULES)
    assert all(rule.id == identifier for identifier, rule in RULES.items())


def test_no_two_rules_share_an_id():
    """Each rule that a family's module holds is in the registry, none is hidden by another of the same id."""
    found = [value for module in FAMILIES for value in vars(module).values() if isinstance(value, Rule)]
    assert len(found) == len(RULES)


@pytest.mark.parametrize("rule", RULES.values(), ids=list(RULES))
def test_each_rule_explains_itself(rule):
    """A rule has a title, a reason in sentences, what to do, and a severity that is not `off`."""
    assert rule.title
    assert rule.title[0].islower() or rule.title[0] == "`"
    assert rule.why.endswith((".", "?"))
    assert rule.fix
    assert not rule.fix.endswith(".")
    assert rule.severity in Severity


def test_importing_the_rules_is_cheap():
    """Neither Jinja, python-liquid nor jsonschema is imported before a project needs them."""
    slow = ("jinja2", "liquid", "jsonschema", "httpx")
    code = f"import sys, deployer.rules; print([name for name in {slow} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
