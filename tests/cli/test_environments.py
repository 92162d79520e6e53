"""Which project and which environment a command works on, and what it needs there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from deployer.cli import exits

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.commands import Done

    Deployer = Callable[..., Done]


@pytest.mark.parametrize(
    "words",
    [
        ("--project", "PROJECT", "--env", "sandbox", "--format", "json", "plan"),
        ("plan", "--project", "PROJECT", "--env", "sandbox", "--format", "json"),
        (
            "--project",
            "elsewhere",
            "--env",
            "nowhere",
            "--format",
            "text",
            "plan",
            "--project",
            "PROJECT",
            "--env",
            "sandbox",
            "--format",
            "json",
        ),
    ],
    ids=["before", "after", "the last word counts"],
)
def test_global_options_stand_before_or_after_the_command(words, tea, deployer: Deployer) -> None:
    """If a global option is given on either side of the command it is heard; what stands after it wins."""
    done = deployer(*[tea if word == "PROJECT" else word for word in words])
    assert (done.code, done.data["environment"]) == (exits.DONE, "sandbox")


def test_a_format_that_the_command_does_not_print_is_wrong_usage(tea, deployer: Deployer) -> None:
    """If a format stands before a command that can't print it, the error lists those that it can."""
    done = deployer("--format", "markdown", "whoami", "--project", tea)
    assert (done.code, done.out) == (exits.USAGE, "")
    assert "text, json" in done.err


def test_the_default_environment_is_the_sandbox(tea, deployer: Deployer) -> None:
    """If no environment is named, the sandbox is meant, even where accounts are declared too."""
    assert deployer("plan", "--project", tea, "--format", "json").data["environment"] == "sandbox"
    assert deployer("tasks", "--project", tea, "--format", "json").data["environment"] == "sandbox"


@pytest.mark.parametrize(
    "words",
    [
        ("plan",),
        ("apply", "--yes"),
        ("tasks",),
        ("confirm", "abcdefg"),
        ("baseline", "journey.shipped"),
        ("status",),
        ("drift",),
        ("whoami",),
        ("send", "order_shipped"),
        ("subscribe", "checkout"),
        ("render",),
        ("sandbox", "serve"),
        ("demo",),
    ],
    ids=lambda words: words[0],
)
def test_an_account_is_never_the_default(words, tea, deployer: Deployer, edit) -> None:
    """If a project has accounts only, a command without --env is wrong usage, and the hint names them."""
    edit(tea / "deployer.yaml", "  sandbox: {target: sandbox}\n", "")
    edit(tea / "resources.yaml", 'per_environment: {sandbox: {url: "https://tea.example/hooks"}}\n', "")
    done = deployer(*words, "--project", tea)
    assert (done.code, done.out) == (exits.USAGE, "")
    assert "hint: pass --env with one of account, shared" in done.err
    assert deployer("validate", "--project", tea).code == exits.DONE


def test_an_unset_variable_of_a_script_is_not_the_sandbox(tea, deployer: Deployer) -> None:
    """If a script's variable for the environment is empty, nothing is applied anywhere."""
    done = deployer("apply", "--yes", "--project", tea, "--env", "")
    assert (done.code, done.out) == (exits.USAGE, "")
    assert not (tea / ".deployer").exists()


@pytest.mark.parametrize("words", [("plan",), ("apply", "--yes"), ("whoami",), ("drift",), ("status",)])
def test_a_missing_key_is_named_by_its_variable(words, tea, deployer: Deployer, monkeypatch) -> None:
    """If the key of an account isn't set, the command names the variable and the app; only status goes on without."""
    monkeypatch.setenv("TEA_WEBHOOK_URL", "https://tea.example/hooks")
    done = deployer(*words, "--project", tea, "--env", "account")
    assert done.code == (exits.DONE if words == ("status",) else exits.FAILED)
    told = " ".join((done.out + done.err).split())
    assert "TEA_KEY" in told
    assert "the app “Shop”" in told
    assert not (tea / "account.json").exists()


@pytest.mark.parametrize("words", [("plan",), ("apply", "--yes")])
def test_every_missing_secret_is_named_before_anything_is_asked(words, tea, deployer: Deployer, monkeypatch) -> None:
    """If a field's secret isn't set, the command names its variable before it calls anybody."""
    monkeypatch.setenv("TEA_KEY", "a-key")
    done = deployer("-v", *words, "--project", tea, "--env", "account")
    assert done.code == exits.FAILED
    assert "TEA_WEBHOOK_URL" in done.err
    assert "deployer.attentive" not in done.err


def test_an_offline_plan_needs_no_key(tea, deployer: Deployer) -> None:
    """If a plan is offline, it compares with the record, asks for no secret and says that it can't be applied."""
    done = deployer("plan", "--offline", "--project", tea, "--env", "account")
    assert (done.code, done.err) == (exits.DONE, "")
    assert "account: " in done.out.splitlines()[-1]
    saved = tea / "plan.json"
    deployer("plan", "--offline", "--project", tea, "--env", "account", "--out", saved)
    refused = deployer("apply", saved, "--yes", "--project", tea, "--env", "account")
    assert refused.code == exits.FAILED
    assert "an offline plan is never applied" in refused.err


@pytest.mark.parametrize("words", [("validate",), ("render",), ("tasks",), ("plan", "--offline")])
def test_what_reads_the_project_or_the_record_only_needs_no_key(words, tea, deployer: Deployer) -> None:
    """If a command asks nobody at Attentive, it works for an account without its key."""
    assert deployer(*words, "--project", tea, "--env", "account").code == exits.DONE


@pytest.mark.parametrize(
    "words",
    [
        ("plan",),
        ("plan", "--offline"),
        ("apply", "--yes"),
        ("tasks",),
        ("confirm", "abcdefg"),
        ("baseline", "journey.shipped"),
        ("status",),
        ("drift",),
    ],
    ids=" ".join,
)
def test_state_in_git_needs_a_repository(words, tea, deployer: Deployer) -> None:
    """If an environment keeps its state in git and the project isn't in a repository, the error says what to do."""
    done = deployer(*words, "--project", tea, "--env", "shared")
    assert (done.code, done.out) == (exits.FAILED, "")
    assert "not a git repository" in done.err
    assert "git+URL" in done.err


@pytest.mark.parametrize("words", [("validate",), ("render",), ("schema",)], ids=" ".join)
def test_commands_without_state_work_all_the_same(words, tea, deployer: Deployer) -> None:
    """If an environment keeps its state in git, commands that need none don't mind."""
    assert deployer(*words, "--project", tea, "--env", "shared").code == exits.DONE


@pytest.mark.parametrize("words", [("plan",), ("apply",), ("render",), ("status",), ("tasks",), ("demo",)])
def test_a_folder_that_is_no_project_is_told_as_such(words, deployer: Deployer, tmp_path) -> None:
    """If the folder has no deployer.yaml, or isn't there, the error says so."""
    for folder in (tmp_path, tmp_path / "nowhere"):
        done = deployer(*words, "--project", folder)
        assert done.code in {exits.FAILED, exits.USAGE}
        assert ("no `deployer.yaml`" if folder == tmp_path else "there is no folder") in done.out + done.err
