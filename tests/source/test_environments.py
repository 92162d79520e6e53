"""One resource in one environment: limits, merge patches, free keys."""

from __future__ import annotations

import pytest

from deployer.source import SourceFile, check_environments, compose, origin, specialise

NAMES = ("sandbox", "production")
TEXT = """\
kind: Journey
id: a
name: A
x-note: free
data: {x-kept: 1}
steps:
  - id: one
    x-why: because
    branch: {cases: [{x-a: 1, steps: [{id: two, x-b: 2}]}]}
per_environment:
  production:
    name: B
    data: {x-kept: null, more: [1]}
"""


def document(text):
    """Read the one document of a text."""
    documents, problems = compose(SourceFile("a.yaml", text))
    assert problems == ()
    return documents[0]


def test_a_patch_is_merged_and_free_keys_go():
    """The patch of the environment is merged; free keys go at the top and in steps, but not in data."""
    body = document(TEXT).value
    steps = [{"id": "one", "branch": {"cases": [{"steps": [{"id": "two"}]}]}}]
    base = {"kind": "Journey", "id": "a", "name": "A", "data": {"x-kept": 1}, "steps": steps}
    assert specialise(body, "sandbox", NAMES) == base
    assert specialise(body, "production", NAMES) == base | {"name": "B", "data": {"more": [1]}}
    assert body == document(TEXT).value


def test_a_resource_exists_where_it_says():
    """`environments` limits where a resource exists; without it, it exists everywhere."""
    body = {"kind": "A", "id": "a", "environments": ["production"]}
    assert specialise(body, "sandbox", NAMES) is None
    assert specialise(body, "production", NAMES) == {"kind": "A", "id": "a"}
    assert specialise(body | {"environments": []}, "production", NAMES) is None
    with pytest.raises(KeyError):
        specialise(body, "nowhere", NAMES)


def test_kind_and_id_stay():
    """A patch changes neither kind nor id, nor where the resource exists."""
    patch = {"kind": "B", "id": "b", "environments": [], "name": "n"}
    body = {"kind": "A", "id": "a", "per_environment": {"production": patch}}
    assert specialise(body, "production", NAMES) == {"kind": "A", "id": "a", "name": "n"}


@pytest.mark.parametrize(
    "malformed", [{"environments": "production"}, {"per_environment": []}, {"per_environment": {"production": 1}}]
)
def test_malformed_limits_count_as_absent_and_are_reported(malformed):
    """What has the wrong shape doesn't break the resource; the check reports it."""
    assert specialise({"kind": "A", **malformed}, "production", NAMES) == {"kind": "A"}
    text = "kind: A\n" + "".join(f"{key}: {value!r}\n" for key, value in malformed.items())
    assert [problem.rule for problem in check_environments(document(text), NAMES)] == ["environment/shape"]


@pytest.mark.parametrize(
    ("text", "rule", "place", "hint"),
    [
        ("environments: [sandbox, prodution]", "environment/unknown", (1, 25), "did you mean `production`?"),
        ("environments: [1]", "environment/shape", (1, 16), ""),
        ("per_environment: {prod: {}}", "environment/unknown", (1, 19), "did you mean `production`?"),
        ("per_environment: {sandbox: {id: b}}", "environment/fixed-field", (1, 29), None),
        ("per_environment: {sandbox: {environments: []}}", "environment/fixed-field", (1, 29), None),
    ],
)
def test_mistakes_are_reported_at_their_place(text, rule, place, hint):
    """An unknown environment and a patch of a fixed field are problems where they stand."""
    (problem,) = check_environments(document(text), NAMES)
    assert (problem.rule, (problem.position.line, problem.position.column)) == (rule, place)
    assert hint is None or problem.hint == hint


def test_the_origin_of_a_value_is_the_patch_where_it_has_it():
    """A value of the specialised resource is traced to the patch, or to the resource itself."""
    body = document(TEXT).value
    assert origin(body, "production", ("name",)) == ("per_environment", "production", "name")
    assert origin(body, "production", ("data", "more", 0)) == ("per_environment", "production", "data", "more", 0)
    assert origin(body, "production", ("steps", 0)) == ("steps", 0)
    assert origin(body, "sandbox", ("name",)) == ("name",)
    assert origin(body, "production", ()) == ()
