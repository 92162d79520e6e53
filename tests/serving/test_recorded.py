"""Sessions of an editor as they were recorded: every step is done again, and what comes back is what is in the file.

A session is a file in ``sessions``: steps on a copy of the example shop, each with what it ``gets``. A step opens a
file (``open``), types (``type``: old and new words), or asks (``ask``, ``at`` the end of some words where it is about a
place). ``UPDATE_GOLDEN=1 pytest tests/serving/test_recorded.py`` fills in what each step gets.
"""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.serving.client import Client

pytest.importorskip("pygls", reason="the extra [lsp] isn't installed")

HERE = Path(__file__).resolve().parent
NORTHWIND = HERE.parents[1] / "examples" / "northwind"
SESSIONS = sorted((HERE / "sessions").glob("*.json"))
WHOLE = {"start": {"line": 0, "character": 0}, "end": {"line": 1000, "character": 0}}
MORE = {
    "references": {"context": {"includeDeclaration": True}},
    "codeAction": {"range": WHOLE, "context": {"diagnostics": []}},
    "inlayHint": {"range": WHOLE},
}
"""What a question of the protocol has beside its file and place."""


class Session:
    """An editor with a copy of the shop: what it has open, as it is typed."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.texts: dict[str, str] = {}

    def do(self, step: dict[str, Any]) -> Any:
        """Do one step and give what comes back, without the folder where it ran."""
        path = step["path"]
        if "open" in step:
            self.texts[path] = (self.client.root / path).read_text("utf-8")
            self.client.open(path)
            found = self.client.diagnostics(path)
        elif "type" in step:
            old, new = step["type"]
            assert self.texts[path].count(old) >= 1, old
            self.texts[path] = self.texts[path].replace(old, new, 1)
            self.client.replace(path, self.texts[path])
            found = self.client.diagnostics(path)
        else:
            found = self._ask(step)
        return json.loads(
            json.dumps(found).replace(self.client.root.as_uri(), "SHOP").replace(str(self.client.root), "")
        )

    def _ask(self, step: dict[str, Any]) -> Any:
        about: dict[str, Any] = {"textDocument": {"uri": self.client.uri(step["path"])}}
        if "at" in step:
            text = self.texts[step["path"]]
            before = text[: text.index(step["at"]) + len(step["at"])]
            about["position"] = {"line": before.count("\n"), "character": len(before) - before.rfind("\n") - 1}
        return self.client.ask(f"textDocument/{step['ask']}", about | MORE.get(step["ask"], {}) | step.get("more", {}))


@pytest.mark.parametrize("path", SESSIONS, ids=lambda path: path.stem)
def test_a_recorded_session_goes_as_it_went(path: Path, tmp_path: Path) -> None:
    """Each step gets what it got when the session was recorded."""
    shop = Path(shutil.copytree(NORTHWIND, tmp_path / "shop"))
    steps = json.loads(path.read_text("utf-8"))
    with Client(shop) as client:
        session = Session(client)
        went = [{**step, "gets": session.do(step)} for step in steps]
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(json.dumps(went, indent=1, ensure_ascii=False) + "\n", "utf-8")
        steps = went
    for step, again in zip(steps, went, strict=True):
        assert again == step
    assert client.code == 0


def test_every_question_is_in_a_session() -> None:
    """Whatever the server says that it can do is asked for in some session."""
    asked = {step.get("ask") for path in SESSIONS for step in json.loads(path.read_text("utf-8"))}
    source = (HERE.parents[1] / "deployer" / "serving" / "language.py").read_text("utf-8")
    offered = {name for method, name in METHODS.items() if f"lsp.TEXT_DOCUMENT_{method}" in source}
    assert offered == set(METHODS.values())
    assert offered <= asked


METHODS = {
    "COMPLETION": "completion",
    "HOVER": "hover",
    "DEFINITION": "definition",
    "REFERENCES": "references",
    "PREPARE_RENAME": "prepareRename",
    "RENAME": "rename",
    "CODE_ACTION": "codeAction",
    "CODE_LENS": "codeLens",
    "INLAY_HINT": "inlayHint",
    "FORMATTING": "formatting",
}
"""The questions about a file, by the protocol's constants."""
