"""A project that was begun is sound, goes through the sandbox, and replaces nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import deployer
from deployer.app.journey_tests import run_tests
from deployer.authoring.beginning import Answers, begin, brand_name, is_project_name, project_name
from deployer.authoring.templates import Pipeline, Template
from deployer.engine.confirm import Statement
from deployer.errors import UsageError
from deployer.source import ProblemsError

OFFERED = [one for one in Template if one.offered]
NESTED = Path(__file__).parent / "appointments.ndjson"


def answers(folder: Path, template: Template = Template.MINIMAL, **more) -> Answers:
    """Answers with a brand that YAML takes for syntax."""
    return Answers(folder, "shop", "Tea & Cake: no. 1 # best", template, **more)


@pytest.fixture(params=[*OFFERED, Template.CAPTURED], ids=lambda one: one.value)
def begun(request, tmp_path: Path) -> Path:
    """A project of each template."""
    captured = deployer.payload_files([str(NESTED)]) if request.param is Template.CAPTURED else ()
    done = Answers(tmp_path / "shop", "shop", "Shop", request.param, Pipeline.GITHUB, captured=captured)
    assert begin(done).problems == ()
    return tmp_path / "shop"


def test_a_project_that_was_begun_has_no_problem_of_any_weight(begun: Path) -> None:
    """Neither an error nor a warning nor a remark, by any rule."""
    assert deployer.load(begun).check() == ()


def test_its_journey_tests_pass(begun: Path) -> None:
    """Every journey has a test, and all of them pass."""
    done = run_tests(deployer.load(begun).project())
    assert done.tests
    assert not done.failed


@pytest.mark.parametrize("brand", ["Чай & Co", "The Tea and Coffee Roasters of Upper Lansdowne", "茶" * 30])
@pytest.mark.parametrize("template", OFFERED)
def test_a_brand_of_any_length_and_script_is_sound(template: Template, brand: str, tmp_path: Path) -> None:
    """The brand's name counts in each text: neither a message's limit nor a journey test breaks on it."""
    begin(Answers(tmp_path / "shop", "shop", brand, template))
    assert not run_tests(deployer.load(tmp_path / "shop").project()).failed


@pytest.mark.parametrize("template", OFFERED)
def test_a_template_s_tests_reach_everything(template: Template, tmp_path: Path) -> None:
    """What somebody begins with shows how a journey is tested in full."""
    begin(answers(tmp_path / "shop", template))
    assert run_tests(deployer.load(tmp_path / "shop").project()).coverage().percent == 100


def test_plan_apply_and_confirm_leave_nothing_to_do(begun: Path) -> None:
    """Everything is applied in the sandbox, each task confirmed, and a second plan is empty."""
    with deployer.connect(deployer.load(begun)) as connection:
        assert not deployer.apply(connection, deployer.plan(connection)).failed
        while open_ones := [one for one in deployer.tasks(connection.state()) if one.task.confirmable]:
            tokens = [one.task.token for one in open_ones]
            deployer.confirm(
                connection.backend, "sandbox", tokens, Statement("done", "tea", "2026-05-10T12:00:00+00:00")
            )
        after = deployer.plan(connection)
        assert after.empty
        assert not after.waiting


def test_each_yaml_file_begins_with_a_schema_that_is_there(begun: Path) -> None:
    """An editor completes and explains from the first line on."""
    for path in begun.rglob("*.yaml"):
        named = path.read_text(encoding="utf-8").splitlines()[0].partition("$schema=")[2]
        assert json.loads((path.parent / named).read_text(encoding="utf-8"))["title"]


def test_no_answer_stays_open_in_a_file(begun: Path) -> None:
    """The answers are in the files, quoted where YAML needs it."""
    settings = deployer.load(begun).settings
    assert settings is not None
    assert (settings.project, settings.brand.name) == ("shop", "Shop")
    assert not [path for path in begun.rglob("*.*") if path.suffix in {".yaml", ".txt"} and "@" in path.read_text()]


def test_a_brand_may_have_any_signs(tmp_path: Path) -> None:
    """What YAML takes for syntax is quoted."""
    begin(answers(tmp_path))
    assert deployer.load(tmp_path).settings.brand.name == "Tea & Cake: no. 1 # best"


@pytest.mark.parametrize("name", ["deployer.yaml", "deployer.yml"])
def test_a_project_is_not_begun_in_a_project(name: str, tmp_path: Path) -> None:
    """Neither in its folder nor below it, whether or not that folder is there."""
    (tmp_path / name).write_text("version: 1\n")
    for folder in (tmp_path, tmp_path / "below", tmp_path / "below" / "it"):
        with pytest.raises(UsageError, match="there is a project already"):
            begin(answers(folder))
    assert [one.name for one in tmp_path.iterdir()] == [name]


def test_no_file_is_replaced(tmp_path: Path) -> None:
    """If one of its files is there, none is written."""
    (tmp_path / "legal").mkdir()
    (tmp_path / "legal" / "checkout.txt").write_text("ours")
    with pytest.raises(UsageError, match=r"legal/checkout\.txt: there already"):
        begin(answers(tmp_path))
    assert [path.name for path in tmp_path.rglob("*")] == ["legal", "checkout.txt"]
    assert (tmp_path / "legal" / "checkout.txt").read_text() == "ours"


def test_files_of_git_and_the_forge_that_are_there_stay(tmp_path: Path) -> None:
    """A repository that has them already keeps them, and is told which."""
    (tmp_path / ".gitignore").write_text("build/\n")
    done = begin(answers(tmp_path, pipeline=Pipeline.GITLAB))
    assert done.kept == (".gitignore",)
    assert (tmp_path / ".gitignore").read_text() == "build/\n"
    assert (tmp_path / ".gitlab-ci.yml").is_file()
    assert done.problems == ()


def test_what_git_leaves_out_is_found_out(tmp_path: Path) -> None:
    """If the folder's .gitignore hides what was written, the check after it says so."""
    (tmp_path / ".gitignore").write_text("messages/\n")
    assert begin(answers(tmp_path)).failed


def test_a_file_that_cannot_be_written_leaves_none_behind(tmp_path: Path) -> None:
    """If something is in the way, the files that were written before it go."""
    (tmp_path / "messages").write_text("a file, where a folder has to be")
    with pytest.raises(UsageError, match="messages is there already"):
        begin(answers(tmp_path))
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["messages"]


def test_what_is_not_sound_is_not_written(tmp_path: Path) -> None:
    """If an answer makes the project unsound, nothing is written."""
    with pytest.raises(ProblemsError):
        begin(Answers(tmp_path / "shop", "Not A Name", "Shop"))
    assert not (tmp_path / "shop").exists()


@pytest.mark.parametrize("name", ["shop", "Tea Shop", "клиника", "2026", "a--b_c", "-", "Zoë", "x" * 80])
def test_any_folder_gives_a_project_a_name(name: str, tmp_path: Path) -> None:
    """Whatever a folder is called, the project's name is one that deployer.yaml takes."""
    made = project_name(tmp_path / name)
    assert is_project_name(made)
    assert brand_name(made)


def test_a_folder_of_any_script_names_the_project(tmp_path: Path) -> None:
    """A folder's name is spelled in ASCII, so that the project is called as its folder is."""
    assert project_name(tmp_path / "Чайная лавка") == "chaynaya-lavka"
    assert project_name(tmp_path / "茶") == "project"
