"""``deployer list --status``: how far each declaration has come, by what is recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from deployer.app.deploying import Deployment
from deployer.cli.commands import list as list_command

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Deployer


@pytest.fixture
def statuses(deployer: Deployer):
    """Each address and its status, of a project, by ``list --status STATUS``."""

    def listed(project: Path, status: str = "any") -> dict[str, str]:
        done = deployer("list", "--status", status, "--project", project, "--format", "json")
        assert done.code == 0, done.err
        return {one["address"]: one["status"] for one in done.data["resources"]}

    return listed


def test_the_choices_are_the_statuses() -> None:
    """The command offers each status that there is, in order."""
    assert list(list_command.STATUSES) == [one.value for one in Deployment]


def test_before_an_apply_all_is_new(tea: Path, statuses) -> None:
    """Where nothing is recorded, whatever can be brought about is new; a property and a message have no status."""
    found = statuses(tea)
    assert set(found.values()) == {"new"}
    kinds = {address.partition(".")[0] for address in found}
    assert kinds >= {"event_type", "journey", "opt_in_source"}
    assert not kinds & {"property", "message"}


def test_after_an_apply_what_people_do_waits(tea: Path, statuses, deployer: Deployer) -> None:
    """What the API does is done; a journey waits for its clicks, and text and markdown say so before the place."""
    assert deployer("apply", "--yes", "--project", tea).code == 0
    found = statuses(tea)
    assert {found[one] for one in found if one.startswith("event_type.")} == {"done"}
    assert {found[one] for one in found if one.startswith("journey.")} == {"waiting"}
    for format_ in ("text", "markdown"):
        listed = "list", "journey", "--project", tea, "--format", format_
        assert "waiting, resources.yaml:" in deployer(*listed, "--status", "waiting").out
        assert "waiting" not in deployer(*listed).out


def test_confirmed_and_changed(launched: Path, statuses, edit) -> None:
    """A journey whose tasks are confirmed is done; it is changed once its text reads otherwise."""
    assert statuses(launched)["journey.order_shipped"] == "done"
    edit(launched / "messages" / "parcels.yaml", "is on its way and", "is on the way and")
    assert statuses(launched, "changed") == {"journey.order_shipped": "changed"}
