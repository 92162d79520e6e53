"""Find every macro, tag and filter in composer text, with its place."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from deployer.messages.known import LEGACY
from deployer.messages.liquid_loading import load_liquid
from deployer.messages.macros import FilterUse, Legacy, Macro, Path, Scan, quotes
from deployer.messages.partition import LIQUID, masked

if TYPE_CHECKING:
    from collections.abc import Iterator


WORDS = frozenset(
    [
        *("true", "false", "nil", "null", "empty", "blank", "and", "or", "contains", "not", "in", "if", "else", "for"),
        *("as", "with", "offset", "limit", "reversed", "cols", "continue", "required", "forloop", "tablerowloop"),
    ]
)
"""Words that mean something to Liquid, so that they aren't the name of a plain macro."""

_NAME = r"[A-Za-z_][A-Za-z0-9_]*"
_QUOTED = r"'[^'\\{}%\n]*'|\"[^\"\\{}%\n]*\""
PLAIN = re.compile(
    rf"(?<!\{{)\{{\{{[ ]*(?P<path>{_NAME}(?:\.{_NAME}|\[(?:{_QUOTED}|[0-9]{{1,9}})\])*)"
    rf"(?:[ ]*\|[ ]*(?P<filter>default)[ ]*:[ ]*(?P<value>{_QUOTED}))?[ ]*\}}\}}"
)
"""A macro that needs no Liquid parser: a path, and at most ``| default: 'text'``."""

_SEGMENT = re.compile(rf"(?P<name>{_NAME})|\[(?P<quote>['\"])(?P<key>.*?)(?P=quote)\]|\[(?P<index>[0-9]+)\]")
_LEGACY = re.compile(r"(?<!\{)\{(" + "|".join(LEGACY) + r")\}(?!\})")


def scan(text: str) -> Scan:
    """Find what composer text refers to. Raises ``LiquidError`` where it isn't valid Liquid or a filter is unknown."""
    matches = plain(text)
    if matches is None:
        load_liquid()
        from deployer.messages.tree import scan_tree  # noqa: PLC0415 - python-liquid is slow to import

        scanned = scan_tree(text)
    else:
        scanned = _scan_plain(matches)
    legacy = tuple(_legacy(text))
    return replace(scanned, legacy=legacy) if legacy else scanned


@lru_cache(maxsize=64)
def plain(text: str) -> tuple[re.Match[str], ...] | None:
    """Find the macros of a text whose only Liquid is plain macros; ``None`` where a parser has to read it.

    One text is rendered for every sample, one after the other.
    """
    if "{%" in text:
        return None
    matches = tuple(PLAIN.finditer(text))
    if len(matches) != text.count("{{") or any(_reserved(match["path"]) for match in matches):
        return None
    return matches


@lru_cache(maxsize=4_096)
@lru_cache(maxsize=4_096)  # messages read the same few properties
def segments(path: str) -> Path:
    """Read a plain macro's path."""
    return tuple(_segment(match) for match in _SEGMENT.finditer(path))


def _segment(match: re.Match[str]) -> str | int:
    if match["index"] is not None:
        return int(match["index"])
    return match["name"] if match["name"] is not None else match["key"]


def _reserved(path: str) -> bool:
    return any(segment in WORDS for segment in segments(path))


def _scan_plain(matches: tuple[re.Match[str], ...]) -> Scan:
    return Scan(
        tuple(_plain_macro(match) for match in matches),
        (),
        tuple(FilterUse(match["filter"], match.start("filter")) for match in matches if match["filter"]),
    )


def _plain_macro(match: re.Match[str]) -> Macro:
    start, end = match.span("path")
    filters = (match["filter"],) if match["filter"] else ()
    return Macro(
        segments(match["path"]),
        start,
        end,
        filters,
        bare=not filters,
        guarded=bool(filters),
        quotes=quotes(match["path"]),
    )


def _legacy(text: str) -> Iterator[Legacy]:
    for match in _LEGACY.finditer(masked(text, LIQUID)) if "{" in text else ():
        yield Legacy(match[1], match.start(), LEGACY[match[1]])
