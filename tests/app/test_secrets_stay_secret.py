"""Recognisable secrets in the environment appear in no plan, state, report, log or repr."""

from __future__ import annotations

import json
import logging

import pytest

import deployer
from deployer.engine.planner import make_plan
from deployer.kinds.base import GuardError
from deployer.source.secret import Sealer

PHONE = "+12065550133"
EMAIL = "zz-secret-contact@northwind.example"
URL = "https://hooks.northwind.example/zz-secret-path"


@pytest.fixture
def secret(shop_world, make):
    """The shop with every secret recognisable."""
    shop_world.environ |= {"TEST_PHONE": PHONE, "TEST_EMAIL": EMAIL, "HOOK_URL": URL}
    shop_world.put(make.webhook(url={"env": "HOOK_URL"}))
    return shop_world


def leaks(world, shown):
    """The secrets that a text holds, also parts of them."""
    key = world.environ["ORDERS_KEY"]
    return [one for one in (key, key[4:], PHONE, PHONE[2:], EMAIL, URL, "zz-secret") if one in shown]


def test_values_hold_no_secret(secret):
    """Plans, the report, the state file and the checks as they would be printed hold none."""
    with secret.connect() as connection:
        plan = deployer.plan(connection)
        report = deployer.apply(connection, plan)
        secret.confirm_all()
        deployer.subscribe(connection, "checkout", None)
        deployer.send(connection, "order_shipped", {"Order Id": "1", "day": "x"}, None)
        values = [plan.to_json(), report.to_json(), deployer.plan(connection, offline=True).to_json()]
        values.append(deployer.launch(connection).to_json())
        shown = [
            deployer.drift(connection),
            deployer.whoami(connection),
            deployer.tasks(connection.state()),
            report,
            plan,
        ]
    secret.environ["HOOK_URL"] += "/again"
    values.append(secret.plan().to_json())
    secret.drop("Webhook", "receipts")
    values.append(secret.plan(prune=True).to_json())
    state = secret.state_file.read_text(encoding="utf-8")
    assert leaks(secret, json.dumps(values) + repr(shown) + state) == []
    assert secret.dump("webhooks")[0]["url"] == URL


def test_reprs_hold_no_secret(secret):
    """Nobody prints a secret by printing what holds it."""
    with secret.connect() as connection:
        client = connection.session.client("orders")
        holders = [connection, connection.session, client, connection.session.test_contact, connection.workspace]
        holders += [connection.session.environment, Sealer("lineage", secret.environ)]
        holders += [make_plan(connection.project, connection.state(), None, secret.environ)]
        assert leaks(secret, " ".join(repr(one) for one in holders)) == []


def test_logs_hold_no_secret(secret, caplog):
    """With every logger at its most talkative nothing of a secret is logged."""
    caplog.set_level(logging.DEBUG)
    secret.settle()
    with secret.connect() as connection:
        deployer.launch(connection)
        deployer.send(connection, "order_shipped", {"Order Id": "1", "day": "x"}, None)
    assert caplog.text
    assert leaks(secret, caplog.text) == []


def test_errors_hold_no_secret(secret):
    """What is refused is refused without showing values."""
    secret.environ["ORDERS_KEY"] = secret.environ["ORDERS_KEY"] + "-zz-secret"
    with pytest.raises(Exception) as refused:  # noqa: PT011 - whatever it is, it shows nothing
        secret.plan()
    assert leaks(secret, f"{refused.value} {refused.value!r} {refused.value.hint}") == []
    secret.environ["TEST_PHONE"] = ""
    with pytest.raises(GuardError) as missing:
        secret.apply(secret.plan(offline=True))
    assert leaks(secret, repr(missing.value)) == []


def test_the_account_gets_what_the_plan_hides(secret):
    """Secrets are only ever sent: the webhook's URL and the test contact reach Attentive as they are."""
    secret.settle()
    [event] = secret.dump("events")
    assert event["user"] == {"email": [EMAIL], "phone": [PHONE]}


@pytest.mark.parametrize(
    ("name", "value", "code", "words"),
    [
        ("HOOK_URL", "http://hooks.northwind.example/zz-secret", "bad-secret", "webhook.receipts"),
        ("HOOK_URL", "http://127.0.0.1:8080/zz-secret", "bad-secret", "webhook.receipts"),
        ("HOOK_URL", "zz-secret", "bad-secret", "HOOK_URL"),
        ("HOOK_URL", URL + "\n", "bad-secret", "HOOK_URL"),
        ("TEST_PHONE", "206-555-0133", "bad-recipient", "TEST_PHONE"),
        ("TEST_EMAIL", "zz-secret", "bad-recipient", "TEST_EMAIL"),
        ("TEST_EMAIL", EMAIL + " ", "bad-recipient", "TEST_EMAIL"),
    ],
)
def test_values_of_secrets_are_checked_before_anything_is_written(secret, name, value, code, words):
    """A URL, phone or email that can't be one is refused by its name, never by its value, and nothing is written."""
    secret.environ[name] = value
    with secret.connect() as connection, pytest.raises(GuardError) as refused:
        deployer.apply(connection, deployer.plan(connection))
    shown = f"{refused.value} {refused.value.hint}"
    assert (refused.value.code, words in shown, leaks(secret, shown)) == (code, True, [])
    assert value.strip() not in shown
    assert secret.dump("webhooks") == []
