"""Opening and writing state: which places there are, conflicts, and that no crash leaves half a state."""

import os
import re
import stat
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

import deployer.state
import deployer.state.backend as backend_module
from deployer.state import (
    ConflictError,
    Entry,
    State,
    StateError,
    UnreadableError,
    UnsupportedBackendError,
    decode,
    open_backend,
)

SOURCES = Path(deployer.state.__file__).parents[2]


def open_file(root, url="file:state.json"):
    """Open the state of the staging environment."""
    return open_backend(url, root=root, environment="staging")


def run(script, *arguments):
    """Run a script in a process of its own."""
    return subprocess.run(
        [sys.executable, "-c", script, *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": str(SOURCES)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("url", ["gs://bucket/key", "GS://bucket", "gs:x"])
def test_a_store_that_was_never_tried_is_refused(tmp_path, url):
    """If state is to be kept in a store that no test ever ran against, the error says so and what to use."""
    with pytest.raises(UnsupportedBackendError, match="never tested against a real server") as caught:
        open_file(tmp_path, url)
    assert url in caught.value.message
    for other in ("git", "s3://", "az://", "`state: file:PATH`"):
        assert other in caught.value.hint


@pytest.mark.parametrize(
    "url", ["https://example.org/state", "S4://x", "c:state", "file:", "", "file://host/x", "/", "a\0b"]
)
def test_what_is_no_place_is_refused(tmp_path, url):
    """If the place is none at all, the error says what to write."""
    with pytest.raises(UnsupportedBackendError, match=re.escape(f"`{url}`")) as caught:
        open_file(tmp_path, url)
    assert "file:PATH" in caught.value.hint


@pytest.mark.parametrize("url", ["file:a/state.json", "a/state.json", "./a/state.json", "FILE:a/state.json"])
def test_a_path_is_relative_to_the_project(tmp_path, url):
    """If a plain path or `file:PATH` is given, the state is there under the project, and folders are made for it."""
    open_file(tmp_path, url).write(State("staging"), expected_serial=0)
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["state.json"]


@pytest.mark.parametrize("prefix", ["", "file:", "file://"])
def test_an_absolute_path_stays(tmp_path, prefix):
    """If the path is absolute, the project doesn't matter."""
    open_file(tmp_path / "elsewhere", f"{prefix}{tmp_path}/state.json").write(State("staging"), expected_serial=0)
    assert (tmp_path / "state.json").exists()


def test_the_location_is_the_path_as_written(tmp_path):
    """Messages name the place as the project does, not as this machine does."""
    assert open_file(tmp_path, "a/state.json").location == "file:a/state.json"


def test_opening_and_reading_write_nothing(tmp_path):
    """If nothing is stored, reading gives nothing and makes nothing."""
    assert open_file(tmp_path, "a/state.json").read() is None
    assert not list(tmp_path.iterdir())


def test_only_the_owner_can_read_the_file(tmp_path):
    """The file has mode 0600, also where it had another before."""
    backend = open_file(tmp_path)
    state = backend.write(State("staging"), expected_serial=0)
    (tmp_path / "state.json").chmod(0o644)
    backend.write(replace(state, company_id="c"), expected_serial=1)
    assert stat.S_IMODE((tmp_path / "state.json").stat().st_mode) == 0o600


def test_a_link_is_followed(tmp_path):
    """If the state is a link, the file that it leads to is replaced and the link stays."""
    (tmp_path / "link.json").symlink_to(tmp_path / "state.json")
    written = open_file(tmp_path, "link.json").write(State("staging"), expected_serial=0)
    assert (tmp_path / "link.json").is_symlink()
    assert open_file(tmp_path).read() == written


def test_each_write_has_the_next_serial(tmp_path):
    """The serial grows by one with each write, and the lineage stays."""
    backend = open_file(tmp_path)
    first = backend.write(State("staging"), expected_serial=0)
    second = backend.write(first.with_entry("segment.a", Entry("Segment", "api")), expected_serial=first.serial)
    assert (first.serial, second.serial) == (1, 2)
    assert first.lineage == second.lineage
    assert backend.read() == second


@pytest.mark.parametrize(("stored", "expected"), [(0, 1), (1, 0), (2, 1), (1, 2)])
def test_a_serial_that_moved_is_a_conflict(tmp_path, stored, expected):
    """If another serial is stored than the work began with, nothing is written."""
    backend = open_file(tmp_path)
    state = State("staging")
    for serial in range(stored):
        state = backend.write(replace(state, company_id=f"c{serial}"), expected_serial=serial)
    with pytest.raises(ConflictError, match="was expected") as caught:
        backend.write(State("staging", lineage=state.lineage), expected_serial=expected)
    assert "run the command again" in caught.value.hint
    assert backend.read() == (state if stored else None)


def test_another_lineage_is_a_conflict(tmp_path):
    """If the file was begun anew meanwhile, its serial alone doesn't make it the same state."""
    backend = open_file(tmp_path)
    written = backend.write(State("staging"), expected_serial=0)
    with pytest.raises(ConflictError, match="lineage"):
        backend.write(State("staging"), expected_serial=1)
    assert backend.read() == written


def test_a_folder_is_no_state(tmp_path):
    """If the path is a folder, reading and writing are errors with a reason, and nothing is left behind."""
    (tmp_path / "state.json").mkdir()
    backend = open_file(tmp_path)
    with pytest.raises(UnreadableError, match="Is a directory"):
        backend.read()
    with pytest.raises(StateError, match="Is a directory"):
        backend.write(State("staging"), expected_serial=0)
    assert [path.name for path in tmp_path.iterdir()] == ["state.json"]


def test_a_file_in_the_way_is_an_error(tmp_path):
    """If a folder of the path is a file, writing and locking say that the state can't be written."""
    (tmp_path / "a").write_text("in the way")
    backend = open_file(tmp_path, "a/state.json")
    with pytest.raises(StateError, match="can't be written"):
        backend.write(State("staging"), expected_serial=0)
    with pytest.raises(StateError, match="can't be written"), backend.lock("apply"):
        pass


def test_an_error_of_the_work_is_not_an_error_of_the_lock(tmp_path):
    """If the work under a lock fails with an OSError of its own, that is what the caller sees."""
    with pytest.raises(OSError, match="of the work"), open_file(tmp_path).lock("apply"):
        raise OSError("of the work")
    assert not list(tmp_path.iterdir())


FAILING_REPLACE = """
import errno, os, sys
from dataclasses import replace
from pathlib import Path
from deployer.state import State, StateError, open_backend

def full(*_): raise OSError(errno.ENOSPC, "No space left on device")

backend = open_backend("file:state.json", root=Path(sys.argv[1]), environment="staging")
state = backend.read()
os.fsync = full
try:
    backend.write(replace(state, company_id="c"), expected_serial=state.serial)
except StateError as error:
    print(error.message)
"""


def test_a_full_disk_leaves_the_former_state(tmp_path):
    """If the disk is full, the error says so, the former state stands and nothing else is left."""
    written = open_file(tmp_path).write(State("staging"), expected_serial=0)
    child = run(FAILING_REPLACE, tmp_path)
    assert "can't be written: No space left on device" in child.stdout, child.stderr
    assert open_file(tmp_path).read() == written
    assert [path.name for path in tmp_path.iterdir()] == ["state.json"]


DIES_WHILE_WRITING = """
import os, signal, sys
from pathlib import Path
from deployer.state import Entry, open_backend

def die(*_): os.kill(os.getpid(), signal.SIGKILL)

backend = open_backend("file:state.json", root=Path(sys.argv[1]), environment="staging")
state = backend.read()
setattr(os, sys.argv[2], die)
backend.write(state.with_entry("segment.new", Entry("Segment", "api")), expected_serial=state.serial)
"""


@pytest.mark.parametrize("moment", ["fchmod", "fsync", "replace"])
def test_a_writer_that_is_killed_leaves_the_former_state(tmp_path, moment):
    """If the writer dies at any moment before the rename, the former state stands whole and the next write succeeds."""
    written = open_file(tmp_path).write(State("staging"), expected_serial=0)
    before = (tmp_path / "state.json").read_bytes()
    assert run(DIES_WHILE_WRITING, tmp_path, moment).returncode == -9
    assert (tmp_path / "state.json").read_bytes() == before
    again = open_file(tmp_path).write(replace(written, company_id="c"), expected_serial=1)
    assert open_file(tmp_path).read() == again
    assert [path.name for path in tmp_path.iterdir()] == ["state.json"]


def test_what_we_wrote_is_not_read_again(tmp_path, monkeypatch):
    """If a run writes its record a hundred times, what it wrote itself isn't decoded each time."""
    decoded = []
    monkeypatch.setattr(
        backend_module, "decode", lambda *given, **more: decoded.append(given) or decode(*given, **more)
    )
    backend = open_file(tmp_path)
    with backend.lock("apply"):
        state = State("staging")
        for number in range(100):
            state = backend.write(
                state.with_entry(f"segment.s{number}", Entry("Segment", "api")), expected_serial=state.serial
            )
    assert decoded == []
    assert backend.read() == state


def test_what_was_just_read_is_not_read_again(tmp_path, monkeypatch):
    """If a write finds what was just read, it isn't decoded again; what another wrote since is."""
    mine, other = open_file(tmp_path), open_file(tmp_path)
    first = other.write(State("staging"), expected_serial=0)
    decoded = []
    monkeypatch.setattr(
        backend_module, "decode", lambda *given, **more: decoded.append(given) or decode(*given, **more)
    )
    assert mine.read() == mine.read() == first
    second = mine.write(first.with_entry("segment.a", Entry(kind="Segment", by="api", id="1")), expected_serial=1)
    assert len(decoded) == 1
    third = other.write(second.with_entry("segment.b", Entry(kind="Segment", by="api", id="2")), expected_serial=2)
    decoded.clear()
    assert mine.read() == third
    assert len(decoded) == 1


def test_what_another_wrote_meanwhile_is_read(tmp_path):
    """If the file isn't as we left it, it is read, and a write over it is refused."""
    backend = open_file(tmp_path)
    first = backend.write(State("staging"), expected_serial=0)
    other = open_file(tmp_path)
    other.write(first.with_entry("segment.a", Entry("Segment", "api")), expected_serial=1)
    with pytest.raises(ConflictError):
        backend.write(first.with_entry("segment.b", Entry("Segment", "api")), expected_serial=1)
