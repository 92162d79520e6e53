"""A plain install: every command works without the packages of the extras, or names the extra that it needs."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from deployer.cli import exits
from deployer.extras import EXTRAS
from tests.cli.test_every_command import CALLS, NEEDS, NORTHWIND, line

ROOT = Path(__file__).parents[2]
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

PLAIN = f"""
import contextlib, io, json, sys

class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {sorted(EXTRAS)!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)

sys.meta_path.insert(0, Missing())
from deployer.cli.main import run
for words in json.load(sys.stdin):
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = run(words)
    print(json.dumps([code, out.getvalue(), err.getvalue()]), file=sys.__stdout__)
"""
"""Runs calls of the command line in a Python that has no package of an extra."""


def plain(calls: list[list[str]], folder: Path) -> list[tuple[int, str, str]]:
    """How calls end in a plain install: exit code, output and errors of each."""
    words = [sys.executable, "-c", PLAIN]
    done = subprocess.run(words, input=json.dumps(calls), cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return [tuple(json.loads(one)) for one in done.stdout.splitlines()]


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """The example of which nothing was applied yet; beside it an earlier version, and files to hand over."""
    for name in ("northwind", "earlier"):
        shutil.copytree(NORTHWIND, tmp_path / name, ignore=shutil.ignore_patterns(".deployer"))
    (tmp_path / "file.json").write_text('{"type": "Order Shipped", "properties": {}}\n', encoding="utf-8")
    (tmp_path / "new.json").write_text('{"type": "Order Lost", "properties": {"a": "b"}}\n', encoding="utf-8")
    return tmp_path / "northwind"


def test_every_command_that_serves_nothing_works(shop, tmp_path):
    """If no extra is installed, whatever doesn't serve or speak with a bucket, an editor or an assistant works."""
    calls = [call for call in CALLS if call.words not in NEEDS]
    found = plain([line(call, shop, tmp_path / f"out{number}") for number, call in enumerate(calls)], tmp_path)
    for call, (code, _, err) in zip(calls, found, strict=True):
        assert code in (exits.DONE, exits.FAILED, exits.USAGE), (call.words, err)
        assert "needs the extra" not in err, (call.words, err)
        assert "isn't installed" not in err, (call.words, err)
    ends = {call.words: code for call, (code, _, _) in zip(calls, found, strict=True)}
    plain_install = ("validate", "test", "plan", "apply --yes", "tasks", "render order_shipped_text", "demo")
    assert {words: ends[words] for words in plain_install} == dict.fromkeys(plain_install, exits.DONE)
    assert ends["preview --out OUT.html"] == exits.DONE


@pytest.mark.parametrize(
    ("words", "extra"),
    [
        ("sandbox serve --port 0", "serve"),
        ("preview --port 0", "serve"),
        ("tasks --serve --port 0", "serve"),
        ("demo --watch", "serve"),
        ("status --env production", "s3"),
        ("confirm abcdefg --env production", "s3"),
        ("lsp", "lsp"),
        ("mcp", "mcp"),
    ],
)
def test_what_needs_an_extra_names_it(shop, tmp_path, words, extra):
    """If an extra is missing, one sentence says what needs it, and the hint is the command that installs it."""
    settings = shop / "deployer.yaml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("state: git #", "state: s3://northwind-states/shop #"), encoding="utf-8")
    call = words.split() if words.startswith("demo") else [*words.split(), "--project", str(shop)]
    ((code, _, err),) = plain([call], tmp_path)
    sentence, hint, *more = [one for one in err.splitlines() if one.startswith(("error: ", "hint: "))]
    assert code == exits.USAGE
    assert f"needs the extra [{extra}]: `" in sentence
    assert hint == f"hint: pip install '{SETTINGS['name']}[{extra}]'"
    assert not more


def test_each_extra_is_one_of_the_package():
    """The table of modules names extras that pyproject.toml has, and `[test]` brings all of them."""
    extras = SETTINGS["optional-dependencies"]
    assert set(EXTRAS.values()) <= set(extras)
    (everything,) = [one for one in extras["test"] if one.startswith(SETTINGS["name"])]
    assert set(EXTRAS.values()) <= set(everything.partition("[")[2].rstrip("]").split(","))
