"""A large file of lines is checked in stretches, on every core: the report is that of the file read from one end."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import deployer
from deployer import cores
from deployer.contracts import batches, captured, scanning, stretches, tally
from deployer.contracts.infer.inference import Wish

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")

FINE = json.dumps({"Order Id": "17", "tracking_url": "https://tea.example/t/17"})
LINES = st.sampled_from(
    [
        FINE,
        FINE,
        f"  {FINE} \r",
        f"\ufeff{FINE}",
        f"{FINE} {FINE}",
        "",
        "\r",
        " \t",
        "{",
        '{"Order Id": "17", "Order Id": "18"}',
        '{"Order Id": "one that is far too long", "tracking_url": "no link"}',
        '{"Order Id": "1", "tracking_url": "https://tea.example/é", "weight": -1, "Carrier": "UPS"}',
        '{"Order Id": "\\ud83d", "tracking_url": "x"}',
        '{"type": "Order shipped", "properties": {}, "user": {}}',
        f'{{"Order Id": "{"7" * 300}"}}',
        "[1, 2]",
    ]
) | st.integers(0, 5).map(lambda number: json.dumps({f"Key {number}": "x", "Order Id": "1"}))
"""Lines of a capture: fine, wrong in many ways, and none."""


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stretches, payloads and summaries of a size that a test can fill."""
    monkeypatch.setattr(stretches, "STRETCH", 100)
    monkeypatch.setattr(stretches, "PAYS", 2)
    monkeypatch.setattr(captured, "CHUNK", 150)
    monkeypatch.setattr(captured, "PAYS", 0)
    monkeypatch.setattr(batches, "BATCH", 70)
    monkeypatch.setattr(tally, "MOST_ROWS", 6)
    monkeypatch.setattr(stretches, "CHUNK", 40)
    for module in (captured, scanning):
        monkeypatch.setattr(module, "MAX_PAYLOAD", 250)


def reports(project, file: Path, monkeypatch: pytest.MonkeyPatch, keep: int):
    """What is found by reading from one end, and in stretches."""
    files = deployer.payload_files((str(file),))
    for number in (1, 2):
        monkeypatch.setattr(stretches, "cores", lambda number=number: number)
        yield deployer.check_payloads(project, "order_shipped", files, keep=keep)


@pytest.mark.usefixtures("small")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=st.lists(LINES, max_size=30), ends=st.booleans(), keep=st.integers(0, 4))
def test_stretches_find_what_the_whole_file_shows(lines, ends, keep, project, tmp_path_factory) -> None:
    """Every count, every place, every row of the summary is the same, however stretches cut the lines."""
    file = tmp_path_factory.mktemp("captured") / "captured.ndjson"
    file.write_bytes("\n".join(lines).encode() + b"\n" * ends)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cores, "cores", lambda: 1)  # in this process: what is forked is another test's
        whole, cut = reports(project, file, patch, keep)
    assert cut == whole


@pytest.mark.usefixtures("small")
@pytest.mark.skipif(cores.cores() < 2, reason="this machine has one core, or can't fork")
def test_other_processes_read_the_stretches(project, tmp_path, monkeypatch) -> None:
    """Processes that are forked find the same, and every byte is reported as read once."""
    monkeypatch.setattr(cores, "cores", lambda: 2)  # whatever threads other tests left
    file = tmp_path / "captured.ndjson"
    file.write_text("\n".join([FINE, "{", '{"Order Id": 17}'] * 40), encoding="utf-8")
    whole, cut = reports(project, file, monkeypatch, 7)
    assert cut == whole
    read: list[int] = []
    files = deployer.payload_files((str(file),))
    deployer.check_payloads(project, "order_shipped", files, progress=read.append)
    assert sum(read) == file.stat().st_size
    assert len(read) > 1


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("form", ["list", "indented", "gzip", "small"])
def test_what_cannot_be_cut_is_read_from_one_end(form, project, tmp_path, monkeypatch) -> None:
    """Values over several lines, a list, what is packed, and what is small aren't cut."""
    values = [json.loads(FINE)] * (1 if form == "small" else 20)
    file = tmp_path / "captured.json"
    lines = "\n".join(json.dumps(value) for value in values).encode()
    data = {
        "list": json.dumps(values).encode(),
        "indented": "\n".join(json.dumps(value, indent=2) for value in values).encode(),
        "gzip": gzip.compress(lines, mtime=0) + bytes(400),
        "small": lines,
    }
    file.write_bytes(data[form])
    monkeypatch.setattr(stretches, "cores", lambda: 2)
    (source,) = deployer.payload_files((str(file),))
    assert stretches.number_of(source) == 0
    report = deployer.check_payloads(project, "order_shipped", (source,))
    assert report.payloads == len(values)


@pytest.mark.usefixtures("small")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.lists(st.text("ab\n", max_size=60), max_size=12).map("\n".join))
def test_stretches_are_the_file(text, tmp_path_factory) -> None:
    """Each line is in one stretch, whole, where lines aren't too large to be read."""
    file = tmp_path_factory.mktemp("cut") / "lines"
    file.write_text(text, encoding="utf-8")
    number = -(-len(text) // stretches.STRETCH)
    parts = [_read(file, one) for one in range(number)]
    assert b"".join(parts) == text.encode()


def _read(file: Path, number: int) -> bytes:
    """Everything that is in a stretch."""
    with stretches.stretch(file, number) as stream:
        return stream.read()


@pytest.mark.usefixtures("small")
def test_inferring_sees_every_payload_of_a_large_file(shop, tmp_path, monkeypatch) -> None:
    """What remembers the payloads that it saw isn't copied into other processes: a large file is inferred from."""
    file = tmp_path / "captured.ndjson"
    body = {"type": "Order Shipped", "user": {"phone": "+12065550100"}, "properties": json.loads(FINE)}
    file.write_text("\n".join(json.dumps(body) for _ in range(30)), encoding="utf-8")
    monkeypatch.setattr(stretches, "cores", lambda: 2)
    inference = deployer.infer_events(deployer.load(shop), None, deployer.payload_files((str(file),)), Wish())
    assert [(event.name, event.payloads) for event in inference.events] == [("Order Shipped", 30)]
