"""Messages: compile what a team writes to composer text, find its macros, render it for a sample, count it.

Works on texts and plain values, knows no kind and no project. Importing this package is cheap: Jinja and python-liquid
are imported when a text first needs them.
"""

from deployer.messages.compile import CompileError, Library, Names, compile_text
from deployer.messages.composed import Composed, Origin, Source, Span
from deployer.messages.count import SEPARATOR, Count, Offender, count
from deployer.messages.known import (
    KNOWN,
    LEGACY,
    KnownMacro,
    is_known,
    macro_text,
    path_text,
    suggest_macro,
)
from deployer.messages.render import Hole, Rendered, RenderError, event_data, render
from deployer.messages.scan import FilterUse, Legacy, LiquidError, Macro, Scan, TagUse, scan

__all__ = [
    "KNOWN",
    "LEGACY",
    "SEPARATOR",
    "CompileError",
    "Composed",
    "Count",
    "FilterUse",
    "Hole",
    "KnownMacro",
    "Legacy",
    "Library",
    "LiquidError",
    "Macro",
    "Names",
    "Offender",
    "Origin",
    "RenderError",
    "Rendered",
    "Scan",
    "Source",
    "Span",
    "TagUse",
    "compile_text",
    "count",
    "event_data",
    "is_known",
    "macro_text",
    "path_text",
    "render",
    "scan",
    "suggest_macro",
]
