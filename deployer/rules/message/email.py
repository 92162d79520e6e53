"""Rules about what emails print: nothing where a value is missing, or what only a program can read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployer.messages import NEWER_FILTERS, Form
from deployer.rules.place import Finding
from deployer.rules.rule import rule
from deployer.source import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deployer.messages import Printed
    from deployer.rules.place import Place
    from deployer.rules.subject import Subject
    from deployer.rules.texts import Text

SENT = "a transactional email is sent even with the gap"
VOID_HINT = "write `minLength: 1` into its definition if it has words always, or `| default: '…'` behind it"
HINT = "write `| default: '…'` with words behind it, or put an `if` around it"


@rule(
    "message/no-default-in-email",
    "a transactional email prints a value that may be missing",
    fix="write `| default: '…'` with words behind it, or put an `if` around it",
)
def no_default_in_email(subject: Subject) -> Iterator[Finding]:
    """A transactional email is sent even with a value missing; a marketing email isn't.

    Attentive's help page "Fine-tune email message personalization with Liquid". The value is followed through the whole
    text: `assign`, `capture`, filters and their arguments, loops and branches. An `if` around it counts where it holds
    only with the value there: in Liquid a missing value isn't `''`, `empty` or `blank`, so `x != ''` and `x != blank`
    hold without it too. A default counts where it always has words, and so does a blank one, `default: ' '`, which
    partners of Attentive write where nothing is to be read.
    """
    for text, printed in gaps(subject, "optional", "subscriber"):
        yield Finding(place(text, printed), f"{_named(text, printed)}, and {SENT}", printed.note or HINT)


def _named(text: Text, printed: Printed) -> str:
    """The reason, behind what is printed where that is another name."""
    reason, words = printed.why[0].text, written(text, printed)
    names = words.startswith(("triggerEvent", "subscriber"))
    return reason if names else f"`{words}` may have nothing to print: {reason}"


@rule(
    "message/missing-inside",
    "an email prints what may be missing inside a list or an object",
    fix="write `| default: '…'` behind it, put an `if` around it, or take `optional: true` out of its definition",
)
def missing_inside(subject: Subject) -> Iterator[Finding]:
    """A transactional email is sent even with a value missing, and so the gap reaches the customer.

    Attentive's help page "Fine-tune email message personalization with Liquid". Followed are paths into objects and
    lists, the variables of loops, and names that are assigned from them.
    """
    for text, printed in gaps(subject, "inside"):
        message = f"`{written(text, printed)}` may have nothing to print: {printed.why[0].text}"
        yield Finding(place(text, printed), message, printed.note or printed.why[0].hint)


@rule(
    "message/may-be-empty-in-email",
    "an email prints what its own tags or filters may leave empty",
    fix="write `| default: '…'` with words behind it, or set it on every way through the tags",
)
def may_be_empty_in_email(subject: Subject) -> Iterator[Finding]:
    """A name that only one branch assigns, a computed key, the middle of a text: each may print nothing.

    A transactional email is sent even with the gap (Attentive's help page "Fine-tune email message personalization with
    Liquid").
    """
    for text, printed in gaps(subject, "made"):
        message = f"`{written(text, printed)}` may have nothing to print: {printed.why[0].text}"
        yield Finding(place(text, printed), message, printed.note)


@rule(
    "message/may-be-sent-empty",
    "a transactional email prints a text that its sender may leave empty",
    severity=Severity.WARNING,
    fix="write `minLength: 1` into the property's definition, or `| default: '…'` behind the macro",
)
def may_be_sent_empty(subject: Subject) -> Iterator[Finding]:
    """An event with `""` for a value that is required is complete, and the email prints nothing in its place.

    A transactional email is sent even with the gap (Attentive's help page "Fine-tune email message personalization with
    Liquid"). A warning, since a sender may be known to have words always, and a second line of an address need not.
    """
    for text in subject.texts.read:
        if not text.is_sms and subject.transactional(text.message):
            for printed in text.printed:
                if printed.void and not printed.gap:
                    yield Finding(place(text, printed), f"`{written(text, printed)}` may be sent empty", VOID_HINT)


@rule(
    "message/prints-object",
    "an email prints a list or an object as a program writes it",
    fix="name a key of the object, or go through the list with `for`",
)
def prints_object(subject: Subject) -> Iterator[Finding]:
    """Liquid writes an object with its braces and quotes, and the elements of a list without anything between them.

    That is what the reference engine of Liquid prints; Attentive documents `for` for lists (help page "Fine-tune email
    message personalization with Liquid").
    """
    for text in subject.texts.read:
        for printed in text.printed if not text.is_sms else ():
            if printed.dump:
                what, hint = _dumped(printed)
                yield Finding(place(text, printed), f"`{written(text, printed)}` prints {what}", hint)


def _dumped(printed: Printed) -> tuple[str, str]:
    if Form.OBJECT in printed.forms:
        return "an object as a program writes it", "write the key that is meant behind it, as in `x['city']`"
    if Form.LIST in printed.forms:
        hint = "go through it with `for`, or write `| join: ', '` (for a list of objects `| map: 'KEY' | join: ', '`)"
        return "a list, with nothing between its elements", hint
    return (
        "lists or objects as a program writes them",
        "take what is meant out of each first: `| map: 'KEY' | join: ', '`",
    )


def gaps(subject: Subject, *kinds: str) -> Iterator[tuple[Text, Printed]]:
    """What transactional emails print that may be a gap, for reasons of some kinds."""
    for text in subject.texts.read:
        if not text.is_sms and subject.transactional(text.message):
            for printed in text.printed:
                if printed.gap and printed.why[0].kind in kinds:
                    yield text, printed


def place(text: Text, printed: Printed) -> Place:
    """Where an output reads what it prints."""
    return text.place(printed.start, printed.end)


def written(text: Text, printed: Printed) -> str:
    """What an output reads, as it is in the text."""
    return text.composed.text[printed.start : printed.end]


@rule(
    "message/newer-filter",
    "an email uses a filter that came after Liquid 5.4",
    severity=Severity.WARNING,
    fix="write it with `for` and `if`, have the sender send the value, or try it on a real phone first",
)
def newer_filter(subject: Subject) -> Iterator[Finding]:
    """An engine that doesn't have a filter prints the whole value in its place, or nothing of the text.

    Attentive documents neither its filters nor the version of its engine (help page "Fine-tune email message
    personalization with Liquid").
    """
    for text in subject.texts.read:
        for used in text.scan.filters if not text.is_sms else ():
            if used.name in NEWER_FILTERS:
                message = f"the filter `{used.name}` came after Liquid 5.4, and Attentive may not have it"
                yield Finding(text.place(used.start, used.start + len(used.name)), message)
