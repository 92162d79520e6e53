"""``deployer validate`` in front of a merge: strict, only what is new, and one exit code for every format."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from deployer.cli import exits
from deployer.views.problems import FORMATS
from tests.commands import git

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.commands import Done

    Deployer = Callable[..., Done]

EXAMPLES = Path(__file__).resolve().parents[1] / "example-files"
LATER = "kind: Webhook\nid: {}\napp: orders\nurl: https://acme.example/{}\nevents: [{}]\nstatus: enabled\n"


def commit(folder: Path) -> None:
    """Commit everything in a folder."""
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "as it is")


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A project in a repository's folder `shop`, with a warning that is there for long."""
    clone = tmp_path / "clone"
    shutil.copytree(EXAMPLES / "shop", clone / "shop")
    (clone / "shop" / "hooks.yaml").write_text(LATER.format("old", "old", "email.sent"), encoding="utf-8")
    git(tmp_path, "init", "--quiet", str(clone))
    commit(clone)
    return clone / "shop"


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize(
    ("folder", "strict", "code"),
    [
        ("shop", False, exits.DONE),
        ("invalid/webhook-not-https", False, exits.FAILED),
        ("invalid/message-wide-brand", False, exits.DONE),
        ("invalid/message-wide-brand", True, exits.FAILED),
        ("invalid/message-wide-text", True, exits.DONE),
        ("invalid/project-empty", False, exits.FAILED),
    ],
)
def test_the_exit_code_is_the_same_for_each_format(
    deployer: Deployer, name: str, folder: str, strict: bool, code: int
) -> None:
    """Errors fail, with --strict warnings too, remarks never; whatever the format is."""
    more = ["--strict"] if strict else []
    done = deployer("validate", "--project", EXAMPLES / folder, "--format", name, *more)
    assert (done.code, done.err) == (code, "")
    assert done.out


def test_reports_are_written_beside_what_is_printed(deployer: Deployer, tmp_path: Path) -> None:
    """One check writes what a run with each format prints, into the files that `--report` names."""
    words = ("validate", "--project", EXAMPLES / "invalid" / "webhook-not-https")
    files = {name: tmp_path / name for name in FORMATS}
    reports = [word for name, file in files.items() for word in ("--report", f"{name}={file}")]
    done = deployer(*words, "--format", "github", *reports)
    assert (done.code, done.out) == (exits.FAILED, deployer(*words, "--format", "github").out)
    for name, file in files.items():
        assert file.read_text(encoding="utf-8") == deployer(*words, "--format", name).out


@pytest.mark.parametrize("report", ["sarif", "sarif=", "=x", "tarif=x"])
def test_a_report_without_its_format_or_file_is_wrong_usage(deployer: Deployer, report: str) -> None:
    """`--report` takes one of the formats and a file; else nothing is checked."""
    done = deployer("validate", "--project", EXAMPLES / "shop", "--report", report)
    assert (done.code, done.out) == (exits.USAGE, "")
    assert "isn't FORMAT=FILE" in done.err


def test_only_what_a_change_brought_in_is_told(shop: Path, deployer: Deployer) -> None:
    """If a finding was there at the commit, it isn't new, though its line moved; what came since is."""
    call = ("validate", "--project", shop, "--strict", "--format", "json")
    assert deployer(*call).code == exits.FAILED
    assert deployer(*call, "--new-since", "HEAD").code == exits.DONE
    old = (shop / "hooks.yaml").read_text(encoding="utf-8")
    new = LATER.format("new", "new", "sms.unsubscribed")
    (shop / "hooks.yaml").write_text(f"# moved down\n\n{new}---\n{old}", encoding="utf-8")
    done = deployer(*call, "--new-since", "HEAD")
    assert [one["address"] for one in done.data["problems"]] == ["webhook.new"]
    assert done.code == exits.FAILED


def test_a_rule_that_is_switched_on_makes_nothing_new(shop: Path, deployer: Deployer) -> None:
    """If a rule was off at the commit, what it finds was there all the same."""
    settings = shop / "deployer.yaml"
    plain = settings.read_text(encoding="utf-8")
    settings.write_text(plain + "rules: { webhook/undocumented-event: off }\n", encoding="utf-8")
    commit(shop.parent)
    settings.write_text(plain, encoding="utf-8")
    assert deployer("validate", "--project", shop, "--strict").code == exits.FAILED
    assert deployer("validate", "--project", shop, "--strict", "--new-since", "HEAD").code == exits.DONE


def test_everything_is_new_where_the_project_was_not_there(shop: Path, deployer: Deployer) -> None:
    """If the commit had neither the folder nor a project of that name, all findings are new."""
    shutil.copytree(shop, shop.parent / "second")
    settings = shop.parent / "second" / "deployer.yaml"
    settings.write_text(re.sub(r"(?m)^project: .*$", "project: second", settings.read_text("utf-8")), "utf-8")
    done = deployer("validate", "--project", shop.parent / "second", "--strict", "--new-since", "HEAD")
    assert done.code == exits.FAILED
    assert "email.sent" in done.out


def test_a_commit_that_can_not_be_compared_with_is_an_error(shop: Path, tmp_path: Path, deployer: Deployer) -> None:
    """If there is no such commit or no repository, that is said, and nothing passes."""
    done = deployer("validate", "--project", shop, "--new-since", "origin/nowhere")
    assert done.code == exits.FAILED
    assert "there is no commit `origin/nowhere` here" in done.err
    assert deployer("validate", "--project", shop, "--new-since", "").code == exits.FAILED
    shutil.copytree(EXAMPLES / "shop", tmp_path / "outside")
    done = deployer("validate", "--project", tmp_path / "outside", "--new-since", "HEAD")
    assert done.code == exits.FAILED
    assert "isn't in a git repository" in done.err


def test_annotations_are_relative_to_the_checkout(shop: Path, deployer: Deployer) -> None:
    """If the project is a folder of the clone, forges get paths from the clone's folder."""
    done = deployer("validate", "--project", shop, "--format", "github")
    assert "::warning file=shop/hooks.yaml,line=5," in done.out
    found = json.loads(deployer("validate", "--project", shop, "--format", "gitlab").out)
    assert found[0]["location"] == {"path": "shop/hooks.yaml", "lines": {"begin": 5}}
