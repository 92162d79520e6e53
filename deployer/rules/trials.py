"""Every text rendered for each sample of its event, which the rules about gaps and lengths share."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from deployer.dataclass import dataclass
from deployer.kinds.custom_attribute import CustomAttribute, example_value
from deployer.kinds.event_type import samples_of
from deployer.messages import KNOWN, RenderError, event_data, render
from deployer.messages.virtual import timed
from deployer.source import merge_patch

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from deployer.kinds.event_type import Sample
    from deployer.messages import Composed, Rendered
    from deployer.project import Project
    from deployer.rules.texts import Text, Texts
    from deployer.source import Body


@dataclass(frozen=True, slots=True)
class SampleTrial:
    """A text with one sample filled in; ``rendered`` is ``None`` and ``error`` says why where that failed.

    ``data`` is the sample's, in the form of the event's properties; ``made``: from the schema, by no one. ``timed``: it
    is another one at another time.
    """

    text: Text
    sample: str
    data: Body
    made: bool
    rendered: Rendered | None
    error: RenderError | None = None
    timed: bool = False

    @property
    def named(self) -> str:
        """The sample as a message names it: one that isn't declared says that it was made."""
        return f"`{self.sample}`{' (made from the schema)' if self.made else ''}"


def try_out(project: Project, texts: Texts) -> Iterator[SampleTrial]:
    """Render every text for every sample of its event; one that can't be read whole has no sure length or gap."""
    person = _person(project)
    attributes = project.all(CustomAttribute)
    for text in (text for text in texts.read if text.whole):
        for sample in samples_of(text.event, project) if text.event else ():
            make = partial(timed, partial(_rendered, text.composed, sample, person))
            yield _trial(text, sample, project.once("trial", (text.composed, sample, *attributes), make))


def _rendered(composed: Composed, sample: Sample, person: Mapping[str, Any]) -> Rendered | RenderError:
    trigger = {**person["triggerEvent"], **event_data(sample.data)["triggerEvent"]}
    try:
        return render(composed.text, {**person, "triggerEvent": trigger})
    except RenderError as error:
        return error


def _trial(text: Text, sample: Sample, outcome: tuple[Rendered | RenderError, bool]) -> SampleTrial:
    result, timed = outcome
    rendered, error = (None, result) if isinstance(result, RenderError) else (result, None)
    return SampleTrial(text, sample.name, sample.data, sample.made, rendered, error, timed)


def _person(project: Project) -> dict[str, Any]:
    """Something to print for each macro that isn't the event's: gaps are looked for in events only."""
    data: dict[str, Any] = {}
    for macro in KNOWN.values():
        value: Any = macro.meaning
        for segment in reversed(macro.name.split(".")):
            value = {segment: value}
        data = merge_patch(data, value)
    attributes = {attribute.name: example_value(attribute) for attribute in project.all(CustomAttribute)}
    return dict(merge_patch(data, {"subscriber": {"custom": attributes}}))
