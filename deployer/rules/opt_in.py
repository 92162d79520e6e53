"""Rules about opt-in sources: consent that holds, wording that must be there, files that Attentive's review needs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from deployer.kinds.channels import Channel
from deployer.kinds.opt_in_source import OptInSource
from deployer.rules.message.foreign import placeholders
from deployer.rules.place import Field, Finding
from deployer.rules.rule import rule
from deployer.rules.texts import file_line, unusable_file
from deployer.source import CONTROL, Correction, FileProblem, Hint, Severity, SourceFile, control_named

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deployer.rules.place import Place
    from deployer.rules.subject import Subject

KEYWORDS = ("STOP", "HELP")


@rule(
    "opt-in/marketing-pre-checked",
    "a box for marketing is checked beforehand",
    fix="write `pre_checked: false`",
)
def marketing_pre_checked(subject: Subject) -> Iterator[Finding]:
    """Consent to marketing is an act of the customer: the box must be unchecked when the page loads.

    Attentive's page "Legal disclosure language". Only a transactional box may be checked beforehand.
    """
    for source in subject.each(OptInSource):
        if source.subscription_type == "marketing" and source.pre_checked:
            place = subject.at(source, "consent", "pre_checked")
            message = "a box for marketing must be unchecked when the page loads"
            hint = "write `pre_checked: false`; only transactional boxes may be pre-checked"
            yield Finding(place, message, Hint(hint, Correction("true", "false")))


@rule(
    "opt-in/file-missing",
    "a file that an opt-in source names can't be used",
    fix="put the file into the project, or correct its path",
)
def file_missing(subject: Subject) -> Iterator[Finding]:
    """Attentive reviews the disclosure and a screenshot before it gives the sign-up unit its ID."""
    for source in subject.each(OptInSource):
        try:
            if source.screenshot:
                subject.project.file_digest(source.screenshot)
        except FileProblem as error:
            yield Finding(subject.at(source, "screenshot"), error.message, error.hint)
        try:
            _disclosure(subject, source)
        except FileProblem as error:
            place = unusable_file(source.disclosure_file, error, subject.at(source, "consent", "disclosure", "file"))
            yield Finding(place, error.message, error.hint)


@rule(
    "opt-in/control-character",
    "a disclosure holds a control character",
    fix="delete it: no page and no message can show it",
)
def control_character(subject: Subject) -> Iterator[Finding]:
    """The wording of a disclosure is kept as evidence of consent, and a control character in it can't be seen.

    In YAML it is refused as such (`yaml/control-character`); here it is in the file that holds the wording.
    """
    for source in subject.each(OptInSource):
        try:
            text = _disclosure(subject, source) if source.disclosure_file else ""
        except FileProblem:  # opt-in/file-missing says so
            continue
        match = CONTROL.search(text)
        if match:
            place = _in_disclosure(subject, source, text, match.start())
            yield Finding(place, f"the disclosure holds {control_named(match[0])}")


@rule(
    "opt-in/placeholder",
    "a disclosure holds a placeholder",
    severity=Severity.WARNING,
    fix="write the words that people read on the page",
)
def placeholder(subject: Subject) -> Iterator[Finding]:
    """The wording of a disclosure is kept as evidence of consent, and Attentive reviews it as people read it.

    Attentive's page "Legal disclosure language" has samples with the company's name and links left open.
    """
    for source in subject.each(OptInSource):
        try:
            text = _disclosure(subject, source)
        except FileProblem:  # opt-in/file-missing says so
            continue
        for start, end in placeholders(text):
            message = f"the disclosure holds `{text[start:end]}`, which is filled in elsewhere or was never written"
            yield Finding(_in_disclosure(subject, source, text, start, end - start), message)


def _in_disclosure(subject: Subject, source: OptInSource, text: str, offset: int, length: int = 1) -> Place:
    if not source.disclosure_file:
        return subject.at_character(source, ("consent", "disclosure"), offset, length)
    line, column = SourceFile(source.disclosure_file, text).place(offset)
    return file_line(subject.project, source.disclosure_file, line, column, length=length, address=source.address)


@rule(
    "opt-in/id-without-screenshot",
    "an opt-in source has its ID, but no screenshot",
    fix="keep the screenshot that was reviewed in the project, and name it under `screenshot`",
)
def id_without_screenshot(subject: Subject) -> Iterator[Finding]:
    """The screenshot shows what was reviewed, which matters when consent is questioned.

    Attentive asks for one before launch (its help page "Transactional messages using Attentive's APIs").
    """
    for source in subject.each(OptInSource):
        unread = subject.at(source, "screenshot").unread
        if source.sign_up_source_id and not source.screenshot and not unread:
            message = "the ID means that this source was reviewed, but there is no screenshot of what was reviewed"
            yield Finding(subject.at(source, "sign_up_source_id"), message, "name the screenshot under `screenshot`")


@rule(
    "opt-in/no-screenshot",
    "an opt-in source names no screenshot",
    fix="name it under `screenshot`; until the page can be seen, any picture holds its place",
)
def no_screenshot(subject: Subject) -> Iterator[Finding]:
    """Attentive reviews a screenshot of the unit before the page is live, and gives its ID after that.

    Its launch guide asks for the screenshot first of all (help page "Transactional messages using Attentive's APIs").
    `deployer new` and `init` put a picture in its place; the task to design the page says to replace it.
    """
    for source in subject.each(OptInSource):
        unread = subject.at(source, "screenshot").unread
        if not (source.screenshot or source.sign_up_source_id or unread):  # others: opt-in/id-without-screenshot
            hint = f"take one on staging and write `screenshot: opt-in/{source.id}.png`; until then any picture will do"
            message = f"`{source.id}` names no screenshot, and Attentive reviews one before the page is live"
            yield Finding(subject.at(source, "id"), message, hint)


@rule(
    "opt-in/marketing-wording",
    "a disclosure for marketing texts lacks STOP or HELP",
    fix="add wording such as “Reply HELP for help and STOP to cancel.”",
)
def marketing_wording(subject: Subject) -> Iterator[Finding]:
    """The standard disclosure tells how to stop and to get help; Attentive's page "Legal disclosure language"."""
    yield from _without_keywords(subject, "marketing")


@rule(
    "opt-in/transactional-wording",
    "a disclosure for transactional texts lacks STOP or HELP",
    severity=Severity.WARNING,
    fix="add wording such as “Reply HELP for help and STOP to cancel.”",
)
def transactional_wording(subject: Subject) -> Iterator[Finding]:
    """Consent is needed for transactional texts too, and Attentive's legal review looks for the same wording."""
    yield from _without_keywords(subject, "transactional")


def _without_keywords(subject: Subject, subscription_type: str) -> Iterator[Finding]:
    for source in subject.each(OptInSource):
        if (source.channel, source.subscription_type) != (Channel.TEXT, subscription_type):
            continue
        try:
            text = _disclosure(subject, source)
        except FileProblem:  # opt-in/file-missing says so
            continue
        missing = [word for word in KEYWORDS if not re.search(rf"\b{word}\b", text)]
        if missing:
            message = f"the disclosure of `{source.id}` doesn't explain {' or '.join(missing)}"
            hint = "add wording such as “Reply HELP for help and STOP to cancel.”"
            yield Finding(_disclosure_place(subject, source), message, hint)


def _disclosure(subject: Subject, source: OptInSource) -> str:
    return subject.project.text(source.disclosure_file) if source.disclosure_file else source.disclosure


def _disclosure_place(subject: Subject, source: OptInSource) -> Place:
    if source.disclosure_file:
        return file_line(subject.project, source.disclosure_file, 1, 1, address=source.address)
    return Field(subject.resource(source), ("consent", "disclosure"))
