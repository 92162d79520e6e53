"""The page's own counting and comparing, in a browser, against what Python does."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deployer.messages import count
from deployer.messages.words import words
from deployer.preview.tasks import task_page
from deployer.state import State
from deployer.views.lettering import right_to_left
from deployer.views.pages.assemble import asset

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

CASES = [
    case
    for path in sorted((Path(__file__).resolve().parents[2] / "messages" / "count-cases").glob("*.yaml"))
    for case in yaml.safe_load(path.read_text("utf-8"))
]
ADDED = ("brand", "media", "opt_out")
TEXTS = st.text(st.sampled_from("aZ 9\n\r{}€~é\u2019e\u0301😀♥\t…½\ufb01"), max_size=400) | st.text(
    st.characters(exclude_categories=["Cs"]), max_size=200
)
COUNT = """({ alphabet, cases }) => {
  %s
  const count = counter(alphabet);
  return cases.map(([text, options]) => count(text, options));
}"""
DIFF = "(pairs) => { %s return pairs.map(([old, fresh]) => wordDiff(old, fresh)); }"


def text_of(case: dict[str, Any]) -> str:
    """The case's text: written out, one character repeated, or several."""
    parts = case.get("text_of") or ([case["repeat"]] if "repeat" in case else [[case["text"], 1]])
    return "".join(part * times for part, times in parts)


@pytest.fixture(scope="module")
def blank(chromium: Browser) -> Iterator[Page]:
    """An empty page to run the page's scripts in."""
    with chromium.new_context(offline=True) as context:
        yield context.new_page()


def counted(blank: Page, cases: list[tuple[str, dict[str, Any]]]) -> list[dict[str, Any]]:
    """Count texts as the page does."""
    alphabet = task_page(State("sandbox")).data()["alphabet"]
    return list(blank.evaluate(COUNT % asset("count.js"), {"alphabet": alphabet, "cases": cases}))


def by_python(text: str, options: dict[str, Any]) -> dict[str, Any]:
    """The same by ``deployer.messages.counting``."""
    found = count(text, **options)
    names = ("encoding", "units", "segments", "limit_per_segment", "left")
    offenders = [{"char": one.char, "position": one.position} for one in found.offenders]
    return {**{name: getattr(found, name) for name in names}, "offenders": offenders, "parts": list(found.parts)}


def test_the_golden_cases(blank: Page) -> None:
    """Every golden case has its encoding, units, segments and edges on the page too, by both sets of rules."""
    cases = [
        (text_of(case), {"rules": rules, **{key: case[key] for key in ADDED if key in case}})
        for case in CASES
        for rules in ("attentive", "carrier")
    ]
    assert len(cases) >= 80
    for (text, options), found in zip(cases, counted(blank, cases), strict=True):
        assert found == by_python(text, options), (text, options)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(
    texts=st.lists(
        st.tuples(
            TEXTS, st.sampled_from(["", "Northwind", "Café"]), st.booleans(), st.sampled_from(["", "Reply STOP"])
        ),
        min_size=5,
        max_size=20,
    ),
    rules=st.sampled_from(["attentive", "carrier"]),
)
def test_any_text_counts_alike(blank: Page, texts: list[tuple[str, str, bool, str]], rules: str) -> None:
    """Whatever the text, the brand, the picture and the opt-out text: page and library count the same."""
    cases = [
        (text, {"rules": rules, "brand": brand, "media": media, "opt_out": opt_out})
        for text, brand, media, opt_out in texts
    ]
    for (text, options), found in zip(cases, counted(blank, cases), strict=True):
        assert found == by_python(text, options), (text, options)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
@given(pairs=st.lists(st.tuples(TEXTS, TEXTS), min_size=3, max_size=10))
def test_a_difference_is_whole(blank: Page, pairs: list[tuple[str, str]]) -> None:
    """What stayed and went is the old text, what stayed and came the new one; nothing is said of equal texts."""
    found = blank.evaluate(DIFF % asset("worddiff.js"), [*pairs, *((old, old) for old, _ in pairs)])
    for (old, new), pieces in zip([*pairs, *((old, old) for old, _ in pairs)], found, strict=True):
        assert "".join(one["text"] for one in pieces if one["op"] != "new") == old
        assert "".join(one["text"] for one in pieces if one["op"] != "gone") == new
        if old == new:
            assert all(one["op"] == "same" for one in pieces)


def test_a_macro_is_one_word(blank: Page) -> None:
    """A changed macro goes and comes as a whole; an email of thousands of words is compared without a pause."""
    old, new = "to {{triggerEvent.custom['a b']}} now", "to {{triggerEvent.custom['a c']}} now"
    long = "".join(f"<td>{number} word</td>\n" for number in range(6000))
    pieces, rows = blank.evaluate(
        DIFF % asset("worddiff.js"), [[old, new], [f"a {long} b", f"c {long.replace('17 word', '17 words')} d"]]
    )
    assert [one["text"] for one in pieces if one["op"] != "same"] == [
        "{{triggerEvent.custom['a b']}}",
        "{{triggerEvent.custom['a c']}}",
    ]
    assert "".join(one["text"] for one in rows if one["op"] != "new") == f"a {long} b"


SCRIPTS = st.text(st.sampled_from("aZ 9'\u2019_.\u0301नमस्तेอ้ที่مرحبًاשלום\u200c\u200d👩🏽‍🚀❤\ufe0f가は"), max_size=30)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
@given(texts=st.lists(SCRIPTS, min_size=3, max_size=20))
def test_a_word_is_the_same_on_the_page(blank: Page, texts: list[str]) -> None:
    """In any script the page takes for one word what the library does."""
    found = blank.evaluate(f"(texts) => {{ {asset('worddiff.js')} return texts.map(wordsIn); }}", texts)
    assert [tuple(one) for one in found] == [words(text) for text in texts]


BIDI = st.text(st.sampled_from("ab, 9.مرحبًاשלוםज{}https://x.example "), max_size=40) | st.sampled_from(
    ["شكرًا {{triggerEvent.custom['order']}}!", "Order שלום, thanks", "https://meridian.example/long שלום"]
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
@given(texts=st.lists(BIDI, min_size=3, max_size=20))
def test_a_text_is_read_the_same_way_on_the_page(blank: Page, texts: list[str]) -> None:
    """From right to left on the page is what is so in a picture."""
    found = blank.evaluate(f"(texts) => {{ {asset('direction.js')} return texts.map(directionOf); }}", texts)
    assert [one == "rtl" for one in found] == [right_to_left(text) for text in texts]
