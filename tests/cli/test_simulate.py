"""``deployer simulate``: what a subscriber gets, on the terminal and as data."""

from __future__ import annotations

import json
import shutil
from decimal import Decimal
from pathlib import Path

import pytest

NORTHWIND = Path(__file__).resolve().parents[2] / "examples" / "northwind"
NIGHT = ("--at", "2026-05-10 21:30", "--project", NORTHWIND)


def test_a_night_on_the_terminal(deployer):
    """A text that comes at night is shown queued, then sent at noon with its words; what is assumed is named."""
    done = deployer("simulate", "order_shipped", *NIGHT)
    assert done.code == 0
    assert "21:30 order_shipped/text queued until Mon May 11 12:00: quiet hours" in done.out
    assert "12:00 order_shipped/text sent to +12065550100, MMS, 1 segment" in done.out
    assert "| Northwind: Order 54321 is on its way and should arrive May 10." in done.out
    assert 'quiet_hours: ["20:00", "12:00"]' in done.out
    assert max(map(len, done.out.splitlines())) <= 80


def test_a_timeline_as_data(deployer):
    """As JSON each entry has its time on the subscriber's clock, what it is, and its reason."""
    done = deployer("simulate", "event_type.order_delivered", "--subscribed", "both", *NIGHT, "--format", "json")
    entries = done.data["entries"]
    assert [one["type"] for one in entries] == [
        *("received", "entered", "sent", "branch", "waits", "queued", "sent", "exit"),
    ]
    assert entries[-1]["at"] == "2026-05-14T12:00:00-04:00"
    assert entries[3]["because"]["words"] == "the subscriber is subscribed to both"
    assert done.data["assumed"]["quiet_hours"] == ["20:00", "12:00"]


def test_markdown(deployer):
    """As markdown a day is a heading and the words are quoted."""
    done = deployer("simulate", "order_shipped", *NIGHT, "--format", "markdown")
    assert "#### Mon May 11, 2026" in done.out
    assert "Northwind: Order 54321 is on its way" in done.out


def test_who_is_not_subscribed_gets_nothing(deployer):
    """Without a subscription a transactional text isn't sent, and the reason is told."""
    done = deployer("simulate", "order_shipped", "--subscribed", "nothing", *NIGHT)
    said = " ".join(done.out.split())
    assert "doesn't enter order_shipped: the subscriber isn't subscribed to transactional texts" in said


def test_a_journey_that_is_off(deployer):
    """A draft starts for nobody, unless it is taken to be active."""
    off = deployer("simulate", "journey.pickup_ready", *NIGHT)
    assert "doesn't enter pickup_ready: the journey's status is inactive" in off.out
    assert "--as-active" in off.err
    on = deployer("simulate", "journey.pickup_ready", "--as-active", *NIGHT)
    assert "enters pickup_ready" in on.out
    assert "--as-active" not in on.err


def test_data_of_a_file(deployer, tmp_path):
    """An event's own data is checked, and stands in the words."""
    data = {"Order Id": "777", "delivery_window": "9 to 11", "tracking_url": "https://northwind.example/t/777"}
    (tmp_path / "data.json").write_text(json.dumps(data), "utf-8")
    done = deployer(
        "simulate", "out_for_delivery", "--data", tmp_path / "data.json", "--variant", "copy_test=short", *NIGHT
    )
    assert "Order 777 comes today, 9 to 11" in " ".join(done.out.split())
    (tmp_path / "data.json").write_text(json.dumps({**data, "Order Id": 777}), "utf-8")
    refused = deployer("simulate", "out_for_delivery", "--data", tmp_path / "data.json", *NIGHT)
    assert refused.code == 1
    assert "Order Id" in refused.err


def test_a_subscriber_of_a_file(deployer, tmp_path):
    """A file says who the subscriber is, in the shape of a journey test's."""
    path = tmp_path / "ada.yaml"
    path.write_text("phone: '+12125550123'\ntime_zone: Asia/Tokyo\nsubscriptions: {text: [transactional]}\n", "utf-8")
    done = deployer(
        "simulate", "order_shipped", "--subscriber", path, "--project", NORTHWIND, "--at", "2026-05-10 13:00"
    )
    assert "sent to +12125550123" in done.out
    assert "clock: Asia/Tokyo" in done.out
    path.write_text("phone: '+12125550123'\ntimezone: Asia/Tokyo\n", "utf-8")
    refused = deployer("simulate", "order_shipped", "--subscriber", path, "--project", NORTHWIND)
    assert refused.code == 64
    assert "timezone" in refused.err


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "can't be read: No such file or directory"),
        (b"\xff", "can't be read: it isn't text in UTF-8"),
        (b"- phone: '+12125550123'\n", "must hold one YAML document with a subscriber, as `key: value` pairs"),
        (b"# nothing\n", "must hold one YAML document with a subscriber, as `key: value` pairs"),
    ],
)
def test_a_file_that_holds_no_subscriber(deployer, tmp_path, content, words):
    """What a file with a subscriber lacks is named, in words that are about a subscriber."""
    path = tmp_path / "ada.yaml"
    if content is not None:
        path.write_bytes(content)
    refused = deployer("simulate", "order_shipped", "--subscriber", path, "--project", NORTHWIND)
    assert refused.code == 64
    assert words in " ".join(refused.err.split())
    assert "Errno" not in refused.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("order_shiped",), "did you mean `order_shipped`?"),
        (("order_shipped", "--sample", "hapy"), "has no sample `hapy`"),
        (("order_shipped", "--at", "tomorrow"), "`tomorrow` is not a time"),
        (("order_shipped", "--at", "2026-03-08 02:30"), "no clock in America/New_York shows"),
        (("order_shipped", "--at", "3 days"), "is a duration"),
        (("order_shipped", "--age", "old"), "isn't a duration"),
        (("order_shipped", "--variant", "short"), "isn't STEP=NAME"),
        (("out_for_delivery", "--variant", "copy_test=long"), "there are: copy_test=detailed, copy_test=short"),
        (("order_shipped", "--sample", "happy", "--data", "-"), "can't be used together"),
    ],
)
def test_wrong_usage(deployer, words, said):
    """What can't be simulated is wrong usage, and the message says why."""
    done = deployer("simulate", *words, "--project", NORTHWIND)
    assert done.code == 64
    assert said in done.err


PRICES = "prices: { currency: USD, segment: 0.0095, mms: 0.03 }\n"


@pytest.fixture
def priced(tmp_path, deployer):
    """Simulate an event of Northwind with these prices, and with these in its production account."""

    def run(prices, in_production, *call):
        folder = tmp_path / "northwind"
        shutil.copytree(NORTHWIND, folder, ignore=shutil.ignore_patterns(".deployer"), dirs_exist_ok=True)
        text = (
            (NORTHWIND / "deployer.yaml").read_text("utf-8").replace("    state: git", f"    {in_production}state: git")
        )
        (folder / "deployer.yaml").write_text(text + prices, "utf-8")
        return deployer("simulate", *call, "--project", folder, "--at", "2026-05-10 13:00")

    return run


def test_costs_by_the_shops_prices(priced):
    """Each message costs what its segments and its picture do, and all of them their exact sum."""
    one = priced(PRICES, "", "order_shipped")
    assert "sent to +12065550100, MMS, 1 segment, 0.03 USD" in one.out
    assert "cost: 0.03 USD, by `prices` in deployer.yaml" in one.out
    both = priced(PRICES, "", "order_confirmed", "--sample", "longest", "--format", "json").data
    costs = {entry["channel"]: entry["cost"] for entry in both["entries"] if entry["type"] == "sent"}
    segments = next(entry["segments"] for entry in both["entries"] if entry.get("channel") == "text")
    text = {"amount": str(Decimal("0.0095") * segments), "currency": "USD"}
    assert costs == {"text": text, "email": None}
    assert both["cost"] == text
    shown = priced(PRICES, "", "order_confirmed")
    assert "1 message without a price" in " ".join(shown.out.split())


@pytest.mark.parametrize("format_", ["text", "markdown", "html", "svg", "json"])
def test_costs_in_every_format(priced, format_):
    """Every format has the cost where there are prices, and none where there are not."""
    with_prices = priced(PRICES, "", "order_shipped", "--format", format_).out
    assert ("0.03 USD" in with_prices) or ('"amount": "0.03"' in with_prices)
    without = priced("", "", "order_shipped", "--format", format_).out
    assert "USD" not in without
    assert "cost:" not in without


def test_an_account_has_its_own_prices(priced):
    """An environment's prices hold whole: what they leave out has no cost, for it may be in another currency."""
    own = "prices: { currency: EUR, email: 0.001 }\n    "
    sandbox = priced(PRICES, own, "order_shipped")
    assert "0.03 USD" in sandbox.out
    production = priced(PRICES, own, "order_shipped", "--env", "production")
    assert "cost" not in production.out
    mail = priced(PRICES, own, "order_confirmed", "--env", "production")
    assert "cost: 0.001 EUR" in mail.out


@pytest.mark.parametrize("format_", ["html", "svg"])
def test_a_picture(deployer, format_):
    """As a picture a timeline has its times and the words of each message, in a document that loads nothing."""
    done = deployer("simulate", "order_shipped", *NIGHT, "--format", format_)
    assert done.code == 0
    assert ">12:00<" in done.out
    assert "Northwind: Order 54321 is on its way" in done.out
    assert "<script" not in done.out
    assert done.out.startswith({"html": "<!doctype html>", "svg": "<svg "}[format_])


def test_a_time_that_a_clock_shows_twice(deployer):
    """Where clocks are put back, the first of two moments is meant, and how the second is written is named."""
    words = ("simulate", "event_type.order_shipped", "--project", NORTHWIND, "--at")
    done = deployer(*words, "2026-11-01 01:30")
    assert "note: a clock in America/New_York shows 2026-11-01 01:30 twice, and this is the first\n" in done.err
    assert "hint: write 2026-11-01T01:30-05:00 for the second, or 2026-11-01T01:30-04:00\n" in done.err
    meant, first, second = (
        deployer(*words, f"2026-11-01{time}", "--format", "json").data["entries"][0]["at"]
        for time in (" 01:30", "T01:30-04:00", "T01:30-05:00")
    )
    assert (meant, second) == (first, "2026-11-01T01:30:00-05:00")
    for once in ("2026-11-01T01:30-05:00", "2026-11-01 02:30", "2026-05-10 09:00"):
        assert deployer(*words, once).err == ""
    assert "no clock in America/New_York shows 2026-03-08 02:30" in deployer(*words, "2026-03-08 02:30").err
