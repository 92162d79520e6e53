"""A page as a PNG picture, taken by a Chromium that is installed."""

from __future__ import annotations

import os
import re
import shutil
import struct
import subprocess
import tempfile
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

from deployer.atomic import write_file
from deployer.errors import DeployerError

if TYPE_CHECKING:
    from collections.abc import Iterator

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge")
"""Programs on the path that can take a picture, in the order in which they are looked for."""

VARIABLE = "DEPLOYER_CHROMIUM"
"""The environment variable that names a browser which isn't on the path."""

_PATIENCE = 60
_SCALE = 2
_CHROME = 200
"""Pixels of a window that today's headless Chromium keeps for its own bars: it takes a picture of the window, but draws
only what is left for the page."""

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_DEPTH = 8
_SAMPLES = {2: 3, 6: 4}
"""Bytes of a dot by PNG's type of color: red, green and blue, and the same with transparency."""


class ScreenshotError(DeployerError):
    """No picture could be taken; ``hint`` says what to do."""


def find_browser() -> str:
    """Return the path of a Chromium; raises ``ScreenshotError`` where none is installed."""
    named = os.environ.get(VARIABLE, "")
    path = shutil.which(named) if named else next(filter(None, map(shutil.which, BROWSERS)), None)
    if path:
        return path
    if named:
        raise ScreenshotError(f"{VARIABLE} names {named}, which can't be run", "name a Chromium, or unset it")
    hint = f"install Chromium or Google Chrome, or name one in {VARIABLE}; an .svg needs no browser"
    raise ScreenshotError("a PNG needs a Chromium, and none was found", hint)


def screenshot(page: str, out: Path, size: tuple[int, int]) -> None:
    """Write a page (HTML that asks for nothing from outside) as a PNG of ``size`` in CSS pixels, two dots to each.

    Raises ``ScreenshotError``.
    """
    browser = find_browser()
    with tempfile.TemporaryDirectory(prefix="deployer-") as name:
        folder = Path(name)
        source, picture = folder / "page.html", folder / "page.png"
        write_file(source, page)
        _run([browser, *_options(folder, size), f"--screenshot={picture}", source.as_uri()])
        if not picture.exists():
            raise ScreenshotError(f"{browser} took no picture", "try another Chromium, or an .svg")
        write_file(out, cut_to(picture.read_bytes(), size[1] * _SCALE))


def height_of(page: str, width: int, attribute: str) -> int:
    """How high a page is that notes its height in an attribute, once it is loaded. Raises ``ScreenshotError``."""
    browser = find_browser()
    with tempfile.TemporaryDirectory(prefix="deployer-") as name:
        folder = Path(name)
        source = folder / "page.html"
        write_file(source, page)
        options = [*_options(folder, (width, _CHROME)), "--dump-dom"]
        done = _run([browser, *options, source.as_uri()])
    found = re.search(rf'{attribute}="(\d+)"', done.stdout.decode(errors="replace"))
    if found is None:
        raise ScreenshotError(f"{browser} measured no page", "try another Chromium, or an .svg")
    return int(found[1])


def cut_to(png: bytes, height: int) -> bytes:
    """Keep the upper rows of a picture as a browser writes it: eight bits a color, not interlaced.

    A row of a PNG depends on those above it alone, so the rest can go.
    """
    chunks = list(_chunks(png))
    wide, high, depth, color, *rest = struct.unpack(">IIBBBBB", chunks[0][1])
    if depth != _DEPTH or color not in _SAMPLES or rest[-1] or high <= height:
        return png
    rows = zlib.decompress(b"".join(data for kind, data in chunks if kind == b"IDAT"))
    kept = zlib.compress(rows[: height * (wide * _SAMPLES[color] + 1)])
    head = struct.pack(">IIBBBBB", wide, height, depth, color, *rest)
    return _SIGNATURE + b"".join(_chunk(*chunk) for chunk in ((b"IHDR", head), (b"IDAT", kept), (b"IEND", b"")))


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(_SIGNATURE)
    while at < len(png):
        (size,) = struct.unpack_from(">I", png, at)
        yield png[at + 4 : at + 8], png[at + 8 : at + 8 + size]
        at += size + 12


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _options(folder: Path, size: tuple[int, int]) -> list[str]:
    # As root, as in a container, Chromium refuses to start with its sandbox; the page runs no script but ours.
    as_root = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    return [
        "--headless",
        *as_root,
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--no-first-run",
        "--hide-scrollbars",
        f"--user-data-dir={folder / 'profile'}",
        f"--force-device-scale-factor={_SCALE}",
        f"--window-size={size[0]},{size[1] + _CHROME}",
    ]


def _run(command: list[str]) -> subprocess.CompletedProcess[bytes]:
    try:
        done = subprocess.run(  # noqa: S603 - a browser that the user installed, with our own page
            command, capture_output=True, timeout=_PATIENCE, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise ScreenshotError(f"{command[0]} didn't finish", "try again, or write an .svg") from error
    except OSError as error:
        raise ScreenshotError(f"{command[0]} can't be run: {error.strerror}", "try another Chromium") from error
    if done.returncode:
        errors = done.stderr.decode(errors="replace").strip().splitlines()
        last = errors[-1] if errors else f"exit code {done.returncode}"
        raise ScreenshotError(f"{command[0]} took no picture: {last}", "try another Chromium, or an .svg")
    return done
