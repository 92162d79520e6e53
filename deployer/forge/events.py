"""The event of an edited issue, as GitHub hands it to a workflow: which boxes were ticked, and by whom."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from deployer.dataclass import dataclass
from deployer.forge.boxes import Scope, newly_ticked, scope_of
from deployer.forge.errors import ForgeError
from deployer.forge.github import ACTIONS

if TYPE_CHECKING:
    from pathlib import Path


_WHICH = "give the file that GITHUB_EVENT_PATH names"


@dataclass(frozen=True, slots=True)
class IssueEdit:
    """An edit of an environment's issue: the boxes that it ticked, by their tasks' tokens, whose edit it was, and when.

    ``at`` is GitHub's time, empty where the event has none.
    """

    scope: Scope
    issue: int
    tokens: tuple[str, ...]
    by: str
    at: str = ""


def read_event(path: Path) -> Mapping[str, Any]:
    """Read an event's file; raises ``ForgeError`` where there is none or it isn't JSON."""
    try:
        event = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ForgeError(f"{path} can't be read: {error.strerror}", _WHICH) from error
    except ValueError as error:
        place = f", line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        raise ForgeError(f"{path} isn't JSON{place}", _WHICH) from error
    if not isinstance(event, Mapping):
        raise ForgeError(f"{path} isn't an event: it holds no object", _WHICH)
    return event


def issue_edit(event: Mapping[str, Any], author: str = ACTIONS) -> IssueEdit:
    """Read the event of an edited issue.

    ``author`` is the account that opens the issues: anyone may open an issue that looks like ours, and its author may
    edit it; ours is edited only by who may write in the repository. Raises ``ForgeError`` for another event, an issue
    that isn't ours, and an edit by a program: who ticks is who confirms.
    """
    try:
        return _edit(event, author)
    except (KeyError, TypeError, AttributeError):
        raise ForgeError("the event isn't that of an issue", "run this on `issues: [edited]` only") from None


def _edit(event: Mapping[str, Any], author: str) -> IssueEdit:
    issue, sender = event["issue"], event["sender"]
    number, body, opened_by = int(issue["number"]), str(issue["body"] or ""), issue["user"]["login"]
    if event["action"] != "edited":
        raise ForgeError(f"issue {number} was {event['action']}, not edited", "run this on `issues: [edited]` only")
    scope = scope_of(body)
    if scope is None:
        hint = "its hidden mark is gone; `deployer issue sync` writes it again"
        raise ForgeError(f"issue {number} isn't one that `deployer issue sync` keeps", hint)
    if opened_by != author:
        hint = f"only ticks in an issue that {author} opened confirm; --issue-author names another account"
        raise ForgeError(f"issue {number} was opened by {opened_by}, not by {author}", hint)
    before = event.get("changes", {}).get("body", {}).get("from")
    tokens = newly_ticked(before, body) if before is not None else ()
    if tokens and sender.get("type") != "User":
        hint = "who ticks a box is who confirms, so only a person's tick counts"
        raise ForgeError(f"issue {number} was edited by {sender['login']}, which is no person's account", hint)
    return IssueEdit(scope, number, tokens, str(sender["login"]), str(issue.get("updated_at") or ""))
