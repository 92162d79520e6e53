"""What tests of every room share: patience, and the figures of what was tried."""

from __future__ import annotations

import atexit
import json
import logging
import os
import re
import shutil
import signal
import subprocess
import tempfile
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Playwright

pytest_plugins = ["tests.shop"]

# A suite in the background (`nohup`, `&`) inherits an ignored Ctrl-C and would hand it on to what it starts.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# What a test finds depends on no earlier run, and nothing goes to the cache folder of who runs the tests.
os.environ["DEPLOYER_CACHE"] = ""

# Nor on the settings of git that this machine or who runs the tests has: other ends of lines, signed commits, hooks.
os.environ |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}

# Hundreds of tests start a deployer. One that may keep no compiled modules compiles them all again, which is most of
# its time, so all processes of one run share a folder of them; it goes with the run.
if os.environ.pop("PYTHONDONTWRITEBYTECODE", "") and "PYTHONPYCACHEPREFIX" not in os.environ:
    os.environ["PYTHONPYCACHEPREFIX"] = tempfile.mkdtemp(prefix="deployer-tests-")
    atexit.register(shutil.rmtree, os.environ["PYTHONPYCACHEPREFIX"], ignore_errors=True)

# No test fails because the machine was busy: how long an example takes says nothing about what it shows. And none fails
# by chance on a change that isn't to blame: the examples are the same each time. New ones are looked for every night
# (`--hypothesis-profile=hunt`); what they find becomes an example of its test.
hypothesis.settings.register_profile("hunt", deadline=None, derandomize=False, print_blob=True)
hypothesis.settings.register_profile("same", deadline=None, derandomize=True)
hypothesis.settings.load_profile("same")

_ELSEWHERE = re.compile(r"NO_COLOR|FORCE_COLOR|CLICOLOR_FORCE|CI|(CI|GITHUB|GITLAB|AWS|AZURE)_.*")


def pytest_sessionstart() -> None:
    """Forget what commands would read of who runs the tests: how to color, a CI job, an account of a cloud.

    What pytest itself prints is colored as it was asked to.
    """
    for name in filter(_ELSEWHERE.fullmatch, [*os.environ]):
        del os.environ[name]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the longest tests begin first: no worker is alone with one while the others have nothing left to do."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """With ``-n auto``, half as many processes more than cores: tests wait for programs, browsers and servers.

    Each has its own browser and servers, a gigabyte in all: a machine with less memory runs fewer.
    """
    del config
    cores = len(os.sched_getaffinity(0))
    return max(1, min(cores + max(1, cores // 2), _memory() // 2**30))


def _memory() -> int:
    """The bytes of memory that this machine or, if it is less, this container has."""
    whole = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    with suppress(OSError, ValueError):  # another system's container, or `max`
        return min(whole, int(Path("/sys/fs/cgroup/memory.max").read_text(encoding="ascii")))
    return whole


@pytest.fixture(autouse=True)
def _own_log() -> Iterator[None]:
    """Let a command that runs in this process log to the stderr of its own test only."""
    _forget_logging()
    yield
    _forget_logging()


def _forget_logging() -> None:
    """Let our logger be as it is before any command ran, also one that a fixture of a whole module ran."""
    logger = logging.getLogger("deployer")
    logger.handlers, logger.propagate = [], True
    logger.setLevel(logging.NOTSET)


@pytest.fixture
def answers_kept(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep what a command learns of a project for the later ones of the same test, as on anyone's machine."""
    monkeypatch.setenv("DEPLOYER_CACHE", str(tmp_path_factory.mktemp("answers")))


@pytest.fixture(scope="session")
def playwright_running() -> Iterator[Playwright | None]:
    """Playwright, which refuses to be started twice in a process; ``None`` where it isn't installed."""
    try:
        from playwright.sync_api import sync_playwright  # noqa: PLC0415 - not everyone who runs the tests has it
    except ImportError:
        yield None
        return
    with sync_playwright() as running:
        yield running


@pytest.fixture
def figures() -> Iterator[Counter[str]]:
    """Counts what a test tried; appended to the file that DEPLOYER_FIGURES names, for docs/reliability.md.

    What must never happen (a duplicate, a lost write) is counted where it is found, before it is asserted to be zero: a
    run in which it happens has another figure.
    """
    counted: Counter[str] = Counter()
    yield counted
    if counted and "DEPLOYER_FIGURES" in os.environ:
        with Path(os.environ["DEPLOYER_FIGURES"]).open("a", encoding="utf-8") as file:
            file.write(json.dumps(counted) + "\n")


class ReferenceLiquid:
    """Ruby's Liquid, the reference engine, as one process that renders whatever it is given."""

    SCRIPT = Path(__file__).parent / "messages" / "liquid" / "reference.rb"

    def __init__(self, ruby: str) -> None:
        environment = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "TZ": "UTC"}
        self.process = subprocess.Popen(
            [ruby, str(self.SCRIPT)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
            env=environment,
        )

    def render(self, template: str, data: Any) -> str | None:
        """Render a template; ``None`` where the engine refuses it or reports an error."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps({"template": template, "data": data}) + "\n")
        self.process.stdin.flush()
        answer: dict[str, str] = json.loads(self.process.stdout.readline())
        return answer.get("text")

    def close(self) -> None:
        """End the process."""
        self.process.communicate()


@pytest.fixture(scope="session")
def reference_liquid() -> Iterator[ReferenceLiquid]:
    """The reference engine of Liquid; the test is skipped where Ruby's Liquid (Debian: ruby, ruby-liquid) is absent."""
    ruby = shutil.which("ruby")
    if not ruby or subprocess.run([ruby, "-e", "require 'liquid'"], capture_output=True, check=False).returncode:
        pytest.skip("needs Ruby with its Liquid: apt-get install ruby ruby-liquid")
    engine = ReferenceLiquid(ruby)
    yield engine
    engine.close()
