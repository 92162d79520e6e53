"""Every kind keeps the seam of ``deployer.kinds.base``, and what it asks of people is complete."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import deployer
from deployer.engine.desired import desired, units
from deployer.engine.plan_tasks import tasks_for
from deployer.engine.tasks import instruction
from deployer.engine.tokens import Tokens
from deployer.kinds import BY_SNAKE, KINDS
from deployer.kinds.event_type import EventType, complete_sample, event_id, key_types, payload_schema, sent_by_us
from deployer.kinds.event_type.model import EventProperty, definition, type_name
from deployer.source import Gate, schema
from deployer.state import Effect, Entry

NORTHWIND = Path(__file__).parents[2] / "examples" / "northwind"


@pytest.fixture
def northwind(tmp_path):
    """The example's projects, by environment."""
    root = tmp_path / "northwind"
    shutil.copytree(NORTHWIND, root, ignore=shutil.ignore_patterns(".deployer"))
    workspace = deployer.load(root)
    return {name: workspace.project(name) for name in workspace.settings.environments}


def wanted_of_people(project):
    """Everything that people bring about in a project, with its units."""
    return [(one, units(one, project, {})) for one in desired(project) if one.wanted.by == "person"]


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
def test_a_kind_is_found_by_both_names(kind):
    """Its name in YAML and its name in addresses lead to it, and its schema is there."""
    assert KINDS[kind.name] is kind
    assert BY_SNAKE[kind.snake] is kind
    assert schema(kind.snake)["properties"]["kind"]["const"] == kind.name
    assert 0 <= kind.launch_step <= 6


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
def test_what_can_only_be_told_is_irreversible(kind):
    """A kind that is sent says why there is no way back; no other API kind does."""
    if kind.api is not None:
        assert bool(kind.api.irreversible) == kind.api.sends


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
def test_nothing_that_is_sent_can_be_deleted(kind):
    """Deleting what Attentive can't delete is a bug, not a quiet success."""
    if kind.api is not None and kind.api.sends:
        with pytest.raises(AssertionError):
            kind.api.delete(None, type("Write", (), {"address": "x.y"})())


def test_every_unit_has_its_clicks(northwind):
    """Each task of the example, from nothing and from something, says in words what to do."""
    for project in northwind.values():
        for one, found in wanted_of_people(project):
            for task in tasks_for(one.address, found, None, Tokens.of(project)):
                told = instruction(task)
                assert told.title
                assert any(kind == "step" for kind, _, _ in told.blocks) or task.proof
                assert all(title for _, title, _ in told.blocks)


def test_instructions_lead_from_what_stands(northwind):
    """Setting a text that stands already asks for less than setting it for the first time."""
    project = northwind["sandbox"]
    [journey] = [one for one, _ in wanted_of_people(project) if one.address == "journey.order_shipped"]
    found = units(journey, project, {})
    [send] = [unit for unit in found if unit.key == "send.text"]
    former = {**send.value, "text": "Another text"}
    entry = Entry(kind="Journey", by="person", live={"send.text": former})
    [again] = [
        task for task in tasks_for(journey.address, found, entry, Tokens.of(project)) if task.slot == "send.text"
    ]
    [first] = [task for task in tasks_for(journey.address, found, None, Tokens.of(project)) if task.slot == "send.text"]
    assert again.token == first.token
    assert any("drag" in title.lower() for _, title, _ in instruction(first).blocks)
    assert not any("drag" in title.lower() for _, title, _ in instruction(again).blocks)
    assert ("text", "Composer text", send.value["text"]) in instruction(again).blocks
    assert {title for kind, title, _ in instruction(again).blocks if kind == "field"} >= {
        "Quiet Hours",
        "Smart Sending",
    }


def test_units_are_plain_values(northwind):
    """What the state keeps of a unit is JSON, and its key is unique in its resource."""
    for project in northwind.values():
        for _, found in wanted_of_people(project):
            assert len({unit.key for unit in found}) == len(found)
            assert json.loads(json.dumps([unit.value for unit in found])) == [unit.value for unit in found]
            assert json.loads(json.dumps([dict(unit.context) for unit in found])) == [unit.context for unit in found]


def test_units_need_units_that_exist(northwind):
    """A need is a key of the same resource, or the id of a task elsewhere in the project."""
    for project in northwind.values():
        everything = wanted_of_people(project)
        ids = {f"{one.address}/{unit.key}" for one, found in everything for unit in found}
        for one, found in everything:
            for need in (need for unit in found for need in unit.needs):
                assert need in ids or f"{one.address}/{need}" in ids


def test_transactional_texts_are_reviewed_and_emails_are_not(northwind):
    """Attentive reviews changed transactional texts before they go live; emails need no review."""
    for project in northwind.values():
        for one, found in wanted_of_people(project):
            if one.kind.name != "Journey":
                continue
            texts = {unit.key for unit in found if unit.key.startswith("send.") and unit.value["channel"] == "text"}
            reviews = {unit.key.replace("review.", "send.") for unit in found if unit.review}
            assert reviews == (texts if one.model.category == "transactional" else set())


def test_turning_on_makes_every_part_live(northwind):
    """The publishing task holds every part, and needs each of them."""
    for project in northwind.values():
        for one, found in wanted_of_people(project):
            for on in (unit for unit in found if unit.effect is Effect.PUBLISH):
                parts = [unit for unit in found if unit.effect is Effect.DRAFT or unit.review]
                assert dict(on.snapshot) == {unit.settles: unit.value for unit in parts}
                assert set(on.needs) == {unit.key for unit in parts}
                assert one.model.status == "active"


def test_complete_samples_fit_their_events(northwind):
    """The first event of a type has every key and passes the type's own schema."""
    for project in northwind.values():
        for event in project.all(EventType):
            sample, missing = complete_sample(event, project)
            if sent_by_us(event, project):
                assert missing == ()
                assert set(sample) == set(key_types(event, project))
            assert Gate.of(payload_schema(event, project)).violations(sample) == ()


DEFINITIONS = (
    {"type": "string", "enum": ["UPS"]},
    {"type": ["null", "integer"]},
    {"enum": ["UPS", 1, 2.5, None]},
    {"const": 1},
    {"properties": {"city": {"type": "string"}}},
    {"x-note": "any", "optional": True},
    {"use": "order_id"},
)


def test_the_type_of_a_key_is_that_of_its_schema(northwind):
    """A key is recorded with the type that the JSON Schema of its definition names, or implies."""
    for project in northwind.values():
        event = project.all(EventType)[0]
        items = {f"Key {n}": EventProperty(f"Key {n}", one, one.get("use", "")) for n, one in enumerate(DEFINITIONS)}
        types = {key: type_name(definition(item, project)) for key, item in items.items()}
        assert key_types(replace(event, properties=items), project) == types
        assert set(types.values()) >= {"string", "integer|null", "null|number|string", "integer", "any"}


keys = st.dictionaries(st.text(min_size=1, max_size=8), st.sampled_from(["string", "number"]), max_size=4)


@settings(max_examples=50, deadline=None)
@given(keys, keys, st.sampled_from(["a", "b"]), st.sampled_from(["a", "b"]))
def test_an_event_id_is_its_registration(one, other, app, company):
    """Company, app, name and keys with types make the id: the same ones the same, others another."""
    fields = {"name": "Order Shipped", "app": app, "keys": one}
    again = {"keys": dict(reversed(one.items())), "app": app, "name": "Order Shipped"}
    assert event_id(company, fields) == event_id(company, again)
    assert (event_id(company, fields) == event_id(company, {**fields, "keys": other})) == (one == other)
    assert event_id(company, fields) != event_id(f"{company}x", fields)


@settings(max_examples=50, deadline=None)
@given(keys, keys)
def test_keys_that_were_sent_stay(existing, wanted):
    """What exists after another registration has every key of both, and aiming again changes nothing."""
    api = KINDS["EventType"].api
    fields = {"name": "Order Shipped", "app": "orders"}
    after = api.aim({**fields, "keys": wanted}, {**fields, "keys": existing})
    assert dict(after["keys"]) == {**existing, **wanted}
    assert api.aim({**fields, "keys": wanted}, after) == after
    renamed = api.aim({**fields, "name": "Order sent", "keys": wanted}, {**fields, "keys": existing})
    assert dict(renamed["keys"]) == wanted
