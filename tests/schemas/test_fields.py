"""The JSON Schemas as an editor uses them: every field explains itself, and every object is closed."""

import json
from collections.abc import Iterator
from pathlib import Path

import jsonschema_rs
import pytest
from jsonschema import Draft202012Validator, FormatChecker

FOLDER = Path(__file__).parents[2] / "schemas"
SCHEMAS = {path.name.removesuffix(".schema.json"): json.loads(path.read_text("utf-8")) for path in FOLDER.iterdir()}
SELF_CONTAINED = sorted(SCHEMAS.keys() - {"resource"})
KINDS = {
    schema["properties"]["kind"]["const"]: name
    for name, schema in SCHEMAS.items()
    if "const" in schema["properties"].get("kind", {})
}


def target(root, schema):
    """Fill in what a local ``$ref`` says; the schema's own words come first."""
    if "$ref" not in schema:
        return schema
    own = {key: value for key, value in schema.items() if key != "$ref"}
    return target(root, root["$defs"][schema["$ref"].removeprefix("#/$defs/")]) | own


def children(schema) -> Iterator[tuple[str, dict, bool]]:
    """Yield what declares something (conditions only restate): place, subschema, whether it is a field."""
    for keyword in ("properties", "patternProperties"):
        for name, child in schema.get(keyword, {}).items():
            yield f"{keyword}/{name}", child, True
    if isinstance(schema.get("additionalProperties"), dict):
        yield "additionalProperties", schema["additionalProperties"], True
    if "items" in schema:
        yield "items", schema["items"], False
    for number, child in enumerate(schema.get("anyOf", ())):
        yield f"anyOf/{number}", child, False


def below(schema, place="") -> Iterator[tuple[str, dict, bool]]:
    """Yield every subschema at every level, as ``children`` does."""
    for step, child, is_field in children(schema):
        yield f"{place}/{step}", child, is_field
        yield from below(child, f"{place}/{step}")


def everything(root) -> Iterator[tuple[str, dict, bool]]:
    """Yield every subschema of a file, definitions included."""
    yield "", root, False
    yield from below(root)
    for name, definition in root.get("$defs", {}).items():
        yield f"/$defs/{name}", definition, False
        yield from below(definition, f"/$defs/{name}")


FIELDS = [
    pytest.param(root, target(root, field), id=f"{name}:{place}")
    for name, root in SCHEMAS.items()
    for place, field, is_field in everything(root)
    if is_field
]


@pytest.mark.parametrize("name", SCHEMAS)
def test_schema_is_valid(name):
    """Each file is a JSON Schema 2020-12 by its own metaschema, with a title and a description."""
    schema = SCHEMAS[name]
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["title"]
    assert schema["description"]
    Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize("name", SELF_CONTAINED)
def test_schema_needs_no_other_file(name):
    """Each schema but the dispatching one refers to itself only, so that the loader validates with one file."""
    text = json.dumps(SCHEMAS[name])
    assert text.count('"$ref": "') == text.count('"$ref": "#/$defs/')
    jsonschema_rs.Draft202012Validator(SCHEMAS[name])


@pytest.mark.parametrize(("root", "field"), FIELDS)
def test_field_explains_itself(root, field):
    """Every field at every level has a description in sentences and an example, unless it is there to be refused."""
    assert field["description"].endswith("."), root["title"]
    assert field.get("examples") or field.get("not") == {}, root["title"]


@pytest.mark.parametrize(("root", "field"), FIELDS)
def test_examples_are_valid(root, field):
    """Every example of a field is what the field accepts, for both validators that we use."""
    schema = {**field, "$defs": root.get("$defs", {})}
    explains = Draft202012Validator(schema, format_checker=FormatChecker())
    gate = jsonschema_rs.Draft202012Validator(schema, validate_formats=True)
    for example in field.get("examples", ()):
        assert [error.message for error in explains.iter_errors(example)] == []
        assert gate.is_valid(example)


@pytest.mark.parametrize("name", SELF_CONTAINED)
def test_objects_are_closed(name):
    """Every object with named fields refuses unknown ones, so that a misspelt key is an error; only a brand is open."""
    open_objects = [
        place
        for place, schema, _ in everything(SCHEMAS[name])
        if "properties" in schema and schema["additionalProperties"] is not False
    ]
    assert open_objects == (["/properties/brand"] if name == "deployer" else [])


def test_every_kind_accepts_the_common_fields():
    """Each kind has the fields that every resource may have, and needs kind and id."""
    common = {"kind", "id", "description", "owner", "protect", "environments", "per_environment"}
    for name in KINDS.values():
        assert common <= SCHEMAS[name]["properties"].keys()
        assert {"kind", "id"} <= set(SCHEMAS[name]["required"])


def test_resource_schema_lists_every_kind():
    """The schema for editors dispatches on ``kind`` to the file of each kind."""
    branches = {
        branch["if"]["properties"]["kind"]["const"]: branch["then"]["$ref"] for branch in SCHEMAS["resource"]["allOf"]
    }
    assert branches == {kind: f"{name}.schema.json" for kind, name in KINDS.items()}
    assert SCHEMAS["resource"]["properties"]["kind"]["enum"] == list(branches)
