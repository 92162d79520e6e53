"""Running a command as a whole process, with what the operating system says it used."""

from __future__ import annotations

import os
import subprocess
import time
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

KIBI = 1024


@dataclass(frozen=True, slots=True)
class Use:
    """What one finished process and its children used: CPU and wall seconds, the largest resident memory in MiB."""

    cpu: float
    wall: float
    memory: float
    code: int


@dataclass(frozen=True, slots=True)
class Command:
    """A command, the folder that it runs in, what it finds in its environment, and the exit codes that are no failure.

    ``stdin`` is a file that it reads.
    """

    arguments: Sequence[str]
    folder: Path
    environment: Mapping[str, str]
    codes: frozenset[int] = frozenset({0})
    stdin: Path | None = None


class FailedError(Exception):
    """A command ended with a code that it shouldn't have: its figures would mean nothing."""


def _environment() -> dict[str, str]:
    """Ours, but for what would have Python compile its modules in every run: an installed program has them compiled."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def run(command: Command) -> Use:
    """Run a command once. Raises ``FailedError``."""
    source = command.stdin.open("rb") if command.stdin else subprocess.DEVNULL
    began = time.monotonic()
    process = subprocess.Popen(  # noqa: S603 - our own commands
        command.arguments,
        cwd=command.folder,
        env=_environment() | dict(command.environment),
        stdin=source,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.monotonic() - began
    if not isinstance(source, int):
        source.close()
    if process.returncode not in command.codes:
        raise FailedError(f"{' '.join(command.arguments[:4])} … ended with {process.returncode}")
    return Use(used.ru_utime + used.ru_stime, wall, used.ru_maxrss / KIBI, process.returncode)


def middle(uses: Sequence[Use]) -> Use:
    """The median of each figure."""
    return Use(
        median(use.cpu for use in uses),
        median(use.wall for use in uses),
        median(use.memory for use in uses),
        uses[0].code,
    )


def paired(ours: Command, peer: Command | None, runs: int) -> tuple[Use, Use | None]:
    """Run both in turn, after one warm-up of each, so that a machine that gets slower does so for both."""
    commands = [ours] if peer is None else [ours, peer]
    for command in commands:
        run(command)
    uses: list[list[Use]] = [[] for _ in commands]
    for _ in range(runs):
        for taken, command in zip(uses, commands, strict=True):
            taken.append(run(command))
    return middle(uses[0]), middle(uses[1]) if peer else None
