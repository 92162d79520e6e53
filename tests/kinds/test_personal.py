"""Personal data in samples: asterisks of the same length, at every depth, and nothing else."""

from __future__ import annotations

import json

import pytest

from deployer.kinds.event_type import EventType, masked
from deployer.workspace.loading import load

SHARED = {"kind": "Property", "id": "first_name", "pii": True, "schema": {"type": "string", "examples": ["Ana"]}}
EVENT = {
    "kind": "EventType",
    "id": "paid",
    "name": "Paid",
    "app": "orders",
    "properties": {
        "First Name": {"use": "first_name"},
        "Order Id": {"type": "string"},
        "total": {"type": "number", "pii": True},
        "gift": {"type": "boolean", "pii": True},
        "to": {
            "type": "object",
            "properties": {"city": {"type": "string"}, "street": {"type": "string", "pii": True}},
        },
        "guests": {"type": "array", "pii": True, "items": {"type": "object", "properties": {"n": {"type": "string"}}}},
    },
}
SETTINGS = {"version": 1, "project": "p", "brand": {"name": "A"}, "apps": {"orders": {}}}


@pytest.fixture
def project(tmp_path):
    """A project of one event and the property that it shares."""
    environments = {"environments": {"sandbox": {"target": "sandbox"}}}
    for name, body in {"deployer.yaml": SETTINGS | environments, "a.yaml": SHARED, "b.yaml": EVENT}.items():
        (tmp_path / name).write_text(json.dumps(body), encoding="utf-8")
    return load(tmp_path).linked().project


@pytest.mark.parametrize(
    ("key", "value", "shown"),
    [
        ("First Name", "Zoë Ann", "*** ***"),
        ("Order Id", "54321", "54321"),
        ("total", 84.5, "****"),
        ("gift", True, True),
        ("to", {"city": "Bonn", "street": "Weg 1", "else": "x"}, {"city": "Bonn", "street": "*** *", "else": "x"}),
        ("guests", [{"n": "Ada"}, "Bob"], [{"n": "***"}, "***"]),
        ("undeclared", "Ada", "Ada"),
    ],
)
def test_what_is_masked(project, key, value, shown):
    """A mark holds for all that is inside, also where a shared definition has it; what has none stays as it is."""
    event = project.find(EventType, "paid")
    assert masked(event, project, {key: value}) == {key: shown}
