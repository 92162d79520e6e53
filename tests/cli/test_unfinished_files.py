"""What a command leaves of its file where the disk is full: the old one, or none."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
from typing import TYPE_CHECKING

import pytest

from deployer.cli import exits

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PAYLOAD = {"type": "Order Shipped", "properties": {"order_id": "17", "tracking_url": "https://tea.example/t/17"}}


def full() -> None:
    """Let no file be written beyond a few bytes."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (64, 64))


@pytest.mark.parametrize(
    ("args", "name"),
    [
        (["preview", "--out", "{}/page.html"], "page.html"),
        (["validate", "--format", "json"], ""),
        (["render", "shipped_text", "--out", "{}/text.svg"], "text.svg"),
        (["schema", "--out", "{}/schemas"], "schemas/deployer.schema.json"),
        (["schema", "export", "order_shipped", "--out", "{}/events"], "events/order_shipped.schema.json"),
        (["infer", "{}/captured.ndjson", "--type", "New", "--out", "{}/new/event.yaml"], "new/event.yaml"),
        (["infer", "{}/captured.ndjson", "--event", "order_shipped", "--into", "{}/resources.yaml"], "resources.yaml"),
    ],
)
def test_a_full_disk_leaves_no_half_file(
    args: list[str], name: str, tea: Path, words: Callable[..., list[str]]
) -> None:
    """If there is no room, the command says which file and fails; the file is as it was."""
    body = PAYLOAD | {"properties": {**PAYLOAD["properties"], "carrier": "UPS"}, "user": {"phone": "+12065550100"}}
    lines = [body, body | {"type": "New"}]
    (tea / "captured.ndjson").write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    before = (tea / name).read_bytes() if name and (tea / name).exists() else None
    line = words("--project", tea, *[arg.format(tea) for arg in args])
    environ = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}  # half of a module's bytecode would stop the next process
    done = subprocess.run(line, preexec_fn=full, capture_output=True, text=True, check=False, env=environ)
    if not name:
        assert done.returncode == exits.DONE
        return
    assert done.returncode not in {exits.DONE, exits.BUG}
    assert "can't be written" in done.stderr
    after = (tea / name).read_bytes() if (tea / name).exists() else None
    assert after == before
    assert not [path for path in tea.rglob(".*.????????") if path.name != ".deployer"]


def test_new_event_types_go_to_a_new_folder(tea: Path, deployer: Callable[..., object]) -> None:
    """If the folder of the file isn't there yet, it is made."""
    (tea / "captured.json").write_text(json.dumps(PAYLOAD | {"type": "New"}), encoding="utf-8")
    deployer("infer", tea / "captured.json", "--type", "New", "--out", tea / "a/b/new.yaml", "--project", tea)
    assert "name: New" in (tea / "a/b/new.yaml").read_text(encoding="utf-8")
