"""What people do and say in any order: nothing counts as done that may not be so at Attentive."""

from __future__ import annotations

import os
from contextlib import suppress

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import deployer
from deployer.engine.changes import tasks_of
from deployer.engine.confirm import ConfirmError

JOURNEY = "journey.order_shipped"
EXAMPLES = int(os.environ.get("DEPLOYER_EXAMPLES", "20"))
SETTINGS = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))


class Builder:
    """Attentive's journey builder: a draft, what is live, whether it is on; and what its user has yet to say."""

    def __init__(self):
        self.draft = self.live = ""
        self.on = False
        self.unsaid = []

    def click(self, task):
        """Do what a task asks."""
        key = task.id.partition("/")[2]
        if key == "send.text":
            self.draft = task.value["text"]
        elif key == "turn_on":
            self.on, self.live = True, self.draft
        elif key == "turn_off":
            self.on = False
        self.unsaid.append(task.token)


def running(world, make):
    """A journey that runs with its first text, and the builder in which it was built."""
    world.resources = [make.event(), make.text(body="Text 0."), make.journey()]
    world.settle()
    builder = Builder()
    builder.draft = builder.live = "Text 0."
    builder.on = True
    return builder


def given_out(world):
    """Every task that was ever handed to people: a printed list doesn't change when the record does."""
    entry = world.state().entry(JOURNEY)
    return [task for task in entry.tasks.values() if task.id.partition("/")[2] in {"send.text", "turn_on", "turn_off"}]


def left(world):
    """The ids of what people are asked, or will be by the next apply."""
    plan = world.plan()
    return {task.id for change in plan.changes for task in tasks_of(change)} | {task.id for task in plan.waiting}


def say(world, builder, data):
    """Confirm something that was done, in whatever order: of an open task, that it is so now."""
    if builder.unsaid:
        token = builder.unsaid.pop(data.draw(st.integers(0, len(builder.unsaid) - 1), label="say"))
        task = world.state().task(token)
        if task.open:
            builder.click(task)
            builder.unsaid.pop()
        with suppress(ConfirmError):
            world.confirm(token)


def test_a_journey_that_is_off_is_noticed(worlds, make):
    """Stops, lifts, clicks and confirmations in any order: what is off and should run is asked to be turned on."""

    @SETTINGS
    @given(st.data())
    def check(data):
        world = worlds()
        builder = running(world, make)
        builder.unsaid.clear()

        def stop():
            with world.connect() as connection:
                deployer.stop(connection, JOURNEY, make.said(note="wrong link"))

        def lift():
            with world.connect() as connection:
                deployer.lift(connection, JOURNEY, make.said())

        def click():
            if asked := [task for task in given_out(world) if task.open]:
                builder.click(data.draw(st.sampled_from(asked), label="click"))

        steps = {"stop": stop, "lift": lift, "click": click, "apply": world.apply}
        steps["say"] = lambda: say(world, builder, data)
        for name in data.draw(st.lists(st.sampled_from(sorted(steps)), max_size=8), label="steps"):
            steps[name]()
        lift()
        world.apply()
        if not builder.on:
            assert f"{JOURNEY}/turn_on" in left(world)

    check()


def test_a_version_that_is_live_is_the_one_that_is_recorded(worlds, make):
    """Texts that follow each other, confirmed in any order: where another one is live, the last one is asked for."""

    @SETTINGS
    @given(st.data())
    def check(data):
        world = worlds()
        running(world, make)
        for number in range(1, data.draw(st.integers(1, 3), label="texts") + 1):
            world.put(make.text(body=f"Text {number}."))
            world.apply()
        for task in data.draw(st.permutations(list(world.state().entry(JOURNEY).tasks.values())), label="order"):
            with suppress(ConfirmError):
                world.confirm(task.token)
        recorded = world.state().entry(JOURNEY).live["send.text"]["text"]
        if recorded != f"Text {number}.":
            assert {f"{JOURNEY}/turn_on"} <= left(world)
            with world.connect() as connection:
                steps = deployer.launch(connection).steps
            assert steps[3].outcome == "open"

    check()
