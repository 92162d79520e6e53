"""Bounds of a cache folder: the oldest files make room."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def make_room(folder: Path, suffix: str, most: int, room: int) -> None:
    """Remove the oldest of the files with this suffix, so that there are at most so many of so many bytes in all.

    Raises ``OSError``.
    """
    kept = sorted(
        ((path, path.stat()) for path in folder.glob(f"*{suffix}")), key=lambda pair: pair[1].st_mtime, reverse=True
    )
    sizes = accumulate(status.st_size for _, status in kept)
    for number, ((old, _), size) in enumerate(zip(kept, sizes, strict=True)):
        if number >= most or size > room:
            old.unlink(missing_ok=True)
