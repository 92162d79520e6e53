"""The documentation builds as a site without a warning, finds what people look for, and asks no other server."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = Path(sys.executable).with_name("zensical")

pytestmark = pytest.mark.skipif(not PROGRAM.exists(), reason="the extra [docs] isn't installed")


def built(folder: Path) -> subprocess.CompletedProcess[str]:
    """Build the site in a folder that holds the pages."""
    return subprocess.run(
        [PROGRAM, "build", "--strict", "--clean"], cwd=folder, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, in a folder with what it is made of."""
    folder = tmp_path_factory.mktemp("docs")
    shutil.copytree(ROOT / "docs", folder / "docs", ignore=shutil.ignore_patterns("*.py"))
    shutil.copy(ROOT / "zensical.toml", folder)
    done = built(folder)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def test_every_page_is_there_and_in_the_way_to_it(site: Path) -> None:
    """Each page of docs/ is a page of the site, and the navigation or the index of rules leads to it."""
    pages = {path.relative_to(site / "docs").with_suffix(".html") for path in (site / "docs").rglob("*.md")}
    assert {page for page in pages if not (site / "site" / page).is_file()} == set()
    named = set(re.findall(r'"([\w/-]+\.md)"', (ROOT / "zensical.toml").read_text("utf-8")))
    assert {page.with_suffix(".md").as_posix() for page in pages if page.parts[0] != "rules"} == named


@pytest.mark.parametrize("words", ["quiet hours", "optional", "rename", "deployer fmt"])
def test_the_search_finds_it(site: Path, words: str) -> None:
    """What people look for is in the index that the site's own search reads."""
    assert words in json.dumps(json.loads((site / "site" / "search.json").read_text("utf-8"))).casefold()


def test_no_page_asks_another_server(site: Path) -> None:
    """Scripts, styles, fonts and pictures come with the site."""
    asked = re.compile(r'<(?:script|img|iframe|link(?=[^>]*stylesheet))[^>]*(?:src|href)="(https?:)?//')
    assert [path.name for path in (site / "site").rglob("*.html") if asked.search(path.read_text("utf-8"))] == []


def test_a_link_that_leads_nowhere_fails_the_build(site: Path, tmp_path: Path) -> None:
    """If a page links to one that isn't there, the build fails and says where."""
    folder = Path(shutil.copytree(site, tmp_path / "docs", ignore=shutil.ignore_patterns("site", ".cache")))
    (folder / "docs" / "tutorial.md").write_text("# Tutorial\n\n[gone](nowhere.md)\n", "utf-8")
    done = built(folder)
    assert done.returncode != 0
    assert "tutorial.md:3" in done.stdout + done.stderr
