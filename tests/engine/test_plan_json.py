"""Plan and report as values: what is written is what is read."""

from __future__ import annotations

import json
from dataclasses import fields
from typing import get_args

import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st

from deployer.engine.changes import (
    Action,
    ApiAction,
    ApiChange,
    ApiReason,
    Change,
    FieldChange,
    ForgetChange,
    ForgetReason,
    MoveChange,
    PersonAction,
    PersonChange,
    PersonReason,
    PropertyHold,
    Provenance,
    Reason,
    RecordChange,
    RecordReason,
)
from deployer.engine.plan import Mode, Note, Plan
from deployer.engine.plan_json import Row, row_of
from deployer.engine.plan_tasks import tasks_for
from deployer.engine.report import ApplyReport, Outcome, Status
from deployer.engine.tokens import Tokens
from deployer.kinds.base import By, Unit
from deployer.state import Entry, TaskRecord, TaskStatus
from deployer.state.codec import to_json
from deployer.state.shape_error import ShapeError

TOKENS = Tokens("northwind", "production")

names = st.text(min_size=1, max_size=6)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | names,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(names, inner, max_size=2),
    max_leaves=4,
)
tasks = st.builds(
    TaskRecord,
    id=names,
    token=names,
    title=names,
    slot=names,
    value=json_values,
    before=json_values,
    review=st.booleans(),
    confirmable=st.booleans(),
    needs=st.lists(names, max_size=2).map(tuple),
    snapshot=st.none() | st.dictionaries(names, json_values, max_size=2),
    status=st.sampled_from(TaskStatus),
    note=names,
    proof=st.booleans(),
)
some_names = st.lists(names, max_size=2).map(tuple)
values = st.dictionaries(names, json_values, max_size=2)
base = {
    "address": names,
    "kind": names,
    "fields": st.lists(
        st.builds(FieldChange, names, json_values, json_values, st.sampled_from(Provenance)), max_size=2
    ).map(tuple),
    "depends_on": some_names,
    "protect": st.booleans(),
    "blocked": names,
}
written = {"wanted": values, "payload": values, "id": names, "app": names}
changes = st.one_of(
    st.builds(
        ApiChange,
        **base,
        **written,
        action=st.sampled_from(get_args(ApiAction)),
        reason=st.sampled_from(get_args(ApiReason)),
        before=values,
        fingerprint=names,
        released_by=some_names,
        irreversible=names,
    ),
    st.builds(
        PersonChange,
        **base,
        action=st.sampled_from(get_args(PersonAction)),
        reason=st.sampled_from(get_args(PersonReason)),
        tasks=st.lists(tasks, max_size=2).map(tuple),
        asked_before=some_names,
        withdrawn=st.dictionaries(names, names, max_size=2),
        before=values,
        irreversible=names,
    ),
    st.builds(RecordChange, **base, **written, reason=st.sampled_from(get_args(RecordReason))),
    st.builds(MoveChange, **base, old_address=names),
    st.builds(ForgetChange, **base, reason=st.sampled_from(get_args(ForgetReason))),
    st.builds(
        PropertyHold,
        **base,
        by=st.sampled_from(get_args(By)),
        app=names,
        waits_for=some_names,
    ),
)
plans = st.builds(
    Plan,
    environment=names,
    mode=st.sampled_from(Mode),
    lineage=names,
    config=names,
    versions=st.dictionaries(names, st.integers(), max_size=2),
    changes=st.lists(changes, max_size=2).map(tuple),
    waiting=st.lists(tasks, max_size=2).map(tuple),
    notes=st.lists(st.builds(Note, names, names, names), max_size=2).map(tuple),
)


@settings(max_examples=60, deadline=None)
@given(plans)
def test_any_plan_survives_json(plan):
    """A plan that went through JSON text is the same plan and the same text."""
    text = json.dumps(plan.to_json(), sort_keys=True)
    again = Plan.from_json(json.loads(text))
    assert again == plan
    assert json.dumps(again.to_json(), sort_keys=True) == text


@pytest.mark.long
def test_every_type_of_change_is_tried():
    """The plans of these tests hold each type that a change can have, and each is written with every field."""
    any_of_it = settings(phases=[Phase.generate])  # the first that comes: the smallest would take a minute
    kept = [
        find(changes, lambda change, wanted=wanted: isinstance(change, wanted), settings=any_of_it)
        for wanted in get_args(Change)
    ]
    assert {frozenset(to_json(row_of(change))) for change in kept} == {frozenset(one.name for one in fields(Row))}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("action", "send"),
        ("by", "robot"),
        ("reason", "because"),
        ("reason", "moved"),
        ("wanted", {"name": "x"}),
        ("old_address", "webhook.other"),
        ("colour", "red"),
    ],
)
def test_a_change_that_no_type_has_is_refused(field, value):
    """A change by a person that sends, writes fields or moves, or with a word that isn't known, isn't read."""
    change = PersonChange(address="journey.a", kind="Journey", action=Action.CREATE, reason=Reason.NEW)
    data = Plan("production", Mode.LIVE, "lineage", "config", changes=(change,)).to_json()
    data["changes"][0][field] = value
    with pytest.raises(ShapeError, match=f"changes/0/{field}"):
        Plan.from_json(data)


@pytest.mark.parametrize("broken", ["changes", "mode", "lineage", "version"])
def test_what_is_no_plan_is_refused(broken):
    """A file that lacks a part is an error that can be caught, never half a plan."""
    data = Plan("production", Mode.LIVE, "lineage", "config").to_json()
    del data[broken]
    with pytest.raises(ShapeError):
        Plan.from_json(data)


def report(*statuses):
    """A report with these outcomes."""
    change = ApiChange(address="webhook.receipts", kind="Webhook", action=Action.CREATE, reason=Reason.NEW)
    return ApplyReport("production", tuple(Outcome(change, status) for status in statuses))


@pytest.mark.parametrize("status", Status)
def test_a_report_is_a_failure_unless_everything_was_done(status):
    """Only what was done or waits for a person is no failure; the JSON says the same."""
    found = report(Status.DONE, status)
    assert found.failed == (status not in {Status.DONE, Status.WAITING})
    assert found.to_json()["ok"] == (not found.failed)
    assert found.count(Status.DONE) == 1 + (status is Status.DONE)


def test_an_empty_report_is_none():
    """Nothing to do is no failure."""
    assert not report().failed


def test_units_that_agree_with_the_record_ask_nothing():
    """A task is asked for a unit only where its value isn't what stands, and needs only what is asked."""
    units = (Unit("a", "A", {"x": 1}), Unit("b", "B", {"y": 2}, needs=("a", "elsewhere.z/c")))
    entry = Entry(kind="Journey", by="person", live={"a": {"x": 1}})
    [task] = tasks_for("journey.j", units, entry, TOKENS)
    assert (task.id, task.needs) == ("journey.j/b", ("elsewhere.z/c",))
    assert [one.needs for one in tasks_for("journey.j", units, None, TOKENS)] == [(), ("journey.j/a", "elsewhere.z/c")]


@given(names, json_values, json_values)
def test_a_token_is_short_and_its_value(name, one, other):
    """Another value is another token, of the same length."""
    first, second = TOKENS.token(name, one), TOKENS.token(name, other)
    assert len(first) == len(second) == 7
    assert (first == second) == (json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True))
