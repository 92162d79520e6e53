"""Completion, as a real bash asks for it: what a project holds, and silence where it can't be read."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from deployer.cli.main import run
from tests.processes import write_command

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = """
eval "$(_DEPLOYER_COMPLETE=bash_source deployer)"
COMP_WORDS=({words})
COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1))
_deployer_completion deployer
printf '%s\\n' "${{COMPREPLY[@]}}"
"""


@pytest.fixture(scope="session")
def shop(tmp_path_factory) -> Path:
    """Northwind, applied to its sandbox: tasks wait."""
    folder = tmp_path_factory.mktemp("completed") / "northwind"
    shutil.copytree(ROOT / "examples" / "northwind", folder, ignore=shutil.ignore_patterns(".deployer"))
    assert run(["apply", "--yes", "--quiet", "--project", str(folder)]) == 0
    return folder


@pytest.fixture
def typed(shop, tmp_path):
    """Let bash complete the last of some words; what it offers, and whether anything was printed beside."""
    bash = shutil.which("bash")
    assert bash
    write_command(tmp_path / "bin")

    def call(*words: str, folder: Path = shop) -> list[str]:
        quoted = " ".join(f"'{word}'" for word in ("deployer", *words))
        environ = {**os.environ, "PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}
        done = subprocess.run(
            [bash, "--norc", "-c", SCRIPT.format(words=quoted)],
            cwd=folder,
            env=environ,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.stderr == ""
        return [line for line in done.stdout.splitlines() if line]

    return call


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (("plan", "--env", ""), ["production", "sandbox", "staging"]),
        (("--env", "pr"), ["production"]),
        (("show", "journey.order_"), ["journey.order_confirmed", "journey.order_delivered", "journey.order_shipped"]),
        (("plan", "--only", "webhook."), ["webhook.receipts"]),
        (("render", "tier"), ["tier_changed_email"]),
        (("render", "journey.tier"), ["journey.tier_changed"]),
        (("render", "order_shipped_text", "--sample", "long"), ["longest"]),
        (("stop", "tier"), ["tier_changed"]),
        (("send", "points"), ["points_earned"]),
        (("explain", "message/over-"), ["message/over-limit"]),
        (("show", "no_such_thing"), []),
        (("confi",), ["confirm"]),
    ],
)
def test_bash_offers_what_the_project_holds(typed, words, offered):
    """After an option or a command, bash offers the project's own names that begin like the word."""
    assert typed(*words) == offered


def test_bash_offers_the_tokens_of_open_tasks(typed, shop, capsys):
    """After `confirm` the tokens are those of the tasks that can be confirmed, as `tasks` lists them."""
    capsys.readouterr()
    run(["tasks", "--project", str(shop)])
    listed = re.findall(r"deployer confirm (\w{7}) --env", capsys.readouterr().out)
    assert typed("confirm", "") == sorted(set(listed))


@pytest.mark.parametrize("text", ["version: [", "version: 1\nproject: x\n", ""])
def test_a_project_that_cannot_be_read_offers_nothing_in_silence(typed, tmp_path, text):
    """Where the settings are broken or missing, a shell that completes gets nothing, and nothing is printed."""
    folder = tmp_path / "broken"
    folder.mkdir()
    if text:
        (folder / "deployer.yaml").write_text(text)
    for words in (("plan", "--env", ""), ("show", ""), ("confirm", ""), ("render", "x", "--sample", "")):
        assert typed(*words, folder=folder) in ([], ["sandbox"])


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_page_names_what_each_shell_needs(shell):
    """What docs/completion.md has people type is what gives each shell its script."""
    assert f"_DEPLOYER_COMPLETE={shell}_source deployer" in (ROOT / "docs" / "completion.md").read_text()
    command = [sys.executable, "-c", "from deployer.cli import main; main()"]
    environ = {**os.environ, "_DEPLOYER_COMPLETE": f"{shell}_source", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=True)
    assert "_DEPLOYER_COMPLETE" in done.stdout
