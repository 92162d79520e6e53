"""Messages: compile what a team writes to composer text, find its macros, render it for a sample, count it.

Works on texts and plain values, knows no kind and no project. Names are imported when they are used, Jinja and
python-liquid when a text first needs them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployer.on_demand import on_demand

if TYPE_CHECKING:
    from deployer.messages.absorbing import Absorbed, Refusal, absorb, composer_text
    from deployer.messages.compile import LIMIT, TEXT_LIMIT, compile_text
    from deployer.messages.composed import Composed, Origin, Source, Span
    from deployer.messages.counting import LONGEST_LINK, SEPARATOR, Count, Offender, count, shortened
    from deployer.messages.delivery import RULE_SETS, Additions, Delivered, Mask, deliver
    from deployer.messages.flows import Form, Printed, flow
    from deployer.messages.known import (
        GIVEN,
        KNOWN,
        LEGACY,
        NEWER_FILTERS,
        KnownMacro,
        is_known,
        macro_text,
        path_text,
        suggest_macro,
    )
    from deployer.messages.length import Length, Measured
    from deployer.messages.library import CompileError, Library
    from deployer.messages.macros import ELEMENT, FilterUse, Legacy, LiquidError, Macro, Scan, TagUse
    from deployer.messages.mangling import Mangled, mangled
    from deployer.messages.names import AnyName, Names
    from deployer.messages.partition import (
        COMMENTS,
        ELEMENTS,
        LIQUID,
        OUTPUT,
        RAW,
        TAG,
        UNPRINTED,
        UNREAD,
        masked,
        regions,
    )
    from deployer.messages.pieces import render_pieces
    from deployer.messages.readability import Readable, Unread, readable
    from deployer.messages.reads import ATTRIBUTE, EVERYTHING, PROPERTY, Read, reads_of, touched
    from deployer.messages.rendered import Hole, Rendered, RenderError, TextRun
    from deployer.messages.rendering import event_data, render
    from deployer.messages.scanning import scan
    from deployer.messages.virtual import virtual_now
    from deployer.messages.wide_characters import WIDE_SEGMENT, Wide, WideCharacter, script_of, wide
    from deployer.messages.words import Edit, Piece, edits, hidden, near_changes, word_diff

_MODULES = {
    "absorbing": ("Absorbed", "Refusal", "absorb", "composer_text"),
    "compile": ("LIMIT", "TEXT_LIMIT", "compile_text"),
    "composed": ("Composed", "Origin", "Source", "Span"),
    "counting": ("LONGEST_LINK", "SEPARATOR", "Count", "Offender", "count", "shortened"),
    "delivery": ("RULE_SETS", "Additions", "Delivered", "Mask", "deliver"),
    "flows": ("Form", "Printed", "flow"),
    "known": (
        "GIVEN",
        "KNOWN",
        "LEGACY",
        "NEWER_FILTERS",
        "KnownMacro",
        "is_known",
        "macro_text",
        "path_text",
        "suggest_macro",
    ),
    "length": ("Length", "Measured"),
    "library": ("CompileError", "Library"),
    "names": ("AnyName", "Names"),
    "macros": ("ELEMENT", "FilterUse", "Legacy", "LiquidError", "Macro", "Scan", "TagUse"),
    "mangling": ("Mangled", "mangled"),
    "pieces": ("render_pieces",),
    "readability": ("Readable", "Unread", "readable"),
    "reads": ("ATTRIBUTE", "EVERYTHING", "PROPERTY", "Read", "reads_of", "touched"),
    "partition": ("COMMENTS", "ELEMENTS", "LIQUID", "OUTPUT", "RAW", "TAG", "UNPRINTED", "UNREAD", "masked", "regions"),
    "rendered": ("Hole", "Rendered", "RenderError", "TextRun"),
    "rendering": ("event_data", "render"),
    "scanning": ("scan",),
    "virtual": ("virtual_now",),
    "wide_characters": ("WIDE_SEGMENT", "Wide", "WideCharacter", "script_of", "wide"),
    "words": ("Edit", "Piece", "edits", "hidden", "near_changes", "word_diff"),
}

__all__ = [
    "ATTRIBUTE",
    "COMMENTS",
    "ELEMENT",
    "ELEMENTS",
    "EVERYTHING",
    "GIVEN",
    "KNOWN",
    "LEGACY",
    "LIMIT",
    "LIQUID",
    "LONGEST_LINK",
    "NEWER_FILTERS",
    "OUTPUT",
    "PROPERTY",
    "RAW",
    "RULE_SETS",
    "SEPARATOR",
    "TAG",
    "TEXT_LIMIT",
    "UNPRINTED",
    "UNREAD",
    "WIDE_SEGMENT",
    "Absorbed",
    "Additions",
    "AnyName",
    "CompileError",
    "Composed",
    "Count",
    "Delivered",
    "Edit",
    "FilterUse",
    "Form",
    "Hole",
    "KnownMacro",
    "Legacy",
    "Length",
    "Library",
    "LiquidError",
    "Macro",
    "Mangled",
    "Mask",
    "Measured",
    "Names",
    "Offender",
    "Origin",
    "Piece",
    "Printed",
    "Read",
    "Readable",
    "Refusal",
    "RenderError",
    "Rendered",
    "Scan",
    "Source",
    "Span",
    "TagUse",
    "TextRun",
    "Unread",
    "Wide",
    "WideCharacter",
    "absorb",
    "compile_text",
    "composer_text",
    "count",
    "deliver",
    "edits",
    "event_data",
    "flow",
    "hidden",
    "is_known",
    "macro_text",
    "mangled",
    "masked",
    "near_changes",
    "path_text",
    "readable",
    "reads_of",
    "regions",
    "render",
    "render_pieces",
    "scan",
    "script_of",
    "shortened",
    "suggest_macro",
    "touched",
    "virtual_now",
    "wide",
    "word_diff",
]

if not TYPE_CHECKING:  # a type checker would take every name for one of the package's, mistyped ones too
    __getattr__ = on_demand(__name__, _MODULES)
