"""A small shop's events, and payloads of theirs in files."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING, Any

import pytest

import deployer

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from deployer.contracts import CheckReport
    from deployer.project import Project

SETTINGS = """\
version: 1
project: tea
brand: {name: Tea Shop}
apps:
  shop: {description: The shop sends with this app.}
  loyalty: {managed_by: vendor}
environments:
  sandbox: {target: sandbox}
"""
EVENTS = """\
kind: EventType
id: order_shipped
name: Order Shipped
app: shop
identify_by: [phone]
properties:
  Order Id: {type: string, minLength: 1, maxLength: 12}
  tracking_url: {type: string, format: uri, minLength: 1}
  carrier: {type: string, enum: [UPS, FedEx, USPS], optional: true}
  weight: {type: number, minimum: 0, optional: true}
  lines:
    type: array
    optional: true
    items: {type: object, properties: {sku: {type: string}}}
reserved: [trackingUrl]
samples:
  happy: {Order Id: "17", tracking_url: "https://tea.example/t/17", carrier: UPS, weight: 1.5, lines: [{sku: a}]}
---
kind: EventType
id: tier_changed
name: Tier Changed
app: loyalty
owner: crm
properties:
  tier: {type: string, minLength: 1}
samples:
  happy: {tier: Gold}
"""
GOOD = {"Order Id": "17", "tracking_url": "https://tea.example/t/17"}
USER = {"phone": "+12065550100"}


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A project with two event types."""
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "deployer.yaml").write_text(SETTINGS, encoding="utf-8")
    (folder / "events.yaml").write_text(EVENTS, encoding="utf-8")
    return folder


@pytest.fixture
def project(shop: Path) -> Project:
    """The shop's project in its sandbox."""
    return deployer.load(shop).project()


@pytest.fixture
def captured(tmp_path: Path) -> Callable[..., Path]:
    """Write payloads (values, or the text itself) into a file, one a line; a name in ``.gz`` is packed."""

    def write(*payloads: Any, name: str = "captured.ndjson") -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        lines = [one if isinstance(one, str) else json.dumps(one) for one in payloads]
        data = "".join(f"{line}\n" for line in lines).encode()
        path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
        return path

    return write


@pytest.fixture
def check(project: Project) -> Callable[..., CheckReport]:
    """Check files against an event of the shop (``None``: against all)."""

    def run(*files: Path, event: str | None = "order_shipped", keep: int = 50) -> CheckReport:
        return deployer.check_payloads(project, event, deployer.payload_files([str(one) for one in files]), keep=keep)

    return run


def body(properties: Any = None, **more: Any) -> dict[str, Any]:
    """A whole request body."""
    return {"type": "Order Shipped", "user": USER, "properties": GOOD if properties is None else properties, **more}


@pytest.fixture
def make() -> Any:
    """What tests build payloads of."""

    class Make:
        good = GOOD
        user = USER

    Make.body = staticmethod(body)
    return Make
