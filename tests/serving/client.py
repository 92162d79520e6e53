"""A client of the Language Server Protocol in a page: headers, JSON, answers by their number."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import deque
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Any, Self

from tests.patience import PATIENCE

if TYPE_CHECKING:
    from pathlib import Path

COMMAND = (sys.executable, "-c", "from deployer.cli import main; main()", "lsp")


@dataclass
class Client:
    """A server as a process, and what it sent that was no answer."""

    root: Path
    capabilities: dict[str, Any] = field(default_factory=dict)
    heard: deque[dict[str, Any]] = field(default_factory=deque)

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=self.root)
        self._numbers = count(1)
        self._versions = count(1)
        self.about = self.ask(
            "initialize", {"processId": None, "rootUri": self.root.as_uri(), "capabilities": self.capabilities}
        )
        self.tell("initialized", {})
        return self

    def __exit__(self, *_: object) -> None:
        self.ask("shutdown", None)
        self.tell("exit", None)
        self._process.communicate(timeout=PATIENCE)
        self.code = self._process.returncode

    def uri(self, path: str) -> str:
        return (self.root / path).as_uri()

    def open(self, path: str, text: str | None = None) -> None:
        item = {"uri": self.uri(path), "languageId": "yaml", "version": next(self._versions)}
        shown = (self.root / path).read_text("utf-8") if text is None else text
        self.tell("textDocument/didOpen", {"textDocument": {**item, "text": shown}})

    def replace(self, path: str, text: str) -> None:
        document = {"uri": self.uri(path), "version": next(self._versions)}
        self.tell("textDocument/didChange", {"textDocument": document, "contentChanges": [{"text": text}]})

    def at(self, method: str, path: str, line: int, character: int, **more: Any) -> Any:
        place = {"textDocument": {"uri": self.uri(path)}, "position": {"line": line, "character": character}}
        return self.ask(f"textDocument/{method}", {**place, **more})

    def tell(self, method: str, params: Any) -> None:
        self._send({"jsonrpc": "2.0", "method": method, **({} if params is None else {"params": params})})

    def ask(self, method: str, params: Any) -> Any:
        number = next(self._numbers)
        more = {} if params is None else {"params": params}
        self._send({"jsonrpc": "2.0", "id": number, "method": method, **more})
        while True:
            message = self._receive()
            if message.get("id") == number and "method" not in message:
                assert "error" not in message, message["error"]
                return message["result"]
            self.heard.append(message)

    def hear(self, method: str) -> dict[str, Any]:
        """The next message of a kind that is no answer."""
        while True:
            found = next((one for one in self.heard if one.get("method") == method), None)
            if found is not None:
                self.heard.remove(found)
                return found["params"]
            self.heard.append(self._receive())

    def diagnostics(self, path: str) -> list[dict[str, Any]]:
        """What is published next about a file."""
        while True:
            told = self.hear("textDocument/publishDiagnostics")
            if told["uri"] == self.uri(path):
                return told["diagnostics"]

    def _send(self, message: dict[str, Any]) -> None:
        body = json.dumps(message).encode()
        assert self._process.stdin is not None
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
        self._process.stdin.flush()

    def _receive(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        length = 0
        while line := self._process.stdout.readline().strip():
            name, _, value = line.partition(b":")
            length = int(value) if name.lower() == b"content-length" else length
        assert length, "the server ended"
        return json.loads(self._process.stdout.read(length))
