"""What Attentive's documents leave open, as named settings with a default.

Each assumption is a question that two of Attentive's pages answer differently, or that none answers. ``assumptions:``
in ``deployer.yaml`` answers it for one project; a timeline names each assumption that an entry rests on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from deployer.dataclass import dataclass
from deployer.simulation.moments import duration, time_of_day

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import time, timedelta

    from deployer.source import Body


@dataclass(frozen=True, slots=True)
class Assumption:
    """One question that Attentive's documents leave open.

    ``values`` lead from each possible answer to what it means; they are empty where the answer is a time or a duration.
    ``source`` says what the documents say.
    """

    name: str
    question: str
    default: Any
    source: str
    values: Mapping[str, str]


CATALOGUE: Final = (
    Assumption(
        "quiet_hours",
        "When do quiet hours begin and end, in the subscriber's time zone?",
        ("20:00", "12:00"),
        "“Quiet hours” says 8 PM to 12 PM; an overview page says 8 PM to 12 AM. An account may have its own.",
        {},
    ),
    Assumption(
        "transactional_texts_in_quiet_hours",
        "Are transactional texts queued in quiet hours?",
        "as_set",
        "“Quiet hours” says that transactional texts ignore them; “Send transactional emails with Attentive” names it "
        "as a difference of transactional emails that these go out in quiet hours.",
        {"as_set": "as the step's toggle says", "sent": "never: they are sent immediately"},
    ),
    Assumption(
        "emails_in_quiet_hours",
        "Are emails queued in quiet hours?",
        "sent",
        "“Quiet hours” is about texts; “Send transactional emails with Attentive” says that those go out.",
        {"as_set": "as the step's toggle says", "sent": "never: they are sent immediately"},
    ),
    Assumption(
        "queued_subscriber",
        "Where is a subscriber while a text is queued?",
        "waits",
        "Not documented.",
        {"waits": "at the step, until the text is sent", "goes_on": "on the way to the next step"},
    ),
    Assumption(
        "wait_ends_in_quiet_hours",
        "Does a wait that ends in quiet hours go on until these end?",
        "ends",
        "Not documented.",
        {"ends": "no: the wait ends, and the next text may be queued", "goes_on": "yes"},
    ),
    Assumption(
        "wait_zone",
        "In which time zone are a wait's hours and days?",
        "subscriber",
        "Not documented.",
        {"subscriber": "in the subscriber's", "company": "in the company's: `time_zone`"},
    ),
    Assumption(
        "wait_days",
        "How long is a wait's day when the clocks change?",
        "elapsed",
        "Attentive's unpublished model of a journey keeps a wait in seconds.",
        {"elapsed": "24 hours", "calendar": "until the same time of the next day, in the wait's time zone"},
    ),
    Assumption(
        "smart_sending",
        "How long after a message does Smart Sending skip another?",
        "12 hours",
        "The settings page says 12 hours, the page “Smart Sending” 8 hours. An account may have its own.",
        {},
    ),
    Assumption(
        "transactional_texts_in_smart_sending",
        "Does Smart Sending skip transactional texts?",
        "as_set",
        "“Smart Sending” says that transactional messages ignore it; “Send transactional emails with Attentive” names "
        "it as a difference of transactional emails.",
        {"as_set": "as the step's toggle says", "sent": "never"},
    ),
    Assumption(
        "transactional_emails_in_smart_sending",
        "Does Smart Sending skip transactional emails?",
        "sent",
        "“Send transactional emails with Attentive” says that they go out; the step has a toggle all the same.",
        {"as_set": "as the step's toggle says", "sent": "never"},
    ),
    Assumption(
        "smart_sending_counts",
        "After which messages does Smart Sending skip another?",
        "every_message",
        "Not documented.",
        {"every_message": "after every message", "marketing": "after messages of marketing journeys"},
    ),
    Assumption(
        "smart_sending_channels",
        "Does a text count for emails, and an email for texts?",
        "apart",
        "Not documented.",
        {"apart": "no: each channel counts alone", "together": "yes"},
    ),
    Assumption(
        "cooldown_from",
        "From when does a re-entry cooldown run?",
        "entry",
        "Attentive's unpublished model of a journey has a duration of eligibility, and doesn't say from when it runs.",
        {"entry": "from entering the journey", "exit": "from leaving it"},
    ),
    Assumption(
        "while_inside",
        "Does an event start a journey for a subscriber who is still in it?",
        "enters",
        "Not documented.",
        {"enters": "yes, where no cooldown keeps the subscriber out", "stays_out": "no"},
    ),
    Assumption(
        "subscription_branch",
        "Which subscriptions does a branch on the subscription type look at?",
        "text",
        "“Branches in journeys” names both and transactional only, and no channel.",
        {"text": "those to texts", "any_channel": "those of every channel"},
    ),
    Assumption(
        "transactional_only_in_segments",
        "Does a branch on a segment match transactional-only subscribers?",
        "never",
        "“FAQs: Shopify transactional journeys” (old) says that they don't appear in segments.",
        {"never": "no", "as_listed": "yes, where they are in the segment"},
    ),
    Assumption(
        "texts_with_gaps",
        "Is a text sent where a macro has no value?",
        "sent",
        "“Fine-tune email message personalization with Liquid” says so of transactional emails, the opposite of "
        "marketing emails, and nothing of texts.",
        {"sent": "yes, with a gap", "not_sent": "no"},
    ),
    Assumption(
        "date_zone",
        "In which time zone does Liquid's `date` filter read “now”?",
        "company",
        "Not documented.",
        {"company": "in the company's: `time_zone`", "subscriber": "in the subscriber's"},
    ),
)
"""Every assumption, in the order of the documentation."""


@dataclass(frozen=True, slots=True)
class Assumptions:
    """The answers of one project, a field an assumption."""

    quiet_hours: tuple[time, time]
    transactional_texts_in_quiet_hours: str
    emails_in_quiet_hours: str
    queued_subscriber: str
    wait_ends_in_quiet_hours: str
    wait_zone: str
    wait_days: str
    smart_sending: timedelta
    transactional_texts_in_smart_sending: str
    transactional_emails_in_smart_sending: str
    smart_sending_counts: str
    smart_sending_channels: str
    cooldown_from: str
    while_inside: str
    subscription_branch: str
    transactional_only_in_segments: str
    texts_with_gaps: str
    date_zone: str


def assumptions(declared: Body) -> Assumptions:
    """Read ``assumptions:`` of ``deployer.yaml``, already checked by its schema; what isn't declared is the default."""
    answers: dict[str, Any] = {
        assumption.name: declared.get(assumption.name, assumption.default) for assumption in CATALOGUE
    }
    begin, end = answers.pop("quiet_hours")
    window = duration(answers.pop("smart_sending"))
    return Assumptions(quiet_hours=(time_of_day(begin), time_of_day(end)), smart_sending=window, **answers)
