"""Everything that can go wrong without being a bug, as one tree.

::

    DeployerError                   what happened and where, what to do, the exit code
     ├─ UsageError                  how something was asked for: a command, an address, a file that isn't there
     ├─ ProblemsError               what the project's files say (source)
     ├─ GuardError, ConfirmError    what must hold before something is written or recorded (kinds, engine)
     ├─ StateError                  the recorded state and its lock (state)
     ├─ AttentiveError, ForgeError  answers of Attentive, GitHub and GitLab
     └─ …                           each beside the code that raises it
    InnerError                      raised and caught inside the package; one that gets out is a bug

The command line has one ``except`` for ``DeployerError``. Whatever else arrives there is a bug.
"""

from __future__ import annotations

from typing import ClassVar


class DeployerError(Exception):
    """Something that can happen: ``message`` says what and where, ``hint`` what to do (may be empty)."""

    exit_code: ClassVar[int] = 1
    """The exit code of a command that ends with it."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(DeployerError):
    """Something can't be done as it was asked for; ``hint`` says how to ask."""

    exit_code = 64


class UnwritableError(DeployerError):
    """A file that was asked for can't be written: the disk is full or read-only, or a permission is missing."""


class TextError(DeployerError):
    """A message's text that can't be compiled, parsed or rendered; what it is about, `deployer validate` shows."""


class InnerError(Exception):
    """A way out of nested calls that a caller in this package always catches."""
