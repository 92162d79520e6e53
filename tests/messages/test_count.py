"""Counting: the golden cases in count-cases/*.yaml, each with its published source, and what holds for every text."""

from itertools import pairwise
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from deployer.messages import SEPARATOR, count, shortened

CASES = [
    case
    for path in sorted(Path(__file__, "../count-cases").resolve().glob("*.yaml"))
    for case in yaml.safe_load(path.read_text("utf-8"))
]
TEXTS = st.text(st.sampled_from("aZ 9\n\r{}€~é\u2019e\u0301😀♥\t"), max_size=400) | st.text(max_size=200)
RULES = st.sampled_from(["attentive", "carrier"])


def text_of(case):
    """Build the case's text: written out, one character repeated, or several."""
    parts = case.get("text_of") or ([case["repeat"]] if "repeat" in case else [[case["text"], 1]])
    return "".join(part * times for part, times in parts)


WHAT_IS_ADDED = ("brand", "media", "opt_out")


@pytest.mark.parametrize("rules", ["attentive", "carrier"])
@pytest.mark.parametrize("case", CASES, ids=[case["about"] for case in CASES])
def test_golden(case, rules):
    """Each golden case has its encoding, units, segments and their edges under both sets of rules."""
    added = {key: case[key] for key in WHAT_IS_ADDED if key in case}
    found = count(text_of(case), rules=rules, **added)
    assert (found.encoding, found.units, found.segments) == (case["encoding"], case["units"], case[rules])
    assert list(found.parts) == case.get(f"{rules}_parts", [])
    for key, attribute in (("offenders", "codepoint"), ("replacements", "replacement"), ("positions", "position")):
        if key in case:
            assert [getattr(offender, attribute) for offender in found.offenders] == case[key]


def test_enough_cases():
    """There are at least forty golden cases, no two about the same thing, and each says where it is published."""
    assert len({case["about"] for case in CASES}) == len(CASES) >= 40
    assert all(case["source"] for case in CASES)


def test_left():
    """What is left is what fits before the next segment, also where a pair had to go on to the next part."""
    assert count("a" * 100).left == 60
    assert count("a" * 161, rules="carrier").left == 145
    assert count("a" * 152 + "€" + "a" * 152, rules="carrier").left == 152
    assert count("a" * 100, media=True).left == 60


def test_offenders_are_named():
    """An offender carries its name, its place and what to write instead."""
    (offender,) = count("it\u2019s").offenders
    assert (offender.char, offender.position, offender.name) == ("\u2019", 2, "RIGHT SINGLE QUOTATION MARK")


@pytest.mark.parametrize(
    ("char", "advice"),
    [
        ("\u2013", "write “-” instead"),
        ("\u00a0", "write a space instead"),
        ("\u2028", "write a line break instead"),
        ("\u200b", "leave it out"),
        ("\U0001f600", "nothing is alike"),
    ],
)
def test_advice(char, advice):
    """What to do about a character is said in words, and a blank by its name, since nobody sees it."""
    (offender,) = count(f"a{char}b").offenders
    assert offender.advice == advice


@given(TEXTS, TEXTS, RULES)
def test_monotone(text, more, rules):
    """A text never costs less because something was appended."""
    assert count(text + more, rules=rules).segments >= count(text, rules=rules).segments


@given(TEXTS)
def test_carriers_count_no_less(text):
    """Carriers' parts are never larger than Attentive's segments, so there are never fewer of them."""
    assert count(text, rules="carrier").segments >= count(text).segments


@given(TEXTS, RULES)
def test_left_fits(text, rules):
    """Appending plain letters for what is left costs nothing more, and one further letter begins the next segment."""
    before = count(text, rules=rules)
    if not before.segments:
        return
    assert count(text + "a" * before.left, rules=rules).segments == before.segments
    single = before.segments == 1
    assert single or count(text + "a" * (before.left + 1), rules=rules).segments == before.segments + 1


@given(TEXTS)
def test_replacements_make_plain(text):
    """A text whose every offender has a stand-in is plain once they are written."""
    found = count(text)
    if any(offender.replacement is None for offender in found.offenders):
        return
    parts = list(text)
    for offender in found.offenders:
        composed = offender.position and len(offender.replacement) == 1 and ord(offender.char) in range(0x300, 0x370)
        if composed:
            parts[offender.position - 1] = ""
        parts[offender.position] = offender.replacement
    assert count("".join(parts)).encoding == "GSM-7"


@given(TEXTS)
def test_wide_units_are_utf16(text):
    """In the wide encoding the units are those of UTF-16."""
    found = count(text)
    if found.encoding == "UCS-2":
        assert found.units == len(text.encode("utf-16-le", "surrogatepass")) // 2


@given(TEXTS, RULES, st.booleans(), st.sampled_from(["", "Acme", "Zoë\u2019s"]))
def test_parts_say_where_segments_begin(text, rules, media, brand):
    """There is an edge before each segment but the first, and what lies between two edges fits into one."""
    found = count(text, rules=rules, media=media, brand=brand)
    whole = f"{brand}{SEPARATOR}{text}" if brand else text
    assert len(found.parts) == max(found.segments - 1, 0)
    edges = [0, *found.parts, len(whole)]
    assert edges == sorted(set(edges)) or not whole
    for start, end in pairwise(edges):
        alone = count(whole[start:end])
        if rules == "carrier" and alone.encoding == found.encoding:
            assert alone.units <= 160


def test_which_links_are_shortened():
    """URLs of a property are shortened up to 1,024 characters; other values aren't links."""
    longest = "https://acme.example/".ljust(1024, "a")
    assert shortened([longest, longest + "a", "hello", 5, "http://x.y", "http://x.y"]) == (longest, "http://x.y")


@pytest.mark.parametrize(
    ("char", "written"),
    [("≠", None), ("¨", None), ("¯", None), ("²", None), ("˜", "~"), ("‗", "_"), ("‹", "<"), ("⁄", "/"), ("÷", "/"),  # noqa: RUF001 - look-alikes are the point
     ("⅓", "1/3"), ("œ", "oe"), ("ł", "l"), ("ı", "i"), ("é", "é"), ("ž", "z")],  # noqa: RUF001 - as above
)  # fmt: skip
def test_a_stand_in_keeps_the_meaning(char, written):
    """What could stand instead reads alike; nothing stands instead of what would mean something else."""
    from deployer.messages.gsm import stand_in, units  # noqa: PLC0415 - the table alone is asked

    assert (char if units(char) else stand_in(char)) == written
