"""Event types from captured payloads: what follows, on how many events, and nothing of what customers' data says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

import deployer
from deployer.contracts.infer import Observer, conclude, words
from deployer.contracts.infer.inference import Wish
from deployer.errors import UsageError
from deployer.kinds.property import object_schema
from deployer.source import Gate, SourceFile, compose
from deployer.source.editing.values import flow
from deployer.views.contracts_infer import infer_json, infer_text


@pytest.fixture
def infer(shop):
    """Infer from files into the shop."""

    def run(*files, **wish):
        found = deployer.payload_files([str(one) for one in files])
        return deployer.infer_events(deployer.load(shop), None, found, Wish(**wish))

    return run


def returned(number: int = 0, **more):
    """A whole request body of an event that isn't declared."""
    return {
        "type": "Parcel Returned",
        "user": {"phone": "+12065550177"},
        "properties": {"Order Id": str(number), **more},
    }


def definitions(inference):
    """The properties of the one event that was inferred."""
    (document,) = yaml.safe_load_all(inference.text)
    return document["properties"]


def test_a_new_event_type_validates(infer, captured, shop) -> None:
    """What is written for a type that nobody declared is a whole declaration, without errors, and can be read back."""
    found = infer(captured(*[returned(number, gift=True) for number in range(12)]))
    assert (found.problems, found.failed) == ((), False)
    (shop / "returned.yaml").write_text(found.text, encoding="utf-8")
    workspace = deployer.load(shop)
    assert not [one for one in workspace.check() if one.severity == "error"]
    event = deployer.event_named(workspace.project(), "Parcel Returned")
    assert (event.id, event.app, event.identify_by) == ("parcel_returned", "shop", ("phone",))


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["a", "b"], {"type": "string", "minLength": 1}),
        (["a", ""], {"type": "string"}),
        ([1, 2], {"type": "integer"}),
        ([1, 2.5], {"type": "number"}),
        ([7.0, 12.0], {"type": "number"}),
        ([7.0, 12], {"type": "number"}),
        ([True, False], {"type": "boolean"}),
        ([f"https://tea.example/{n}" for n in range(5)], {"type": "string", "format": "uri", "minLength": 1}),
        ([f"https://tea.example/{n}" for n in range(4)], {"type": "string", "minLength": 1}),
        ([*(f"https://tea.example/{n}" for n in range(9)), "none"], {"type": "string", "minLength": 1}),
        (["2026-05-10"] * 5, {"type": "string", "format": "date", "minLength": 1}),
        (["2026-05-10T12:00:00Z"] * 5, {"type": "string", "format": "date-time", "minLength": 1}),
        (["Note: call"] * 5, {"type": "string", "minLength": 1}),
        (["UPS", "FedEx"] * 25, {"type": "string", "enum": ["FedEx", "UPS"]}),
        (["UPS", "FedEx"] * 24, {"type": "string", "minLength": 1}),
        (["UPS"] * 60, {"type": "string", "minLength": 1}),
        ([*["UPS", "FedEx"] * 30, "DHL"], {"type": "string", "minLength": 1}),
        (["1", "2"] * 30, {"type": "string", "minLength": 1}),
        (
            [[{"sku": "a"}], [{"sku": "b", "n": 1}], []],
            {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {
                        "sku": {"type": "string", "minLength": 1},
                        "n": {"type": "integer", "optional": True},
                    },
                },
            },
        ),
    ],
)
def test_what_follows_from_values(values, expected, infer, captured) -> None:
    """Types always; formats, lists of values and never being empty where enough events say so, and all of them."""
    found = infer(captured(*[returned(detail=value) for value in values]))
    assert definitions(found)["detail"] == expected
    assert not found.problems


def test_what_is_not_always_there_is_optional(infer, captured) -> None:
    """A key that some events lack, or send as null, is optional; null itself can't be declared and is reported."""
    found = infer(captured(returned(a=1, b=1), returned(b=None), returned(b=2, c=None)))
    made = definitions(found)
    assert made["a"] == made["b"] == {"type": "integer", "optional": True}
    assert "c" not in made
    assert any("`b` is null in 1" in one for one in found.events[0].remarks)
    assert any("`c` is always null" in one for one in found.events[0].remarks)


def test_each_conclusion_says_what_it_rests_on(infer, captured) -> None:
    """A comment behind each property has the number of events."""
    text = infer(captured(*[returned(url=f"https://tea.example/{n}") for n in range(1500)], returned())).text
    line = next(one for one in text.splitlines() if one.strip().startswith("url:"))
    assert "# in 1,500 of 1,501 events; all 1,500 texts have the format uri; never empty" in line
    assert "Inferred from 1,501 payloads" in text


def test_mixed_types_are_reported(infer, captured) -> None:
    """If a property has values of several types, all are declared, with a remark that counts them."""
    found = infer(captured(returned(), returned(), {**returned(), "properties": {"Order Id": 17}}))
    assert definitions(found)["Order Id"]["type"] == ["string", "integer"]
    assert any("string 2, integer 1" in one for one in found.events[0].remarks)


PERSON = {
    "firstName": "Zebedee",
    "customer_name": "Zebedee Quux",
    "Email": "zebedee@quux.example",
    "contact": "zebedee@quux.example",
    "Phone Number": "+12065550177",
    "shipping-address": "17 Quux Lane",
    "zip": "98107",
    "note": "Zebedee said hello",
    "account": "QX-771",
    "lines": [{"email": "zebedee@quux.example", "sku": "QX-772"}],
}
KEYS_THAT_ARE_PERSONAL = ("firstName", "customer_name", "Email", "contact", "Phone Number", "shipping-address", "zip")


def test_nothing_of_a_customer_is_written(infer, captured) -> None:
    """Samples are made up; what looks personal is marked; no captured value stands in the YAML, text or JSON."""
    found = infer(captured(*[returned(**PERSON)] * 60))
    shown = found.text + infer_text(found, None) + infer_json(found, None)
    texts = [one for one in PERSON.values() if isinstance(one, str)]
    assert not [one for one in (*texts, "QX-772") if one in shown]
    made = definitions(found)
    assert [key for key in PERSON if made[key].get("pii")] == list(KEYS_THAT_ARE_PERSONAL)
    assert made["lines"]["items"]["properties"]["email"]["pii"] is True
    assert not found.problems


def test_a_few_people_are_no_list_of_values(infer, captured) -> None:
    """If a key is about people, or a list holds addresses, that is marked, and the names aren't written as an enum."""
    payloads = [returned(driver=name, cc=["ann@acme.example"]) for name in ("Ann Smith", "Bob Jones")] * 60
    found = infer(captured(*payloads))
    made = definitions(found)
    assert (made["driver"]["pii"], made["cc"]["pii"]) == (True, True)
    assert "Ann" not in found.text
    assert "ann@" not in found.text


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Parcel Returned", "parcel_returned"),
        ("parcelReturned", "parcel_returned"),
        ("HTTPError 404", "http_error_404"),
        ("2nd Reminder", "event_2_nd_reminder"),
        ("Tee für Zwei", "tee_fur_zwei"),
        ("茶", "event"),
        ("Заказ отправлен", "zakaz_otpravlen"),
        ("주문 배송", "jumun_baesong"),
        ("طلب جديد", "tlb_jdyd"),
        ("🚚", "delivery_truck"),
        (
            "a very long name of an event that somebody wrote as a whole sentence",
            "a_very_long_name_of_an_event_that_somebody_wrote_as_a_whole",
        ),
        ("Order: Shipped", "order_shipped_2"),
    ],
)
def test_a_name_becomes_an_id(name, expected, infer, captured) -> None:
    """In snake_case, and never one that is taken."""
    found = infer(captured({**returned(), "type": name}))
    assert found.events[0].address == f"event_type.{expected}"
    assert not found.problems


def test_a_name_that_cannot_be_spelled_asks_for_an_id(infer, captured) -> None:
    """A Chinese name has no one reading, so a person is asked for an id that can be read."""
    (nameless,) = infer(captured({**returned(), "type": "订单"})).events
    (named,) = infer(captured({**returned(), "type": "Заказ"})).events
    assert any("`id`" in remark for remark in nameless.remarks)
    assert not any("`id`" in remark for remark in named.remarks)


def test_several_types_in_one_file(infer, captured) -> None:
    """Each becomes a document; `--type` chooses one of them, and says so where there is none."""
    path = captured(returned(), {**returned(), "type": "Parcel Lost"})
    assert [one["name"] for one in yaml.safe_load_all(infer(path).text)] == ["Parcel Lost", "Parcel Returned"]
    assert [one.name for one in infer(path, type="Parcel Lost").events] == ["Parcel Lost"]
    with pytest.raises(UsageError, match="parcel lost"):
        infer(path, type="parcel lost")


def test_properties_alone_need_a_name(infer, captured, make) -> None:
    """If payloads don't say which event they are, somebody has to; where some do, the others are counted."""
    with pytest.raises(UsageError):
        infer(captured(make.good))
    assert infer(captured({"key": 1}), type="Parcel Returned").events[0].name == "Parcel Returned"
    assert any(
        "no event is named in 1 payload," in one for one in infer(captured(make.good, returned())).events[0].remarks
    )
    with pytest.raises(UsageError):
        infer(captured())


def test_a_declared_name_in_other_letters_is_no_new_type(infer, captured, make) -> None:
    """If a type's name differs from a declared one in case or separators, it is a conflict, and nothing is written."""
    found = infer(captured(make.body(type="order-shipped")))
    (event,) = found.events
    assert (found.failed, found.text, event.address) == (True, "", "event_type.order_shipped")
    assert "differs from the declared “Order Shipped” in case or separators only" in event.conflicts[0]


def test_the_type_ce_is_seen_through(infer, captured) -> None:
    """If the name stands among the properties, the event gets that name, and a remark says what to mend."""
    wrong = {**returned(**{"$event_name": "Parcel Returned"}), "type": "ce"}
    found = infer(captured(wrong, returned()))
    (event,) = found.events
    assert (event.name, event.payloads) == ("Parcel Returned", 2)
    assert "$event_name" not in definitions(found)
    assert any("`$event_name` of 1" in one for one in event.remarks)


def test_which_app_sends_it(infer, captured, shop) -> None:
    """The only app of ours is taken; with several, or an unknown one, somebody has to say."""
    assert "app: loyalty" in infer(captured(returned()), app="loyalty").text
    with pytest.raises(UsageError):
        infer(captured(returned()), app="shopp")
    settings = (shop / "deployer.yaml").read_text(encoding="utf-8")
    (shop / "deployer.yaml").write_text(settings.replace("apps:\n", "apps:\n  other: {}\n"), encoding="utf-8")
    with pytest.raises(UsageError, match="isn't clear which"):
        infer(captured(returned()))


MERGED = """\
# what stands in front
kind: Segment
id: testers
name: Testers
external_id: tea_testers
app: shop
---
# about it
kind: EventType   # its kind
id: order_lost
name: Order Lost
app: shop
properties:
  # the number
  Order Id: { type: string,   minLength: 1 } # as on the invoice
  "status": {type: string, enum: [lost, found]}

reserved: [gone]   # for ever
samples:
  happy: { Order Id: "17", status: lost }   # one
  # another
  missing_optional:
    Order Id: '17'
    status: found
# behind it
---
kind: EventType
id: last
name: Last
app: shop
"""


def lost(**more):
    """A body of the declared event."""
    return {
        "type": "Order Lost",
        "user": {"phone": "+12065550177"},
        "properties": {"Order Id": "1", "status": "lost", **more},
    }


def test_a_declaration_is_added_to_and_nothing_else_changes(infer, captured, shop) -> None:
    """Every line that stood there stands there still, comments and all; what is new validates."""
    path = shop / "more.yaml"
    path.write_text(MERGED, encoding="utf-8")
    found = infer(captured(lost(depot="North", weight=1), lost(depot="South")), into=path)
    old, new = MERGED.splitlines(), found.text.splitlines()
    added = [line for line in new if line not in old]
    assert [line for line in new if line in old] == [line for line in old if "happy:" not in line]
    assert added == [
        "  depot: {type: string, minLength: 1}  # in all 2 events; never empty",
        "  weight: {type: integer, optional: true}  # in 1 of 2 events",
        '  happy: { Order Id: "17", status: lost, depot: Example text, weight: 999999 }   # one',
        "    depot: Example text",
    ]
    assert (found.problems, found.failed, found.events[0].added) == ((), False, ("depot", "weight"))
    assert deployer.write_inference(deployer.load(shop), found) == path
    assert not [one for one in deployer.load(shop).check() if one.severity == "error"]
    again = infer(captured(lost(depot="North", weight=1)), into=path)
    assert again.text == found.text


def test_nothing_declared_is_changed_and_contradictions_are_listed(infer, captured, shop) -> None:
    """Events that break a declaration, and reserved keys, are conflicts; what could be narrower is a remark."""
    path = shop / "more.yaml"
    path.write_text(MERGED.replace("enum: [lost, found]", "maxLength: 9"), encoding="utf-8")
    found = infer(captured(*[lost(status="https://tea.example"), lost(gone=1), *[lost(status="a")] * 5]), into=path)
    assert found.failed
    assert found.text == path.read_text(encoding="utf-8")
    first, second = found.events[0].conflicts
    assert "/properties/status" in first
    assert "captured.ndjson:1" in first
    assert "/gone" in second
    assert any("`status` could declare minLength: 1" in one for one in found.events[0].remarks)


def test_a_declared_event_is_printed_with_what_is_new(infer, captured) -> None:
    """Without a file to write to, the document of a declared event comes out, merged; properties alone are its."""
    found = infer(
        captured({"Order Id": "1", "tracking_url": "https://tea.example", "depot": "x"}), event="order_shipped"
    )
    (document,) = yaml.safe_load_all(found.text)
    assert (document["id"], document["properties"]["depot"]) == ("order_shipped", {"type": "string", "minLength": 1})
    assert not found.failed


def test_where_it_may_be_written(infer, captured, shop, tmp_path) -> None:
    """A new file isn't written over an old one, nor a declared event into another file than its own."""
    workspace = deployer.load(shop)
    out = tmp_path / "new.yaml"
    assert deployer.write_inference(workspace, infer(captured(returned())), out) == out
    with pytest.raises(UsageError, match="is there already"):
        deployer.write_inference(workspace, infer(captured(returned())), out)
    body = {"type": "Tier Changed", "user": {"email": "a@tea.example"}, "properties": {"tier": "Gold"}}
    with pytest.raises(UsageError, match="declared already"):
        deployer.write_inference(workspace, infer(captured(body)), tmp_path / "other.yaml")
    (shop / "other.yaml").write_text("", encoding="utf-8")
    with pytest.raises(UsageError, match=r"events\.yaml"):
        infer(captured(body), into=shop / "other.yaml")
    with pytest.raises(UsageError, match="isn't in the project"):
        infer(captured(body), into=out)
    with pytest.raises(UsageError, match="there is no file"):
        infer(captured(body), into=shop / "nowhere.yaml")
    found = infer(captured(returned()), into=shop / "other.yaml")
    deployer.write_inference(workspace, found)
    assert deployer.event_named(deployer.load(shop).project(), "parcel_returned")


def test_keys_that_attentive_refuses_are_said(infer, captured) -> None:
    """What `validate` will say about the result is said at once."""
    found = infer(captured(returned(**{"a|b": 1})))
    assert [one.rule for one in found.problems] == ["event/forbidden-key-character"]
    assert found.failed
    assert "forbidden-key-character" in infer_text(found, None)


JSON_VALUES = st.recursive(
    st.booleans()
    | st.integers(-5, 5)
    | st.floats(-5, 5)
    | st.sampled_from(["", "a", "https://tea.example", "2026-05-10"]),
    lambda one: st.lists(one, max_size=3) | st.dictionaries(st.sampled_from("pqr"), one, max_size=3),
    max_leaves=6,
)


@given(st.lists(st.dictionaries(st.sampled_from("abc"), JSON_VALUES, max_size=3), min_size=1, max_size=8))
def test_every_payload_fits_what_was_inferred_from_it(payloads) -> None:
    """Whatever is concluded, no payload that it was concluded from breaks it."""
    observer = Observer(alone="Any")
    for one in payloads:
        observer.add(one)
    concluded = conclude(observer.events["Any"])
    schema = object_schema({one.key: one.definition for one in concluded})
    assert all(Gate.of(schema).valid(one) for one in payloads)
    assert all(one.example is not None for one in concluded)


@given(
    st.recursive(
        st.booleans()
        | st.integers()
        | st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp", "Cf", "Co", "Cn"])),
        lambda one: (
            st.lists(one, max_size=3) | st.dictionaries(st.sampled_from(["a", "b c", "no", "1"]), one, max_size=3)
        ),
    )
)
def test_what_is_written_is_read_back(value) -> None:
    """Every value that is put on a line of YAML is read as that value by our own loader."""
    (document,), problems = compose(SourceFile("a.yaml", f"value: {flow(value)}\n"))
    assert (problems, document.value) == ((), {"value": value})


def test_words_of_a_key() -> None:
    """However a key is written, its words are found."""
    assert [words(one) for one in ("firstName", "First-Name", "FIRST_NAME", "first name")] == [("first", "name")] * 4


def test_the_json_of_an_inference(infer, captured) -> None:
    """A program gets the YAML, the events, and what couldn't be read."""
    data = json.loads(infer_json(infer(captured(returned(), "no json")), Path("x.yaml")))
    assert (data["version"], data["written"], data["failed"]) == (1, "x.yaml", True)
    assert data["events"][0]["address"] == "event_type.parcel_returned"
    assert data["unread"][0]["line"] == 2
    assert data["yaml"].startswith("# Inferred")
