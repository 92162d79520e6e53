"""The extension for VS Code starts the server that its settings name, for the languages that the server reads.

VS Code and its client library are played by a few lines of JavaScript; `.ci/run` packages the extension with the real
ones.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

EXTENSION = Path(__file__).resolve().parents[2] / "editors" / "vscode"
PLAYED = """
const Module = require("node:module");
const seen = { errors: [], commands: [] };
class LanguageClient {
  constructor(id, name, server, client) { seen.server = server; seen.client = client; }
  async start() { if (process.argv[2] === "broken") throw new Error("no such program"); }
  isRunning() { return true; }
  async stop() {}
}
const vscode = {
  workspace: {
    getConfiguration: () => ({ get: () => process.argv[1] }),
    workspaceFolders: [{ uri: { fsPath: "/shop" } }],
  },
  window: { showErrorMessage: (text) => seen.errors.push(text) },
  commands: { registerCommand: (name) => { seen.commands.push(name); return { dispose() {} }; } },
};
const real = Module._load;
Module._load = (name, ...rest) =>
  name === "vscode" ? vscode : name === "vscode-languageclient/node" ? { LanguageClient } : real(name, ...rest);
const extension = require(EXTENSION);
extension.activate({ subscriptions: [] }).then(() => console.log(JSON.stringify(seen)));
"""

pytestmark = pytest.mark.skipif(not shutil.which("node"), reason="needs node")


def activated(path: str, *, broken: bool = False) -> dict[str, Any]:
    """What the extension does when a workspace with a project is opened."""
    script = PLAYED.replace("EXTENSION", json.dumps(str(EXTENSION / "extension.js")))
    words = ["node", "-e", script, path, *(["broken"] if broken else [])]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    return dict(json.loads(done.stdout))


@pytest.mark.parametrize(
    ("named", "started"),
    [
        ("deployer", "deployer"),
        ("", "deployer"),
        (".venv/bin/deployer", "/shop/.venv/bin/deployer"),
        ("/usr/bin/deployer", "/usr/bin/deployer"),
    ],
)
def test_the_program_that_the_settings_name_is_started(named: str, started: str) -> None:
    """A name is looked up on the path; a relative path counts from the workspace."""
    seen = activated(named)
    assert seen["server"] == {"command": started, "args": ["lsp"]}
    assert {one["language"] for one in seen["client"]["documentSelector"]} == {"yaml", "html", "jinja", "plaintext"}
    assert seen["errors"] == []


def test_a_server_that_does_not_start_is_explained() -> None:
    """If the program isn't there, the message says what to install and which setting names it."""
    (message,) = activated("deployer", broken=True)["errors"]
    assert "no such program" in message
    assert "journey-deployer[lsp]" in message
    assert "deployer.path" in message


def test_every_command_of_the_manifest_is_registered() -> None:
    """If the manifest offers a command, the extension has it, and its settings are those that it reads."""
    manifest = json.loads((EXTENSION / "package.json").read_text("utf-8"))
    assert [one["command"] for one in manifest["contributes"]["commands"]] == activated("deployer")["commands"]
    assert list(manifest["contributes"]["configuration"]["properties"]) == ["deployer.path"]
    assert (EXTENSION / manifest["main"]).is_file()
