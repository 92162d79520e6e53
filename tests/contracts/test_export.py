"""Declared events for other tools: each is what that tool itself says is right, and takes what our own check takes."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import deployer
from deployer.contracts import EventCheck
from deployer.contracts.export.project import FORMATS
from deployer.errors import UsageError
from deployer.kinds.event_type import EventType

NORTHWIND = Path(__file__).resolve().parents[2] / "examples" / "northwind"

AWKWARD = """\
kind: EventType
id: new
name: "New $x */ \\u00dcber"
app: shop
identify_by: [email]
description: "Ends */ a comment; \\"\\"\\" too. # and this"
deprecated: true
properties:
  "Größe in $": {type: number, description: "*/ first"}
  "it's": {type: string, minLength: 1, pii: true}
  a-b: {type: [integer, boolean, string], enum: [1, true, "x y"]}
  c: {const: only}
  list: {type: array, items: {type: [string, integer]}, optional: true}
  free: {type: object, additionalProperties: true, optional: true}
  map: {type: object, additionalProperties: {type: integer}, optional: true}
  open:
    type: object
    optional: true
    additionalProperties: true
    properties:
      in: {type: boolean, optional: true}
      deep: {type: object, optional: true, additionalProperties: true, properties: {x: {optional: true}}}
  list item:
    type: array
    optional: true
    items: {type: object, properties: {y: {type: string, pii: true}}}
samples:
  happy: {"Größe in $": 1.5, "it's": a, a-b: 1, c: only, list: [a], free: {}, map: {a: 1}, open: {}, list item: []}
---
kind: EventType
id: empty
name: Empty
app: shop
"""
AWKWARD_PAYLOAD = {"Größe in $": 2, "it's": "x", "a-b": True, "c": "only", "open": {"in": True, "deep": {"x": 1}}}


@pytest.fixture
def awkward(shop: Path):
    """The shop with events whose names and keys other languages have trouble with."""
    (shop / "awkward.yaml").write_text(AWKWARD, encoding="utf-8")
    return deployer.load(shop).project()


@pytest.fixture(scope="module")
def northwind():
    """The example shop."""
    return deployer.load(NORTHWIND).project()


@pytest.mark.parametrize("form", FORMATS)
def test_the_same_events_give_the_same_bytes(form, shop, awkward) -> None:
    """If nothing was changed, nothing differs, in whatever order events are named; each file says what made it."""
    names = ["order_shipped", "new", "tier_changed", "empty"]
    first = deployer.export_events(awkward, names, form=form)
    again = deployer.export_events(deployer.load(shop).project(), [*reversed(names), "Empty"], form=form)
    assert list(first.items()) == list(again.items())
    assert deployer.export_events(awkward, form=form) == first
    assert all("deployer schema export" in text for text in first.values())


def test_an_unknown_event(awkward) -> None:
    """A misspelt event is pointed at."""
    with pytest.raises(UsageError):
        deployer.export_events(awkward, ["order_shiped"])


def test_an_example_that_cannot_be_masked_is_left_out(shop: Path) -> None:
    """Asterisks are no URL, and a schema's own examples fit it, so a sample with a personal URL isn't published."""
    body = """
kind: EventType
id: visit
name: Visit
app: shop
identify_by: [email]
properties:
  page: {type: string, format: uri, minLength: 1, pii: true}
  day: {type: string, minLength: 1}
samples:
  happy: {page: "https://tea.example/v/anna", day: May 10}
"""
    (shop / "visit.yaml").write_text(body, encoding="utf-8")
    text = deployer.export_events(deployer.load(shop).project(), ["visit"])["visit.schema.json"]
    assert "anna" not in text
    assert "examples" not in json.loads(text)


def test_a_schema_says_what_is_known(awkward) -> None:
    """It has an id, the exact name, samples as examples, and marks what is deprecated and personal."""
    found = json.loads(deployer.export_events(awkward, ["new"])["new.schema.json"])
    assert found["$id"] == "urn:deployer:tea:event_type:new"
    assert found["title"] == "New $x */ Über"
    assert (found["deprecated"], found["additionalProperties"]) == (True, False)
    assert found["examples"][0]["c"] == "only"
    assert found["properties"]["it's"]["$comment"] == "personal data"
    assert found["properties"]["list item"]["items"]["properties"]["y"]["$comment"] == "personal data"
    assert found["examples"][0]["it's"] == "*"
    assert "pii" not in json.dumps(found)
    with_url = deployer.export_events(awkward, ["new"], base="https://tea.example/schemas/", body=True)
    body = json.loads(with_url["new.body.schema.json"])
    assert body["$id"] == "https://tea.example/schemas/new.body.schema.json"
    assert body["properties"]["type"] == {"const": "New $x */ Über"}


def test_schemas_are_schemas(northwind, awkward) -> None:
    """Each is a valid JSON Schema of 2020-12, refers to nothing, and takes the event's own samples."""
    for project in (northwind, awkward):
        for body in (False, True):
            for text in deployer.export_events(project, body=body).values():
                found = json.loads(text)
                jsonschema.Draft202012Validator.check_schema(found)
                assert "$ref" not in text
                for example in found.get("examples", []):
                    jsonschema.Draft202012Validator(found).validate(example)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 2) | st.sampled_from(["", "17", "UPS", "only", "x y", 1.5]),
    lambda one: st.lists(one, max_size=2) | st.dictionaries(st.sampled_from(["sku", "in", "x", "y", "a"]), one),
    max_leaves=5,
)


@given(data=st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_validator_of_another_make_agrees_with_ours(data, awkward) -> None:
    """A payload that the exported schema takes in another validator is one that our check takes, and the other way."""
    event = data.draw(st.sampled_from(awkward.all(EventType)))
    keys = st.sampled_from([*event.properties, "undeclared"])
    good = dict(event.samples.get("happy", {}))
    payload = {**good, **data.draw(st.dictionaries(keys, VALUES, max_size=3))}
    payload = {key: value for key, value in payload.items() if data.draw(st.integers(0, 9))}
    schema = json.loads(deployer.export_events(awkward, [event.id])[f"{event.id}.schema.json"])
    if "tracking_url" in payload:
        payload["tracking_url"] = good["tracking_url"]  # of formats other validators have other opinions
    verdict = EventCheck(event, awkward).verdict(payload)
    if verdict.taken == "properties":
        assert jsonschema.Draft202012Validator(schema).is_valid(payload) == (not verdict.faults)


@pytest.mark.filterwarnings("ignore:the event type .* is deprecated:DeprecationWarning")  # from Python 3.13 on
def test_python_works_at_run_time(awkward, tmp_path) -> None:
    """The function makes a request body that our check takes, and refuses what the type checker would have refused."""
    module = _module(deployer.export_events(awkward, form="python")["events.py"], tmp_path)
    moment = datetime(2026, 5, 10, 12, 30, tzinfo=UTC)
    made = module.new(AWKWARD_PAYLOAD, {"email": "a@tea.example"}, occurred_at=moment, external_event_id="x")
    assert EventCheck(deployer.event_named(awkward, "new"), awkward).verdict(made).faults == ()
    assert module.empty({}, {"phone": "+12065550100"})["type"] == "Empty"
    for properties, user, when in (
        ({**AWKWARD_PAYLOAD, "more": 1}, {"email": "a@tea.example"}, None),
        (AWKWARD_PAYLOAD, {"phone": "+12065550100"}, None),
        (AWKWARD_PAYLOAD, {"email": "a@tea.example"}, moment.replace(tzinfo=None)),
    ):
        with pytest.raises(ValueError, match=r"doesn't declare|needs a"):
            module.new(properties, user, occurred_at=when)


def _module(text: str, folder: Path):
    path = folder / "made_events.py"
    path.write_text(text, encoding="utf-8")
    spec = importlib.util.spec_from_file_location("made_events", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


GOOD_PYTHON = """\
from events import OrderShipped, empty, new, order_shipped

payload: OrderShipped = {"Order Id": "17", "tracking_url": "https://tea.example", "lines": [{"sku": "a"}]}
order_shipped(payload, {"phone": "+12065550100"})
new({"Größe in $": 1, "it's": "a", "a-b": True, "c": "only", "list": ["a", 1], "map": {"a": 1}}, {"email": "a@b.c"})
empty({}, {"email": "a@b.example"})
"""
BAD_PYTHON = """\
from events import order_shipped

order_shipped({"Order Id": "17", "tracking_url": "x", "trackingUrl": "x"}, {"phone": "1"})
order_shipped({"Order Id": 17, "tracking_url": "x"}, {"phone": "1"})
order_shipped({"Order Id": "17"}, {"phone": "1"})
order_shipped({"Order Id": "17", "tracking_url": "x", "carrier": "DHL"}, {"phone": "1"})
order_shipped({"Order Id": "17", "tracking_url": "x", "lines": [{"sku": "a", "Sku": "b"}]}, {"phone": "1"})
order_shipped({"Order Id": "17", "tracking_url": "x"}, {"Phone": "1"})
"""


def test_python_is_checked_by_mypy(awkward, tmp_path) -> None:
    """What is right passes in strict mode; of what is wrong every line is refused."""
    (tmp_path / "events.py").write_text(deployer.export_events(awkward, form="python")["events.py"], encoding="utf-8")
    (tmp_path / "good.py").write_text(GOOD_PYTHON, encoding="utf-8")
    (tmp_path / "bad.py").write_text(BAD_PYTHON, encoding="utf-8")
    line = [sys.executable, "-m", "mypy", "--strict", "--no-error-summary", "--cache-dir", str(tmp_path / "cache")]
    good = subprocess.run([*line, "good.py", "events.py"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (good.returncode, good.stdout) == (0, "")
    bad = subprocess.run([*line, "bad.py"], cwd=tmp_path, capture_output=True, text=True, check=False)
    wrong = {int(one.split(":")[1]) for one in bad.stdout.splitlines()}
    assert wrong == set(range(3, 9))


GOOD_TYPESCRIPT = """\
import { OrderShipped, empty, new_, orderShipped } from "./events";
const payload: OrderShipped = { "Order Id": "17", tracking_url: "https://tea.example", lines: [{ sku: "a" }] };
orderShipped(payload, { phone: "+12065550100" }, { occurredAt: "2026-05-10T12:00:00Z" });
orderShipped({ ...payload, carrier: "UPS" }, { externalIdentifiers: { clientUserId: "17" } });
const open = { in: true, more: { y: 1 } };
new_({ "Größe in $": 1, "it's": "a", "a-b": true, c: "only", free: { x: [1] }, open }, { email: "a@b.example" });
empty({}, { email: "a@b.example", phone: "+12065550100" });
"""
BAD_TYPESCRIPT = """\
import { OrderShipped, empty, new_, orderShipped } from "./events";
const payload: OrderShipped = { "Order Id": "17", tracking_url: "https://tea.example" };
const wider = { ...payload, trackingUrl: "x" }; const lines = [{ sku: "a", Sku: "b" }];
orderShipped({ ...payload, trackingUrl: "x" }, { phone: "1" });
orderShipped(wider, { phone: "1" });
orderShipped({ ...payload, lines }, { phone: "1" });
orderShipped({ ...payload, carrier: "DHL" }, { phone: "1" });
orderShipped({ "Order Id": "17" }, { phone: "1" });
orderShipped(payload, { email: "a@b.example" });
empty({ key: 1 }, { phone: "1" });
"""


def test_typescript_is_checked_by_its_compiler(awkward, tmp_path) -> None:
    """What is right compiles in strict mode; of what is wrong every line is refused, in nested objects too."""
    tsc = os.environ.get("DEPLOYER_TSC") or shutil.which("tsc")
    if not tsc:
        pytest.skip("tsc isn't on PATH: `npm install typescript`, and name node_modules/.bin/tsc in DEPLOYER_TSC")
    text = deployer.export_events(awkward, form="typescript")["events.ts"]
    (tmp_path / "events.ts").write_text(text, encoding="utf-8")
    (tmp_path / "good.ts").write_text(GOOD_TYPESCRIPT, encoding="utf-8")
    (tmp_path / "bad.ts").write_text(BAD_TYPESCRIPT, encoding="utf-8")
    line = [tsc, "--noEmit", "--strict", "--target", "es2020", "--module", "es2020", "--moduleResolution", "node"]
    good = subprocess.run([*line, "good.ts"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (good.returncode, good.stdout) == (0, "")
    bad = subprocess.run([*line, "bad.ts"], cwd=tmp_path, capture_output=True, text=True, check=False)
    wrong = {int(one.split("(")[1].split(",")[0]) for one in bad.stdout.splitlines() if one.startswith("bad.ts")}
    assert wrong == set(range(4, 11))


def test_asyncapi_fits_its_own_schema(northwind, awkward) -> None:
    """The document is one of AsyncAPI 3.0.0, by the schema that its project publishes."""
    folder = os.environ.get("DEPLOYER_ASYNCAPI_SPECS")
    if not folder:
        pytest.skip("`npm install @asyncapi/specs`, and name its folder in DEPLOYER_ASYNCAPI_SPECS")
    schema = json.loads((Path(folder) / "schemas" / "3.0.0.json").read_text("utf-8"))
    validator = jsonschema.validators.validator_for(schema)(schema)
    for project in (northwind, awkward):
        document = json.loads(deployer.export_events(project, form="asyncapi")["asyncapi.json"])
        assert [one.message for one in validator.iter_errors(document)] == []


def test_asyncapi_refers_to_what_is_there(northwind) -> None:
    """Each message stands on the channel to Attentive and has an operation; every reference leads somewhere."""
    document = json.loads(deployer.export_events(northwind, form="asyncapi")["asyncapi.json"])
    assert document["asyncapi"] == "3.0.0"
    assert len(document["operations"]) == len(northwind.all(EventType)) == len(document["components"]["messages"])
    for target in _references(document):
        found = document
        for step in target.removeprefix("#/").split("/"):
            found = found[step]


def _references(value):
    if isinstance(value, dict):
        yield from ([value["$ref"]] if "$ref" in value else [])
        for one in value.values():
            yield from _references(one)
    elif isinstance(value, list):
        for one in value:
            yield from _references(one)


ONE = "kind: EventType\nid: '{0}'\nname: '{1}'\napp: shop\nregistered_by: producer\nproperties: {{v: {{enum: [x]}}}}"
COLLIDING = "\n---\n".join(
    ONE.format(id_, name)
    for id_, name in (
        *(("none", "None"), ("true", "True"), ("class", "Class"), ("import", "Import"), ("string", "String")),
        *(("a_b1", "A B1"), ("a_b_1", "A B 1"), ("dict", "Dict"), ("typed_dict", "TypedDict"), ("user", "User")),
        *(("event", "Event"), ("exception", "Exception"), ("deprecated", "Gone"), ("sys", "Sys"), ("never", "Never")),
    )
)


@pytest.fixture
def colliding(shop: Path):
    """The shop with events whose ids are words of the languages, or give one name."""
    (shop / "colliding.yaml").write_text(COLLIDING, encoding="utf-8")
    return deployer.load(shop).project()


def test_ids_that_are_words_of_python_compile(colliding, tmp_path) -> None:
    """Keywords, builtins and our own names get a name of their own; no type is there twice."""
    text = deployer.export_events(colliding, form="python")["events.py"]
    module = _module(text, tmp_path)
    assert module.none({"v": "x"}, {"phone": "+12065550100"})["type"] == "None"
    types = re.findall(r"^(\w+) = TypedDict\(", text, re.MULTILINE)
    assert len(types) == len(set(types)) == len(colliding.all(EventType)) + 1
    assert not set(types) & {"None", "True", "Exception", "TypedDict", "User", "Never"}


def test_builders_demand_required_keys_at_run_time(awkward, tmp_path) -> None:
    """What a type checker would refuse is refused without one too."""
    module = _module(deployer.export_events(awkward, form="python")["events.py"], tmp_path)
    with pytest.raises(ValueError, match="needs tracking_url"):
        module.order_shipped({"Order Id": "17"}, {"phone": "+12065550100"})
    with pytest.raises(TypeError):
        module.order_shipped()


def test_what_is_deprecated_is_marked_in_every_language(awkward) -> None:
    """An event type that nothing new should use says so where developers see it."""
    assert "@deprecated('the event type" in deployer.export_events(awkward, ["new"], form="python")["events.py"]
    assert "@deprecated */" in deployer.export_events(awkward, ["new"], form="typescript")["events.ts"]
    assert "deprecated(" not in deployer.export_events(awkward, ["empty"], form="python")["events.py"]


def test_no_control_character_reaches_a_comment(shop) -> None:
    """A description with a bidi control or a line separator is one visible line of comment; YAML holds no others."""
    words = "a\\u202Eb\\u2028c"
    text = f'kind: EventType\nid: odd\nname: Odd\napp: shop\ndescription: "{words}"\nproperties: {{}}\n'
    (shop / "odd.yaml").write_text(text, encoding="utf-8")
    project = deployer.load(shop).project()
    for form in ("python", "typescript"):
        (made,) = deployer.export_events(project, ["odd"], form=form).values()
        assert all(line.isprintable() for line in made.split("\n"))
        assert "\\u202e" in made


def test_typescript_compiles_with_the_compilers_defaults(colliding, tmp_path) -> None:
    """Without any option, as `tsc events.ts` does in a project that never set one."""
    tsc = os.environ.get("DEPLOYER_TSC") or shutil.which("tsc")
    if not tsc:
        pytest.skip("tsc isn't on PATH: `npm install typescript`, and name node_modules/.bin/tsc in DEPLOYER_TSC")
    (tmp_path / "events.ts").write_text(deployer.export_events(colliding, form="typescript")["events.ts"], "utf-8")
    done = subprocess.run([tsc, "events.ts"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


AJV = """\
const Ajv = require("ajv/dist/2020"), formats = require("ajv-formats"), fs = require("fs");
for (const file of process.argv.slice(2)) {
  const ajv = formats(new Ajv({ strict: true, allErrors: true }));
  const schema = JSON.parse(fs.readFileSync(file, "utf8"));
  const valid = ajv.compile(schema);
  for (const one of schema.examples || []) if (!valid(one)) throw new Error(file + JSON.stringify(valid.errors));
}
"""


def test_schemas_pass_ajvs_strict_mode(northwind, awkward, tmp_path) -> None:
    """The validator that most producers use compiles each schema in its strict mode and takes the samples."""
    modules = os.environ.get("DEPLOYER_AJV")
    if not modules or not shutil.which("node"):
        pytest.skip("`npm install ajv ajv-formats`, and name the node_modules folder in DEPLOYER_AJV")
    files = []
    for number, project in enumerate((northwind, awkward)):
        for body in (False, True):
            for name, text in deployer.export_events(project, body=body).items():
                files.append(tmp_path / f"{number}.{name}")
                files[-1].write_text(text, encoding="utf-8")
    line = ["node", "-e", AJV, *map(str, files)]
    done = subprocess.run(line, env={**os.environ, "NODE_PATH": modules}, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_subscription_call_is_beside_the_events(northwind, tmp_path) -> None:
    """Each opt-in source has a builder whose body fits the exported schema; what can't be subscribed is refused."""
    module = _module(deployer.export_events(northwind, form="python")["events.py"], tmp_path)
    schema = json.loads(deployer.export_events(northwind, body=True)["subscription.body.schema.json"])
    made = module.subscribe_checkout({"phone": "+12065550100"}, "241654")
    assert made == {"user": {"phone": "+12065550100"}, "signUpSourceId": "241654"}
    jsonschema.Draft202012Validator(schema).validate(made)
    for user, source in (({"email": "a@b.example"}, "241654"), ({"phone": "+12065550100"}, "")):
        with pytest.raises(ValueError, match=r"needs the user's|sign-up source"):
            module.subscribe_checkout(user, source)
    assert "export function subscribeCheckout(" in deployer.export_events(northwind, form="typescript")["events.ts"]
