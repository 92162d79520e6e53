"""A state that its place wouldn't take goes into a file: whole, beside what an earlier run left, or not at all."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import deployer
from deployer.app.rescue import keep_unsaved
from deployer.state import Entry, State, decode

SOURCES = Path(deployer.__file__).parents[1]
STATE = State("production", entries={f"segment.s{number}": Entry("Segment", "api") for number in range(50)})

LITTLE_ROOM = """
import resource, sys
from pathlib import Path
from deployer.app.rescue import keep_unsaved
from deployer.state import Entry, State
state = State("production", entries={f"segment.s{number}": Entry("Segment", "api") for number in range(50)})
sys.dont_write_bytecode = True  # half of a module's bytecode would stop the next process
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    keep_unsaved(state, Path(sys.argv[1]))
except OSError as error:
    print(error.strerror)
"""


def test_each_run_has_a_file_of_its_own(tmp_path):
    """What an earlier run left stays; the state is read back as it was, and only its owner may."""
    first, second = (keep_unsaved(STATE, tmp_path) for _ in range(2))
    assert [first.name, second.name] == ["errored.state.json", "errored.1.state.json"]
    assert decode(second.read_bytes(), "it") == STATE
    assert second.stat().st_mode & 0o777 == 0o600


def test_half_a_file_is_not_left(tmp_path):
    """If there is no room for the whole of it, it is an error, and nothing lies there that looks like a state."""
    words = [sys.executable, "-c", LITTLE_ROOM, str(tmp_path)]
    done = subprocess.run(words, capture_output=True, text=True, check=True, cwd=SOURCES)
    assert done.stdout.strip()
    assert list(tmp_path.iterdir()) == []
