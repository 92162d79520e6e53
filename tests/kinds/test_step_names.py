"""What a step is called in tasks: its words and its place, since Attentive doesn't know our ids."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from deployer.kinds.journey import parse, walk
from deployer.kinds.journey.naming import LONGEST, excerpt, names

TEXTS = {
    "short": "Order {{triggerEvent.custom['Order Id']}} comes today.",
    "detailed": "Order {{triggerEvent.custom['Order Id']}} is on the van and comes today. Not at home?",
    "thanks": "Thank you.",
}
JOURNEY = {
    "id": "out",
    "name": "Out for delivery",
    "category": "transactional",
    "trigger": "out",
    "steps": [
        {"id": "pause", "wait": {"for": "2 hours"}},
        {
            "id": "test",
            "ab_test": {
                "variants": [
                    {
                        "name": name,
                        "share": 50,
                        "steps": [
                            {
                                "id": name,
                                "send_text": {"message": name, "quiet_hours": "ignore", "smart_sending": "ignore"},
                            }
                        ],
                    }
                    for name in ("short", "detailed")
                ]
            },
        },
        {"id": "thanks", "send_text": {"message": "thanks", "quiet_hours": "ignore", "smart_sending": "ignore"}},
    ],
}


def wanted(step):
    """The value of a step's task, as the journey's units give it."""
    if step.key.startswith("send."):
        return {"channel": "text", "text": TEXTS[step.message]}
    if step.key.startswith("wait."):
        return {"for": step.duration}
    return {"variants": [{"name": lane.name, "share": lane.share} for lane in step.lanes]}


def named(existing=None):
    """The names of the steps of the journey."""
    return names(walk(parse("journey.out", "out", JOURNEY)), existing or {}, wanted)


def test_steps_of_a_new_journey_are_called_by_what_they_shall_say():
    """A step that isn't there yet is added at a place that is described by what is above it."""
    found = named()
    assert found["wait.pause"].task == "Add the wait of 2 hours"
    assert found["wait.pause"].where == "right after the trigger"
    assert found["send.detailed"].task == "Add the text “Order … is on the van and comes today …”, variant “detailed”"
    assert found["send.detailed"].where == "at the top of variant “detailed”"
    assert found["send.thanks"].where == "right after the A/B test “short / detailed”"


def test_a_step_that_is_there_is_called_by_what_it_says_now():
    """A person looks for the words that are on the canvas, not for those that shall be."""
    found = named({"send.thanks": {"channel": "text", "text": "Thanks a lot."}})
    assert found["send.thanks"].task == "Change the text “Thanks a lot.”"


def sends(name, message):
    """A step that sends a text."""
    return {"id": name, "send_text": {"message": message, "quiet_hours": "ignore", "smart_sending": "ignore"}}


def by(dimension, value, then, other):
    """A branch with one case."""
    return {"cases": [{"when": {dimension: value}, "steps": then}], "else": other}


def called(steps):
    """The names of the steps of a journey, branches too."""

    def says(step):
        if step.key.startswith("branch."):
            return {"cases": [dict(lane.condition) for lane in step.lanes if lane.condition]}
        return wanted(step)

    return names(walk(parse("journey.out", "out", {**JOURNEY, "steps": steps})), {}, says)


def test_a_lane_of_a_branch_in_a_branch_says_whose_it_is():
    """A text for promotional subscribers put under the wrong “Else” would reach those who never agreed to it."""
    inner = {"id": "device", "branch": by("device", "Mobile", [], [sends("ask", "thanks")])}
    found = called([{"id": "who", "branch": by("subscription", "both", [inner], [])}])
    assert found["send.ask"].where == "at the top of branch “Else” of the branch by device type"
    assert found["send.ask"].task == "Add the text “Thank you.”, branch “Else” of the branch by device type"


def test_branches_by_the_same_dimension_are_counted():
    """Two branches by device type have an “Else” each: the person is told which branch it is from the top."""
    first = {"id": "one", "branch": by("device", "Mobile", [], [sends("ask", "short")])}
    second = {"id": "two", "branch": by("device", "Mobile", [], [sends("again", "thanks")])}
    found = called([first, second])
    assert found["branch.two"].where == "right after the 1st branch by device type"
    assert found["send.again"].where == "at the top of branch “Else” of the 2nd branch by device type"


def test_steps_that_read_the_same_are_told_apart():
    """Two waits of one length in a lane are counted; a text that two variants send has its variant with it."""
    waits = [{"id": name, "wait": {"for": "1 day"}} for name in ("one", "two")]
    variants = [
        {"name": name, "share": 50, "steps": [sends(f"{name}_text", "thanks"), sends(f"{name}_more", "short")]}
        for name in ("a", "b")
    ]
    found = called([waits[0], sends("text", "detailed"), waits[1], {"id": "test", "ab_test": {"variants": variants}}])
    assert found["wait.two"].task == "Add the 2nd wait of 1 day"
    assert found["ab_test.test"].where == "right after the 2nd wait of 1 day"
    assert found["send.b_more"].where == "right after the text “Thank you.”, variant “b”"


@given(st.text())
def test_an_excerpt_is_one_short_line(words):
    """Whatever a message says, its name fits a line of a terminal and a box of an issue."""
    shown = excerpt(words)
    assert len(shown) <= LONGEST
    assert len(shown.splitlines()) <= 1
    assert shown == shown.strip()
