"""State on a branch of a repository: whatever the checkout looks like, it works and nothing of it is touched."""

import os
import shutil
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest

import deployer.state
from deployer.state import (
    ConflictError,
    Entry,
    LockedError,
    State,
    UnreadableError,
    UnsupportedBackendError,
    open_backend,
)

SOURCES = Path(deployer.state.__file__).parents[2]


def opened(root, url="git", environment="staging"):
    """Open the state of an environment from a project's folder."""
    return open_backend(url, root=root, environment=environment)


def work(backend, name="segment.a"):
    """Do what an apply does: lock, read, write twice."""
    with backend.lock("apply"):
        state = backend.read() or State("staging")
        state = backend.write(state.with_entry(name, Entry("Segment", "api")), expected_serial=state.serial)
        return backend.write(replace(state, company_id=f"c{state.serial}"), expected_serial=state.serial)


def shared(repositories, path="staging.json"):
    """The content of a file on the shared branch."""
    return repositories("show", f"deployer-state:{path}")


def everything(repositories, clone):
    """Whatever of a clone is its user's: work tree, index, HEAD, branches, configuration, what git says of it."""
    folder = clone / repositories("rev-parse", "--git-dir", at=clone)
    files = {path: path.read_bytes() for path in clone.rglob("*") if path.is_file() and ".git" not in path.parts}
    kept = {name: (folder / name).read_bytes() for name in ("HEAD", "index", "config") if (folder / name).exists()}
    refs = repositories("for-each-ref", "refs/heads", "refs/tags", "refs/stash", at=clone)
    fetched = (folder / "FETCH_HEAD").exists(), (folder / "shallow").exists() and (folder / "shallow").read_bytes()
    return files, kept, refs, fetched, repositories("status", "--porcelain=v2", "--branch", at=clone)


def test_nothing_of_the_checkout_is_touched(repositories):
    """If the work tree has uncommitted changes, a half-made merge of them and a stash, all is as before."""
    clone = repositories.clone("clone")
    (clone / "deployer.yaml").write_text("version: 1 # changed\n")
    repositories("stash", at=clone)
    (clone / "deployer.yaml").write_text("version: 1 # staged\n")
    repositories("add", "deployer.yaml", at=clone)
    (clone / "deployer.yaml").write_text("version: 1 # not staged\n")
    (clone / "staging.json").write_text("untracked, and called like a state")
    before = everything(repositories, clone)
    written = work(opened(clone))
    assert everything(repositories, clone) == before
    assert opened(repositories.folder / "first").read() == written


def test_no_hook_runs_and_nothing_is_signed(repositories):
    """If the clone has hooks, and its user signs commits with a key that isn't here, neither is asked."""
    clone = repositories.clone("clone")
    for name in ("pre-commit", "commit-msg", "post-commit", "pre-push", "reference-transaction", "post-checkout"):
        hook = clone / ".git" / "hooks" / name
        hook.write_text(f"#!/bin/sh\ntouch {clone}/ran-{name}\nexit 1\n")
        hook.chmod(0o755)
    for key, value in (("commit.gpgSign", "true"), ("push.gpgSign", "true"), ("gpg.program", "/nowhere")):
        repositories("config", key, value, at=clone)
    work(opened(clone))
    work(opened(clone, "git:.#local-state"))
    assert not list(clone.glob("ran-*"))


def test_the_log_tells_who_did_what(repositories):
    """Each change is a commit that says which environment, which operation and which serial; forges build none."""
    work(opened(repositories.folder / "first"))
    log = repositories("log", "--format=%an|%s", "deployer-state").splitlines()
    assert log == [
        "Ann|staging: end of apply",
        "Ann|staging: serial 2 by apply",
        "Ann|staging: serial 1 by apply",
        "Ann|staging: lock for apply",
    ]
    assert "[skip ci]" in repositories("log", "-1", "--format=%b", "deployer-state")
    assert repositories("ls-tree", "--name-only", "deployer-state").split() == ["DEPLOYER-STATE.md", "staging.json"]
    assert "don't edit" in shared(repositories, "DEPLOYER-STATE.md")


def test_the_branch_shares_no_history(repositories):
    """The branch begins with a commit of its own, so that it can't be merged by mistake."""
    work(opened(repositories.folder / "first"))
    roots = repositories("rev-list", "--max-parents=0", "deployer-state", "main").split()
    assert len(roots) == 2


def test_whom_git_does_not_know_commits_under_a_handle(repositories, monkeypatch):
    """If git knows no name, as on a runner in CI, commits carry the handle and no address of anybody."""
    (repositories.folder / "gitconfig").write_text("[user]\n useConfigOnly = true\n")
    monkeypatch.setenv("GITHUB_ACTOR", "ann")
    work(opened(repositories.folder / "first"))
    assert repositories("log", "-1", "--format=%an %ae %cn", "deployer-state") == "ann ann@deployer.invalid ann"


def test_a_name_that_the_environment_gives_stays(repositories, monkeypatch):
    """If the environment says who commits, as some CI does, that is who commits."""
    (repositories.folder / "gitconfig").write_text("")
    monkeypatch.setenv("GIT_AUTHOR_NAME", "Release Bot")
    monkeypatch.setenv("GIT_AUTHOR_EMAIL", "bot@northwind.example")
    work(opened(repositories.folder / "first"))
    assert repositories("log", "-1", "--format=%an %ae", "deployer-state") == "Release Bot bot@northwind.example"


def test_two_clones_that_race(repositories):
    """If two clones write the same environment from the same record, one succeeds, the other has a conflict."""
    one, other = (opened(repositories.clone(name)) for name in ("one", "other"))
    first = one.write(State("staging"), expected_serial=0)
    seen = other.read()
    one.write(replace(first, company_id="c"), expected_serial=1)
    with pytest.raises(ConflictError, match="serial 1 was expected, serial 2 is stored"):
        other.write(seen, expected_serial=1)
    assert other.write(replace(other.read(), company_id="d"), expected_serial=2).serial == 3


def test_environments_are_written_at_once(repositories):
    """If clones work on environments of their own at the same time, all succeed and nothing is lost."""
    names = ["production", "staging", "test_a", "test_b"]
    backends = {name: opened(repositories.clone(name), environment=name) for name in names}
    barrier, failed = threading.Barrier(len(names)), []

    def apply(name):
        try:
            barrier.wait()
            with backends[name].lock("apply", timeout=60):
                state = State(name)
                for serial in range(3):
                    state = backends[name].write(replace(state, company_id=f"c{serial}"), expected_serial=serial)
        except Exception as error:  # noqa: BLE001 - told below, in the thread that pytest sees
            failed.append(error)

    threads = [threading.Thread(target=apply, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
    assert [opened(repositories.folder / "first", environment=name).read().serial for name in names] == [3, 3, 3, 3]
    assert int(repositories("rev-list", "--count", "deployer-state")) == len(names) * 5


@pytest.fixture
def after_push(tmp_path, monkeypatch):
    """Let the program git do something more after each push."""

    def install(script):
        shim = tmp_path / "bin" / "git"
        shim.parent.mkdir()
        more = f'case "$*" in *"push --porcelain"*) {script};; esac'
        shim.write_text(f'#!/bin/sh\n{shutil.which("git")} "$@" || exit $?\n{more}\n')
        shim.chmod(0o755)
        monkeypatch.setenv("PATH", f"{shim.parent}:{os.environ['PATH']}")

    return install


def test_environments_of_one_process_take_turns(repositories, tmp_path, monkeypatch):
    """If many environments are worked on in one clone at once, they don't refuse each other's pushes."""
    pushes, shim = tmp_path / "pushes", tmp_path / "bin" / "git"
    shim.parent.mkdir()
    counting = f'case "$*" in *"push --porcelain"*) echo push >> "{pushes}";; esac'
    shim.write_text(f'#!/bin/sh\n{counting}\nexec {shutil.which("git")} "$@"\n')
    shim.chmod(0o755)
    monkeypatch.setenv("PATH", f"{shim.parent}:{os.environ['PATH']}")
    names = [f"client{number}" for number in range(8)]
    backends = {name: opened(repositories.folder / "first", environment=name) for name in names}
    failed = []

    def apply(name):
        try:
            with backends[name].lock("apply"):
                backends[name].write(State(name), expected_serial=0)
        except Exception as error:  # noqa: BLE001 - told below, in the thread that pytest sees
            failed.append(error)

    threads = [threading.Thread(target=apply, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
    commits = int(repositories("rev-list", "--count", "deployer-state"))
    assert (commits, len(pushes.read_text().split())) == (len(names) * 3, len(names) * 3)


INTERRUPTED = """
import sys
from pathlib import Path
from deployer.state import open_backend
with open_backend("git", root=Path(sys.argv[1]), environment="staging").lock("apply"):
    print("never")
"""


def test_an_interrupt_while_the_lock_is_taken_leaves_none(repositories, after_push):
    """If Ctrl-C comes when the lock has just been pushed, it is freed again."""
    after_push(
        f"[ -e {repositories.folder}/once ] || {{ touch {repositories.folder}/once; kill -INT $PPID; sleep 60; }}"
    )
    first = repositories.folder / "first"
    environ = {**os.environ, "PYTHONPATH": str(SOURCES)}
    words = [sys.executable, "-c", INTERRUPTED, first]
    done = subprocess.run(words, env=environ, capture_output=True, text=True, check=False)
    assert "KeyboardInterrupt" in done.stderr
    assert not done.stdout
    assert opened(first).holder() is None
    assert "end of apply" in repositories("log", "-1", "--format=%s", "deployer-state")


def test_a_push_whose_answer_was_lost_succeeded(repositories, after_push):
    """If the push arrived but git reports a failure, the write counts: it isn't taken for somebody else's."""
    after_push("exit 128")
    written = work(opened(repositories.folder / "first"))
    assert opened(repositories.folder / "first").read() == written
    assert opened(repositories.folder / "first").holder() is None


@pytest.mark.parametrize("options", [["--depth=1"], ["--single-branch"], ["--no-checkout"], ["--filter=blob:none"]])
def test_a_clone_that_has_little(repositories, options):
    """If the clone is shallow, of one branch, without files or without contents, state works and it stays so."""
    repositories("config", "uploadpack.allowFilter", "true")
    work(opened(repositories.folder / "first"))
    clone = repositories.clone("clone", *options)
    before = everything(repositories, clone)
    written = work(opened(clone), "segment.b")
    assert everything(repositories, clone) == before
    assert opened(repositories.folder / "first").read() == written
    assert set(written.entries) == {"segment.a", "segment.b"}


def test_a_detached_checkout_in_ci(repositories):
    """If CI fetched one commit and checked it out without a branch, state works."""
    work(opened(repositories.folder / "first"))
    checkout = repositories.folder / "runner"
    checkout.mkdir()
    repositories("init", "--quiet", at=checkout)
    repositories("remote", "add", "origin", f"file://{repositories.remote}", at=checkout)
    commit = repositories("rev-parse", "main")
    repositories("fetch", "--quiet", "--no-tags", "--depth=1", "origin", f"+{commit}:refs/remotes/pull/1", at=checkout)
    repositories("checkout", "--quiet", "--detach", "refs/remotes/pull/1", at=checkout)
    before = everything(repositories, checkout)
    written = work(opened(checkout), "segment.b")
    assert everything(repositories, checkout) == before
    assert opened(repositories.folder / "first").read() == written


def test_a_worktree_and_a_submodule(repositories):
    """If the project's `.git` is a file, as in a worktree or a submodule, state goes where its repository says."""
    first = repositories.folder / "first"
    tree = repositories.folder / "tree"
    repositories("worktree", "add", "--quiet", "-b", "topic", tree, at=first)
    work(opened(tree), "segment.worktree")
    outer = repositories.folder / "outer"
    repositories("init", "--quiet", outer)
    allowed = ("-c", "protocol.file.allow=always")
    repositories(*allowed, "submodule", "--quiet", "add", f"file://{repositories.remote}", "inner", at=outer)
    before = everything(repositories, outer)
    written = work(opened(outer / "inner"), "segment.submodule")
    assert everything(repositories, outer) == before
    assert (tree / ".git").is_file()
    assert (outer / "inner" / ".git").is_file()
    assert set(opened(first).read().entries) == set(written.entries) == {"segment.worktree", "segment.submodule"}


def test_what_git_sets_for_its_hooks_does_not_matter(repositories, monkeypatch):
    """If deployer is run by a git hook of another repository, that repository isn't written to."""
    other = repositories.folder / "other"
    repositories("init", "--quiet", other)
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(other / ".git" / "index"))
    monkeypatch.setenv("GIT_WORK_TREE", str(other))
    first = repositories.folder / "first"
    opened(first).write(State("staging"), expected_serial=0)
    for name in ("GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE"):
        monkeypatch.delenv(name)
    assert opened(first).read().serial == 1
    assert not repositories("for-each-ref", at=other)


def test_an_empty_remote(repositories):
    """If nothing was ever pushed to the remote, the state can be the first."""
    repositories("init", "--quiet", "--bare", repositories.folder / "empty.git")
    clone = repositories.folder / "begun"
    repositories("clone", "--quiet", f"file://{repositories.folder}/empty.git", clone)
    written = work(opened(clone))
    assert opened(clone).read() == written


def set_back(repositories, to):
    """Move the shared branch by force, to a commit that its history has."""
    repositories("update-ref", "refs/heads/deployer-state", to)


def test_a_branch_that_was_set_back_is_not_believed(repositories):
    """If the branch was forced back to an earlier record, reading says so, until somebody accepts it."""
    first = repositories.folder / "first"
    opened(first).write(State("staging", lineage="l"), expected_serial=0)
    earlier = repositories("rev-parse", "deployer-state")
    opened(first).write(State("staging", lineage="l", company_id="c"), expected_serial=1)
    set_back(repositories, earlier)
    with pytest.raises(UnreadableError, match=r"rewritten: serial 2 of .* was seen here before, serial 1") as caught:
        opened(first).read()
    command = caught.value.hint.rpartition("`git ")[2].rstrip("`").split()
    repositories(*command, at=first)
    assert opened(first).read().serial == 1


def test_each_environment_is_watched(repositories):
    """If the branch was forced back, reading another environment, which is as it was, doesn't make that accepted."""
    first = repositories.folder / "first"
    opened(first, environment="production").write(State("production"), expected_serial=0)
    earlier = repositories("rev-parse", "deployer-state")
    opened(first).write(State("staging"), expected_serial=0)
    assert opened(first, environment="production").read().serial == 1
    set_back(repositories, earlier)
    assert opened(first, environment="production").read().serial == 1
    with pytest.raises(UnreadableError, match="nothing is there now"):
        opened(first).read()


def test_a_branch_that_was_deleted_is_not_taken_for_a_new_one(repositories):
    """If the branch is gone, what was recorded isn't forgotten without a word."""
    first = repositories.folder / "first"
    opened(first).write(State("staging"), expected_serial=0)
    repositories("update-ref", "-d", "refs/heads/deployer-state")
    with pytest.raises(UnreadableError, match="nothing is there now") as caught:
        opened(first).read()
    assert opened(repositories.clone("fresh")).read() is None
    command = caught.value.hint.partition("`git ")[2].partition("`")[0].split()
    repositories(*command, at=first)
    assert opened(first).read().serial == 1


def test_a_branch_whose_history_was_cut_is_fine(repositories):
    """If somebody made the history short, with the same record at its end, work goes on."""
    first = repositories.folder / "first"
    written = work(opened(first))
    tree = repositories("rev-parse", "deployer-state^{tree}")
    set_back(repositories, repositories("-c", "user.name=A", "-c", "user.email=a", "commit-tree", tree, "-m", "cut"))
    assert opened(first).read() == written
    assert work(opened(first)).serial == 4


def test_a_branch_that_is_rewritten_under_a_lock(repositories, caplog):
    """If the branch is forced back while we work, our next write says so and doesn't build on it."""
    backend = opened(repositories.folder / "first")
    state = backend.write(State("staging"), expected_serial=0)
    earlier = repositories("rev-parse", "deployer-state")
    lock = backend.lock("apply")
    lock.__enter__()
    state = backend.write(replace(state, company_id="c"), expected_serial=1)
    set_back(repositories, earlier)
    with pytest.raises(ConflictError, match="rewritten while") as caught:
        backend.write(replace(state, company_id="d"), expected_serial=2)
    lock.__exit__(None, None, None)
    assert "state unlock" in caplog.text
    assert "by force" in caught.value.hint
    assert repositories("rev-parse", "deployer-state") == earlier


def test_a_lock_outlives_the_clone(repositories):
    """If the clone that holds the lock is gone, as a CI runner is, another clone sees who held it and frees it."""
    held = opened(repositories.clone("runner"))
    lock = held.lock("apply")
    lock.__enter__()
    first = opened(repositories.folder / "first")
    with pytest.raises(LockedError) as caught, first.lock("confirm"):
        pass
    assert first.unlock(caught.value.holder.id) == caught.value.holder
    assert work(first).serial == 2
    lock.__exit__(None, None, None)
    assert "free the lock" in repositories("log", "--format=%s", "deployer-state")


def test_a_damaged_lock_can_be_freed(repositories):
    """If a lock file names nobody, it locks all the same and has an id to free it by."""
    first = repositories.folder / "first"
    written = work(opened(first))
    repositories.commit(first, "staging.lock", b"{")
    with pytest.raises(LockedError, match="left no name") as caught, opened(first).lock("apply"):
        pass
    assert opened(first).unlock(caught.value.holder.id).unnamed
    assert opened(first).write(replace(written, company_id="x"), expected_serial=2).serial == 3


def test_a_command_that_writes_does_not_disarm_the_guard(repositories):
    """If the branch was set back or deleted, locking and writing are refused too, and it is refused ever after."""
    first = repositories.folder / "first"
    written = opened(first).write(State("staging", lineage="l"), expected_serial=0)
    earlier = repositories("rev-parse", "deployer-state")
    opened(first).write(replace(written, company_id="confirmed"), expected_serial=1)
    for tip in (earlier, None):
        repositories(
            "update-ref", *(["refs/heads/deployer-state", tip] if tip else ["-d", "refs/heads/deployer-state"])
        )
        for _ in range(2):
            with pytest.raises(UnreadableError, match="was rewritten"), opened(first).lock("confirm"):
                pytest.fail("nothing may be built on this branch")
            with pytest.raises(UnreadableError, match="was rewritten"):
                opened(first).write(written, expected_serial=1)
            with pytest.raises(UnreadableError, match="was rewritten"):
                opened(first).read()
        branches = repositories("for-each-ref", "--format=%(objectname)", "refs/heads/deployer-state")
        assert branches == (tip or "")


def test_a_later_serial_does_not_hide_what_was_lost(repositories):
    """If somebody goes on from a branch that was set back, its later serial isn't taken for what was seen here."""
    first, other = repositories.folder / "first", repositories.clone("other")
    begun = opened(first).write(State("staging", lineage="l"), expected_serial=0)
    earlier = repositories("rev-parse", "deployer-state")
    opened(first).write(replace(begun, company_id="confirmed"), expected_serial=1)
    set_back(repositories, earlier)
    for serial in (1, 2):
        opened(other).write(replace(begun, company_id=f"later {serial}"), expected_serial=serial)
    with pytest.raises(UnreadableError, match=r"serial 2 of .* was seen here before, serial 3 of"):
        opened(first).read()


def test_a_record_that_was_begun_without_a_remote_is_not_forgotten(repositories, caplog):
    """If a remote appears that has no record while the local branch has one, reading says so and how to push it."""
    first = repositories.folder / "first"
    url = repositories("remote", "get-url", "origin", at=first)
    repositories("remote", "remove", "origin", at=first)
    written = work(opened(first))
    assert "has no remote" in caplog.text
    repositories("remote", "add", "origin", url, at=first)
    for act in (lambda: opened(first).read(), lambda: work(opened(first))):
        with pytest.raises(UnreadableError, match="the local branch `deployer-state` has a record") as caught:
            act()
    command = caught.value.hint.partition("`git ")[2].partition("`")[0].split()
    repositories(*command, at=first)
    assert opened(first).read() == written


def test_a_record_beside_that_of_others_is_not_forgotten(repositories):
    """If the remote that appears has other records already, reading says how ours is brought there, and that works."""
    first = repositories.folder / "first"
    url = repositories("remote", "get-url", "origin", at=first)
    opened(repositories.clone("other"), environment="production").write(State("production"), expected_serial=0)
    repositories("remote", "remove", "origin", at=first)
    written = work(opened(first))
    repositories("remote", "add", "origin", url, at=first)
    with pytest.raises(UnreadableError, match="the local branch `deployer-state` has a record") as caught:
        opened(first).read()
    rename, pull, push = caught.value.hint.split("`")[1::2]
    repositories(*rename.split()[1:], at=first)
    assert "--state git:.#local-state --env staging" in pull
    assert push.startswith("deployer state push FILE")
    kept = opened(first, "git:.#local-state").read()
    assert kept == written
    assert opened(first).write(kept, expected_serial=0) == opened(first).read()


def test_a_local_record_beside_one_in_the_remote_is_mentioned(repositories, caplog):
    """If a remote appears that has a record already, that one is read, and the local one is mentioned."""
    first = repositories.folder / "first"
    url = repositories("remote", "get-url", "origin", at=first)
    theirs = work(opened(repositories.clone("other")))
    repositories("remote", "remove", "origin", at=first)
    work(opened(first))
    repositories("remote", "add", "origin", url, at=first)
    caplog.clear()
    assert opened(first).read() == theirs
    assert "the local branch `deployer-state` has another one" in caplog.text


def test_a_local_copy_of_the_remote_record_is_no_other(repositories, caplog):
    """If somebody checked the branch out to look at it, or is behind, there is nothing to say."""
    work(opened(repositories.folder / "first"))
    other = repositories.clone("other")
    repositories("branch", "deployer-state", "origin/deployer-state", at=other)
    written = work(opened(repositories.folder / "first"), "segment.b")
    caplog.clear()
    assert opened(other).read() == written
    assert "another one" not in caplog.text


def test_a_record_whose_remote_is_gone_is_not_begun_again(repositories):
    """If the remote that holds the record is removed, nothing is taken for new: the error says both ways on."""
    first = repositories.folder / "first"
    url = repositories("remote", "get-url", "origin", at=first)
    written = work(opened(first))
    repositories("remote", "remove", "origin", at=first)
    for act in (lambda: opened(first).read(), lambda: work(opened(first))):
        with pytest.raises(UnreadableError, match="the remote `origin`, which the repository no longer has") as caught:
            act()
    again, here = caught.value.hint.split("`")[1::2]
    repositories(*again.replace("URL", url).split()[1:], at=first)
    assert opened(first).read() == written
    repositories("remote", "remove", "origin", at=first)
    repositories(*here.split()[1:], at=first)
    assert opened(first).read() == written


def test_a_protected_environment_needs_a_remote(repositories):
    """If the repository has no remote, a protected environment's record is refused: one machine isn't enough."""
    first = repositories.folder / "first"
    repositories("remote", "remove", "origin", at=first)
    backend = open_backend("git", root=first, environment="production", protected=True)
    for act in (backend.read, backend.holder, lambda: work(backend)):
        with pytest.raises(UnsupportedBackendError, match="`production` is protected") as caught:
            act()
        assert "git remote add" in caught.value.hint
    assert not repositories("for-each-ref", "refs/heads/deployer-state", at=first)
