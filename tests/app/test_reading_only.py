"""What only looks writes nothing: no request but GET, and no file but under ``.deployer``."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import deployer

NORTHWIND = Path(__file__).parents[2] / "examples" / "northwind"


def files(root):
    """The content of every file outside the private folder."""
    found = (path for path in root.rglob("*") if path.is_file() and ".deployer" not in path.parts)
    return {str(path.relative_to(root)): path.read_bytes() for path in found}


READERS = {
    "plan": deployer.plan,
    "plan --offline": lambda connection: deployer.plan(connection, offline=True),
    "plan --prune": lambda connection: deployer.plan(connection, prune=True),
    "drift": deployer.drift,
    "tasks": lambda connection: deployer.tasks(connection.state()),
    "status": deployer.launch,
    "whoami": deployer.whoami,
    "render": lambda connection: deployer.render_messages(connection.project),
    "check": lambda connection: connection.workspace.check(),
}


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize("applied", [False, True], ids=["fresh", "applied"])
def test_reading_writes_nothing(shop_world, name, applied):
    """A reader sends only GETs and leaves every file as it was; it doesn't begin a state."""
    if applied:
        shop_world.apply()
    shop_world.forbid_writes()
    with shop_world.connect() as connection:
        before = files(shop_world.root)
        READERS[name](connection)
        assert files(shop_world.root) == before
    assert shop_world.state_file.exists() == applied


@pytest.mark.parametrize("name", READERS)
def test_reading_northwind_writes_nothing(tmp_path, name):
    """In the sandbox, too, a reader leaves the project as it was and begins no state."""
    root = tmp_path / "northwind"
    shutil.copytree(NORTHWIND, root, ignore=shutil.ignore_patterns(".deployer"))
    before = files(root)
    with deployer.connect(deployer.load(root), environ={}) as connection:
        READERS[name](connection)
        assert connection.backend.read() is None
    assert files(root) == before
    assert not list(root.rglob(".deployer/state/*"))


def test_offline_needs_neither_key_nor_account(shop_world):
    """An offline plan asks nobody anything and works without any variable."""
    shop_world.environ = {}
    plan = shop_world.plan(offline=True)
    assert plan.changes
    assert shop_world.requests == []


def test_loading_alone_touches_nothing(tmp_path):
    """Loading and checking a project makes no folder in it."""
    root = tmp_path / "northwind"
    shutil.copytree(NORTHWIND, root, ignore=shutil.ignore_patterns(".deployer"))
    assert deployer.load(root).check() == ()
    assert not (root / ".deployer").exists()


def test_a_write_would_be_noticed(shop_world):
    """What guards these tests does: an apply runs into it."""
    shop_world.forbid_writes()
    with pytest.raises(AssertionError, match="POST"):
        shop_world.apply()
