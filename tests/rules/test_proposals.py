"""What a hint proposes is a value too, so that no program has to read the sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from deployer import load
from deployer.source import Correction, Hint, MissingProperty, proposals_of
from deployer.source.documents import quoted
from tests.cases import cases

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("case", cases("invalid"), ids=lambda path: path.name)
def test_what_was_meant_can_be_written(case: Path) -> None:
    """A problem whose hint names what was meant proposes to write it, in the place of words that it underlines.

    A text that lacks its quotes is proposed with them, also where it begins before what is underlined or goes on.
    """
    for problem in load(case).problems:
        meant = problem.hint.startswith(("did you mean `", "quote it: `"))
        corrections = [one for one in problem.proposals if isinstance(one, Correction)]
        assert corrections or not meant
        start = problem.position.column - 1
        words = problem.excerpt[start : start + problem.length]
        for one in corrections:
            begin = problem.excerpt.find(one.wrong)
            assert one.wrong in words or (begin <= start and words in one.wrong)
            assert one.right in problem.hint or one.right == quoted(one.wrong)


def test_a_hint_adds_to_what_its_sentence_proposes() -> None:
    """A hint made of another one has the proposals of both; a plain sentence has none."""
    first = Hint("did you mean `a`?", Correction("b", "a"))
    both = Hint(first, MissingProperty("order_shipped", "b"))
    assert both == "did you mean `a`?"
    assert proposals_of(both) == (Correction("b", "a"), MissingProperty("order_shipped", "b"))
    assert proposals_of("did you mean `a`?") == ()
