"""GitLab's REST API (version 4): notes of merge requests and issues, issues, commit statuses."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from deployer.forge.boxes import refused_in, task_of
from deployer.forge.errors import ForgeError
from deployer.forge.values import Comment, Issue, Status, Thread, Tick

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from deployer.forge.web import Web

_STATES = {"pending": "pending", "success": "success", "failure": "failed"}
_TICKED = re.compile(r"marked the (?:checklist item|task) \*\*(.*)\*\* as (completed|incomplete)", re.DOTALL)
"""The system note that GitLab writes, in its user's name, for each box that is ticked or unticked."""
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_REFUSED = 400
_LONGEST_DESCRIPTION = 255


class GitLab:
    """A project on GitLab, by its number or its path; a merge request is called a pull request elsewhere here."""

    name = "GitLab"
    keeps_ticks = True

    def __init__(self, web: Web, project: str) -> None:
        """Work on a project through a web that has the token."""
        self._web = web
        self._at = f"/projects/{quote(project, safe='')}"

    def close(self) -> None:
        """Close the connections."""
        self._web.close()

    def me(self) -> str | None:
        """Who the token is; a job's token is asked for its job's user."""
        for path in ("/user", "/job"):
            try:
                data = self._web.get(path).data
            except ForgeError as error:
                if not error.forbidden:
                    raise
            else:
                return str((data.get("user") or data)["username"])
        return None

    def comments(self, thread: Thread) -> Iterator[Comment]:
        """Every note that someone wrote, oldest first; GitLab's own notes are left out."""
        return (_comment(item) for item in self._listed(thread) if not item.get("system"))

    def _listed(self, thread: Thread) -> Iterator[Any]:
        return self._web.pages(f"{self._notes(thread)}", {"sort": "asc", "order_by": "created_at"})

    def _notes(self, thread: Thread) -> str:
        kind = "merge_requests" if thread.kind == "pull" else "issues"
        return f"{self._at}/{kind}/{thread.number}/notes"

    def add_comment(self, thread: Thread, body: str) -> Comment:
        """Write a note."""
        return _comment(self._web.post(self._notes(thread), {"body": body}).data)

    def edit_comment(self, thread: Thread, comment: int, body: str) -> None:
        """Rewrite a note."""
        self._web.put("PUT", f"{self._notes(thread)}/{comment}", {"body": body})

    def delete_comment(self, thread: Thread, comment: int) -> None:
        """Delete a note, if it is still there."""
        self._web.delete(f"{self._notes(thread)}/{comment}")

    def issues(self, author: str = "") -> Iterator[Issue]:
        """The issues of an account, or all open ones, oldest first."""
        which = {"author_username": author} if author else {"state": "opened"}
        query = {**which, "scope": "all", "order_by": "created_at", "sort": "asc"}
        return (_issue(entry) for entry in self._web.pages(f"{self._at}/issues", query))

    def add_issue(self, title: str, body: str) -> Issue:
        """Open an issue."""
        return _issue(self._web.post(f"{self._at}/issues", {"title": title, "description": body}).data)

    def edit_issue(self, issue: Issue, *, title: str, body: str, is_open: bool) -> Issue:
        """Rewrite an issue, and open or close it."""
        event = {"state_event": "reopen" if is_open else "close"} if is_open != issue.open else {}
        fields = {"title": title, "description": body, **event}
        answer = self._web.put("PUT", f"{self._at}/issues/{issue.number}", fields)
        return _issue(answer.data)

    def set_status(self, commit: str, status: Status) -> None:
        """Set a status of a commit.

        GitLab refuses to go from pending to pending, and keeps the old words then: a status that reads differently now
        is canceled first, after which another one may be pending.
        """
        fields = {"name": status.context, "description": status.description[:_LONGEST_DESCRIPTION]}
        fields |= {"target_url": status.url} if status.url else {}
        if self._add_status(commit, {"state": _STATES[status.state], **fields}) or self._reads(commit, fields):
            return
        self._add_status(commit, {"state": "canceled", **fields})
        self._add_status(commit, {"state": _STATES[status.state], **fields})

    def _add_status(self, commit: str, body: Mapping[str, str]) -> bool:
        """Whether GitLab took a status; where another run was faster, what it wrote stays."""
        try:
            self._web.put("POST", f"{self._at}/statuses/{quote(commit, safe='')}", body)
        except ForgeError as error:
            if error.status != _REFUSED or "annot transition status" not in error.message:
                raise
            return False
        return True

    def _reads(self, commit: str, fields: Mapping[str, str]) -> bool:
        """Whether the newest status of a name has these words already."""
        path = f"{self._at}/repository/commits/{quote(commit, safe='')}/statuses"
        statuses = [
            entry for entry in self._web.pages(path, {"name": fields["name"]}) if entry.get("name") == fields["name"]
        ]
        return any(all((item.get(key) or "") == text for key, text in fields.items()) for item in statuses)

    def label_by(self, pull: int, label: str) -> str | None:
        """Who put a label on a merge request last, from the events that GitLab keeps of it."""
        actor: str | None = None
        for entry in self._web.pages(f"{self._at}/merge_requests/{pull}/resource_label_events"):
            if (entry.get("label") or {}).get("name") == label:
                actor = (entry.get("user") or {}).get("username", "") if entry.get("action") == "add" else None
        return actor

    def ticks(self, issue: int) -> Iterator[Tick]:
        """Who ticked or unticked which box, from the notes that GitLab writes about it, and our answers to them."""
        for note in self._listed(Thread("issue", issue)):
            body, by = note.get("body") or "", (note.get("author") or {}).get("username", "")
            at = note.get("created_at") or ""
            if not note.get("system"):
                yield from (Tick(token, False, by, at, refused=True) for token in refused_in(body))
                continue
            match = _TICKED.fullmatch(body)
            token = task_of(_ESCAPED.sub(r"\1", match[1])) if match else ""
            if match and token:
                yield Tick(token, match[2] == "completed", by, at)


def _comment(data: Mapping[str, Any]) -> Comment:
    author = data.get("author") or {}
    return Comment(int(data["id"]), data.get("body") or "", author.get("username", ""))


def _issue(data: Mapping[str, Any]) -> Issue:
    author = data.get("author") or {}
    return Issue(
        number=int(data["iid"]),
        title=data.get("title") or "",
        body=(data.get("description") or "").replace("\r\n", "\n"),
        open=data["state"] == "opened",
        author=author.get("username", ""),
        url=data.get("web_url", ""),
    )
