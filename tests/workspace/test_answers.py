"""Kept answers change no answer: cold, warm, stale, damaged and shared by several, each output is the same bytes."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
import zoneinfo
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deployer.cli.main import run
from deployer.errors import DeployerError
from deployer.source.loading import MAX_YAML
from deployer.views.problems import FORMATS
from deployer.workspace import answers as module
from deployer.workspace import kept_files, loading, stamp, workspace
from deployer.workspace.answers import VARIABLE, Answers
from deployer.workspace.validation import validated
from tests.cases import cases

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).parents[2]
Printed: TypeAlias = dict[str, tuple[int, str, str]]
EXAMPLES = sorted((ROOT / "examples").iterdir())
PROJECTS = [*EXAMPLES, *cases("invalid"), *cases("valid"), ROOT / "tests/example-files/shop"]

SETTINGS = """\
version: 1
project: tea
brand: {name: Tea}
time_zone: Europe/Berlin
apps: {orders: {description: The shop sends with this app.}}
environments:
  sandbox: {target: sandbox}
  other: {target: sandbox}
"""
EVENT = """\
kind: EventType
id: order_shipped
name: Order Shipped
app: orders
properties:
  order_id: {type: string, minLength: 1, maxLength: 9}
samples: {happy: {order_id: "54321"}}
"""
TEXT = """\
kind: Message
id: shipped
channel: text
event: order_shipped
body: {file: texts/shipped.txt}
"""
WORDS = "Order {{triggerEvent.custom['order_id']}} is on its way. [[ thanks() ]]"
MACROS = "[% macro thanks() %]Thanks![% endmacro %]"
STRICT = "rules: {event/no-owner: error}\n"
SUPPRESSED = "# deployer: ignore[event/no-owner] the shop is one person until 2026-12-01\n"
CONTENTS = {
    "deployer.yaml": [SETTINGS, SETTINGS + "ignore: [old]\n", SETTINGS + STRICT, "version: [\n"],
    "events.yaml": [EVENT, EVENT.replace("order_id:", "order:"), SUPPRESSED + EVENT, "kind: EventType\n", "\0"],
    "message.yaml": [TEXT, TEXT + "limits: {segments: 1}\n", TEXT.replace("order_shipped", "order_gone")],
    "texts/shipped.txt": [WORDS, WORDS.replace("thanks", "thank"), "50% off", "{{", "\udcff"],
    "macros/all.jinja": [MACROS, MACROS + "[% macro more() %]", "[% include 'texts/shipped.txt' %]"],
    "old/more.yaml": [EVENT, "a: b\n"],
    ".gitignore": ["texts\n", "*.jinja\n", "old/\n"],
    "texts/.gitignore": ["*\n"],
    "notes.json": ['{"kind": "EventType"}', "{}"],
    "a.pdf": ["%PDF"],
}


def put(root: Path, path: str, content: str | None) -> None:
    """Write a file, or take it away; half of a surrogate pair stands for a byte that isn't UTF-8."""
    target = root / path
    if content is None:
        target.unlink(missing_ok=True)
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content.encode("utf-8", "surrogateescape"))


def plain(root: Path) -> dict[str, str]:
    """A project of everything, without problems."""
    apart = (".", "texts/.", "old", "notes")
    made = {path: contents[0] for path, contents in CONTENTS.items() if not path.startswith(apart)}
    for path, content in made.items():
        put(root, path, content)
    return made


def told(root: Path, kept: Answers | None = None, environment: str | None = None) -> Any:
    """What a check gives, or the error that it ends with."""
    try:
        return validated(root, environment, kept)
    except DeployerError as error:
        return (type(error), str(error), error.hint)


@pytest.fixture
def printed(monkeypatch, capfd):
    """A maker of what `validate` prints, in all of its formats, with answers kept in a folder or without."""

    def every(folder: Path, cache: Path | None, formats: Sequence[str] = tuple(FORMATS)) -> Printed:
        if cache is None:
            monkeypatch.setenv(VARIABLE, "")
        else:
            monkeypatch.setenv(VARIABLE, str(cache))
        found = {}
        for name in formats:
            code = run(["validate", "--project", str(folder), "--format", name])
            found[name] = (code, *capfd.readouterr())
        return found

    return every


@pytest.mark.parametrize("folder", PROJECTS, ids=lambda folder: folder.name)
def test_every_example_prints_the_same_in_every_format(folder, tmp_path, printed, monkeypatch):
    """Cold, kept for the first time, and known, in text, JSON, SARIF and the others: the same bytes and exit code."""
    formats = tuple(FORMATS) if folder in EXAMPLES else ("text", "json", "sarif")
    cold = printed(folder, None, formats)
    assert printed(folder, tmp_path / "cache", ("text",)) == {"text": cold["text"]}
    if list((tmp_path / "cache").rglob("*.json")):
        monkeypatch.setattr(loading, "load_keeping", lambda *_args, **_more: pytest.fail("it was known"))
    assert printed(folder, tmp_path / "cache", formats) == cold


def test_examples_are_known(tmp_path):
    """What was checked once isn't loaded again; another environment is another answer."""
    northwind = ROOT / "examples/northwind"
    for environment in ("", "production"):
        kept = Answers(tmp_path, northwind, environment)
        assert kept.find() is None
        first = validated(northwind, environment or None, kept)
        assert kept.find() == first
    assert len(list(tmp_path.glob("*.json"))) == 2


edits = st.lists(
    st.sampled_from(sorted(CONTENTS)).flatmap(
        lambda path: st.tuples(st.just(path), st.none() | st.sampled_from(CONTENTS[path]))
    ),
    min_size=1,
    max_size=6,
)


@settings(deadline=None, max_examples=250)
@given(edits, st.sampled_from([None, "sandbox", "nowhere"]))
def test_a_project_that_changes_is_answered_as_it_is(made, environment):
    """After each edit of any file (settings, YAML, words, what git ignores) a kept answer is that of a check."""
    with TemporaryDirectory() as name:
        root, kept = Path(name, "tea"), Answers(Path(name, "cache"), Path(name, "tea"), environment or "")
        plain(root)
        for path, content in [("a.pdf", "%PDF"), *made]:
            put(root, path, content)
            cold = told(root, None, environment)
            assert told(root, kept, environment) == cold
            assert told(root, kept, environment) == cold


def test_a_link_a_folder_and_a_file_that_comes_are_seen(tmp_path):
    """What a path leads to counts, not only what files hold: links, folders in the place of files, missing files."""
    root = tmp_path / "tea"
    plain(root)
    kept = Answers(tmp_path / "cache", root)
    (tmp_path / "outside.txt").write_text(WORDS)
    words = root / "texts/shipped.txt"

    def same():
        cold = told(root)
        assert told(root, kept) == cold
        assert told(root, kept) == cold
        return cold

    sound = same()
    words.unlink()
    assert same() != sound
    words.symlink_to(tmp_path / "outside.txt")
    assert same() != sound
    words.unlink()
    words.mkdir()
    assert same() != sound
    words.rmdir()
    (root / "elsewhere.txt").write_text(WORDS)
    words.symlink_to(root / "elsewhere.txt")
    assert same() == sound
    (root / "elsewhere.txt").write_text("{{")
    assert same() != sound


def test_a_kept_answer_ends_with_its_day(tmp_path, monkeypatch):
    """A suppression that ends by a day ends there, although no file changed."""
    root = tmp_path / "tea"
    plain(root)
    put(root, "deployer.yaml", SETTINGS + STRICT)
    put(root, "events.yaml", SUPPRESSED + EVENT)
    kept = Answers(tmp_path / "cache", root)
    found = []
    for day in (date(2026, 11, 30), date(2026, 12, 2)):
        monkeypatch.setattr(module, "today_in", lambda _zone, day=day: day)
        monkeypatch.setattr(workspace, "today_in", lambda _zone, day=day: day)
        cold = told(root)
        assert told(root, kept) == cold
        assert told(root, kept) == cold
        found.append(cold)
    assert found[0] != found[1]


EMAIL = """\
kind: Message
id: mail
channel: email
event: order_shipped
from: tea@tea.example
subject: Your order
html: "<p>SAID {{triggerEvent.custom['order_id']}}</p>"
plain: Your order.
"""


@pytest.mark.parametrize(
    ("said", "lasts"),
    [
        ("{{ 'now' | date: '%S' }}", False),
        ("{{ 'today' | date: '%d' }}", False),
        ("{{ now }}", True),
        ("{{ now | upcase }}", False),
        ("{% assign a = today %}{{ a }}", False),
        ("{% for a in (1..2) %}{% if now %}{{ a }}{% endif %}{% endfor %}", False),
        ("{{ 'May 10' | date: '%Y' }}", False),
        ("{{ '12:30' | date: '%d' }}", False),
        ("{{ '2026-05-10' | date: '%B' }}", True),
        ("{{ 'now' | upcase }}", True),
    ],
)
def test_what_depends_on_the_clock_is_not_kept(tmp_path, said, lasts):
    """A text that prints the time may be longer in a moment; a plain macro of that name is a hole at any time."""
    root = tmp_path / "tea"
    plain(root)
    put(root, "mail.yaml", EMAIL.replace("SAID", said))
    kept = Answers(tmp_path / "cache", root)
    told(root, kept)
    assert (kept.find() is not None) == lasts


def test_another_deployer_checks_again(tmp_path, monkeypatch):
    """What another version kept isn't given: its rules may differ."""
    northwind = ROOT / "examples/northwind"
    kept = Answers(tmp_path, northwind)
    validated(northwind, None, kept)
    assert kept.find() is not None
    monkeypatch.setattr(module, "stamp", lambda: "another")
    assert kept.find() is None
    assert len(stamp.stamp()) == 64


def test_other_rules_of_time_zones_are_another_deployer(tmp_path, monkeypatch):
    """Where clocks are put forward decides what a check finds: new rules in the same place, or another place."""
    found = []
    for folder in ("one", "one", "two"):
        (tmp_path / folder).mkdir(exist_ok=True)
        os.utime(tmp_path / folder, (0, len(found)))
        monkeypatch.setattr(zoneinfo, "TZPATH", (str(tmp_path / folder),), raising=False)
        found.append(stamp.stamp.__wrapped__())
    assert len({*found}) == 3
    assert stamp.stamp.__wrapped__() == found[-1]


def test_a_damaged_answer_is_none(tmp_path):
    """Cut off anywhere or with any byte changed, what is kept isn't used, and the next check writes it anew."""
    root = tmp_path / "tea"
    plain(root)
    kept = Answers(tmp_path / "cache", root)
    cold = told(root)
    assert told(root, kept) == cold
    [file] = (tmp_path / "cache").glob("*.json")
    whole = file.read_bytes()
    chosen = random.Random(7)
    for at in (0, 1, 64, 65, len(whole) - 1, *(chosen.randrange(len(whole)) for _ in range(60))):
        for damaged in (whole[:at], whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :]):
            file.write_bytes(damaged)
            assert kept.find() is None
            assert told(root, kept) == cold
            assert kept.find() == cold


def test_a_folder_that_cannot_be_written_is_no_error(tmp_path, printed):
    """Where the folder is a file, or none can be made, the project is checked as without it."""
    root = tmp_path / "tea"
    plain(root)
    cold = printed(root, None)
    (tmp_path / "file").write_text("")
    for folder in (tmp_path / "file", tmp_path / "file" / "below", Path("/proc/none")):
        assert printed(root, folder) == cold
        assert printed(root, folder) == cold


@pytest.mark.parametrize("place", [".cache/deployer", ".cache", "kept", "old/kept"])
def test_answers_may_be_kept_within_the_project(tmp_path, place):
    """Where the folder is a hidden one of the project, the second run knows already; elsewhere no answer is wrong."""
    root = tmp_path / "tea"
    plain(root)
    kept = Answers(root / place, root)
    for _ in range(3):
        found = told(root, kept)
        assert found == told(root)
        assert (kept.find() is not None) == place.startswith(".")


def test_the_folder_is_bounded(tmp_path, monkeypatch):
    """The oldest answers make room; one that is larger than all sense isn't kept."""
    folder = tmp_path / "cache"
    first = tmp_path / "tea"
    plain(first)
    for number in range(kept_files.USUAL.most + 6):
        root = tmp_path / f"shop{number}"
        shutil.copytree(first, root)
        assert told(root, Answers(folder, root)) == told(root)
    assert len(list(folder.glob("*.json"))) == kept_files.USUAL.most
    monkeypatch.setattr(kept_files, "USUAL", replace(kept_files.USUAL, largest=10))
    assert told(first, Answers(tmp_path / "none", first)) == told(first)
    assert list((tmp_path / "none").glob("*.json")) == []


def test_files_of_others_in_the_folder_stay(tmp_path, printed):
    """If the named folder holds files of others, however many and whatever their names, they make no room."""
    root = tmp_path / "tea"
    plain(root)
    folder = tmp_path / "cache"
    folder.mkdir()
    others = [folder / f"{number:032x}.json" for number in range(kept_files.USUAL.most + 6)]
    for other in others:
        other.write_text("{}")
    printed(root, folder, ("text",))
    assert [one for one in others if not one.exists()] == []
    assert len(list(folder.rglob("*.json"))) == len(others) + 1


def test_many_at_once_get_the_same(tmp_path):
    """Runs that read and write answers side by side, of two projects, are all right."""
    root = tmp_path / "tea"
    plain(root)
    other = tmp_path / "changed"
    shutil.copytree(root, other)
    put(other, "texts/shipped.txt", "{{")
    right = {root: told(root), other: told(other)}

    def once(number: int) -> bool:
        folder = (root, other)[number % 2]
        found = told(folder, Answers(tmp_path / "cache", folder))
        return bool(found == right[folder])

    with ThreadPoolExecutor(8) as crew:
        assert all(crew.map(once, range(80)))


WATCH = """
import os, sys
from pathlib import Path
from deployer.workspace.loading import load
from deployer.source.consulted import ConsultedFiles

opened = set()

def watch(event, arguments):
    if event in ("open", "os.scandir", "os.listdir") and isinstance(arguments[0], (str, bytes, os.PathLike)):
        opened.add(os.path.abspath(os.fsdecode(arguments[0])))

sys.addaudithook(watch)
for folder in sys.argv[1:]:
    root = Path(folder).resolve()
    opened.clear()
    files = ConsultedFiles(root)
    load(root, files=files).checked()
    seen = {Path(one).relative_to(root).as_posix() for one in list(opened) if one.startswith(f"{root}{os.sep}")}
    folders = {one for one in seen if (root / one).is_dir()}
    asked = {one.path for one in files.questions}
    again = files.unasked()
    opened.clear()
    load(root, files=again).checked()
    assert set(again.questions) == set(files.questions)
    reread = [one for one in opened if one.startswith(f"{root}{os.sep}") and os.path.isfile(one)]
    assert all(one.endswith(".gitignore") for one in reread)
    print(len(seen), *sorted(f"{root.name}/{one}" for one in seen - folders - asked if not one.endswith(".gitignore")))
"""


def test_a_check_reads_no_file_that_it_did_not_ask_for():
    """Whatever a check opens in a project is among the questions that a kept answer is compared by."""
    done = subprocess.run([sys.executable, "-c", WATCH, *PROJECTS], capture_output=True, text=True, check=True)
    lines = [line.split() for line in done.stdout.splitlines()]
    assert [line[1:] for line in lines] == [[]] * len(PROJECTS)
    assert sum(int(line[0]) for line in lines) > len(PROJECTS)


EDITED = """
import os, sys
from collections import Counter
from pathlib import Path
from deployer.workspace.answers import Answers
from deployer.workspace.validation import validated

opened = Counter()

def watch(event, arguments):
    if event == "open" and isinstance(arguments[0], (str, os.PathLike)):
        opened[os.path.abspath(os.fsdecode(arguments[0]))] += 1

root, cache = Path(sys.argv[1]).resolve(), Path(sys.argv[2])
validated(root, None, Answers(cache, root))
with (root / "mail.yaml").open("a") as file:
    file.write("# edited\\n")
sys.addaudithook(watch)
validated(root, None, Answers(cache, root))
print({count for path, count in opened.items() if path.startswith(f"{root}{os.sep}") and path.endswith(".yaml")})
"""


def test_a_file_is_read_once_also_where_the_answer_is_no_longer_known(tmp_path):
    """What was read to see that something changed isn't read again to check it."""
    plain(tmp_path / "tea")
    put(tmp_path / "tea", "mail.yaml", EMAIL.replace("SAID", "hello"))
    done = subprocess.run(
        [sys.executable, "-c", EDITED, tmp_path / "tea", tmp_path / "cache"], capture_output=True, text=True, check=True
    )
    assert done.stdout == "{1}\n"


def test_a_file_that_is_too_large_for_yaml_stays_so(tmp_path):
    """A check after an edit refuses what a cold one refuses: a file may be read as words that is too large as YAML."""
    root = tmp_path / "tea"
    plain(root)
    put(root, "words.yaml", "# words\n" * (MAX_YAML // 8 + 1) + "id: 1")
    put(root, "mail.yaml", EMAIL.replace("plain: Your order.", "plain: {file: words.yaml}"))
    kept = Answers(tmp_path / "cache", root)
    assert told(root, kept) == told(root)
    with (root / "mail.yaml").open("a") as file:
        file.write("# edited\n")
    assert told(root, kept) == told(root)


def test_what_is_kept_is_private_and_plain(tmp_path):
    """A kept answer is JSON that only its owner may read: it holds lines of the project."""
    northwind = ROOT / "examples/northwind"
    validated(northwind, None, Answers(tmp_path, northwind))
    [file] = tmp_path.glob("*.json")
    assert file.stat().st_mode & 0o777 == 0o600
    assert json.loads(file.read_bytes().partition(b"\n")[2])["files"] > 0
