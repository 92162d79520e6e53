"""A message with values that someone tries: filled in like a sample, held against its event, written as a sample."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING

from deployer.contracts.payloads import check_properties
from deployer.dataclass import dataclass
from deployer.errors import UsageError
from deployer.kinds.event_type import EventType, Sample, payload_schema
from deployer.kinds.message import Message, MessageReading
from deployer.messages import PROPERTY, path_text
from deployer.preview.drafting import prints
from deployer.preview.macros import macros
from deployer.preview.message_values import Spot
from deployer.preview.messages import sample_view
from deployer.preview.values import TriedValues, ValueField, ValueProblem
from deployer.source.editing.values import flow

if TYPE_CHECKING:
    from collections.abc import Iterable

    from deployer.preview.message_values import MessageView
    from deployer.preview.values import ValuesTrial
    from deployer.project import Project
    from deployer.source import Body

TRIED = "your values"
"""What the page calls them, among the samples' names."""


@dataclass(frozen=True, slots=True)
class MessageValuesTrial:
    """A message whose values can be tried. Personal data shows as it is: someone chose to fill it in."""

    reading: MessageReading = field(repr=False)
    event: EventType
    project: Project = field(repr=False)

    def of_sample(self, name: str) -> TriedValues:
        """The values of a sample. Raises ``UsageError`` where the event has none of that name."""
        samples = {sample.name: sample for sample in self.reading.samples}
        if name not in samples:
            raise UsageError(f"there is no sample `{name}`", f"its samples: {', '.join(samples)}")
        return self.tried(samples[name].data)

    def tried(self, data: Body) -> TriedValues:
        """Any values, right or wrong."""
        reading, sample = self.reading, Sample(TRIED, data, made=False)
        printed = {macro.name: macro.values[TRIED] for macro in macros(reading, self.project, (sample,))}
        shown = sample_view(reading, sample)
        blank = {run.macro for runs in shown.parts.values() for run in runs if not run.text.strip()}
        blank |= {name for name, value in printed.items() if not (value or "").strip()}
        schema = payload_schema(self.event, self.project)["properties"]
        return TriedValues(
            tuple(
                ValueField(key, path_text((*PROPERTY, key)), schema[key], item.optional)
                for key, item in self.event.properties.items()
            ),
            data,
            shown,
            printed,
            tuple(self._problems(data)),
            tuple(key for key in schema if path_text((*PROPERTY, key)) in blank),
            prints(reading, self.project, sample),
            tuple(f"{flow(key)}: {flow(value)}" for key, value in data.items()),
            self._spot(),
        )

    def _problems(self, data: Body) -> Iterable[ValueProblem]:
        for violation in check_properties(self.event, self.project, data):
            key = str(violation.pointer[0]) if violation.pointer else ""
            yield ValueProblem(key, violation.message, violation.hint)

    def _spot(self) -> Spot:
        place = self.project.resources[self.event.address].locate(("samples",) if self.event.samples else ())
        return Spot.of(place)


def value_trials(project: Project, shown: Iterable[MessageView]) -> dict[str, ValuesTrial]:
    """The messages whose values can be tried, by address: those that can be shown, and whose event has properties."""
    values_trials: dict[str, ValuesTrial] = {}
    fine = {view.address for view in shown if view.state == "ok"}
    for message in project.all(Message):
        event = project.find(EventType, message.event)
        if message.address in fine and event is not None and event.properties:
            reading = MessageReading(message, project, show_values=True)
            values_trials[message.address] = MessageValuesTrial(reading, event, project)
    return values_trials
