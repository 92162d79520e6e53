"""``/v1/webhooks``: the four calls, and that an app sees its own webhooks only."""

from __future__ import annotations

import base64

import pytest

PATH = "/v1/webhooks"
URL = "https://shop.example/hook?token=1"
HOOK = {"url": URL, "events": ["sms.sent", "email.opened"]}
EVENTS = [
    "sms.subscribed",
    "sms.sent",
    "sms.message_link_click",
    "email.subscribed",
    "email.unsubscribed",
    "email.message_link_click",
    "email.opened",
    "custom_attribute.set",
    "sms.inbound_message",
    "sms.unsubscribed",
    "email.sent",
]
REFUSED = {
    "http": {**HOOK, "url": "http://shop.example/hook"},
    "no host": {**HOOK, "url": "https:///hook"},
    "no scheme": {**HOOK, "url": "shop.example/hook"},
    "space": {**HOOK, "url": "https://shop.example/a hook"},
    "broken address": {**HOOK, "url": "https://[::1/hook"},
    "no url": {"events": ["sms.sent"]},
    "url is null": {**HOOK, "url": None},
    "no events": {"url": URL},
    "empty events": {**HOOK, "events": []},
    "events is a text": {**HOOK, "events": "sms.sent"},
    "event in capitals": {**HOOK, "events": ["SMS.sent"]},
    "event of an old example": {**HOOK, "events": ["phone.subscribed"]},
    "event is a list": {**HOOK, "events": [["sms.sent"]]},
}


def test_life_of_a_webhook(api, time):
    """Created, listed, changed, disabled, enabled, deleted: each answer and the list agree."""
    made = api.post(PATH, HOOK)
    assert made.status == 201
    hook = made.body["id"]
    assert made.body == {"id": hook, **HOOK, "type": "INSTALLED"}
    changed = api.put(f"{PATH}/{hook}", {"url": "https://shop.example/2", "events": ["sms.sent"], "disabled": True})
    assert (changed.status, changed.body["disabledAt"]) == (200, "2026-05-10 12:00:00")
    time.advance(hours=1)
    assert api.put(f"{PATH}/{hook}", HOOK).body["disabledAt"] == "2026-05-10 12:00:00"
    assert "disabledAt" not in api.put(f"{PATH}/{hook}", {**HOOK, "disabled": False}).body
    listed = {"id": hook, **HOOK, "type": "SUBSCRIPTION", "companyId": api.sandbox.company_id}
    assert api.get(PATH).body == {"webhooks": [listed]}
    gone = api.delete(f"{PATH}/{hook}")
    assert (gone.status, gone.body) == (204, None)
    assert api.get(PATH).body == {"webhooks": []}


def test_ids(api):
    """Ids look like Attentive's and are never used twice, not even after a delete."""
    first = api.post(PATH, HOOK).body["id"]
    api.delete(f"{PATH}/{first}")
    second = api.post(PATH, HOOK).body["id"]
    assert base64.b64decode(second + "==") == b"25:CompanyApplicationWebhook2"
    assert first != second


@pytest.mark.parametrize("event", EVENTS)
def test_known_events(api, event):
    """The eight events of the OpenAPI file and the three of Attentive's pages can be listened to."""
    assert api.post(PATH, {"url": URL, "events": [event]}).status == 201


@pytest.mark.parametrize("body", REFUSED.values(), ids=REFUSED.keys())
@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_refused(api, method, body):
    """What isn't an https URL with known events is 400, on create and on update, and changes nothing."""
    hook = api.post(PATH, HOOK).body["id"]
    before = api.sandbox.account()
    path = PATH if method == "POST" else f"{PATH}/{hook}"
    assert api.call(method, path, body).status == 400
    assert api.sandbox.account() == before


def test_disabled_is_a_boolean(api):
    """A text in the place of ``disabled`` is 400."""
    hook = api.post(PATH, HOOK).body["id"]
    assert api.put(f"{PATH}/{hook}", {**HOOK, "disabled": "yes"}).status == 400


def test_the_webhooks_of_another_app(api):
    """Another app's webhook isn't listed, and is 404 for update and delete."""
    hook = api.post(PATH, HOOK).body["id"]
    assert api.get(PATH, key="key-loyalty").body == {"webhooks": []}
    assert api.put(f"{PATH}/{hook}", HOOK, key="key-loyalty").status == 404
    assert api.delete(f"{PATH}/{hook}", key="key-loyalty").status == 404
    assert len(api.get(PATH).body["webhooks"]) == 1


@pytest.mark.parametrize("hook", ["MjU6", "0", "%ff", "..%2F"])
def test_unknown_webhook(api, hook):
    """An id that names no webhook is 404."""
    assert api.put(f"{PATH}/{hook}", HOOK).status == 404
    assert api.delete(f"{PATH}/{hook}").status == 404
