"""Results that are kept: a command that only reads prints the same bytes, whatever was kept before it ran."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from deployer.cli import exits
from deployer.engine import refresh
from deployer.state.journal import Journal
from deployer.state.model import State
from deployer.workspace import day, elsewhere, kept_files, loading, results, workspace
from deployer.workspace.answers import OWN, VARIABLE
from tests.cli.conftest import COMMAND, write_tea
from tests.commands import git

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.commands import Done

    Deployer = Callable[..., Done]
    Edit = Callable[[Path, str, str], None]

NOTED = ("plan", "--offline", "--all-envs")
"""One of the environments has its record in git, and the repository has no remote, which reading it says."""

PLANS = (
    NOTED,
    ("plan", "--offline"),
    ("plan", "--offline", "--format", "json"),
    ("plan", "--offline", "--format", "markdown"),
    ("plan", "--offline", "--verbose"),
    ("plan", "--offline", "--env", "sandbox", "--env", "account"),
    ("plan", "--offline", "--env", "sandbox", "--env", "account", "--format", "json"),
    ("plan", "--offline", "--env", "sandbox", "--env", "account", "--quiet"),
    ("plan", "--offline", "--prune", "--detailed-exitcode"),
    ("plan", "--offline", "--only", "journey.shipped"),
    ("plan", "--offline", "--explain", "journey.shipped", "--format", "markdown"),
)
LOOKS = (
    ("status",),
    ("status", "--format", "json"),
    ("status", "--format", "markdown"),
    ("drift",),
    ("drift", "--format", "json", "--detailed-exitcode"),
)
SINCE = (
    ("compat", "--against", "main"),
    ("compat", "--against", "main", "--env", "account"),
    ("compat", "--against", "main", "--env", "sandbox", "--format", "json"),
    ("compat", "--against", "main", "--no-state", "--format", "markdown"),
    ("compat", "--against", "main", "--env", "sandbox", "--fail-on", "risky", "--format", "github"),
    ("validate", "--new-since", "main"),
    ("validate", "--new-since", "main", "--strict", "--format", "sarif"),
    ("validate", "--new-since", "main", "--env", "account", "--format", "json"),
)
TASKS = (
    ("tasks",),
    ("tasks", "journey.shipped", "--format", "json"),
    ("tasks", "--ready", "--format", "markdown"),
)
COMMANDS = (*PLANS, *LOOKS, *SINCE, *TASKS)
SECRET = "https://hooks.tea.example/s3cr3t-t0ken"


def kept(cache: Path) -> list[Path]:
    """The files that hold results."""
    return sorted((cache / OWN).glob("*.result"))


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    """The folder where results are kept."""
    return tmp_path / "cache"


@pytest.fixture
def asked(deployer: Deployer, tea: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Done]:
    """Ask for something thrice: without anything kept, with what is kept, and with what that kept; all are the same."""

    def ask(*words: str) -> Done:
        cold = deployer(*words, "--project", tea, "--no-cache")
        monkeypatch.setenv(VARIABLE, str(cache))
        assert [deployer(*words, "--project", tea) for _ in range(2)] == [cold] * 2
        return cold

    return ask


@pytest.fixture(scope="module")
def _committed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small shop, committed, applied, and edited since: made once, copied for each test."""
    folder = tmp_path_factory.mktemp("committed") / "tea"
    write_tea(folder)
    git(folder, "init", "-q", "-b", "main")
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "first")
    subprocess.run([*COMMAND, "apply", "--yes", "--project", folder], check=True, capture_output=True)
    resources = folder / "resources.yaml"
    resources.write_text(resources.read_text("utf-8").replace("Tea order", "The order"), encoding="utf-8")
    return folder


@pytest.fixture
def tea(_committed: Path, tmp_path: Path) -> Path:
    """The small shop that was applied, with something else to say since."""
    return Path(shutil.copytree(_committed, tmp_path / "tea"))


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """From now on no project may be loaded."""

    def forbid() -> None:
        for name in ("load_keeping", "load_settings"):
            monkeypatch.setattr(loading, name, lambda *_: pytest.fail("it was known"))

    return forbid


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_what_is_known_is_printed_again(
    words: tuple[str, ...],
    tea: Path,
    cache: Path,
    deployer: Deployer,
    asked: Callable[..., Done],
    known: Callable[[], None],
) -> None:
    """The second time no project is loaded, and every byte and the exit code are those of a run without a cache."""
    cold = asked(*words)
    assert cold.out
    assert len(kept(cache)) == 1
    known()
    assert deployer(*words, "--project", tea) == cold
    with pytest.raises(pytest.fail.Exception):
        deployer(*words, "--project", tea, "--no-cache")


@pytest.mark.parametrize("words", [("plan",), ("plan", "--offline", "--out", "plan.json"), ("compat", "--against")])
def test_what_writes_or_asks_attentive_is_not_kept(
    words: tuple[str, ...], tea: Path, cache: Path, deployer: Deployer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A plan with live reads, one that is saved, and a comparison with a folder are made each time."""
    more = (str(tea / "."),) if words[0] == "compat" else ()
    if more:
        other = tea.parent / "other"
        other.mkdir()
        for name in ("deployer.yaml", "resources.yaml", "legal.txt", "checkout.png"):
            (other / name).write_bytes((tea / name).read_bytes())
        more = (str(other),)
    monkeypatch.setenv(VARIABLE, str(cache))
    for _ in range(2):
        assert deployer(*words, *more, "--project", tea).code == exits.DONE
    assert kept(cache) == []


@pytest.mark.parametrize("words", [LOOKS[0], LOOKS[3]], ids=" ".join)
def test_what_another_process_answers_is_not_kept(
    words: tuple[str, ...], tea: Path, cache: Path, asked: Callable[..., Done], serve: Callable[[Path], str], edit: Edit
) -> None:
    """A served sandbox is asked each time, as Attentive is."""
    url = serve(tea)
    edit(tea / "deployer.yaml", "sandbox: {target: sandbox}", f"sandbox: {{target: sandbox, base_url: {url}}}")
    asked(*words)
    assert kept(cache) == []


def test_a_file_that_is_edited_an_apply_and_a_confirmation_are_seen(
    tea: Path,
    deployer: Deployer,
    asked: Callable[..., Done],
    edit: Edit,
    tokens: Callable[[Path], dict[str, str]],
) -> None:
    """If the YAML, the record or the sandbox changed, what is printed is what a run without a cache prints."""
    state = tea / ".deployer" / "state" / "sandbox.json"
    steps: tuple[Callable[[], object], ...] = (
        lambda: edit(tea / "resources.yaml", "The order", "Your order"),
        lambda: edit(tea / "resources.yaml", "enum: [Green, Black]", "enum: [Green, Black, White]"),
        lambda: deployer("apply", "--yes", "--project", tea),
        lambda: deployer("confirm", next(iter(tokens(state).values())), "--project", tea),
        lambda: deployer("subscribe", "checkout", "--project", tea),
        state.unlink,
    )
    some = (NOTED, SINCE[0], PLANS[1], PLANS[5], LOOKS[0], LOOKS[3], TASKS[0])
    before = {words: asked(*words) for words in some}
    changed: set[tuple[str, ...]] = set()
    for step in steps:
        step()
        after = {words: asked(*words) for words in some}
        changed |= {words for words in some if after[words] != before[words]}
        before = after
    assert {words[0] for words in changed} == {"plan", "status", "drift", "compat", "tasks"}


def test_a_branch_that_moves_is_seen(tea: Path, asked: Callable[..., Done], edit: Edit) -> None:
    """A comparison is with the commit that the name stands for now."""
    edit(tea / "resources.yaml", "enum: [Green, Black]", "enum: [Green]")
    before = asked("compat", "--against", "main")
    git(tea, "commit", "-q", "-a", "-m", "second")
    assert asked("compat", "--against", "main") != before


def test_what_was_live_is_looked_at_again(
    tea: Path, cache: Path, asked: Callable[..., Done], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A sandbox that was removed since is another one; whether a list is late is decided by the clock, in each run."""
    monkeypatch.setattr(refresh, "PAUSES", ())
    before = asked("drift")
    for file in [*kept(cache), *(tea / ".deployer" / "sandbox").iterdir()]:
        file.unlink()
    after = asked("drift")
    assert after != before
    assert kept(cache) == []


def test_what_an_interrupted_apply_left_is_seen(tea: Path, cache: Path, asked: Callable[..., Done]) -> None:
    """While a journal lies there nothing is kept and nothing kept is printed; once it is gone, it is as before."""
    before = asked("plan", "--offline")
    [file] = kept(cache)
    file.unlink()
    path = tea / ".deployer" / "journal" / "sandbox.ndjson"
    stored = json.loads((tea / ".deployer" / "state" / "sandbox.json").read_text("utf-8"))
    journal = Journal(path, "sandbox")
    journal.begin(State("sandbox", lineage=stored["lineage"], serial=stored["serial"]))
    journal.record("segment.testers", None, version=stored["entries"]["segment.testers"].get("version", 1))
    assert asked("plan", "--offline") != before
    assert kept(cache) == []
    journal.clear()
    assert asked("plan", "--offline") == before
    journal.begin(State("sandbox", lineage=stored["lineage"], serial=stored["serial"]))
    journal.record("segment.testers", None, version=stored["entries"]["segment.testers"].get("version", 1))
    assert asked("plan", "--offline") != before


def test_a_secret_decides_and_is_not_kept(
    cache: Path,
    asked: Callable[..., Done],
    known: Callable[[], None],
    monkeypatch: pytest.MonkeyPatch,
    deployer: Deployer,
    tea: Path,
) -> None:
    """A variable that is set, empty or another is looked at again; no file of the cache holds its value."""
    words = ("plan", "--offline", "--env", "account", "--format", "json")
    asked(*words)
    written = {kept(cache)[0].read_bytes()}
    for value in (SECRET, "https://hooks.tea.example/other", ""):
        monkeypatch.setenv("TEA_WEBHOOK_URL", value)
        cold = asked(*words)
        written.add(kept(cache)[0].read_bytes())
        assert all(value.encode() not in file.read_bytes() for file in (cache / OWN).iterdir() if value)
    assert len(written) == 4
    monkeypatch.setenv("TEA_KEY", "a-key-that-no-offline-plan-reads")
    known()
    assert deployer(*words, "--project", tea) == cold


def test_tasks_are_listed_again_if_something_else_is_the_settings(
    tea: Path, cache: Path, asked: Callable[..., Done], edit: Edit
) -> None:
    """Whatever becomes of the settings is seen: an edit, a second file, a link, none; an app that has no key, too."""
    steps: tuple[Callable[[], object], ...] = (
        lambda: edit(tea / "deployer.yaml", "state: file:account.json", "state: file:other.json"),
        lambda: (tea / "deployer.yml").symlink_to(tea / "nowhere"),
        (tea / "deployer.yml").unlink,
        lambda: (tea / "deployer.yaml").rename(tea / "deployer.yml"),
        (tea / "deployer.yml").unlink,
    )
    cold = [(asked("tasks"), asked("tasks", "--env", "account"))]
    assert len(kept(cache)) == 1
    for step in steps:
        step()
        cold.append((asked("tasks"), asked("tasks", "--env", "account")))
    assert [sandbox.code for sandbox, _ in cold] == [0, 0, 0, 0, 0, 1]
    assert {account.code for _, account in cold} == {0, 1}


def test_settings_that_come_back_are_seen(tea: Path, cache: Path, asked: Callable[..., Done]) -> None:
    """That there are no settings is found out each time: a comparison is made again once they are there."""
    settings = (tea / "deployer.yaml").read_bytes()
    before = asked("validate", "--new-since", "main")
    (tea / "deployer.yaml").rename(tea / "Deployer.yaml")
    assert "rename" in asked("validate", "--new-since", "main").out
    (tea / "Deployer.yaml").unlink()
    assert "rename" not in asked("validate", "--new-since", "main").out
    (tea / "deployer.yaml").write_bytes(settings)
    assert asked("validate", "--new-since", "main") == before
    assert len(kept(cache)) == 1


@pytest.mark.parametrize("words", [PLANS[1], TASKS[0]], ids=" ".join)
def test_what_standard_output_speaks_is_looked_at(words: tuple[str, ...], tea: Path, cache: Path) -> None:
    """What was printed in UTF-8 isn't printed where only ASCII can be shown, nor the other way around."""
    line, printed = [*COMMAND, *words, "--project", str(tea)], []
    for encoding in ("utf-8", "ascii", "utf-8"):
        environ = {**os.environ, VARIABLE: str(cache), "PYTHONIOENCODING": encoding}
        cold, warm = (
            subprocess.run([*line, *more], capture_output=True, env=environ, check=True).stdout
            for more in (["--no-cache"], [])
        )
        assert warm == cold
        printed.append(warm)
    assert printed[0] != printed[1]


def test_what_ends_with_a_day_ends(
    tea: Path, asked: Callable[..., Done], edit: Edit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What `compat.allow` lets through by a day isn't let through after it, although nothing else changed."""
    allow = '{address: event_type.order_shipped, change: property-removed, reason: unused, until: "2026-12-01"}'
    edit(tea / "deployer.yaml", "project:", f"compat: {{allow: [{allow}]}}\nproject:")
    git(tea, "commit", "-q", "-a", "-m", "allow it")
    edit(tea / "resources.yaml", "  tracking_url: {type: string, format: uri, minLength: 1}\n", "")
    edit(tea / "resources.yaml", ', tracking_url: "https://tea.example/t/17"', "")
    found = []
    for today in (date(2026, 11, 30), date(2026, 12, 2)):
        for module in (day, elsewhere, workspace):
            monkeypatch.setattr(module, "today_in", lambda _zone, today=today: today)
        found.append(asked("compat", "--against", "main", "--env", "sandbox"))
    assert found[0] != found[1]


def test_another_deployer_works_it_out_again(
    tea: Path, asked: Callable[..., Done], deployer: Deployer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What another version printed isn't printed by this one."""
    asked("plan", "--offline")
    loaded = []
    load = loading.load_keeping
    monkeypatch.setattr(loading, "load_keeping", lambda *more: loaded.append(1) or load(*more))
    monkeypatch.setattr(results, "stamp", lambda: "another")
    deployer("plan", "--offline", "--project", tea)
    assert loaded == [1]


def test_a_damaged_result_is_none(tea: Path, cache: Path, deployer: Deployer, asked: Callable[..., Done]) -> None:
    """Cut off anywhere or with any byte changed, what is kept isn't printed, and the next run keeps it again."""
    cold = asked("status")
    [file] = kept(cache)
    whole = file.read_bytes()
    chosen = random.Random(7)
    for at in (0, 1, 64, 65, len(whole) - 1, *(chosen.randrange(len(whole)) for _ in range(2))):
        for damaged in (whole[:at], whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :]):
            file.write_bytes(damaged)
            assert deployer("status", "--project", tea) == cold
            assert file.read_bytes() != damaged


def test_results_are_private_and_bounded(
    cache: Path, asked: Callable[..., Done], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only their owner may read them; the oldest make room."""
    monkeypatch.setattr(kept_files, "USUAL", replace(kept_files.USUAL, most=3))
    for words in PLANS[:6]:
        asked(*words)
    assert len(kept(cache)) == 3
    assert {file.stat().st_mode & 0o777 for file in kept(cache)} == {0o600}


@pytest.mark.parametrize("place", ["file", "file/below"])
def test_a_folder_that_cannot_be_written_is_no_error(
    place: str, tea: Path, tmp_path: Path, deployer: Deployer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where nothing can be kept, it is worked out each time."""
    cold = deployer("plan", "--offline", "--project", tea)
    (tmp_path / "file").write_text("")
    monkeypatch.setenv(VARIABLE, str(tmp_path / place))
    assert [deployer("plan", "--offline", "--project", tea) for _ in range(2)] == [cold] * 2


def test_what_is_said_beside_the_result_is_said_each_time(
    tea: Path, cache: Path, deployer: Deployer, asked: Callable[..., Done]
) -> None:
    """What reading a record says is said once a run; where an environment fails, its error is, and nothing is kept."""
    assert asked(*NOTED).err.count("no remote") == 1
    [file] = kept(cache)
    file.unlink()
    (tea / "account.json").write_text("{")
    first, second = (
        deployer("plan", "--offline", "--env", "sandbox", "--env", "account", "--project", tea) for _ in range(2)
    )
    assert first == second
    assert first.err
    assert kept(cache) == []


def test_runs_side_by_side_print_the_same(tea: Path, cache: Path, edit: Edit) -> None:
    """Processes that read and keep at the same time, while the project changes between them, are all right."""
    environ = {**os.environ, VARIABLE: str(cache)}
    line = [*COMMAND, "plan", "--offline", "--project", str(tea)]
    for old, new in (("The order", "Your order"), ("Your order", "The order")):
        cold = subprocess.run([*line, "--no-cache"], capture_output=True, env=environ, check=True).stdout
        running = [subprocess.Popen(line, stdout=subprocess.PIPE, env=environ) for _ in range(4)]
        assert [process.communicate()[0] for process in running] == [cold] * 4
        edit(tea / "resources.yaml", old, new)


WATCH = """
import os, sys
from pathlib import Path
from deployer.cli import kept
from deployer.cli.main import run
from deployer.workspace.elsewhere import Place

opened, seen = set(), []

def watch(event, arguments):
    if event in ("open", "os.scandir", "os.listdir", "sqlite3.connect") and isinstance(arguments[0], (str, bytes)):
        opened.add(os.path.abspath(os.fsdecode(arguments[0])))

keep = kept._keep

def keep_too(results, result, transcript):
    seen.append(transcript.workspaces[0])
    keep(results, result, transcript)

kept._keep = keep_too
root = Path(sys.argv[1]).resolve()
sys.addaudithook(watch)
run([*sys.argv[2:], "--project", str(root)])
[workspace] = seen
known = {str(root / one.path) for one in workspace.keeping.files.questions}
looks = workspace.elsewhere.seen
known |= {look.name for look in looks if look.place is Place.FILE}
known |= {str(root / look.name.removeprefix("file:")) for look in looks if look.place is Place.RECORD}
inside = {one for one in opened if one.startswith(f"{root}{os.sep}") and not os.path.isdir(one)}
print("TELL", workspace.elsewhere.lasts, len(inside), *sorted(one for one in inside - known if "/.git" not in one))
"""


@pytest.mark.parametrize("words", [PLANS[1], PLANS[10], LOOKS[0], LOOKS[3], SINCE[1], SINCE[5], TASKS[0]], ids=" ".join)
def test_a_command_reads_no_file_that_it_did_not_keep_in_mind(words: tuple[str, ...], tea: Path, cache: Path) -> None:
    """Whatever a command opens in a project is among what a kept result is compared by."""
    environ = {**os.environ, VARIABLE: str(cache)}
    line = [sys.executable, "-c", WATCH, str(tea), *words]
    done = subprocess.run(line, capture_output=True, text=True, check=True, env=environ)
    told = next(line for line in done.stdout.splitlines() if line.startswith("TELL")).split()
    assert told[1] == "True"
    assert int(told[2]) > 0
    assert told[3:] == []
