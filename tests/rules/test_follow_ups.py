"""What has a mistake hides nothing beside it, and nothing is found that only follows from it."""

from __future__ import annotations

import copy
import re
import shutil
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

import deployer

NORTHWIND = Path(__file__).parents[2] / "examples" / "northwind"
FIXED = {"kind", "id"}


def places(value, pointer=()):
    """Every place in a value, the inner ones too."""
    yield pointer
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield from places(item, (*pointer, key))


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    """A folder with the example, every way to spoil a value of it, and what is found in it as it is."""
    root = tmp_path_factory.mktemp("shop") / "northwind"
    shutil.copytree(NORTHWIND, root, ignore=shutil.ignore_patterns(".deployer"))
    workspace = deployer.load(root)
    ways = [
        (document, pointer, wrong)
        for document in workspace.sources.documents
        for pointer in places(document.value)
        if pointer and pointer[0] not in FIXED
        for wrong in (7.5, [[]], None)
    ]
    return root, ways, {(each.rule, each.message) for each in workspace.check()}


def spoiled(body, pointer, wrong):
    """The body with the wrong value there, or without a value where that is ``None``."""
    body = copy.deepcopy(body)
    owner = body
    for part in pointer[:-1]:
        owner = owner[part]
    if wrong is None and isinstance(owner, dict):
        del owner[pointer[-1]]
    else:
        owner[pointer[-1]] = wrong
    return body


@settings(max_examples=40, deadline=None)
@given(way=st.integers(0, 1_000_000))
def test_a_wrong_value_is_the_only_finding(shop, way):
    """If a value of a sound project is wrong or missing, its schema's rules say so, and no other rule finds more."""
    root, ways, before = shop
    document, pointer, wrong = ways[way % len(ways)]
    start, end = document.span
    written = yaml.safe_dump(spoiled(document.value, pointer, wrong), sort_keys=False, allow_unicode=True)
    path = root / document.file.path
    path.write_text(document.file.text[:start] + written + document.file.text[end:], encoding="utf-8")
    after = deployer.load(root).check()
    path.write_text(document.file.text, encoding="utf-8")
    if any(each.rule.startswith("schema/") for each in after):
        more = {each for each in after if (each.rule, each.message) not in before}
        assert {each.rule.partition("/")[0] for each in more} == {"schema"}, [each.message for each in more]


def doubled(text):
    """The text of a document once for each of its keys, with the key's line twice."""
    lines = text.split("\n")
    for number, line in enumerate(lines):
        if re.match(r" *[A-Za-z_]\w*:( |$)", line):
            yield "\n".join([*lines[: number + 1], *lines[number:]])


@pytest.mark.parametrize("path", ["properties/people.yaml", "properties/orders.yaml"])
def test_a_key_given_twice_is_the_only_finding(shop, path):
    """If a key of a definition is given twice, however deep, no rule finds more in what uses that."""
    root, ways, before = shop
    documents = {document.index: document for document, _, _ in ways if document.file.path == path}
    for document in documents.values():
        start, end = document.span
        text = document.file.text
        for written in doubled(yaml.safe_dump(document.value, sort_keys=False, default_flow_style=False)):
            (root / path).write_text(text[:start] + written + text[end:], encoding="utf-8")
            found = {(each.rule, each.message) for each in deployer.load(root).check()} - before
            assert {rule for rule, _ in found} == {"yaml/duplicate-key"}, found
        (root / path).write_text(text, encoding="utf-8")
