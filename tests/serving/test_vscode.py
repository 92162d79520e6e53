"""The extension for VS Code starts the server that its settings name, for the languages that the server reads.

VS Code and its client library are played by a few lines of JavaScript, once with the real server; `.ci/run` packages
the extension with the real ones. No test runs it in VS Code.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.patience import PATIENCE

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
CLIENT
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
extension.activate({ subscriptions: [] }).then(END);
"""
REPORT = "() => console.log(JSON.stringify(seen))"
SPEAKING = """
const { spawn } = require("node:child_process");
const [, , folder, file] = process.argv;
LanguageClient.prototype.start = async function () {
  const child = spawn(seen.server.command, seen.server.args, { cwd: folder, stdio: ["pipe", "pipe", "inherit"] });
  let rest = Buffer.alloc(0);
  const heard = [], waiting = [];
  child.stdout.on("data", (data) => {
    rest = Buffer.concat([rest, data]);
    for (;;) {
      const head = rest.indexOf("\\r\\n\\r\\n");
      const size = head < 0 ? 0 : Number(/Content-Length: (\\d+)/.exec(rest.subarray(0, head))[1]);
      if (head < 0 || rest.length < head + 4 + size) return;
      heard.push(JSON.parse(rest.subarray(head + 4, head + 4 + size)));
      rest = rest.subarray(head + 4 + size);
      waiting.splice(0).forEach((wake) => wake());
    }
  });
  this.tell = (body) => {
    const text = Buffer.from(JSON.stringify({ jsonrpc: "2.0", ...body }));
    child.stdin.write(`Content-Length: ${text.length}\\r\\n\\r\\n`);
    child.stdin.write(text);
  };
  this.hear = async (fits) => {
    while (!heard.some(fits)) await new Promise((wake) => waiting.push(wake));
    return heard.find(fits);
  };
  seen.running = this;
  this.tell({ id: 1, method: "initialize", params: { processId: null, rootUri: null, capabilities: {} } });
  await this.hear((one) => one.id === 1);
  this.tell({ method: "initialized", params: {} });
};
"""
OPENS = """async () => {
  const client = seen.running, uri = require("node:url").pathToFileURL(file).href;
  const text = require("node:fs").readFileSync(file, "utf-8");
  const textDocument = { uri, languageId: "yaml", version: 1, text };
  client.tell({ method: "textDocument/didOpen", params: { textDocument } });
  const { params } = await client.hear((one) => one.params?.uri === uri && one.params.diagnostics?.length);
  client.tell({ id: 2, method: "shutdown" });
  await client.hear((one) => one.id === 2);
  client.tell({ method: "exit" });
  console.log(JSON.stringify(params.diagnostics));
}"""

pytestmark = pytest.mark.skipif(not shutil.which("node"), reason="needs node")


def activated(path: str, *, broken: bool = False) -> dict[str, Any]:
    """What the extension does when a workspace with a project is opened."""
    return dict(run(path, *(["broken"] if broken else [])))


def run(*words: str, client: str = "", end: str = REPORT) -> Any:
    """Activate the extension in Node, with a library that has ``client`` as well, and give what ``end`` prints."""
    filled = {"EXTENSION": json.dumps(str(EXTENSION / "extension.js")), "CLIENT": client, "END": end}
    script = re.sub("|".join(rf"\b{name}\b" for name in filled), lambda match: filled[match[0]], PLAYED)
    done = subprocess.run(["node", "-e", script, *words], capture_output=True, text=True, check=True, timeout=PATIENCE)
    return json.loads(done.stdout)


def test_the_server_that_it_starts_checks_the_project(tmp_path: Path) -> None:
    """The program that the extension starts answers: a slip in a file that is opened is a finding with its hint."""
    pytest.importorskip("pygls", reason="the extra [lsp] isn't installed")
    shop = Path(shutil.copytree(EXTENSION.parents[1] / "examples" / "northwind", tmp_path / "shop"))
    texts = shop / "messages" / "parcels.yaml"
    texts.write_text(texts.read_text("utf-8").replace("custom['Order Id']", "custom['Order ID']", 1), "utf-8")
    program = tmp_path / "deployer"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m deployer "$@"\n')
    program.chmod(0o755)
    (found,) = run(str(program), str(shop), str(texts), client=SPEAKING, end=OPENS)
    assert found["code"] == "message/unknown-property"
    assert "did you mean `Order Id`?" in found["message"]


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
