"""A hint names what was probably meant, or a few of what there is: never all of it."""

from __future__ import annotations

import difflib
from unittest.mock import patch

import deployer
from deployer.source import Candidates, meant_hint, near_or_few, some, suggest, suggestion

MATCHER = difflib.SequenceMatcher
NOUNS = ("order", "parcel", "pickup", "return")
VERBS = ("confirmed", "shipped", "delayed", "scanned")


def test_a_few_are_named_and_the_rest_counted() -> None:
    """Five names, in order, and how many more."""
    assert some(["b", "a"]) == "a, b"
    assert some([]) == "none"
    assert some([f"n{number}" for number in range(9)]) == "n0, n1, n2, n3, n4 and 4 more"


def test_a_name_is_answered_with_the_nearest_or_with_a_few() -> None:
    """The nearest name alone, else five and how many more; a name that comes twice counts once."""
    assert near_or_few("chekout", ["account", "checkout"]) == "did you mean `checkout`?"
    assert near_or_few("zzz", ["b", "a", "b"]) == "declared: a, b"
    assert (
        near_or_few("zzz", [f"n{number}" for number in range(9)], "the names")
        == "the names: n0, n1, n2, n3, n4 and 4 more"
    )
    assert near_or_few("zzz", []) == "declared: none"


def test_a_name_that_was_found_otherwise_is_worded_the_same() -> None:
    """The hint for a name that another search found; nothing found, or the word itself, is no hint."""
    assert meant_hint("x", "event/*") == "did you mean `event/*`?"
    assert meant_hint("x", None) == meant_hint("x", "") == meant_hint("x", "x") == ""


def test_a_slip_is_found_among_thousands() -> None:
    """If there are many candidates, the one with a slip in it is found still."""
    many = [f"{letter}_event_{number}" for letter in "abcdefghij" for number in range(500)]
    assert suggest("order_shiped", [*many, "order_shipped"]) == "order_shipped"


def test_a_reference_to_nothing_stays_short(tmp_path) -> None:
    """If two thousand event types are declared, the hint of an unknown one names a few of them."""
    settings = "version: 1\nproject: big\nbrand: {name: B}\napps: {a: {}}\nenvironments: {sandbox: {target: sandbox}}\n"
    (tmp_path / "deployer.yaml").write_text(settings, encoding="utf-8")
    one = "kind: EventType\nid: n{0}\nname: N {0}\napp: a\nregistered_by: producer\n"
    declared = [one.format(number) for number in range(400)]
    message = "kind: Message\nid: m\nchannel: text\nevent: zzzzzzzzz\nbody: Hello\n"
    (tmp_path / "all.yaml").write_text("---\n".join([*declared, message]), encoding="utf-8")
    (found,) = [one for one in deployer.load(tmp_path).check() if one.rule == "reference/unknown"]
    assert "and 395 more" in found.hint
    assert len(found.hint) < 120


def test_many_words_are_asked_of_one_list() -> None:
    """If there are thousands of ids, each unknown one is held against a few of them, wherever its slip is."""
    ids = [f"{noun}_{verb}_{number}" for noun in NOUNS for verb in VERBS for number in range(100)]
    candidates = Candidates(ids)
    with patch.object(difflib.SequenceMatcher, "set_seq1", autospec=True, side_effect=MATCHER.set_seq1) as compared:
        assert candidates.suggest("ordr_shipped_55") == "order_shipped_55"
        assert candidates.suggest("xorder_shipped_55") == "order_shipped_55"
        assert candidates.suggest("Order-Shipped 55") == "order_shipped_55"
        for number in range(100):
            candidates.suggest(f"nothing_like_it_{number}")
    assert compared.call_count <= 102 * 48


def test_what_was_found_is_found_again() -> None:
    """If a word is asked for in each environment, it is looked for once."""
    candidates = Candidates([f"event_{number}" for number in range(1_000)])
    with patch.object(suggestion, "near", side_effect=suggestion.near) as looked:
        assert [candidates.suggest("event_12x") for _ in range(3)] == [candidates.suggest("event_12x")] * 3
    assert looked.call_count == 1


def test_broken_projects_grow_with_what_is_broken(tmp_path) -> None:
    """If twice as many references lead nowhere, twice the work is done for their hints, not four times."""

    def compared(count: int) -> int:
        folder = tmp_path / str(count)
        folder.mkdir()
        settings = (
            "version: 1\nproject: big\nbrand: {name: B}\napps: {a: {}}\nenvironments: {sandbox: {target: sandbox}}\n"
        )
        (folder / "deployer.yaml").write_text(settings, encoding="utf-8")
        event = "kind: EventType\nid: n{0}\nname: N {0}\napp: a\nregistered_by: producer\n"
        message = "kind: Message\nid: m{0}\nchannel: text\nevent: gone{0}\nbody: Hello\n"
        every = [one.format(number) for number in range(count) for one in (event, message)]
        for part in range(0, len(every), 500):
            (folder / f"{part}.yaml").write_text("---\n".join(every[part : part + 500]), encoding="utf-8")
        with patch.object(difflib.SequenceMatcher, "set_seq1", autospec=True, side_effect=MATCHER.set_seq1) as calls:
            assert sum(one.rule == "reference/unknown" for one in deployer.load(folder).check()) == count
        return calls.call_count

    assert compared(800) <= 2.2 * compared(400)


def test_letters_of_another_script_are_named() -> None:
    """Two words that look alike are worthless as a hint: it says which letter is of another script."""
    for word, found in (("b\u0430y", "bay"), ("bay", "b\u0430y"), ("\u039frder", "Order")):
        hint = meant_hint(word, found)
        assert f"did you mean `{found}`?" in hint
        assert f"U+{ord(next(one for one in word + found if not one.isascii())):04X} (" in hint
    for word, found in (("b\u00e4y", "bay"), ("bey", "bay"), ("b\u0430ys", "bay"), ("b1y", "bay")):
        assert meant_hint(word, found) == f"did you mean `{found}`?"
