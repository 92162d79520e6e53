"""The example shop on a desk, and ways to point into its files."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from deployer.editor.desk import Desk

if TYPE_CHECKING:
    from collections.abc import Iterable

    from deployer.editor.values import Place, Span, TextEdit

NORTHWIND = Path(__file__).resolve().parents[2] / "examples" / "northwind"
TEXTS = "messages/parcels.yaml"
JOURNEY = "journeys/order_shipped.yaml"


@dataclass
class At:
    """The shop as an editor has it open."""

    desk: Desk

    def place(self, path: str, words: str, inside: str = "") -> Place:
        """The end of ``inside`` within the first ``words`` of a file; of the words where nothing is named."""
        text = self.desk.text(path)
        start = text.text.index(words)
        end = start + (words.index(inside) + len(inside) if inside else len(words))
        return text.place(end)

    def type(self, path: str, old: str, new: str) -> None:
        """Replace some words of a file in the editor."""
        text = self.desk.text(path).text
        assert old in text
        self.desk.write(path, text.replace(old, new, 1))

    def words(self, span: Span) -> str:
        """What is written in a stretch."""
        text = self.desk.text(span.path)
        return text.text[text.offset(span.start) : text.offset(span.end)]

    def change(self, changes: Iterable[TextEdit]) -> None:
        """Change files in the editor, as it does: every stretch is that of the text before."""
        by_path: dict[str, list[TextEdit]] = {}
        for one in changes:
            by_path.setdefault(one.span.path, []).append(one)
        for path, several in by_path.items():
            text = self.desk.text(path)
            made = text.text
            for one in sorted(several, key=lambda each: each.span.start, reverse=True):
                made = made[: text.offset(one.span.start)] + one.text + made[text.offset(one.span.end) :]
            self.desk.write(path, made)

    def errors(self) -> list[str]:
        """What is wrong now, in a line each."""
        return [f"{one.rule} {one.message}" for found in self.desk.problems().values() for one in found]


@pytest.fixture
def at(tmp_path: Path) -> At:
    """A copy of the example shop."""
    return At(Desk(Path(shutil.copytree(NORTHWIND, tmp_path / "shop"))))
