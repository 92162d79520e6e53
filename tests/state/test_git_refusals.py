"""Where git can't keep state: each refusal says what happened, where, and what to do, and changes nothing."""

import os
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from deployer.state import State, StateError, UnreadableError, UnsupportedBackendError, open_backend


def opened(root, url="git", environment="staging"):
    """Open the state of an environment from a project's folder."""
    return open_backend(url, root=root, environment=environment)


def hook(repositories, name, script):
    """Give the shared repository a hook."""
    path = repositories.remote / "hooks" / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def refused(repositories, *, wrote=0):
    """Try to write and to lock; the error of both."""
    backend = opened(repositories.folder / "first")
    with pytest.raises(StateError) as written:
        backend.write(State("staging", lineage="l"), expected_serial=wrote)
    with pytest.raises(StateError) as locked, backend.lock("apply"):
        pass
    assert locked.value.message == written.value.message
    assert "git#deployer-state:staging.json" in written.value.message
    return written.value


@pytest.mark.parametrize("begun", [False, True])
def test_no_permission_to_push(repositories, begun):
    """If a hook of the remote refuses the push, what it said is told, who must be allowed what, and nothing changed."""
    backend = opened(repositories.folder / "first")
    if begun:
        backend.write(State("staging", lineage="l"), expected_serial=0)
    hook(repositories, "pre-receive", "echo 'Only the platform team writes here.' >&2; exit 1")
    error = refused(repositories, wrote=int(begun))
    assert "Only the platform team writes here." in error.message
    assert "pre-receive hook declined" in error.message
    assert "allow the user who runs this to create and push the branch `deployer-state`" in error.hint
    assert (opened(repositories.clone("other")).read() is not None) == begun


def test_a_branch_that_may_not_be_created(repositories):
    """If the branch is protected from being created, the error says so."""
    forbid = '[ "$1" = refs/heads/deployer-state ] && { echo "GH013: Repository rule violations" >&2; exit 1; }; exit 0'
    hook(repositories, "update", forbid)
    error = refused(repositories)
    assert "GH013: Repository rule violations" in error.message
    assert "create and push the branch `deployer-state`" in error.hint


@pytest.mark.skipif(os.geteuid() == 0, reason="whoever is root may write everywhere")
def test_a_remote_that_is_read_only(repositories):
    """If the remote's folder can't be written, the error says who needs which right."""
    folders = [path for path in repositories.remote.rglob("*") if path.is_dir()] + [repositories.remote]
    for folder in folders:
        folder.chmod(0o555)
    try:
        error = refused(repositories)
    finally:
        for folder in folders:
            folder.chmod(0o755)
    assert "write access" in error.hint


def test_a_branch_name_that_is_taken_by_others(repositories):
    """If a branch of that name holds something else, it is neither read nor written over."""
    repositories("branch", "deployer-state", "main")
    before = repositories("rev-parse", "deployer-state")
    backend = opened(repositories.folder / "first")
    for act in (backend.read, backend.holder, lambda: backend.write(State("staging"), expected_serial=0)):
        with pytest.raises(UnreadableError, match=r"the branch holds something else: deployer\.yaml") as caught:
            act()
        assert "`git#BRANCH`" in caught.value.hint
    assert repositories("rev-parse", "deployer-state") == before
    other = opened(repositories.folder / "first", "git#our-state")
    assert other.write(State("staging"), expected_serial=0) == other.read()


def test_a_name_in_the_way(repositories):
    """If a branch begins with the name of ours and a slash, git can't make ours, and its words are told."""
    repositories("branch", "deployer-state/old", "main")
    assert "deployer-state/old" in refused(repositories).message
    repositories("branch", "deployer-state/old", "main", at=repositories.folder / "first")
    with pytest.raises(StateError, match="deployer-state/old"):
        opened(repositories.folder / "first", "git:.").write(State("staging"), expected_serial=0)


def test_no_repository(tmp_path, repositories):
    """If the project is in no repository, the error says so and what to do."""
    del repositories
    plain = tmp_path / "plain"
    plain.mkdir()
    with pytest.raises(UnreadableError, match="not a git repository") as caught:
        opened(plain).read()
    assert "`git+URL`" in caught.value.hint


def test_no_folder(tmp_path):
    """If the project's folder isn't there, that is what the error says."""
    with pytest.raises(UnreadableError, match="isn't there"):
        opened(tmp_path / "gone").read()


def test_no_git(tmp_path, monkeypatch):
    """If git isn't installed, the error says so and what else there is."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UnsupportedBackendError, match="isn't installed") as caught:
        opened(tmp_path).read()
    assert "install git" in caught.value.hint


def test_a_remote_that_is_gone(repositories):
    """If the remote can't be reached, reading is an error, also where it was read before."""
    first = repositories.folder / "first"
    opened(first).write(State("staging"), expected_serial=0)
    repositories.remote.rename(repositories.folder / "moved.git")
    for act in (opened(first).read, opened(first).holder, lambda: opened(first).unlock("0badcafe")):
        with pytest.raises(UnreadableError, match="can't be read: git ls-remote") as caught:
            act()
        assert "check the remote's URL" in caught.value.hint


def test_a_host_that_is_not_there(repositories):
    """If nobody listens at the remote's host, the error says to check the network."""
    first = repositories.folder / "first"
    repositories("remote", "set-url", "origin", "http://127.0.0.1:1/x.git", at=first)
    with pytest.raises(UnreadableError) as caught:
        opened(first).read()
    assert "network" in caught.value.hint


def test_a_remote_that_never_answers(repositories, monkeypatch, tmp_path):
    """If the remote takes the call and says nothing, the wait ends, and so does what git started."""
    monkeypatch.setattr("deployer.git.TIMEOUT", 0.5)
    ssh = tmp_path / "ssh"
    ssh.write_text(f"#!/bin/sh\necho $$ > {tmp_path}/pid\nexec sleep 600\n")
    ssh.chmod(0o755)
    monkeypatch.setenv("GIT_SSH_COMMAND", str(ssh))
    first = repositories.folder / "first"
    repositories("remote", "set-url", "origin", "ssh://git@host.invalid/x.git", at=first)
    with pytest.raises(UnreadableError, match="no answer within") as caught:
        opened(first).read()
    assert "network" in caught.value.hint
    if (tmp_path / "pid").exists():  # a slow machine may not have come that far
        assert not Path("/proc", (tmp_path / "pid").read_text().strip(), "exe").exists()


class Closed(BaseHTTPRequestHandler):
    """A server that asks everybody who they are."""

    def do_GET(self):
        """Ask."""
        self.send_response(401)
        self.send_header("WWW-Authenticate", 'Basic realm="git"')
        self.end_headers()

    def log_message(self, *_):
        """Say nothing."""


def test_a_remote_that_asks_who_we_are(repositories, monkeypatch):
    """If the remote wants a login, nobody is asked for it, no password is shown, and the error says what helps."""
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    server = HTTPServer(("127.0.0.1", 0), Closed)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        first = repositories.folder / "first"
        for login in ("", "ann:hunter2@"):
            url = f"http://{login}127.0.0.1:{server.server_port}/x.git"
            repositories("remote", "set-url", "origin", url, at=first)
            with pytest.raises(UnreadableError) as caught:
                opened(first).read()
            assert "must work unasked" in caught.value.hint
            assert "hunter2" not in caught.value.message
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
