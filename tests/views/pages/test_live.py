"""The served page: it follows what is saved, answers this machine's browser only, and ends cleanly."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx
import pytest

import deployer
from deployer.kinds.event_type import EventType
from tests.patience import PATIENCE
from tests.views.pages.conftest import expect

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from conftest import Seen
    from playwright.sync_api import Route

COMMAND = (sys.executable, "-c", "from deployer.cli import main; main()", "preview", "--project")
SHORT_NIGHT = 'assumptions: {quiet_hours: ["20:00", "08:00"]}'
TEXT = "#at=message.order_shipped_text"
PNG = b"\x89PNG\r\n\x1a\n"


class Served:
    """`deployer preview` as a process."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        assert process.stdout is not None
        self.url = process.stdout.readline().strip().removeprefix("preview at ")

    def interrupt(self) -> tuple[int, str]:
        """Press Ctrl-C; its exit code and what it said."""
        self.process.send_signal(signal.SIGINT)
        _, said = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode, said


@contextmanager
def served(project: Path, *options: str) -> Iterator[Served]:
    """Serve a project until the block ends."""
    with subprocess.Popen(
        [*COMMAND, str(project), *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=dict(os.environ),
    ) as process:
        try:
            yield Served(process)
        finally:
            process.kill()


@pytest.fixture
def watch(shop: Path) -> Iterator[Served]:
    """The example, served."""
    with served(shop) as running:
        yield running


def test_a_macro_file_is_followed(
    watch: Served, look: Callable[..., Seen], shop: Path, edit: Callable[[Path, str, str], None]
) -> None:
    """A saved macro file shows in the page at once, which keeps its sample, its scroll and its focus."""
    seen = look(f"{watch.url}{TEXT}&sample=longest", offline=False)
    seen.page.get_by_text("Live", exact=True).wait_for()
    button = seen.page.get_by_role("button", name="Copy Composer text")
    button.focus()
    seen.page.evaluate("() => { window.same = true; window.scrollTo(0, 40); }")
    edit(shop / "macros" / "links.jinja", "Track it:", "Follow it:")
    seen.page.locator(".bubble", has_text="Follow it: https").wait_for()
    expect(seen.page.locator(".bubble").first).to_contain_text("Order NW-004829173")
    assert seen.page.evaluate("[window.same, window.scrollY]") == [True, 40]
    assert seen.page.evaluate("document.activeElement.getAttribute('aria-label')").startswith("Copy Composer text")


def test_settings_and_samples_are_followed(
    watch: Served, look: Callable[..., Seen], shop: Path, edit: Callable[[Path, str, str], None]
) -> None:
    """What a message depends on beside its words is followed too: the brand, and the samples of its event."""
    seen = look(f"{watch.url}{TEXT}", offline=False)
    edit(shop / "deployer.yaml", "name: Northwind #", "name: Southwind #")
    seen.page.locator(".bubble", has_text="Southwind: Order 54321").wait_for()
    edit(shop / "events" / "order_shipped.yaml", "delivery_date: May 10", "delivery_date: June 1")
    seen.page.locator(".bubble", has_text="should arrive June 1.").wait_for()


def test_a_mistake_leaves_the_last_good_rendering(
    watch: Served, look: Callable[..., Seen], shop: Path, edit: Callable[[Path, str, str], None]
) -> None:
    """While something is wrong the page says what and where, above how it last was; mended, it is as new."""
    seen = look(f"{watch.url}{TEXT}", offline=False)
    words = seen.text(".bubble")
    edit(shop / "macros" / "links.jinja", "[[ prop(key) ]]", "[[ prop(key ]]")
    seen.page.locator(".stale").wait_for()
    assert seen.text(".bubble") == words
    expect(seen.page.locator(".fault").first).to_contain_text("macros/links.jinja:1")
    edit(shop / "macros" / "links.jinja", "[[ prop(key ]]", "[[ prop(key) ]]")
    seen.page.locator(".stale").wait_for(state="detached")
    edit(
        shop / "messages" / "parcels.yaml",
        "channel: text\nevent: order_shipped\n",
        "channel: [text\nevent: order_shipped\n",
    )
    seen.page.locator(".stale").wait_for()
    assert seen.text(".bubble") == words
    edit(shop / "messages" / "parcels.yaml", "channel: [text\n", "channel: text\n")
    seen.page.locator(".stale").wait_for(state="detached")
    edit(shop / "deployer.yaml", "environments:", "environments: [")
    seen.page.get_by_text("can\N{RIGHT SINGLE QUOTATION MARK}t be read now").wait_for()
    assert seen.text(".bubble") == words


def test_errors_are_told_in_the_terminal(
    watch: Served, look: Callable[..., Seen], shop: Path, edit: Callable[[Path, str, str], None]
) -> None:
    """Who looks at the terminal reads the errors there as well."""
    seen = look(f"{watch.url}{TEXT}", offline=False)
    edit(shop / "messages" / "parcels.yaml", "event: order_shipped\n", "event: order_shiped\n")
    seen.page.locator(".fault").first.wait_for()
    _, said = watch.interrupt()
    assert "order_shiped" in said
    seen.page.get_by_text("Not live").wait_for()
    seen.said.clear()  # the browser complains that its server went away


def test_it_ends_with_an_open_page(watch: Served, look: Callable[..., Seen]) -> None:
    """Ctrl-C ends it though a page listens, without a word of complaint, by the code of an interrupt."""
    seen = look(watch.url, offline=False)
    seen.page.get_by_text("Live", exact=True).wait_for()
    code, said = watch.interrupt()
    assert code == 130
    assert said.split("\n") == ["every saved file shows immediately; press Ctrl-C to stop", "", "interrupted", ""]
    seen.page.get_by_text("Not live").wait_for()
    seen.said.clear()  # the browser complains that its server went away


def test_only_this_machine_with_the_secret_gets_an_answer(watch: Served) -> None:
    """Without the secret in its address there is nothing, and a name from elsewhere is refused."""
    base = re.match(r"http://127\.0\.0\.1:\d+/", watch.url)
    assert base is not None
    with httpx.Client() as client:
        assert client.get(watch.url).status_code == 200
        for path in ("", "data.json", "events", "x/", "x/data.json"):
            assert client.get(base[0] + path).status_code == 404
        for host in ("northwind.example", "northwind.example:80", "127.0.0.1.northwind.example", ""):
            assert client.get(watch.url, headers={"Host": host}).status_code == 400
            assert client.get(watch.url + "data.json", headers={"Host": host}).status_code == 400
        assert client.post(watch.url).status_code == 405


def test_headers_keep_the_page_to_itself(watch: Served) -> None:
    """Every answer forbids framing, sniffing and keeping; the page's policy lets it ask its own server only."""
    with httpx.Client() as client:
        for path in ("", "data.json", "nothing"):
            headers = client.get(watch.url + path).headers
            assert headers["x-frame-options"] == "DENY"
            assert headers["x-content-type-options"] == "nosniff"
            assert headers["cache-control"] == "no-store"
            assert headers["referrer-policy"] == "no-referrer"
        policy = client.get(watch.url).headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "connect-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "script-src 'sha256-" in policy


def test_a_hidden_file_changes_nothing(watch: Served, shop: Path) -> None:
    """The private folder and hidden files aren't part of the project: no page is told of them."""
    place = urlsplit(watch.url)
    assert place.hostname
    with closing(HTTPConnection(place.hostname, place.port, timeout=PATIENCE)) as connection:
        connection.request("GET", f"{place.path}events")
        stream = connection.getresponse()
        assert stream.readline() == b": connected\n"
        assert stream.readline() == b"\n"
        (shop / ".deployer").mkdir()
        (shop / ".deployer" / "state.json").write_text("{}", encoding="utf-8")
        (shop / ".hidden.yaml").write_text("kind: x", encoding="utf-8")
        connection.sock.settimeout(2)
        with pytest.raises(TimeoutError):
            stream.readline()


def ask_for_denver(seen: Seen) -> None:
    """Fill in another time and another customer's zone, and show what follows."""
    seen.page.get_by_text("Any other time or customer").click()
    seen.page.get_by_label("The event comes at").fill("2026-10-31T20:30")
    seen.page.get_by_label("Time zone of the customer").fill("America/Denver")
    seen.page.get_by_role("button", name="Show what follows").click()


def test_a_server_answers_for_any_time_and_customer(
    watch: Served, look: Callable[..., Seen], shop: Path, edit: Callable[[Path, str, str], None]
) -> None:
    """A served page asks for what is chosen, and for any other time and customer; a saved file shows in it."""
    seen = look(f"{watch.url}#at=journey.order_shipped", offline=False)
    trial = seen.page.locator(".trial")
    when = trial.locator(".when")
    when.wait_for()
    moments = seen.page.get_by_label("The event comes", exact=True)
    usual = moments.input_value()
    moments.select_option("night")
    expect(when).to_have_text("Thu 12:00")
    ask_for_denver(seen)
    expect(trial).to_contain_text("Times are those of America/Denver")
    expect(trial).to_contain_text("Saturday, October 31, 2026")
    expect(when).to_have_text("Sun 12:00")
    seen.page.get_by_label("texts, transactional").uncheck()
    seen.page.get_by_role("button", name="Show what follows").click()
    seen.page.get_by_text("No text arrives").wait_for()
    seen.page.get_by_label("Time zone of the customer").fill("Mars/Olympus")
    seen.page.get_by_role("button", name="Show what follows").click()
    expect(trial.get_by_role("alert")).to_contain_text("`Mars/Olympus` is not a time zone")
    assert seen.said.pop().startswith("error: Failed to load resource: the server responded with a status of 422")
    moments.select_option(usual)
    expect(when).to_have_text("Wed 12:00")
    moments.select_option("night")
    expect(when).to_have_text("Thu 12:00")
    edit(shop / "deployer.yaml", "time_zone:", f"{SHORT_NIGHT}\ntime_zone:")
    expect(when).to_have_text("Thu 08:00")


def test_a_late_answer_does_not_replace_a_newer_one(watch: Served, look: Callable[..., Seen]) -> None:
    """The answer for a choice comes after the one for another time and customer, which is still what is shown."""
    seen = look(f"{watch.url}#at=journey.order_shipped", offline=False)
    trial = seen.page.locator(".trial")
    trial.locator(".when").wait_for()
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    seen.page.route("**/trial.json?*", hold, times=1)
    with seen.page.expect_request("**/trial.json?*"):
        seen.page.get_by_label("The event comes", exact=True).select_option("night")
    ask_for_denver(seen)
    expect(trial).to_contain_text("Times are those of America/Denver")
    with seen.page.expect_response("**/trial.json?*when=night*") as late:
        held.pop().continue_()
    late.value.finished()
    seen.page.evaluate("() => fetch('data.json').then((answer) => answer.text())")
    expect(seen.page.locator(".trial").first).to_contain_text("Times are those of America/Denver")
    expect(trial.locator(".when")).to_have_text("Sun 12:00")


def test_a_saved_file_keeps_another_time_and_customer(
    watch: Served, look: Callable[..., Seen], shop: Path, edit: Callable[[Path, str, str], None]
) -> None:
    """A saved file changes what follows for the other customer; the form stays open, until something is chosen."""
    seen = look(f"{watch.url}#at=journey.order_shipped", offline=False)
    when = seen.page.locator(".trial .when")
    when.wait_for()
    ask_for_denver(seen)
    expect(when).to_have_text("Sun 12:00")
    seen.page.get_by_label("emails, marketing").check()
    edit(shop / "deployer.yaml", "time_zone:", f"{SHORT_NIGHT}\ntime_zone:")
    expect(when).to_have_text("Sun 08:00")
    zone = seen.page.get_by_label("Time zone of the customer")
    expect(zone).to_be_visible()
    expect(zone).to_have_value("America/Denver")
    expect(seen.page.get_by_label("The event comes at")).to_have_value("2026-10-31T20:30")
    expect(seen.page.get_by_label("emails, marketing")).to_be_checked()
    seen.page.get_by_label("The event comes", exact=True).select_option("night")
    expect(when).to_have_text("Thu 08:00")
    expect(zone).to_have_value("America/Denver")


def test_connecting_draws_nothing_again(watch: Served, look: Callable[..., Seen]) -> None:
    """The page that the server gives is up to date: what its connection brings first is not drawn a second time."""
    seen = look(f"{watch.url}#at=journey.order_shipped", offline=False)
    seen.page.locator(".trial .when").wait_for()
    seen.page.get_by_text("Live", exact=True).wait_for()
    seen.page.evaluate("() => fetch('data.json').then((answer) => answer.text())")
    assert sum("trial.json" in url for url in seen.asked) == 1


def test_a_served_page_opens_the_words_in_an_editor(watch: Served, look: Callable[..., Seen], shop: Path) -> None:
    """Where words are tried, a link leads to their line in this machine's editor; what is typed outlives a save."""
    seen = look(f"{watch.url}{TEXT}", offline=False)
    seen.page.get_by_text("Live", exact=True).wait_for()
    seen.page.get_by_role("button", name="Try words").click()
    seen.page.get_by_label("Composer text to try").fill("Order {{triggerEvent.custom['Order Id']}} has left.")
    link = seen.page.get_by_role("link", name="Open in VS Code")
    expect(link).to_have_attribute("href", f"vscode://file{shop.resolve().as_posix()}/messages/parcels.yaml:8")
    path = shop / "messages" / "parcels.yaml"
    path.write_text("# words of parcels\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    expect(link).to_have_attribute("href", f"vscode://file{shop.resolve().as_posix()}/messages/parcels.yaml:9")
    expect(seen.page.get_by_label("Composer text to try")).to_have_value(
        "Order {{triggerEvent.custom['Order Id']}} has left."
    )


def test_values_are_tried_on_a_served_page(watch: Served, look: Callable[..., Seen], shop: Path) -> None:
    """What is typed shows in the phone; what is empty or wrong is red; a copy of it is a sample of the event."""
    seen = look(f"{watch.url}{TEXT}", offline=False)
    seen.page.evaluate("() => { navigator.clipboard.writeText = async (text) => { window.copied = text; }; }")
    seen.page.get_by_role("button", name="Try values").click()
    card = seen.page.locator(".try-values")
    seen.page.get_by_label("Order Id").fill("AB-17")
    expect(seen.page.locator(".bubble")).to_contain_text("Order AB-17 is on its way")
    expect(card.locator(".empty")).to_have_count(0)
    seen.page.get_by_label("delivery_date").fill("")
    expect(card).to_contain_text("empty: the message has a gap here")
    expect(seen.page.locator(".bubble .hole")).to_have_count(1)
    seen.page.get_by_label("delivery_date").fill("Zo\u00eb's day")
    expect(seen.page.locator(".wide-list")).to_contain_text("U+00EB")
    seen.page.get_by_label("leave it out").check()
    expect(seen.page.get_by_label("carrier", exact=True)).to_have_count(0)
    seen.page.get_by_label("Name of the sample").fill("with_accents")
    seen.page.get_by_role("button", name="Copy as a sample").click()
    seen.page.get_by_role("button", name="Copy as a sample").filter(has_text="Copied").wait_for()
    path = shop / "events" / "order_shipped.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("samples:\n", "samples:\n" + seen.page.evaluate("window.copied")), encoding="utf-8")
    expect(seen.page.get_by_label("with accents")).to_be_attached()
    project = deployer.load(shop).linked().project
    event = project.find(EventType, "order_shipped")
    assert event is not None
    happy = {key: value for key, value in event.samples["happy"].items() if key != "carrier"}
    assert event.samples["with_accents"] == {**happy, "Order Id": "AB-17", "delivery_date": "Zo\u00eb's day"}
    expect(seen.page.locator(".samples").first).to_contain_text("with accents")


def test_words_and_values_are_tried_together(watch: Served, look: Callable[..., Seen]) -> None:
    """Other words are filled in with other values, whichever changes; a gap is one of the words that are shown."""
    seen = look(f"{watch.url}{TEXT}", offline=False)
    seen.page.get_by_role("button", name="Try values").click()
    seen.page.get_by_label("Order Id").fill("AB-17")
    seen.page.get_by_role("button", name="Try words").click()
    field = seen.page.get_by_label("Composer text to try")
    field.fill("Parcel {{triggerEvent.custom['Order Id']}} by {{triggerEvent.custom['carrier']}} \N{EN DASH} soon")
    bubble = seen.page.locator(".bubble")
    expect(bubble).to_contain_text("Northwind: Parcel AB-17 by UPS")
    expect(seen.page.locator(".wide-list")).to_contain_text("U+2013")
    seen.page.get_by_label("Order Id").fill("CD-18")
    expect(bubble).to_contain_text("Parcel CD-18 by UPS")
    seen.page.get_by_label("delivery_date").fill("")
    told = seen.page.locator("[id='told:delivery_date']")
    expect(told).not_to_be_empty()
    expect(told).not_to_contain_text("the message has a gap here")
    field.fill("Here {{triggerEvent.custom['delivery_date']}}")
    expect(told).to_contain_text("the message has a gap here")
    expect(seen.page.locator(".bubble .hole")).to_have_count(1)
    seen.page.get_by_role("button", name="Try values").click()
    expect(bubble).to_contain_text("Here May 10")
    seen.page.get_by_role("button", name="Try values").click()
    expect(bubble).not_to_contain_text("May 10")
    seen.page.get_by_role("button", name="Try words").click()
    expect(bubble).to_contain_text("Order CD-18 is on its way")


def test_another_sample_begins_the_values_that_are_tried(watch: Served, look: Callable[..., Seen]) -> None:
    """Whichever way another sample is chosen, its values are in the form; drawing the page asks for nothing."""
    seen = look(f"{watch.url}{TEXT}", offline=False)
    seen.page.get_by_role("button", name="Try values").click()
    form = seen.page.locator(".try-values")
    expect(form.get_by_label("Order Id")).to_have_value("54321")
    seen.page.locator("[data-focus='sample:longest']").check()
    expect(form.get_by_label("Order Id")).to_have_value("NW-004829173")
    asked = seen.page.evaluate("performance.getEntriesByName(new URL('values.json', location).href).length")
    seen.page.get_by_role("button", name="Marks").click()
    seen.page.locator("[data-focus='look:dark']").check()
    assert seen.page.evaluate("performance.getEntriesByName(new URL('values.json', location).href).length") == asked
    seen.page.go_back()
    seen.page.go_back()
    seen.page.go_back()
    expect(form.get_by_label("Order Id")).to_have_value("54321")


def test_values_of_an_email_are_tried(watch: Served, look: Callable[..., Seen]) -> None:
    """An email is filled in too; an object or a list is written as JSON."""
    seen = look(f"{watch.url}#at=message.order_confirmed_email", offline=False)
    seen.page.get_by_role("button", name="Try values").click()
    seen.page.get_by_label("items").fill('[{"name": "Lamp", "quantity": 3, "price": "$9"}]')
    letter = seen.page.frame_locator("iframe")
    expect(letter.locator("body")).to_contain_text("Lamp")
    seen.page.get_by_label("items").fill("[")
    expect(seen.page.locator(".try-values .empty").first).to_be_visible()


class _Pictures(BaseHTTPRequestHandler):
    """A server of pictures, and of a page that isn't one."""

    def do_GET(self) -> None:
        """Give a picture."""
        self.send_response(200)
        self.end_headers()
        self.wfile.write(PNG if self.path == "/a.png" else b"<p>no picture</p>")

    def log_message(self, *args: object) -> None:
        """Print nothing."""


@pytest.fixture
def illustrated(shop: Path) -> Iterator[Path]:
    """The shop with pictures in an email: a file, one elsewhere, one that isn't there, a text file, and no address."""
    (shop / "emails" / "parcel.png").write_bytes(PNG)
    with HTTPServer(("127.0.0.1", 0), _Pictures) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        elsewhere = f"http://127.0.0.1:{server.server_port}"
        sources = ("parcel.png", f"{elsewhere}/a.png", "../../gone.png", f"{elsewhere}/page", "https://[x/a.png")
        mail = shop / "emails" / "delivered.html"
        drawn = "".join(f'<img src="{source}">' for source in sources)
        mail.write_text(mail.read_text(encoding="utf-8").replace("<p>Hello", f"{drawn}<p>Hello"), encoding="utf-8")
        yield shop
        server.shutdown()
        thread.join()


def test_pictures_of_an_email_are_loaded_on_a_click(illustrated: Path, look: Callable[..., Seen]) -> None:
    """A file of the project and a picture elsewhere are shown once they are asked for; what isn't one is named."""
    with served(illustrated) as watch:
        seen = look(f"{watch.url}#at=message.delivered_email", offline=False)
        pictures = seen.page.locator(".stage iframe").content_frame.locator("img")
        loaded = seen.page.locator(".stage iframe").content_frame.locator("img[src^='data:image/png']")
        expect(pictures.nth(3)).to_be_attached()
        expect(loaded).to_have_count(0)
        seen.page.get_by_role("button", name="Pictures").click()
        expect(loaded).to_have_count(2)
        expect(seen.page.get_by_role("alert")).to_have_count(3)
        seen.page.get_by_role("button", name="Pictures").click()
        expect(loaded).to_have_count(0)
        own = {"Origin": re.match(r"http://[^/]+", watch.url)[0]}  # type: ignore[index]  # a URL
        with httpx.Client(trust_env=False, headers=own) as client:
            for source in ("deployer.yaml", f"{watch.url}data.json", "parcel.png/../../deployer.yaml", None):
                assert client.post(f"{watch.url}picture.json", json={"src": source}).status_code == 422
        seen.said.clear()


def test_only_the_page_itself_tries_values(watch: Served) -> None:
    """Another origin, a form, another shape and a message that isn't there are refused."""
    own = {"Origin": re.match(r"http://[^/]+", watch.url)[0], "Content-Type": "application/json"}  # type: ignore[index]  # a URL
    address = f"{watch.url}values.json"
    good = {"message": "message.order_shipped_text", "sample": "happy"}
    with httpx.Client(trust_env=False) as client:
        assert client.post(address, json=good, headers={**own, "Origin": "https://evil.example"}).status_code == 403
        assert client.post(address, data=good, headers={"Origin": own["Origin"]}).status_code == 415
        assert client.post(address, json=[good], headers=own).status_code == 400
        assert client.post(address, json={**good, "message": "message.other"}, headers=own).status_code == 422
        assert client.post(address, json={**good, "sample": "other"}, headers=own).status_code == 422
        answer = client.post(address, json=good, headers=own)
    assert answer.status_code == 200
    assert answer.json()["data"]["Order Id"] == "54321"
