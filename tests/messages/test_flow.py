"""Data flow: what may be a gap is found, and what is right isn't called wrong. A new case is a line in a file."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from deployer.messages import flow

CASES = Path(__file__).parent / "flow-cases"
TEXT = {"type": "string", "minLength": 1}
PAYLOAD = {
    "type": "object",
    "properties": {
        "order": TEXT,
        "count": {"type": "integer"},
        "note": TEXT,
        "other": TEXT,
        "store": {"type": "object", "properties": {"city": TEXT, "floor": TEXT}, "required": ["city"]},
        "lines": {
            "type": "array",
            "items": {"type": "object", "properties": {"name": TEXT, "gift": TEXT}, "required": ["name"]},
        },
    },
    "required": ["order", "count", "store", "lines"],
}
NAME = re.compile(r"(?<![\w'.\[])(order|count|note|other|store|lines)\b(?!')")


def cases(name):
    """The texts of a file: one a line, a tag that goes on over lines together; bare names are the event's own."""
    texts, parts = [], []
    for line in (CASES / name).read_text("utf-8").splitlines():
        parts.append(line)
        if "\n".join(parts).count("{%") == "\n".join(parts).count("%}"):
            texts.append("\n".join(parts))
            parts = []
    return texts


def shown(text):
    """The text with the names of the event's properties written as macros."""
    return NAME.sub(r"triggerEvent.custom['\1']", text)


@pytest.mark.parametrize("text", cases("gap.liquid"))
def test_what_may_print_nothing_is_found(text):
    """An output that may have nothing to print, or may print a text that lacks a part, has a reason for it."""
    assert [one for one in flow(shown(text), PAYLOAD) if one.gap]


@pytest.mark.parametrize("text", cases("right.liquid"))
def test_what_always_has_words_is_not_called_a_gap(text):
    """A default with words, a condition that proves the value, what the author leaves empty on purpose: no gap."""
    assert [one for one in flow(shown(text), PAYLOAD) if one.gap] == []


@pytest.mark.parametrize(
    ("test", "word"), [("!= ''", "''"), ("!= blank", "blank"), ("!= empty", "empty")], ids=["text", "blank", "empty"]
)
def test_the_difference_is_named(test, word):
    """Where a condition looks like a guard and isn't one, the note says what nil isn't, and what to write."""
    path = "triggerEvent.custom['note']"
    (printed,) = flow(f"{{% if {path} {test} %}}{{{{ {path} }}}}{{% endif %}}", PAYLOAD)
    assert f"differs from `{word}`" in printed.note
    assert f"write `{{% if {path} %}}`" in printed.note


@pytest.mark.parametrize(
    ("text", "dump"),
    [
        ("{{ store }}", True),
        ("{{ lines }}", True),
        ("{{ lines | join: ', ' }}", True),
        ("{{ lines | first }}", True),
        ("{{ store | upcase }}", True),
        ("{{ 'a' | append: store }}", True),
        ("{{ lines | map: 'name' | join: ', ' }}", False),
        ("{{ lines | size }}", False),
        ("{% for line in lines %}{{ line.name }}{% endfor %}", False),
        ("{{ store | default: 'x' }}", True),
    ],
)
def test_what_a_program_writes_is_found(text, dump):
    """Lists and objects that are printed whole are found, whatever filter they pass."""
    assert any(one.dump for one in flow(shown(text), PAYLOAD)) is dump


def test_tags_that_are_too_entangled_are_one_gap():
    """If the ways through a text are too many to be followed, that is said, and the work ends."""
    names = "".join(f"{{% assign a{index} = 1 %}}" for index in range(3000))
    found = flow(names + "{% if a1 %}{{ a2 }}{% endif %}" * 3000, PAYLOAD)
    assert [one.why[0].text for one in found if one.gap] == ["the text's tags are too entangled to be followed"]
