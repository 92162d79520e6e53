"""A page as a PNG picture, taken by a Chromium that is installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from deployer.atomic import write_file
from deployer.errors import DeployerError

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge")
"""Programs on the path that can take a picture, in the order in which they are looked for."""

VARIABLE = "DEPLOYER_CHROMIUM"
"""The environment variable that names a browser which isn't on the path."""

_PATIENCE = 60
_SCALE = 2


class ScreenshotError(DeployerError):
    """No picture could be taken; ``hint`` says what to do."""


def find_browser() -> str:
    """Return the path of a Chromium; raises ``ScreenshotError`` where none is installed."""
    named = os.environ.get(VARIABLE, "")
    found = shutil.which(named) if named else next(filter(None, map(shutil.which, BROWSERS)), None)
    if found:
        return found
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
        source.write_text(page, encoding="utf-8")
        _run([browser, *_options(folder, picture, size), source.as_uri()])
        if not picture.exists():
            raise ScreenshotError(f"{browser} took no picture", "try another Chromium, or an .svg")
        write_file(out, picture.read_bytes())


def _options(folder: Path, picture: Path, size: tuple[int, int]) -> list[str]:
    # As root, as in a container, Chromium refuses to start with its sandbox; the page holds no script.
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
        f"--window-size={size[0]},{size[1]}",
        f"--screenshot={picture}",
    ]


def _run(command: list[str]) -> None:
    try:
        done = subprocess.run(  # noqa: S603 - a browser that the user installed, with our own page
            command, capture_output=True, timeout=_PATIENCE, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise ScreenshotError(f"{command[0]} didn't finish", "try again, or write an .svg") from error
    except OSError as error:
        raise ScreenshotError(f"{command[0]} can't be run: {error.strerror}", "try another Chromium") from error
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        last = said[-1] if said else f"exit code {done.returncode}"
        raise ScreenshotError(f"{command[0]} took no picture: {last}", "try another Chromium, or an .svg")
