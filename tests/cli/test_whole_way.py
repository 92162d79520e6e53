"""The whole way from an empty folder to a text on a phone, with a client that isn't ours, and a webhook that is."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
import time
import urllib.request
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from deployer.cli import exits
from tests.patience import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class Receiver:
    """The shop's endpoint: it keeps raw bodies with their headers."""

    def __init__(self) -> None:
        self.got: list[tuple[bytes, dict[str, str]]] = []
        self.url = ""

    @contextmanager
    def serving(self) -> Iterator[Receiver]:
        """Serve on a free port of this machine."""
        receiver = self

        class Hook(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                receiver.got.append((body, {name.lower(): value for name, value in self.headers.items()}))
                self.send_response(200)
                self.end_headers()

            def log_message(self, *args: object) -> None:
                """Say nothing."""

        with HTTPServer(("127.0.0.1", 0), Hook) as server:
            self.url = f"http://127.0.0.1:{server.server_port}/attentive"
            thread = threading.Thread(target=server.serve_forever)
            thread.start()
            try:
                yield self
            finally:
                server.shutdown()
                thread.join()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """The shop's endpoint, served."""
    with Receiver().serving() as served:
        yield served


def call(url: str, body: Any = None, key: str = "") -> Any:
    """Call an address with Python's own client, as anyone's service might."""
    headers = {"content-type": "application/json", **({"authorization": f"Bearer {key}"} if key else {})}
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(urllib.request.Request(url, data, headers), timeout=PATIENCE) as answer:
        raw = answer.read()
    return json.loads(raw) if raw else None


def until(look: Callable[[], Any]) -> Any:
    """Look until there is something."""
    end = time.monotonic() + PATIENCE
    while not (found := look()):
        assert time.monotonic() < end, "it never came"
        time.sleep(0.05)
    return found


def texts(page: str) -> list[str]:
    """What journeys texted to phones, from the sandbox's page."""
    people = call(f"{page}data.json")["people"]
    messages = [one for person in people for one in person["messages"]]
    return [one["parts"]["body"] for one in messages if one["channel"] == "TEXT" and one.get("reason") == "journey"]


def test_from_an_empty_folder_to_a_text(
    deployer: Callable[..., Any], start: Callable[..., Any], receiver: Receiver
) -> None:
    """Another client's event becomes the simulated text, a signed webhook tells it, and all six steps are done."""
    assert deployer("init", "--yes", "--brand", "Fern Tea").code == exits.DONE
    hook = (
        "kind: Webhook\nid: receipts\napp: shop\nurl: " + json.dumps(receiver.url) + "\nevents: [sms.sent]\n"
        "status: enabled\nenvironments: [sandbox]\n"
    )
    Path("webhooks.yaml").write_text(hook, encoding="utf-8")
    assert deployer("validate").code == exits.DONE
    assert deployer("test").code == exits.DONE
    journey = Path("journeys", "order_shipped.yaml")  # its text goes out at any hour, whenever the test runs
    journey.write_text(journey.read_text("utf-8").replace("quiet_hours: respect", "quiet_hours: ignore"), "utf-8")
    assert deployer("apply", "--yes").code == exits.DONE
    assert deployer("confirm", "--all").code == exits.DONE
    assert deployer("subscribe", "checkout").code == exits.DONE
    served = start("sandbox", "serve", "--port", "0")
    lines = served.until("Ctrl-C")
    url = lines.partition(" at ")[2].partition("\n")[0]
    page = lines.partition("phones and inboxes: ")[2].partition("\n")[0]
    assert texts(page) == []

    shown = {one["type"]: one for one in deployer("simulate", "order_shipped", "--format", "json").data["entries"]}
    expected, properties = shown["sent"]["reads"]["body"], shown["received"]["what"]["properties"]
    phone = call(f"{page}data.json")["people"][0]["phone"]
    event = {"type": "Order Shipped", "user": {"phone": phone}, "properties": properties}
    call(f"{url}/v1/events/custom", event, "sandbox-shop")
    assert until(lambda: texts(page)) == [expected]

    raw, headers = until(lambda: receiver.got)[0]
    (webhook,) = call(f"{page}data.json")["webhooks"]
    signed = hmac.new(webhook["signing_key"].encode(), raw, hashlib.sha256).hexdigest()
    assert headers["x-attentive-hmac-sha256"] == signed
    assert json.loads(raw)["message"]["text"] == expected

    steps = deployer("status", "--format", "json").data["steps"]
    assert [step["outcome"] for step in steps] == ["done"] * 6, steps


def test_confirm_all_is_for_sandboxes(tea: Path, deployer: Callable[..., Any]) -> None:
    """An Attentive account's tasks are confirmed one by one; with tokens, --all is wrong usage."""
    refused = deployer("confirm", "--all", "--env", "account", "--project", tea)
    assert refused.code != exits.DONE
    assert "works in a sandbox only" in refused.err
    both = deployer("confirm", "abc", "--all", "--project", tea)
    assert both.code == exits.USAGE
    assert deployer("apply", "--yes", "--project", tea).code == exits.DONE
    assert "no task waits there now" in deployer("confirm", "--all", "--project", tea).out


def test_confirm_all_where_nothing_waits_is_done(tea: Path, deployer: Callable[..., Any]) -> None:
    """Where no task waits, before the first apply or after the last confirmation, --all says so and succeeds."""
    for commands in ((), (("apply", "--yes"), ("confirm", "--all"))):
        assert all(deployer(*one, "--project", tea).code == exits.DONE for one in commands)
        nothing = deployer("confirm", "--all", "--project", tea)
        assert (nothing.code, nothing.err) == (exits.DONE, "")
        assert nothing.out.startswith("no task waits in sandbox")
        assert deployer("confirm", "--all", "--project", tea, "--format", "json").data["tasks"] == []


def test_the_demo_plays_a_day(start: Callable[..., Any]) -> None:
    """With --watch the demo's phones get the day's texts in order, while the page is served until Ctrl-C."""
    day = start("demo", "--watch")
    page = day.until("Ctrl-C").partition("phones and inboxes: ")[2].partition("\n")[0]
    day.until("sent order_shipped")
    first, second = until(lambda: found if len(found := texts(page)) == 2 else None)
    assert first.startswith("Northwind: ")
    assert "on its way" in second
    day.interrupt()
    assert day.end() == exits.INTERRUPTED
    assert "Traceback" not in day.seen
