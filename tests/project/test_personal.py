"""What others may see of a declaration holds no person's value, however deep it is."""

from __future__ import annotations

import json

import pytest

from deployer import load
from deployer.project.overview import declaration

SECRET = "ada@secret.example"
MARKED = {"type": "string", "pii": True, "examples": [SECRET]}
PLAIN = {"type": "string", "examples": [SECRET]}
SHAPES = {
    "itself": MARKED,
    "within an object": {"type": "object", "properties": {"mail": MARKED}},
    "below the mark": {"type": "object", "pii": True, "properties": {"mail": PLAIN}},
    "beside the mark": {
        "type": "object",
        "properties": {"mail": {**MARKED, "examples": []}},
        "examples": [{"mail": SECRET}],
    },
    "in a list": {"type": "array", "items": {"type": "object", "properties": {"mail": MARKED}}},
}
SETTINGS = (
    "version: 1\nproject: tea\nbrand: {name: Tea}\napps: {shop: {}}\nenvironments: {sandbox: {target: sandbox}}\n"
)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("shared", [False, True])
def test_no_example_of_a_person_is_shown(tmp_path, shape, shared):
    """An example is left out where it, what it is in, or what is in it is marked; all other values are there."""
    definition = json.loads(json.dumps(SHAPES[shape]))
    event = {"kind": "EventType", "id": "paid", "name": "Paid", "app": "shop"}
    declared = [{**event, "properties": {"who": {"use": "who"} if shared else definition}}]
    if shared:
        own = {key: definition.pop(key) for key in ("pii",) if key in definition}
        declared.append({"kind": "Property", "id": "who", "schema": definition, **own})
    (tmp_path / "deployer.yaml").write_text(SETTINGS, "utf-8")
    (tmp_path / "all.yaml").write_text("\n---\n".join(map(json.dumps, declared)), "utf-8")
    project = load(tmp_path).linked("sandbox").project
    for address in project.resources:
        shown = {one.path: one.value for one in declaration(project, address).values}
        assert SECRET not in str(shown)
        assert shown
