"""Several environments side by side: one summary, one exit code, and one that fails doesn't stop the others."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from deployer.cli import exits, signals
from deployer.state import open_backend

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from threading import Event

    from tests.commands import Done

    Deployer = Callable[..., Done]

COMMANDS = ("plan", "apply", "drift", "status")
CLIENTS = ("mint", "jasmine", "oolong")


@pytest.fixture
def agency(tea: Path, edit: Callable[[Path, str, str], None]) -> Path:
    """The tea shop for three clients, each with a sandbox of its own that inherits from the project's."""
    clients = "".join(f"  {name}: {{inherits: sandbox}}\n" for name in CLIENTS)
    edit(tea / "deployer.yaml", "  account:\n", f"{clients}  account:\n")
    return tea


@contextmanager
def interrupted_at_once(stop: Event, leave: Event | None = None) -> Iterator[None]:
    """Stand for somebody who presses Ctrl-C as soon as it is heard."""
    del leave
    stop.set()
    yield


def named(*names: str) -> list[str]:
    """The words that name environments."""
    return [word for name in names for word in ("--env", name)]


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("form", ["text", "json"])
def test_each_environment_is_told_in_the_order_asked(agency: Path, deployer: Deployer, command: str, form: str) -> None:
    """If several environments are named, each has its answer, and the summary names them in that order."""
    asked = ("oolong", "mint")
    more = ("--yes",) if command == "apply" else ()
    done = deployer(command, *more, *named(*asked), "--project", agency, "--format", form)
    assert done.code == exits.DONE
    if form == "json":
        assert [one["environment"] for one in done.data["environments"]] == list(asked)
        assert all(one["result"]["environment"] == one["environment"] for one in done.data["environments"])
    else:
        last = done.out.rstrip().splitlines()[-3:]
        assert last[0] == "2 environments"
        assert [line.split()[0] for line in last[1:]] == list(asked)


def test_one_that_fails_does_not_stop_the_others(agency: Path, deployer: Deployer) -> None:
    """If one environment's key is missing, the others are applied, and the exit code says that something failed."""
    done = deployer("apply", "--yes", "--project", agency, *named("mint", "account", "jasmine"), "--format", "json")
    assert done.code == exits.FAILED
    mint, account, jasmine = done.data["environments"]
    assert (mint["error"], jasmine["error"], account["result"]) == (None, None, None)
    assert "TEA_" in account["error"]["message"]
    assert "account:" in done.err
    again = deployer("plan", "--project", agency, *named("mint", "jasmine"), "--detailed-exitcode")
    assert again.code == exits.TASKS_WAIT


def test_all_environments_are_asked_for(agency: Path, deployer: Deployer) -> None:
    """If all are asked for, every environment that can be deployed to is there, accounts too."""
    done = deployer("status", "--all-envs", "--project", agency, "--format", "json")
    found = [one["environment"] for one in done.data["environments"]]
    assert found == ["sandbox", *CLIENTS, "account", "shared"]


def test_the_gravest_exit_code_wins(agency: Path, deployer: Deployer) -> None:
    """If one environment waits for people and another has changes, the code tells of people; a failure beats both."""
    deployer("apply", "--yes", "--env", "mint", "--project", agency)
    waiting = named("mint", "jasmine")
    assert (
        deployer("plan", "--detailed-exitcode", *named("oolong", "jasmine"), "--project", agency).code == exits.CHANGES
    )
    assert deployer("plan", "--detailed-exitcode", *waiting, "--project", agency).code == exits.TASKS_WAIT
    assert (
        deployer("plan", "--detailed-exitcode", *waiting, *named("account"), "--project", agency).code == exits.FAILED
    )


def test_saved_plans_stand_in_a_folder_and_are_applied_from_it(
    agency: Path, tmp_path: Path, deployer: Deployer
) -> None:
    """If the plans of several environments are saved, exactly those are applied."""
    plans = tmp_path / "plans"
    deployer("plan", *named("mint", "oolong"), "--project", agency, "--out", plans)
    assert sorted(path.name for path in plans.iterdir()) == ["mint.json", "oolong.json"]
    done = deployer("apply", plans, "--yes", *named("mint", "oolong"), "--project", agency, "--format", "json")
    assert done.code == exits.DONE
    stale = deployer("apply", plans, "--yes", *named("mint", "oolong"), "--project", agency, "--format", "json")
    assert (stale.code, [one["result"] for one in stale.data["environments"]]) == (exits.FAILED, [None, None])


def test_quiet_leaves_the_summary(agency: Path, deployer: Deployer) -> None:
    """If less shall be said, a line for each environment is left."""
    done = deployer("plan", "--quiet", *named(*CLIENTS), "--project", agency)
    assert len(done.out.strip().splitlines()) == 1 + len(CLIENTS)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("render", "--env", "mint", "--env", "oolong"), "one environment at a time"),
        (("plan", "--env", "mint", "--env", "nowhere"), "nowhere"),
        (("plan", "--env", "mint", "--all-envs"), "can't be used together"),
        (("plan", "--env", "mint", "--env", ""), "empty"),
    ],
)
def test_wrong_ways_to_name_several(agency: Path, deployer: Deployer, words: tuple[str, ...], said: str) -> None:
    """If the environments can't be what was meant, nothing is touched and the error says why."""
    done = deployer(*words, "--project", agency)
    assert (done.code, done.out) == (exits.USAGE, "")
    assert said in done.err


def test_a_hundred_clients(tmp_path: Path, deployer: Deployer) -> None:
    """If an agency has a hundred clients with fifty resources each, one command plans for all of them."""
    names = [f"client_{number}" for number in range(100)]
    environments = "".join(f"  {name}: {{target: sandbox}}\n" for name in names)
    head = "version: 1\nproject: agency\nbrand: {name: Tea}\napps: {shop: {}}\nenvironments:\n"
    (tmp_path / "deployer.yaml").write_text(head + environments, encoding="utf-8")
    segment = "kind: Segment\nid: s{0}\nname: Number {0}\nexternal_id: tea_{0}\napp: shop\n"
    (tmp_path / "segments.yaml").write_text("---\n".join(segment.format(n) for n in range(50)), encoding="utf-8")
    done = deployer("plan", "--all-envs", "--project", tmp_path, "--format", "json")
    assert [len(one["result"]["changes"]) for one in json.loads(done.out)["environments"]] == [50] * 100


def test_nothing_to_apply_takes_no_lock(agency: Path, deployer: Deployer) -> None:
    """If an environment has nothing to do, an apply to several leaves its record and its lock alone."""
    deployer("apply", "--yes", "--env", "mint", "--project", agency)
    record = agency / ".deployer" / "state" / "mint.json"
    before = record.read_bytes()
    with open_backend(f"file:{record}", root=agency, environment="mint").lock("confirm"):
        done = deployer("apply", "--yes", *named("mint", "oolong"), "--project", agency, "--format", "json")
    assert done.code == exits.DONE
    mint, oolong = (one["result"] for one in done.data["environments"])
    assert (mint["outcomes"], bool(oolong["outcomes"])) == ([], True)
    assert record.read_bytes() == before


def test_what_did_not_begin_is_interrupted_too(
    agency: Path, deployer: Deployer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If Ctrl-C comes before an environment's apply begins, it is told as interrupted and nothing of it was done."""
    monkeypatch.setattr(signals, "stopping", interrupted_at_once)
    done = deployer("apply", "--yes", *named("mint", "oolong"), "--project", agency, "--format", "json")
    assert done.code == exits.INTERRUPTED
    assert [one["error"]["message"] for one in done.data["environments"]] == [
        "interrupted before anything was done"
    ] * 2
    told = deployer("apply", "--yes", *named("mint", "oolong"), "--project", agency)
    assert "interrupted before anything was done" in told.out
    assert not list((agency / ".deployer").glob("state/*.json"))
