"""Rules about words that can't be used at all: missing files, texts that don't compile, Liquid that can't be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployer.kinds.message import Message
from deployer.project.references import picture_of
from deployer.rules.place import Finding
from deployer.rules.rule import rule
from deployer.source import FileProblem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from deployer.messages import Hole
    from deployer.rules.subject import Subject
    from deployer.rules.texts import Text
    from deployer.rules.trials import SampleTrial

NAME_DEPTH = 3
"""Segments of a macro that names a whole property: ``triggerEvent``, ``custom``, its key."""


@rule(
    "message/file-missing",
    "a file that a message names can't be used",
    fix="put the file into the project, or correct its path",
)
def file_missing(subject: Subject) -> Iterator[Finding]:
    """The words of an email and the picture of a text come from files of the project."""
    yield from subject.texts.unusable
    for resource in subject.of_model(Message):
        picture = picture_of(resource)
        try:
            if picture:
                subject.project.file_digest(picture)
        except FileProblem as error:
            yield Finding(subject.at(resource.model, "media", "file"), error.message, error.hint)


@rule(
    "message/empty",
    "a part of a message has no words",
    fix="write the words, or leave the field out where it is optional",
)
def empty(subject: Subject) -> Iterator[Finding]:
    """Attentive's builder refuses an empty text (its validation code SEND_MESSAGE_NODE_HAS_EMPTY_TEXT)."""
    for text in subject.texts.read:
        if not text.composed.text.strip():
            message, part = text.message, text.wording.part
            yield Finding(subject.at(message, part), f"the {part} of `{message.id}` is empty")


@rule(
    "message/compile-error",
    "a message doesn't compile",
    fix="correct the expression in [[ ]] or [% %]",
)
def compile_error(subject: Subject) -> Iterator[Finding]:
    """[[ ]] and [% %] hold Jinja, which is rendered before anything reaches Attentive's composer."""
    yield from subject.texts.uncompiled


@rule(
    "message/liquid-syntax",
    "a message's Liquid can't be read",
    fix="correct the macro or tag: each opening needs its end",
)
def liquid_syntax(subject: Subject) -> Iterator[Finding]:
    """A transactional email is sent even where its Liquid is wrong, with the mistake in it.

    Attentive's help page "Fine-tune email message personalization with Liquid".
    """
    yield from subject.texts.unparsed


@rule(
    "message/render-error",
    "a message can't be rendered for a sample",
    fix="correct the filter or tag, or the sample where it shows what is never sent",
)
def render_error(subject: Subject) -> Iterator[Finding]:
    """What fails for a sample fails for a customer."""
    by_error: dict[tuple[str, str, int, str], list[SampleTrial]] = {}
    for trial in subject.trials:
        if trial.error:
            key = (trial.text.message.address, trial.text.wording.part, trial.error.offset, trial.error.message)
            by_error.setdefault(key, []).append(trial)
    for (_, _, offset, why), trials in by_error.items():
        message = f"{_samples([sample_trial.named for sample_trial in trials])} can't be rendered: {why}"
        yield Finding(trials[0].text.place(offset), message, trials[0].error.hint if trials[0].error else "")


@rule(
    "message/render-hole",
    "a macro has nothing to print for a sample",
    fix="correct the name behind the dot, or add a default or a condition",
)
def render_hole(subject: Subject) -> Iterator[Finding]:
    """A transactional email is sent even with a value missing, so the gap reaches the customer.

    Attentive's help page "Fine-tune email message personalization with Liquid". Names that no event declares and
    optional properties have their own rules; this one finds gaps inside lists and objects.
    """
    by_hole: dict[tuple[str, str, Hole], tuple[Text, list[str]]] = {}
    for trial in subject.trials:
        for hole in trial.rendered.holes if trial.rendered else ():
            if _is_inner(trial.text, hole) and not _is_reported(subject, trial.text, hole):
                key = (trial.text.message.address, trial.text.wording.part, hole)
                by_hole.setdefault(key, (trial.text, []))[1].append(trial.named)
    for (_, _, hole), (text, samples) in by_hole.items():
        message = f"`{hole.expression}` has nothing to print in {_samples(samples)}"
        hint = "correct the name, or write `| default: '…'` or an `if` where it can be missing"
        yield Finding(text.place(hole.start, hole.start + len(hole.expression)), message, hint)


def _samples(names: Sequence[str]) -> str:
    return f"sample{'s' * (len(names) > 1)} " + ", ".join(names)


def _is_reported(subject: Subject, text: Text, hole: Hole) -> bool:
    """Whether the rules about what an email prints say so already."""
    in_gap = any(printed.gap and printed.start == hole.start for printed in text.printed)
    return in_gap and not text.is_sms and subject.transactional(text.message)


def _is_inner(text: Text, hole: Hole) -> bool:
    """Whether the hole is of a loop's variable or inside a declared object, where no other rule looks."""
    macro = next((macro for macro in text.scan.macros if macro.start == hole.start), None)
    if macro is None:
        return True
    item = text.event.properties.get(str(macro.path[2])) if text.event and len(macro.path) > NAME_DEPTH else None
    return bool(item and not text.is_sms)
