"""Running git as a program: quietly, without questions, hooks or signatures, in the repository of a folder.

What git sets for the hooks and aliases that it runs (``GIT_DIR`` and its like) is about the repository of that moment;
it is taken away, so that the folder alone says which repository is meant.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
from contextlib import suppress
from typing import TYPE_CHECKING

from deployer.dataclass import dataclass
from deployer.errors import DeployerError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

TIMEOUT = 300.0
"""Seconds that one call may take: a slow first fetch is let through, a connection that hangs isn't waited for."""

_OPTIONS = (
    "--no-replace-objects",
    *("-c", "core.hooksPath=/dev/null"),
    *("-c", "gc.auto=0"),
    *("-c", "maintenance.auto=false"),
    *("-c", "fetch.writeCommitGraph=false"),
    *("-c", "push.gpgSign=false"),
    *("-c", "push.followTags=false"),
    *("-c", "push.recurseSubmodules=no"),
    *("-c", "i18n.commitEncoding=UTF-8"),
    *("-c", "user.useConfigOnly=false"),
)
_FOREIGN = re.compile(
    r"GIT_(DIR|WORK_TREE|INDEX_FILE|OBJECT_DIRECTORY|ALTERNATE_OBJECT_DIRECTORIES|COMMON_DIR|NAMESPACE|PREFIX"
    r"|QUARANTINE_PATH|SHALLOW_FILE|GRAFT_FILE|IMPLICIT_WORK_TREE|INTERNAL_.*|(AUTHOR|COMMITTER)_DATE|TRACE.*)"
)


class NoGitError(DeployerError):
    """The program git isn't installed."""


class GitTimeoutError(DeployerError):
    """git took longer than ``TIMEOUT`` and was ended."""


@dataclass(frozen=True, slots=True)
class Done:
    """What one call of git gave: its exit code, and what it printed on standard output and on standard error."""

    code: int
    out: bytes
    err: bytes

    @property
    def line(self) -> str:
        """The one line that it printed, empty where it printed none."""
        return os.fsdecode(self.out).rstrip("\n")


def run_git(folder: Path, *words: str, stdin: bytes = b"", environ: Mapping[str, str] | None = None) -> Done:
    """Run a subcommand in the repository around ``folder``; ``environ`` is added to its environment.

    Raises ``NoGitError``, ``GitTimeoutError``, and ``OSError`` where git can't be started in the folder.
    """
    process = _start(folder, words, {**_environment(), **(environ or {})})
    try:
        out, err = process.communicate(stdin, timeout=TIMEOUT)
    except subprocess.TimeoutExpired as error:
        _end(process)
        raise GitTimeoutError(f"no answer within {TIMEOUT:.0f} seconds") from error
    except BaseException:
        _end(process)
        raise
    return Done(process.returncode, out, err)


def _start(folder: Path, words: tuple[str, ...], environ: dict[str, str]) -> subprocess.Popen[bytes]:
    pipe = subprocess.PIPE
    try:
        # A session of its own has no terminal: nothing asks there, and a Ctrl-C that we let pass doesn't reach git.
        return subprocess.Popen(  # noqa: S603 - our own words, no shell; a reference is never taken for an option
            ["git", *_OPTIONS, *words],  # noqa: S607 - the git that the user's PATH names
            cwd=folder,
            env=environ,
            stdin=pipe,
            stdout=pipe,
            stderr=pipe,
            start_new_session=True,
        )
    except FileNotFoundError as error:
        if folder.is_dir():
            raise NoGitError("git isn't installed") from error
        raise


def _environment() -> dict[str, str]:
    environ = {name: value for name, value in os.environ.items() if not _FOREIGN.fullmatch(name)}
    quiet = {"GIT_TERMINAL_PROMPT": "0", "SSH_ASKPASS_REQUIRE": "never", "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}
    return {**environ, **quiet}


def _end(process: subprocess.Popen[bytes]) -> None:
    """End git and what it started (ssh, git-remote-https), so that no pipe stays open."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
