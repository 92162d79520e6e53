"""Small projects for the rules to look at."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from deployer.project import link
from deployer.rules import check
from deployer.source import parse_settings, read

SETTINGS = """\
version: 1
project: case
brand: { name: Acme }
apps: { orders: {}, loyalty: { managed_by: vendor } }
environments: { sandbox: { target: sandbox }, other: { target: sandbox } }
"""


def run(resources, more="", *, pin="", environment="sandbox", with_sources=True, files=()):
    """Check a project of one YAML file, with ``more`` added to its settings, and give the problems of ``pin``.

    That is a rule's id, or a family of them (empty: all): what another rule finds is that rule's matter.
    """
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "deployer.yaml").write_text(SETTINGS + more, "utf-8")
        (root / "resources.yaml").write_text(resources, "utf-8")
        for path, text in dict(files).items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text, "utf-8")
        sources = read(root)
        settings, problems = parse_settings(sources)
        assert (sources.problems, problems) == ((), ())
        linked = link(sources, settings, settings.environments[environment])
        assert linked.problems == ()
        given = {"documents": sources.documents} if with_sources else {}
        found = check(linked.project, sources.settings if with_sources else None, **given)
        return tuple(one for one in found if pin in {"", one.rule} or one.rule.startswith(f"{pin}/"))


@pytest.fixture(scope="session")
def checked():
    """Give the function that checks a small project."""
    return run
