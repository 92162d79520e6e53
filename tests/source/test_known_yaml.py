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


def with_facts(text, facts):
    """The texts that are known with what was found of the documents of one."""
    first = KnownYaml()
    documents, _ = first.compose(SourceFile("a.yaml", text))
    for document, found in zip(documents, facts, strict=True):
        document.facts.update(found)
    first.keep_facts("is")
    return first.seen


SEVERAL = "a: 1\n---\na: [2]\n---\n# nothing\n---\na: {b: 3}\n"
FOUND = [{"is": "one"}, {"is": "two\t\n é", "more": [1, ["x"]]}, {"is": "three"}]


def test_what_was_found_of_documents_is_kept_with_them(monkeypatch):
    """If something was found of all documents of a file, it is known, and their values are read when they are used."""
    parsed = read(Parsed, SEVERAL)
    seen = with_facts(SEVERAL, FOUND)
    for together in (False, True):
        known = KnownYaml(seen)
        if together:
            known.read_ahead([SourceFile("a.yaml", SEVERAL)])
        with monkeypatch.context() as patch:
            patch.setattr(module.KnownDocument, "value", property(lambda _: pytest.fail("it was read")))
            documents, _ = known.compose(SourceFile("a.yaml", SEVERAL))
            assert [document.facts for document in documents] == FOUND
        assert all(document.value is document.value for document in documents)
        known.keep_facts("is")
        assert known.seen == seen
        assert read(KnownYaml(known.seen), SEVERAL) == parsed


def test_what_was_found_later_is_kept_too():
    """If more is found of a known document, the next run knows it as well; what is there stays."""
    known = KnownYaml(with_facts(SEVERAL, FOUND))
    documents, _ = known.compose(SourceFile("a.yaml", SEVERAL))
    documents[2].facts["later"] = 7
    known.keep_facts("is")
    again, _ = KnownYaml(known.seen).compose(SourceFile("a.yaml", SEVERAL))
    assert [document.facts for document in again] == [*FOUND[:2], {"is": "three", "later": 7}]
    assert [document.value for document in again] == [{"a": 1}, {"a": [2]}, {"a": {"b": 3}}]


@pytest.mark.parametrize("facts", [[{}, {}, {}], [{"is": "one"}, {"more": 1}, {"is": "three"}]])
def test_a_file_of_which_not_all_is_known_is_read(facts):
    """If one document of a file wasn't found to be sound, nothing that was found in the file is kept."""
    known = KnownYaml(with_facts(SEVERAL, facts))
    documents, _ = known.compose(SourceFile("a.yaml", SEVERAL))
    assert not any(document.facts for document in documents)
    assert read(known, SEVERAL) == read(Parsed, SEVERAL)


@pytest.mark.parametrize("few", [0, 1, 2, 100])
def test_files_are_read_alone_or_together(few, monkeypatch):
    """However many files are read one by one before all others are, each document holds what it holds."""
    monkeypatch.setattr(module, "_FEW", few)
    texts = [f"a_key: {number}\n---\na_key: {{in: {number}}}\n" for number in range(5)]
    files = [SourceFile(f"{number}.yaml", text) for number, text in enumerate(texts)]
    first = KnownYaml()
    for file in files:
        for document in first.compose(file)[0]:
            document.facts["is"] = "known"
    first.keep_facts("is")
    known = KnownYaml(first.seen)
    known.read_ahead(files)
    documents = {file.path: known.compose(file)[0] for file in files}
    for number in (3, 0, 4, 1, 2):
        one, two = documents[f"{number}.yaml"]
        assert (two.value, one.value) == ({"a_key": {"in": number}}, {"a_key": number})
        assert one.value is one.value
