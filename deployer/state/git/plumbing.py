"""git for a state: what it refuses as this room's errors."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from deployer.errors import DeployerError
from deployer.git import GitTimeoutError, NoGitError, run_git
from deployer.state.errors import UnreadableError, UnsupportedBackendError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_CREDENTIALS = re.compile(r"(?<=://)[^/@\s]+@")


class GitError(DeployerError):
    """git refused: ``command`` is its subcommand, ``output`` what it said of it, without credentials."""

    def __init__(self, command: str, output: str) -> None:
        self.command = command
        self.output = _CREDENTIALS.sub("", output).strip()
        super().__init__(f"git {command}: {self.output}")


class Git:
    """A repository, by any folder in it. Each call is one process of git."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, *words: str, stdin: bytes = b"", environ: Mapping[str, str] | None = None) -> bytes:
        """Run a subcommand and return what it printed.

        Raises ``GitError`` where it fails or takes minutes, ``UnsupportedBackendError`` where git isn't installed,
        ``UnreadableError`` where it can't be started.
        """
        try:
            done = run_git(self.folder, *words, stdin=stdin, environ=environ)
        except GitTimeoutError as error:
            raise GitError(words[0], str(error)) from error
        except NoGitError as error:
            hint = "install git, or keep the state elsewhere: a file, or an object store"
            raise UnsupportedBackendError("state in git needs the program git, and it isn't installed", hint) from error
        except FileNotFoundError as error:
            raise UnreadableError(f"the folder `{self.folder}` isn't there", "check the project's path") from error
        except OSError as error:
            message = f"git can't be started in `{self.folder}`: {error.strerror}"
            raise UnreadableError(message, "check the folder's permissions") from error
        if done.code:
            # A push tells its refusals on standard output.
            raise GitError(words[0], (done.err + done.out).decode(errors="replace") or f"exit code {done.code}")
        return done.out

    def line(self, *words: str) -> str:
        """The one line that a subcommand prints, empty where it prints none. Raises like a call."""
        return self(*words).decode(errors="surrogateescape").rstrip("\n")
