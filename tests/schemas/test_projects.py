"""The example projects: valid for every environment, complete samples, every field used somewhere."""

import json
from collections.abc import Iterator
from pathlib import Path

import jsonschema_rs
import pytest
import yaml
from jsonschema import Draft202012Validator, FormatChecker

from deployer.kinds.property import object_schema
from deployer.source import merge_patch

ROOT = Path(__file__).parents[2]
NORTHWIND = ROOT / "examples" / "northwind"
PROJECTS = sorted(path.parent for path in (ROOT / "tests" / "example-files" / "valid").glob("*/deployer.yaml"))
SCHEMAS = {
    path.name.removesuffix(".schema.json"): json.loads(path.read_text("utf-8"))
    for path in (ROOT / "schemas").iterdir()
    if path.name != "resource.schema.json"
}
KINDS = {
    schema["properties"]["kind"]["const"]: name
    for name, schema in SCHEMAS.items()
    if "const" in schema["properties"].get("kind", {})
}
EVERY_PROJECT = pytest.mark.parametrize("project", [NORTHWIND, *PROJECTS], ids=lambda path: path.name)


def settings(project: Path) -> dict:
    """Read a project's settings."""
    return yaml.safe_load((project / "deployer.yaml").read_text("utf-8-sig"))


def files(project: Path) -> list[Path]:
    """List the files of a project that hold resources."""
    ignored = {path for pattern in settings(project).get("ignore", ()) for path in project.glob(pattern)}
    found = {path for path in project.rglob("*") if path.suffix.lower() in {".yaml", ".yml"}}
    return sorted(found - ignored - {project / "deployer.yaml"})


def resources(project: Path) -> Iterator[tuple[str, str, dict]]:
    """Yield every resource for every environment in which it exists: place, schema's name, body with its patch."""
    environments = settings(project)["environments"]
    for path in files(project):
        text = path.read_text("utf-8").replace("\ufeff", "")  # joined files have one in front of each document
        for body in filter(None, yaml.safe_load_all(text)):
            for environment in body.get("environments", environments):
                patched = merge_patch(body, body.get("per_environment", {}).get(environment, {}))
                yield f"{path.relative_to(project)}: {body['id']} in {environment}", KINDS[body["kind"]], patched


def errors(schema, value) -> list[str]:
    """List what is wrong, after making sure that both validators agree on whether anything is."""
    found = Draft202012Validator(schema, format_checker=FormatChecker()).iter_errors(value)
    messages = [error.message for error in found]
    assert jsonschema_rs.Draft202012Validator(schema, validate_formats=True).is_valid(value) == (not messages)
    return messages


@EVERY_PROJECT
def test_projects_are_valid(project):
    """Settings and every resource, merged for each environment, are valid."""
    assert errors(SCHEMAS["deployer"], settings(project)) == []
    found = list(resources(project))
    assert found
    for place, name, body in found:
        assert errors(SCHEMAS[name], body) == [], place


@EVERY_PROJECT
def test_samples_are_payloads(project):
    """Every sample satisfies its event's properties, and ``happy`` has every one of them."""
    found = list(resources(project))
    library = {body["id"]: body["schema"] for _, name, body in found if name == "property"}
    for place, event in [(place, body) for place, name, body in found if name == "event_type"]:
        properties = event.get("properties", {})
        filled = {key: library[one["use"]] | one if "use" in one else one for key, one in properties.items()}
        schema = object_schema(filled)
        samples = event.get("samples", {})
        assert samples.get("happy", {}).keys() == properties.keys(), place
        for name, sample in samples.items():
            assert errors(schema, sample) == [], f"{place}, sample {name}"


def used(root, schema, value) -> Iterator[int]:
    """Yield the fields of a schema that a value has, as ids of their subschemas."""
    while "$ref" in schema:
        schema = root["$defs"][schema["$ref"].removeprefix("#/$defs/")]
    if isinstance(value, dict):
        for key, item in value.items():
            field = schema.get("properties", {}).get(key)
            if field is not None:
                yield id(field)
            child = field if field is not None else schema.get("additionalProperties")
            if isinstance(child, dict):
                yield from used(root, child, item)
    for item in value if isinstance(value, list) else ():
        yield from used(root, schema.get("items", {}), item)
    for branch in schema.get("anyOf", ()):
        yield from used(root, branch, value)


def fields(schema, place) -> Iterator[tuple[str, int]]:
    """Yield every named field below a schema: its place and the id of its subschema."""
    for key, child in schema.get("properties", {}).items():
        if key == "required":  # it is there to be refused
            continue
        yield f"{place}.{key}", id(child)
        yield from fields(child, f"{place}.{key}")
    for child in [schema.get("additionalProperties"), schema.get("items"), *schema.get("anyOf", ())]:
        if isinstance(child, dict):
            yield from fields(child, place)


@pytest.mark.parametrize("name", sorted([*KINDS.values(), "deployer"]))
def test_every_field_occurs(name):
    """No field is only described: each stands in at least one of the small valid projects."""
    root = SCHEMAS[name]
    bodies = [body for project in PROJECTS for _, kind, body in resources(project) if kind == name]
    if name == "deployer":
        bodies = [settings(project) for project in PROJECTS]
    seen = {field for body in bodies for field in used(root, root, body)}
    places = [*fields(root, name)]
    for key, definition in root.get("$defs", {}).items():
        if key not in {"value", "member"}:  # their keywords all occur, though not each at every depth
            places += fields(definition, f"{name} {key}")
    assert [place for place, field in places if field not in seen] == []


def test_northwind_files_name_their_schema():
    """Each YAML file begins with a modeline whose path leads to a schema, so that editors complete it."""
    for path in NORTHWIND.rglob("*.yaml"):
        words, _, reference = path.read_text("utf-8").splitlines()[0].partition("$schema=")
        assert words == "# yaml-language-server: "
        assert (path.parent / reference).resolve().is_file()


def test_northwind_has_the_size_of_a_shop():
    """Northwind is as large as its README says."""
    addresses = {(name, body["id"]) for _, name, body in resources(NORTHWIND)}
    assert {kind: sum(name == kind for name, _ in addresses) for kind in sorted(KINDS.values())} == {
        "custom_attribute": 2,
        "event_type": 9,
        "journey": 7,
        "journey_test": 20,
        "message": 10,
        "opt_in_source": 2,
        "property": 11,
        "segment": 1,
        "webhook": 1,
    }


def test_northwind_screenshots_are_pictures():
    """Each opt-in source's screenshot is a PNG, large enough to read and small enough for a repository."""
    for _, name, body in resources(NORTHWIND):
        if name == "opt_in_source":
            data = (NORTHWIND / body["screenshot"]).read_bytes()
            assert data.startswith(b"\x89PNG\r\n\x1a\n")
            assert int.from_bytes(data[16:20]) >= 600
            assert len(data) < 40_000
