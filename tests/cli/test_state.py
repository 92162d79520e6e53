"""The record itself: looking at it, letting go, taking a copy and putting it back, and its lock."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from deployer.cli import exits
from deployer.source import ProjectFiles
from deployer.state import Entry, Holder, Journal, State, encode, open_backend

if TYPE_CHECKING:
    from collections.abc import Callable

    Deployer = Callable[..., Any]

STATE = ".deployer/state/sandbox.json"


@pytest.fixture
def applied(tea: Path, deployer: Deployer) -> Path:
    """The shop with everything applied in its sandbox."""
    assert deployer("apply", "--yes", "--project", tea).code == exits.DONE
    return tea


WORKS = {
    "show": (),
    "list": (),
    "pull": (),
    "rm": ("segment.testers", "--yes"),
    "push": ("copy.json",),
}
"""Arguments with which each command does its work; ``unlock`` needs a lock that outlives its process."""


def here(folder: Path) -> tuple[str, ...]:
    """The options of somebody who has no checkout."""
    return ("--state", f"file:{folder / STATE}", "--env", "sandbox")


def stored(folder: Path) -> dict[str, Any]:
    """What is stored."""
    data: dict[str, Any] = json.loads((folder / STATE).read_text(encoding="utf-8"))
    return data


LEFT = [("tasks",), ("confirm", "abcdefg"), ("state", "show"), ("state", "list"), ("state", "pull")]
"""Commands that look at the record alone."""


@pytest.mark.parametrize("words", LEFT, ids=" ".join)
def test_what_an_interrupted_apply_left_is_noted(words: tuple[str, ...], applied: Path, deployer: Deployer) -> None:
    """If a journal lies beside the record, damaged or not, a command that doesn't take it in says so, and goes on."""
    before = deployer(*words, "--project", applied)
    assert "journal" not in before.err
    journal = applied / ".deployer" / "journal" / "sandbox.ndjson"
    state = open_backend(f"file:{applied / STATE}", root=applied, environment="sandbox").read()
    assert state
    Journal(journal, "sandbox").begin(state)
    Journal(journal, "sandbox").record(
        "segment.testers", state.entries["segment.testers"], version=state.version("segment.testers")
    )
    sound = deployer(*words, "--project", applied)
    assert "note: an interrupted apply on this machine did this" in sound.err
    assert "segment.testers" in sound.err
    assert (sound.code, sound.out) == (before.code, before.out)
    journal.write_text("garbage\n", encoding="utf-8")
    damaged = deployer(*words, "--project", applied)
    assert "can't be understood: line 1 isn't JSON" in damaged.err
    assert (damaged.code, damaged.out) == (before.code, before.out)
    assert "journal" not in deployer(*words, *here(applied)).err


def test_an_overview_tells_where_the_record_stands(applied: Path, deployer: Deployer) -> None:
    """If the record is shown, so are place, serial, lineage, resources, tasks and lock; with or without a checkout."""
    data = stored(applied)
    shown = deployer("state", "show", "--project", applied)
    assert shown.code == exits.DONE
    for part in (STATE, str(data["serial"]), data["lineage"], "1 Webhook", "lock: free"):
        assert part in shown.out
    told = deployer("state", "show", "--format", "json", *here(applied)).data
    assert (told["serial"], told["lineage"], told["stored"]) == (data["serial"], data["lineage"], True)
    assert told["resources"] == {
        "CustomAttribute": 1,
        "EventType": 1,
        "Journey": 1,
        "OptInSource": 1,
        "Segment": 1,
        "Webhook": 1,
    }
    assert told["open_tasks"] == sum(len(one.get("tasks", {})) for one in data["entries"].values())
    assert told["lock"] is None
    assert max(map(len, shown.out.splitlines())) <= 80 + len(str(applied))


def test_what_is_recorded_is_listed(applied: Path, deployer: Deployer) -> None:
    """If the record is listed, each address is, with Attentive's id and its open tasks."""
    shown = deployer("state", "list", "--project", applied)
    data = stored(applied)["entries"]
    assert [line.split()[0] for line in shown.out.splitlines() if not line.startswith(" ")] == sorted(data)
    assert data["webhook.receipts"]["id"] in shown.out
    told = deployer("state", "list", "--format", "json", *here(applied)).data
    assert [one["address"] for one in told["resources"]] == sorted(data)
    assert next(one for one in told["resources"] if one["kind"] == "Webhook")["id"] == data["webhook.receipts"]["id"]


def test_one_address_is_shown_in_full(applied: Path, deployer: Deployer, tokens: Any) -> None:
    """If an address is named, its fields, slots and tasks are shown, and as JSON everything that is stored."""
    token = tokens(applied / STATE)["journey.shipped/create"]
    deployer("confirm", token, *here(applied))
    shown = deployer("state", "show", "journey.shipped", *here(applied))
    assert shown.code == exits.DONE
    assert f"{token}  done" in shown.out
    assert "live: what customers get" in shown.out or "draft: confirmed" in shown.out
    told = deployer("state", "show", "journey.shipped", "--format", "json", *here(applied)).data
    assert told["entry"] == stored(applied)["entries"]["journey.shipped"]


def test_a_review_of_a_draft_is_apart_from_what_is_live(applied: Path, deployer: Deployer, tokens: Any) -> None:
    """If a draft's text is reviewed and not turned on, the review isn't among what customers get."""
    for task in ("create", "send.text", "review.text"):
        done = deployer("confirm", tokens(applied / STATE)[f"journey.shipped/{task}"], *here(applied))
        assert done.code == exits.DONE
    shown = deployer("state", "show", "journey.shipped", *here(applied)).out
    assert "live: what customers get" not in shown
    assert "draft: confirmed, not turned on yet" in shown
    assert "review.text: " in shown.partition("reviewed by Attentive")[2]


def test_a_second_confirmation_names_the_first(applied: Path, deployer: Deployer, tokens: Any) -> None:
    """If a token is confirmed again, the first confirmation is named, also beside a new one, and it stays as it is."""
    ids = tokens(applied / STATE)
    deployer("confirm", ids["journey.shipped/create"], "--by", "ana", *here(applied))
    before = (applied / STATE).read_bytes()
    again = deployer("confirm", ids["journey.shipped/create"], "--by", "ben", *here(applied))
    assert again.code == exits.DONE
    assert f"already done  {ids['journey.shipped/create']}" in again.out
    assert "It was confirmed by ana at " in again.out
    assert "nothing new to record" in again.out
    assert (applied / STATE).read_bytes() == before
    told = deployer("confirm", *ids.values(), "--by", "ben", "--format", "json", *here(applied))
    assert {one["id"]: one["already"]["by"] for one in told.data["tasks"] if "already" in one} == {
        "journey.shipped/create": "ana"
    }


@pytest.mark.parametrize("words", [("show", "webhook.receipt"), ("rm", "webhook.receipt", "--yes")])
def test_an_unknown_address_is_a_usage_error(applied: Path, deployer: Deployer, words: tuple[str, ...]) -> None:
    """If nothing is recorded of an address, the one that was meant is named and nothing happens."""
    before = stored(applied)
    done = deployer("state", *words, *here(applied))
    assert done.code == exits.USAGE
    assert "did you mean `webhook.receipts`?" in done.err
    assert stored(applied) == before


def test_nothing_recorded_is_said(tea: Path, deployer: Deployer) -> None:
    """If nothing was applied yet, show and list say so, and there is nothing to pull."""
    assert "Nothing is recorded yet" in deployer("state", "show", "--project", tea).out
    assert "Nothing is recorded of sandbox" in deployer("state", "list", "--project", tea).out
    told = deployer("state", "show", "--project", tea, "--format", "json").data
    assert (told["stored"], told["serial"], told["resources"]) == (False, None, None)
    done = deployer("state", "pull", "--project", tea)
    assert (done.code, done.out) == (exits.FAILED, "")
    assert "nothing is recorded yet" in done.err


def test_letting_go_changes_the_record_only(applied: Path, deployer: Deployer) -> None:
    """If addresses are let go of, the rest stays, and what is still declared counts as new to the next plan."""
    before = stored(applied)
    done = deployer("state", "rm", "segment.testers", "event_type.order_shipped", "--yes", "--project", applied)
    assert done.code == exits.DONE
    assert done.out.splitlines() == [
        "removed segment.testers from the state",
        "removed event_type.order_shipped from the state",
    ]
    after = stored(applied)
    assert after["serial"] == before["serial"] + 1
    gone = {"segment.testers", "event_type.order_shipped"}
    assert after["entries"] == {name: one for name, one in before["entries"].items() if name not in gone}
    planned = deployer("plan", "--project", applied, "--format", "json").data["changes"]
    assert "event_type.order_shipped" in [one["address"] for one in planned]


def test_letting_go_is_asked_for(applied: Path, deployer: Deployer, start: Callable[..., Any]) -> None:
    """If nobody agrees, nothing is let go of; the question says what it means. Without a terminal --yes is needed."""
    before = stored(applied)
    refused = deployer("state", "rm", "segment.testers", *here(applied))
    assert refused.code == exits.USAGE
    assert "--yes" in refused.err
    asked = start("state", "rm", "segment.testers", *here(applied), columns=80)
    asked.until("[y/N]")
    asked.type("n")
    assert asked.end() == exits.FAILED
    for part in ("segment.testers", "Nothing changes at Attentive", "second time", "`forget`", "cancelled"):
        assert part in asked.seen
    assert stored(applied) == before
    agreed = start("state", "rm", "segment.testers", *here(applied), columns=80)
    agreed.until("[y/N]")
    agreed.type("y")
    assert agreed.end() == exits.DONE
    assert "segment.testers" not in stored(applied)["entries"]


def test_what_is_recorded_anew_while_asked_is_kept(applied: Path, start: Callable[..., Any]) -> None:
    """If somebody records an address while the question stands, it isn't let go of."""
    asked = start("state", "rm", "segment.testers", *here(applied), columns=80)
    asked.until("[y/N]")
    backend = open_backend(f"file:{applied / STATE}", root=Path(), environment="sandbox")
    state = backend.read()
    assert state is not None
    entry = state.entries["segment.testers"]
    backend.write(state.with_entry("segment.testers", entry), expected_serial=state.serial)
    asked.type("y")
    assert asked.end() == exits.FAILED
    assert "recorded again" in asked.seen
    assert "segment.testers" in stored(applied)["entries"]


def test_a_copy_is_pulled_and_pushed_back(applied: Path, deployer: Deployer) -> None:
    """If a copy is pulled, mended and pushed, it is the record; pushed again, there is nothing to do."""
    copy = Path("copy.json")
    assert deployer("state", "pull", "--out", copy, *here(applied)).code == exits.DONE
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    printed = deployer("state", "pull", *here(applied))
    assert printed.out == copy.read_text(encoding="utf-8")
    same = deployer("state", "push", copy, *here(applied))
    assert (same.code, "nothing to do" in same.out) == (exits.DONE, True)
    data = json.loads(copy.read_text(encoding="utf-8"))
    del data["entries"]["segment.testers"]
    data["entries"]["webhook.receipts"]["id"] = "w-2"
    data["entries"]["segment.other"] = {"kind": "Segment", "by": "api"}
    copy.write_text(json.dumps(data), encoding="utf-8")
    done = deployer("state", "push", copy, "--format", "json", *here(applied))
    assert done.code == exits.DONE
    assert done.data == {
        "version": 1,
        "written": True,
        "serial": data["serial"] + 1,
        "lineage": data["lineage"],
        "added": ["segment.other"],
        "changed": ["webhook.receipts"],
        "removed": ["segment.testers"],
    }
    assert stored(applied)["entries"] == data["entries"]
    again = deployer("state", "push", copy, *here(applied))
    assert (again.code, "nothing to do" in again.out) == (exits.DONE, True)


def test_an_older_copy_is_refused(applied: Path, deployer: Deployer, tokens: Any) -> None:
    """If something was recorded since a copy was made, pushing it is refused: it would be lost."""
    deployer("state", "pull", "--out", "copy.json", *here(applied))
    deployer("confirm", tokens(applied / STATE)["journey.shipped/create"], *here(applied))
    before = stored(applied)
    for more in ((), ("--new-lineage",)):
        done = deployer("state", "push", "copy.json", *more, *here(applied))
        assert done.code == exits.FAILED
        assert f"moved on to {before['serial']}" in done.err
    assert stored(applied) == before


def test_another_lineage_needs_its_flag(applied: Path, deployer: Deployer) -> None:
    """If a copy was begun apart from the record, only --new-lineage lets it take its place."""
    other = State(
        "sandbox", lineage="found-again", serial=40, entries={"segment.a": Entry("Segment", "api", version=9)}
    )
    Path("found.json").write_bytes(encode(other))
    refused = deployer("state", "push", "found.json", *here(applied))
    assert refused.code == exits.FAILED
    assert "found-again" in refused.err
    assert "--new-lineage" in refused.err
    done = deployer("state", "push", "found.json", "--new-lineage", *here(applied))
    assert done.code == exits.DONE
    assert (stored(applied)["lineage"], stored(applied)["serial"]) == ("found-again", 41)


def test_what_an_apply_left_behind_is_pushed(tea: Path, process: Deployer) -> None:
    """If nothing is stored yet, a file from an interrupted first apply becomes the record; also from stdin."""
    left = State("sandbox", lineage="l1", entries={"segment.testers": Entry("Segment", "api", id="7", version=1)})
    done = process("state", "push", "-", *here(tea), stdin=encode(left).decode())
    assert done.code == exits.DONE, done.err
    assert "+ segment.testers" in done.out
    assert stored(tea)["entries"]["segment.testers"]["id"] == "7"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"{", "isn't JSON"),
        (b'{"format": 99}', "format 99"),
        (encode(State("production")), "pass --env production"),
        (encode(State("sandbox", lineage="")), "`/lineage` should be a text that isn't empty"),
    ],
)
def test_what_is_no_copy_is_refused(applied: Path, deployer: Deployer, content: bytes, said: str) -> None:
    """If a file is no state, of a later format or of another environment, the record stays as it is."""
    before = stored(applied)
    Path("bad.json").write_bytes(content)
    done = deployer("state", "push", "bad.json", *here(applied))
    assert done.code == exits.FAILED
    assert "bad.json" in done.err
    assert said in done.err
    assert stored(applied) == before


def test_a_local_lock_is_shown_and_waited_for(applied: Path, deployer: Deployer) -> None:
    """If somebody is at work, show names them, writing is refused within the time-out, and unlock frees nothing."""
    backend = open_backend(f"file:{applied / STATE}", root=Path(), environment="sandbox")
    writing = (
        ("state", "rm", "segment.testers", "--yes"),
        ("state", "push", applied / STATE),
        ("confirm", "k3f9xq2"),
    )
    with backend.lock("apply"):
        held = backend.holder()
        assert isinstance(held, Holder)
        shown = deployer("state", "show", *here(applied))
        assert f"(lock {held.id})" in shown.out
        assert "The lock frees itself" in shown.out
        assert "deployer state unlock" not in shown.out
        assert deployer("state", "show", "--format", "json", *here(applied)).data["lock"]["id"] == held.id
        for words in writing:
            done = deployer(*words, "--lock-timeout", "0", *here(applied))
            assert done.code == exits.FAILED
            assert held.id in done.err
        assert deployer("subscribe", "checkout", "--lock-timeout", "0", "--project", applied).code == exits.FAILED
        assert deployer("state", "unlock", held.id, *here(applied)).code == exits.FAILED
    free = deployer("state", "unlock", held.id, *here(applied))
    assert free.code == exits.FAILED
    assert "isn't locked" in free.err


@pytest.mark.parametrize("words", [("show",), ("list",), ("pull",), ("rm", "a.b"), ("push", "-"), ("unlock", "x")])
def test_the_environment_has_to_be_said(words: tuple[str, ...], deployer: Deployer) -> None:
    """If --state is given without --env, nobody knows whose record is meant."""
    done = deployer("state", *words, "--state", f"file:{os.devnull}")
    assert done.code == exits.USAGE
    assert "--env" in done.err


@pytest.mark.parametrize("format_", ["text", "json"])
@pytest.mark.parametrize("name", WORKS)
def test_the_exit_code_never_depends_on_the_format(
    name: str, format_: str, applied: Path, deployer: Deployer, edit: Callable[..., None]
) -> None:
    """If it works, a command exits with 0, in an unknown environment with 64, with bad settings 1, in every format."""
    Path("copy.json").write_bytes((applied / STATE).read_bytes())
    words = ("state", name, *WORKS[name], "--format", format_, "--project", applied)
    unknown = deployer(*words, "--env", "sandbux")
    assert (unknown.code, unknown.out, "`sandbox`" in unknown.err) == (exits.USAGE, "", True)
    done = deployer(*words)
    assert (done.code, done.err) == (exits.DONE, "")
    assert done.out.strip()
    edit(applied / "deployer.yaml", "version: 1", "version: one")
    broken = deployer(*words)
    assert (broken.code, broken.out) == (exits.FAILED, "")
    assert "deployer.yaml" in broken.err


@pytest.mark.parametrize("name", [*WORKS, "unlock"])
def test_every_help_shows_the_command_in_use(name: str, deployer: Deployer) -> None:
    """If help is asked for, it has an example."""
    done = deployer("state", name, "--help")
    assert done.code == exits.DONE
    assert f"deployer state {name}" in done.out.partition("Example:")[2]


@pytest.mark.parametrize("command", [("tasks",), ("state", "list"), ("state", "show", "segment.testers")])
def test_looking_at_the_record_reads_the_settings_only(
    applied: Path, deployer: Deployer, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    """If the record is all that a command needs, of the project ``deployer.yaml`` is read and nothing else."""
    opened: list[str] = []
    original = ProjectFiles.data

    def data(files: ProjectFiles, path: str, **more: int) -> bytes:
        opened.append(path)
        return original(files, path, **more)

    monkeypatch.setattr(ProjectFiles, "data", data)
    assert deployer(*command, "--project", applied).code == exits.DONE
    assert set(opened) == {"deployer.yaml"}


def test_settings_that_cannot_be_used_are_explained_in_full(tea: Path, deployer: Deployer) -> None:
    """If ``deployer.yaml`` is in error, looking at the record says what the whole project's reading says."""
    settings = tea / "deployer.yaml"
    settings.write_text(settings.read_text(encoding="utf-8") + "nonsense: true\n", encoding="utf-8")
    (tea / "broken.yaml").write_text("kind: [", encoding="utf-8")
    found = deployer("tasks", "--project", tea)
    assert found.code == exits.FAILED
    assert "nonsense" in found.out + found.err
    assert "broken.yaml" in found.out + found.err
