"""Texts that Attentive shows and that aren't the declared ones, word by word, readable without color."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployer.views import terminal
from deployer.views.outline import Entry, Run, Tone, entry
from deployer.views.words import diff_lines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deployer.engine.pasted import Difference

LEGEND = "[-only in Attentive-] {+only in the YAML+}"
"""Which side the marks of a word diff are."""


def differences_text(differences: Sequence[Difference], *, color: bool = False, width: int = 80) -> str:
    """Show texts that aren't the declared ones."""
    nodes = [
        Entry(
            (Run(f"{difference.part} of "), Run(difference.source, Tone.STRONG, code=True)),
            difference_nodes(difference),
        )
        for difference in differences
    ]
    return terminal.write([*nodes, entry(Run(LEGEND, Tone.DIM))], color=color, width=width)


def difference_nodes(difference: Difference) -> tuple[Entry, ...]:
    """The lines that differ, each with the line before and after it."""
    return diff_lines(difference.pieces)
