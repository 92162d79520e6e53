"""One comment an environment on a pull request, and one issue, on servers that speak both APIs."""

from __future__ import annotations

import threading
import time

import pytest

from deployer.forge.errors import ForgeError
from deployer.forge.github import GitHub
from deployer.forge.gitlab import GitLab
from deployer.forge.sticky import keep_comment, keep_issue
from deployer.forge.values import Status, Thread
from deployer.forge.web import Web
from tests.patience import PATIENCE

MARK = "<!-- deployer:production -->"
PULL = Thread("pull", 7)
COMMENTS = "/repos/shop/texts/issues/7/comments"
SHA = "a" * 40


class Hub:
    """Either forge, seen from the test's side."""

    def __init__(self, server, make):
        self.server = server
        self.make = make
        self.slept: list[float] = []

    def forge(self, token):
        """The forge as an account sees it."""
        return self.make(self.server, token, self.slept.append)

    def bodies(self):
        """The texts of the pull request's comments."""
        if hasattr(self.server, "comments"):
            return [one["body"] for one in self.server.comments.get(7, [])]
        return [one["body"] for one in self.server.notes.get(("merge_requests", 7), [])]

    @property
    def issues(self):
        """Each issue's number, text and whether it is open."""
        return [
            (
                one.get("iid", one.get("number", 0)),
                one.get("body", one.get("description")),
                one["state"],
            )
            for one in self.server.issues
        ]


def on_github(server, token, sleep=time.sleep):
    """GitHub through its own client."""
    headers = {"accept": "application/vnd.github+json", "authorization": f"Bearer {token}"}
    return GitHub(Web("GitHub", server.url, headers, sleep), "shop/texts")


def on_gitlab(server, token, sleep=time.sleep):
    """GitLab through its own client."""
    return GitLab(Web("GitLab", server.url, {"private-token": token}, sleep), "42")


@pytest.fixture(params=["github", "gitlab"])
def hub(request):
    """Both forges, one after the other."""
    make = {"github": on_github, "gitlab": on_gitlab}[request.param]
    return Hub(request.getfixturevalue(request.param), make)


@pytest.fixture
def ours(hub):
    """The forge as the workflow's account sees it."""
    forge = hub.forge("robot-token" if hub.make is on_github else "bot-token")
    yield forge
    forge.close()


@pytest.fixture
def ana(hub):
    """The forge as a person sees it."""
    forge = hub.forge("ana-token")
    yield forge
    forge.close()


def test_a_comment_is_made_once_and_written_anew(hub, ours):
    """Each run writes the one comment anew, also when it has nothing to say any more."""
    assert keep_comment(ours, PULL, MARK, f"{MARK}\none").outcome == "created"
    assert keep_comment(ours, PULL, MARK, f"{MARK}\ntwo").outcome == "updated"
    assert keep_comment(ours, PULL, MARK, f"{MARK}\ntwo").outcome == "same"
    assert hub.bodies() == [f"{MARK}\ntwo"]


def test_each_environment_has_its_comment(hub, ours):
    """The mark names the environment: the comment of one is left alone by the other."""
    other = "<!-- deployer:production_us -->"
    keep_comment(ours, PULL, MARK, f"{MARK}\none")
    keep_comment(ours, PULL, other, f"{other}\nanother")
    keep_comment(ours, PULL, MARK, f"{MARK}\ntwo")
    assert hub.bodies() == [f"{MARK}\ntwo", f"{other}\nanother"]


def test_the_comment_is_found_on_a_later_page(hub, ours, ana):
    """However many comments people write, ours is found and not made again."""
    for number in range(5):
        ana.add_comment(PULL, f"remark {number}")
    keep_comment(ours, PULL, MARK, f"{MARK}\none")
    for number in range(5):
        ana.add_comment(PULL, f"more {number}")
    assert keep_comment(ours, PULL, MARK, f"{MARK}\ntwo").outcome == "updated"
    assert sum(body.startswith(MARK) for body in hub.bodies()) == 1


def test_a_comment_of_somebody_else_is_never_touched(hub, ours, ana):
    """A comment that somebody wrote with our mark, or that quotes it, is not ours."""
    ana.add_comment(PULL, f"{MARK}\nall is well")
    keep_comment(ours, PULL, MARK, f"{MARK}\nreal")
    keep_comment(ours, PULL, MARK, f"{MARK}\nreal again")
    assert hub.bodies() == [f"{MARK}\nall is well", f"{MARK}\nreal again"]


def test_two_runs_at_once_leave_one_comment(hub, ours):
    """Two runs that both find no comment both write one; afterwards one is left, the older."""
    second = hub.forge("robot-token" if hub.make is on_github else "bot-token")
    ready = threading.Barrier(2)
    listing = second.comments

    def together(thread):
        found = list(listing(thread))
        if not any(one.body.startswith(MARK) for one in found):
            ready.wait(PATIENCE)
        return iter(found)

    own = ours.comments

    def own_together(thread):
        found = list(own(thread))
        if not any(one.body.startswith(MARK) for one in found):
            ready.wait(PATIENCE)
        return iter(found)

    second.comments, ours.comments = together, own_together
    runs = [
        threading.Thread(target=keep_comment, args=(forge, PULL, MARK, f"{MARK}\n{word}"))
        for forge, word in ((ours, "one"), (second, "two"))
    ]
    for run in runs:
        run.start()
    for run in runs:
        run.join(20)
    second.close()
    assert len(hub.bodies()) == 1


def test_a_create_whose_answer_is_lost_is_not_repeated(hub, ours, fault):
    """Where the comment was written but the answer was an error, it is found and not written again."""
    path = COMMENTS if hub.make is on_github else "/projects/42/merge_requests/7/notes"
    hub.server.faults.append(fault("POST", path, 502, after=True))
    keep_comment(ours, PULL, MARK, f"{MARK}\none")
    assert hub.bodies() == [f"{MARK}\none"]


def test_a_create_that_never_arrived_is_tried_again(hub, ours, fault):
    """Where the forge failed before anything was written, the comment is written by the next try."""
    path = COMMENTS if hub.make is on_github else "/projects/42/merge_requests/7/notes"
    hub.server.faults.append(fault("POST", path, 503))
    keep_comment(ours, PULL, MARK, f"{MARK}\none")
    assert hub.bodies() == [f"{MARK}\none"]


@pytest.mark.parametrize(
    ("status", "headers", "waits"),
    [
        (500, {}, [1.0, 2.0]),
        (429, {"retry-after": "7"}, [7.0, 7.0]),
        (403, {"retry-after": "5"}, [5.0, 5.0]),
        (403, {"x-ratelimit-remaining": "0"}, [60.0, 120.0]),
        (429, {"x-ratelimit-remaining": "4999", "x-ratelimit-reset": "9999999999"}, [60.0, 120.0]),
    ],
)
def test_a_forge_that_is_busy_is_asked_again(hub, ours, fault, status, headers, waits):
    """A failure or a limit, GitHub's secondary one too, is waited out as long as the forge asks."""
    path = COMMENTS if hub.make is on_github else "/projects/42/merge_requests/7/notes"
    hub.server.faults.append(fault("GET", path, status, headers, times=2))
    assert keep_comment(ours, PULL, MARK, f"{MARK}\none").outcome == "created"
    assert hub.slept == waits


def test_a_secondary_limit_without_a_time_is_waited_out_and_announced(hub, ours, fault, caplog):
    """GitHub may say a secondary limit in its message only: a minute that doubles, and each wait is announced."""
    path = COMMENTS if hub.make is on_github else "/projects/42/merge_requests/7/notes"
    limit = {"message": "You have exceeded a secondary rate limit. Please wait a few minutes."}
    hub.server.faults.append(fault("POST", path, 403, {"x-ratelimit-remaining": "4900"}, times=2, data=limit))
    assert keep_comment(ours, PULL, MARK, f"{MARK}\none").outcome == "created"
    assert hub.slept == [60.0, 120.0]
    assert f"{ours.name} limits how often it is called; trying again in 120 seconds" in caplog.text


def test_a_limit_that_stays_is_given_up_and_named(hub, ours, fault):
    """A limit that doesn't end is waited for some minutes, not for ever; the error says that it was a limit."""
    path = COMMENTS if hub.make is on_github else "/projects/42/merge_requests/7/notes"
    limit = {"message": "You have exceeded a secondary rate limit."}
    hub.server.faults.append(fault("GET", path, 403, times=9, data=limit))
    with pytest.raises(ForgeError, match="secondary rate limit") as refused:
        keep_comment(ours, PULL, MARK, f"{MARK}\none")
    assert hub.slept == [60.0, 120.0]
    assert "limits how often it is called" in refused.value.hint


def test_the_time_of_a_reset_is_waited_for(hub, ours, fault):
    """With no call left, the forge says when there are calls again."""
    path = COMMENTS if hub.make is on_github else "/projects/42/merge_requests/7/notes"
    prefix = "x-ratelimit" if hub.make is on_github else "ratelimit"
    soon = {f"{prefix}-remaining": "0", f"{prefix}-reset": str(int(time.time()) + 30)}
    hub.server.faults.append(fault("GET", path, 429, soon))
    keep_comment(ours, PULL, MARK, f"{MARK}\none")
    (slept,) = hub.slept
    assert 0 < slept <= 30


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (
            {"message": "Validation Failed", "errors": [{"resource": "Issue", "field": "title", "code": "missing"}]},
            "Validation Failed; title: missing",
        ),
        ({"message": "Validation Failed", "errors": ["body is too long"]}, "Validation Failed; body is too long"),
        ({"message": {"title": ["can't be blank", "is too short"]}}, "title can't be blank, is too short"),
        ({"error": "scope is invalid"}, "scope is invalid"),
        ([1], ""),
    ],
)
def test_what_a_forge_refuses_is_shown_with_its_details(hub, ours, fault, data, said):
    """A 422 names the field and what is wrong with it, in the shapes that both forges have."""
    path = COMMENTS if hub.make is on_github else "/projects/42/merge_requests/7/notes"
    hub.server.faults.append(fault("POST", path, 422, data=data))
    with pytest.raises(ForgeError) as refused:
        keep_comment(ours, PULL, MARK, f"{MARK}\none")
    assert str(refused.value).endswith(f"answered 422 to POST {path}" + (f": {said}" if said else ""))


def test_a_renamed_repository_is_followed(github):
    """After a rename what is written arrives, every page is read, and nothing is written twice."""
    github.former = "shop/old-texts"
    headers = {"accept": "application/vnd.github+json", "authorization": "Bearer robot-token"}
    forge = GitHub(Web("GitHub", github.url, headers), "shop/old-texts")
    for number in range(5):
        forge.add_comment(PULL, f"remark {number}")
    assert keep_comment(forge, PULL, MARK, f"{MARK}\none").outcome == "created"
    assert keep_comment(forge, PULL, MARK, f"{MARK}\ntwo").outcome == "updated"
    forge.set_status(SHA, Status("deployer/production", "success", "done"))
    forge.close()
    assert [one["body"] for one in github.comments[7]][5:] == [f"{MARK}\ntwo"]
    assert len(github.statuses) == 1


def test_the_token_follows_to_no_other_server(github, gitlab):
    """An answer that leads to another server is an error, and the other server is never called."""
    github.former, github.elsewhere = "shop/old-texts", gitlab.url
    headers = {"accept": "application/vnd.github+json", "authorization": "Bearer robot-token"}
    forge = GitHub(Web("GitHub", github.url, headers), "shop/old-texts")
    with pytest.raises(ForgeError, match="307") as refused:
        forge.add_comment(PULL, "x")
    forge.close()
    assert "the token isn't sent to another address" in refused.value.hint
    assert not gitlab.asked


def test_a_limit_of_an_hour_is_not_waited_for(hub, ours, fault):
    """A job doesn't sleep for an hour: the run ends and says why."""
    path = COMMENTS if hub.make is on_github else "/projects/42/merge_requests/7/notes"
    hub.server.faults.append(fault("GET", path, 429, {"retry-after": "3600"}, times=9))
    with pytest.raises(ForgeError, match="429"):
        keep_comment(ours, PULL, MARK, f"{MARK}\none")
    assert not hub.slept


def test_a_refusal_says_why_and_never_the_token(hub):
    """A token that isn't accepted is told so, and stands neither in the message nor in a repr."""
    forge = hub.forge("wrong-secret")
    with pytest.raises(ForgeError) as told:
        keep_comment(forge, PULL, MARK, f"{MARK}\none")
    assert told.value.status == 401
    assert "permissions" in told.value.hint
    assert "wrong-secret" not in f"{told.value}{told.value.hint}{forge._web!r}"
    forge.close()


def test_a_forge_that_is_not_there_is_told(hub):
    """Where nobody listens, the error says that the forge can't be reached."""
    base = "http://127.0.0.1:9"
    forge = GitHub(Web("GitHub", base, {}, hub.slept.append), "shop/texts")
    with pytest.raises(ForgeError, match="can't be reached"):
        keep_comment(forge, PULL, MARK, MARK)


@pytest.mark.parametrize("base", ["http://forge.example/api", "https://ana:secret@forge.example", "ftp://x", "forge"])
def test_the_token_travels_over_https_only(base):
    """An API's address that isn't https, or that holds a password, is refused before anything is sent."""
    with pytest.raises(ForgeError) as told:
        Web("GitHub", base, {"authorization": "Bearer secret"})
    assert "secret" not in str(told.value)


def test_an_issue_opens_changes_closes_and_opens_again(hub, ours):
    """There is one issue an environment: it is opened when tasks wait, closed when none does, and opened again."""
    mark = "<!-- deployer-tasks:production -->"
    assert keep_issue(ours, mark, "Tasks", f"{mark}\nnone", wanted=False) == ("none", None)
    kept, issue = keep_issue(ours, mark, "Tasks", f"{mark}\none", wanted=True)
    assert kept == "created"
    assert issue.open
    assert keep_issue(ours, mark, "Tasks", f"{mark}\none", wanted=True)[0] == "same"
    assert not keep_issue(ours, mark, "Tasks", f"{mark}\nnone", wanted=False)[1].open
    assert keep_issue(ours, mark, "Tasks", f"{mark}\ntwo", wanted=True)[1].open
    assert [body for _, body, _ in hub.issues] == [f"{mark}\ntwo"]


def test_the_issue_of_somebody_else_is_never_touched(hub, ours, ana):
    """Anybody may open an issue with our mark; it isn't ours."""
    mark = "<!-- deployer-tasks:production -->"
    ana.add_issue("Tasks", f"{mark}\nhers")
    keep_issue(ours, mark, "Tasks", f"{mark}\nours", wanted=True)
    assert [body for _, body, _ in hub.issues] == [f"{mark}\nhers", f"{mark}\nours"]


def test_a_second_issue_is_closed_and_loses_its_mark(hub, ours):
    """Two runs that opened one each end with one that is open."""
    mark = "<!-- deployer-tasks:production -->"
    ours.add_issue("Tasks", f"{mark}\none")
    ours.add_issue("Tasks", f"{mark}\ntwo")
    keep_issue(ours, mark, "Tasks", f"{mark}\nthree", wanted=True)
    (_, first, state), (_, second, other) = hub.issues
    assert (first, state in {"open", "opened"}) == (f"{mark}\nthree", True)
    assert (second.startswith(mark), other) == (False, "closed")


def test_a_status_is_set_and_set_again(hub, ours):
    """A commit's status goes from pending to success; the same one twice is no error, whatever GitLab thinks of it."""
    for state in ("pending", "pending", "success"):
        ours.set_status(SHA, Status("deployer/production", state, "x" * 300))
    if hub.make is on_github:
        assert [body["state"] for _, body in hub.server.statuses] == ["pending", "pending", "success"]
    else:
        assert hub.server.statuses[SHA, "deployer/production"]["state"] == "success"


def test_a_pending_status_says_the_newest(hub, ours):
    """What a pending status reads is replaced, though GitLab doesn't go from pending to pending."""
    for text in ("not applied yet", "applied; 3 tasks", "applied; 3 tasks"):
        ours.set_status(SHA, Status("deployer/production", "pending", text))
    if hub.make is on_github:
        assert hub.server.statuses[-1][1]["description"] == "applied; 3 tasks"
    else:
        found = hub.server.statuses[SHA, "deployer/production"]
        assert (found["state"], found["description"]) == ("pending", "applied; 3 tasks")
        assert len([one for one in hub.server.asked if one[0] == "POST"]) == 5


def test_what_is_gone_already_can_be_deleted(hub, ours):
    """Deleting a comment that another run deleted is no error."""
    comment = ours.add_comment(PULL, "x")
    ours.delete_comment(PULL, comment.id)
    ours.delete_comment(PULL, comment.id)
    assert hub.bodies() == []
