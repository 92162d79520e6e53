"""Paths that can't be read to an end: a named pipe, whose writer may never come, and a device."""

from __future__ import annotations

import stat
from pathlib import Path

_OPEN_ALREADY = ("/dev/fd/", "/dev/stdin", "/proc/")
"""Pipes that the shell has opened: reading them can't wait for a writer that never comes."""


def endless(path: str | Path) -> tuple[str, str] | None:
    """Why a path can't be read to an end, and what to do instead; ``None`` where it can, or isn't there."""
    try:
        mode = Path(path).stat().st_mode
    except OSError:  # opening it says why it can't be read
        return None
    if stat.S_ISREG(mode) or stat.S_ISDIR(mode):
        return None
    if not stat.S_ISFIFO(mode):
        hint = "a device or socket isn't read: name a file, or `-` for standard input"
        return f"{path} isn't a file", hint
    if str(path).startswith(_OPEN_ALREADY):
        return None
    return f"{path} is a named pipe", f"read it as standard input, which waits for its writer: `- < {path}`"
