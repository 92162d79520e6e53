"""A large project for the pages' tests: 60 messages and 40 journeys in five scripts, emails, nested branches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

JOURNEYS = 40
MESSAGES = 60

TEXTS = {
    "latin": "Your order {order} has left our warehouse and should be with you by {day}.",
    "arabic": "طلبك رقم {order} في الطريق إليك، ومن المتوقع وصوله يوم {day}. شكرًا لتسوقك معنا!",
    "hebrew": "ההזמנה שלך {order} בדרך אליך וצפויה להגיע ביום {day}. תודה שקנית אצלנו!",
    "japanese": "ご注文{order}を発送いたしました。お届け予定日は{day}です。がんばります。",
    "cyrillic": "Ваш заказ {order} уже в пути и прибудет {day}. Спасибо за покупку!",
}
"""What a text says, by script."""

EMOJI = " 👩‍👩‍👧 👍🏽 ❤️"
"""Three pictures that a reader sees, made of eight characters and of twelve units of UTF-16."""

DAYS = {"latin": "May 10", "arabic": "الثلاثاء", "hebrew": "שלישי", "japanese": "5月10日", "cyrillic": "во вторник"}
EMAIL = """\
<!doctype html>
<html lang="en">
  <head><meta charset="utf-8"><title>Order</title></head>
  <body style="margin:0;background:#eef1f4;font-family:Helvetica,Arial,sans-serif">
    <table role="presentation" width="100%"><tr><td align="center">
      <table role="presentation" width="100%" style="max-width:600px;background:#ffffff">
        <tr><td style="padding:24px"><h1>{title}</h1><p>{words}</p>
          <img src="https://meridian.example/parcel.png" width="320" height="120" alt="A parcel">
          <p><a href="https://meridian.example/orders">Your orders</a></p></td></tr>
      </table>
    </td></tr></table>
  </body>
</html>
"""


def write_many(folder: Path) -> Path:
    """Write the project into a folder that isn't there yet; give the folder."""
    for name in ("events", "messages", "journeys", "emails", "opt-in", "legal"):
        (folder / name).mkdir(parents=True)
    _write(folder / "deployer.yaml", _settings())
    _write(folder / "opt-in" / "checkout.yaml", _opt_in())
    _write(folder / "segments.yaml", {"kind": "Segment", "id": "guests", "name": "Guests", "external_id": "guests"})
    (folder / "legal" / "checkout.txt").write_text(_LEGAL, encoding="utf-8")
    (folder / "opt-in" / "checkout.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    for number in range(JOURNEYS):
        _one(folder, number, list(TEXTS)[number % len(TEXTS)])
    return folder


_LEGAL = """\
I agree to receive recurring automated transactional text messages about my order (such as shipping updates) from
Meridian at the phone number that I gave when I ordered. Consent is not a condition to purchase. Message and data rates
may apply. Message frequency varies. Reply HELP for help and STOP to cancel.
Terms: https://meridian.example/terms Privacy: https://meridian.example/privacy
"""


def _settings() -> dict[str, Any]:
    return {
        "version": 1,
        "project": "meridian",
        "brand": {"name": "Meridian"},
        "time_zone": "Europe/Berlin",
        "apps": {"shop": {"description": "the shop"}},
        "environments": {"sandbox": {"target": "sandbox"}},
    }


def _opt_in() -> dict[str, Any]:
    return {
        "kind": "OptInSource",
        "id": "checkout",
        "channel": "text",
        "subscription_type": "transactional",
        "placement": "checkout",
        "consent": {"control": "checkbox", "pre_checked": True, "disclosure": {"file": "legal/checkout.txt"}},
        "screenshot": "opt-in/checkout.png",
    }


def _one(folder: Path, number: int, script: str) -> None:
    """Write one event with its journey and messages: a text, and every other time a second text or an email."""
    event = f"{script}_{number:02}"
    order, day = "{{triggerEvent.custom['order']}}", "{{triggerEvent.custom['day']}}"
    words = TEXTS[script].format(order=order, day=day)
    first = _text(f"{event}_text", event, words + (EMOJI if number % 3 == 0 else ""))
    messages, second = [first], None
    if number % 2:
        second = f"{event}_more"
        email = number % 4 == 1
        messages.append(_email(folder, second, event, words) if email else _text(second, event, words + " " + words))
    _write(folder / "messages" / f"{event}.yaml", *messages)
    _write(folder / "events" / f"{event}.yaml", _event(event, script))
    _write(folder / "journeys" / f"{event}.yaml", _journey(event, number, second, email=number % 4 == 1))


def _event(event: str, script: str) -> dict[str, Any]:
    return {
        "kind": "EventType",
        "id": event,
        "name": event.replace("_", " ").title(),
        "app": "shop",
        "description": "Something happened to an order.",
        "identify_by": ["phone", "email"],
        "properties": {
            "order": {"type": "string", "minLength": 1, "maxLength": 12},
            "day": {"type": "string", "minLength": 1, "maxLength": 20},
        },
        "samples": {"happy": {"order": "54321", "day": DAYS[script]}},
    }


def _text(id: str, event: str, words: str) -> dict[str, Any]:
    return {"kind": "Message", "id": id, "channel": "text", "event": event, "owner": _owner(event), "body": words}


def _email(folder: Path, id: str, event: str, words: str) -> dict[str, Any]:
    (folder / "emails" / f"{id}.html").write_text(EMAIL.format(title=id, words=words), encoding="utf-8")
    (folder / "emails" / f"{id}.txt").write_text(words + "\n", encoding="utf-8")
    return {
        "kind": "Message",
        "id": id,
        "channel": "email",
        "event": event,
        "owner": _owner(event),
        "from": "orders@meridian.example",
        "subject": words,
        "preheader": "What you ordered",
        "html": {"file": f"emails/{id}.html"},
        "plain": {"file": f"emails/{id}.txt"},
    }


def _owner(event: str) -> str:
    return "crm" if event[-1] in "13579" else "fulfilment"


def _journey(event: str, number: int, second: str | None, *, email: bool) -> dict[str, Any]:
    then = [_send(second, "more", email=email)] if second else []
    return {
        "kind": "Journey",
        "id": event,
        "name": event.replace("_", " ").capitalize(),
        "owner": _owner(event),
        "category": "transactional",
        "trigger": event,
        "opt_in": ["checkout"],
        "re_entry": {"cooldown": "none"},
        "steps": [_send(f"{event}_text", "first", email=False), *(_nested(then) if number % 4 == 3 else then)],
        "status": "active" if number % 5 else "inactive",
    }


def _send(message: str, step: str, *, email: bool) -> dict[str, Any]:
    toggles = {"quiet_hours": "ignore", "smart_sending": "ignore"}
    return {"id": step, "send_email" if email else "send_text": {"message": message, **toggles}}


def _nested(steps: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A branch in an A/B test in a branch, with the steps in the innermost."""
    inner = {"cases": [{"when": {"segment": "guests"}, "steps": steps}], "else": []}
    variants = [
        {"name": "soon", "share": 50, "steps": [{"id": "wait_short", "wait": {"for": "1 hours"}}]},
        {"name": "patient", "share": 50, "steps": [{"id": "guests", "branch": inner}]},
    ]
    outer = {
        "cases": [{"when": {"subscription": "both"}, "steps": [{"id": "pace", "ab_test": {"variants": variants}}]}]
    }
    return [{"id": "pause", "wait": {"for": "3 days"}}, {"id": "who", "branch": {**outer, "else": []}}]


def _write(path: Path, *documents: dict[str, Any]) -> None:
    path.write_text("---\n".join(_dumped(documents)), encoding="utf-8")


def _dumped(documents: tuple[dict[str, Any], ...]) -> Iterator[str]:
    return (yaml.safe_dump(one, allow_unicode=True, sort_keys=False, width=1000) for one in documents)
