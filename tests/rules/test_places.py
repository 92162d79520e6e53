"""Whatever a text looks like, a problem underlines exactly what is wrong in it."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

relaxed = settings(deadline=None, max_examples=60)
"""A slow machine is no failure."""

EVENT = """\
kind: EventType
id: paid
name: Paid
app: orders
properties:
  Order Id: { type: string, minLength: 1 }
  note: { type: string, minLength: 1, optional: true }
samples:
  happy: { Order Id: "1", note: Enjoy }
---
kind: Message
id: paid
channel: text
event: paid
body: """

WRONG = {
    "message/unknown-property": "triggerEvent.custom['order id']",
    "message/optional-in-text": "triggerEvent.custom['note']",
    "message/subscriber-in-text": "subscriber.firstName",
    "message/unknown-macro": "order.number",
}
"""What each rule underlines."""

words = (
    st.text(alphabet='abc "\\: #\n', min_size=1, max_size=8)
    .filter(lambda word: "##" not in word and "::" not in word)  # two of these are another platform's placeholder
    .map(lambda word: f"x{word}x")
)
macros = st.sampled_from([*WRONG.items(), ("", "triggerEvent.custom['Order Id']")])
pieces = st.lists(st.one_of(words.map(lambda word: (word, None)), macros.map(lambda one: ("", one))), max_size=8)


def quoted(text):
    """Write a text between double quotes."""
    return json.dumps(text, ensure_ascii=False)


def block(text):
    """Write a text as a literal block."""
    return "|-\n" + "\n".join(f"  {line}" for line in text.split("\n"))


@pytest.mark.parametrize("style", [quoted, block])
@relaxed
@given(parts=pieces)
def test_each_wrong_macro_is_underlined(checked, style, parts):
    """In a text of words and macros, each wrong macro gives one problem, which underlines that macro in the YAML."""
    body = "x" + "".join(word or "{{" + macro[1] + "}}" for word, macro in parts)
    expected = [macro[0] for _, macro in parts if macro and macro[0]]
    problems = checked(EVENT + style(body) + "\n")
    assert [problem.rule for problem in problems] == expected
    for problem in problems:
        start = problem.position.column - 1
        assert problem.excerpt[start : start + problem.length] == WRONG[problem.rule]
        assert problem.address == "message.paid"


@relaxed
@given(name=st.text(min_size=1, max_size=12).filter(lambda name: name.isprintable() and name.strip() == name))
def test_an_event_types_name_holds_no_forbidden_character(checked, name):
    """A name is refused exactly where it holds one of the characters that Attentive refuses."""
    problems = checked(
        f"kind: EventType\nid: paid\nname: {json.dumps(name, ensure_ascii=False)}\napp: orders\nproperties: {{}}\n"
    )
    refused = any(character in "\"'(){}[]\\|," for character in name)
    assert [problem.rule for problem in problems] == ["event/forbidden-character"] * refused


@relaxed
@given(text=st.text(alphabet="{}[]%'\"|.ab ", max_size=40))
def test_any_text_is_judged_without_a_crash(checked, text):
    """If a text is nonsense, it has problems, and each of them points into the text."""
    for problem in checked(EVENT + json.dumps("x" + text) + "\n"):
        assert problem.position.line == EVENT.count("\n") + 1
        assert problem.hint
