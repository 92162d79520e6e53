"""Event types from captured payloads: what the payloads have in common, and how sure that is."""

from __future__ import annotations

from deployer.contracts.infer.concluding import Concluded, conclude, identify_by
from deployer.contracts.infer.judging import Onlooker
from deployer.contracts.infer.observing import Observer, SeenEvent, SeenValue
from deployer.contracts.infer.personal import words
from deployer.contracts.infer.remarks import narrower, remarks, writable

__all__ = [
    "Concluded",
    "Observer",
    "Onlooker",
    "SeenEvent",
    "SeenValue",
    "conclude",
    "identify_by",
    "narrower",
    "remarks",
    "words",
    "writable",
]
