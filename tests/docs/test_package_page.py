"""The package's page has no link that leads nowhere: a release writes the repository's address into it."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

ROOT = Path(__file__).resolve().parents[2]
ADDRESS = "https://forge.example/shop/deployer"


@pytest.fixture(scope="module")
def page(tmp_path_factory) -> Path:
    """A copy of both files, after the script."""
    folder = tmp_path_factory.mktemp("page")
    for name in ("README.md", "pyproject.toml"):
        shutil.copy(ROOT / name, folder)
    words = [sys.executable, str(ROOT / ".ci" / "addresses.py"), f"{ADDRESS}/", "v0.2.0"]
    subprocess.run(words, cwd=folder, check=True)
    return folder


def targets(text: str) -> list[tuple[str, str]]:
    """Each link and picture as a reader of markdown finds it: its kind and where it leads."""
    tokens = [one for token in MarkdownIt().parse(text) for one in token.children or ()]
    found = [(one.type, one.attrGet("href") or one.attrGet("src")) for one in tokens]
    return [(kind, str(target)) for kind, target in found if target and not target.startswith("#")]


def test_every_link_and_picture_leads_to_a_file_of_the_tag(page):
    """What a reader of markdown finds is absolute, pictures are bytes, and each file exists."""
    before = targets((ROOT / "README.md").read_text(encoding="utf-8"))
    after = targets((page / "README.md").read_text(encoding="utf-8"))
    assert len(before) == len(after) > 20
    for (kind, old), (_, new) in zip(before, after, strict=True):
        if old.startswith("https://"):
            assert new == old
            continue
        assert new == f"{ADDRESS}/{'raw' if kind == 'image' else 'blob'}/v0.2.0/{old}"
        assert (ROOT / old.partition("#")[0]).exists(), old


def test_what_is_printed_stays(page):
    """A transcript is what a command prints, and a command is what people copy: neither is touched."""
    blocks = [
        re.findall(r"^```.*?^```$", (folder / "README.md").read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
        for folder in (ROOT, page)
    ]
    assert blocks[0] == blocks[1]


def test_the_package_names_where_it_comes_from(page):
    """The package has the project's URLs, and is otherwise as it was; the repository itself names no address."""
    settings, before = (
        tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8")) for folder in (page, ROOT)
    )
    urls = settings["project"].pop("urls")
    assert settings == before
    assert set(urls) == {"Source", "Documentation", "Changelog", "Issues"}
    assert all(url.startswith(ADDRESS) for url in urls.values())
