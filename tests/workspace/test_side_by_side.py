"""However many processes check a project, what is found is what one of them finds."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings

from deployer import cores
from deployer.errors import DeployerError
from deployer.messages import library
from deployer.preview import making
from deployer.preview.previewer import preview
from deployer.rules import sharing, texts
from deployer.source import known_yaml
from deployer.views.pages import journeys, preview_page
from deployer.workspace.answers import Answer, Answers
from deployer.workspace.loading import load, load_keeping
from deployer.workspace.since import new_since
from tests.commands import git
from tests.workspace.test_answers import PROJECTS, put, told
from tests.workspace.test_facts import EMAIL, TEXT, WORDS, edits, plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from deployer.project import Project
    from deployer.workspace.workspace import Workspace

pytestmark = pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")


@pytest.fixture(autouse=True, scope="module")
def several() -> Iterator[None]:
    """Three processes check even the smallest project."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sharing, "PAYS", 1)
        patch.setattr(known_yaml, "PAYS", 1)
        patch.setattr(cores, "cores", lambda: 3)
        yield


def found(workspace: Workspace) -> Answer:
    """What a workspace finds, as `validate` gives it."""
    name = workspace.settings.project if workspace.settings else ""
    return Answer(name, workspace.files, workspace.checked())


def alone(root: Path) -> Any:
    """What this process finds, or the error that it ends with."""
    try:
        return found(load(root))
    except DeployerError as error:
        return (type(error), str(error), error.hint)


@pytest.mark.parametrize("folder", PROJECTS, ids=lambda folder: folder.name)
def test_every_example(folder):
    """In every example the same is found, in the same order."""
    assert found(load_keeping(folder, None)) == found(load(folder))


@pytest.mark.parametrize("environment", ["sandbox", "other"])
def test_one_environment(environment, tmp_path):
    """If one environment is checked, its own project is what is shared."""
    plain(tmp_path)
    put(tmp_path, "mail.yaml", EMAIL.replace("fresh", "50% off") + "environments: [sandbox]\n")
    assert load_keeping(tmp_path, None).checked(environment) == load(tmp_path).checked(environment)


@settings(deadline=None, max_examples=40)
@given(edits)
def test_edited_projects(made):
    """After each edit of a file, nothing known or the rest of it known, the same is found."""
    with TemporaryDirectory() as name:
        root = Path(name, "tea")
        plain(root)
        kept = Answers(Path(name, "cache"), root)
        for path, content in made:
            put(root, path, content)
            expected = alone(root)
            assert told(root) == expected
            assert told(root, kept) == expected
            assert told(root, kept) == expected


def looked_at(monkeypatch) -> list[str]:
    """The ids of the messages that this process looks at from now on."""
    looked: list[str] = []
    gather = texts.gather

    def watched(project, messages):
        taken = tuple(messages)
        looked.extend(one.id for one in taken)
        return gather(project, taken)

    monkeypatch.setattr("deployer.rules.subject.gather", watched)
    return looked


def test_this_process_looks_at_its_part_and_at_findings(tmp_path, monkeypatch):
    """What others find sound isn't looked at here; what they don't is, beside the part that is always looked at."""
    plain(tmp_path)
    for number in range(6):
        put(tmp_path, f"text{number}.yaml", TEXT.replace("id: shipped", f"id: text_{number}"))
    looked = looked_at(monkeypatch)
    assert load_keeping(tmp_path, None).checked().problems == load(tmp_path).checked().problems == ()
    looked.clear()
    load_keeping(tmp_path, None).checked()
    assert 0 < len(set(looked)) < 8
    put(tmp_path, "mail.yaml", EMAIL.replace("fresh", "50% off"))
    looked.clear()
    assert [one.rule for one in load_keeping(tmp_path, None).checked().problems] == ["message/promotional-wording"]
    assert "mail" in looked
    assert len(set(looked)) < 8


def test_one_check_where_all_is_sound(tmp_path, monkeypatch):
    """Where others find all of their parts sound, the check of this process's part is that of the whole."""
    plain(tmp_path)
    put(tmp_path, "orphan.yaml", TEXT.replace("id: shipped", "id: orphan"))
    checks: list[Project] = []
    check = sharing.check

    def watched(project, *given, **named):
        checks.append(project)
        return check(project, *given, **named)

    monkeypatch.setattr(sharing, "check", watched)
    monkeypatch.setattr("deployer.rules.check", watched)
    first, *others = (load_keeping(tmp_path, None).checked(), checks)[1]
    assert [one.environment.name for one in others] == list(load(tmp_path).environments())[1:]
    assert first.environment.name == load(tmp_path).environments()[0]


def test_texts_that_are_too_much_together(tmp_path, monkeypatch):
    """If no process has too much to compose, but all of them together have, the same texts are refused."""
    plain(tmp_path)
    for number in range(6):
        body = f"[% for n in range(40) %]a[% endfor %] {number}"
        content = TEXT.replace("id: shipped", f"id: text_{number}").replace("{file: texts/shipped.txt}", f'"{body}"')
        put(tmp_path, f"text{number}.yaml", content)
    refused = set()
    for most in (0, 50, 100, 150, 200, 250, 300, 350, 400):
        monkeypatch.setattr(library, "_MOST_WORK", most)
        put(tmp_path, "texts/shipped.txt", f"{WORDS}{most}")
        expected = found(load(tmp_path))
        assert found(load_keeping(tmp_path, None)) == expected
        refused.add(len(expected.checked.problems))
    assert len(refused) > 1


@pytest.mark.parametrize("number", [1, 2, 64])
def test_a_machine_of_many_cores(number, tmp_path, monkeypatch):
    """However many cores there are, few processes are started, and none where there is one."""
    started = []

    def none_of(_work: object, _spans: object, number: int, meanwhile: Callable[[], object]) -> tuple[()]:
        started.append(number)
        meanwhile()
        return ()

    monkeypatch.setattr(cores, "cores", lambda: number)
    monkeypatch.setattr(cores, "_side_by_side", none_of)
    monkeypatch.setattr(sharing, "PAYS", 1)
    monkeypatch.setattr(known_yaml, "PAYS", 6)
    plain(tmp_path)
    for each in range(20):
        put(tmp_path, f"text{each}.yaml", TEXT.replace("id: shipped", f"id: text_{each}"))
    assert found(load_keeping(tmp_path, None)) == found(load(tmp_path))
    assert started == {1: [], 2: [1, 1], 64: [8, sharing.MOST - 1]}[number]


def test_a_process_that_is_gone(tmp_path, monkeypatch):
    """If the system ends a process that checks a part, this one looks at that part."""
    plain(tmp_path)
    put(tmp_path, "mail.yaml", EMAIL.replace("fresh", "50% off"))
    expected = found(load(tmp_path))
    here, check = os.getpid(), sharing.check

    def gone(*given, **named):
        return check(*given, **named) if os.getpid() == here else os.kill(os.getpid(), signal.SIGKILL)

    monkeypatch.setattr(sharing, "check", gone)
    assert found(load_keeping(tmp_path, None)) == expected


def test_a_process_that_reads_is_gone(tmp_path, monkeypatch):
    """If the system ends a process that reads a part of the files, this one reads that part."""
    plain(tmp_path)
    put(tmp_path, "mail.yaml", EMAIL.replace("fresh", "50% off"))
    expected, here, compose = found(load(tmp_path)), os.getpid(), known_yaml.compose
    monkeypatch.setattr(
        known_yaml, "compose", lambda file: compose(file) if os.getpid() == here else os.kill(os.getpid(), 9)
    )
    assert found(load_keeping(tmp_path, None)) == expected


def test_others_read_the_files(tmp_path, monkeypatch):
    """Others parse most files; the settings, a part, and what has a mistake is parsed here, each once."""
    plain(tmp_path)
    put(tmp_path, "broken.yaml", "kind: [EventType\n")
    for number in range(9):
        put(tmp_path, f"text{number}.yaml", TEXT.replace("id: shipped", f"id: text_{number}"))
    parsed: list[str] = []
    compose = known_yaml.compose

    def watched(file):
        parsed.append(file.path)
        return compose(file)

    monkeypatch.setattr(known_yaml, "compose", watched)
    workspace = load_keeping(tmp_path, None)
    assert {"broken.yaml", "deployer.yaml"} < set(parsed)
    assert len(parsed) == len(set(parsed)) < workspace.files / 2 + 2
    assert workspace.problems == load(tmp_path).problems


def test_what_is_new_since_a_commit(tmp_path):
    """Only findings that a commit doesn't have are left, whoever checks the project as it was there."""
    plain(tmp_path)
    put(tmp_path, "mail.yaml", EMAIL.replace("fresh", "50% off"))
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--quiet", "--message", "a discount")
    put(tmp_path, "texts/shipped.txt", WORDS.replace("on its way", "10% off"))
    news = [
        new_since(workspace, workspace.checked(), "HEAD").problems
        for workspace in (load(tmp_path), load_keeping(tmp_path, None))
    ]
    assert news[0] == news[1]
    assert {(one.rule, one.position.path) for one in news[0]} == {("message/promotional-wording", "texts/shipped.txt")}


@pytest.mark.parametrize("folder", PROJECTS, ids=lambda folder: folder.name)
def test_a_page(folder, monkeypatch):
    """A page is the same, byte by byte, whoever makes its messages and plays its journeys."""
    monkeypatch.setattr(cores, "cores", lambda: 1)
    expected = page_of(folder)
    monkeypatch.setattr(cores, "cores", lambda: 3)
    for module in (making, journeys):
        monkeypatch.setattr(module, "PAYS", 1)
        monkeypatch.setattr(module, "_TOGETHER", 1)
    assert page_of(folder) == expected


def page_of(folder: Path) -> str | None:
    """A project's page as a file; ``None`` where there is nothing to show."""
    try:
        return preview_page(preview(load(folder))).html
    except DeployerError:
        return None


def test_a_page_is_made_by_others(monkeypatch):
    """Where others make messages and play journeys, this process does neither."""
    for module in (making, journeys):
        monkeypatch.setattr(module, "PAYS", 1)
        monkeypatch.setattr(module, "_TOGETHER", 1)
    here, view, play = os.getpid(), making.message_view, journeys.played
    monkeypatch.setattr(making, "message_view", lambda *given: view(*given) if os.getpid() != here else 1 / 0)
    monkeypatch.setattr(journeys, "played", lambda *given: play(*given) if os.getpid() != here else 1 / 0)
    shown = preview(load(PROJECTS[0]))
    assert len(shown.trials) > 1
    assert preview_page(shown).html
