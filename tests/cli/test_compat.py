"""``deployer compat``: against real commits and folders, with what a real record says."""

from __future__ import annotations

import json
import shutil
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator

import deployer as library
from deployer.cli import exits
from deployer.source import schema
from tests.commands import git

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.commands import Done

    Deployer = Callable[..., Done]
    Edit = Callable[[Path, str, str], None]

URL = "  tracking_url: {type: string, format: uri, minLength: 1}\n"
SAMPLE = ', tracking_url: "https://tea.example/t/17"'


@pytest.fixture
def committed(tea: Path) -> Path:
    """The small shop, committed on `main`."""
    git(tea, "init", "-q", "-b", "main")
    git(tea, "add", ".")
    git(tea, "commit", "-q", "-m", "first")
    return tea


@pytest.fixture
def without_url(edit: Edit) -> Callable[[Path], None]:
    """Take a property out of the shop, the text that reads it left as it is."""

    def change(folder: Path) -> None:
        edit(folder / "resources.yaml", URL, "")
        edit(folder / "resources.yaml", SAMPLE, "")

    return change


def test_nothing_changed(committed: Path, deployer: Deployer) -> None:
    """The same on both sides passes, in every format, and the work tree stays as it was."""
    for format_ in ("text", "json", "markdown", "github"):
        done = deployer("compat", "--against", "main", "--project", committed, "--format", format_)
        assert done.code == exits.DONE, done.err
    assert git(committed, "status", "--porcelain") == ""


@pytest.mark.parametrize("names", [("deployer.yml", "deployer.yml"), ("deployer.yml", "deployer.yaml")])
@pytest.mark.parametrize("moved", [False, True])
def test_settings_may_have_either_name(tea: Path, deployer: Deployer, names: tuple[str, str], *, moved: bool) -> None:
    """A project with a `deployer.yml` is compared with its commits, under that name or another, moved or not."""
    before, now = names
    (tea / "deployer.yaml").rename(tea / before)
    git(tea, "init", "-q", "-b", "main")
    git(tea, "add", ".")
    git(tea, "commit", "-q", "-m", "first")
    (tea / before).rename(tea / now)
    if moved:
        (tea / "shop").mkdir()
        for path in [path for path in tea.iterdir() if path.name not in {".git", "shop"}]:
            path.rename(tea / "shop" / path.name)
    for words in (("compat", "--against", "main"), ("validate", "--new-since", "main")):
        done = deployer(*words, "--project", tea / "shop" if moved else tea)
        assert done.code == exits.DONE, done.err
        assert "nothing changed" in done.out or "no problems" in done.out


@pytest.mark.parametrize("name", ["deployer.yaml", "deployer.yml"])
def test_what_is_gone_is_shown_at_the_settings(tea: Path, deployer: Deployer, name: str) -> None:
    """If a declaration is gone, GitHub shows that at the project's settings, by the name that they have."""
    (tea / "deployer.yaml").rename(tea / name)
    git(tea, "init", "-q", "-b", "main")
    git(tea, "add", ".")
    git(tea, "commit", "-q", "-m", "first")
    (tea / "resources.yaml").write_text(
        "kind: Segment\nid: testers\nname: Testers\nexternal_id: testers\n", encoding="utf-8"
    )
    done = deployer("compat", "--against", "main", "--project", tea, "--format", "github")
    assert f"::warning file={name},line=1,endLine=1,title=compat/attribute-removed::" in done.out


@pytest.mark.parametrize("format_", ["text", "json", "markdown", "github"])
def test_a_removed_property_fails_in_every_format(
    committed: Path, deployer: Deployer, without_url: Callable[[Path], None], format_: str
) -> None:
    """The exit code is the same whatever is printed, and each names the message and the journey."""
    without_url(committed)
    done = deployer("compat", "--against", "main", "--project", committed, "--format", format_)
    assert done.code == exits.FAILED
    assert "leaves a hole in shipped_text, sent by journey shipped" in " ".join(done.out.split())
    assert "property-removed" in done.out.replace("\\", "")


def test_json_is_what_its_schema_says(committed: Path, deployer: Deployer, without_url: Callable[[Path], None]) -> None:
    """Programs can rely on the published schema; the commit is named, and every breaking change has a way out."""
    without_url(committed)
    done = deployer("compat", "--against", "main", "--project", committed, "--format", "json")
    wrong = [error.message for error in Draft202012Validator(schema("compatibility")).iter_errors(done.data)]
    assert wrong == []
    assert done.data["commit"] == git(committed, "rev-parse", "HEAD")
    assert done.data["summary"] == {"breaking": 1, "risky": 0, "safe": 0}
    [change] = done.data["changes"]
    assert (change["file"], change["line"]) == ("resources.yaml", 5)
    assert change["way_out"]


def test_what_is_live_is_named(launched: Path, deployer: Deployer, edit: Edit, tmp_path: Path) -> None:
    """The record of the sandbox says that customers read the property now, and since when."""
    earlier = shutil.copytree(launched, tmp_path / "earlier")
    edit(launched / "events" / "order_shipped.yaml", "  delivery_date: { use: delivery_date }\n", "")
    done = deployer("compat", "--against", earlier, "--project", launched, "--env", "sandbox")
    assert done.code == exits.FAILED
    said = " ".join(done.out.split())
    assert "leaves a hole in order_shipped_text, sent by journey order_shipped (live in sandbox, confirmed " in said
    without = deployer("compat", "--against", earlier, "--project", launched, "--env", "sandbox", "--no-state")
    assert without.code == exits.FAILED
    assert "live in" not in without.out


def test_a_record_that_cannot_be_read_is_told(
    committed: Path, deployer: Deployer, without_url: Callable[[Path], None], edit: Edit
) -> None:
    """Nothing is guessed of it: what was declared to run counts as running."""
    without_url(committed)
    edit(committed / "resources.yaml", " {{triggerEvent.custom['tracking_url']}}", "")
    (committed / "account.json").write_text("{", encoding="utf-8")
    done = deployer("compat", "--against", "main", "--project", committed, "--env", "account", "--format", "json")
    assert done.code == exits.FAILED
    assert "what is live in account isn't known, since its state can't be read" in done.data["notes"][0]["text"]
    assert done.data["changes"][0]["readers"] == "breaking"


def test_a_gate_cannot_be_switched_off_by_what_it_judges(
    committed: Path, deployer: Deployer, without_url: Callable[[Path], None]
) -> None:
    """An entry of this side lets nothing through, which is told; the same entry on the earlier side does."""
    entry = {"address": "event_type.order_shipped", "change": "property-removed", "reason": "nobody sends it"}
    settings = committed / "deployer.yaml"
    allowed = settings.read_text("utf-8") + f"compat: {json.dumps({'allow': [entry]})}\n"
    settings.write_text(allowed, encoding="utf-8")
    git(committed, "commit", "-q", "-a", "-m", "allow it")
    without_url(committed)
    here = deployer("compat", "--against", "HEAD^", "--project", committed)
    assert here.code == exits.FAILED
    assert "`compat` in deployer.yaml changed" in " ".join(here.out.split())
    there = deployer("compat", "--against", "HEAD", "--project", committed)
    assert there.code == exits.DONE
    assert "allowed: nobody sends it" in there.out


def test_an_entry_ends_by_the_day_of_the_project(
    committed: Path, edit: Edit, without_url: Callable[[Path], None]
) -> None:
    """The day is the workspace's, as for suppressions: on its last day an entry holds, on the next it doesn't."""
    end = date(2020, 1, 1)
    allow = '{address: event_type.order_shipped, change: property-removed, reason: unused, until: "2020-01-01"}'
    edit(committed / "deployer.yaml", "project:", f"compat: {{allow: [{allow}]}}\nproject:")
    git(committed, "commit", "-q", "-a", "-m", "allow it")
    without_url(committed)
    for day, failed in ((end, False), (end + timedelta(days=1), True)):
        workspace = library.load(committed, today=day)
        assert library.compatibility(workspace, "HEAD").gated.failed is failed
        assert library.compatibility(workspace, "HEAD", end).gated.failed is False


def test_an_entry_that_names_no_change_is_told(committed: Path, deployer: Deployer) -> None:
    """A misspelt entry lets nothing through, and says what was probably meant."""
    entry = {"address": "event_type.order_shipped", "change": "property-remove", "reason": "nobody sends it"}
    settings = committed / "deployer.yaml"
    settings.write_text(settings.read_text("utf-8") + f"compat: {json.dumps({'allow': [entry]})}\n", encoding="utf-8")
    git(committed, "commit", "-q", "-a", "-m", "allow it")
    done = deployer("compat", "--against", "HEAD", "--project", committed, "--format", "json")
    texts = [one["text"] for one in done.data["notes"]]
    assert any("there is no change `property-remove`" in note and "property-removed" in note for note in texts)


def test_everything_that_is_new_is_safe(committed: Path, deployer: Deployer, tmp_path: Path) -> None:
    """Against a project that declared nothing yet, each event and attribute is an addition."""
    bare = tmp_path / "bare"
    bare.mkdir()
    shutil.copy(committed / "deployer.yaml", bare)
    done = deployer("compat", "--against", bare, "--project", committed, "--format", "json")
    assert done.code == exits.DONE
    assert {one["change"] for one in done.data["changes"]} == {"event-added", "attribute-added"}


def test_fail_on_risky(committed: Path, deployer: Deployer, edit: Edit) -> None:
    """A risky change passes, unless more is asked for."""
    edit(committed / "resources.yaml", URL, URL.replace("format: uri, ", ""))
    assert deployer("compat", "--against", "main", "--project", committed).code == exits.DONE
    strict = deployer("compat", "--against", "main", "--project", committed, "--fail-on", "risky")
    assert strict.code == exits.FAILED
    assert "fails: 1 breaking or risky change" in strict.out


def _no_commit(folder: Path) -> list[Any]:
    return ["no-such-branch", folder]


def _no_project(folder: Path) -> list[Any]:
    settings = (folder / "deployer.yaml").read_text("utf-8")
    git(folder, "rm", "-q", "--cached", "deployer.yaml")
    git(folder, "commit", "-q", "-m", "nothing here")
    (folder / "deployer.yaml").write_text(settings, encoding="utf-8")
    return ["main", folder]


def _broken_base(folder: Path) -> list[Any]:
    (folder / "more.yaml").write_text("{kind: Segment, a: [", encoding="utf-8")
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "broken")
    (folder / "more.yaml").unlink()
    return ["main", folder]


def _no_repository(folder: Path) -> list[Any]:
    shutil.rmtree(folder / ".git")
    return ["main", folder]


def _no_settings(folder: Path) -> list[Any]:
    empty = folder.parent / "empty"
    empty.mkdir()
    return [empty, folder]


def _nothing(folder: Path) -> list[Any]:
    other = folder.parent / "bare"
    other.mkdir()
    shutil.copy(folder / "deployer.yaml", other)
    segment = {"kind": "Segment", "id": "testers", "name": "Testers", "external_id": "testers", "app": "shop"}
    (other / "segment.yaml").write_text(json.dumps(segment), encoding="utf-8")
    shutil.copytree(other, folder.parent / "twin")
    return [folder.parent / "twin", other]


def _empty(folder: Path) -> list[Any]:
    return ["", folder]


def _itself(folder: Path) -> list[Any]:
    return [folder, folder]


@pytest.mark.parametrize(
    ("prepare", "says"),
    [
        (_no_commit, "there is no commit `no-such-branch` here"),
        (_no_project, "there was no deployer.yaml here at `main`"),
        (_broken_base, "the project at `main` can't be read: more.yaml:1"),
        (_no_repository, "isn't in a git repository"),
        (_no_settings, "holds no deployer.yaml"),
        (_nothing, "declares an event type or an attribute"),
        (_empty, "--against is empty"),
        (_itself, "is this project itself"),
    ],
)
def test_a_comparison_that_cannot_be_made_is_an_error(
    committed: Path, deployer: Deployer, prepare: Callable[[Path], list[Any]], says: str
) -> None:
    """What can't be compared is never called compatible, and the message says what to do."""
    against, project = prepare(committed)
    done = deployer("compat", "--against", against, "--project", project)
    assert done.code == exits.FAILED
    assert done.out == ""
    assert says in done.err
    assert "hint:" in done.err


def test_this_side_in_error_is_an_error(committed: Path, deployer: Deployer) -> None:
    """A file that can't be read might hold what is missing."""
    (committed / "more.yaml").write_text("kind: EventType\nid: x\n", encoding="utf-8")
    done = deployer("compat", "--against", "main", "--project", committed)
    assert done.code == exits.FAILED
    assert "more.yaml" in done.err


def test_an_environment_of_one_side_is_told(committed: Path, deployer: Deployer, edit: Edit) -> None:
    """A new environment has nothing to be compared with; asked for by name, that is an error."""
    edit(
        committed / "deployer.yaml",
        "  sandbox: {target: sandbox}",
        "  sandbox: {target: sandbox}\n  second: {target: sandbox}",
    )
    done = deployer("compat", "--against", "main", "--project", committed)
    assert done.code == exits.DONE
    assert "second is new" in done.out
    named = deployer("compat", "--against", "main", "--project", committed, "--env", "second")
    assert named.code == exits.FAILED
    assert "there was no environment `second`" in named.err


ACCOUNT = (
    "  live: {target: attentive, company_id: Y29t, apps: {shop: {name: Shop, api_key: {env: KEY}}}, "
    "test_contacts: [{phone: {env: PHONE}}], state: git}"
)


def test_another_name_for_an_environment_is_no_way_past_the_gate(
    committed: Path, deployer: Deployer, edit: Edit
) -> None:
    """An account's environment that is gone breaks, as nothing of it can be compared; the earlier side may allow it."""
    settings, sandbox = committed / "deployer.yaml", "  sandbox: {target: sandbox}"
    edit(settings, sandbox, f"{sandbox}\n{ACCOUNT}")
    git(committed, "commit", "-qam", "an account")
    edit(settings, "  live:", "  renamed:")
    done = deployer("compat", "--against", "main", "--project", committed)
    assert done.code == exits.FAILED, done.err
    assert "x environment.live" in done.out
    assert "[environment-removed]" in done.out
    entry = "{address: environment.live, change: environment-removed, reason: it has another name}"
    edit(settings, "  renamed:", "  live:")
    settings.write_text(settings.read_text("utf-8") + f"compat: {{allow: [{entry}]}}\n", encoding="utf-8")
    git(committed, "commit", "-qam", "allowed")
    edit(settings, "  live:", "  renamed:")
    assert deployer("compat", "--against", "main", "--project", committed).code == exits.DONE


def test_a_name_that_is_a_folder_and_a_commit_is_refused(
    committed: Path, deployer: Deployer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Which of the two was meant is asked, not guessed."""
    monkeypatch.chdir(committed.parent)
    shutil.copytree(committed, committed.parent / "main", ignore=shutil.ignore_patterns(".git"))
    done = deployer("compat", "--against", "main", "--project", committed)
    assert done.code == exits.FAILED
    assert "is a folder and a commit" in done.err
    assert deployer("compat", "--against", "./main", "--project", committed).code == exits.DONE
