"""Documents linked to the project of one environment: references, names, patches, and the words of messages."""

from __future__ import annotations

import pytest

import deployer
from deployer.attentive import User
from deployer.kinds.base import GuardError
from deployer.kinds.event_type import EventType
from deployer.kinds.message import Message
from deployer.project.recipients import body_user, is_listed, recipient

SETTINGS = """
version: 1
project: shop
brand: {name: Shop, support_url: https://shop.example/help}
apps: {orders: {}}
environments: {sandbox: {target: sandbox}, try_out: {target: sandbox}}
"""
EVENT = """
kind: EventType
id: order_shipped
name: Order Shipped
app: orders
properties: {Order Id: {type: string, minLength: 1}}
samples: {happy: {Order Id: "1"}}
"""
TEXT = """
kind: Message
id: shipped
channel: text
event: order_shipped
body: "[[ greeting() ]] {{triggerEvent.custom['Order Id']}}"
per_environment: {try_out: {body: "Try out"}}
"""
MACRO = "[% macro greeting() %]Hi from [[ brand.name ]].[% endmacro %]"


@pytest.fixture
def shop(tmp_path):
    """A loader of projects from file names and their text."""

    def load(**documents):
        files = {"deployer.yaml": SETTINGS, "macros/all.jinja": MACRO, "event.yaml": EVENT, "text.yaml": TEXT}
        files |= {f"{name}.yaml": text for name, text in documents.items()}
        for name, text in files.items():
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_text(text, encoding="utf-8")
        return deployer.load(tmp_path)

    return load


def rules(workspace, name="sandbox"):
    """The rule and place of every problem of an environment."""
    return [(problem.rule, problem.position.path) for problem in workspace.linked(name).problems]


def test_a_linked_project_answers_what_kinds_ask(shop):
    """Resources are found by kind and id, and all of a kind by address."""
    project = shop().project()
    event = project.find(EventType, "order_shipped")
    assert event.name == "Order Shipped"
    assert project.find(Message, "order_shipped") is None
    assert project.all(EventType) == (event,)
    assert list(project.resources) == ["event_type.order_shipped", "message.shipped"]
    assert project.app_name("orders") == "Orders"
    assert project.app_name("unbound") == "unbound"


def test_words_are_composed_for_the_environment(shop):
    """Macros and brand are filled in, Attentive's macros stay, and a patch is another text."""
    workspace = shop()
    composed = {
        name: workspace.project(name).composed(workspace.project(name).find(Message, "shipped"), "body").text
        for name in ("sandbox", "try_out")
    }
    assert composed == {
        "sandbox": "Hi from Shop. {{triggerEvent.custom['Order Id']}}",
        "try_out": "Try out",
    }


def test_a_field_is_found_where_it_was_written(shop):
    """A value that an environment's patch gives is pointed at in the patch."""
    workspace = shop()
    places = {
        name: workspace.project(name).resources["message.shipped"].locate(("body",)) for name in ("sandbox", "try_out")
    }
    assert places["sandbox"].line == TEXT[: TEXT.index("body")].count("\n") + 1
    assert places["try_out"].line == TEXT[: TEXT.index("per_env")].count("\n") + 1


@pytest.mark.parametrize(
    ("document", "rule"),
    [
        (EVENT.replace("Order Shipped", "Other"), "project/duplicate-address"),
        (EVENT.replace("id: order_shipped", "id: other"), "project/duplicate-name"),
        (
            TEXT.replace("id: shipped", "id: other").replace("event: order_shipped", "event: order_shiped"),
            "reference/unknown",
        ),
        (TEXT.replace("kind: Message", "kind: Mesage"), "kind/unknown"),
        (TEXT.replace("kind: Message", "x-kind: Message"), "kind/missing"),
        (TEXT.replace("id: shipped", "id: other") + "medai: {file: a.png}\n", "schema/unknown-key"),
    ],
)
def test_what_does_not_fit_together_is_said_where_it_stands(shop, document, rule):
    """A duplicate, a reference to nothing, an unknown kind or key is one problem in its file, with a hint."""
    workspace = shop(zz=document)
    assert rules(workspace) == [(rule, "zz.yaml")]
    [problem] = workspace.linked("sandbox").problems
    assert problem.hint
    assert problem.position.line > 0


@pytest.mark.parametrize(
    ("written", "hint"),
    [("~", 'quote it: `"~"`'), ("null", 'quote it: `"null"`'), ("NULL", 'quote it: `"NULL"`'), ("", "Write the seg")],
)
def test_a_word_that_yaml_reads_as_null_is_quoted(shop, written, hint):
    """If a text is the word null, the hint is that word in quotes; where nothing is written, what belongs there."""
    [problem] = shop(zz=f"kind: Segment\nid: s\nname: {written}\nexternal_id: s\n").linked("sandbox").problems
    assert problem.rule == "schema/wrong-type"
    assert problem.hint.startswith(hint)


def test_a_reference_to_what_is_not_in_this_environment(shop):
    """What is limited away is a problem only where it is missing."""
    workspace = shop(event=EVENT + "environments: [try_out]\n")
    assert rules(workspace) == [("reference/not-here", "text.yaml")]
    assert rules(workspace, "try_out") == []


def test_a_project_is_linked_once_an_environment(shop):
    """Looking twice is looking at the same project."""
    workspace = shop()
    assert workspace.project() is workspace.project()
    assert workspace.project("try_out") is not workspace.project()


@pytest.mark.parametrize("word", ["+12065550100", " +12065550100 ", "ana@shop.example"])
def test_a_recipient_is_a_phone_or_an_email(word):
    """A phone in E.164 and an email are read as they are."""
    user = recipient(word)
    assert word.strip() in {user.phone, user.email}


@pytest.mark.parametrize(
    "word", ["", "+", "12065550100", "+1 206 555 0100", "+0123", "(206) 555-0100", "@shop", "a b@c"]
)
def test_anything_else_is_no_recipient(word):
    """What could be somebody else's number or nobody's is refused with the form to write."""
    with pytest.raises(GuardError) as refused:
        recipient(word)
    assert refused.value.code == "bad-recipient"
    assert word.strip() == "" or word not in refused.value.message


def test_the_user_of_a_body():
    """A body's user has a phone, an email or both; neither is an error."""
    assert body_user({"phone": "+12065550100", "email": "ana@shop.example"}) == User("+12065550100", "ana@shop.example")
    with pytest.raises(GuardError):
        body_user({"externalIdentifiers": {"clientUserId": "7"}})


def test_a_contact_is_listed_as_a_whole():
    """Phone and email must be one contact's; nobody at all is nobody listed."""
    contacts = [User("+12065550100", "ana@shop.example"), User("+12065550101", "bo@shop.example")]
    assert is_listed(User(phone="+12065550100"), contacts)
    assert is_listed(User("+12065550101", "BO@shop.example"), contacts)
    assert not is_listed(User("+12065550100", "bo@shop.example"), contacts)
    assert not is_listed(User(), contacts)
    assert not is_listed(User(phone="+12065550102"), contacts)
