"""One verdict on a payload, whatever its event declares: `check`, our samples, and validators of three other makes."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from itertools import count
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import deployer
from deployer.contracts import EventCheck, check_properties
from deployer.kinds.event_type import EventType, samples_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

AJV = """\
const Ajv = require("ajv/dist/2020"), formats = require("ajv-formats");
require("readline").createInterface({ input: process.stdin }).on("line", (line) => {
  const { schema, values } = JSON.parse(line);
  try {
    const valid = formats(new Ajv({ strict: true, allErrors: true })).compile(schema);
    console.log(JSON.stringify(values.map((one) => valid(one))));
  } catch (error) { console.log(JSON.stringify(String(error))); }
});
"""
SETTINGS = {
    "version": 1,
    "project": "tea",
    "brand": {"name": "Tea Shop"},
    "apps": {"shop": {}},
    "environments": {"sandbox": {"target": "sandbox"}},
}
NUMBERS = count()
TEXTS = ["", "a", "UPS", "a longer text", "https://tea.example/t/1", "a@tea.example", "2026-05-10", "Zoë 🎁", "NW-1"]
SCALARS: list[Any] = [*TEXTS, 0, 1, -1, 2, 5, 1.5, 100, True, False, None]
KEYS = ("city", "zip", "it's", "x y")
VALUES = st.recursive(
    st.sampled_from(SCALARS),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=3),
    max_leaves=6,
)
STRINGS = {
    "minLength": st.integers(0, 3),
    "maxLength": st.integers(3, 20),
    "pattern": st.sampled_from(["^NW-", "[a-z]", "^\\S*$"]),
    "format": st.sampled_from(["uri", "email", "date", "date-time"]),
}
NUMBER = {
    "minimum": st.integers(-1, 2),
    "exclusiveMinimum": st.integers(-2, 1),
    "maximum": st.integers(5, 100),
    "multipleOf": st.sampled_from([1, 0.5, 5]),
}
LISTED = st.lists(st.sampled_from(SCALARS), min_size=1, max_size=4, unique_by=repr)


@st.composite
def definitions(draw: st.DrawFn, depth: int = 2) -> dict[str, Any]:
    """A definition as a team writes it: a value's type with its limits, a list of values, or an object in an object."""
    kinds = [
        "text",
        "number",
        "integer",
        "flag",
        "listed",
        "one",
        "several",
        *(["list", "object", "object"] * (depth > 0)),
    ]
    kind = draw(st.sampled_from(kinds))
    if kind == "listed":
        return {"enum": draw(LISTED)}
    if kind == "one":
        return {"const": draw(st.sampled_from(SCALARS))}
    if kind == "list":
        sizes = {"minItems": st.integers(0, 2), "maxItems": st.integers(2, 4), "uniqueItems": st.booleans()}
        inner = draw(definitions(depth - 1))
        return {"type": "array", "items": inner} | draw(st.fixed_dictionaries({}, optional=sizes))
    if kind == "object":
        return {"type": "object", "properties": draw(members(depth - 1))} | draw(
            st.fixed_dictionaries({}, optional={"additionalProperties": st.booleans()})
        )
    types = {"text": "string", "flag": "boolean", "several": ["string", "number"]}
    keywords = {"text": STRINGS, "number": NUMBER, "integer": NUMBER, "several": STRINGS | NUMBER}.get(kind, {})
    return {"type": types.get(kind, kind)} | draw(st.fixed_dictionaries({}, optional=keywords))


@st.composite
def members(draw: st.DrawFn, depth: int) -> dict[str, Any]:
    """What an object, or an event, declares by key; some of it is optional."""
    keys = draw(st.lists(st.sampled_from(KEYS), min_size=1, max_size=3, unique=True))
    found = {key: draw(definitions(depth)) for key in keys}
    return {key: one | ({"optional": True} if draw(st.booleans()) else {}) for key, one in found.items()}


@st.composite
def payloads(draw: st.DrawFn, properties: dict[str, Any]) -> dict[str, Any]:
    """A payload that is near to what is declared, with slips."""
    found = {key: draw(near(one)) for key, one in properties.items() if draw(st.integers(0, 7))}
    return found | ({"more": 1} if not draw(st.integers(0, 9)) else {})


def near(definition: dict[str, Any]) -> st.SearchStrategy[Any]:
    """A value that may well fit a definition."""
    listed = [*definition.get("enum", ()), *([definition["const"]] if "const" in definition else ())]
    if listed:
        return st.sampled_from([*listed, *SCALARS])
    if definition.get("type") == "object":
        return payloads(definition["properties"])
    if definition.get("type") == "array":
        return st.lists(near(definition["items"]), max_size=4)
    texts = st.sampled_from(TEXTS) if definition.get("type") == "string" else VALUES
    return st.sampled_from(SCALARS) | texts


@pytest.fixture(scope="session")
def ajv() -> Iterator[subprocess.Popen[str]]:
    """Give the validator that most producers use, in its strict mode, as one process."""
    modules = os.environ.get("DEPLOYER_AJV")
    if not modules or not shutil.which("node"):
        pytest.skip("`npm install ajv ajv-formats`, and name the node_modules folder in DEPLOYER_AJV")
    environment = {**os.environ, "NODE_PATH": modules}
    pipe = subprocess.PIPE
    with subprocess.Popen(["node", "-e", AJV], stdin=pipe, stdout=pipe, text=True, env=environment) as process:
        yield process
        assert process.stdin is not None
        process.stdin.close()


def judged(process: subprocess.Popen[str], schema: Any, values: Sequence[Any]) -> Any:
    """The verdict of ajv on each value; words where it refuses the schema."""
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(json.dumps({"schema": schema, "values": values}) + "\n")
    process.stdin.flush()
    return json.loads(process.stdout.readline())


EXAMPLES = int(os.environ.get("DEPLOYER_EXAMPLES", "60"))


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_check_samples_and_other_validators_agree(ajv, tmp_path, data) -> None:
    """A payload passes `check` if and only if others take it against the export; made samples pass everywhere."""
    properties = data.draw(members(2))
    resource = {"kind": "EventType", "id": "sent", "name": "Sent", "app": "shop", "properties": properties}
    folder = tmp_path / str(next(NUMBERS))
    folder.mkdir()
    (folder / "deployer.yaml").write_text(json.dumps(SETTINGS), encoding="utf-8")
    (folder / "sent.yaml").write_text(json.dumps(resource), encoding="utf-8")
    project = deployer.load(folder).linked("sandbox").project
    [event] = project.all(EventType)
    schema = json.loads(deployer.export_events(project, ["sent"])["sent.schema.json"])
    samples = [dict(one.data) for one in samples_of(event, project)]
    values = [*data.draw(st.lists(payloads(properties), min_size=4, max_size=8)), *samples]
    ours = [not check_properties(event, project, one) for one in values]
    verdicts = [EventCheck(event, project).verdict(one) for one in values]
    assert [not one.faults for one in verdicts if one.taken == "properties"] == [
        fits for fits, one in zip(ours, verdicts, strict=True) if one.taken == "properties"
    ]
    assert judged(ajv, schema, values) == ours
    checker = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER)
    assert [checker.is_valid(one) for one, fits in zip(values, ours, strict=True) if fits] == [True] * sum(ours)
    assert all(ours[len(values) - len(samples) :])
