"""Write a project of a given size: python benchmarks/corpus.py DOCUMENTS FOLDER [--broken].

One document a file; 60 % event types, 25 % messages, 15 % journeys, as shops have them: nested data, two distinct
expressions in ``[[ … ]]``, waits, branches, A/B tests. ``--broken`` leaves out every second event type, so that what
refers to it is in error. The same size gives the same bytes.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

EVENTS, MESSAGES = 60, 25
"""Of a hundred documents; the rest are journeys."""

NOUNS = ("Order", "Parcel", "Pickup", "Return", "Delivery", "Subscription", "Appointment", "Refund")
VERBS = ("Confirmed", "Shipped", "Delayed", "Delivered", "Scanned", "Ready", "Changed")

SETTINGS = """\
version: 1
project: corpus
brand: {name: Contoso, support_url: "https://contoso.example/help"}
time_zone: America/New_York
rules: {journey/no-test: off}
apps:
  orders: {description: The order service sends with this app.}
environments:
  sandbox: {target: sandbox}
  staging:
    target: attentive
    company_id: MDc6Q29tcGFueTEx
    apps: {orders: {name: Contoso Staging, api_key: {env: CONTOSO_STAGING_KEY}}}
    test_contacts: [{phone: {env: CONTOSO_PHONE}, email: {env: CONTOSO_EMAIL}}]
    state: file:state/staging.json
  production:
    target: attentive
    company_id: MDc6Q29tcGFueTI
    apps: {orders: {name: Contoso Orders, api_key: {env: CONTOSO_KEY}}}
    test_contacts: [{phone: {env: CONTOSO_PHONE}, email: {env: CONTOSO_EMAIL}}]
    state: git
    protected: true
"""
MACROS = """\
[% macro track(name) %]Track it: [[ prop(name) ]][% endmacro %]
[% macro support() %]Questions? [[ brand.support_url ]][% endmacro %]
"""
OPT_IN = """\
kind: OptInSource
id: checkout
channel: text
owner: legal
subscription_type: transactional
placement: checkout
consent:
  control: checkbox
  pre_checked: true
  disclosure: {file: legal/checkout.txt}
screenshot: opt-in/checkout.png
"""
DISCLOSURE = (
    "By checking this box you agree to receive recurring automated order and delivery text messages from Contoso at "
    "the number provided. Msg & data rates may apply. Msg frequency varies. Reply HELP for help & STOP to cancel.\n"
)
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8ffff3f0005fe02fe"
    "0def46b80000000049454e44ae426082"
)


def event(number: int) -> str:
    """One event type."""
    name = f"{NOUNS[number % len(NOUNS)]} {VERBS[number % len(VERBS)]} {number}"
    return f"""\
kind: EventType
id: event_{number}
name: {name}
app: orders
description: The order service sends it when a customer's order {number} moves on.
owner: fulfilment
identify_by: [phone]
properties:
  Order Id: {{type: string, minLength: 1, maxLength: 12, description: The number that the customer knows.}}
  tracking_url: {{type: string, format: uri, minLength: 1, maxLength: 80}}
  delivery_date: {{type: string, minLength: 1, maxLength: 20, description: "ready to read, such as May 10"}}
  items: {{type: integer, minimum: 1, maximum: 999}}
  carrier: {{type: string, enum: [UPS, FedEx, USPS], optional: true}}
samples:
  happy:
    Order Id: "{10000 + number}"
    tracking_url: https://contoso.example/t/{10000 + number}
    delivery_date: May 10
    items: {number % 9 + 1}
    carrier: UPS
  missing_optional:
    Order Id: "{20000 + number}"
    tracking_url: https://contoso.example/t/{20000 + number}
    delivery_date: May 11
    items: 1
"""


def message(number: int, event_number: int) -> str:
    """One text; every second one calls the macro with the link, the others the one with the address for questions."""
    tail = ('[[ track("tracking_url") ]]', "[[ support() ]]")[number % 2]
    date = "{{triggerEvent.custom['delivery_date']}}"
    return f"""\
kind: Message
id: message_{number}
owner: fulfilment
channel: text
event: event_{event_number}
body: |
  Order {{{{triggerEvent.custom['Order Id']}}}} has moved on to stage {number} and should arrive {date}. {tail}
limits: {{segments: 3}}
"""


def journey(number: int, event_number: int, messages: list[int]) -> str:
    """One journey with the messages of its event, one below the other, behind a wait or in a branch."""
    send = "{{id: text_{0}, send_text: {{message: message_{0}, quiet_hours: respect, smart_sending: ignore}}}}"
    first = f"  - {send.format(messages[0])}" if messages else "  - {id: pause, wait: {for: 1 hours}}"
    rest = [send.format(one) for one in messages[1:]]
    branch = (
        f"""
  - id: who
    branch:
      cases:
        - when: {{subscription: both}}
          steps: [{", ".join(rest)}]
      else: []"""
        if rest
        else ""
    )
    return f"""\
kind: Journey
id: journey_{number}
name: Journey {number}
owner: fulfilment
category: transactional
trigger: event_{event_number}
opt_in: [checkout]
re_entry: {{cooldown: none}}
steps:
{first}{branch}
status: {"active" if messages else "draft"}
"""


def files(documents: int, *, broken: bool = False) -> Iterator[tuple[str, str | bytes]]:
    """Yield path and content of each file of the project."""
    events = max(1, documents * EVENTS // 100)
    messages = max(1, documents * MESSAGES // 100)
    journeys = max(1, documents - events - messages)
    yield "deployer.yaml", SETTINGS
    yield "macros/links.jinja", MACROS
    yield "opt-in/checkout.yaml", OPT_IN
    yield "opt-in/checkout.png", PNG
    yield "legal/checkout.txt", DISCLOSURE
    for number in range(events):
        if not (broken and number % 2):
            yield f"events/event_{number}.yaml", event(number)
    for number in range(messages):
        yield f"messages/message_{number}.yaml", message(number, number % journeys % events)
    for number in range(journeys):
        own = [one for one in range(number, messages, journeys) if number < events]
        yield f"journeys/journey_{number}.yaml", journey(number, number % events, own)


def write(folder: Path, documents: int, *, broken: bool = False) -> None:
    """Write the project into a folder."""
    for path, content in files(documents, broken=broken):
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content if isinstance(content, bytes) else content.encode())


def main() -> None:
    """Write what the command line asks for."""
    parser = argparse.ArgumentParser(description="Write a project of a given size.")
    parser.add_argument("documents", type=int)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--broken", action="store_true", help="leave out every second event type")
    given = parser.parse_args()
    write(given.folder, given.documents, broken=given.broken)


if __name__ == "__main__":
    main()
