"""Problems as text and as JSON: every format tells the same problems, and none decides an exit code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from deployer.findings.json_report import render_json
from deployer.findings.terminal import cell_width, visible
from deployer.findings.text import render_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from deployer.source.problems import Problem


class Format(Protocol):
    """A way to report problems."""

    def __call__(self, problems: Iterable[Problem], *, files: int, color: bool = False, width: int = 80) -> str:
        """Report problems found in ``files`` files; ``color`` and ``width`` concern formats for a terminal."""


FORMATS: Mapping[str, Format] = {"text": render_text, "json": render_json}
"""Every format by the name that ``--format`` takes."""

__all__ = ["FORMATS", "Format", "cell_width", "render_json", "render_text", "visible"]
