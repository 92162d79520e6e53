"""Rendered messages: what is pasted, what is read, and what a text costs."""

import json

from deployer.library.rendering import RenderedMessage
from deployer.messages import count
from deployer.views import render_json, render_text

COMPOSER = "You\u2019ve got mail \u2013 order {{triggerEvent.custom['Order Id']}} is here. That\u2019s it."
READS = COMPOSER.replace("{{triggerEvent.custom['Order Id']}}", "")
TEXT = RenderedMessage(
    "message.order_shipped_text",
    "text",
    "happy",
    {"body": COMPOSER},
    {"body": READS},
    counts=(
        ("attentive", count(READS, brand="Northwind")),
        ("carrier", count(READS, brand="Northwind", rules="carrier")),
    ),
    holes=("triggerEvent.custom['Order Id']",),
    brand="Northwind",
)
EMAIL = RenderedMessage(
    "message.delivered_email",
    "email",
    "happy",
    {"subject": "Order {{triggerEvent.custom['Order Id']}} has arrived", "plain": "Hello,\n\nit is here."},
    {"subject": "Order 54321 has arrived", "plain": "Hello,\n\nit is here."},
    brand="Northwind",
)


def test_messages_read_well_at_80_columns(golden):
    """A text has its composer text, its words behind the brand, its length, and what makes it wide."""
    golden("render.txt", render_text([TEXT, EMAIL]))


def test_no_message_is_said():
    """A project without messages says so."""
    assert render_text([]) == "No message to render."


def test_a_text_within_the_narrow_alphabet_names_no_character():
    """Where nothing forces the wide encoding, nothing is said about it."""
    plain = RenderedMessage("message.a", "text", "", {"body": "Hi"}, {"body": "Hi"}, (("attentive", count("Hi")),))
    assert "wide" not in render_text([plain])


def test_messages_are_json():
    """The JSON has both texts, what is read, and both counts."""
    text, email = json.loads(render_json([TEXT, EMAIL]))["messages"]
    assert text["composer"]["body"] == COMPOSER
    assert text["reads"]["body"] == f"Northwind: {READS}"
    assert text["counts"]["carrier"]["encoding"] == "UCS-2"
    assert email["reads"]["subject"] == "Order 54321 has arrived"
