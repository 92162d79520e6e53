"""Rules about the HTML of an email: its size, its images, its unsubscribe link."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployer.kinds.channels import CLIPPED
from deployer.messages.markup import start_tags
from deployer.rules.place import Finding
from deployer.rules.rule import rule
from deployer.source import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deployer.rules.subject import Subject
    from deployer.rules.texts import Text
    from deployer.rules.trials import SampleTrial

UNSUBSCRIBE = ("unsubscribeLink",)


def _htmls(subject: Subject) -> Iterator[Text]:
    return (text for text in subject.texts.read if text.wording.part == "html")


@rule(
    "message/no-alt-text",
    "an image of an email has no alternative text",
    severity=Severity.WARNING,
    fix='write `alt="…"` with a description of the image, and `alt=""` for mere decoration',
)
def no_alt_text(subject: Subject) -> Iterator[Finding]:
    """Many mail programs don't load images at first, and screen readers read `alt` (WCAG 2.2, criterion 1.1.1)."""
    for text in _htmls(subject):
        for tag in start_tags(text.composed.text):
            if tag.name == "img" and "alt" not in tag.attributes:  # an empty one is right for decoration
                yield Finding(
                    text.place(tag.start, tag.end), "this image has no `alt`, so who doesn't see it reads nothing"
                )


@rule(
    "message/clipped-email",
    "an email is so large that Gmail cuts it off",
    severity=Severity.WARNING,
    fix="leave out comments, white space and repeated styles, or show fewer elements of a list",
)
def clipped_email(subject: Subject) -> Iterator[Finding]:
    """Gmail shows about the first 102 KB of an email's HTML and hides the rest, unsubscribe link included.

    Google documents no number; this is what senders measure. Images aren't counted.
    """
    worst: dict[str, tuple[int, SampleTrial]] = {}
    for trial in subject.trials:
        if trial.text.wording.part == "html" and trial.rendered:
            size = len(trial.rendered.text.encode(errors="surrogatepass"))
            address = trial.text.message.address
            if size > CLIPPED and size > worst.get(address, (0, trial))[0]:
                worst[address] = (size, trial)
    for size, trial in worst.values():
        message = f"sample {trial.named} makes {size / 1024:.0f} KB of HTML, and Gmail cuts off at about 102"
        yield Finding(subject.at(trial.text.message, "html"), message)


@rule(
    "message/no-unsubscribe-link",
    "a promotional email has no unsubscribe link",
    severity=Severity.WARNING,
    fix='write `<a href="{{unsubscribeLink}}">Unsubscribe</a>` into its footer',
)
def no_unsubscribe_link(subject: Subject) -> Iterator[Finding]:
    """Commercial email must let people opt out (United States: CAN-SPAM Act, 15 U.S.C. 7704(a)(3)).

    A transactional email needs no such link. The macro is the one in email templates that Attentive's partners publish.
    """
    for text in _htmls(subject):
        journeys = [journey for journey in subject.senders.get(text.message.id, ()) if journey.category == "marketing"]
        if journeys and not any(macro.path == UNSUBSCRIBE for macro in text.scan.macros):
            message = f"the marketing journey `{journeys[0].id}` sends this email, which has no unsubscribe link"
            yield Finding(subject.at(text.message, "html"), message)
