"""The page of results beside this file: each benchmark has its part of it, between two marks."""

from __future__ import annotations

import os
import platform
from pathlib import Path

PAGE = Path(__file__).with_name("README.md")


def machine(program: str = f"Python {platform.python_version()}") -> str:
    """On what the figures were made, and how busy it was with other work over the last minutes."""
    cores = f"{os.cpu_count()} cores ({platform.machine()})"
    return f"{program}, {cores}, load {os.getloadavg()[1]:.1f} over the last five minutes"


def put(mark: str, made: str) -> None:
    """Write what a benchmark made in place of what it made last; behind everything else where that is missing."""
    begin, end = f"<!-- {mark} -->", f"<!-- /{mark} -->"
    before, begun, rest = PAGE.read_text(encoding="utf-8").partition(begin)
    after = rest.partition(end)[2] if begun else "\n"
    PAGE.write_text(f"{before.rstrip()}\n\n{begin}\n{made}\n{end}{after}", encoding="utf-8")
