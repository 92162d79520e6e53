"""Events for their producers: whether a payload matches what is declared.

What reads files and checks payloads in bulk is loaded when it is first asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployer.contracts.payloads import Outgoing, PayloadError, check_properties, prepare
from deployer.on_demand import on_demand

if TYPE_CHECKING:
    from deployer.contracts.body import body_schema
    from deployer.contracts.checking import Checks, EventCheck, PayloadVerdict
    from deployer.contracts.faults import NOTHING, PayloadFault
    from deployer.contracts.inputs import Input, InputError, find_inputs
    from deployer.contracts.streams import CheckReport, CheckRun, FileCount, Finding
    from deployer.contracts.tally import Row

_MODULES = {
    "body": ("body_schema",),
    "checking": ("Checks", "EventCheck", "PayloadVerdict"),
    "faults": ("NOTHING", "PayloadFault"),
    "inputs": ("Input", "InputError", "find_inputs"),
    "streams": ("CheckReport", "CheckRun", "FileCount", "Finding"),
    "tally": ("Row",),
}

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

if not TYPE_CHECKING:  # a type checker would take every name for one of the package's, mistyped ones too
    __getattr__ = on_demand(__name__, _MODULES)
