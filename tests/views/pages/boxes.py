"""A font whose every character is a box, and a Chromium that has no other.

How letters look, and how wide they are, is different on each machine; boxes are the same everywhere. So a picture of a
page shows how the page is laid out and colored, in whatever script, and not which fonts are installed.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

EM = 1000
ASCENT, DESCENT = 800, 200
NAME = "Boxes"
NOTHING, SPACE, NARROW, WIDE = range(4)
WIDTHS = {NOTHING: 0, SPACE: 280, NARROW: 540, WIDE: 1000}
"""How far each glyph moves on what follows, in thousandths of an em."""

GLYPHS = (
    *((0x0, NOTHING), (0x20, SPACE), (0x21, NARROW), (0xA0, SPACE), (0xA1, NARROW), (0x300, NOTHING), (0x370, NARROW)),
    *((0x1100, WIDE), (0x1160, NARROW), (0x2000, SPACE), (0x200B, NOTHING), (0x2010, NARROW), (0x2028, NOTHING)),
    *((0x2030, NARROW), (0x2E80, WIDE), (0xD800, NOTHING), (0xE000, NARROW), (0xFB50, NOTHING), (0xFE10, WIDE)),
    *((0xFE70, NOTHING), (0xFF01, WIDE), (0x10000, NARROW), (0x1F000, WIDE), (0xE0000, NOTHING)),
)
"""Which glyph the characters from each of these on have; Arabic's presentation forms, which would be joined, none."""

CONFIGURATION = """\
<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>{folder}</dir><cachedir>{folder}/cache</cachedir></fontconfig>
"""


def only_boxes(folder: Path) -> dict[str, str]:
    """Write the font into a folder; give the variables of a program that is to have no other (it uses fontconfig)."""
    (folder / "boxes.ttf").write_bytes(font())
    configuration = folder / "fonts.conf"
    configuration.write_text(CONFIGURATION.format(folder=folder), encoding="utf-8")
    return {"FONTCONFIG_FILE": str(configuration)}


def font() -> bytes:
    """The font, as a TrueType file."""
    outlines = [b"", b"", _box(WIDTHS[NARROW]), _box(WIDTHS[WIDE])]
    places = [sum(map(len, outlines[:count])) for count in range(len(outlines) + 1)]
    long = [(width, 40) for width in WIDTHS.values()]
    tables = {
        b"OS/2": _os2(),
        b"cmap": _characters(),
        b"glyf": b"".join(outlines),
        b"head": _head(),
        b"hhea": struct.pack(">IhhhH11hH", 0x10000, ASCENT, -DESCENT, 0, EM, *(0,) * 3, 1, *(0,) * 7, len(long)),
        b"hmtx": b"".join(struct.pack(">Hh", *one) for one in long),
        b"loca": struct.pack(f">{len(places)}I", *places),
        b"maxp": struct.pack(">IH13H", 0x10000, len(outlines), 4, 1, 0, 0, 2, *(0,) * 8),
        b"name": _names(),
        b"post": struct.pack(">IIhhIIIII", 0x30000, 0, -100, 50, *(0,) * 5),
    }
    return _file(tables)


def _file(tables: dict[bytes, bytes]) -> bytes:
    """The tables behind their directory, each at a multiple of four."""
    directory, body, start = b"", b"", 12 + 16 * len(tables)
    for tag, table in sorted(tables.items()):
        directory += struct.pack(">4sIII", tag, _sum(table), start + len(body), len(table))
        body += table + b"\0" * (-len(table) % 4)
    return struct.pack(">IHHHH", 0x10000, len(tables), 128, 3, 16 * len(tables) - 128) + directory + body


def _sum(table: bytes) -> int:
    padded = table + b"\0" * (-len(table) % 4)
    return sum(struct.unpack(f">{len(padded) // 4}I", padded)) & 0xFFFFFFFF


def _box(width: int) -> bytes:
    """The outline of a box half an em high, with a gap to its neighbors."""
    left, right, top = 40, width - 40, EM // 2
    head = struct.pack(">hhhhh", 1, left, 0, right, top)
    last_point_and_no_instructions = struct.pack(">HH", 3, 0)
    on_the_curve = bytes([1, 1, 1, 1])
    across = struct.pack(">4h", left, 0, right - left, 0)
    up = struct.pack(">4h", 0, top, 0, -top)
    return head + last_point_and_no_instructions + on_the_curve + across + up


def _characters() -> bytes:
    """A table that gives many characters one glyph (format 13)."""
    ends = [start - 1 for start, _ in GLYPHS[1:]] + [0x10FFFF]
    groups = b"".join(struct.pack(">III", start, end, glyph) for (start, glyph), end in zip(GLYPHS, ends, strict=True))
    table = struct.pack(">HHIII", 13, 0, 16 + len(groups), 0, len(GLYPHS)) + groups
    return struct.pack(">HHHHI", 0, 1, 3, 10, 12) + table


def _head() -> bytes:
    extent = (0, 0, EM, EM // 2)
    return struct.pack(">IIIIHHqq4hHHhhh", 0x10000, 0x10000, 0, 0x5F0F3CF5, 3, EM, 0, 0, *extent, 0, 8, 2, 1, 0)


def _os2() -> bytes:
    small = (650, 600, 0, 75, 650, 600, 0, 350, 50, 300)
    named = struct.pack(">10s4I4sHHH", bytes(10), 1, 0, 0, 0, b"none", 0x40, 0x20, 0xFFFF)
    high = struct.pack(">hhhHHII", ASCENT, -DESCENT, 0, ASCENT, DESCENT, 1, 0)
    begin = struct.pack(">HhHHH10hh", 4, WIDTHS[NARROW], 400, 5, 0, *small, 0)
    return begin + named + high + struct.pack(">hhHHH", EM // 2, EM // 2, 0, 0x20, 0)


def _names() -> bytes:
    """Family, style, full name and PostScript's name."""
    names = {1: NAME, 2: "Regular", 4: NAME, 6: NAME}
    records, text = b"", b""
    for number, name in names.items():
        encoded = name.encode("utf-16-be")
        records += struct.pack(">HHHHHH", 3, 1, 0x409, number, len(encoded), len(text))
        text += encoded
    return struct.pack(">HHH", 0, len(names), 6 + len(records)) + records + text
