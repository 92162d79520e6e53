"""What the file format accepts and refuses, case by case: a new case is a new line in ``cases.yaml``."""

import json
from pathlib import Path

import jsonschema_rs
import pytest
import yaml
from jsonschema import Draft202012Validator, FormatChecker

FOLDER = Path(__file__).parents[2] / "schemas"
CASES = yaml.safe_load(Path(__file__).with_name("cases.yaml").read_text("utf-8"))


def outcome(name, change) -> tuple[bool, bool]:
    """Tell what both validators say of a smallest resource after a change of its top-level fields."""
    file = {"text": "message", "email": "message"}.get(name, name)
    schema = json.loads((FOLDER / f"{file}.schema.json").read_text("utf-8"))
    body = {key: value for key, value in {**CASES["valid"][name], **change}.items() if value is not None}
    explains = Draft202012Validator(schema, format_checker=FormatChecker())
    gate = jsonschema_rs.Draft202012Validator(schema, validate_formats=True)
    return explains.is_valid(body), gate.is_valid(body)


@pytest.mark.parametrize("name", CASES["valid"])
def test_smallest(name):
    """The smallest resource of each kind is accepted."""
    assert outcome(name, {}) == (True, True)


@pytest.mark.parametrize(("name", "why", "change"), CASES["accepted"])
def test_accepted(name, why, change):
    """What the file format allows is accepted."""
    assert outcome(name, change) == (True, True), why


@pytest.mark.parametrize(("name", "why", "change"), CASES["refused"])
def test_refused(name, why, change):
    """What the file format doesn't allow is refused."""
    assert outcome(name, change) == (False, False), why
