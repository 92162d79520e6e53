// Starts `deployer lsp` for the projects of a workspace. Everything else is the server's.
"use strict";

const path = require("node:path");
const vscode = require("vscode");
const { LanguageClient } = require("vscode-languageclient/node");

const LANGUAGES = ["yaml", "html", "jinja", "plaintext"];

/** The program that the settings name; a path with a folder in it counts from the workspace. */
function program() {
  const named = vscode.workspace.getConfiguration("deployer").get("path") || "deployer";
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  const isPath = named.includes("/") || named.includes(path.sep);
  return folder && isPath && !path.isAbsolute(named) ? path.join(folder.uri.fsPath, named) : named;
}

let client;

async function start() {
  client = new LanguageClient(
    "deployer",
    "deployer",
    { command: program(), args: ["lsp"] },
    { documentSelector: LANGUAGES.map((language) => ({ scheme: "file", language })) },
  );
  try {
    await client.start();
  } catch (error) {
    const hint = "Install it with pip install 'journey-deployer[lsp]', or name it in the setting deployer.path.";
    vscode.window.showErrorMessage(`deployer lsp didn't start: ${error.message}. ${hint}`);
  }
}

exports.activate = async (context) => {
  const restart = async () => {
    await exports.deactivate();
    await start();
  };
  context.subscriptions.push(vscode.commands.registerCommand("deployer.restart", restart));
  await start();
};

exports.deactivate = async () => {
  if (client?.isRunning()) await client.stop();
};
