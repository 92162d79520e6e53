"""Macros that an editor changed are found with the macro that was meant. A new case is a line in a file."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deployer.messages import mangled
from deployer.messages.mangling import _BRACES, _LIQUID, _PARTING, _compiled

CASES = Path(__file__).parent / "mangled-cases"
PIECES = [*"{}%'ax &<\n\xa0\u200b\uff5b\uff5d", "{{", "}}", "{%", "%}", "<b>", "</b>", "&#123;", "&lcub;", "&#125;"]
CODE_POINT = re.compile(r"\\u([0-9a-f]{4})")


def cases(name):
    """The lines of a file, with characters that can't be seen written by their code points."""
    lines = (CASES / name).read_text("utf-8").splitlines()
    return [CODE_POINT.sub(lambda match: chr(int(match[1], 16)), line) for line in lines]


@pytest.mark.parametrize("case", cases("changed.txt"))
def test_a_changed_macro_is_found_whole_with_the_one_that_was_meant(case):
    """Whatever an editor did to a macro, it is one finding, from its first character to its last, with the mend."""
    changed, right = case.split(" -> ")
    text = f'<p>Hi</p> <a href="{changed}">x</a>'
    found = list(mangled(text))
    assert [(text[one.start : one.end], one.mend) for one in found] == [(changed, right)]
    assert list(mangled(text.replace(changed, right))) == []


@pytest.mark.parametrize("text", cases("right.txt"))
def test_a_right_macro_and_other_words_are_not_called_changed(text):
    """Macros, tags, styles, scripts and prose with the same characters aren't macros that an editor changed."""
    assert list(mangled(text)) == []


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_braces_that_are_parted_or_written_otherwise_have_a_sign(text):
    """Words without any sign of a macro with changed braces, which aren't searched for one, hold no such macro."""
    found = [match for match in _compiled(_BRACES).finditer(text) if not _LIQUID.fullmatch(match[0])]
    assert not found or _PARTING.search(text)
