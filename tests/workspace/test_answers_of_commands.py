"""Every command that checks a project uses what another kept of it, and prints the same bytes as without."""

from __future__ import annotations

import io
import os
import shutil
from contextlib import redirect_stderr, redirect_stdout
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deployer.cli.main import run
from deployer.kinds.message import Message, estimate
from deployer.messages import liquid_dates
from deployer.messages.virtual import look_at_the_clock
from deployer.views.problems import FORMATS
from deployer.workspace.answers import OWN, VARIABLE, folder_of_answers
from deployer.workspace.loading import load, load_keeping
from deployer.workspace.workspace import Workspace
from tests.commands import git
from tests.workspace.test_answers import CONTENTS, SETTINGS, TEXT, WORDS, plain, put

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted((ROOT / "examples").iterdir())
TRIED = int(os.environ.get("DEPLOYER_RANDOM_PROJECTS", "25"))
"""Random projects to try; 500 take some minutes."""

PAGES = (
    ROOT / "examples" / "northwind",
    *(path.parent for path in sorted(ROOT.glob("tests/example-files/*/message*/deployer.yaml"))),
)
"""Projects whose pages are compared: messages that are right and wrong in every way."""

COMMANDS = (
    ("plan", "--offline"),
    ("plan", "--offline", "--format", "json"),
    ("plan", "--offline", "--format", "markdown"),
    ("plan", "--offline", "--all-envs"),
    ("plan", "--offline", "--all-envs", "--format", "json"),
    ("plan", "--offline", "--explain", "message.shipped"),
    ("plan", "--offline", "--only", "shipped", "--detailed-exitcode"),
    *(("status", "--format", name) for name in ("text", "json", "markdown")),
    ("status", "--all-envs"),
    ("drift",),
    ("drift", "--format", "json", "--detailed-exitcode"),
    *(("compat", "--against", "HEAD", "--format", name) for name in ("text", "json", "markdown", "github")),
    *(("validate", "--new-since", "HEAD", "--format", name) for name in FORMATS),
    ("validate", "--format", "sarif"),
    ("tasks",),
    ("tasks", "--format", "json"),
    ("render", "shipped"),
)
SHOWN = (
    ("plan", "--offline"),
    ("plan", "--offline", "--format", "json"),
    ("status",),
    ("drift",),
    ("compat", "--against", "HEAD"),
    ("validate", "--new-since", "HEAD", "--format", "json"),
    ("tasks",),
)


def printed(root: Path, cache: str, words: tuple[str, ...]) -> tuple[int, str, str]:
    """What a command prints, with answers kept in a folder, or (``""``) without any."""
    out, error = io.StringIO(), io.StringIO()
    with mock.patch.dict(os.environ, {VARIABLE: cache}), redirect_stdout(out), redirect_stderr(error):
        code = run([*words, "--project", str(root)])
    return code, out.getvalue(), error.getvalue()


def kept_in(cache: Path, kind: str = ".json") -> list[Path]:
    """The files that hold answers, or others of a kind; ``""``: all that are kept."""
    return sorted((cache / OWN).glob(f"*{kind}"))


def commit(root: Path) -> None:
    """Let git keep a project as it is."""
    git(root, "init", "-q")
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "first")


@pytest.mark.parametrize("folder", EXAMPLES, ids=lambda folder: folder.name)
def test_every_example_is_planned_the_same(folder, tmp_path):
    """If a project is known, its plan and its status are what they are without any answer."""
    root = tmp_path / folder.name
    shutil.copytree(folder, root)
    commit(root)
    for words in SHOWN:
        cold = printed(root, "", words)
        assert printed(root, str(tmp_path / "cache"), words) == cold
        assert printed(root, str(tmp_path / "cache"), words) == cold


@pytest.mark.parametrize("folder", PAGES, ids=lambda folder: folder.name)
def test_every_page_is_the_same(folder, tmp_path):
    """A page has the same bytes, and the same errors beside it, without answers, with new ones and with known ones."""
    page, made = tmp_path / "page.html", set()
    for cache in ("", str(tmp_path / "cache"), str(tmp_path / "cache")):
        words = ("preview", "--out", str(page), "--env", "sandbox")
        made.add((printed(folder, cache, words), page.read_bytes() if page.exists() else b""))
    assert len(made) == 1


def test_a_plan_does_not_check_what_was_checked(tmp_path, monkeypatch):
    """If validate checked an environment, no rule runs for a plan of it; with --no-cache every rule runs."""
    plain(tmp_path / "tea")
    cache = str(tmp_path / "cache")
    printed(tmp_path / "tea", cache, ("validate", "--env", "sandbox"))
    monkeypatch.setattr(Workspace, "_found", lambda *_: pytest.fail("it was known"))
    assert printed(tmp_path / "tea", cache, ("plan", "--offline"))[0] == 0
    with pytest.raises(pytest.fail.Exception):
        printed(tmp_path / "tea", cache, ("plan", "--offline", "--no-cache"))


def test_a_loaded_project_keeps_nothing(tmp_path, monkeypatch):
    """Loading and checking from Python writes to no cache folder."""
    plain(tmp_path / "tea")
    monkeypatch.setenv(VARIABLE, str(tmp_path / "cache"))
    load(tmp_path / "tea").check()
    assert not (tmp_path / "cache").exists()


def test_answers_are_in_the_cache_folder_of_the_user(tmp_path, monkeypatch):
    """Without the variable what was found is in the user's cache folder and nowhere in the project."""
    plain(tmp_path / "tea")
    before = sorted((tmp_path / "tea").rglob("*"))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.delenv(VARIABLE)
    run(["validate", "--project", str(tmp_path / "tea")])
    assert len(kept_in(tmp_path / "home/.cache")) == 1
    assert sorted((tmp_path / "tea").rglob("*")) == before


@pytest.mark.parametrize(
    ("environ", "folder"),
    [
        ({"HOME": "/home/me"}, Path("/home/me/.cache", OWN)),
        ({"HOME": "/home/me", "XDG_CACHE_HOME": "/var/mine"}, Path("/var/mine", OWN)),
        ({"HOME": "/home/me", "XDG_CACHE_HOME": "relative"}, Path("/home/me/.cache", OWN)),
        ({"HOME": "/home/me", VARIABLE: "kept"}, Path("kept", OWN)),
        ({"HOME": "/home/me", VARIABLE: ""}, None),
        ({}, None),
    ],
)
def test_the_folder_of_answers(environ, folder):
    """The variable comes first and may be empty; without a home there is no folder."""
    assert folder_of_answers(environ) == folder


def test_a_text_that_prints_the_time_is_not_kept(tmp_path):
    """If rendering looked at the clock, even for another environment, the next run renders again."""
    root = tmp_path / "tea"
    plain(root)
    printed(root, str(tmp_path / "cache"), ("plan", "--offline", "--all-envs"))
    assert len(kept_in(tmp_path / "cache")) == 2
    put(root, "texts/shipped.txt", f"{WORDS} {{{{ 'now' | date: '%S' }}}}")
    printed(root, str(tmp_path / "other"), ("plan", "--offline", "--all-envs"))
    assert kept_in(tmp_path / "other") == []


def test_an_estimate_that_the_clock_decides_is_made_each_time(tmp_path, monkeypatch):
    """What was counted for a rule before it was estimated still depends on the clock: a later run counts again."""
    root, found = tmp_path / "tea", []
    plain(root)
    put(root, "deployer.yaml", f"{SETTINGS}rules: {{message/not-bare-in-text: off, message/tag-in-text: off}}\n")
    put(root, "texts/shipped.txt", "{% assign s = 'now' | date: '%S' %}{% for i in (0..s) %}Order! {% endfor %}")
    for second in (0, 59):
        now = datetime(2026, 5, 10, second=second, tzinfo=UTC)
        monkeypatch.setattr(liquid_dates, "_now", lambda now=now: look_at_the_clock() or now)
        workspace = load_keeping(root, tmp_path / "cache")
        project = workspace.project("sandbox")
        found.append(estimate(project.all(Message)[0], project))
        workspace.learn()
    assert found == [(1, 1), (3, 3)]


edits = st.lists(
    st.sampled_from(sorted(CONTENTS)).flatmap(
        lambda path: st.tuples(st.just(path), st.none() | st.sampled_from(CONTENTS[path]))
    ),
    max_size=4,
)


@settings(max_examples=TRIED)
@given(edits, st.sampled_from(COMMANDS), st.binary(min_size=1, max_size=3), st.integers(0, 5_000))
def test_a_random_project_prints_the_same(made, words, noise, place):
    """Cold, warm, stale after each edit, and damaged: a command prints the same bytes as without kept answers."""
    with TemporaryDirectory() as name:
        root, cache = Path(name, "tea"), Path(name, "cache")
        plain(root)
        put(root, "message.yaml", TEXT)
        commit(root)
        printed(root, "", words)  # what a first run makes, such as the sandbox's account, is there
        for path, content in [("a.pdf", "%PDF"), *made]:
            put(root, path, content)
            cold = printed(root, "", words)
            assert printed(root, str(cache), words) == cold
            assert printed(root, str(cache), words) == cold
        for file in kept_in(cache, ""):
            whole = file.read_bytes()
            file.write_bytes(whole[: place % len(whole)] + noise + whole[place % len(whole) + len(noise) :])
        assert printed(root, str(cache), words) == cold
