"""Places to keep state in: a file, git repositories, and object stores.

The stores are real servers on loopback, started once a test process.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import importlib.util
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import uuid
from contextlib import closing, contextmanager
from dataclasses import dataclass
from email.utils import formatdate
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

from deployer.state import Backend, open_backend

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# One request at a time: S3 checks a condition and writes in one go, which moto's server does only without threads.
# It ends with its standard input, so that it never outlives the tests.
S3_SERVER = """
import os, sys, threading
from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server
server = make_server("127.0.0.1", 0, DomainDispatcherApplication(create_backend_app), threaded=False)
print(f"listens on http://127.0.0.1:{server.port}", flush=True)
threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
server.serve_forever()
"""
AZURE_OPTIONS = ("--inMemoryPersistence", "--skipApiVersionCheck", "--disableTelemetry", "--silent")
ACCOUNT = "devstoreaccount1"
ACCOUNT_KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
"""The account that azurite brings along, as its documentation publishes it."""

CLOUD = re.compile(r"(AWS|AZURE)_")
NOBODY = "http://127.0.0.1:1"


@contextmanager
def _serving(words: list[str]) -> Iterator[str]:
    """Start a server that prints where it listens; it ends with the block."""
    with subprocess.Popen(
        words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as server:
        try:
            assert server.stdout is not None
            yield next(found[1] for line in server.stdout if (found := re.search(r"listens on (http://\S+)", line)))
        finally:
            server.terminate()


@pytest.fixture(scope="session")
def s3_endpoint() -> Iterator[str]:
    """An S3 with the bucket `states`."""
    with _serving([sys.executable, "-W", "ignore", "-c", S3_SERVER]) as endpoint:
        httpx.put(f"{endpoint}/states", timeout=120).raise_for_status()  # it loads all of moto first
        yield endpoint


@pytest.fixture(scope="session")
def azure_endpoint() -> Iterator[str]:
    """An Azure Blob Storage with the container `states`."""
    program = os.environ.get("DEPLOYER_AZURITE") or shutil.which("azurite-blob")
    if program is None:
        pytest.skip("no azurite: put npm's `azurite-blob` on PATH or its path into DEPLOYER_AZURITE")
    with _serving([program, "--blobHost", "127.0.0.1", "--blobPort", "0", *AZURE_OPTIONS]) as address:
        endpoint = f"{address}/{ACCOUNT}"
        _make_container(endpoint, "states")
        yield endpoint


def _make_container(endpoint: str, name: str) -> None:
    """Make a container: a request under the account's key, for which no library of ours has a call."""
    now = formatdate(usegmt=True)
    headers = {"x-ms-date": now, "x-ms-version": "2021-12-02"}
    signed = "\n".join(
        ["PUT", *[""] * 11, *[f"{key}:{value}" for key, value in headers.items()], f"/{ACCOUNT}/{ACCOUNT}/{name}"]
    )
    digest = hmac.digest(base64.b64decode(ACCOUNT_KEY), f"{signed}\nrestype:container".encode(), hashlib.sha256)
    headers["Authorization"] = f"SharedKey {ACCOUNT}:{base64.b64encode(digest).decode()}"
    httpx.put(f"{endpoint}/{name}?restype=container", headers=headers).raise_for_status()


@pytest.fixture
def no_cloud(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take away what this machine says of clouds: no credentials, and nobody who would give a role."""
    for name in filter(CLOUD.match, list(os.environ)):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_METADATA_ENDPOINT", NOBODY)
    monkeypatch.setenv("AZURE_MSI_ENDPOINT", f"{NOBODY}/metadata/identity/oauth2/token")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.fixture
def s3_url(s3_endpoint: str, no_cloud: None, monkeypatch: pytest.MonkeyPatch) -> str:
    """A folder of a real S3 that is used by one test, with the environment that leads there."""
    del no_cloud
    monkeypatch.setenv("AWS_ENDPOINT_URL", s3_endpoint)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    return f"s3://states/{uuid.uuid4().hex}"


@pytest.fixture
def azure_url(azure_endpoint: str, no_cloud: None, monkeypatch: pytest.MonkeyPatch) -> str:
    """A folder of a real Azure Blob Storage that is used by one test, with the environment that leads there."""
    del no_cloud
    monkeypatch.setenv("AZURE_STORAGE_ENDPOINT", azure_endpoint)
    monkeypatch.setenv("AZURE_STORAGE_ACCOUNT_NAME", ACCOUNT)
    monkeypatch.setenv("AZURE_STORAGE_ACCOUNT_KEY", ACCOUNT_KEY)
    return f"az://states/{uuid.uuid4().hex}"


@dataclass(frozen=True)
class Repositories:
    """A shared repository without a checkout, and clones of it that know nothing of this machine's git settings."""

    folder: Path

    @property
    def remote(self) -> Path:
        """The shared repository."""
        return self.folder / "remote.git"

    def __call__(self, *words: str | Path, at: Path | None = None) -> str:
        """Run git in a clone, or in the shared repository."""
        done = subprocess.run(
            ["git", *map(str, words)], cwd=at or self.remote, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def clone(self, name: str, *options: str) -> Path:
        """Make a clone."""
        target = self.folder / name
        self("clone", "--quiet", *options, f"file://{self.remote}", target)
        return target

    def commit(self, clone: Path, path: str, content: bytes, *, branch: str = "deployer-state") -> None:
        """Push a commit to a branch as a person would: from a checkout of it."""
        work = self.folder / f"checkout-{uuid.uuid4().hex}"
        self("worktree", "add", "--quiet", "--detach", work, f"origin/{branch}", at=clone)
        (work / path).parent.mkdir(parents=True, exist_ok=True)
        (work / path).write_bytes(content)
        self("add", "--all", at=work)
        self("commit", "--quiet", "--message", "by hand", at=work)
        self("push", "--quiet", "origin", f"HEAD:refs/heads/{branch}", at=work)
        self("worktree", "remove", "--force", work, at=clone)


@pytest.fixture
def repositories(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repositories:
    """A shared repository with one commit on `main`; git is a nobody on a machine without settings."""
    if shutil.which("git") is None:
        pytest.skip("no git on PATH")
    for variable in filter(re.compile("GIT_").match, list(os.environ)):
        monkeypatch.delenv(variable)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("HOME", str(tmp_path))
    settings = "[user]\n name = Ann\n email = ann@northwind.example\n[init]\n defaultBranch = main\n"
    (tmp_path / "gitconfig").write_text(settings)
    made = Repositories(tmp_path)
    made("init", "--quiet", "--bare", made.remote, at=tmp_path)
    first = made.clone("first")
    (first / "deployer.yaml").write_text("version: 1\n")
    made("add", "--all", at=first)
    made("commit", "--quiet", "--message", "Begin", at=first)
    made("push", "--quiet", "origin", "main", at=first)
    return made


@dataclass(frozen=True)
class Place:
    """A place that one test keeps state in; ``damage`` puts other content where the state of staging stands."""

    name: str
    url: str
    root: Path
    damage: Callable[[bytes], None]

    def open(self, environment: str = "staging") -> Backend:
        """Open the state of an environment: like each command, without knowing what others opened."""
        return open_backend(self.url.format(environment=environment), root=self.root, environment=environment)

    @property
    def lock_lives(self) -> bool:
        """Whether a lock outlives its process, so that a person frees it."""
        return self.name != "local"


def _local(request: pytest.FixtureRequest) -> Place:
    root = request.getfixturevalue("tmp_path")
    return Place("local", "file:{environment}.json", root, (root / "staging.json").write_bytes)


def _git(request: pytest.FixtureRequest) -> Place:
    repositories = request.getfixturevalue("repositories")

    def damage(content: bytes) -> None:
        clone = repositories.clone(f"clone-{uuid.uuid4().hex}")
        repositories.commit(clone, "staging.json", content)

    return Place("git", "git", repositories.folder / "first", damage)


def _sqlite(request: pytest.FixtureRequest) -> Place:
    path = Path(__file__).with_name("sqlite_medium.py")
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    spec.loader.exec_module(importlib.util.module_from_spec(spec))
    root = request.getfixturevalue("tmp_path")

    def damage(content: bytes) -> None:
        with closing(sqlite3.connect(root / "states.db")) as db, db:
            db.execute("UPDATE files SET content = ? WHERE name = 'staging.json'", (content,))

    return Place("sqlite", "sqlite:states.db", root, damage)


def _store(name: str, request: pytest.FixtureRequest) -> Place:
    from deployer.state.objects.place import parse  # noqa: PLC0415 - obstore is for those who use a store
    from deployer.state.objects.store import Store  # noqa: PLC0415

    url = request.getfixturevalue(f"{name}_url")

    def damage(content: bytes) -> None:
        place = parse(url)
        store, key = Store(place), place.key("staging.json")
        assert store.put(key, content, over=store.get(key))

    return Place(name, url, request.getfixturevalue("tmp_path"), damage)


BACKENDS: dict[str, Callable[[pytest.FixtureRequest], Place]] = {
    "local": _local,
    "git": _git,
    "sqlite": _sqlite,
    "s3": lambda request: _store("s3", request),
    "azure": lambda request: _store("azure", request),
}
"""Every medium that may be offered, and one that a newcomer would write: one that isn't here never ran the suite."""


@pytest.fixture(params=BACKENDS)
def place(request: pytest.FixtureRequest) -> Place:
    """Each place that state can be kept in, with nothing stored yet."""
    return BACKENDS[request.param](request)
