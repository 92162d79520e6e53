"""Personal values stay out of what is shared: declarations that are shown, and reports of journey tests."""

from __future__ import annotations

import pytest

from deployer.cli import exits

SETTINGS = """
version: 1
project: bikes
brand: { name: Velo }
apps: { repairs: {} }
environments: { sandbox: { target: sandbox } }
"""
RESOURCES = """
kind: EventType
id: ready
name: Bike Ready
app: repairs
identify_by: [phone]
properties:
  rider: { type: string, minLength: 1, pii: true, examples: [Zacharias] }
  bay: { type: string, minLength: 1 }
  parts: { type: array, optional: true, items: { type: object, properties: { maker: { type: string } } } }
samples:
  happy: { rider: Zacharias, bay: B 4, parts: [{ maker: Acme }] }
---
kind: Message
id: ready_text
channel: text
event: ready
body: "{{triggerEvent.custom['rider']}}, your bike is in {{triggerEvent.custom['bay']}}"
---
kind: OptInSource
id: checkout
channel: text
subscription_type: transactional
placement: checkout
consent: { control: checkbox, pre_checked: true, disclosure: "Updates by text from Velo. Reply STOP to opt out." }
screenshot: checkout.png
---
kind: Journey
id: ready
name: Bike ready
category: transactional
trigger: ready
opt_in: [checkout]
re_entry: { cooldown: none }
steps: [{ id: text, send_text: { message: ready_text, quiet_hours: respect, smart_sending: ignore } }]
status: active
---
kind: JourneyTest
id: ready_test
start: 2026-05-10 13:00
events: [{ event: ready, data: { rider: Zacharias, bay: B 5 } }]
expect:
  - sent: { message: ready_text, text: TEXT }
"""
NAME = "Zacharias"


@pytest.fixture
def bikes(tmp_path):
    """A shop with a journey test, whose expected text is given."""

    def make(text):
        (tmp_path / "checkout.png").write_bytes(b"\x89PNG\r\n\x1a\n")
        (tmp_path / "deployer.yaml").write_text(SETTINGS, encoding="utf-8")
        (tmp_path / "resources.yaml").write_text(RESOURCES.replace("TEXT", text), encoding="utf-8")
        return tmp_path

    return make


@pytest.mark.parametrize("format_", ["text", "json", "markdown"])
@pytest.mark.parametrize("address", ["event_type.ready", "journey_test.ready_test"])
def test_show_masks_them(bikes, deployer, address, format_) -> None:
    """A declaration is shown with asterisks in their place; what isn't personal is as it is declared."""
    done = deployer("show", address, "--format", format_, "--project", bikes('"x"'))
    assert done.code == exits.DONE, done.err
    assert NAME not in done.out
    assert "*" * len(NAME) in done.out.replace("\\", "")
    assert "B 5" in done.out or "B 4" in done.out


@pytest.mark.parametrize(
    "text",
    [
        '"Velo: Zacharias, your bike is in B 4"',
        '{ contains: "Zacharias, your bike is in B 4" }',
        '{ matches: "Zacharias, your bike is in B 4$" }',
    ],
)
@pytest.mark.parametrize("format_", ["text", "json", "github"])
def test_a_test_that_fails_masks_them(bikes, deployer, tmp_path, text, format_) -> None:
    """They are asterisks in what is read and in what is expected, and the difference is plain; JUnit's XML too."""
    report = tmp_path / "junit.xml"
    done = deployer("test", "--format", format_, "--junit", report, "--project", bikes(text))
    assert done.code == exits.FAILED, done.err
    for written in (done.out, report.read_text("utf-8")):
        assert NAME not in written
        assert "*" * len(NAME) in written
        assert "B 5" in written.replace("[-4-]{+5+}", "5")


def test_a_message_that_is_not_expected_is_masked_too(bikes, deployer) -> None:
    """What is found instead of an expectation is shown with what it reads."""
    folder = bikes('"x"')
    path = folder / "resources.yaml"
    declared = path.read_text("utf-8").replace(', text: "x"', "")
    expected = declared.replace("sent: { message", "not_sent: { because: not_subscribed, message")
    path.write_text(expected, encoding="utf-8")
    done = deployer("test", "--project", folder)
    assert done.code == exits.FAILED, done.err
    assert NAME not in done.out
    assert "your bike is in B 5" in done.out


def test_a_test_compares_what_a_customer_reads(bikes, deployer) -> None:
    """Masking is for readers: what is expected is held against the value itself."""
    folder = bikes('"Velo: Zacharias, your bike is in B 5"')
    assert deployer("test", "--project", folder).code == exits.DONE


def test_a_test_of_an_event_without_personal_data_passes(bikes, deployer) -> None:
    """Where nothing is marked, what others may see is what is read."""
    folder = bikes('"Velo: Zacharias, your bike is in B 5"')
    path = folder / "resources.yaml"
    path.write_text(path.read_text("utf-8").replace("pii: true", "pii: false"), encoding="utf-8")
    assert deployer("test", "--project", folder).code == exits.DONE
