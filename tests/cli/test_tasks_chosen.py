"""``deployer tasks`` for one owner, and for what can be done now."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from deployer.cli import exits

if TYPE_CHECKING:
    from collections.abc import Callable

    Deployer = Callable[..., Any]

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "northwind"


@pytest.fixture
def shop(tmp_path: Path, deployer: Deployer) -> Path:
    """The example, applied to its sandbox, with every task open."""
    folder = Path(shutil.copytree(EXAMPLE, tmp_path / "shop", ignore=shutil.ignore_patterns(".deployer")))
    assert deployer("apply", "--yes", "--project", folder).code == exits.DONE
    return folder


def listed(deployer: Deployer, shop: Path, *options: str) -> list[dict[str, Any]]:
    """The tasks that are listed."""
    done = deployer("tasks", "--format", "json", "--project", shop, *options)
    assert done.code == exits.DONE
    found: list[dict[str, Any]] = json.loads(done.out)["tasks"]
    return found


def test_the_tasks_of_one_owner(shop: Path, deployer: Deployer) -> None:
    """Each owner has the tasks that are theirs, and together they have all that belong to an owner."""
    everything = listed(deployer, shop)
    owners = {one["assignee"] for one in everything if one["assignee"]}
    assert len(owners) > 1
    found = [one["id"] for owner in sorted(owners) for one in listed(deployer, shop, "--owner", owner)]
    assert sorted(found) == sorted(one["id"] for one in everything if one["assignee"])


def test_what_can_be_done_now(shop: Path, deployer: Deployer) -> None:
    """A task that another one comes before isn't ready; what is ready is named with its owner's alone, too."""
    everything = listed(deployer, shop)
    ready = {one["id"] for one in listed(deployer, shop, "--ready")}
    assert ready == {one["id"] for one in everything if not one["after"]}
    assert 0 < len(ready) < len(everything)
    owner = next(one["assignee"] for one in everything if one["id"] in ready and one["assignee"])
    both = {one["id"] for one in listed(deployer, shop, "--ready", "--owner", owner)}
    assert both == {one["id"] for one in everything if one["id"] in ready and one["assignee"] == owner}


def test_an_owner_who_has_none(shop: Path, deployer: Deployer) -> None:
    """A name that no task has is refused, with the nearest."""
    done = deployer("tasks", "--owner", "fulfilmnt", "--project", shop)
    assert done.code == exits.USAGE
    assert "no open task belongs to `fulfilmnt`" in done.err
    assert "did you mean `fulfilment`?" in done.err


def test_the_page_chooses_by_itself(shop: Path, deployer: Deployer, tmp_path: Path) -> None:
    """The options are the list's; the page has a choice."""
    done = deployer("tasks", "--ready", "--page", tmp_path / "tasks.html", "--project", shop)
    assert done.code == exits.USAGE
    assert "--owner and --ready are for the list" in done.err
