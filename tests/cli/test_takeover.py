"""Taking over on the command line: import, baseline from a folder, what somebody saw, and stopping at once."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import pytest

from deployer.cli import exits

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.commands import Done

    Deployer = Callable[..., Done]

NEW = """\
# yaml-language-server: $schema=schemas/deployer.schema.json
version: 1
project: northwind
brand: {name: Northwind}
apps: {orders: {}}
environments:
  sandbox: {target: sandbox} # in braces
"""
WORDS = "Tea order {{triggerEvent.custom['order_id']}} is on its way. {{triggerEvent.custom['tracking_url']}}"
JOURNEY = "journey.shipped"


@pytest.fixture
def bare(launched: Path, tmp_path: Path) -> Path:
    """A project that declares nothing yet, on an account in which a shop was launched."""
    folder = tmp_path / "bare"
    (folder / ".deployer" / "sandbox").mkdir(parents=True)
    (folder / "deployer.yaml").write_text(NEW, encoding="utf-8")
    shutil.copy(launched / ".deployer" / "sandbox" / "sandbox.sqlite", folder / ".deployer" / "sandbox")
    return folder


@pytest.fixture
def running(tea: Path, deployer: Deployer) -> Path:
    """The small shop, recorded as running."""
    (tea / "pasted").mkdir()
    (tea / "pasted" / "shipped_text.txt").write_text(WORDS + "\n", encoding="utf-8")
    assert deployer("baseline", "--all", tea / "pasted", "--project", tea).code == exits.DONE
    return tea


def files(folder: Path) -> dict[str, bytes]:
    """Every YAML file of a project."""
    return {path.name: path.read_bytes() for path in folder.rglob("*.yaml")}


def test_import_writes_what_the_plan_then_adopts(bare: Path, deployer: Deployer) -> None:
    """If an account is imported, the project is valid, the plan only adopts, and a second import writes nothing."""
    done = deployer("import", "--project", bare)
    assert done.code == exits.DONE
    assert "company_id" in done.out
    assert "webhook.hooks_northwind_attentive_sandbox" in done.out
    assert deployer("validate", "--project", bare).code == exits.DONE
    plan = deployer("plan", "--project", bare, "--format", "json").data
    assert {(one["action"], len(one["fields"]), one["blocked"]) for one in plan["changes"]} == {("adopt", 0, "")}
    before = files(bare)
    again = deployer("import", "--project", bare)
    assert again.out.startswith("Nothing new to import from sandbox.")
    assert files(bare) == before
    first = (bare / "webhooks.yaml").read_text(encoding="utf-8").partition("\n")[0]
    assert first == "# yaml-language-server: $schema=schemas/resource.schema.json"


def test_a_dry_run_shows_the_files_and_writes_none(bare: Path, deployer: Deployer) -> None:
    """If it is a dry run, the whole files are shown, in JSON as in text, and the folder stays as it is."""
    before = files(bare)
    text = deployer("import", "--dry-run", "--out", bare / "imported", "--project", bare).out
    data = deployer("import", "--dry-run", "--out", bare / "imported", "--project", bare, "--format", "json").data
    assert "kind: Webhook" in text
    assert "imported/webhooks.yaml" in data["files"]
    assert not data["written"]
    assert files(bare) == before


def test_a_folder_of_texts_is_reported_whole(running: Path, deployer: Deployer, edit: Any) -> None:
    """If a text differs, the words are shown, everything is reported first, and the exit code is 1 in every format."""
    edit(running / "pasted" / "shipped_text.txt", "is on its way", "has left")
    (running / "pasted" / "other.txt").write_text("?", encoding="utf-8")
    done = deployer("baseline", "--all", running / "pasted", "--project", running)
    assert done.code == exits.FAILED
    assert "[-has left-]{+is on its way+}" in " ".join(done.out.replace("|", "").split())
    assert "other.txt" in done.out
    data = deployer("baseline", "--all", running / "pasted", "--project", running, "--format", "json")
    assert (data.code, data.data["ok"], data.data["unused"]) == (exits.FAILED, False, ["other.txt"])
    assert [one["outcome"] for one in data.data["texts"]] == ["differs"]


def test_what_was_taken_over_needs_no_work(running: Path, deployer: Deployer) -> None:
    """If the texts are the declared ones, the journey and its event are recorded, and nothing of them is asked."""
    plan = deployer("plan", "--project", running, "--format", "json").data
    asked = {change["address"] for change in plan["changes"]}
    assert not asked & {JOURNEY, "event_type.order_shipped"}


def test_what_somebody_saw_comes_from_standard_input(running: Path, process: Any, deployer: Deployer) -> None:
    """If a hot fix is pasted, the plan shows the way back, said to be observed, and `absorb` is pointed at."""
    done = process("record-live", "message.shipped_text", "--text", "-", "--project", running, stdin="Hot fix.\n")
    assert (done.code, done.err) == (exits.DONE, "")
    assert "deployer absorb message.shipped_text --text FILE" in done.out
    plan = deployer("plan", "--project", running).out
    assert "text: (observed)" in plan
    assert "- Hot fix." in plan


def test_a_value_and_a_status(running: Path, deployer: Deployer) -> None:
    """If a text is given on the line, or a journey was turned off by hand, that is recorded as well."""
    said = deployer("record-live", "message.shipped_text", "--value", WORDS, "--project", running)
    assert (said.code, "unchanged" in said.out) == (exits.DONE, True)
    data = deployer("record-live", JOURNEY, "--status", "off", "--project", running, "--format", "json").data
    assert data == {
        "version": 1,
        "environment": "sandbox",
        "recorded": [f"{JOURNEY}/turn_off"],
        "unchanged": [],
        "differs": [JOURNEY],
    }


def test_what_the_api_shows_is_not_told(running: Path, deployer: Deployer) -> None:
    """If the API can read it, `drift` is pointed at, and nothing is recorded."""
    refused = deployer("record-live", "webhook.receipts", "--value", "x", "--project", running)
    assert refused.code == exits.FAILED
    assert "deployer drift" in refused.err


def test_stopping_prints_the_clicks_and_every_plan_the_debt(running: Path, deployer: Deployer, edit: Any) -> None:
    """If a journey is stopped, the clicks are printed, the plan and the checklist say so until the YAML agrees."""
    stopped = deployer("stop", "shipped", "--reason", "wrong link", "--by", "ana", "--project", running)
    assert stopped.code == exits.DONE
    assert "Turn it off" in stopped.out
    assert "wrong link" in stopped.out
    assert "stopped by ana" in " ".join(deployer("plan", "--project", running).out.split())
    assert "stopped by ana" in " ".join(deployer("status", "--project", running).out.split())
    edit(running / "resources.yaml", "status: active", "status: inactive")
    deployer("apply", "--yes", "--project", running)
    assert "stopped by ana" not in " ".join(deployer("plan", "--project", running).out.split())


def test_lifting_a_stop(running: Path, deployer: Deployer) -> None:
    """If a stop is lifted, nothing of it is left; a second time there is nothing to lift."""
    deployer("stop", "shipped", "--reason", "wrong link", "--project", running)
    assert "no longer stopped" in deployer("stop", "shipped", "--lift", "--project", running).out
    again = deployer("stop", "shipped", "--lift", "--project", running, "--format", "json")
    assert (again.code, again.data["lifted"]) == (exits.DONE, False)
    assert "stopped by" not in deployer("plan", "--project", running).out


def test_a_misspelt_journey_is_pointed_at(running: Path, deployer: Deployer) -> None:
    """If the journey isn't known, the nearest one is named and nothing is recorded."""
    refused = deployer("stop", "shiped", "--reason", "wrong link", "--project", running)
    assert (refused.code, JOURNEY in refused.err) == (exits.FAILED, True)
