"""A saved plan is held against what it was made of."""

from __future__ import annotations

import json

import pytest

from deployer.engine.desired import desired
from deployer.engine.saved_plan import SavedPlan, inputs
from deployer.kinds.base import GuardError
from deployer.source import digest
from deployer.state.shape_error import ShapeError


def made(world):
    """What a plan of the world is made from now."""
    with world.connect() as connection:
        everything = desired(connection.project)
        return inputs(everything, connection.environment, world.environ)


@pytest.fixture
def saved(world, make):
    """A plan with a secret, as it is read from its file."""
    world.resources = [make.webhook(url={"env": "HOOK_URL"}), make.segment()]
    text = json.dumps(SavedPlan.of(world.plan(), made(world)).to_json())
    assert make.phone not in text
    assert make.hook_url not in text
    return json.loads(text)


def test_what_was_saved_is_read_and_holds(world, saved):
    """The file gives the plan that was saved, and nothing has changed."""
    again = SavedPlan.from_json(saved)
    again.check(made(world))
    assert again.plan == world.plan()


@pytest.mark.parametrize(("name", "value"), [("HOOK_URL", "https://other.example/x"), ("TEST_PHONE", "+12065550188")])
def test_another_value_is_refused_by_its_name(world, saved, name, value):
    """A secret or a test contact that isn't the one the plan was made with is named, never shown."""
    world.environ[name] = value
    with pytest.raises(GuardError, match="isn't the one that the plan was made with") as refused:
        SavedPlan.from_json(saved).check(made(world))
    assert value not in refused.value.message


def test_another_test_contact_is_refused(world, saved):
    """A test contact more, or less, than when the plan was made is refused."""
    world.production["test_contacts"].append({"email": "second@northwind.example"})
    with pytest.raises(GuardError, match="test contacts changed"):
        SavedPlan.from_json(saved).check(made(world))


def test_a_value_that_was_not_known_may_be_any(world, make):
    """A plan that was made where the test contact isn't known is applied where it is."""
    world.resources = [make.segment()]
    phone = world.environ.pop("TEST_PHONE")
    data = SavedPlan.of(world.plan(), made(world)).to_json()
    world.environ["TEST_PHONE"] = phone
    SavedPlan.from_json(data).check(made(world))


def edited(data):
    """A file in which somebody unblocked, renamed or dropped something."""
    yield {**data, "prune": True}
    yield {**data, "changes": data["changes"][:1]}
    yield {**data, "made_from": {}}
    yield {**data, "versions": {**data["versions"], "segment.testers": 7}}


def test_an_edited_plan_is_refused(saved):
    """Whatever is changed in the file, it isn't the plan that was reviewed."""
    for data in edited(saved):
        with pytest.raises(GuardError, match="was changed after") as refused:
            SavedPlan.from_json(data)
        assert "plan again" in refused.value.hint


@pytest.mark.parametrize("edit", [lambda made: made.pop("HOOK_URL"), lambda made: made.update(HOOK_URL="")])
def test_a_secret_is_held_whatever_the_file_leaves_out(world, saved, edit):
    """If the digest of a secret was taken out of the file, the secret isn't one that the plan was made with."""
    edit(saved["made_from"])
    saved["digest"] = digest({name: value for name, value in saved.items() if name != "digest"})
    with pytest.raises(GuardError, match="HOOK_URL isn't the one"):
        SavedPlan.from_json(saved).check(made(world))


@pytest.mark.parametrize("missing", ["made_from", "digest"])
def test_a_plan_without_its_digest_is_none(saved, missing):
    """What `--format json` prints isn't a saved plan."""
    del saved[missing]
    with pytest.raises(ShapeError, match="plan --out"):
        SavedPlan.from_json(saved)


@pytest.mark.parametrize("edit", [lambda data: data["changes"].pop(), lambda data: data.update(seal="0" * 64)])
def test_who_lacks_the_values_cannot_seal_an_edited_plan(world, saved, edit):
    """If a plan is edited and its digest made again, the seal shows it: it is keyed with the secrets."""
    assert SavedPlan.from_json(saved).sealed(made(world))
    edit(saved)
    saved["digest"] = digest({name: value for name, value in saved.items() if name != "digest"})
    assert not SavedPlan.from_json(saved).sealed(made(world))


def test_another_api_key_may_apply_it(world, saved):
    """If a key that reads only made the plan, the one that writes applies it."""
    world.environ["ORDERS_KEY"] = "key-that-writes"
    kept = SavedPlan.from_json(saved)
    kept.check(made(world))
    assert kept.sealed(made(world))


def test_a_plan_of_an_earlier_version_is_named_as_that(saved):
    """A plan that was saved before there were seals isn't called edited."""
    del saved["seal"]
    saved["digest"] = digest({name: value for name, value in saved.items() if name != "digest"})
    with pytest.raises(ShapeError, match="saved by an earlier version of deployer"):
        SavedPlan.from_json(saved)


@pytest.mark.parametrize("known", [7, None, ["x"], "é"])
def test_digests_of_values_are_digests(world, saved, known):
    """If a digest in the file is anything else, the plan is refused, not a bug."""
    saved["made_from"]["HOOK_URL"] = known
    saved["digest"] = digest({name: value for name, value in saved.items() if name != "digest"})
    with pytest.raises((ShapeError, GuardError), match=r"should be digests|HOOK_URL isn't the one"):
        SavedPlan.from_json(saved).check(made(world))
