"""Running git as a program: quietly, without questions, hooks or signatures."""

from __future__ import annotations

import os
import re
import signal
import subprocess
from contextlib import suppress
from typing import TYPE_CHECKING

from deployer.state.errors import UnreadableError, UnsupportedBackendError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_TIMEOUT = 300.0
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
    # What git sets for the hooks and aliases that it runs: about the repository of that moment, not about ours.
    r"GIT_(DIR|WORK_TREE|INDEX_FILE|OBJECT_DIRECTORY|ALTERNATE_OBJECT_DIRECTORIES|COMMON_DIR|NAMESPACE|PREFIX"
    r"|QUARANTINE_PATH|SHALLOW_FILE|GRAFT_FILE|IMPLICIT_WORK_TREE|INTERNAL_.*|(AUTHOR|COMMITTER)_DATE|TRACE.*)"
)
_CREDENTIALS = re.compile(r"(?<=://)[^/@\s]+@")


class GitError(Exception):
    """git refused: ``command`` is its subcommand, ``said`` what it said of it, without credentials."""

    def __init__(self, command: str, said: str) -> None:
        self.command = command
        self.said = _CREDENTIALS.sub("", said).strip()
        super().__init__(f"git {command}: {self.said}")


class Git:
    """A repository, by any folder in it. Each call is one process of git."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, *words: str, stdin: bytes = b"", environ: Mapping[str, str] | None = None) -> bytes:
        """Run a subcommand and return what it printed.

        Raises ``GitError`` where it fails or takes minutes, ``UnsupportedBackendError`` where git isn't installed,
        ``UnreadableError`` where it can't be started.
        """
        process = self._start(words, {**_environment(), **(environ or {})})
        try:
            out, err = process.communicate(stdin, timeout=_TIMEOUT)
        except subprocess.TimeoutExpired as error:
            _end(process)
            raise GitError(words[0], f"no answer within {_TIMEOUT:.0f} seconds") from error
        except BaseException:
            _end(process)
            raise
        if process.returncode:
            # A push tells its refusals on standard output.
            raise GitError(words[0], (err + out).decode(errors="replace") or f"exit code {process.returncode}")
        return out

    def line(self, *words: str) -> str:
        """The one line that a subcommand prints, empty where it prints none. Raises like a call."""
        return self(*words).decode(errors="surrogateescape").rstrip("\n")

    def _start(self, words: tuple[str, ...], environ: dict[str, str]) -> subprocess.Popen[bytes]:
        pipe = subprocess.PIPE
        try:
            # A session of its own has no terminal: nothing asks there, and a Ctrl-C that we let pass doesn't reach git.
            return subprocess.Popen(  # noqa: S603 - our own words, no shell
                ["git", *_OPTIONS, *words],  # noqa: S607 - the git that the user's PATH names
                cwd=self.folder,
                env=environ,
                stdin=pipe,
                stdout=pipe,
                stderr=pipe,
                start_new_session=True,
            )
        except FileNotFoundError as error:
            if self.folder.is_dir():
                hint = "install git, or keep the state elsewhere: a file, or an object store"
                raise UnsupportedBackendError(
                    "state in git needs the program git, and it isn't installed", hint
                ) from error
            raise UnreadableError(f"the folder `{self.folder}` isn't there", "check the project's path") from error
        except OSError as error:
            message = f"git can't be started in `{self.folder}`: {error.strerror}"
            raise UnreadableError(message, "check the folder's permissions") from error


def _environment() -> dict[str, str]:
    environ = {name: value for name, value in os.environ.items() if not _FOREIGN.fullmatch(name)}
    return {**environ, "GIT_TERMINAL_PROMPT": "0", "SSH_ASKPASS_REQUIRE": "never", "LC_ALL": "C"}


def _end(process: subprocess.Popen[bytes]) -> None:
    """End git and what it started (ssh, git-remote-https), so that no pipe stays open."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
