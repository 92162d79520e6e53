"""A transactional program on a virtual clock: what one subscriber gets, when, and why.

Pure: no clock, no file and no network. A ``Program`` is made of a project's declarations (or of what was confirmed),
``simulate`` gives the ``Timeline`` of one subscriber, and ``Simulation`` does the same while things happen. What
Attentive's documents leave open is an ``Assumption`` with a name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployer.kinds.channels import Channel
from deployer.on_demand import on_demand

if TYPE_CHECKING:
    from deployer.simulation.assuming import CATALOGUE, Assumption, Assumptions, assumptions
    from deployer.simulation.clock import is_zone, next_shown
    from deployer.simulation.covering import Coverage, Located, Part, Target, coverage, reached
    from deployer.simulation.expecting import WORDS, Expectation, What, expectations
    from deployer.simulation.givens import Samples, happening, properties, subscriber
    from deployer.simulation.judging import Failure, Mismatch
    from deployer.simulation.moments import MomentError, duration, is_duration, moment, span, twice
    from deployer.simulation.people import (
        SUBSCRIBED,
        Category,
        Event,
        Happening,
        Subscriber,
        SubscriberChange,
        Subscription,
        subscriptions,
    )
    from deployer.simulation.pricing import Money, plain
    from deployer.simulation.programs import Program, Words, program, program_of, words_of
    from deployer.simulation.running import Simulation, simulate
    from deployer.simulation.sampling import UnknownSampleError, samples
    from deployer.simulation.timeline import (
        AnyEntry,
        AtStep,
        Because,
        Branches,
        Changed,
        Ended,
        Entered,
        Entry,
        NotEntered,
        NotSent,
        Queued,
        Reason,
        Received,
        Sent,
        Timeline,
        Varies,
        Waits,
    )
    from deployer.simulation.trial import Given, JourneyTestResult, given, run_test
    from deployer.simulation.updating import Item, updated
    from deployer.simulation.zones import zone_of

_MODULES = {
    "assuming": (
        "CATALOGUE",
        "Assumption",
        "Assumptions",
        "assumptions",
    ),
    "clock": (
        "is_zone",
        "next_shown",
    ),
    "covering": (
        "Coverage",
        "Located",
        "Part",
        "Target",
        "coverage",
        "reached",
    ),
    "expecting": (
        "WORDS",
        "Expectation",
        "What",
        "expectations",
    ),
    "givens": (
        "Samples",
        "happening",
        "properties",
        "subscriber",
    ),
    "judging": (
        "Failure",
        "Mismatch",
    ),
    "moments": (
        "MomentError",
        "duration",
        "is_duration",
        "moment",
        "span",
        "twice",
    ),
    "people": (
        "SUBSCRIBED",
        "Category",
        "Event",
        "Happening",
        "Subscriber",
        "SubscriberChange",
        "Subscription",
        "subscriptions",
    ),
    "pricing": (
        "Money",
        "plain",
    ),
    "programs": (
        "Program",
        "Words",
        "program",
        "program_of",
        "words_of",
    ),
    "running": (
        "Simulation",
        "simulate",
    ),
    "sampling": (
        "UnknownSampleError",
        "samples",
    ),
    "timeline": (
        "AnyEntry",
        "AtStep",
        "Because",
        "Branches",
        "Changed",
        "Ended",
        "Entered",
        "Entry",
        "NotEntered",
        "NotSent",
        "Queued",
        "Reason",
        "Received",
        "Sent",
        "Timeline",
        "Varies",
        "Waits",
    ),
    "trial": (
        "Given",
        "JourneyTestResult",
        "given",
        "run_test",
    ),
    "updating": (
        "Item",
        "updated",
    ),
    "zones": ("zone_of",),
}

__all__ = [
    "CATALOGUE",
    "SUBSCRIBED",
    "WORDS",
    "AnyEntry",
    "Assumption",
    "Assumptions",
    "AtStep",
    "Because",
    "Branches",
    "Category",
    "Changed",
    "Channel",
    "Coverage",
    "Ended",
    "Entered",
    "Entry",
    "Event",
    "Expectation",
    "Failure",
    "Given",
    "Happening",
    "Item",
    "JourneyTestResult",
    "Located",
    "Mismatch",
    "MomentError",
    "Money",
    "NotEntered",
    "NotSent",
    "Part",
    "Program",
    "Queued",
    "Reason",
    "Received",
    "Samples",
    "Sent",
    "Simulation",
    "Subscriber",
    "SubscriberChange",
    "Subscription",
    "Target",
    "Timeline",
    "UnknownSampleError",
    "Varies",
    "Waits",
    "What",
    "Words",
    "assumptions",
    "coverage",
    "duration",
    "expectations",
    "given",
    "happening",
    "is_duration",
    "is_zone",
    "moment",
    "next_shown",
    "plain",
    "program",
    "program_of",
    "properties",
    "reached",
    "run_test",
    "samples",
    "simulate",
    "span",
    "subscriber",
    "subscriptions",
    "twice",
    "updated",
    "words_of",
    "zone_of",
]

if not TYPE_CHECKING:  # a type checker would take every name for one of the package's, mistyped ones too
    __getattr__ = on_demand(__name__, _MODULES)
