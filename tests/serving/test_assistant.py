"""`deployer mcp` over standard input and output, asked by the SDK's client: nothing is written."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.patience import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Coroutine

mcp = pytest.importorskip("mcp", reason="the extra [mcp] isn't installed")
stdio = pytest.importorskip("mcp.client.stdio", reason="the extra [mcp] isn't installed")

AT = "2026-05-10 21:30"
NORTHWIND = Path(__file__).resolve().parents[2] / "examples" / "northwind"


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A copy of the example shop."""
    return Path(shutil.copytree(NORTHWIND, tmp_path / "shop"))


def run(work: Coroutine[Any, Any, Any]) -> Any:
    """Run a coroutine in another thread: Playwright keeps an event loop running in this one, if a browser was used."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


def asked(shop: Path, *questions: tuple[str, dict[str, Any]]) -> list[tuple[bool, str]]:
    """Ask the server, as a process, one question after the other: whether each failed, and the answer's text."""

    async def all_of_them() -> list[tuple[bool, str]]:
        async with mcp.Client(_server(shop)) as client:
            answers = [await client.call_tool(name, given) for name, given in questions]
        return [(bool(one.is_error), "\n".join(part.text for part in one.content)) for one in answers]

    return run(all_of_them())


def _server(shop: Path) -> Any:
    words = ["-c", "from deployer.cli import main; main()", "mcp", "--project", str(shop)]
    return stdio.StdioServerParameters(command=sys.executable, args=words, env=dict(os.environ))


def digests(folder: Path) -> dict[str, str]:
    """What every file of a folder holds."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_errors_elsewhere_stop_no_rendering(shop: Path) -> None:
    """A message and an event are shown as before while something else has an error; what has one is refused."""
    questions = (("render", {"message": "order_shipped_text"}), ("simulate", {"name": "order_shipped", "at": AT}))
    sound = asked(shop, *questions)
    broken = "kind: Message\nid: broken\nchannel: text\nevent: order_shipped\nbody: '{{'\n"
    (shop / "messages" / "broken.yaml").write_text(broken, encoding="utf-8")
    *shown, refused = asked(shop, *questions, ("render", {"message": "broken"}))
    assert shown == sound
    assert [failed for failed, _ in (*shown, refused)] == [False, False, True]


def test_every_tool_answers_and_writes_nothing(shop: Path) -> None:
    """Each tool gives what its command prints, and the folder is byte for byte what it was."""
    before = digests(shop)
    answers = asked(
        shop,
        ("validate", {}),
        ("explain", {"rule": "message/optional-in-text"}),
        ("list_declarations", {"kind": "journey"}),
        ("show", {"address": "journey.order_shipped"}),
        ("search", {"words": "SCANNED the parcel"}),
        ("render", {"message": "order_shipped_text", "sample": "longest"}),
        ("simulate", {"name": "order_shipped", "at": "2026-05-10 21:30", "subscribed": "both"}),
        ("plan", {}),
        ("check", {"event": "order_shipped", "payloads": [{"Order Id": 5}]}),
        ("propose_format", {}),
    )
    assert [failed for failed, _ in answers] == [False] * len(answers)
    texts = [text for _, text in answers]
    assert json.loads(texts[0])["problems"] == []
    assert "Bad:" in texts[1]
    assert "journey.order_shipped" in texts[2]
    assert json.loads(texts[3])["address"] == "journey.order_shipped"
    assert "event_type.order_shipped" in [one["address"] for one in json.loads(texts[4])["found"]]
    assert "NW-004829173" in texts[5]
    assert "quiet_hours" in texts[6]
    assert json.loads(texts[7])["mode"] == "offline"
    assert json.loads(texts[8])["failed"] is True
    assert texts[9] == ""
    assert digests(shop) == before


def test_a_change_is_a_patch_that_git_takes(shop: Path) -> None:
    """What is proposed isn't written; `git apply` writes it, and the project validates then."""
    before = digests(shop)
    texts = (shop / "messages" / "parcels.yaml").read_text("utf-8")
    (_, segment), (_, edit), (_, wrong) = asked(
        shop,
        ("propose_resource", {"kind": "segment", "name": "vip"}),
        ("propose_edit", {"path": "messages/parcels.yaml", "text": texts.replace("is on its way", "has left", 1)}),
        ("propose_edit", {"path": "messages/parcels.yaml", "text": texts.replace("Order Id", "Order ID", 1)}),
    )
    assert digests(shop) == before
    assert [one["rule"] for one in json.loads(wrong)["findings"]["problems"]] == ["message/unknown-property"]
    for patch in (segment, json.loads(edit)["patch"]):
        subprocess.run(["git", "apply", "-"], input=patch.encode(), cwd=shop, check=True)
    assert "has left" in (shop / "messages" / "parcels.yaml").read_text("utf-8")
    ((_, after), (_, found)) = asked(shop, ("validate", {}), ("show", {"address": "segment.vip"}))
    assert json.loads(after)["summary"]["errors"] == 0
    assert json.loads(found)["kind"] == "segment"


@pytest.mark.parametrize("odd", ["\u2028", "\x85", "\x0b", "\r"], ids=["U+2028", "NEL", "VT", "CR"])
def test_a_patch_survives_characters_that_only_look_like_line_breaks(shop: Path, odd: str) -> None:
    """Git ends lines at a line feed alone, and so does the patch: what is proposed is what `git apply` writes."""
    wanted = f"before{odd}after\nno line feed at the end"
    ((_, found),) = asked(shop, ("propose_edit", {"path": "macros/odd.txt", "text": wanted}))
    subprocess.run(["git", "apply", "-"], input=json.loads(found)["patch"].encode(), cwd=shop, check=True)
    assert (shop / "macros" / "odd.txt").read_bytes() == wanted.encode()


def test_what_cannot_be_done_says_what_to_do(shop: Path) -> None:
    """An unknown name, and a project in error, are answers with a hint and places, not a broken connection."""
    (shop / "broken.yaml").write_text("kind: Segment\nid: [\n", "utf-8")
    answers = asked(
        shop,
        ("explain", {"rule": "message/optional-in-txt"}),
        ("list_declarations", {"kind": "jorney"}),
        ("show", {"address": "journey.order_shipped"}),
    )
    assert [failed for failed, _ in answers] == [True, True, True]
    assert "did you mean `message/optional-in-text`?" in answers[0][1]
    assert "did you mean `journey`?" in answers[1][1]
    assert "broken.yaml:2" in answers[2][1]


def test_schemas_and_rules_are_resources(shop: Path) -> None:
    """An assistant reads the schema of a kind, and a rule with its examples."""

    async def read() -> list[str]:
        async with mcp.Client(_server(shop)) as client:
            found = [
                await client.read_resource(f"deployer://{one}")
                for one in ("schemas/journey", "rules/message/optional-in-text")
            ]
        return [one.contents[0].text for one in found]

    journey, rule = run(read())
    assert json.loads(journey)["title"] == "Journey"
    assert rule.startswith("# message/optional-in-text")


def test_an_output_that_cannot_be_written_ends_the_session(shop: Path) -> None:
    """If the answers can't be written, that is one error of the machine, no bug."""
    client = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "editor", "version": "1"}}
    asking = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": client})
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "deployer", "mcp", "--project", str(shop)],
            input=asking.encode() + b"\n",
            stdout=full,
            stderr=subprocess.PIPE,
            timeout=PATIENCE,
            check=False,
        )
    assert done.returncode == 1
    assert "error: the output can't be used" in done.stderr.decode()
