"""What can be read of a project with a mistake is checked, and the mistake alone is found at its place."""

from __future__ import annotations

import pytest

from deployer import load

SETTINGS = """\
version: 1
project: bakery
brand: {name: Crumb}
apps: {till: {}}
environments: {sandbox: {target: sandbox}}
"""

EVENT = """\
kind: EventType
id: cake_ready
name: Cake Ready
app: till
properties:
  Cake: {type: string, minLength: 1}
  Shop: {type: string, minLength: 1}
  note: {type: string, minLength: 1, optional: true, examples: [Ring the bell]}
samples:
  happy: {Cake: Lemon, Shop: Main Street}
"""

TEXT = """\
kind: Message
id: cake_text
channel: text
event: cake_ready
body: "[[ prop('Cake') ]] at {{triggerEvent.custom['Shopp']}}: {{triggerEvent.custom['note']}}"
"""

MAIL = """\
kind: Message
id: cake_mail
channel: email
event: cake_ready
from: cakes@crumb.example
subject: "{{triggerEvent.custom['Cake']}} for [[ attribute('Tier') ]]"
preheader: "{{subscriber.custom['Tier'] | default: 'friends'}}"
html: "<p>{{triggerEvent.custom['Cake']}}</p>"
"""

TIER = """\
kind: CustomAttribute
id: tier
name: Tier
schema: {type: string, enum: [Gold]}
"""

PARTS = {"event.yaml": EVENT, "text.yaml": TEXT, "mail.yaml": MAIL, "tier.yaml": TIER}
SOUND = ["message/unknown-property", "message/optional-in-text"]
"""What is wrong with the words, whatever else is."""


def found(root, **files):
    """The errors of the project with some of its files as they are given, by rule."""
    (root / "deployer.yaml").write_text(SETTINGS, "utf-8")
    for name, text in {**PARTS, **{f"{name}.yaml": text for name, text in files.items()}}.items():
        (root / name).write_text(text, "utf-8")
    return [one.rule for one in load(root).check() if one.severity == "error"]


def test_the_words_have_their_own_mistakes(tmp_path):
    """With a sound event the text has two mistakes, and the email one."""
    assert found(tmp_path) == ["message/no-default-in-email", *SOUND]


@pytest.mark.parametrize(
    ("mistake", "rule"),
    [
        ("{type: strng}", "schema/unknown-value"),
        ("{type: string, minLength: one}", "schema/wrong-type"),
        ("{use: Cake Name}", "schema/invalid"),
        ("string", "schema/wrong-type"),
        ("[]", "schema/wrong-type"),
    ],
)
@pytest.mark.parametrize("sample", ["Cake: Lemon, ", "", "Cake: [1], "])
def test_a_mistake_in_one_property_hides_no_other_check(tmp_path, mistake, rule, sample):
    """The mistake is found, what is wrong with other properties too, and nothing about the values of that one."""
    event = EVENT.replace("Cake: {type: string, minLength: 1}", f"Cake: {mistake}").replace("Cake: Lemon, ", sample)
    assert found(tmp_path, event=event) == [rule, "message/no-default-in-email", *SOUND]


@pytest.mark.parametrize(
    ("slip", "meant"),
    [
        ("Cake: {type: string, minLength: 1, optonal: true}", "Cake: {type: string, minLength: 1, optional: true}"),
        (
            "Cake: {type: object, properties: {kind: {typ: string}}}",
            "Cake: {type: object, properties: {kind: {type: string}}}",
        ),
    ],
)
@pytest.mark.parametrize("sample", ["Cake: Lemon, ", "", "Cake: [1], "])
def test_a_misspelled_key_hides_nothing(tmp_path, slip, meant, sample):
    """Beside the key itself there is what there would be with the key as it is meant."""
    event = EVENT.replace("Cake: Lemon, ", sample)
    right = found(tmp_path, event=event.replace("Cake: {type: string, minLength: 1}", meant))
    wrong = found(tmp_path, event=event.replace("Cake: {type: string, minLength: 1}", slip))
    assert sorted(wrong) == sorted(["schema/unknown-key", *right])


@pytest.mark.parametrize(
    ("mended", "broken", "rule"),
    [
        ("enum: [Gold]}", "enm: [Gold]}", "schema/unknown-key"),
        ("enum: [Gold]}", "enum: [Gold]", "yaml/syntax"),
        ("kind: CustomAttribute", "kind: CustomAtribute", "kind/unknown"),
    ],
)
def test_an_attribute_that_cannot_be_read_is_no_unknown_name(tmp_path, mended, broken, rule):
    """Beside the mistake of an attribute's own file no message is blamed for naming it."""
    errors = found(tmp_path, tier=TIER.replace(mended, broken))
    assert sorted(errors) == sorted([rule, "message/no-default-in-email", *SOUND])


def test_an_attribute_that_is_nowhere_is_unknown(tmp_path):
    """With everything readable, a name that isn't declared is found."""
    (tmp_path / "tier.yaml").unlink(missing_ok=True)
    errors = found(tmp_path, tier=TIER.replace("name: Tier", "name: Level"))
    assert {"message/unknown-attribute", "message/compile-error"} <= set(errors)


def test_an_event_that_cannot_be_read_lacks_no_property(tmp_path):
    """Beside the mistake of an event no `prop()` is blamed, as no macro is."""
    errors = found(tmp_path, event=EVENT.replace("properties:\n", "properties: none\nothers:\n"))
    assert {one.partition("/")[0] for one in errors if one != "message/no-default-in-email"} == {"schema"}


def test_a_mistake_in_the_name_of_an_event_hides_none_in_its_properties(tmp_path):
    """Beside the mistake there is what is wrong with the words, as without it."""
    errors = found(tmp_path, event=EVENT.replace("name: Cake Ready", "name: [Cake Ready]"))
    assert sorted(errors) == sorted(["schema/wrong-type", "message/no-default-in-email", *SOUND])
