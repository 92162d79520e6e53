"""Confirmations grow old where the project says so: `status` lists them, and `baseline` says them anew."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

import deployer
from deployer.engine.baseline import DifferentTextError
from deployer.engine.confirm import ConfirmError
from deployer.engine.old_confirmations import look_again
from deployer.views.status import status_json, status_markdown, status_summary, status_text

ID = "journey.order_shipped"
BODY = "Order {{triggerEvent.custom['Order Id']}} left."
SAID = datetime(2026, 5, 10, 12, tzinfo=UTC)
"""When the confirmations of these tests are said."""


@pytest.fixture
def launched(shop_world, make):
    """A shop whose every task was confirmed, in a project that lets confirmations grow 180 days old."""
    shop_world.settings["confirmations"] = {"max_age": "180 days"}
    shop_world.put(make.journey(steps=[make.send("text", "shipped_text")]))
    shop_world.drop("Message", "shipped_email")
    shop_world.settle()
    return shop_world


def found(world, days):
    """What is to be looked at again so many days after it was confirmed."""
    with world.connect() as connection:
        return look_again(connection.project, connection.state(), lambda: SAID + timedelta(days=days))


def old(world, days):
    """The addresses of that."""
    return [one.address for one in found(world, days)]


def again(make, days):
    """What Ana says so many days later."""
    return replace(make.said(), at=(SAID + timedelta(days=days)).isoformat())


def test_young_confirmations_are_taken_for_true(launched):
    """Up to the greatest age nothing is listed; without one nothing ever is."""
    assert old(launched, 180) == []
    assert ID in old(launched, 181)
    del launched.settings["confirmations"]
    assert old(launched, 5000) == []


def test_an_old_one_is_said_anew_with_its_text(launched, make):
    """Taking over again compares the pasted text first; then it isn't old any more, and nothing else changed."""
    before = launched.state().entry(ID)
    late = again(make, 200)
    with launched.connect() as connection:
        with pytest.raises(ConfirmError, match="must be compared first"):
            deployer.baseline(connection, ID, None, late)
        with pytest.raises(DifferentTextError):
            deployer.baseline(connection, ID, "Another text.", late)
        assert f"{ID}/turn_on" in deployer.baseline(connection, ID, BODY, late)
        assert deployer.baseline(connection, ID, BODY, late) == ()
    after = launched.state().entry(ID)
    assert (after.live, after.draft, after.tasks) == (before.live, before.draft, before.tasks)
    assert {said.at for said in after.confirmations.values()} == {late.at}
    assert ID not in old(launched, 201)
    assert launched.plan().empty


def test_a_folder_of_texts_says_them_all_anew(launched, make, tmp_path):
    """With a folder the same goes for every journey; a text that is missing leaves its journey old."""
    folder = tmp_path / "pasted"
    folder.mkdir()
    with launched.connect() as connection:
        assert ID not in deployer.baseline_all(connection, folder, again(make, 200)).recorded
        (folder / "shipped_text.txt").write_text(BODY)
        assert ID in deployer.baseline_all(connection, folder, again(make, 200)).recorded
        assert ID in deployer.baseline_all(connection, folder, again(make, 201)).already
    assert ID not in old(launched, 201)


def test_status_lists_them(launched):
    """The checklist names each address with its oldest confirmation and the command that says it anew."""
    with launched.connect() as connection:
        checklist = deployer.launch(connection)
    listed = found(launched, 400)
    shown = replace(checklist, again=listed)
    assert "baseline ADDRESS --env production" in status_text(shown)
    assert f"{ID}: " in status_markdown(shown)
    assert "the oldest from 2026-05-10 by ana" in " ".join(status_text(shown).split())
    assert f"{len(listed)} to look at again" in status_summary(shown)
    assert '"at": "2026-05-10T12:00:00+00:00"' in status_json(shown)


@pytest.mark.parametrize("age", ["180", "0 days", "six months", 180, "99999 days"])
def test_an_age_that_is_none(shop_world, age):
    """Anything but a number of days is a problem of `deployer.yaml`."""
    shop_world.settings["confirmations"] = {"max_age": age}
    [problem] = shop_world.workspace().check()
    assert (problem.position.path, problem.rule.partition("/")[0]) == ("deployer.yaml", "settings")
