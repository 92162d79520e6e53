"""Files that a command writes are whole, or as they were."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from deployer.atomic import PRIVATE, create_file, write_file


def small_disk() -> None:
    """Let no file grow beyond 2 KB, as on a disk that is nearly full."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2048, 2048))


def on_a_small_disk(code, *args):
    """Run Python with files that can't grow."""
    line = [sys.executable, "-c", code, *map(str, args)]
    environ = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}  # half of a module's bytecode would stop the next process
    return subprocess.run(line, preexec_fn=small_disk, capture_output=True, text=True, check=False, env=environ)


def test_a_file_is_written_with_its_folders(tmp_path):
    """A new file has the permissions that the user's umask gives, and nothing lies beside it."""
    path = tmp_path / "a" / "b" / "c.txt"
    before = os.umask(0o027)
    try:
        write_file(path, "one\r\ntwo\n")
    finally:
        os.umask(before)
    assert path.read_bytes() == b"one\r\ntwo\n"
    assert path.stat().st_mode & 0o777 == 0o640
    assert [one.name for one in path.parent.iterdir()] == ["c.txt"]


def test_a_replaced_file_keeps_its_permissions_and_its_link(tmp_path):
    """A file that is written again stays executable, and a link to it a link."""
    path, link = tmp_path / "run.sh", tmp_path / "link"
    path.write_text("old")
    path.chmod(0o750)
    link.symlink_to(path)
    write_file(link, "new")
    assert (path.read_text(), path.stat().st_mode & 0o777, link.is_symlink()) == ("new", 0o750, True)


def test_a_private_file_becomes_private(tmp_path):
    """A secret copy isn't readable for others because the file before it was."""
    path = tmp_path / "copy.json"
    path.write_text("old")
    path.chmod(0o644)
    write_file(path, "new", mode=PRIVATE)
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_new_file_takes_no_other_ones_place(tmp_path):
    """If the file is there already, it stays."""
    path = tmp_path / "here"
    create_file(path, "first")
    with pytest.raises(FileExistsError):
        create_file(path, "second")
    assert path.read_text() == "first"


def test_a_pipe_is_written_to(tmp_path):
    """What isn't a regular file isn't replaced by one."""
    path = tmp_path / "pipe"
    os.mkfifo(path)
    reader = subprocess.Popen(["cat", path], stdout=subprocess.PIPE)
    write_file(path, "through")
    assert reader.communicate()[0] == b"through"
    assert path.is_fifo()


@pytest.mark.parametrize("write", ["write_file", "create_file"])
def test_a_full_disk_leaves_what_was_there(tmp_path, write):
    """If the content doesn't fit, the old file is whole, a new one isn't there, and nothing lies beside it."""
    code = f"import sys, pathlib; from deployer.atomic import {write}; {write}(pathlib.Path(sys.argv[1]), 'x' * 9999)"
    path = tmp_path / "page.html"
    if write == "write_file":
        path.write_text("old")
    done = on_a_small_disk(code, path)
    assert "OSError" in done.stderr
    assert [(one.name, one.read_text()) for one in tmp_path.iterdir()] == (
        [("page.html", "old")] if write == "write_file" else []
    )


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs a folder in which nobody can make a file")
def test_a_file_that_cannot_be_made_is_named():
    """The error names the file that was asked for, not the one that stands in for it while it is written."""
    with pytest.raises(OSError, match=r"page\.html") as refused:
        write_file(Path("/proc/page.html"), "x")
    assert refused.value.filename == "/proc/page.html"
