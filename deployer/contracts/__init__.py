"""Events for their producers: whether a payload matches what is declared.

What reads files and checks payloads in bulk is loaded when it is first asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from deployer.contracts.payloads import Outgoing, PayloadError, check_properties, prepare

if TYPE_CHECKING:
    from deployer.contracts.body import body_schema
    from deployer.contracts.checking import Checks, EventCheck, PayloadVerdict
    from deployer.contracts.faults import NOTHING, PayloadFault
    from deployer.contracts.inputs import Input, InputError, find_inputs
    from deployer.contracts.streams import CheckReport, CheckRun, FileCount, Finding
    from deployer.contracts.tally import Row

_ROOMS = {
    "body": ("body_schema",),
    "checking": ("Checks", "EventCheck", "PayloadVerdict"),
    "faults": ("NOTHING", "PayloadFault"),
    "inputs": ("Input", "InputError", "find_inputs"),
    "streams": ("CheckReport", "CheckRun", "FileCount", "Finding"),
    "tally": ("Row",),
}
_MODULES = {name: module for module, names in _ROOMS.items() for name in names}

__all__ = [
    "NOTHING",
    "CheckReport",
    "CheckRun",
    "Checks",
    "EventCheck",
    "FileCount",
    "Finding",
    "Input",
    "InputError",
    "Outgoing",
    "PayloadError",
    "PayloadFault",
    "PayloadVerdict",
    "Row",
    "body_schema",
    "check_properties",
    "find_inputs",
    "prepare",
]


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return getattr(import_module(f"deployer.contracts.{_MODULES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
