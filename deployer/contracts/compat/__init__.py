"""Two versions of the declared events: what changed, and what that means for those who send and those who read.

``compare`` is pure. ``MATRIX`` is the one table of verdicts. ``gate`` uses the earlier side's settings only.
"""

from deployer.contracts.compat.comparing import Sides, compare, environment_removed, merged
from deployer.contracts.compat.definitions import Difference, differences
from deployer.contracts.compat.gate import Gated, counts, gate
from deployer.contracts.compat.live import Live, Running, live_of
from deployer.contracts.compat.matrix import MATRIX, Row
from deployer.contracts.compat.verdict import ContractChange, Impact, Standing, Step, Verdict
from deployer.contracts.compat.ways_out import RECIPES, with_ways_out

__all__ = [
    "MATRIX",
    "RECIPES",
    "ContractChange",
    "Difference",
    "Gated",
    "Impact",
    "Live",
    "Row",
    "Running",
    "Sides",
    "Standing",
    "Step",
    "Verdict",
    "compare",
    "counts",
    "differences",
    "environment_removed",
    "gate",
    "live_of",
    "merged",
    "with_ways_out",
]
