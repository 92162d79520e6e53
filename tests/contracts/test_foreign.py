"""Bodies of other systems are recognized, in `check` and `infer` alike, and the part that is meant can be taken."""

from __future__ import annotations

import json
import os

import pytest
import yaml

import deployer
from deployer.contracts.locating import parse_pointer
from deployer.errors import UsageError

GOOD = {"Order Id": "17", "tracking_url": "https://tea.example/t/17"}
TRACK = {"type": "track", "event": "Order Shipped", "messageId": "1", "userId": "7", "properties": GOOD}
KLAVIYO = {
    "data": {
        "type": "event",
        "attributes": {"metric": {"data": {"attributes": {"name": "Order Shipped"}}}, "properties": GOOD},
    }
}
OLD_KLAVIYO = {"token": "x", "event": "Order Shipped", "customer_properties": {"$email": "a@b.c"}, "properties": GOOD}
MPARTICLE = {
    "events": [{"data": {"event_name": "Order Shipped", "custom_attributes": GOOD}, "event_type": "custom_event"}],
    "user_identities": {},
}
LOGGED = {
    "at": "10:00",
    "request/body": {"type": "Order Shipped", "user": {"phone": "+12065550100"}, "properties": GOOD},
}


@pytest.fixture
def infer(shop):
    """Infer from files into the shop."""

    def run(*files, **wish):
        found = deployer.payload_files([str(one) for one in files])
        return deployer.infer_events(deployer.load(shop), None, found, deployer.Wish(**wish))

    return run


@pytest.mark.parametrize(
    ("payload", "named", "at"),
    [
        (TRACK, "Segment or RudderStack", "/properties"),
        ({"type": "identify", "anonymousId": "7", "traits": {}}, "Segment or RudderStack", ""),
        (KLAVIYO, "Klaviyo", "/data/attributes/properties"),
        (OLD_KLAVIYO, "Klaviyo", "/properties"),
        (LOGGED, "`request/body`", "/request~1body"),
        ({"log": [{"http": {"body": LOGGED["request/body"]}}]}, "`/log/0/http/body`", "/log/0/http/body"),
        ({"type": "track", "event": "Order Shipped", "properties": GOOD}, "Segment or RudderStack", "/properties"),
        ({key: TRACK[key] for key in TRACK if key != "type"}, "Segment or RudderStack", "/properties"),
        ({"event": "Order Shipped", "distinct_id": "7", "properties": GOOD}, "PostHog", "/properties"),
        ({"data": [{"event_name": "Purchase", "event_time": 1, "custom_data": GOOD}]}, "Meta", ""),
        ({"event": "purchase", "ecommerce": GOOD}, "Google Tag Manager", ""),
        ({"specversion": "1.0", "type": "shop.shipped", "source": "/shop", "id": "1", "data": GOOD}, "Cloud", "/data"),
        ({"type": "sms.sent", "timestamp": 1, "company": {}, "subscriber": {}, "message": {}}, "webhooks", ""),
        ({"batch": [TRACK], "sentAt": "10:00"}, "Segment or RudderStack", "/batch/0/properties"),
        ({"event": "Order Shipped", "properties": {**GOOD, "token": "x"}}, "Mixpanel", ""),
        ({"email": "a@b.c", "eventName": "Order Shipped", "dataFields": GOOD}, "Iterable", "/dataFields"),
        ({"email": "a@b.c", "eventName": "Order Shipped", "properties": GOOD}, "HubSpot", "/properties"),
        ({"events": [{"event_type": "Shipped", "event_properties": GOOD}]}, "Amplitude", "/events/0/event_properties"),
        ({"event_type": "Shipped", "user_id": "7", "event_properties": GOOD}, "Amplitude", "/event_properties"),
        (
            {"event": "Shipped", "customer_properties": {"$email": "a@b.c"}, "properties": GOOD},
            "Klaviyo",
            "/properties",
        ),
        (MPARTICLE, "mParticle", "/events/0/data/custom_attributes"),
        (
            {"events": [{"external_id": "7", "name": "Shipped", "time": "", "properties": GOOD}]},
            "Braze",
            "/events/0/properties",
        ),
        ({"purchases": [{"product_id": "7", "currency": "USD", "price": 1, "time": ""}]}, "Braze", ""),
        ({"client_id": "7", "events": [{"name": "shipped", "params": GOOD}]}, "Google", "/events/0/params"),
        ({"id": 7, "admin_graphql_api_id": "gid://shopify/Order/7", "line_items": []}, "Shopify", ""),
        ({"id": 7, "status": "on-hold", "billing": {}, "shipping": {}, "line_items": []}, "WooCommerce", ""),
        ({"scope": "store/order/created", "store_id": "7", "producer": "stores/x", "data": {}}, "BigCommerce", ""),
        (
            {"object": "event", "api_version": "1", "type": "refunded", "data": {"object": GOOD}},
            "Stripe",
            "/data/object",
        ),
        ({"user": {"phone": "+12065550100"}, "signUpSourceId": "7"}, "/v1/subscriptions", ""),
        ({"body": json.dumps(LOGGED["request/body"])}, "text inside of `body`", ""),
    ],
)
def test_a_foreign_body_is_named(payload, named, at, project, captured, infer) -> None:
    """It is one violation, held against one event or all; nothing is inferred of it; the inner part is taken."""
    path = captured(payload)
    files = deployer.payload_files([str(path)])
    for event in ("order_shipped", None):
        (found,) = deployer.check_payloads(project, event, files).findings
        assert found.fault.kind == "foreign-body"
        assert named in found.fault.message
        assert at in found.fault.hint
    with pytest.raises(UsageError, match=named):
        infer(path)
    if at:
        assert not deployer.check_payloads(project, "order_shipped", files, at=parse_pointer(at)).failed
        assert not infer(path, event="order_shipped", at=parse_pointer(at)).failed


def test_a_foreign_body_among_others_is_named(captured, infer) -> None:
    """If some payloads name no event and one is another system's, the one that says what to do is named."""
    with pytest.raises(UsageError, match="Klaviyo") as refused:
        infer(captured({"name": "Order Shipped", "data": GOOD}, KLAVIYO))
    assert "--at /data/attributes/properties" in refused.value.hint


def test_pointers_lead_from_the_captured_value(project, captured) -> None:
    """If a part is taken, a violation is found at its place in the file; a value without the part is a violation."""
    files = deployer.payload_files([str(captured({"all": [0, {"in": {**GOOD, "carrier": "DHL"}}]}, {"in": GOOD}))])
    found = deployer.check_payloads(project, "order_shipped", files, at=("all", "1", "in")).findings
    assert [(one.fault.pointer, one.fault.kind) for one in found] == [
        (("all", 1, "in", "carrier"), "enum"),
        ((), "nothing-there"),
    ]


def test_a_declared_event_called_track_is_no_foreign_body(shop, captured) -> None:
    """What is declared comes first."""
    text = "kind: EventType\nid: track\nname: track\napp: shop\nregistered_by: producer\n"
    (shop / "track.yaml").write_text(text, encoding="utf-8")
    files = deployer.payload_files([str(captured({"type": "track", "user": {"phone": "+12065550100"}}))])
    assert not deployer.check_payloads(deployer.load(shop).project(), None, files).failed


@pytest.mark.parametrize("name", [["Order Shipped"], {"name": "Order Shipped"}, 5, None])
def test_a_type_that_is_no_text_names_no_event(name, check, captured, infer) -> None:
    """Whatever JSON value it is, it is one violation, and nothing to infer from."""
    path = captured({"type": name, "user": {"phone": "+12065550100"}})
    (finding,) = check(path, event=None).findings
    assert (finding.fault.kind, finding.fault.pointer) == ("missing", ("type",))
    with pytest.raises(UsageError):
        infer(path)


def test_a_request_body_is_no_foreign_one(check, captured, make) -> None:
    """A key that another system has besides is a key that isn't declared."""
    report = check(captured(make.body(admin_graphql_api_id="gid://shopify/Order/7")))
    assert [one.fault.kind for one in report.findings] == ["undeclared"]


def test_php_writes_an_empty_object_as_a_list(check, captured, infer, make) -> None:
    """`check` and `infer` say so, and exit with a failure."""
    path = captured({"type": "Order Paid", "user": make.user, "properties": []})
    found = infer(path)
    assert found.failed
    (row,) = found.report.rows
    assert "is a list, not an object" in row.example
    assert "PHP" in row.hint
    report = check(captured(make.body(properties=[])))
    assert [("PHP" in one.fault.hint, one.fault.kind) for one in report.findings] == [(True, "type")]


@pytest.mark.parametrize(
    ("properties", "what", "hint"),
    [('{"a": 1}', "text", "JSON in a text"), (None, "nothing", "leave the key out"), ([1], "a list", "send an object")],
)
def test_properties_of_another_type_are_not_taken_for_none(properties, what, hint, captured, infer, make) -> None:
    """`infer` doesn't write an event without properties of bodies that `check` refuses."""
    found = infer(captured({"type": "Order Paid", "user": make.user, "properties": properties}))
    assert found.failed
    (row,) = found.report.rows
    assert what in row.example
    assert hint in row.hint


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ({"type": "Order Shipped", "User": {"phone": "+12065550100"}}, [("undeclared", "User")]),
        ({"Type": "Order Shipped", "user": {"phone": "+12065550100"}}, [("undeclared", "Type")]),
        ({"user": {"phone": "+12065550100"}}, [("missing", "type")]),
    ],
)
def test_a_body_with_a_slip_in_its_own_keys_is_a_body(body, found, check, captured) -> None:
    """The key is named with the one that is meant, rather than that the name is among the properties."""
    for more in ({"properties": GOOD}, {}):
        faults = [one.fault for one in check(captured({**body, **more})).findings]
        kinds = [(one.kind, one.pointer[-1]) for one in faults]
        assert [one for one in kinds if one != ("missing", "properties")] == found
        assert all(one.meant for one in faults if one.kind == "undeclared")


def test_a_body_with_nothing_but_its_type_is_a_body(check, captured) -> None:
    """The violation is that there is no user, not that `type` isn't declared among the properties."""
    report = check(captured({"type": "Order Shipped"}))
    assert [(one.fault.kind, one.fault.pointer) for one in report.findings] == [
        ("missing", ("user",)),
        ("missing", ("properties",)),
    ]


def test_infer_lists_a_misspelt_key_and_never_adds_it(infer, captured, make) -> None:
    """If `orderid` is where `Order Id` is declared, that is a contradiction, and the declaration stays as it is."""
    wrong = {"orderid": "17", "tracking_url": GOOD["tracking_url"], "gift": True}
    found = infer(captured(make.body(wrong), make.body(GOOD)), event="order_shipped")
    (event,) = found.events
    assert found.failed
    assert any("missing `Order Id`, and `orderid` is in its place" in one for one in event.conflicts)
    assert event.added == ("gift",)
    (document,) = yaml.safe_load_all(found.text)
    assert "orderid" not in document["properties"]


def test_infer_names_the_declared_key_that_only_looks_the_same(infer, captured, make) -> None:
    """If a no-break space is in a key, the declared key is named without the words about the difference."""
    wrong = {"Order\u00a0Id": "17", "tracking_url": GOOD["tracking_url"]}
    (event,) = infer(captured(make.body(wrong), make.body(GOOD)), event="order_shipped").events
    assert any("missing `Order Id`, and `Order\u00a0Id` is in its place" in one for one in event.conflicts)


def test_numbers_that_come_as_texts_are_remarked(infer, captured) -> None:
    """The type stays text, as it was sent; ids of digits are no numbers."""
    body = {"type": "Paid", "user": {"phone": "+12065550100"}, "properties": {"total": "12.50", "order_id": "17"}}
    found = infer(captured(body, body))
    (document,) = yaml.safe_load_all(found.text)
    assert document["properties"]["total"] == {"type": "string", "minLength": 1}
    assert [one.split("`")[1] for one in found.events[0].remarks if "numbers as texts" in one] == ["total"]


def test_one_text_among_numbers_is_counted_as_one(infer, captured) -> None:
    """The remark counts the texts, not all values."""
    user = {"phone": "+12065550100"}
    mixed = [{"type": "Paid", "user": user, "properties": {"cart": {"total": total}}} for total in ("12.50", 12.5)]
    (event,) = infer(captured(*mixed)).events
    assert any("`cart.total` holds numbers as texts (1 of its values)" in one for one in event.remarks)


def test_folders_are_made_for_a_new_file(infer, captured, shop) -> None:
    """As `schema export` makes them."""
    found = infer(captured({"type": "Paid", "user": {"phone": "+12065550100"}, "properties": {}}))
    written = deployer.write_inference(deployer.load(shop), found, shop / "a" / "b" / "paid.yaml")
    assert written is not None
    assert written.read_text("utf-8") == found.text


def test_a_pipe_without_a_writer_is_refused(tmp_path) -> None:
    """Opening it would wait for ever; a device is no file either; in a folder both are passed over."""
    (tmp_path / "logs").mkdir()
    os.mkfifo(tmp_path / "logs" / "pipe.json")
    (tmp_path / "logs" / "a.json").write_text("{}", encoding="utf-8")
    for name in (tmp_path / "logs" / "pipe.json", "/dev/zero"):
        with pytest.raises(UsageError):
            deployer.payload_files([str(name)])
    assert len(deployer.payload_files([str(tmp_path / "logs")])) == 1


def test_a_pipe_that_is_open_streams(check, make) -> None:
    """What a shell's process substitution names is read."""
    reading, writing = os.pipe()
    os.write(writing, json.dumps(make.good).encode())
    os.close(writing)
    try:
        assert check(f"/dev/fd/{reading}").payloads == 1
    finally:
        os.close(reading)
