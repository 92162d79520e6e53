"""GitHub and GitLab as local servers that keep what is written, check who asks, give pages, and fail on demand.

They answer as the documentation of both REST APIs says: paths, fields, states, limits of length, `Link` headers.
"""

from __future__ import annotations

import json
import re
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST_BODY = 65_536
LONGEST_DESCRIPTION = 140


@dataclass
class Account:
    """Who a token is: ``says`` whether the forge tells who it is, ``writes`` whether it may write."""

    login: str
    kind: str = "User"
    says: bool = True
    writes: bool = True


@dataclass
class Fault:
    """An answer instead of the real one, ``times`` times; ``after``: what was asked is done all the same."""

    method: str
    path: str
    status: int
    headers: dict[str, str] = field(default_factory=dict)
    times: int = 1
    after: bool = False
    data: Any = field(default_factory=lambda: {"message": "this fails on demand"})


class Refused(Exception):  # noqa: N818 - how a route answers with an error
    """An error's status and message."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class FakeForge:
    """What both servers share: a port, accounts, faults, pages, and a log of what was asked."""

    def __init__(self) -> None:
        self.accounts: dict[str, Account] = {}
        self.faults: list[Fault] = []
        self.asked: list[tuple[str, str, Any]] = []
        self.page = 3
        self.number = 0
        self.lock = threading.RLock()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_any(self) -> None:
                length = int(self.headers.get("content-length") or 0)
                body = json.loads(self.rfile.read(length)) if length else None
                status, headers, data = outer.answer(self.command, self.path, dict(self.headers.items()), body)
                payload = b"" if data is None else json.dumps(data).encode()
                self.send_response(status)
                for name, value in {**headers, "content-length": str(len(payload))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(payload)

            do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = do_any  # noqa: N815 - the names that http.server looks for

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}{self.prefix}"
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    prefix = ""

    def answer(self, method: str, target: str, headers: dict[str, str], body: Any) -> tuple[int, dict, Any]:
        """Answer a request: faults first, then the routes."""
        parts = urlsplit(target)
        path = unquote(parts.path).removeprefix(self.prefix)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        with self.lock:
            self.asked.append((method, path, body))
        with self.lock:
            fault = next((one for one in self.faults if one.method == method and one.path == path and one.times), None)
            if fault is not None:
                fault.times -= 1
                if fault.after:
                    self.routed(method, path, query, headers, body)
                return fault.status, fault.headers, fault.data
            try:
                moved = self.moved(method, target)
                return moved or self.routed(method, path, query, headers, body)
            except Refused as refused:
                return refused.status, {}, {"message": str(refused)}

    def moved(self, _method: str, _target: str) -> tuple[int, dict, Any] | None:
        """Where what was asked for is now, if it isn't here any longer."""
        return None

    def routed(self, method, path, query, headers, body) -> tuple[int, dict, Any]:
        """Find the route and call it."""
        lowered = {name.lower(): value for name, value in headers.items()}
        account = self.account(lowered)
        for verb, pattern, call in self.routes():
            found = re.fullmatch(pattern, path)
            if verb == method and found:
                if method != "GET" and not account.writes:
                    raise Refused(403, "Resource not accessible by integration")
                result = call(account, body if method != "GET" else query, *found.groups())
                if isinstance(result, list):
                    return 200, *self.paged(path, query, result)
                return (204 if result is None else 201 if method == "POST" else 200), {}, result
        raise Refused(404, "Not Found")

    def paged(self, path: str, query: dict[str, str], everything: list) -> tuple[dict[str, str], list]:
        """One page; the server gives fewer than asked for, as servers may."""
        size, number = min(int(query.get("per_page", 20)), self.page), int(query.get("page", 1))
        shown = everything[(number - 1) * size : number * size]
        if number * size >= len(everything):
            return {}, shown
        following = urlencode({**query, "page": number + 1})
        # Behind a proxy the server names itself otherwise: only the query counts.
        return {"link": f'<http://inside.example{path}?{following}>; rel="next", <http://x.example>; rel="last"'}, shown

    def next_number(self) -> int:
        """Ids grow."""
        self.number += 1
        return self.number

    def text(self, value: Any) -> str:
        """A body that can be stored."""
        if not isinstance(value, str) or not value:
            raise Refused(422, "body is missing")
        if len(value) > LONGEST_BODY:
            raise Refused(422, "body is too long (maximum is 65536 characters)")
        return value

    def said(self, method: str, path: str) -> list[Any]:
        """The bodies of the requests of one kind."""
        return [body for verb, where, body in self.asked if (verb, where) == (method, path)]


class FakeGitHub(FakeForge):
    """A repository `shop/texts` on GitHub."""

    def __init__(self) -> None:
        super().__init__()
        self.accounts = {
            "robot-token": Account("github-actions[bot]", "Bot", says=False),
            "fork-token": Account("github-actions[bot]", "Bot", says=False, writes=False),
            "ana-token": Account("ana"),
        }
        self.comments: dict[int, list[dict]] = {}
        self.issues: list[dict] = []
        self.statuses: list[tuple[str, dict]] = []
        self.events: dict[int, list[dict]] = {}
        self.former = ""
        """What the repository was called before: GitHub leads from there to the repository by its number."""
        self.elsewhere = ""
        """Another server that it leads to."""

    def account(self, headers: dict[str, str]) -> Account:
        """Who asks."""
        assert headers["accept"] == "application/vnd.github+json"
        scheme, _, token = headers.get("authorization", "").partition(" ")
        if scheme != "Bearer" or token not in self.accounts:
            raise Refused(401, "Bad credentials")
        return self.accounts[token]

    def moved(self, method: str, target: str) -> tuple[int, dict, Any] | None:
        """A permanent redirect of what is read, a temporary one of what is written, as GitHub documents both."""
        old = f"/repos/{self.former}/"
        if not self.former or not target.startswith(old):
            return None
        location = f"{self.elsewhere or self.url}/repositories/1/{target.removeprefix(old)}"
        return (301 if method == "GET" else 307), {"location": location}, {"message": "Moved Permanently"}

    def routes(self):
        """Every route that is used, as GitHub documents it."""
        at = "(?:/repos/shop/texts|/repositories/1)"
        return (
            ("GET", "/user", self.user),
            ("GET", rf"{at}/issues/(\d+)/comments", lambda _a, _q, n: list(self.comments.get(int(n), []))),
            ("POST", rf"{at}/issues/(\d+)/comments", self.add_comment),
            ("PATCH", rf"{at}/issues/comments/(\d+)", self.edit_comment),
            ("DELETE", rf"{at}/issues/comments/(\d+)", self.delete_comment),
            ("GET", rf"{at}/issues", self.list_issues),
            ("GET", rf"{at}/issues/(\d+)/events", lambda _a, _q, n: self.events.get(int(n), [])),
            ("POST", rf"{at}/issues", self.add_issue),
            ("PATCH", rf"{at}/issues/(\d+)", self.edit_issue),
            ("POST", rf"{at}/statuses/([0-9a-f]{{40}})", self.add_status),
        )

    def label(self, number: int, name: str, *, by: str | None, on: bool = True) -> None:
        """Let somebody put a label on a pull request, or take it off; ``None``: the account is gone since."""
        made = {"event": "labeled" if on else "unlabeled", "label": {"name": name}}
        made["actor"] = {"login": by} if by else None
        self.events.setdefault(number, [{"event": "assigned", "actor": {"login": "ana"}}]).append(made)

    def user(self, account, _query):
        if not account.says:
            raise Refused(403, "Resource not accessible by integration")
        return {"login": account.login, "type": account.kind}

    def add_comment(self, account, body, number):
        made = {"id": self.next_number(), "body": self.text(body["body"]), "user": person(account)}
        made["html_url"] = f"https://forge.example/shop/texts/pull/{number}#issuecomment-{made['id']}"
        self.comments.setdefault(int(number), []).append(made)
        return made

    def edit_comment(self, _account, body, number):
        one = self.comment(int(number))
        one["body"] = self.text(body["body"])
        return one

    def delete_comment(self, _account, _body, number):
        one = self.comment(int(number))
        for comments in self.comments.values():
            if one in comments:
                comments.remove(one)

    def comment(self, number: int) -> dict:
        found = [one for comments in self.comments.values() for one in comments if one["id"] == number]
        if not found:
            raise Refused(404, "Not Found")
        return found[0]

    def list_issues(self, _account, query):
        assert query["state"] == ("all" if "creator" in query else "open")
        mine = [
            one
            for one in self.issues
            if one["user"]["login"] == query.get("creator", one["user"]["login"])
            and (query["state"] == "all" or one["state"] == "open")
        ]
        return sorted(mine, key=lambda one: one["number"])

    def add_issue(self, account, body):
        number = self.next_number()
        made = {"number": number, "title": self.text(body["title"]), "body": self.text(body["body"]), "state": "open"}
        made |= {"user": person(account), "html_url": f"https://forge.example/issues/{number}"}
        self.issues.append(made)
        return made

    def edit_issue(self, _account, body, number):
        one = next(one for one in self.issues if one["number"] == int(number))
        if body.get("state", "open") not in {"open", "closed"}:
            raise Refused(422, "state isn't one")
        one |= {name: body[name] for name in ("title", "body", "state") if name in body}
        return one

    def add_status(self, _account, body, commit):
        if body["state"] not in {"error", "failure", "pending", "success"}:
            raise Refused(422, "state isn't one")
        if len(body["description"]) > LONGEST_DESCRIPTION:
            raise Refused(422, "description is too long (maximum is 140 characters)")
        self.statuses.append((commit, body))
        return body


class FakeGitLab(FakeForge):
    """A project 42 on GitLab."""

    prefix = "/api/v4"

    def __init__(self) -> None:
        super().__init__()
        self.accounts = {"bot-token": Account("project_42_bot"), "ana-token": Account("ana")}
        self.notes: dict[tuple[str, int], list[dict]] = {}
        self.issues: list[dict] = []
        self.statuses: dict[tuple[str, str], dict] = {}
        self.label_events: dict[int, list[dict]] = {}

    def account(self, headers: dict[str, str]) -> Account:
        """Who asks; a job's token opens hardly anything."""
        if headers.get("private-token") in self.accounts:
            return self.accounts[headers["private-token"]]
        raise Refused(401, "401 Unauthorized")

    def routes(self):
        """Every route that is used, as GitLab documents it."""
        at = "/projects/42"
        notes = rf"{at}/(merge_requests|issues)/(\d+)/notes"
        return (
            ("GET", "/user", lambda account, _query: {"username": account.login}),
            ("GET", notes, lambda _a, _q, kind, n: list(self.notes.get((kind, int(n)), []))),
            ("POST", notes, self.add_note),
            ("PUT", rf"{notes}/(\d+)", self.edit_note),
            ("DELETE", rf"{notes}/(\d+)", self.delete_note),
            ("GET", rf"{at}/issues", self.list_issues),
            ("POST", rf"{at}/issues", self.add_issue),
            ("PUT", rf"{at}/issues/(\d+)", self.edit_issue),
            ("POST", rf"{at}/statuses/([0-9a-f]{{40}})", self.add_status),
            (
                "GET",
                rf"{at}/merge_requests/(\d+)/resource_label_events",
                lambda _a, _q, n: self.label_events.get(int(n), []),
            ),
            ("GET", rf"{at}/repository/commits/([0-9a-f]{{40}})/statuses", self.list_statuses),
        )

    def label(self, number: int, name: str, *, by: str | None, on: bool = True) -> None:
        """Let somebody put a label on a merge request, or take it off; ``None``: the account is gone since."""
        made = {"action": "add" if on else "remove", "label": {"name": name}}
        made["user"] = {"username": by} if by else None
        self.label_events.setdefault(number, []).append(made)

    def list_statuses(self, _account, query, commit):
        found = [one for (of, name), one in self.statuses.items() if (of, name) == (commit, query["name"])]
        return [{**one, "status": one["state"]} for one in found]

    def add_note(self, account, body, kind, number, *, system=False):
        made = {"id": self.next_number(), "body": self.text(body["body"]), "system": system}
        made["author"] = {"username": account.login}
        self.notes.setdefault((kind, int(number)), []).append(made)
        return made

    def edit_note(self, _account, body, kind, number, note):
        one = self.note(kind, number, note)
        one["body"] = self.text(body["body"])
        return one

    def delete_note(self, _account, _body, kind, number, note):
        self.notes[kind, int(number)].remove(self.note(kind, number, note))

    def note(self, kind, number, note) -> dict:
        found = [one for one in self.notes.get((kind, int(number)), []) if one["id"] == int(note)]
        if not found:
            raise Refused(404, "404 Note Not Found")
        return found[0]

    def list_issues(self, _account, query):
        assert query["scope"] == "all"
        if "author_username" not in query:
            return [one for one in self.issues if one["state"] == query["state"]]
        return [one for one in self.issues if one["author"]["username"] == query["author_username"]]

    def add_issue(self, account, body):
        number = self.next_number()
        made = {"iid": number, "id": 9000 + number, "title": self.text(body["title"]), "state": "opened"}
        made |= {"description": self.text(body["description"]), "author": {"username": account.login}}
        made["web_url"] = f"https://forge.example/issues/{number}"
        self.issues.append(made)
        return made

    def edit_issue(self, _account, body, number):
        one = next(one for one in self.issues if one["iid"] == int(number))
        event = body.pop("state_event", None)
        if event not in {None, "close", "reopen"}:
            raise Refused(400, "state_event does not have a valid value")
        one |= {name: body[name] for name in ("title", "description") if name in body}
        if event:
            one["state"] = "closed" if event == "close" else "opened"
        return one

    def add_status(self, _account, body, commit):
        if body["state"] not in {"pending", "running", "success", "failed", "canceled"}:
            raise Refused(400, "state does not have a valid value")
        before = self.statuses.get((commit, body["name"]), {"state": ""})["state"]
        if body["state"] == "pending" and before in {"pending", "running"}:
            raise Refused(400, f"Cannot transition status via :enqueue from :{before} (Reason(s): ...)")
        self.statuses[commit, body["name"]] = body
        return body

    def tick(self, number: int, text: str, *, by: str, done: bool = True) -> None:
        """Let somebody tick the box of the line that holds a text, and write the note that GitLab writes."""
        one = next(one for one in self.issues if one["iid"] == number)
        old, new = ("[ ]", "[x]") if done else ("[x]", "[ ]")
        line = next(line for line in one["description"].split("\n") if text in line and old in line)
        one["description"] = one["description"].replace(line, line.replace(old, new, 1))
        item = line.partition("] ")[2].replace("<!-- ", "").replace(" -->", "")
        escaped = re.sub(r"([`*_\-\[\]#.])", r"\\\1", item)
        said = f"marked the checklist item **{escaped}** as {'completed' if done else 'incomplete'}"
        self.add_note(Account(by), {"body": said}, "issues", number, system=True)


def person(account: Account) -> dict[str, str]:
    """An account as GitHub shows it."""
    return {"login": account.login, "type": account.kind}


def _served(forge: FakeForge) -> Iterator[FakeForge]:
    yield forge
    forge.server.shutdown()
    forge.server.server_close()


@pytest.fixture
def github() -> Iterator[FakeGitHub]:
    """GitHub on a free port."""
    yield from _served(FakeGitHub())


@pytest.fixture
def gitlab() -> Iterator[FakeGitLab]:
    """GitLab on a free port."""
    yield from _served(FakeGitLab())


@pytest.fixture
def fault() -> type[Fault]:
    """Make an answer that fails."""
    return Fault
