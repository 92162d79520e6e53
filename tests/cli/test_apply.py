"""Applying: who agrees to it, exactly which plan, and a report whatever happens."""

from __future__ import annotations

import json
import os
import re
from typing import TYPE_CHECKING, Any

import pytest

from deployer.cli import exits
from deployer.source import digest
from deployer.state import open_backend

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Deployer = Callable[..., Any]

STATE = ".deployer/state/sandbox.json"
COLOR = re.compile(r"\x1b\[(\d+;)*[39]\d(;\d+)*m")
"""What turns the foreground of a terminal into another colour."""


def test_without_a_terminal_yes_is_needed(tea: Path, deployer: Deployer) -> None:
    """If nobody can be asked and --yes isn't said, that is wrong usage, and nothing is applied."""
    done = deployer("apply", "--project", tea)
    assert done.code == exits.USAGE
    assert "--yes" in done.err
    assert not (tea / STATE).exists()


@pytest.mark.parametrize(("answer", "code"), [("y", exits.DONE), ("n", exits.FAILED)])
def test_on_a_terminal_it_asks(answer: str, code: int, tea: Path, start: Callable[..., Any]) -> None:
    """If there is a terminal, the answer decides; "no" applies nothing and isn't a success."""
    started = start("apply", "--project", tea, columns=80)
    started.until("[y/N]")
    started.type(answer)
    assert started.end() == code
    assert (tea / STATE).exists() == (answer == "y")
    assert ("8 tasks wait" in started.seen) == (answer == "y")


def test_a_saved_plan_is_applied_as_it_was_saved(tea: Path, deployer: Deployer, tmp_path: Path) -> None:
    """If a plan was saved, exactly that is applied; a second time it is stale."""
    plan = tmp_path / "plan.json"
    assert deployer("plan", "--project", tea, "--out", plan).code == exits.DONE
    assert deployer("apply", plan, "--yes", "--project", tea).code == exits.DONE
    again = deployer("apply", plan, "--yes", "--project", tea)
    assert again.code == exits.FAILED
    assert "plan again" in again.err


@pytest.mark.parametrize("kept", [0, 1])
def test_an_edited_plan_is_refused_whatever_its_digest_says(
    kept: int, tea: Path, deployer: Deployer, tmp_path: Path
) -> None:
    """If changes were taken out of a saved plan and its digest was made again, it is refused: also with none left."""
    plan = tmp_path / "plan.json"
    deployer("plan", "--project", tea, "--out", plan)
    data = json.loads(plan.read_text(encoding="utf-8"))
    data["changes"] = data["changes"][:kept]
    data["digest"] = digest({name: value for name, value in data.items() if name != "digest"})
    plan.write_text(json.dumps(data), encoding="utf-8")
    done = deployer("apply", plan, "--yes", "--project", tea)
    assert (done.code, (tea / STATE).exists()) == (exits.FAILED, False)
    assert "this change is missing" in done.err
    assert "plan again" in done.err


EDITS: dict[str, Callable[[dict[str, Any]], object]] = {
    "changes": lambda data: data["changes"].clear(),
    "changes, and what was seen": lambda data: (data["changes"].clear(), data.update(seen="0" * 64)),
    "a fingerprint too": lambda data: (
        data.update(seen="0" * 64),
        data["fingerprints"].update({data["changes"].pop()["address"]: "0" * 64}),
    ),
    "a change that is blocked": lambda data: (data.update(seen="0" * 64), data["changes"][0].update(blocked="later")),
    "a note": lambda data: (data.update(seen="0" * 64), data["notes"].append({"address": "", "text": "x", "hint": ""})),
    "the seal": lambda data: data.update(seal="0" * 64),
}
"""What is edited in a saved plan, by name."""


@pytest.mark.parametrize("name", EDITS)
@pytest.mark.parametrize("moved", [False, True])
def test_an_edited_plan_is_refused_also_where_the_record_moved_on(
    name: str, moved: bool, tea: Path, deployer: Deployer, tmp_path: Path
) -> None:
    """If anything is edited in a saved plan and its digest made again, it is refused, whatever was confirmed since."""
    plan = tmp_path / "plan.json"
    waiting = asked(tea, deployer, plan)
    if moved:
        assert deployer("confirm", waiting, "--project", tea).code == exits.DONE
    before = (tea / STATE).read_bytes()
    data = json.loads(plan.read_text(encoding="utf-8"))
    EDITS[name](data)
    data["digest"] = digest({name: value for name, value in data.items() if name != "digest"})
    plan.write_text(json.dumps(data), encoding="utf-8")
    done = deployer("apply", plan, "--yes", "--project", tea)
    assert done.code == exits.FAILED
    assert "the plan was changed after" in " ".join(done.err.split())
    assert (tea / STATE).read_bytes() == before


def test_an_unrelated_confirmation_spoils_no_plan(tea: Path, deployer: Deployer, tmp_path: Path) -> None:
    """If a task of something else was confirmed since a plan was saved, the plan is applied."""
    plan = tmp_path / "plan.json"
    waiting = asked(tea, deployer, plan)
    assert deployer("confirm", waiting, "--project", tea).code == exits.DONE
    assert deployer("apply", plan, "--yes", "--project", tea).code == exits.DONE


def asked(tea: Path, deployer: Deployer, plan: Path) -> str:
    """Apply the shop, declare segments more and save their plan; a task of something else that waits."""
    assert deployer("apply", "--project", tea, "--yes").code == exits.DONE
    more = [
        f"kind: Segment\nid: {one}\nname: {one}\nexternal_id: {one}\ndescription: People." for one in ("fans", "pals")
    ]
    (tea / "more.yaml").write_text("\n---\n".join(more) + "\n", encoding="utf-8")
    assert deployer("plan", "--project", tea, "--out", plan).code == exits.DONE
    state = json.loads((tea / STATE).read_text(encoding="utf-8"))
    tasks = [task for entry in state["entries"].values() for task in entry.get("tasks", {}).items()]
    return str(next(token for token, task in tasks if task.get("confirmable", True)))


def moved_on(tea: Path, deployer: Deployer, plan: Path) -> str:
    """Save a plan of segments more, and let something else get lost from the record since; its address."""
    asked(tea, deployer, plan)
    lost = next(one for one in json.loads((tea / STATE).read_text(encoding="utf-8"))["entries"] if "journey" in one)
    assert deployer("state", "rm", lost, "--yes", "--project", tea).code == exits.DONE
    return lost


@pytest.mark.parametrize("format_", ["text", "json", "markdown"])
def test_what_a_saved_plan_lacks_is_in_the_report(format_: str, tea: Path, deployer: Deployer, tmp_path: Path) -> None:
    """If a change came up since a plan was saved, the report names it."""
    plan = tmp_path / "plan.json"
    lost = moved_on(tea, deployer, plan)
    done = deployer("apply", plan, "--yes", "--project", tea, "--format", format_)
    assert done.code == exits.DONE
    assert lost in done.out
    assert ("unplanned" if format_ == "json" else "not in the plan") in done.out


def test_what_a_saved_plan_lacks_is_shown_before_the_question(
    tea: Path, deployer: Deployer, start: Any, tmp_path: Path
) -> None:
    """On a terminal a person sees what the plan lacks before they agree to it."""
    plan = tmp_path / "plan.json"
    moved_on(tea, deployer, plan)
    started = start("apply", plan, "--project", tea, columns=80)
    started.until("[y/N]")
    assert "not in the plan:" in started.seen
    started.type("n")
    assert started.end() == exits.FAILED


def test_no_one_is_asked_about_an_edited_plan(tea: Path, deployer: Deployer, start: Any, tmp_path: Path) -> None:
    """On a terminal an edited plan is refused before the question, not after the answer."""
    plan = tmp_path / "plan.json"
    deployer("plan", "--project", tea, "--out", plan)
    data = json.loads(plan.read_text(encoding="utf-8"))
    data["changes"] = data["changes"][:1]
    data["digest"] = digest({name: value for name, value in data.items() if name != "digest"})
    plan.write_text(json.dumps(data), encoding="utf-8")
    started = start("apply", plan, "--project", tea, columns=80)
    started.until("this change is missing")
    assert started.end() == exits.FAILED
    assert "[y/N]" not in started.seen
    assert not (tea / STATE).exists()


def test_a_saved_plan_is_stale_once_the_yaml_changed(tea: Path, deployer: Deployer, edit: Any, tmp_path: Path) -> None:
    """If the YAML wants something else than the plan, the plan is refused."""
    plan = tmp_path / "plan.json"
    deployer("plan", "--project", tea, "--out", plan)
    edit(tea / "resources.yaml", "is on its way", "has left")
    done = deployer("apply", plan, "--yes", "--project", tea)
    assert (done.code, (tea / STATE).exists()) == (exits.FAILED, False)
    assert "the YAML changed" in done.err


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"version": 99}', "not JSON"])
def test_a_file_that_is_no_plan_is_told_as_such(content: str, tea: Path, deployer: Deployer, tmp_path: Path) -> None:
    """If the file isn't a plan, the error names it."""
    plan = tmp_path / "plan.json"
    plan.write_text(content, encoding="utf-8")
    done = deployer("apply", plan, "--yes", "--project", tea)
    assert done.code == exits.USAGE
    assert "plan.json" in done.err


def test_an_offline_plan_is_never_applied(tea: Path, deployer: Deployer, tmp_path: Path) -> None:
    """If a plan didn't look at Attentive, it is refused."""
    plan = tmp_path / "plan.json"
    deployer("plan", "--offline", "--project", tea, "--out", plan)
    done = deployer("apply", plan, "--yes", "--project", tea)
    assert done.code == exits.FAILED
    assert "offline" in done.err


@pytest.mark.parametrize("format_", ["text", "json", "markdown"])
def test_the_report_is_printed_when_a_change_fails(format_: str, tea: Path, deployer: Deployer, edit: Any) -> None:
    """If Attentive refuses one change, every format reports all of them, and the exit code is 1."""
    deployer("apply", "--yes", "--project", tea)
    edit(tea / "resources.yaml", "external_id: tea_testers", "external_id: other_testers")
    edit(tea / "resources.yaml", "events: [sms.sent]", "events: [sms.sent, email.opened]")
    done = deployer("apply", "--yes", "--project", tea, "--format", format_)
    assert done.code == exits.FAILED
    assert "segment.testers" in done.out
    assert "webhook.receipts" in done.out
    assert "blocked" in done.out


def test_removals_are_only_made_when_asked_for(tea: Path, deployer: Deployer) -> None:
    """If a resource is no longer declared it is kept and said; --prune removes it."""
    deployer("apply", "--yes", "--project", tea)
    text = (tea / "resources.yaml").read_text(encoding="utf-8")
    (tea / "resources.yaml").write_text(text.rpartition("---\nkind: Segment")[0], encoding="utf-8")
    kept = deployer("plan", "--project", tea)
    assert "no longer declared" in kept.out
    pruned = deployer("apply", "--yes", "--prune", "--project", tea, "--format", "json")
    assert pruned.code == exits.DONE
    assert [(one["action"], one["address"]) for one in json.loads(pruned.out)["outcomes"]] == [
        ("delete", "segment.testers")
    ]


def test_a_plan_of_another_environment_is_refused(tea: Path, deployer: Deployer, tmp_path: Path) -> None:
    """If a plan was made for another environment it is refused before anybody is asked, also where it is empty."""
    plan = tmp_path / "plan.json"
    for _ in range(2):
        deployer("plan", "--project", tea, "--out", plan)
        refused = deployer("apply", plan, "--project", tea, "--env", "account")
        assert (refused.code, refused.out) == (exits.FAILED, "")
        assert "the plan is for `sandbox`, not `account`" in refused.err
        deployer("apply", "--yes", "--project", tea)  # the second plan has nothing to do


def test_an_empty_plan_asks_nothing(tea: Path, deployer: Deployer, tmp_path: Path) -> None:
    """If there is nothing to apply, no agreement is needed, with a saved plan as without."""
    deployer("apply", "--yes", "--project", tea)
    deployer("plan", "--project", tea, "--out", tmp_path / "plan.json")
    for words in ((), (tmp_path / "plan.json",)):
        done = deployer("apply", *words, "--project", tea)
        assert (done.code, done.err) == (exits.DONE, "")
        assert done.out.splitlines()[-1].startswith("Nothing to do.")


@pytest.mark.parametrize("colored", [True, False], ids=["", "no color"])
def test_a_terminal_shows_a_bar_and_no_lines(colored: bool, tea: Path, start: Callable[..., Any]) -> None:
    """If progress goes to a terminal, it is a bar before the report, as colourless as everything else if asked."""
    started = start("apply", "--yes", "--project", tea, *["--no-color"] * (not colored), columns=80)
    assert started.end() == exits.DONE
    assert "create webhook.receipts: done" not in started.seen
    assert "Apply to sandbox done" in started.seen.rpartition("6/6")[2]
    assert bool(COLOR.search(started.seen)) == colored


def test_somebody_elses_lock_is_told_with_its_holder(tea: Path, deployer: Deployer) -> None:
    """If another run holds the state, nothing is applied, and the error says who runs what."""
    with open_backend(f"file:{STATE}", root=tea, environment="sandbox").lock("apply"):
        done = deployer("apply", "--yes", "--project", tea)
    assert done.code == exits.FAILED
    assert str(os.getpid()) in done.err
    assert "apply" in done.err
    assert not (tea / STATE).exists()


def test_only_applies_what_is_named_and_what_it_needs(tea, deployer) -> None:
    """With --only the plan names what comes along; the rest waits for another apply."""
    done = deployer("apply", "--yes", "--only", "journey.shipped", "--project", tea)
    assert done.code == exits.DONE
    assert "comes along" in done.out
    left = {change["address"] for change in deployer("plan", "--project", tea, "--format", "json").data["changes"]}
    assert left == {"custom_attribute.tier", "segment.testers", "webhook.receipts"}


def test_only_belongs_to_the_plan(tea, deployer) -> None:
    """A saved plan is applied as it was reviewed, or not at all."""
    done = deployer("apply", "plan.json", "--only", "journey.shipped", "--project", tea)
    assert done.code == exits.USAGE
    assert "--only belongs to the plan" in done.err
