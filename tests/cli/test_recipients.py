"""Nobody is messaged by accident: test contacts only, or typed twice on a terminal."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from deployer.cli import exits

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Deployer = Callable[..., Any]

STRANGER = "+12065550199"


@pytest.mark.parametrize("words", [("send", "order_shipped"), ("subscribe", "checkout")])
def test_a_stranger_is_refused(words: tuple[str, ...], tea: Path, deployer: Deployer) -> None:
    """If the recipient is no test contact, nothing is sent, and the address isn't repeated."""
    done = deployer(*words, "--to", STRANGER, "--project", tea)
    assert done.code == exits.FAILED
    assert "--recipient-not-listed" in done.err
    assert STRANGER not in done.err + done.out


@pytest.mark.parametrize("words", [("send", "order_shipped"), ("subscribe", "checkout")])
def test_without_a_terminal_a_stranger_is_never_reached(words: tuple[str, ...], tea: Path, deployer: Deployer) -> None:
    """If the override is said where nobody can type, that is wrong usage."""
    done = deployer(*words, "--to", STRANGER, "--recipient-not-listed", "--project", tea)
    assert done.code == exits.USAGE
    assert "terminal" in done.err


@pytest.mark.parametrize(("typed", "code"), [(STRANGER, exits.DONE), ("+12065550198", exits.USAGE)])
def test_a_stranger_is_typed_again(typed: str, code: int, tea: Path, start: Callable[..., Any]) -> None:
    """If the address is typed again on a terminal, the event goes out; another address stops it."""
    started = start("send", "order_shipped", "--to", STRANGER, "--recipient-not-listed", "--project", tea, columns=80)
    started.until("again")
    started.type(typed)
    assert started.end() == code
    assert ("sent order_shipped" in started.seen) == (code == exits.DONE)


def test_a_user_in_the_payload_counts_as_recipient(tea: Path, deployer: Deployer, tmp_path: Path) -> None:
    """If the payload is a whole request body about somebody else, it is refused like --to."""
    properties = {"order_id": "17", "tracking_url": "https://tea.example/t/17"}
    body = {"type": "Order Shipped", "properties": properties, "user": {"phone": STRANGER}}
    file = tmp_path / "body.json"
    file.write_text(json.dumps(body), encoding="utf-8")
    assert deployer("send", "order_shipped", "--data", file, "--project", tea).code == exits.FAILED
    file.write_text(json.dumps(properties), encoding="utf-8")
    assert deployer("send", "order_shipped", "--data", file, "--project", tea).code == exits.DONE


def test_a_payload_is_checked_first(tea: Path, deployer: Deployer, tmp_path: Path) -> None:
    """If the payload doesn't match the declared event, each violation is told with its place."""
    file = tmp_path / "payload.json"
    file.write_text(json.dumps({"order_id": 17, "trackingUrl": "x"}), encoding="utf-8")
    done = deployer("send", "order_shipped", "--data", file, "--project", tea)
    assert done.code == exits.FAILED
    assert "/order_id" in done.err
    assert "tracking_url" in done.err


def test_subscribing_twice_texts_nobody(tea: Path, deployer: Deployer) -> None:
    """If the test contact is subscribed already, there is nothing to do."""
    assert "subscribed through" in deployer("subscribe", "checkout", "--project", tea).out
    assert "nothing to do" in deployer("subscribe", "checkout", "--project", tea).out
