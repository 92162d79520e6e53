"""YAML that was read before comes to what it comes to when it is parsed: values, types, places, order of keys."""

from __future__ import annotations

import json

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from deployer.source import SourceFile, compose
from deployer.source import known_yaml as module
from deployer.source.known_yaml import KnownYaml
from tests.source.test_yaml import TEXTS, trees


def read(known, text):
    """What a file's text comes to, all of it written down: ``1``, ``1.0`` and ``true`` are three."""
    documents, problems = known.compose(SourceFile("a.yaml", text))
    return repr([(one.file, one.index, one.value, one.span, one.locate(("a",))) for one in documents]), problems


class Parsed:
    """Parses each time."""

    compose = staticmethod(compose)


def same_again(text):
    """Read a text by parsing, for the first time, and known."""
    parsed = read(Parsed, text)
    first = KnownYaml()
    assert read(first, text) == parsed
    assert read(KnownYaml(first.seen), text) == parsed
    together = KnownYaml(first.seen)
    together.read_ahead([SourceFile("b.yaml", "b: 1\n"), SourceFile("a.yaml", text), SourceFile("c.yaml", text)])
    assert read(together, text) == parsed
    assert together.seen.items() >= first.seen.items()
    return first.seen


@given(st.dictionaries(TEXTS, trees(TEXTS), max_size=4))
def test_any_value_is_the_same(value):
    """JSON of any shape and with any text, also beside documents that PyYAML wrote."""
    same_again(json.dumps(value))
    same_again(yaml.safe_dump_all([{"a": 1.0}, value], allow_unicode=True))


@given(st.text(st.sampled_from("abc:-[]{}&*!|>'\"%@`#,? \n\t01.~\x00\u2028é"), max_size=60))
def test_any_text_is_the_same(text):
    """A text that isn't YAML has the same problems each time: nothing of it is known."""
    same_again(text)


@pytest.mark.parametrize(
    "text",
    [
        "a: 1\n---\n# nothing\n---\nb: [1.0, 1, true, 0x1F, null, 9007199254740993, 1e3]\n",
        "a: &x {b: 1, a: 2}\nc: *x\n",
        'a: "\\ud83d\\ude00"\n',
        'a: "\\ud83d" \n',
        "a: \U0001f600\u2028\n",
        "",
    ],
)
def test_texts_with_something_of_their_own_are_the_same(text):
    """Several documents, aliases, numbers that look alike, escapes, no document at all."""
    same_again(text)


def test_a_known_text_is_not_parsed(monkeypatch):
    """If a text is known, under whatever path, no parser sees it; one with a mistake is parsed each time."""
    first = KnownYaml()
    sound, wrong = SourceFile("a.yaml", "a: 1\n"), SourceFile("b.yaml", "a: [\n")
    first.compose(sound)
    first.compose(wrong)
    assert len(first.seen) == 1
    monkeypatch.setattr(module, "compose", lambda file: pytest.fail(f"{file.path} was parsed"))
    again = KnownYaml(first.seen)
    [document], _ = again.compose(SourceFile("c.yaml", sound.text))
    assert (document.value, document.file.path) == ({"a": 1}, "c.yaml")
    with pytest.raises(pytest.fail.Exception):
        again.compose(wrong)


def test_a_key_of_many_texts_is_held_once():
    """The same key in two texts, each parsed or known, is one object: large projects have few keys many times."""
    texts = [SourceFile(f"{number}.yaml", f"a_key: {{within_it: {number}}}\n") for number in range(2)]
    first = KnownYaml()
    parsed = [first.compose(text)[0][0].value for text in texts]
    known = [KnownYaml(first.seen).compose(text)[0][0].value for text in texts]
    together = KnownYaml(first.seen)
    together.read_ahead(texts)
    ahead = [together.compose(text)[0][0].value for text in texts]
    for keys in ([*each, *each["a_key"]] for each in ahead):
        assert [id(key) for key in keys] == [id(key) for key in (*ahead[0], *ahead[0]["a_key"])]
    for keys in ([*each, *each["a_key"]] for each in (*parsed, *known)):
        assert [id(key) for key in keys] == [id(key) for key in (*parsed[0], *parsed[0]["a_key"])]
