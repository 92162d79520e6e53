"""Ours as processes that begin with every module imported: what a script of a forge or a page starts many times.

A parent imports once and forks for each call. What it starts is a process like any other, with the caller's arguments,
variables, folder, input and output; its end is the caller's. How a real one begins is the matter of `tests/cli`.
"""

from __future__ import annotations

import atexit
import shutil
import subprocess
import sys
import tempfile
from functools import cache, partial
from pathlib import Path

PARENT = Path(__file__).with_name("process_parent.py")
CALLER = Path(__file__).with_name("process_caller.py")


def write_command(folder: Path) -> None:
    """Write the program `deployer` into a folder, to be on the path of a script."""
    folder.mkdir(exist_ok=True)
    program = folder / "deployer"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -IS "{CALLER}" "{_parent()}" "$@"\n', encoding="utf-8")
    program.chmod(0o755)


def log_calls(folder: Path) -> Path:
    """Let the program that ``write_command`` wrote log each call: a line with its command, in the file given back."""
    program, log = folder / "deployer", folder / "calls"
    first, rest = program.read_text(encoding="utf-8").split("\n", 1)
    program.write_text(f'{first}\necho "$1" >> "{log}"\n{rest}', encoding="utf-8")
    return log


@cache
def _parent() -> Path:
    """The socket of this test process's parent; it ends with the test process, however that ends."""
    # No `TemporaryDirectory`: a process that `multiprocessing` forks forgets it from Python 3.13 on, and so removes it.
    folder = tempfile.mkdtemp(prefix="deployer-parent-")
    socket = Path(folder) / "calls"
    words = [sys.executable, str(PARENT), str(socket)]
    parent = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True)
    assert parent.stdin
    assert parent.stdout
    atexit.register(partial(shutil.rmtree, folder, ignore_errors=True))
    atexit.register(parent.wait)
    atexit.register(parent.stdin.close)
    assert parent.stdout.readline() == b"ready\n"
    return socket
