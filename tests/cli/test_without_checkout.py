"""Tasks and confirmations: with the project, and by a colleague who has nothing but the state's address."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import Mock

from deployer.cli import exits
from deployer.state import decode

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

    Deployer = Callable[..., Any]

STATE = ".deployer/state/sandbox.json"


def test_a_colleague_confirms_by_the_state_alone(tea: Path, deployer: Deployer, tokens: Any) -> None:
    """If there is no checkout, --state and --env are enough to read the clicks and to confirm them."""
    deployer("apply", "--yes", "--project", tea)
    assert not list(Path().iterdir())
    where = ("--state", f"file:{tea / STATE}", "--env", "sandbox")
    shown = deployer("tasks", "journey.shipped/create", *where)
    assert (shown.code, "Tea shipped" in shown.out) == (exits.DONE, True)
    token = tokens(tea / STATE)["journey.shipped/create"]
    [task] = deployer("tasks", "journey.shipped/create", *where, "--format", "json").data["tasks"]
    program, *words = shlex.split(task["commands"]["done"])
    assert (program, words[:2]) == ("deployer", ["confirm", token])
    done = deployer(*words, "--by", "sam", "--note", "built it")
    assert (done.code, "done" in done.out) == (exits.DONE, True)
    assert "recorded in sandbox; " in done.out
    assert "tasks still wait: deployer tasks --env sandbox" in " ".join(done.out.split())
    after = (tea / STATE).read_text(encoding="utf-8")
    assert '"by": "sam"' in after
    assert "built it" in after
    assert deployer("tasks", "journey.shipped/create", *where).out.startswith("No task")


def test_a_confirmation_reads_the_record_once(
    tea: Path, deployer: Deployer, tokens: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If a task is confirmed, the record is decoded once, and what still waits is counted in what was written."""
    deployer("apply", "--yes", "--project", tea)
    token = tokens(tea / STATE)["journey.shipped/create"]
    before = len(deployer("tasks", "--project", tea, "--format", "json").data["tasks"])
    decoded = Mock(side_effect=decode)
    monkeypatch.setattr("deployer.state.backend.decode", decoded)
    done = deployer("confirm", token, "--project", tea)
    assert f"recorded in sandbox; {before - 1} tasks still wait" in " ".join(done.out.split())
    assert decoded.call_count == 1
    monkeypatch.undo()
    assert len(deployer("tasks", "--project", tea, "--format", "json").data["tasks"]) == before - 1


def test_the_states_environment_has_to_be_said(tea: Path, deployer: Deployer) -> None:
    """If --state is given without --env, nobody knows which account is meant."""
    deployer("apply", "--yes", "--project", tea)
    done = deployer("tasks", "--state", f"file:{tea / STATE}")
    assert done.code == exits.USAGE
    assert "--env" in done.err


def test_a_state_of_another_environment_is_refused(tea: Path, deployer: Deployer) -> None:
    """If the state belongs to another environment, nothing of it is shown or changed."""
    deployer("apply", "--yes", "--project", tea)
    done = deployer("tasks", "--state", f"file:{tea / STATE}", "--env", "production")
    assert done.code == exits.FAILED
    assert "sandbox" in done.err


def test_a_review_is_submitted_before_the_merge(tea: Path, deployer: Deployer) -> None:
    """If a text is submitted by the token of the offline plan, the later apply knows that it is at the review."""
    plan = deployer("plan", "--offline", "--project", tea, "--format", "json").data
    reviews = [task for change in plan["changes"] for task in change["tasks"] if task.get("review")]
    token = next(task["token"] for task in reviews if task["id"] == "journey.shipped/review.text")
    assert deployer("confirm", token, "--submitted", "--project", tea).code == exits.DONE
    deployer("apply", "--yes", "--project", tea)
    shown = deployer("tasks", "journey.shipped/review.text", "--project", tea)
    assert "submitted" in shown.out
    other = next(task["token"] for change in plan["changes"] for task in change["tasks"] if not task.get("review"))
    refused = deployer("confirm", other, "--submitted", "--project", tea)
    assert refused.code == exits.FAILED
    assert "isn't reviewed" in refused.err


def test_a_rejected_review_shows_why(tea: Path, deployer: Deployer, tokens: Any) -> None:
    """If Attentive refuses a text, the reason stands in the tasks and in the launch checklist."""
    deployer("apply", "--yes", "--project", tea)
    token = tokens(tea / STATE)["journey.shipped/review.text"]
    assert deployer("confirm", token, "--rejected", "too pushy", "--project", tea).code == exits.DONE
    assert "too pushy" in deployer("tasks", "--project", tea).out
    assert "too pushy" in deployer("status", "--project", tea).out


def test_a_running_journey_is_taken_over(tea: Path, deployer: Deployer) -> None:
    """If a journey runs already, its text is pasted and compared, and then nothing of it is asked."""
    refused = deployer("baseline", "journey.shipped", "--project", tea)
    assert (refused.code, "--text" in refused.err) == (exits.FAILED, True)
    pasted = Path("pasted.txt")
    pasted.write_text("Tea order is late.\n", encoding="utf-8")
    differs = deployer("baseline", "journey.shipped", "--text", pasted, "--project", tea)
    assert (differs.code, "[-late-]" in differs.err) == (exits.FAILED, True)
    pasted.write_text(deployer("render", "--project", tea, "--format", "json").data["messages"][0]["composer"]["body"])
    done = deployer("baseline", "journey.shipped", "--text", pasted, "--project", tea)
    assert (done.code, "journey.shipped/turn_on" in done.out) == (exits.DONE, True)
    assert "journey.shipped" not in deployer("plan", "--project", tea).out


def test_several_tokens_are_one_confirmation(tea: Path, deployer: Deployer, tokens: Any) -> None:
    """If tokens are given together, their order doesn't matter; one that nobody knows refuses all of them."""
    deployer("apply", "--yes", "--project", tea)
    known = tokens(tea / STATE)
    journey = [token for task, token in known.items() if task.startswith("journey.") and not task.endswith("verify")]
    before = (tea / STATE).read_bytes()
    wrong = f"{journey[0][:-1]}{'a' if journey[0][-1] != 'a' else 'b'}"
    refused = deployer("confirm", *journey, wrong, "--project", tea)
    assert (refused.code, (tea / STATE).read_bytes()) == (exits.FAILED, before)
    assert f"has the token {wrong}" in refused.err
    assert f"did you mean `{journey[0]}`?" in refused.err
    done = deployer("confirm", *reversed(journey), "--project", tea, "--format", "json")
    assert done.code == exits.DONE
    assert {task["status"] for task in done.data["tasks"]} == {"done"}
    assert {task["token"] for task in done.data["tasks"]} == set(journey)


def test_a_turn_on_needs_its_parts(tea: Path, deployer: Deployer, tokens: Any) -> None:
    """If a journey is confirmed as turned on before its parts are, the error names their tokens."""
    deployer("apply", "--yes", "--project", tea)
    known = tokens(tea / STATE)
    refused = deployer("confirm", known["journey.shipped/turn_on"], "--project", tea)
    assert refused.code == exits.FAILED
    assert known["journey.shipped/send.text"] in refused.err


def test_tasks_narrowed_to_what_is_done_say_so_of_that_only(tea: Path, deployer: Deployer, tokens: Any) -> None:
    """If nothing is open of one address, the answer is about that address, not about the environment."""
    deployer("apply", "--yes", "--project", tea)
    token = tokens(tea / STATE)["journey.shipped/create"]
    deployer("confirm", token, "--project", tea)
    for format_ in ("text", "markdown"):
        shown = deployer("tasks", "journey.shipped/create", "--project", tea, "--format", format_)
        assert "No task of journey.shipped/create waits for a person in sandbox." in shown.out.replace("\\", "")


def test_what_is_known_of_a_record_changes_no_answer(
    tea: Path, tmp_path: Path, deployer: Deployer, tokens: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If a record is known from the confirmation before, each answer and the record are those without a cache."""
    monkeypatch.setenv("DEPLOYER_CACHE", str(tmp_path / "cache"))
    deployer("apply", "--yes", "--project", tea)
    twin = shutil.copytree(tea, tmp_path / "twin")
    every = tokens(tea / STATE)
    asked = [["confirm", every[name], "--by", "sam"] for name in list(every)[:6]]
    asked += [["confirm", every["journey.shipped/create"]], ["confirm", "abc"], ["tasks"], ["tasks", "journey.shipped"]]
    asked += [["state", "list"], ["state", "show", "journey.shipped"], ["confirm", "--all"], ["tasks"]]
    for words in asked:
        known, unknown = deployer(*words, "--project", tea), deployer(*words, "--no-cache", "--project", twin)
        assert (known.code, _timeless(known.out), known.err) == (unknown.code, _timeless(unknown.out), unknown.err)
    assert list((tmp_path / "cache").rglob("*.record"))
    assert _timeless((tea / STATE).read_text()) == _timeless((twin / STATE).read_text())


def _timeless(text: str) -> str:
    return re.sub(r"\d\d:\d\d:\d\d", "TIME", text)


def test_damage_in_a_known_record_is_found(
    tea: Path, tmp_path: Path, deployer: Deployer, tokens: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If a record that was known to be sound is damaged by hand, the next command names the damage."""
    monkeypatch.setenv("DEPLOYER_CACHE", str(tmp_path / "cache"))
    deployer("apply", "--yes", "--project", tea)
    every = tokens(tea / STATE)
    assert deployer("confirm", every["journey.shipped/create"], "--project", tea).code == exits.DONE
    text = (tea / STATE).read_text()
    (tea / STATE).write_text(text.replace('"effect": "publish"', '"effect": "perish"'))
    for words in (["confirm", every["journey.shipped/create"]], ["tasks"], ["state", "list"]):
        told = deployer(*words, "--project", tea)
        assert "should be one of draft, live, publish, restart, retire" in " ".join(told.err.split())
        assert told.code not in (exits.DONE, None)
