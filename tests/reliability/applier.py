"""An operator who applies a project and may be killed while doing so: run as a script, a process for each attempt.

Each line on stdin is one attempt (JSON: ``root``, ``account``, ``environ``, ``prune``, ``batch``, ``later``: seconds
that the clocks are ahead, and ``kill``: ``point``, ``when``, ``number``, or null). With a ``batch`` so many changes are
prepared at once, and the record is stored as often as it can be. The attempt runs in a process of its own, which sends
itself SIGKILL before or after the ``number``-th time that it passes the point: a write at Attentive, a line of the
journal or its beginning, a write of the state. What became of it is one line on stdout.
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import sys
import threading
import traceback
from datetime import timedelta
from pathlib import Path

import deployer
from deployer.attentive import SYSTEM_CLOCK
from deployer.engine import apply
from deployer.sandbox import Sandbox
from deployer.sandbox.transport import transport
from deployer.state import Backend, Journal, LockedError


class Hurried:
    """A clock whose waits are over at once."""

    random = staticmethod(SYSTEM_CLOCK.random)

    def __init__(self, later):
        self.skipped = 0.0
        self.later = timedelta(seconds=later)

    def now(self):
        """Tell the time of day."""
        return SYSTEM_CLOCK.now() + self.later

    def monotonic(self):
        """Count the seconds, with those that were waited for."""
        return SYSTEM_CLOCK.monotonic() + self.skipped

    def sleep(self, seconds):
        """Be later at once."""
        self.skipped += seconds


class Killer:
    """Counts how often a point is passed, and kills at the number that was asked for."""

    def __init__(self, kill):
        self.kill = kill or {}
        self.lock = threading.Lock()
        self.passed = 0

    def passing(self, point, when):
        """Say that a point is reached (``before``) or left (``after``)."""
        if point != self.kill.get("point") or when != self.kill["when"]:
            return
        with self.lock:
            self.passed += 1
            if self.passed == self.kill["number"]:
                os.kill(os.getpid(), signal.SIGKILL)

    def around(self, owner, name, point):
        """Let a method pass a point."""
        original = getattr(owner, name)

        def passing(*args, **kwargs):
            self.passing(point, "before")
            result = original(*args, **kwargs)
            self.passing(point, "after")
            return result

        setattr(owner, name, passing)


def attempt(job):
    """Plan and apply once; the outcome of every change."""
    if job["batch"]:
        apply.BATCH, apply.PAUSE, apply.LEISURE = job["batch"], 0.0, 0
    killer = Killer(job["kill"])
    killer.around(Journal, "record", "journal")
    killer.around(Journal, "begin", "beginning")
    killer.around(Backend, "write", "state")

    def before(request):
        if request.method != "GET":
            killer.passing("attentive", "before")

    def after(request, response):
        del response
        if request.method != "GET":
            killer.passing("attentive", "after")

    clock = Hurried(job["later"])
    with Sandbox.open(Path(job["account"]), company_name="Northwind", now=clock.now) as sandbox:
        through = transport(sandbox, before=before, after=after)
        workspace = deployer.load(job["root"])
        told = {"transport": through, "clock": clock}
        with deployer.connect(workspace, "production", environ=job["environ"], **told) as connection:
            report = deployer.apply(connection, deployer.plan(connection, prune=job["prune"]))
    return {"failed": report.failed, "outcomes": [one.to_json() for one in report.outcomes], "problem": report.problem}


def alone(job):
    """Run an attempt in a process of its own, and say how it ended."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        try:
            said = {**attempt(job), "modules": imported()}
        except LockedError as error:
            said = {"locked": error.holder.id, "hint": error.hint}
        except BaseException:  # noqa: BLE001 - whatever it was, the test shows it
            said = {"error": traceback.format_exc()}
        with os.fdopen(writing, "w") as pipe:
            pipe.write(json.dumps(said))
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        text = pipe.read()
    _, status = os.waitpid(child, 0)
    killed = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
    return {"killed": killed, **(json.loads(text) if text else {})}


def imported():
    """Name the modules that are read from files."""
    specs = [(name, getattr(module, "__spec__", None)) for name, module in list(sys.modules.items())]
    return [name for name, spec in specs if spec is not None and spec.has_location and spec.name == name]


def import_all(names):
    """Import here what an attempt had to import, so that the next ones begin with it: most of their time was that."""
    for name in names:
        if name not in sys.modules:
            importlib.import_module(name)


if __name__ == "__main__":
    for line in sys.stdin:
        ended = alone(json.loads(line))
        import_all(ended.pop("modules", ()))
        sys.stdout.write(json.dumps(ended) + "\n")
        sys.stdout.flush()
