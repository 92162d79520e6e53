"""What is proposed while something is typed, in YAML that isn't sound yet and in the words of messages."""

from __future__ import annotations

from pathlib import Path

import pytest

from deployer.editor.completing import REFERENCES, complete
from deployer.editor.values import What
from deployer.workspace.loading import load
from tests.editor.conftest import JOURNEY, TEXTS

ALL_FIELDS = Path(__file__).resolve().parents[1] / "example-files" / "valid" / "all-fields"
EVENTS = "events/order_shipped.yaml"
TESTS = "tests/parcels.yaml"


def labels(at, path: str, words: str, inside: str = "") -> list[str]:
    """The labels of what is proposed at a place."""
    return [one.label for one in complete(at.desk, path, at.place(path, words, inside))]


@pytest.mark.parametrize(
    ("path", "old", "typed", "expected"),
    [
        (TEXTS, "event: order_shipped\n", "event: ord", "order_delivered"),
        (JOURNEY, "message: order_shipped_text", "message: ", "order_shipped_text"),
        (JOURNEY, "quiet_hours: respect", "quiet_hours: ", "ignore"),
        (JOURNEY, "opt_in: [checkout]", "opt_in: [", "account"),
        (JOURNEY, "status: active", "status: ", "draft"),
        (JOURNEY, "status: active", "stat", "status"),
        (JOURNEY, "steps:\n", "steps:\n  - { id: more, send_", "send_email"),
        (EVENTS, "{ use: order_id }", "{ use: ", "tracking_url"),
        (EVENTS, "app: orders", "app: ", "loyalty"),
        (EVENTS, "{ use: order_id }", "{ use: order_id, opt", "optional"),
        (EVENTS, "app: orders", "environments: [", "production"),
        (TESTS, "start:", "events:\n  - { event: order_shipped, sample: ", "missing_optional"),
    ],
)
def test_yaml_goes_on_as_its_schema_and_the_project_say(at, path, old, typed, expected) -> None:
    """Keys, listed values, ids of declarations, environments, apps and samples are proposed where they belong."""
    at.type(path, old, f"{typed}\n")
    assert expected in labels(at, path, typed)


def test_the_braces_of_attentive_propose_the_properties_of_the_event(at) -> None:
    """After `{{` each property is a whole macro, and after its quote a key; another event's aren't there."""
    at.type(TEXTS, "{{triggerEvent.custom['Order Id']}}", "{{ ")
    found = complete(at.desk, TEXTS, at.place(TEXTS, "Order {{ "))
    assert found[0].text == "triggerEvent.custom['Order Id']}}"
    assert {one.what for one in found} == {What.PROPERTY, What.ATTRIBUTE, What.MACRO}
    at.type(TEXTS, "{{ ", "{{triggerEvent.custom['")
    assert labels(at, TEXTS, "custom['") == ["Order Id", "tracking_url", "mediaUrl", "delivery_date", "carrier"]


def test_square_brackets_propose_macros_of_the_project(at) -> None:
    """After `[[` the macros of the macro files and `prop` are proposed; in its quotes the keys."""
    at.type(TEXTS, '[[ track("tracking_url") ]]', "[[ ")
    found = labels(at, TEXTS, "}}. [[ ")
    assert {"track(key)", "support()", 'prop("Order Id")'} <= set(found)
    at.type(TEXTS, "}}. [[ ", '}}. [[ prop("')
    assert "mediaUrl" in labels(at, TEXTS, '[[ prop("')


def test_a_partial_knows_the_events_of_the_messages_that_use_it(at) -> None:
    """In the HTML of an email the properties are those of the email's event."""
    path = "emails/delivered.html"
    at.desk.write(path, "<p>{{triggerEvent.custom['")
    assert "left_at" in labels(at, path, "custom['")


def test_nothing_is_proposed_where_nothing_is_known(at) -> None:
    """Prose in a description gets no proposals."""
    at.type(TEXTS, "event: order_shipped\n", "description: It says that \n")
    assert labels(at, TEXTS, "It says that ") == []


def test_every_reference_of_every_kind_is_completed() -> None:
    """If a kind refers to others under a new key, the key stands in the table of those whose ids are proposed."""
    project = load(ALL_FIELDS).linked().project
    for resource in project.resources.values():
        for reference in resource.kind.references(resource.model):
            key = next(step for step in reversed(reference.pointer) if isinstance(step, str))
            assert reference.target.partition(".")[0] in REFERENCES.get(key, ()), (resource.address, key)
