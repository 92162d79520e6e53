"""The notes of a pull request's comment: those of its environment and those of all, told apart by a field."""

from __future__ import annotations

import pytest

from deployer.views.comment_events import harmless_items

NOTES = [
    {"environment": "production", "text": "what is live in production isn't known"},
    {"environment": "live", "text": "what is live in live isn't known"},
    {"environment": "", "text": "the environment staging is gone"},
]
DATA = {"environments": ["live", "production"], "changes": [], "summary": {}, "notes": NOTES}


@pytest.mark.parametrize("environment", ["live", "production"])
def test_a_note_is_of_its_environment(environment):
    """An environment that is called as a word of the sentence gets no note of another one."""
    shown = "\n".join(harmless_items(DATA, environment))
    assert "the environment staging is gone" in shown
    assert f"what is live in {environment} isn't known" in shown
    assert shown.count("isn't known") == 1
