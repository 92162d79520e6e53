"""One project in several environments: patches, limits, and records that know nothing of each other."""

from __future__ import annotations

import shutil

import pytest

import deployer
from deployer.engine.changes import tasks_of
from deployer.source import ProblemsError
from deployer.state import StateError


@pytest.fixture
def both(world, make):
    """A project whose production differs from its sandbox."""
    world.resources = [
        make.event(),
        make.text(per_environment={"production": {"body": "Order is away."}}),
        make.journey(per_environment={"production": {"re_entry": {"cooldown": "1 day"}}}),
        make.segment(environments=["production"]),
        make.webhook(per_environment={"production": {"url": {"env": "HOOK_URL"}}}),
    ]
    return world


def text(plan):
    """The text that a plan's journey task asks for."""
    [task] = [task for one in plan.changes for task in tasks_of(one) if task.id.endswith("/send.text")]
    return task.value["text"]


def in_sandbox(world, work):
    """Do something with the project connected to its embedded sandbox."""
    with deployer.connect(world.workspace(), environ={}) as connection:
        return work(connection)


def test_patches_and_limits_hold_in_their_environment(both):
    """Production gets its patch and its segment; the sandbox gets neither, nor asks for production's secrets."""
    production, sandbox = both.plan(), in_sandbox(both, deployer.plan)
    assert text(production) == "Order is away."
    assert text(sandbox).endswith("left.")
    assert "segment.testers" in [one.address for one in production.changes]
    assert "segment.testers" not in [one.address for one in sandbox.changes]


def test_each_environment_has_its_own_record(both):
    """Applying one environment leaves the other as it was."""
    in_sandbox(both, lambda connection: deployer.apply(connection, deployer.plan(connection)))
    assert both.dump("events") == []
    assert not both.state_file.exists()
    both.settle()
    assert both.plan().empty
    assert len(in_sandbox(both, lambda connection: connection.state()).open_tasks()) > 0


def test_a_limited_resource_that_is_referred_to_elsewhere(both, make):
    """A reference to what doesn't exist in an environment is a problem there, and there only."""
    branch = {"cases": [{"when": {"segment": "testers"}, "steps": [make.send("text", "shipped_text")]}], "else": []}
    both.put(make.journey(steps=[{"id": "who", "branch": branch}]))
    references = {
        name: [problem.rule for problem in both.workspace().check(name) if problem.rule.startswith("reference/")]
        for name in ("production", "sandbox")
    }
    assert references == {"production": [], "sandbox": ["reference/not-here"]}
    with pytest.raises(ProblemsError):
        both.workspace().project("sandbox")


def test_leaving_an_environment_is_a_removal_there(both, make):
    """A resource that no longer exists in an environment is pruned there."""
    both.settle()
    both.put(make.segment(environments=["sandbox"]))
    assert [note.address for note in both.plan().notes] == ["segment.testers"]
    both.settle(prune=True)
    assert "segment.testers" not in both.state().entries


def test_the_state_of_another_environment_is_refused(both):
    """An environment can't go on from the record of another one by mistake."""
    in_sandbox(both, lambda connection: deployer.apply(connection, deployer.plan(connection)))
    both.state_file.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(both.root / ".deployer" / "state" / "sandbox.json", both.state_file)
    with pytest.raises(StateError, match="sandbox"):
        both.plan()


def test_messages_are_rendered_as_they_are_in_an_environment(both):
    """Rendering shows the environment's words for a sample, with the brand in front of a text."""
    [production] = deployer.render_messages(both.workspace().project("production"))
    [sandbox] = deployer.render_messages(both.workspace().project("sandbox"), "shipped_text", "happy")
    assert production.rendered["body"] == "Order is away."
    assert sandbox.reads("body") == "Northwind: Order 54321 left."
    assert sandbox.composer["body"] == "Order {{triggerEvent.custom['Order Id']}} left."
    with pytest.raises(deployer.UsageError, match="no message"):
        deployer.render_messages(both.workspace().project("sandbox"), "shiped_text")


def test_the_front_door_is_the_library():
    """Whatever `deployer` exports is there, in order."""
    assert {"load", "plan", "apply"} <= set(deployer.__all__)
    assert sorted(deployer.__all__) == deployer.__all__
    assert all(getattr(deployer, name) for name in deployer.__all__)
