"""The sandbox's page in a browser: texts arrive on an open page, phones reply, time is moved on."""

from __future__ import annotations

import re
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from deployer.sandbox import SignUpUnit
from tests.views.pages.conftest import Seen, expect
from tests.views.pages.sandboxes import PHONE, Served, served_sandbox

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Page

JSON = {"content-type": "application/json"}
SHIPPED = {
    "Order Id": "54321",
    "tracking_url": "https://northwind.example/t/54321",
    "mediaUrl": "https://northwind.example/box.jpg",
    "delivery_date": "May 10",
}
DELIVERED = {
    "Order Id": "54321",
    "order_url": "https://northwind.example/orders/54321",
    "review_url": "https://northwind.example/r/54321",
    "items": [{"name": "Stoneware mug", "quantity": 2, "price": "$18.00"}],
}


class SeenPhones(Seen):
    """The sandbox's page in the browser."""

    def texts(self) -> list[str]:
        """What the phone's bubbles read, oldest first."""
        return self.page.locator(f"[data-phone='{PHONE}'] .read").all_inner_texts()

    def wait_for(self, words: str) -> None:
        """Wait until the phone shows a text with these words."""
        expect(self.page.locator(f"[data-phone='{PHONE}'] .read", has_text=words).first).to_be_visible()

    def reply(self, words: str) -> None:
        """Reply from the phone."""
        self.page.get_by_label(f"Reply from {PHONE}").fill(words)
        self.page.locator(f"[data-phone='{PHONE}'] form button").click()


class Shop(Served):
    """The example's sandbox."""

    def subscribe(self, unit: str = "1001") -> None:
        """Subscribe the phone through a sign-up unit: that of the checkout, if no other is named."""
        self.post("/v1/subscriptions", {"user": {"phone": PHONE}, "signUpSourceId": unit})

    def send(self, name: str, properties: dict[str, Any], **user: str) -> None:
        """Send an event about the phone, or about another user."""
        self.post("/v1/events/custom", {"type": name, "user": user or {"phone": PHONE}, "properties": properties})

    def ship(self, number: str = "54321") -> None:
        """Send the event of a shipped order."""
        self.send("Order Shipped", {**SHIPPED, "Order Id": number})


@pytest.fixture
def served(applied: Path) -> Iterator[Shop]:
    """The example with every task confirmed, its sandbox served."""
    with served_sandbox(applied) as served:
        yield Shop(served.url, served.page, served.phones)


@pytest.fixture
def look(opened: Callable[..., SeenPhones], served: Shop) -> Callable[..., SeenPhones]:
    """Open the served page."""
    return lambda **how: opened(SeenPhones, served.page, offline=False, **how)


def test_a_text_arrives_while_somebody_looks(served: Shop, look: Callable[..., SeenPhones]) -> None:
    """An event that the shop's service sends becomes a text on the phone of an open page, and a line of its events."""
    served.subscribe()
    seen = look()
    served.ship("777")
    seen.wait_for("Order 777")
    assert any(text.startswith("Northwind: Order 777") for text in seen.texts())
    events = seen.page.locator("#events")
    expect(events).to_contain_text("order_shipped: sent text")
    assert seen.faint() == []


def test_stop_help_and_start_are_replied_on_the_page(served: Shop, look: Callable[..., SeenPhones]) -> None:
    """STOP ends the texts, START brings them back, HELP is answered; the tag beside the phone's number follows."""
    served.subscribe()
    seen = look()
    seen.reply("HELP")
    seen.wait_for("texts about your orders")
    seen.reply("STOP")
    seen.wait_for("unsubscribed")
    tag = seen.page.locator(f"[data-phone='{PHONE}'] .who .tag")
    expect(tag).to_have_text("transactional: opted out")
    served.ship("1")
    expect(seen.page.locator("#events")).to_contain_text("isn't subscribed")
    seen.reply("START")
    seen.wait_for("subscribed to our texts again")
    served.ship("2")
    seen.wait_for("Order 2 ")
    assert not any("Order 1 " in text for text in seen.texts())


def test_a_double_opt_in_is_confirmed_on_the_page(served: Shop, look: Callable[..., SeenPhones]) -> None:
    """Where the account waits for a Reply Y, the phone gets texts after it replied Y."""
    served.phones.sandbox.wait_for_reply_y(True)
    served.subscribe()
    seen = look()
    tag = seen.page.locator(f"[data-phone='{PHONE}'] .who .tag")
    expect(tag).to_have_text("transactional: waits for Y")
    seen.reply("Y")
    expect(tag).to_have_text("transactional: subscribed")


def test_time_is_moved_on_to_what_is_due(served: Shop, look: Callable[..., SeenPhones]) -> None:
    """Who waits in a journey is listed; a click on what is due next lets it go on."""
    served.phones.sandbox.ensure_sign_up_unit(SignUpUnit("900", "MARKETING", ("TEXT",)))
    served.subscribe()
    served.subscribe("900")
    served.send("Order Delivered", DELIVERED)
    seen = look()
    rows = seen.page.locator("#journeys tbody tr")
    expect(rows).to_have_count(1)
    seen.page.locator("#skip").click()
    expect(rows).to_have_count(0)
    expect(seen.page.locator("#events")).to_contain_text("order_delivered: sent review")


def test_webhooks_and_their_deliveries_are_shown(served: Shop, look: Callable[..., SeenPhones]) -> None:
    """A webhook shows its signing key, and each delivery with its outcome."""
    got: list[bytes] = []

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            got.append(self.rfile.read(int(self.headers["content-length"])))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Hook) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            url = f"http://127.0.0.1:{server.server_port}/hook"
            served.post("/v1/webhooks", {"url": url, "events": ["sms.sent"]})
            served.subscribe()
            seen = look()
            served.ship("9")
            row = seen.page.locator("#webhooks tbody tr", has_text=url).filter(has_text="delivered")
            expect(row.first).to_be_visible()
            expect(seen.page.locator("#webhooks .key", has_text=re.compile(r"^[0-9a-f]{64}$")).first).to_be_visible()
        finally:
            server.shutdown()
            thread.join()
    assert b"Northwind: Order 9" in got[0]


def test_what_is_being_written_survives_a_new_text(served: Shop, look: Callable[..., SeenPhones]) -> None:
    """A reply that is half written keeps its words and the focus while a text arrives."""
    served.subscribe()
    seen = look()
    field = seen.page.get_by_label(f"Reply from {PHONE}")
    field.fill("half a")
    served.ship("31")
    seen.wait_for("Order 31")
    seen.page.keyboard.type(" reply")
    assert field.input_value() == "half a reply"


def test_an_email_is_shown_in_a_frame_that_runs_nothing(served: Shop, look: Callable[..., SeenPhones]) -> None:
    """An email is in the inbox by its subject; opened, its HTML is in a sandboxed frame, and nothing is loaded."""
    served.send("Order Delivered", DELIVERED, email="ana@example.com")
    seen = look()
    mail = seen.page.locator("[data-inbox='ana@example.com'] details")
    mail.first.locator("summary").click()
    frame = mail.first.locator("iframe")
    assert frame.get_attribute("sandbox") == ""
    assert "<" in str(frame.get_attribute("srcdoc"))


def test_a_narrow_page_fits(served: Shop, look: Callable[..., SeenPhones]) -> None:
    """On a phone of 360 pixels nothing is cut off, in dark colors too."""
    served.subscribe()
    served.ship()
    seen = look(width=360, scheme="dark")
    seen.wait_for("Order 54321")
    assert _overflow(seen.page) <= 0
    assert seen.faint() == []


def _overflow(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def test_other_pages_and_wrong_paths_are_kept_out(served: Shop) -> None:
    """Without its secret path there is no page; other hosts, other pages, forms and wrong values are refused."""
    own = {"origin": served.url}
    with httpx.Client(trust_env=False) as client:
        assert client.get(f"{served.url}/wrong/").status_code == 404
        assert client.get(served.page, headers={"host": "evil.example"}).status_code == 400
        assert client.post(f"{served.page}reply", data={"phone": PHONE, "text": "STOP"}, headers=own).status_code == 415
        assert client.post(f"{served.page}skip", json={}).status_code == 403
        assert client.post(f"{served.page}skip", content=b"{", headers=JSON | own).status_code == 400
        unknown = {"phone": "+19995550100", "text": "STOP"}
        assert client.post(f"{served.page}reply", json=unknown, headers=own).status_code == 404
        assert client.post(f"{served.page}pass", json={"hours": -1}, headers=own).status_code == 400
        assert "default-src 'none'" in client.get(served.page).headers["content-security-policy"]
