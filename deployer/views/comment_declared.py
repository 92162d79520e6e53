"""What a pull request changes for customers beside the words: journeys' steps and settings, opt-in texts, the brand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployer.messages import near_changes, word_diff
from deployer.views import markdown
from deployer.views.markdown_words import marked
from deployer.views.outline import Run, Tone, entry

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deployer.preview.declared_changes import Changed, Row
    from deployer.preview.values import Against

_NOTICED = ("journey", "opt_in_source", "brand")
"""Kinds whose changes a customer notices; what is sent to Attentive only is in the plan."""


def changed_items(against: Against) -> Iterator[str]:
    """Each such resource as markdown, with the values that differ. What is gone is a removal."""
    for change in against.changes:
        if change.kind != "gone" and change.address.partition(".")[0] in _NOTICED:
            yield "\n".join(_lines(change))


def _lines(changed: Changed) -> Iterator[str]:
    name, new = Run(changed.address, Tone.STRONG, code=True), " is new" if changed.kind == "added" else ""
    yield markdown.write([entry(name, new, marker="-")])
    yield from (f"  - {markdown.plain(row.path)}: {_difference(row)}" for row in changed.rows)


def _difference(row: Row) -> str:
    if row.before and row.after:
        return marked(near_changes(word_diff(row.before, row.after)))
    return f"{markdown.code(row.before) or 'nothing'} → {markdown.code(row.after) or 'nothing'}"
