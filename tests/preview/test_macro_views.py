"""What is known of a macro: the type of what it reads, whether it may be missing, and what is read in its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from deployer import load
from deployer.preview.rendering import render_messages
from tests.paid_email import PAID_EMAIL

if TYPE_CHECKING:
    from pathlib import Path

    from deployer.preview.rendering import RenderedMessage

SETTINGS = """\
version: 1
project: case
brand: { name: Acme }
apps: { orders: {} }
environments: { sandbox: { target: sandbox } }
"""
RESOURCES = """\
kind: EventType
id: paid
name: Paid
app: orders
properties:
  store:
    type: object
    properties: { zone: { type: string, minLength: 1 }, floor: { type: integer, optional: true } }
  lines: { type: array, minItems: 2, items: { type: object, properties: { price: { type: number } } } }
samples: { happy: { store: { zone: EET, floor: 3 }, lines: [{ price: 1.5 }, { price: 2 }, { price: 3 }] } }
"""


def shown(folder: Path, prints: str) -> RenderedMessage:
    """The email of a project that prints this."""
    (folder / "deployer.yaml").write_text(SETTINGS, encoding="utf-8")
    (folder / "resources.yaml").write_text(RESOURCES + PAID_EMAIL.replace("PRINTS", prints), encoding="utf-8")
    workspace = load(folder)
    [message] = render_messages(workspace.project("sandbox"), "paid_email")
    return message


@pytest.mark.parametrize(
    ("path", "declared"),
    [
        ("['store'].zone", ("string", False)),
        ("['store'].floor", ("integer", True)),
        ("['lines'][1].price", ("number", False)),
        ("['lines'][2].price", ("number", True)),
        ("['lines'].first.price", ("number", False)),
        ("['lines'].size", ("integer", False)),
    ],
)
def test_a_macro_has_the_type_of_what_it_reads(tmp_path: Path, path: str, declared: tuple[str, bool]) -> None:
    """A macro that goes into an object or a list has the type at the end of its path, not that of the whole."""
    [macro] = shown(tmp_path, f"{{{{triggerEvent.custom{path} | default: 'x'}}}}").macros
    assert (macro.type, macro.optional) == declared


def test_what_attentive_gives_each_email_is_no_hole(tmp_path: Path) -> None:
    """The company's address and the unsubscribe link are known to Attentive: something is read in their place."""
    message = shown(
        tmp_path,
        "<a href='{{unsubscribeLink}}'>No more</a> {{companyAddress}} {{subscriber.firstName | default: 'friend'}}",
    )
    assert message.holes == ()
    assert [(macro.name, macro.optional) for macro in message.macros[:2]] == [
        ("unsubscribeLink", False),
        ("companyAddress", False),
    ]
    assert "[the company's postal address]" in message.reads("html")
