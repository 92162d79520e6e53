"""What is offered for a finding mends it; a rename leaves a project that is sound."""

from __future__ import annotations

import pytest

from deployer.editor.fixing import fixes
from deployer.editor.lenses import lenses
from deployer.editor.renaming import renamable, rename
from deployer.errors import UsageError
from tests.editor.conftest import JOURNEY, TEXTS

EVENT = "events/order_shipped.yaml"
SEGMENT = "segments/testers.yaml"
MMS = "Attentive makes the text an MMS with it."
MACRO = "Write {{triggerEvent.custom['Order Id']}}"


@pytest.mark.parametrize(
    ("path", "old", "new", "title"),
    [
        (TEXTS, "custom['Order Id']", "custom['Order ID']", "Write Order Id"),
        (TEXTS, "custom['Order Id']", "order_id", "Write triggerEvent.custom['Order Id']"),
        (TEXTS, "custom['Order Id']", "data['Order Id']", "Write triggerEvent.custom['Order Id']"),
        (TEXTS, "event: order_shipped\n", "event: order_shiped\n", "Write order_shipped"),
        (JOURNEY, "quiet_hours: respect", "quiet_hour: respect", "Write quiet_hours"),
        ("properties/orders.yaml", "minLength", "minlength", "Write minLength"),
        (EVENT, "tracking_url: https", "traking_url: https", "Write tracking_url"),
        ("segments/testers.yaml", "name: Internal testers", "name: 5", 'Write "5"'),
        (TEXTS, "custom['Order Id']", 'custom["Order Id"]', "Write triggerEvent.custom['Order Id']"),
        (TEXTS, "Order {{", "Your order\N{RIGHT SINGLE QUOTATION MARK}s {{", "Write '"),
        (TEXTS, "custom['Order Id']", "custom[\N{RIGHT SINGLE QUOTATION MARK}Order Id\N{PRIME}]", MACRO),
        (SEGMENT, "name: Internal testers", "name: Testers #2", 'Write "Testers #2"'),
        (
            SEGMENT,
            "People at Northwind who",
            "{{name}} and others who",
            'Write "{{name}} and others who try journeys first."',
        ),
        (SEGMENT, "People at Northwind who", "[[ name ]] who", 'Write "[[ name ]] who try journeys first."'),
        (SEGMENT, "People at Northwind who", "{% if x %}who", 'Write "{% if x %}who try journeys first."'),
        (EVENT, "A photo of the packed parcel;", "A photo, sharp;", f'Write "A photo, sharp; {MMS}"'),
        ("emails/delivered.html", "<body", "\N{ZERO WIDTH SPACE}<body", "Take it out"),
    ],
)
def test_what_a_hint_names_can_be_applied(at, path, old, new, title) -> None:
    """For a slip with a hint there is a change, and after it the finding is gone."""
    at.type(path, old, new)
    before = at.errors()
    assert before
    offered = [
        fix for problem in at.desk.problems()[path] for _, fix in fixes(at.desk, path, problem.position.line - 1)
    ]
    chosen = next(fix for fix in offered if fix.title == title)
    at.change(chosen.changes)
    assert len(at.errors()) < len(before)
    assert not any(title.removeprefix("Write ") in one for one in at.errors())


@pytest.mark.parametrize(
    "text",
    ["{{name}} and others\n  who try journeys", "{{name}} and others # who try", "{note: {{name}} and others}"],
)
def test_what_may_go_on_is_not_quoted(at, text) -> None:
    """A value of several lines, one with a comment and one in braces aren't quoted to the end of their line."""
    at.type(SEGMENT, "People at Northwind who try journeys first.", text)
    (problem, *_) = at.desk.problems()[SEGMENT]
    offered = [fix.title for _, fix in fixes(at.desk, SEGMENT, problem.position.line - 1)]
    assert not any(title.startswith("Write ") for title in offered)


def test_a_property_that_is_missing_can_be_declared(at) -> None:
    """A macro of a property that isn't declared is offered as one of its event, with a value in the samples."""
    at.type(TEXTS, "custom['Order Id']", "custom['gift_note']")
    (problem, *_) = at.desk.problems()[TEXTS]
    titles = {fix.title: fix for _, fix in fixes(at.desk, TEXTS, problem.position.line - 1)}
    at.change(titles["Declare the property gift_note in order_shipped"].changes)
    assert at.errors() == []


def test_a_finding_can_be_ignored_with_a_reason(at) -> None:
    """The comment goes above the line, or above the text that the finding is in, and leaves it out."""
    at.type(TEXTS, "Order {{", "SALE! 20% off now! Order {{")
    (problem, *_) = at.desk.problems()[TEXTS]
    offered = [fix for _, fix in fixes(at.desk, TEXTS, problem.position.line - 1)]
    ignored = next(fix for fix in offered if fix.title == f"Ignore {problem.rule} here, with a reason")
    assert not ignored.sure
    at.change(ignored.changes)
    at.type(TEXTS, "REASON", "the launch was agreed with legal")
    assert not [one for one in at.errors() if one.startswith(problem.rule)]


def test_a_renamed_id_is_renamed_everywhere_and_moved(at) -> None:
    """Each mention gets the new id, the settings say where it came from, and nothing new is wrong."""
    place = at.place(EVENT, "id: order_shipped")
    assert at.words(renamable(at.desk, EVENT, place)) == "order_shipped"
    at.change(rename(at.desk, EVENT, place, "order_sent"))
    assert at.errors() == []
    moved = at.desk.workspace.settings.moved
    assert [(one.old, one.new) for one in moved] == [("event_type.order_shipped", "event_type.order_sent")]
    journey = "id: order_shipped"
    at.change(rename(at.desk, JOURNEY, at.place(JOURNEY, journey), "order_sent"))
    assert at.errors() == []
    assert len(at.desk.workspace.settings.moved) == 2


@pytest.mark.parametrize("name", ["Order Sent", "order-sent", "order_delivered", ""])
def test_an_id_that_cannot_be_is_refused(at, name) -> None:
    """An id that isn't one, or is taken, changes nothing."""
    with pytest.raises(UsageError):
        rename(at.desk, EVENT, at.place(EVENT, "id: order_shipped"), name)
    with pytest.raises(UsageError, match="no id"):
        rename(at.desk, EVENT, at.place(EVENT, "description: The"), "order_sent")


def test_the_small_print_counts_segments(at) -> None:
    """Above each text is what it takes; of one that can't be rendered nothing is counted."""
    assert lenses(at.desk, TEXTS)[0].title == "segments 1\N{EN DASH}2 · preview"
    at.type(TEXTS, "Order {{", "Order {% if x %}{{")
    assert lenses(at.desk, TEXTS)[0].title == "preview"
