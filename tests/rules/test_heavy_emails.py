"""An email that is made to be heavy, for the rules about HTML or by its many findings, is checked to the end."""

from __future__ import annotations

import resource
import subprocess
import sys

import pytest
import yaml

SETTINGS = """\
version: 1
project: bikes
brand: { name: Spoke }
apps: { shop: {} }
environments: { here: { target: sandbox } }
"""
EVENT = {
    "kind": "EventType",
    "id": "ready",
    "name": "Ready",
    "app": "shop",
    "properties": {"Ticket": {"type": "string", "minLength": 1, "examples": ["B7"]}},
}
WORK = "import deployer; print(len(deployer.load('.').check()))"
SECONDS = 60
"""Of the processor's time: each of these took minutes, and takes a few seconds."""
GIB = 1024**3


def limited():
    """End the process where it takes much longer, or much more memory, than it needs."""
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (GIB, GIB))


@pytest.mark.parametrize(
    "html",
    [
        "<a href='" * 20_000,
        "@media" * 30_000 + "<img>",
        "{{ 'x' | split: '' }}" * 3_000 + "'" * 50_000,
        "{ " * 120_000,
        "{{triggerEvent.custom['x'] | default: 'y'}} " * 7_000,
    ],
    ids=["tags without an end", "rules without a body", "many findings in one text", "stray braces", "a long line"],
)
def test_a_heavy_email_is_checked_to_the_end(tmp_path, html):
    """Neither a tag that never ends nor a text with thousands of findings keeps a check busy."""
    mail = {"kind": "Message", "id": "mail", "channel": "email", "event": "ready", "from": "a@spoke.example"}
    words = {"subject": "Ready", "preheader": "Soon", "html": f"<p>Hello</p> {html}", "plain": "Hello"}
    (tmp_path / "deployer.yaml").write_text(SETTINGS, "utf-8")
    (tmp_path / "all.yaml").write_text(yaml.safe_dump_all([EVENT, {**mail, **words}]), "utf-8")
    command = [sys.executable, "-c", WORK]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, preexec_fn=limited)
    assert (done.stderr[-2000:], done.returncode) == ("", 0)
    assert int(done.stdout) > 0
