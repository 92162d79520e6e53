"""Rules about the lines of an email that an inbox shows: subject and preheader."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployer.kinds.channels import facts
from deployer.kinds.message import Message
from deployer.rules.place import Finding
from deployer.rules.rule import rule
from deployer.source import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deployer.rules.subject import Subject
    from deployer.rules.trials import SampleTrial

LONGEST_SUBJECT = 78
"""Characters of a line that RFC 5322, section 2.1.1, recommends; inboxes cut longer subjects."""

LONGEST_PREHEADER = 140
"""Characters that inboxes show of a preheader at most, by the guides of several email services."""


@rule(
    "message/subject-length",
    "an email's subject is too long",
    severity=Severity.WARNING,
    fix="shorten the subject, or bound the values in it with `maxLength`",
)
def subject_length(subject: Subject) -> Iterator[Finding]:
    """A header line of an email should have at most 78 characters (RFC 5322, section 2.1.1); inboxes cut the rest."""
    yield from _too_long(subject, "subject", LONGEST_SUBJECT)


@rule(
    "message/preheader-length",
    "an email's preheader is too long",
    severity=Severity.WARNING,
    fix="shorten the preheader, or bound the values in it with `maxLength`",
)
def preheader_length(subject: Subject) -> Iterator[Finding]:
    """Inboxes show up to about 140 characters after the subject, by what email services publish about them."""
    yield from _too_long(subject, "preheader", LONGEST_PREHEADER)


@rule(
    "message/no-preheader",
    "an email has no preheader",
    severity=Severity.INFO,
    fix="write `preheader`, a line that goes on where the subject ends",
)
def no_preheader(subject: Subject) -> Iterator[Finding]:
    """Without a preheader an inbox shows the first words of the email, often a link or an image's description."""
    for message in subject.open(Message):
        has_one = any(part.name == "preheader" for part in facts(message.channel).parts)
        if has_one and not message.external_design and "preheader" not in message.parts:
            yield Finding(subject.at(message, "subject"), f"`{message.id}` has no preheader behind its subject")


def _too_long(subject: Subject, part: str, limit: int) -> Iterator[Finding]:
    worst: dict[str, tuple[int, SampleTrial]] = {}
    for trial in subject.trials:
        address = trial.text.message.address
        if trial.text.wording.part == part and trial.rendered:
            length = len(" ".join(trial.rendered.text.split()))
            if length > limit and length > worst.get(address, (0, trial))[0]:
                worst[address] = (length, trial)
    for length, trial in worst.values():
        message = f"sample {trial.named} makes a {part} of {length} characters; up to {limit} are shown"
        yield Finding(subject.at(trial.text.message, part), message)
