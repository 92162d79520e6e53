"""A machine that is read-only, full or in the way: what reads works, what writes says what and where."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from deployer.cli import exits

if TYPE_CHECKING:
    from collections.abc import Iterator

READS = (["validate"], ["plan"], ["plan", "--offline"], ["status"], ["tasks"], ["drift"], ["render", "shipped_text"])
WRITES = (["apply", "--yes"], ["send", "order_shipped"], ["subscribe", "checkout"], ["confirm", "abcdefg"])


@contextmanager
def mounted(*words: object) -> Iterator[None]:
    """Mount something during the block; skipped where this machine doesn't let us."""
    if os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("only root may mount")
    done = subprocess.run(["mount", *map(str, words)], capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"mounting isn't allowed here: {done.stderr.strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", str(words[-1])], check=True)


def said(done, *parts: str) -> None:
    """A command failed as an expected error: it names what and where, and doesn't tell anybody to remove an account."""
    assert done.code == exits.FAILED, done.err
    assert "bug in deployer" not in done.err
    assert "emove" not in done.err
    for part in parts:
        assert part in done.err


@pytest.mark.parametrize("used", [False, True])
def test_a_read_only_checkout(tea, tmp_path, deployer, used) -> None:
    """If the checkout can't be written, as in a container, everything that reads works and what writes says why not."""
    if used:
        assert deployer("apply", "--yes", "--project", tea).code == exits.DONE
    there = tmp_path / "there"
    there.mkdir()
    with mounted("--bind", "-o", "ro", tea, there):
        before = {path: path.read_bytes() for path in there.rglob("*") if path.is_file()}
        for words in READS:
            done = deployer(*words, "--project", there)
            assert done.code == exits.DONE, (words, done.err)
        for words in WRITES if not used else WRITES[1:2]:  # once all is applied, there is nothing to write
            said(deployer(*words, "--project", there), "can't be written")
        assert {path: path.read_bytes() for path in there.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize("used", [False, True])
def test_a_full_disk(tea, tmp_path, deployer, used) -> None:
    """If the disk is full, what writes says so, half a file is left nowhere, and it all works once there is room."""
    there = tmp_path / "there"
    there.mkdir()
    with mounted("-t", "tmpfs", "-o", "size=600k", "tmpfs", there):
        shutil.copytree(tea, there, dirs_exist_ok=True)
        if used:
            assert deployer("plan", "--project", there).code == exits.DONE
        with (there / "fill").open("wb", buffering=0) as fill:
            try:
                while fill.write(b"x" * 4096):
                    pass
            except OSError:
                pass
        assert deployer("plan", "--project", there).code == exits.DONE
        assert deployer("status", "--project", there).code == exits.DONE
        done = deployer("apply", "--yes", "--project", there)
        said(done, "No space left on device")
        assert not list(there.glob("errored*"))
        (there / "fill").unlink()
        assert deployer("apply", "--yes", "--project", there).code == exits.DONE
        assert deployer("plan", "--project", there, "--format", "json").data["changes"] == []


@pytest.mark.parametrize("way", ["file", "link", "state", "sandbox"])
def test_something_is_in_the_way(tea, deployer, way) -> None:
    """If `.deployer` is a file or leads nowhere, or a folder is where a file belongs, each error names it."""
    private = tea / ".deployer"
    if way == "file":
        private.write_text("x")
    elif way == "link":
        private.symlink_to(tea.parent / "not" / "there")
    else:
        (private / ("state/sandbox.json" if way == "state" else "sandbox/sandbox.sqlite")).mkdir(parents=True)
    for words in (*READS, *WRITES):
        done = deployer(*words, "--project", tea)
        assert done.code in (exits.DONE, exits.FAILED, exits.USAGE), (words, done.err)
        assert "bug in deployer" not in done.err
        assert done.code == exits.DONE or way in ("state", "sandbox") or words not in READS, (words, done.err)
    if way != "link":  # the folder that a link leads to is made with the record
        said(deployer("apply", "--yes", "--project", tea), ".deployer")
    assert deployer("validate", "--project", tea).code == exits.DONE


def test_a_link_that_leads_nowhere_yet(tea, deployer) -> None:
    """The first apply makes the folder that `.deployer` leads to, for the account as for the record."""
    (tea / ".deployer").symlink_to(tea.parent / "not" / "there")
    done = deployer("apply", "--yes", "--project", tea)
    assert done.code == exits.DONE, done.err


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="this system has no /dev/full")  # noqa: PTH110 - a constant
def test_output_that_is_full(tea, words) -> None:
    """If what is printed can't be written, that is an error of the machine."""
    with open("/dev/full", "w") as full:  # noqa: PTH123 - a device
        done = subprocess.run(
            words("plan", "--project", tea), stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert (done.returncode, "No space left on device" in done.stderr) == (exits.FAILED, True)
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("format_", ["text", "json", "markdown"])
def test_a_state_that_is_printed_can_be_pushed(tea, tmp_path, deployer, monkeypatch, format_) -> None:
    """If a state can be stored nowhere, standard output is saved as it is and pushed: the report isn't in the way."""
    from deployer.state import StateError  # noqa: PLC0415
    from deployer.state.local import FileMedium  # noqa: PLC0415

    put, puts = FileMedium.put, []

    def once(self, *args):
        puts.append(args)
        if len(puts) > 2:
            raise StateError("the disk is full")
        return put(self, *args)

    def full(*_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(FileMedium, "put", once)
        patch.setattr("deployer.app.rescue.keep_unsaved", full)
        done = deployer("apply", "--yes", "--project", tea, "--format", format_)
    assert done.code == exits.FAILED
    assert "save this standard output" in done.err
    saved = tmp_path / "saved.txt"
    saved.write_text(done.out, encoding="utf-8")
    if format_ != "text":
        assert json.loads(done.out)["environment"] == "sandbox"
    assert deployer("state", "push", saved, "--project", tea).code == exits.DONE
    (tea / ".deployer" / "journal" / "sandbox.ndjson").unlink()
    assert deployer("apply", "--yes", "--project", tea).code == exits.DONE
    assert deployer("plan", "--project", tea, "--format", "json").data["changes"] == []


@pytest.mark.parametrize("format_", ["text", "json", "markdown"])
def test_states_of_several_environments_that_are_printed_can_be_pushed(
    tea, tmp_path, deployer, monkeypatch, format_
) -> None:
    """If no state can be stored, standard output is one document, and each environment's is pushed from it."""
    from deployer.state import StateError  # noqa: PLC0415
    from deployer.state.local import FileMedium  # noqa: PLC0415

    settings = tea / "deployer.yaml"
    text = settings.read_text(encoding="utf-8")
    names = ["sandbox", "second", "third"]
    chosen = [word for name in names for word in ("--env", name)]
    more = "".join(f"  {name}: {{target: sandbox}}\n" for name in names[1:])
    settings.write_text(text.replace("environments:\n", f"environments:\n{more}"), encoding="utf-8")
    monkeypatch.setenv("TEA_WEBHOOK_URL", "https://tea.example/hook")
    put, puts = FileMedium.put, []

    def twice(self, *args):
        puts.append(self.location)
        if puts.count(self.location) > 2:
            raise StateError("the disk is full")
        return put(self, *args)

    def full(*_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(FileMedium, "put", twice)
        patch.setattr("deployer.app.rescue.keep_unsaved", full)
        done = deployer("apply", *chosen, "--yes", "--project", tea, "--format", format_)
    assert done.code == exits.FAILED
    if format_ != "text":
        assert sorted(json.loads(done.out)["states"]) == names
    saved = tmp_path / "saved.txt"
    saved.write_text(done.out, encoding="utf-8")
    for name in names:
        assert f"deployer state push FILE --env {name}" in done.err
        assert deployer("state", "push", saved, "--env", name, "--project", tea).code == exits.DONE
        (tea / ".deployer" / "journal" / f"{name}.ndjson").unlink()
    assert deployer("apply", *chosen, "--yes", "--project", tea).code == exits.DONE
    plans = deployer("plan", *chosen, "--project", tea, "--format", "json").data["environments"]
    assert [one["result"]["changes"] for one in plans] == [[], [], []]


WRITERS = (
    ["plan", "--offline", "--out", "{}/plan.json"],
    ["state", "pull", "--out", "{}/state.json"],
    ["tasks", "--page", "{}/tasks.html"],
    ["preview", "--out", "{}/preview.html"],
    ["render", "shipped_text", "--out", "{}/words.svg"],
    ["schema", "--out", "{}"],
    ["schema", "export", "--out", "{}"],
)
"""Commands that write a file which was asked for."""


@pytest.mark.parametrize("options", ["size=0,ro", "size=4k,nr_inodes=2"])
def test_a_file_on_a_disk_that_is_full_or_read_only(tea, tmp_path, deployer, options) -> None:
    """If the disk is in the way, the command failed: nothing was wrong with how it was asked."""
    assert deployer("apply", "--yes", "--project", tea).code == exits.DONE
    there = tmp_path / "there"
    there.mkdir()
    with mounted("-t", "tmpfs", "-o", options, "tmpfs", there):
        if "ro" not in options:
            (there / "full").write_bytes(b"x" * 4096)
        for words in WRITERS:
            done = deployer(*(word.format(there) for word in words), "--project", tea)
            said(done, "can't be written", str(there))


def test_a_path_that_is_no_file_is_wrong_usage(tea, tmp_path, deployer) -> None:
    """If the path itself is wrong, such as a file taken for a folder, it has to be asked for in another way."""
    assert deployer("apply", "--yes", "--project", tea).code == exits.DONE
    (tmp_path / "file").write_text("", encoding="utf-8")
    for words in WRITERS:
        done = deployer(*(word.format(tmp_path / "file" / "in") for word in words), "--project", tea)
        assert done.code == exits.USAGE, (words, done.err)


@pytest.mark.parametrize("several", [(), ("--env", "sandbox", "--env", "other")])
def test_one_environment_or_several(tea, deployer, monkeypatch, several) -> None:
    """If the machine is in the way where nothing foresaw it, that is a failure and no bug, for several as for one."""
    settings = tea / "deployer.yaml"
    text = settings.read_text(encoding="utf-8")
    more = text.replace("environments:\n", "environments:\n  other: {target: sandbox}\n")
    settings.write_text(more, encoding="utf-8")

    def full(*_):
        raise OSError(28, "No space left on device", "somewhere")

    monkeypatch.setattr("deployer.launch", full)
    said(deployer("status", *(several or ("--env", "sandbox")), "--project", tea), "No space left", "somewhere")
