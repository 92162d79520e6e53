"""A project that is known to be sound is read when it is looked at, and is then what a whole reading makes of it."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from unittest import mock

import pytest
from hypothesis import given, settings

from deployer.cli.main import run
from deployer.kinds import KINDS
from deployer.project import sought
from deployer.source import ProblemsError
from deployer.workspace.answers import VARIABLE
from deployer.workspace.loading import load, load_keeping
from deployer.workspace.sought import project_of
from tests.cases import cases
from tests.workspace.test_answers import CONTENTS, EXAMPLES, ROOT, TEXT, plain, put
from tests.workspace.test_answers_of_commands import edits

if TYPE_CHECKING:
    from deployer.project import Project


def assert_reads_the_same(root: Path, cache: Path) -> None:
    """Where an earlier run found no error in an environment, compare what is read then with the whole reading."""
    whole = load(root)
    for name in whole.environments() if whole.settings else ():
        try:
            load_keeping(root, cache).project(name)
        except ProblemsError:
            continue
        linked = whole.linked(name).project
        assert_is(load_keeping(root, cache).project(name), linked)
        for address in linked.resources:
            assert_is(project_of(address, root, name, cache).project, linked)


def assert_is(read: Project, linked: Project) -> None:
    """Compare a project of which parts are read when they are looked at with the whole reading."""
    for kind in KINDS.values():
        assert [read.find(kind.model, model.id) for model in linked.all(kind.model)] == [*linked.all(kind.model)]
        assert read.all(kind.model) == linked.all(kind.model)
    assert list(read.resources) == list(linked.resources)
    assert all(address in read.resources for address in linked.resources)
    for address, resource in linked.resources.items():
        same = read.resources[address]
        assert (same.model, same.body, same.environment, same.inherits) == (
            resource.model,
            resource.body,
            resource.environment,
            resource.inherits,
        )
        assert same.locate(("id",)) == resource.locate(("id",))
    assert (read.broken, read.unread, read.environment, read.settings) == (
        linked.broken,
        linked.unread,
        linked.environment,
        linked.settings,
    )


@pytest.mark.parametrize(
    "folder", [*EXAMPLES, *cases("valid"), ROOT / "tests/example-files/shop"], ids=lambda folder: folder.name
)
def test_every_sound_project_is_read_the_same(folder, tmp_path):
    """Every resource of every environment is what the whole reading makes of it, at its place."""
    assert_reads_the_same(folder, tmp_path)


@settings(max_examples=20)
@given(edits)
def test_a_random_project_is_read_the_same(made):
    """After any edits, too, the sound environments of a project are what the whole reading makes of them."""
    with TemporaryDirectory() as name:
        root, cache = Path(name, "tea"), Path(name, "cache")
        plain(root)
        put(root, "message.yaml", TEXT)
        for path, content in made:
            put(root, path, content)
        assert_reads_the_same(root, cache)


@pytest.mark.parametrize("kind", ["EventType", "Message"])
def test_one_message_is_shown_without_reading_the_others(kind, tmp_path, monkeypatch, capsys):
    """If a project is known, showing a message reads it and its event, and no other one of either kind."""
    root = tmp_path / "tea"
    plain(root)
    put(root, "message.yaml", TEXT)
    for copy in "abc":
        put(root, f"event_{copy}.yaml", CONTENTS["events.yaml"][0].replace("hipped", f"hipped_{copy}"))
        put(root, f"message_{copy}.yaml", TEXT.replace("shipped\n", f"shipped_{copy}\n"))
    monkeypatch.setenv(VARIABLE, str(tmp_path / "cache"))
    words = ["render", "shipped", "--project", str(root)]
    assert run(words) == 0, capsys.readouterr().err
    first = capsys.readouterr().out
    parse = KINDS[kind].parse
    with mock.patch.object(type(KINDS[kind]), "parse", side_effect=parse) as parsed:
        run(words)
    assert capsys.readouterr().out == first
    assert len(parsed.mock_calls) == 1


@pytest.mark.parametrize(
    "written", ["shipped_b", '"shipped_b"', r'"sh\x69pped_b"', "&name shipped_b", "|-\n  shipped_b"]
)
def test_one_message_is_found_among_the_files(written, tmp_path, monkeypatch, capsys):
    """If a project is known, no file is parsed but those that name what is shown, however its id is written there."""
    root = tmp_path / "tea"
    plain(root)
    put(root, "message.yaml", TEXT)
    for copy in "ab":
        put(root, f"event_{copy}.yaml", CONTENTS["events.yaml"][0].replace("hipped", f"hipped_{copy}"))
    put(root, "message_b.yaml", TEXT.replace("id: shipped\n", f"id: {written}\n"))
    monkeypatch.setenv(VARIABLE, str(tmp_path / "cache"))
    assert run(["render", "shipped_b", "--project", str(root), "--no-cache"]) == 0, capsys.readouterr().err
    whole = capsys.readouterr().out
    words = ["render", "shipped_b", "--project", str(root)]
    run(words)
    with mock.patch.object(sought, "compose", side_effect=sought.compose) as parsed:
        run(words)
    assert capsys.readouterr().out == whole * 2
    paths = {call.args[0].path for call in parsed.mock_calls}
    assert "message_b.yaml" in paths
    assert not paths & {"event_a.yaml", "event_b.yaml", "message.yaml"}


def test_a_message_that_is_not_there_is_the_same_error(tmp_path, monkeypatch, capsys):
    """An id that isn't declared is refused with the nearest ones, whether the project is known or not."""
    root = tmp_path / "tea"
    plain(root)
    put(root, "message.yaml", TEXT)
    monkeypatch.setenv(VARIABLE, str(tmp_path / "cache"))
    printed = set()
    for more in (["--no-cache"], [], []):
        run(["render", "shiped", "--project", str(root), *more])
        printed.add(capsys.readouterr().err)
    (error,) = printed
    assert "shipped" in error
