"""What git says when it refuses, in words that tell what to do."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from deployer.state.errors import StateError, UnreadableError

if TYPE_CHECKING:
    from deployer.state.git.place import GitPlace
    from deployer.state.git.plumbing import GitError

_LOGIN = "check that this machine may read the repository: `git ls-remote` with the same remote must work unasked"
_READING = (
    ("not a git repository", "run it in the project's checkout, make the project a repository, or name one: `git+URL`"),
    ("dubious ownership", "the checkout belongs to another user; git's message below shows how to trust it"),
    ("could not read Username|Authentication failed|Permission denied|terminal prompts disabled", _LOGIN),
    ("Host key verification failed", "connect to the host once by hand, so that its key is known"),
    ("Repository not found|does not appear to be a git repository|does not exist", "check the remote's URL"),
    ("Could not resolve|Connection|timed out|no answer|unable to access", "check the network, then run it again"),
    (
        "unable to create|insufficient permission|Read-only|No space",
        "git must be able to add objects to the repository",
    ),
)
_WRITING = (
    ("adding an object|Unable to add", "give the user who runs this write access to the checkout's repository"),
    (
        "hook declined|protected branch|GH006|GH013|not allowed to push|prohibited",
        "allow the user who runs this to create and push the branch `{branch}` (its rules, or a hook there, forbid it)",
    ),
    (
        r"denied|Permission|not granted|\b403\b|read.only|insufficient permission|unable to create|unpack failed",
        "give the user who runs this write access to the repository's contents (in CI: to the job's token)",
    ),
)
_SUMMARY = re.compile(r"^(?:fatal|error|remote): +(?:error: |fatal: )?(.+)$", re.MULTILINE)
_REJECTED = re.compile(r"\[(?:remote )?rejected\]\s.*\((.+)\)")


def unreadable(error: GitError, location: str) -> UnreadableError:
    """Say why the state couldn't be read from git. Nothing was changed."""
    hint = _hint(error.output, _READING) or "fix what git reports, then run it again"
    return UnreadableError(f"state `{location}` can't be read: {_summary(error)}", hint)


def unwritable(error: GitError, location: str, place: GitPlace) -> StateError:
    """Say why the state couldn't be pushed. Nothing was changed."""
    hint = _hint(error.output, (*_WRITING, *_READING)) or "fix what git reports, then run it again"
    return StateError(f"state `{location}` can't be written: {_summary(error)}", hint.replace("{branch}", place.branch))


def _hint(output: str, hints: tuple[tuple[str, str], ...]) -> str:
    return next((hint for pattern, hint in hints if re.search(pattern, output, re.IGNORECASE)), "")


def _summary(error: GitError) -> str:
    """What git said, on one line: what the other side said first, then the reason in brackets."""
    rejected = _REJECTED.search(error.output)
    reasons = [
        line.strip() for line in _SUMMARY.findall(error.output) if not line.startswith("failed to push some refs")
    ]
    reasons += [rejected[1].strip()] if rejected else []
    text = "; ".join(dict.fromkeys(line for line in reasons if line)) or " ".join(error.output.split())
    return f"git {error.command}: {text}"
