"""The same letters in another encoding: an editor that decomposes accents changes nothing for people."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from deployer.cli import exits

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.commands import Done


def test_decomposed_accents_ask_nobody(
    tea: Path, deployer: Callable[..., Done], edit: Callable[[Path, str, str], None]
) -> None:
    """If texts of journeys are the same but for the form of their accents, no task is asked; a new accent is one."""
    resources = tea / "resources.yaml"
    edit(resources, "body: Tea order", "body: Thé order")
    edit(resources, "name: Tea shipped", "name: Thé expédié")
    assert deployer("apply", "--yes", "--project", tea).code in {exits.DONE, exits.TASKS_WAIT}
    for _ in range(3):
        tasks = deployer("tasks", "--format", "json", "--project", tea).data["tasks"]
        deployer("confirm", *[one["token"] for one in tasks if one["commands"]], "--project", tea)
        deployer("apply", "--yes", "--project", tea)
    plan = ("plan", "--detailed-exitcode", "--project", tea)
    assert deployer(*plan).code == exits.DONE
    resources.write_text(unicodedata.normalize("NFD", resources.read_text("utf-8")), "utf-8")
    assert deployer(*plan).code == exits.DONE
    edit(resources, unicodedata.normalize("NFD", "body: Thé"), "body: Thè")
    assert deployer(*plan).code == exits.CHANGES


def test_a_change_that_cannot_be_seen_is_named(
    tea: Path, deployer: Callable[..., Done], edit: Callable[[Path, str, str], None]
) -> None:
    """If the API would write the same letters in another encoding, the plan says by which characters they differ."""
    resources = tea / "resources.yaml"
    edit(resources, "name: Testers", "name: Café testers")
    deployer("apply", "--yes", "--project", tea)
    resources.write_text(unicodedata.normalize("NFD", resources.read_text("utf-8")), "utf-8")
    shown = " ".join(deployer("plan", "--project", tea).out.split())
    assert "looks the same: U+00E9 became U+0065 U+0301" in shown
