"""Which deployer this is: what another version, or other packages beneath it, found may not be what this one would."""

from __future__ import annotations

import hashlib
import os
import sys
import time
import zoneinfo
from contextlib import suppress
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_PACKAGES = ("deployer", "jinja2", "jsonschema", "jsonschema_rs", "liquid", "phonenumbers", "yaml")
"""Packages whose version may change what is found, by the names under which they are imported."""


@cache
def stamp() -> str:
    """SHA-256 over the versions of Python, deployer and the packages beneath it, deployer's files, the time zones."""
    digest = hashlib.sha256(f"{sys.version} {os.environ.get('TZ')} {time.tzname}".encode())
    for line in _zones():
        digest.update(line.encode())
    package = Path(__file__).resolve().parents[1]
    for folder in (package, package.parent / "schemas"):
        for line in _files(str(folder)):
            digest.update(line.encode())
    for home in sorted({_home(name) for name in _PACKAGES} - {""}):
        digest.update(" ".join(sorted(path.name for path in Path(home).glob("*.dist-info"))).encode())
    return digest.hexdigest()


def _zones() -> Iterator[str]:
    """The system's folders of time zone rules, each with its time of change: no package's version shows it."""
    for folder in zoneinfo.TZPATH:
        with suppress(OSError):
            yield f"{folder} {Path(folder).stat().st_mtime_ns}\n"


def _files(folder: str) -> Iterator[str]:
    """Each file below a folder by its name, size and time: a checkout changes without a new version."""
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        return
    for entry in entries:
        if entry.is_dir():
            if entry.name != "__pycache__":
                yield from _files(entry.path)
        else:
            status = entry.stat()
            yield f"{entry.path} {status.st_size} {status.st_mtime_ns}\n"


def _home(name: str) -> str:
    """The folder that a package is installed in."""
    spec = find_spec(name)
    return str(Path(spec.origin).parents[1]) if spec and spec.origin else ""
