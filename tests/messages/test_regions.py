"""Where Liquid and markup stand in a text: as a lazy regular expression finds them, without its work."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deployer.messages import COMMENTS, LIQUID, RAW, UNREAD, Source, masked, regions
from deployer.messages.partition import Region

LAZY = re.compile(
    r"\{%-?\s{0,100}raw\s{0,100}-?%\}.*?\{%-?\s{0,100}endraw\s{0,100}-?%\}|\{\{.*?\}\}|\{%.*?%\}", re.DOTALL
)
MARKUP = re.compile(r"<style\b.*?</style\s{0,100}>|<script\b.*?</script\s{0,100}>|<!--.*?-->", re.DOTALL)
PIECES = st.sampled_from(
    [
        *("{{", "}}", "{%", "%}", "{", "}", "%", "raw", "endraw", "{% raw %}", "{%- endraw -%}", " ", "\n", "a"),
        *("<style>", "</style>", "<script x>", "</script >", "<", ">", "<!--", "-->", "styles", "é"),
    ]
)
TEXTS = st.lists(PIECES, max_size=24).map("".join)


@given(TEXTS)
def test_regions_are_those_of_the_lazy_expression(text):
    """Openings without an end, overlaps and ends without an opening are read as a regular expression reads them."""
    assert list(regions(text, (RAW, *LIQUID))) == [match.span() for match in LAZY.finditer(text)]
    assert list(regions(text, (*UNREAD, *COMMENTS))) == [match.span() for match in MARKUP.finditer(text)]


@given(TEXTS)
def test_masking_keeps_offsets(text):
    """What is outside of a region stays at its place, and nothing of a region is left."""
    shown = masked(text, LIQUID, "\0")
    inside = {at for start, end in regions(text, LIQUID) for at in range(start, end)}
    assert shown == "".join("\0" if at in inside else char for at, char in enumerate(text))


@dataclass
class Counting:
    """A pattern that counts the characters that it looks at."""

    pattern: re.Pattern[str]
    work: list[int] = field(default_factory=list)

    def search(self, text: str, at: int) -> re.Match[str] | None:
        """Search on, and note how far."""
        found = self.pattern.search(text, at)
        self.work.append((found.end() if found else len(text)) - at)
        return found

    def match(self, text: str, at: int) -> re.Match[str] | None:
        """Match at a place."""
        return self.pattern.match(text, at)

    def __hash__(self) -> int:
        """Tell patterns apart by what they are."""
        return id(self)


@pytest.mark.parametrize(
    "piece", ["{{", "{{ ", "{{ a }}", "{%", "{% raw %}", "}}", "{{%}", "<style>", "<!--", "{% raw %}{{ "]
)
def test_the_work_grows_with_the_text(piece):
    """If a text holds thousands of openings without ends, each character is looked at a few times, not thousands."""
    text = piece * 4_000
    kinds = [
        Region(Counting(one.opening), Counting(one.closing), one.mark)  # type: ignore[arg-type]  # counts as it searches
        for one in (RAW, *LIQUID, *UNREAD, *COMMENTS)
    ]
    list(regions(text, kinds))
    looked_at = sum(sum(one.opening.work) + sum(one.closing.work) for one in kinds)  # type: ignore[attr-defined]  # as above
    assert looked_at <= 4 * len(kinds) * len(text)


@given(st.text("a\n\u2028é", max_size=30), st.data())
def test_lines_and_columns_are_counted_by_line_feeds(text, data):
    """The place of each character is that of splitting at line feeds."""
    offset = data.draw(st.integers(0, len(text)))
    source = Source.read("", text)
    before = source.text[:offset].split("\n")
    assert source.place(offset) == (len(before), len(before[-1]) + 1)
    assert [source.line(number) for number in range(1, text.count("\n") + 2)] == text.split("\n")
    assert source.line(0) == source.line(text.count("\n") + 2) == ""
