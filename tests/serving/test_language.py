"""`deployer lsp` over standard input and output, asked by a client that isn't the library that it is made with."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.patience import PATIENCE
from tests.serving.client import Client

pytest.importorskip("pygls", reason="the extra [lsp] isn't installed")

NORTHWIND = Path(__file__).resolve().parents[2] / "examples" / "northwind"
TEXTS = "messages/parcels.yaml"
EMOJI = "\N{WRAPPED PRESENT}"


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A copy of the example shop."""
    return Path(shutil.copytree(NORTHWIND, tmp_path / "shop"))


def test_a_session_from_a_mistake_to_its_mending(shop: Path) -> None:
    """What is typed wrong is shown with its hint, the hint is applied, and the finding goes."""
    text = (shop / TEXTS).read_text("utf-8")
    wrong = text.replace("custom['Order Id']", "custom['Order ID']", 1)
    with Client(shop) as client:
        client.open(TEXTS)
        assert client.diagnostics(TEXTS) == []
        client.replace(TEXTS, wrong)
        (found,) = client.diagnostics(TEXTS)
        assert (found["code"], found["source"], found["severity"]) == ("message/unknown-property", "deployer", 1)
        assert "hint: did you mean `Order Id`?" in found["message"]
        document = {"uri": client.uri(TEXTS)}
        actions = client.ask(
            "textDocument/codeAction",
            {"textDocument": document, "range": found["range"], "context": {"diagnostics": [found]}},
        )
        preferred = next(one for one in actions if one["isPreferred"])
        assert preferred["title"] == "Write Order Id"
        client.replace(TEXTS, _edited(wrong, preferred["edit"]["changes"][client.uri(TEXTS)]))
        assert client.diagnostics(TEXTS) == []
    assert client.code == 0
    assert (shop / TEXTS).read_text("utf-8") == text


def test_places_count_as_the_protocol_counts(shop: Path) -> None:
    """Behind an emoji, which takes two units, a place is still the one that is meant, in both directions."""
    text = (shop / TEXTS).read_text("utf-8").replace("Order {{", f"{EMOJI} Order {{{{", 1)
    line = next(number for number, row in enumerate(text.split("\n")) if EMOJI in row)
    row = text.split("\n")[line]
    units = len(row[: row.index("Order Id")].encode("utf-16-le")) // 2
    with Client(shop) as client:
        client.open(TEXTS, text)
        found = client.at("hover", TEXTS, line, units + 2)
        assert "**Order Id** of `order_shipped`" in found["contents"]["value"]
        assert found["range"]["start"] == {"line": line, "character": units}
        (place,) = client.at("definition", TEXTS, line, units + 2)
        assert place["uri"] == client.uri("events/order_shipped.yaml")


def test_what_else_an_editor_asks(shop: Path) -> None:
    """Completion, references, rename, small print and formatting answer as the room for editors does."""
    journey = "journeys/order_shipped.yaml"
    text = (shop / journey).read_text("utf-8")
    rows = text.split("\n")
    line = next(number for number, row in enumerate(rows) if "send_text" in row)
    column = rows[line].index("order_shipped_text") + 3
    with Client(shop) as client:
        client.open(journey)
        items = client.at("completion", journey, line, column)
        assert "order_shipped_text" in [one["label"] for one in items]
        places = client.at("references", journey, line, column, context={"includeDeclaration": True})
        assert client.uri(TEXTS) in {one["uri"] for one in places}
        assert client.at("prepareRename", journey, line, column)["start"]["line"] == line
        changes = client.at("rename", journey, line, column, newName="shipped_words")["changes"]
        assert client.uri("deployer.yaml") in changes
        assert client.at("rename", journey, line, column, newName="Not An Id") is None
        assert "can't be an id" in client.hear("window/showMessage")["message"]
        client.open(TEXTS)
        document = {"textDocument": {"uri": client.uri(TEXTS)}}
        lenses = client.ask("textDocument/codeLens", document)
        assert lenses[0]["command"]["title"] == "segments 1\N{EN DASH}2 · preview"
        whole = {"start": {"line": 0, "character": 0}, "end": {"line": 1000, "character": 0}}
        first, *_ = client.ask("textDocument/inlayHint", {**document, "range": whole})
        row = (shop / TEXTS).read_text("utf-8").splitlines()[first["position"]["line"]]
        assert row[: first["position"]["character"]].endswith("triggerEvent.custom['Order Id']}}")
        assert (first["label"], first["tooltip"]) == ("54321", "54321 (sample happy)")
        client.replace(
            journey, text.replace("kind: Journey\n", "").replace("status: active", "status: active\nkind: Journey")
        )
        options = {"options": {"tabSize": 2, "insertSpaces": True}}
        (edit,) = client.ask("textDocument/formatting", {"textDocument": {"uri": client.uri(journey)}, **options})
        assert edit["newText"] == text


def test_a_change_on_disk_is_seen(shop: Path) -> None:
    """If a file changes outside of the editor, as when a branch is switched, the project is read again."""
    with Client(shop) as client:
        client.open(TEXTS)
        assert client.diagnostics(TEXTS) == []
        event = shop / "events" / "order_shipped.yaml"
        event.write_text(event.read_text("utf-8").replace("delivery_date", "due_date"), "utf-8")
        client.tell("workspace/didChangeWatchedFiles", {"changes": [{"uri": event.as_uri(), "type": 2}]})
        codes = {one["code"] for one in client.diagnostics(TEXTS)}
        assert "message/unknown-property" in codes


def _edited(text: str, edits: list[dict]) -> str:
    """A text without astral characters after its edits, which don't overlap."""
    rows = text.split("\n")
    starts = [0]
    for row in rows:
        starts.append(starts[-1] + len(row) + 1)
    for one in sorted(edits, key=lambda each: each["range"]["start"]["line"], reverse=True):
        start, end = (starts[place["line"]] + place["character"] for place in one["range"].values())
        text = text[:start] + one["newText"] + text[end:]
    return text


def test_a_file_outside_of_any_project_is_left_alone(tmp_path: Path) -> None:
    """In a folder without a `deployer.yaml` the server answers with nothing, and ends well."""
    (tmp_path / "compose.yaml").write_text("services: {}\n")
    with Client(tmp_path) as client:
        client.open("compose.yaml")
        assert client.at("hover", "compose.yaml", 0, 2) is None
        assert client.at("completion", "compose.yaml", 0, 2) == []
    assert client.code == 0
    assert [one for one in client.heard if one.get("method") == "textDocument/publishDiagnostics"] == []


def test_two_projects_that_open_in_one_moment_are_both_checked(shop: Path, tmp_path: Path) -> None:
    """The pause after the typing is counted for each project: a file of another one doesn't put off the first."""
    other = Path(shutil.copytree(shop, tmp_path / "other"))
    texts = str(other / TEXTS)
    with Client(shop) as client:
        client.open(TEXTS, (shop / TEXTS).read_text("utf-8").replace("custom['Order Id']", "custom['Order ID']", 1))
        client.open(texts)
        assert [one["code"] for one in client.diagnostics(TEXTS)] == ["message/unknown-property"]
        assert client.diagnostics(texts) == []


def test_an_output_that_cannot_be_written_ends_the_session(tmp_path: Path) -> None:
    """If the answers can't be written, that is one error of the machine, instead of errors about errors for ever."""
    (tmp_path / "deployer.yaml").write_text(
        "version: 1\nproject: tea\nbrand: {name: Tea}\nenvironments: {sandbox: {target: sandbox}}\n", "utf-8"
    )
    body = '{"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {"capabilities": {}}}'
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "deployer", "lsp", "--project", str(tmp_path)],
            input=f"Content-Length: {len(body)}\r\n\r\n{body}".encode(),
            stdout=full,
            stderr=subprocess.PIPE,
            timeout=PATIENCE,
            check=False,
        )
    assert done.returncode == 1
    assert "error: the output can't be used" in done.stderr.decode()
    assert b"Traceback" not in done.stderr
