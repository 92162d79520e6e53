"""The examples that each rule shows, executed: put into the shop, the bad one breaks the rule and the good one doesn't.

What other rules find in them is those rules' matter, so that a new rule touches no example of another. Whatever the
snippet, it is read without a problem, unless it is a snippet of what can't be read.

A snippet's resources replace those of ``tests/example-files/shop`` with the same kind and id, its settings those with
the same key; a shell's commands run in the shop's folder.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from datetime import date
from pathlib import Path

import pytest

from deployer import load
from deployer.rules import CATALOGUE
from deployer.source import Severity

SHOP = Path(__file__).resolve().parents[1] / "example-files" / "shop"
TODAY = date(2026, 11, 3)
FILE = re.compile(r"^# file: (?P<path>\S+)\n", re.MULTILINE)
ELSEWHERE = {"absorb/not-own-words"}
"""Rules that `validate` doesn't print; the command that does has tests of its own."""


def files(text):
    """Split a snippet into its files: path and text."""
    marks = [*FILE.finditer(text)]
    first = text[: marks[0].start()] if marks else text
    if first.strip():
        yield "example.yaml", first
    ends = [*(mark.start() for mark in marks[1:]), len(text)]
    for mark, end in zip(marks, ends[: len(marks)], strict=True):
        yield mark["path"], text[mark.end() : end]


def settings(text):
    """Put a snippet's settings in place of the shop's with the same keys; a snippet without keys is the whole file."""
    keys = re.findall(r"^(\w+):", text, re.MULTILINE)
    blocks = re.findall(r"^\w+:.*\n(?:[ #-].*\n)*", (SHOP / "deployer.yaml").read_text("utf-8"), re.MULTILINE)
    kept = [block for block in blocks if block.partition(":")[0] not in keys]
    return "".join(kept) + text if keys else text


def place(folder, example):
    """Put an example into a copy of the shop."""
    shutil.copytree(SHOP, folder)
    if example.language == "sh":
        subprocess.run(["sh", "-ec", example.text], cwd=folder, check=True)
        return
    for path, text in files(example.text):
        for document in re.split(r"^---$", text, flags=re.MULTILINE):
            kind, name = (re.search(rf"^{key}: (\S+)", document, re.MULTILINE) for key in ("kind", "id"))
            if kind and name:
                snake = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", kind[1]).lower()
                (folder / f"{snake}.{name[1]}.yaml").unlink(missing_ok=True)
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(settings(text) if path == "deployer.yaml" else text, "utf-8")


def broken(folder):
    """The rules that a project breaks."""
    return [(problem.rule, problem.severity) for problem in load(folder, today=TODAY).check()]


def unread(found):
    """What is wrong with files, YAML, schemas and references, remarks left out."""
    return {name for name, severity in found if CATALOGUE[name].fixed and severity is not Severity.INFO}


@pytest.mark.parametrize(
    "rule", [one for name, one in CATALOGUE.items() if name not in ELSEWHERE], ids=lambda one: one.id
)
def test_the_bad_example_breaks_the_rule(rule, tmp_path):
    """If the bad example stands in the shop, its rule finds it, in its own severity, and all of it is read."""
    place(tmp_path / "shop", rule.bad)
    found = broken(tmp_path / "shop")
    assert (rule.id, rule.severity) in found
    assert unread(found) <= {rule.id}


@pytest.mark.parametrize(
    "rule", [one for name, one in CATALOGUE.items() if name not in ELSEWHERE], ids=lambda one: one.id
)
def test_the_good_example_has_nothing_to_mend(rule, tmp_path):
    """If the good example stands in the shop, its rule finds nothing, and all of it is read."""
    place(tmp_path / "shop", rule.good)
    found = broken(tmp_path / "shop")
    assert rule.id not in {name for name, _ in found}
    assert unread(found) == set()


@pytest.fixture(scope="module")
def shop():
    """What is wrong with the shop as it is."""
    return broken(SHOP)


@pytest.mark.parametrize("rule", CATALOGUE.values(), ids=lambda one: one.id)
def test_the_shop_itself_is_in_order(rule, shop):
    """If a rule's example is bad, that isn't the shop's fault: the rule has no error and no warning in it."""
    assert [severity for name, severity in shop if name == rule.id and severity is not Severity.INFO] == []


@pytest.mark.parametrize("rule", CATALOGUE.values(), ids=lambda one: one.id)
def test_every_rule_has_two_examples(rule):
    """A rule has a bad and a good example, and they differ."""
    assert rule.bad.text.strip()
    assert rule.good.text.strip()
    assert rule.bad != rule.good


def test_no_example_is_of_a_rule_that_is_gone():
    """Each heading in the example files is a rule."""
    folder = Path(__file__).resolve().parents[2] / "deployer" / "rules" / "examples"
    headings = re.findall(
        r"^## (\S+)$", "\n".join(path.read_text("utf-8") for path in folder.glob("*.md")), re.MULTILINE
    )
    assert sorted(headings) == sorted(CATALOGUE)
