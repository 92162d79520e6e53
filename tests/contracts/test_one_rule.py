"""One rule at every depth: a key is required unless it is optional, an object closed unless it says otherwise."""

from __future__ import annotations

import json

import jsonschema
import pytest
import yaml

import deployer
from deployer.contracts import EventCheck, check_properties
from deployer.kinds.event_type import samples_of

NESTED = """\
kind: EventType
id: order_ready
name: Order Ready
app: shop
registered_by: producer
properties:
  store:
    type: object
    properties:
      city: {type: string, minLength: 1}
      floor: {enum: [ground, first], optional: true}
      hours: {type: object, optional: true, additionalProperties: true, properties: {open: {type: string}}}
  lines: {type: array, optional: true, items: {type: object, properties: {sku: {const: A}}}}
"""


@pytest.fixture
def ready(shop):
    """The shop with an event that has objects in objects."""
    (shop / "ready.yaml").write_text(NESTED, encoding="utf-8")
    project = deployer.load(shop).project()
    return deployer.event_named(project, "order_ready"), project


@pytest.mark.parametrize(
    ("payload", "fits"),
    [
        ({"store": {"city": "Portland"}}, True),
        ({"store": {"city": "Portland", "floor": "first", "hours": {"open": "9", "close": "5"}}}, True),
        ({"store": {"city": "Portland"}, "lines": [{"sku": "A"}]}, True),
        ({}, False),
        ({"store": {}}, False),
        ({"store": {"floor": "first"}}, False),
        ({"store": {"city": "Portland", "town": "x"}}, False),
        ({"store": {"city": "Portland", "floor": "cellar"}}, False),
        ({"store": {"city": "Portland", "hours": {}}}, False),
        ({"store": {"city": "Portland"}, "lines": [{}]}, False),
        ({"store": {"city": "Portland"}, "lines": [{"sku": "A", "n": 1}]}, False),
    ],
)
def test_check_send_and_exports_agree(payload, fits, ready) -> None:
    """Whoever looks at a payload comes to the same verdict about what is nested in it."""
    event, project = ready
    exported = json.loads(deployer.export_events(project, ["order_ready"])["order_ready.schema.json"])
    messages = json.loads(deployer.export_events(project, ["order_ready"], form="asyncapi")["asyncapi.json"])
    inside = messages["components"]["messages"]["order_ready"]["payload"]["properties"]["properties"]
    assert (not EventCheck(event, project).verdict(payload).faults) == fits
    assert (not check_properties(event, project, payload)) == fits
    assert jsonschema.Draft202012Validator(exported).is_valid(payload) == fits
    assert jsonschema.Draft202012Validator(inside).is_valid(payload) == fits


def test_made_samples_leave_out_what_is_optional(ready) -> None:
    """The smallest sample has what is required at every depth, the longest everything, and both fit."""
    event, project = ready
    made = {one.name: one.data for one in samples_of(event, project)}
    assert made["missing_optional"].keys() == {"store"}
    assert made["missing_optional"]["store"].keys() == {"city"}
    assert made["longest"]["store"].keys() == {"city", "floor", "hours"}
    assert all(not check_properties(event, project, one) for one in made.values())


def test_types_in_exported_code_say_the_same(ready) -> None:
    """TypeScript and Python have a key as optional exactly where its definition says so."""
    _, project = ready
    typescript = deployer.export_events(project, ["order_ready"], form="typescript")["events.ts"]
    python = deployer.export_events(project, ["order_ready"], form="python")["events.py"]
    assert "    city: string;" in typescript
    assert '    floor?: "ground" | "first";' in typescript
    assert "'city': Required[str]" in python
    assert "'floor': NotRequired[Literal['ground', 'first']]" in python


def test_what_is_inferred_says_it_in_the_same_way(shop, captured) -> None:
    """A key that some objects lack is optional; the declaration takes every event that it was made of."""
    stores = [{"shelf": "A", "floor": 1}, {"shelf": "B"}]
    user = {"email": "a@tea.example"}
    events = [{"type": "Order Ready", "user": user, "properties": {"store": one}} for one in stores]
    files = deployer.payload_files([str(captured(*events))])
    found = deployer.infer_events(deployer.load(shop), None, files, deployer.Wish())
    (document,) = yaml.safe_load_all(found.text)
    assert document["properties"]["store"] == {
        "type": "object",
        "properties": {"shelf": {"type": "string", "minLength": 1}, "floor": {"type": "integer", "optional": True}},
    }
    (shop / "ready.yaml").write_text(found.text, encoding="utf-8")
    assert not deployer.check_payloads(deployer.load(shop).project(), "order_ready", files).failed


def test_a_list_of_required_keys_is_refused_with_the_way(shop) -> None:
    """`required:` is refused where it stands, and the hint says how keys are required here."""
    text = NESTED.replace("    type: object\n", "    type: object\n    required: [city]\n")
    (shop / "ready.yaml").write_text(text, encoding="utf-8")
    (problem,) = [one for one in deployer.load(shop).check() if one.severity == "error"]
    assert problem.position.line == 9
    assert "optional: true" in problem.hint
