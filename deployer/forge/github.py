"""GitHub's REST API (version 2022-11-28): issue comments, issues, commit statuses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from deployer.forge.errors import ForgeError
from deployer.forge.values import Comment, Issue, Status, Thread, Tick

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from deployer.forge.web import Web

ACTIONS = "github-actions[bot]"
"""The account that a workflow's own GITHUB_TOKEN writes as."""
_LONGEST_DESCRIPTION = 140


class GitHub:
    """A repository on GitHub, ``OWNER/NAME``; pull requests take comments as issues do."""

    name = "GitHub"
    keeps_ticks = False

    def __init__(self, web: Web, repository: str) -> None:
        """Work on a repository through a web that has the token."""
        self._web = web
        self._at = f"/repos/{repository}"

    def close(self) -> None:
        """Close the connections."""
        self._web.close()

    def me(self) -> str | None:
        """Whose token it is: GitHub names a person; of a workflow's or an app's it says 403, and that is ``None``."""
        try:
            return str(self._web.get("/user").data["login"])
        except ForgeError as error:
            if error.forbidden:
                return None
            raise

    def comments(self, thread: Thread) -> Iterator[Comment]:
        """Every comment of an issue or a pull request, oldest first."""
        return (_comment(entry) for entry in self._web.pages(f"{self._at}/issues/{thread.number}/comments"))

    def add_comment(self, thread: Thread, body: str) -> Comment:
        """Write a comment."""
        return _comment(self._web.post(f"{self._at}/issues/{thread.number}/comments", {"body": body}).data)

    def edit_comment(self, thread: Thread, comment: int, body: str) -> None:
        """Rewrite a comment; its id is enough for GitHub."""
        del thread
        self._web.put("PATCH", f"{self._at}/issues/comments/{comment}", {"body": body})

    def delete_comment(self, thread: Thread, comment: int) -> None:
        """Delete a comment, if it is still there."""
        del thread
        self._web.delete(f"{self._at}/issues/comments/{comment}")

    def issues(self, author: str = "") -> Iterator[Issue]:
        """The issues of an account, or all open ones; GitHub lists pull requests among them, which are left out."""
        which = {"state": "all", "creator": author} if author else {"state": "open"}
        query = {**which, "sort": "created", "direction": "asc"}
        return (_issue(entry) for entry in self._web.pages(f"{self._at}/issues", query) if "pull_request" not in entry)

    def add_issue(self, title: str, body: str) -> Issue:
        """Open an issue."""
        return _issue(self._web.post(f"{self._at}/issues", {"title": title, "body": body}).data)

    def edit_issue(self, issue: Issue, *, title: str, body: str, is_open: bool) -> Issue:
        """Rewrite an issue, and open or close it."""
        state: dict[str, str] = {"state": "open"} if is_open else {"state": "closed", "state_reason": "completed"}
        fields = {"title": title, "body": body, **(state if is_open != issue.open else {})}
        answer = self._web.put("PATCH", f"{self._at}/issues/{issue.number}", fields)
        return _issue(answer.data)

    def set_status(self, commit: str, status: Status) -> None:
        """Set a status of a commit; GitHub takes 140 characters of description."""
        fields = {"state": status.state, "context": status.context, "description": status.description}
        fields["description"] = fields["description"][:_LONGEST_DESCRIPTION]
        where = {"target_url": status.url} if status.url else {}
        self._web.put("POST", f"{self._at}/statuses/{commit}", {**fields, **where})

    def label_by(self, pull: int, label: str) -> str | None:
        """Who put a label on a pull request last, from the events that GitHub keeps of it; labels have no case."""
        actor: str | None = None
        for entry in self._web.pages(f"{self._at}/issues/{pull}/events"):
            if ((entry.get("label") or {}).get("name") or "").casefold() != label.casefold():
                continue
            if entry.get("event") in {"labeled", "unlabeled"}:
                actor = (entry.get("actor") or {}).get("login", "") if entry["event"] == "labeled" else None
        return actor

    def ticks(self, issue: int) -> Iterator[Tick]:
        """Refuse: GitHub tells who ticked a box only in the event of the edit."""
        del issue
        raise ForgeError(
            "GitHub keeps no list of ticks", "run `deployer confirm --from-issue EVENT_FILE` on `issues: edited`"
        )


def _comment(data: Mapping[str, Any]) -> Comment:
    user = data.get("user") or {}  # an account that was deleted
    url = data.get("html_url") or ""
    return Comment(int(data["id"]), data.get("body") or "", user.get("login", ""), user.get("type") == "Bot", url)


def _issue(data: Mapping[str, Any]) -> Issue:
    user = data.get("user") or {}
    return Issue(
        number=int(data["number"]),
        title=data.get("title") or "",
        body=(data.get("body") or "").replace("\r\n", "\n"),
        open=data["state"] == "open",
        author=user.get("login", ""),
        url=data.get("html_url", ""),
        bot=user.get("type") == "Bot",
    )
