"""Imports ours, then forks a process for each call that comes in at a socket, until its input ends.

A call is a JSON object with the arguments, variables and folder of who calls, and three open files. The answer is a
line with the number of the process and a line with its exit code.
"""

from __future__ import annotations

import gc
import json
import os
import pkgutil
import selectors
import signal
import socket
import sys
import time
from importlib import import_module
from typing import Any

import deployer
from deployer.cli import main

_APART = ("deployer.__main__", "deployer.serving")
"""What begins by being imported, and what only extras bring."""


def import_all() -> None:
    """Import every module, and what commands import when they run."""
    for module in pkgutil.walk_packages(deployer.__path__, "deployer."):
        if not module.name.startswith(_APART):
            import_module(module.name)
    gc.freeze()  # what is there is never looked at again, so that a fork doesn't copy it


def serve(path: str) -> None:
    """Answer calls until the input ends; returns once in each forked process."""
    with socket.socket(socket.AF_UNIX) as listening, selectors.DefaultSelector() as ready:
        listening.bind(path)
        listening.listen(64)
        ready.register(listening, selectors.EVENT_READ)
        ready.register(0, selectors.EVENT_READ)
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # who answers a call is waited for by none
        while all(key.fileobj is listening for key, _ in ready.select()):
            connection, _ = listening.accept()
            if not os.fork():
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                break
            connection.close()
        else:
            os._exit(0)
    answer(connection)


def answer(connection: socket.socket) -> None:
    """Let a process do the call and answer how it ended; returns in that process."""
    text, files, _, _ = socket.recv_fds(connection, 1 << 20, 3)
    while not text.endswith(b"\n"):
        text += connection.recv(1 << 20)
    child = os.fork()
    if child:
        for file in files:
            os.close(file)
        connection.sendall(f"{child}\n".encode())
        _, status = os.waitpid(child, 0)
        connection.sendall(f"{os.waitstatus_to_exitcode(status)}\n".encode())
        os._exit(0)
    connection.close()
    become(json.loads(text), files)


def become(call: dict[str, Any], files: list[int]) -> None:
    """Take over what the caller has: files, variables, folder, arguments."""
    for number, file in enumerate(files):
        os.dup2(file, number)
        os.close(file)
    sys.stdin, sys.stdout, sys.stderr = (
        open(0, encoding="utf-8"),  # noqa: SIM115 - the process's own input, open for as long as it lives
        open(1, "w", encoding="utf-8", errors="surrogateescape"),  # noqa: SIM115 - and its output
        open(2, "w", encoding="utf-8", errors="backslashreplace", buffering=1),  # noqa: SIM115 - and its errors
    )
    sys.__stdin__, sys.__stdout__, sys.__stderr__ = sys.stdin, sys.stdout, sys.stderr
    os.environ.clear()
    os.environ.update(call["variables"])
    time.tzset()
    os.chdir(call["folder"])
    sys.argv = ["deployer", *call["arguments"]]


if __name__ == "__main__":
    import_all()
    serve(sys.argv[1])
    main()
