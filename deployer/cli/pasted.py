"""Texts that were copied out of Attentive's composer, read from files or from standard input."""

from __future__ import annotations

from pathlib import Path
from typing import TextIO

import click

from deployer.endless import endless
from deployer.errors import UsageError


def read_text(text: TextIO) -> str:
    """The whole of an opened file; raises ``UsageError`` of click where it isn't UTF-8."""
    try:
        return text.read()
    except UnicodeDecodeError as error:
        raise _not_utf8(text.name) from error


def part_file(option: str) -> tuple[str, str]:
    """The name and the text of a ``NAME=FILE``; raises ``UsageError`` of click."""
    name, sign, path = option.partition("=")
    if not (name and sign and path):
        raise click.UsageError(f"--part {option} isn't NAME=FILE, such as subject=subject.txt")
    if refused := endless(path):
        raise UsageError(*refused)
    try:
        return name, Path(path).read_text(encoding="utf-8")
    except OSError as error:
        raise click.UsageError(f"{path} can't be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise _not_utf8(path) from error


def _not_utf8(name: str) -> click.UsageError:
    return click.UsageError(f"{name} isn't UTF-8; save it as UTF-8")
