"""Data goes to stdout, everything else to stderr; colour and width are a terminal's."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from deployer.cli import exits
from deployer.views.problems import cell_width
from tests.patience import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.commands import Done

    Deployer = Callable[..., Done]

ESCAPE = "\x1b["
PASTED = str(Path(__file__).resolve().parents[2] / "examples" / "northwind" / "legal" / "checkout.txt")
PAYLOAD = str(Path(__file__).parent / "payload.json")
JSON = {
    "init": ("begun", "--yes"),
    "new": ("segment", "best_customers"),
    "list": (),
    "show": ("journey.shipped",),
    "graph": (),
    "validate": (),
    "render": (),
    "absorb": ("shipped_text", "--text", PASTED),
    "plan": (),
    "apply": ("--yes",),
    "tasks": (),
    "confirm": ("TOKEN",),
    "import": (),
    "baseline": ("event_type.order_shipped",),
    "stop": ("shipped", "--reason", "wrong link"),
    "status": (),
    "drift": (),
    "whoami": (),
    "send": ("order_shipped",),
    "subscribe": ("checkout",),
    "schema": (),
    "check": ("order_shipped", PAYLOAD),
    "infer": (PAYLOAD, "--event", "order_shipped"),
}


@pytest.fixture
def applied(tea, deployer: Deployer):
    """Give the small shop with everything applied and nothing confirmed."""
    assert deployer("apply", "--yes", "--project", tea).code == exits.DONE
    return tea


@pytest.mark.parametrize("name", JSON)
@pytest.mark.parametrize("verbose", [False, True], ids=["", "verbose"])
def test_json_has_stdout_for_itself_and_tells_its_version(name, verbose, tea, deployer: Deployer, tokens) -> None:
    """If a program reads a command's JSON, stdout holds one document with a version, and the log is on stderr."""
    if name == "confirm":
        deployer("apply", "--yes", "--project", tea)
        arguments = [tokens(tea / ".deployer" / "state" / "sandbox.json")["journey.shipped/create"]]
    else:
        arguments = list(JSON[name])
    done = deployer(*["-v"] * verbose, name, *arguments, "--project", tea, "--format", "json")
    assert done.code == exits.DONE
    assert done.data["version"] == 1
    asks = name in {"plan", "apply", "drift", "import", "whoami", "send", "subscribe", "status"}
    assert ("deployer.attentive: GET /v1/me: 200" in done.err) == (verbose and asks)


def test_what_the_library_warns_of_is_a_note(tea, deployer: Deployer, edit) -> None:
    """If the record can only be kept on this machine, a note says so and what to do, without a logger's name."""
    subprocess.run(["git", "init", "--quiet", tea], check=True)
    edit(tea / "deployer.yaml", "target: sandbox", "target: sandbox, state: git")
    done = deployer("tasks", "--project", tea)
    [line] = done.err.splitlines()
    assert line.startswith("note: state `git#deployer-state:")
    assert "add a remote" in line


@pytest.mark.parametrize("name", ["plan", "status", "apply"])
def test_json_of_a_project_in_error_leaves_stdout_empty(name, tea, deployer: Deployer, edit) -> None:
    """If the project is in error, a program gets no half of a document: the problems are on stderr."""
    edit(tea / "resources.yaml", "trigger: order_shipped", "trigger: nothing")
    done = deployer(name, "--project", tea, "--format", "json")
    assert (done.code, done.out) == (exits.FAILED, "")
    assert "resources.yaml:" in done.err


def test_problems_as_json_tell_the_same_as_the_text(tea, deployer: Deployer, edit) -> None:
    """If validate finds something, every format has it on stdout with its place."""
    edit(tea / "resources.yaml", "trigger: order_shipped", "trigger: order_shiped")
    text, data = (deployer("validate", "--project", tea, "--format", each) for each in ("text", "json"))
    assert text.code == data.code == exits.FAILED
    assert data.data["problems"]
    for problem in data.data["problems"]:
        assert f"{problem['path']}:{problem['line']}:{problem['column']}" in text.out
        assert f"{problem['message']} [{problem['rule']}]" in text.out


def test_progress_is_told_on_stderr_and_not_at_all_if_quiet(tea, deployer: Deployer) -> None:
    """If there is no terminal, each change is a plain line on stderr; --quiet leaves them out."""
    done = deployer("apply", "--yes", "--project", tea, "--format", "json")
    assert done.data["ok"]
    assert "create webhook.receipts: done\n" in done.err
    assert "create journey.shipped: waiting for a person\n" in done.err
    (tea / ".deployer" / "state" / "sandbox.json").unlink()
    assert deployer("-q", "apply", "--yes", "--project", tea).err == ""


def test_saving_a_plan_keeps_stdout_for_the_plan(tea, deployer: Deployer, tmp_path) -> None:
    """If a plan is saved and printed as JSON, both are the same plan, and the remark about the file is on stderr.

    Only the file holds what it was made from, with a digest of itself and its seal: it is what can be applied.
    """
    done = deployer("plan", "--project", tea, "--out", tmp_path / "plan.json", "--format", "json")
    saved = json.loads((tmp_path / "plan.json").read_text(encoding="utf-8"))
    assert saved.pop("digest")
    assert saved.pop("made_from")
    assert saved.pop("seal")
    assert done.data == saved
    assert f"deployer apply {tmp_path / 'plan.json'} --env sandbox" in done.err
    assert deployer("plan", "-q", "--project", tea, "--out", tmp_path / "plan.json").err == ""


def test_schemas_are_written_where_an_editor_finds_them(deployer: Deployer, tmp_path) -> None:
    """If schemas are written into a folder, stdout lists them for a program, and stderr says how a file names one."""
    done = deployer("schema", "--out", tmp_path / "schemas", "--format", "json")
    assert sorted(path.name for path in (tmp_path / "schemas").iterdir()) == sorted(
        f"{name}.schema.json" for name in done.data["schemas"]
    )
    assert "resource.schema.json" in done.err
    assert json.loads(deployer("schema", "EventType").out)["title"] == "EventType"
    assert deployer("schema", "EventType").out == deployer("schema", "event_type").out
    (tmp_path / "file").touch()
    assert deployer("schema", "--out", tmp_path / "file" / "below").code == exits.USAGE


@pytest.mark.parametrize("name", ["validate", "plan", "tasks", "status", "drift", "whoami", "render"])
@pytest.mark.parametrize("columns", [60, 120])
def test_output_stays_within_the_terminal(name, columns, applied, shown) -> None:
    """If a terminal is narrow or wide, no line is longer, save for texts that are there to be copied."""
    started = shown(name, "--project", applied, "--no-color", columns=columns)
    assert started.end() == exits.DONE
    long = [line for line in _prose(started.seen) if cell_width(line) > columns]
    assert long == []


@pytest.mark.parametrize("name", ["plan", "tasks", "status", "drift", "whoami", "render"])
def test_output_that_is_no_terminal_has_80_columns(name, applied, deployer: Deployer, monkeypatch) -> None:
    """If output goes into a file, its lines have 80 columns, whatever terminal the command was typed on."""
    monkeypatch.setenv("COLUMNS", "200")
    done = deployer(name, "--project", applied)
    assert [line for line in _prose(done.out) if cell_width(line) > 80] == []


def _prose(text: str) -> list[str]:
    """Leave out what is there to be copied, and so never wrapped: texts between two rules of dashes, commands."""
    lines = [line for part in text.split("-" * 40 + "\n")[::2] for line in part.splitlines()]
    return [line for line in lines if not line.startswith("  deployer ")]


@pytest.mark.parametrize("name", ["validate", "plan", "status", "tasks", "drift", "whoami", "render"])
def test_colour_is_for_terminals_only(name, applied, shown, deployer: Deployer) -> None:
    """If stdout is no terminal there is no escape sequence; on one, colour only ever adds to the same words."""
    assert ESCAPE not in deployer(name, "--project", applied).out
    colored, plain = (shown(name, "--project", applied, *more, columns=80) for more in ((), ("--no-color",)))
    assert colored.end() == plain.end() == exits.DONE
    assert ESCAPE not in plain.seen
    assert name == "validate" or ESCAPE in colored.seen


def test_no_color_is_heard_wherever_it_is_said(applied, shown, monkeypatch) -> None:
    """If --no-color stands before the command, or NO_COLOR in the environment, there is no colour on a terminal."""
    before = shown("--no-color", "status", "--project", applied, columns=80)
    monkeypatch.setenv("NO_COLOR", "1")
    variable = shown("status", "--project", applied, columns=80)
    assert before.end() == variable.end() == exits.DONE
    assert ESCAPE not in before.seen + variable.seen


@pytest.mark.parametrize("name", ["FORCE_COLOR", "CLICOLOR_FORCE"])
def test_color_may_be_asked_for(name, applied, deployer: Deployer, monkeypatch) -> None:
    """Where the environment asks for color there is some without a terminal, unless NO_COLOR is there too."""
    monkeypatch.setenv(name, "1")
    assert ESCAPE in deployer("status", "--project", applied).out
    monkeypatch.setenv(name, "0")
    assert ESCAPE not in deployer("status", "--project", applied).out
    monkeypatch.setenv(name, "1")
    monkeypatch.setenv("NO_COLOR", "1")
    assert ESCAPE not in deployer("status", "--project", applied).out


def test_a_place_is_a_link_on_a_terminal(applied, shown, deployer: Deployer, monkeypatch) -> None:
    """On a terminal with color a place leads to its file; a dumb one and a pipe get its words alone."""
    monkeypatch.setenv("TERM", "xterm-256color")
    seen = shown("show", "message.shipped_text", "--project", applied, columns=80)
    assert seen.end() == exits.DONE
    link = f"\x1b]8;;{(applied / 'resources.yaml').resolve().as_uri()}#"
    assert link in seen.seen
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b]8" not in deployer("show", "message.shipped_text", "--project", applied).out
    monkeypatch.setenv("TERM", "dumb")
    dumb = shown("show", "message.shipped_text", "--project", applied, columns=80)
    assert dumb.end() == exits.DONE
    assert "\x1b]8" not in dumb.seen
    assert "resources.yaml:" in dumb.seen


def test_a_place_in_an_error_is_a_link_too(applied, shown, deployer: Deployer, monkeypatch) -> None:
    """Problems that stop a command are printed on stderr, with color and links where that is a terminal."""
    monkeypatch.setenv("TERM", "xterm-256color")
    path = applied / "resources.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("kind: Message", "kind: Mesage"), encoding="utf-8")
    seen = shown("plan", "--project", applied, columns=80)
    assert seen.end() == exits.FAILED
    assert f"\x1b]8;;{path.resolve().as_uri()}#" in seen.seen
    assert "\x1b[" in seen.seen
    assert "\x1b" not in deployer("plan", "--project", applied).err


def test_a_dumb_terminal_has_no_color(applied, shown, monkeypatch) -> None:
    """A terminal that calls itself dumb gets no escape sequence."""
    monkeypatch.setenv("TERM", "dumb")
    seen = shown("status", "--project", applied, columns=80)
    assert seen.end() == exits.DONE
    assert ESCAPE not in seen.seen


def test_a_reader_that_leaves_early_sees_no_traceback(launched, words) -> None:
    """If the output goes to `head -1`, the command ends quietly."""
    unread, ours = os.pipe()
    os.close(unread)  # nobody reads at all, so that the first line already finds the pipe closed
    plan = words("plan", "--project", launched)
    done = subprocess.run(plan, stdout=ours, stderr=subprocess.PIPE, timeout=PATIENCE, check=False)
    os.close(ours)
    assert (done.returncode, done.stderr) == (exits.FAILED, b"")


def test_an_apply_goes_on_if_nobody_hears_its_progress(tea, tokens, words) -> None:
    """If whoever read stderr left, what was agreed to is still done to its end."""
    unheard, ours = os.pipe()
    os.close(unheard)
    apply = words("apply", "--yes", "--project", tea)
    done = subprocess.run(apply, stdout=subprocess.PIPE, stderr=ours, text=True, timeout=PATIENCE, check=False)
    os.close(ours)
    assert done.returncode == exits.DONE
    assert "Apply to sandbox done" in done.stdout
    assert "journey.shipped/turn_on" in tokens(tea / ".deployer" / "state" / "sandbox.json")


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-"])
def test_closed_streams_are_no_bug(closed, tea, words) -> None:
    """If a service starts the command without one of the standard streams, it works all the same."""
    line = shlex.join(words("-v", "apply", "--yes", "--project", tea))
    done = subprocess.run(["sh", "-c", f"{line} {closed}"], capture_output=True, timeout=PATIENCE, check=False)
    assert done.returncode == exits.DONE
    assert b"Traceback" not in done.stdout + done.stderr


def test_an_encoding_without_our_quotes_is_no_bug(tea, process, monkeypatch, edit) -> None:
    """If stdout takes Latin letters only, our signs and quotes become plain ones, and what a user wrote an escape."""
    monkeypatch.setenv("PYTHONIOENCODING", "latin-1")
    edit(tea / "resources.yaml", "name: Tea shipped", "name: \N{TEACUP WITHOUT HANDLE} shipped")
    done = process("apply", "--yes", "--project", tea)
    assert done.code == exits.DONE
    assert 'Turn on "\\U0001f375 shipped"' in done.out
