"""Which repository, branch and folder a `state: git…` means."""

from dataclasses import replace

import pytest

from deployer.state import State, UnreadableError, UnsupportedBackendError, open_backend


def opened(root, url="git", environment="staging"):
    """Open the state of an environment from a project's folder."""
    return open_backend(url, root=root, environment=environment)


def written(repositories, root, url="git"):
    """Write a first state; the branches of the shared repository afterwards."""
    opened(root, url).write(State("staging"), expected_serial=0)
    return repositories("branch", "--format=%(refname:short)").split()


def test_opening_runs_nothing(tmp_path, monkeypatch):
    """If a place is only opened, git isn't needed, and the location is what was written and where it leads."""
    monkeypatch.setenv("PATH", str(tmp_path))
    assert opened(tmp_path).location == "git#deployer-state:staging.json"
    assert opened(tmp_path, "git:up#s/t").location == "git:up#s/t:staging.json"


@pytest.mark.parametrize("url", ["git", "git:origin", "GIT:origin", "git#deployer-state", "git:origin#deployer-state"])
def test_origin_is_meant_unless_another_is_named(repositories, url):
    """If nothing else is said, state is on the branch `deployer-state` of `origin`."""
    assert "deployer-state" in written(repositories, repositories.folder / "first", url)


def test_another_branch(repositories):
    """If a branch is named, the state is there."""
    assert "team/state" in written(repositories, repositories.folder / "first", "git#team/state")


def test_the_only_remote_is_meant(repositories):
    """If the repository has one remote, its name doesn't matter."""
    first = repositories.folder / "first"
    repositories("remote", "rename", "origin", "upstream", at=first)
    assert "deployer-state" in written(repositories, first)


def test_several_remotes_and_none_is_origin(repositories):
    """If it isn't clear which remote is meant, the error says how to say so, and that works."""
    first = repositories.folder / "first"
    repositories("remote", "rename", "origin", "one", at=first)
    repositories("remote", "add", "two", "file:///nowhere", at=first)
    with pytest.raises(UnsupportedBackendError, match="one, two") as caught:
        opened(first).read()
    assert "`git:one`" in caught.value.hint
    assert "deployer-state" in written(repositories, first, "git:one")


def test_a_remote_that_does_not_exist(repositories):
    """If the named remote isn't one, the error names those there are."""
    with pytest.raises(UnsupportedBackendError, match="no remote `upstream`; it has `origin`"):
        opened(repositories.folder / "first", "git:upstream").read()


@pytest.mark.parametrize("url", ["git", "git:."])
def test_a_repository_without_a_remote_is_its_own(repositories, url):
    """If there is no remote, or the repository itself is named, state is on a branch of it; HEAD and index stay."""
    first = repositories.folder / "first"
    if url == "git":
        repositories("remote", "remove", "origin", at=first)
    before = [(first / ".git" / name).read_bytes() for name in ("HEAD", "index")]
    backend = opened(first, url)
    with backend.lock("apply"):
        state = backend.write(State("staging"), expected_serial=0)
    assert opened(first, url).read() == state
    assert "deployer-state" in repositories("branch", at=first)
    assert [(first / ".git" / name).read_bytes() for name in ("HEAD", "index")] == before
    assert repositories("status", "--porcelain", at=first) == ""
    assert "deployer-state" not in repositories("branch")


def test_a_branch_that_is_checked_out_is_not_moved(repositories):
    """If somebody has the repository's own state branch checked out, it isn't moved under them."""
    first = repositories.folder / "first"
    opened(first, "git:.").write(State("staging"), expected_serial=0)
    repositories("worktree", "add", "--quiet", repositories.folder / "tree", "deployer-state", at=first)
    with pytest.raises(UnsupportedBackendError, match="checked out") as caught:
        opened(first, "git:.").read()
    assert "another branch" in caught.value.hint


def test_a_url_needs_no_checkout(repositories, tmp_path):
    """If a repository's URL is given, state is read, locked and written from any folder, and nothing is left there."""
    plain = tmp_path / "plain"
    plain.mkdir()
    url = f"git+file://{repositories.remote}"
    first = opened(repositories.folder / "first").write(State("staging"), expected_serial=0)
    backend = opened(plain, url)
    assert backend.read() == first
    with backend.lock("confirm"):
        second = backend.write(replace(first, company_id="c"), expected_serial=1)
    assert opened(repositories.folder / "first").read() == second
    assert not list(plain.iterdir())


def test_the_repository_for_a_url_does_not_stay(repositories, tmp_path, monkeypatch):
    """If a backend is done, what it fetched is gone."""
    passing = tmp_path / "passing"
    passing.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(passing))
    backend = opened(tmp_path, f"git+file://{repositories.remote}")
    assert backend.read() is None
    assert list(passing.iterdir())
    del backend
    assert not list(passing.iterdir())


def move(project, there):
    """Move a project within its repository."""
    there.mkdir(parents=True)
    (project / "deployer.yaml").rename(there / "deployer.yaml")


@pytest.mark.parametrize("name", ["deployer.yaml", "deployer.yml"])
def test_projects_of_one_repository_do_not_meet(repositories, name):
    """If two projects of one repository have environments of one name, each has its own record."""
    first = repositories.folder / "first"
    (first / "deployer.yaml").rename(first / name)
    (first / "brands" / "south").mkdir(parents=True)
    (first / "brands" / "south" / "deployer.yaml").write_text("version: 1\n")
    top = opened(first).write(State("staging"), expected_serial=0)
    south = opened(first / "brands" / "south").write(State("staging"), expected_serial=0)
    assert (opened(first).read(), opened(first / "brands" / "south").read()) == (top, south)
    assert repositories("show", "deployer-state:brands/south/staging.json")
    url = f"git+file://{repositories.remote}"
    assert opened(first, f"{url}//brands/south").read() == south
    assert opened(first, url).read() == top


def test_a_folder_may_be_called_anything(repositories):
    """If the project's folder has spaces, dots and accents, its record is there, and a branch set back is noticed."""
    folder = repositories.folder / "first" / "Süd & Co" / ".shop~1"
    folder.mkdir(parents=True)
    first = opened(folder).write(State("staging"), expected_serial=0)
    earlier = repositories("rev-parse", "deployer-state")
    opened(folder).write(replace(first, company_id="c"), expected_serial=1)
    repositories("update-ref", "refs/heads/deployer-state", earlier)
    with pytest.raises(UnreadableError, match="was rewritten"):
        opened(folder).read()
    with pytest.raises(UnreadableError, match="was rewritten"):
        opened(folder).write(first, expected_serial=1)


def test_a_project_that_moved_is_not_begun_anew(repositories):
    """If a project moved within its repository, reading says where its record is, instead of finding nothing."""
    first = repositories.folder / "first"
    opened(first).write(State("staging"), expected_serial=0)
    move(first, first / "shop")
    for act in (
        opened(first / "shop").read,
        lambda: opened(first / "shop").write(State("staging"), expected_serial=0),
    ):
        with pytest.raises(
            UnreadableError, match="recorded for a project in the top; that folder has no project now, but shop has"
        ):
            act()
    assert opened(first / "shop", environment="production").read() is None


@pytest.mark.parametrize(
    "url",
    [
        "git:",
        "git+",
        "git+https://",
        "git+https://host",
        "git+ftp://host/x.git",
        "git+ext::sh -c touch% /tmp/x",
        "git+http://host/x.git",
        "git:--upload-pack=x",
        "git#",
        "git#-x",
        "git#a..b",
        "git#a/.b",
        "git#a.lock",
        "git#a//b",
        "git#a b",
        "git+https://host/x.git//../y",
        "git:a#b#c",
    ],
)
def test_what_names_no_branch_is_refused(tmp_path, url):
    """If it isn't clear which branch of which repository is meant, or it could be an option, it is refused."""
    with pytest.raises(UnsupportedBackendError) as caught:
        opened(tmp_path, url)
    assert caught.value.hint


@pytest.mark.parametrize(
    "url", ["git+https://ann:hunter2@host/x.git", "git+ssh://ann:hunter2@host/x", "git+https://hunter2@h/x"]
)
def test_a_password_in_a_url_is_refused_and_not_shown(tmp_path, url):
    """If a URL holds credentials, it is refused without repeating them."""
    with pytest.raises(UnsupportedBackendError, match="in front of an @") as caught:
        opened(tmp_path, url)
    assert "hunter2" not in caught.value.message + caught.value.hint


@pytest.mark.parametrize("url", ["git+ssh://git@host/x.git", "git+https://host:8443/a/b.git//c/d#e/f", "git+file:///x"])
def test_urls_that_are_fine(tmp_path, url):
    """A user of ssh, a port, a folder and a branch may stand in a URL."""
    assert opened(tmp_path, url).location.endswith(":staging.json")


@pytest.mark.parametrize("environment", ["../x", "a/b", ".git", "", "-x", "a\nb"])
def test_an_environment_that_could_be_a_path_is_refused(tmp_path, environment):
    """If the name of an environment isn't one, no file is made of it."""
    with pytest.raises(UnsupportedBackendError, match="name of an environment"):
        opened(tmp_path, environment=environment)
