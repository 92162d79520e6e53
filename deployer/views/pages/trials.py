"""What a page draws of a journey's trial: what can be chosen, and the timeline of each choice."""

from __future__ import annotations

import hashlib
import json
from dataclasses import field
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from deployer import simulation as sim
from deployer.app.simulating import checked_subscriber
from deployer.dataclass import dataclass
from deployer.errors import UsageError
from deployer.kinds.channels import facts
from deployer.preview.every_choice import every_choice
from deployer.views.timeline import WHAT, assumed, cost_words, happens

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping
    from datetime import datetime

    from deployer.preview.message_values import MessageView
    from deployer.preview.trials import JourneyTrial, Played
    from deployer.preview.values import Preview
    from deployer.source import Body
    from deployer.views.outline import Run


def played(trial: JourneyTrial, views: Mapping[str, MessageView]) -> dict[str, Any]:
    """What can be tried of a journey, with the timelines of all choices; ``views`` are the messages by their ids."""
    return {**_offered(trial), **_every(trial, views)}


def unplayed(trial: JourneyTrial) -> dict[str, Any]:
    """What can be tried of a journey, whose timelines a page asks its server for."""
    return {**_offered(trial), "basis": _basis(trial)}


def _offered(trial: JourneyTrial) -> dict[str, Any]:
    return {
        "status": trial.status,
        "zone": trial.program.time_zone,
        "samples": list(trial.samples),
        "moments": [
            {"key": moment.key, "label": moment.label, "at": moment.at.isoformat()} for moment in trial.moments
        ],
        "people": [{"key": person.key, "label": person.label} for person in trial.people],
    }


def _basis(trial: JourneyTrial) -> str:
    """What tells a page that its server's answers may be others now: a change of an assumption shows nowhere else."""
    return hashlib.sha256(repr((trial.program, trial.samples)).encode()).hexdigest()[:12]


def _every(trial: JourneyTrial, views: Mapping[str, MessageView]) -> dict[str, Any]:
    """The timelines of all choices, in their order; entries, assumptions and timelines that are alike are one.

    ``rows`` are pairs: seconds after ``from`` on the clock, and the number of the entry in ``entries``; ``assumed`` are
    numbers of the trial's ``assumed``.
    """
    entries, assumptions, timelines, index = _Numbered(), _Numbered(), _Numbered(), []
    in_words = _InWords(trial, views)
    for sample, played in every_choice(trial):
        data = in_words.timeline(played, sample)
        rows = [number for after, row in data["rows"] for number in (after, entries.number(row, tuple(row.items())))]
        known = [assumptions.number(pair, pair) for pair in data["assumed"]]
        timeline = {**data, "rows": rows, "assumed": known}
        index.append(timelines.number(timeline, (data["from"], data["zone"], data["cost"], *rows, "", *known)))
    shared = {"entries": entries, "assumed": assumptions, "timelines": timelines}
    return {"index": index, **{name: numbered.values for name, numbered in shared.items()}}


class _Numbered:
    """Values that JSON can hold, each kept once."""

    def __init__(self) -> None:
        self.values: list[Any] = []
        self._numbers: dict[Hashable, int] = {}

    def number(self, value: Any, key: Hashable) -> int:
        """The number of a value, from 0; equal values have equal keys."""
        number = self._numbers.setdefault(key, len(self.values))
        if number == len(self.values):
            self.values.append(value)
        return number


def answered(shown: Preview, query: Mapping[str, str]) -> dict[str, Any]:
    """The timeline that a page asks for. Raises ``UsageError``.

    ``journey`` and ``sample`` come with ``when`` and ``who`` of what is offered, or with any time (``at``) and a
    ``subscriber`` as JSON.
    """
    trial = shown.trials.get(query.get("journey", ""))
    if trial is None:
        raise UsageError("this journey can't be simulated now", "its messages or its event have errors")
    sample = query.get("sample", "")
    if "at" in query:
        played = trial.at_any_time(sample, query["at"], _subscriber(query.get("subscriber", "{}")))
    else:
        played = trial.offered(sample, query.get("when", ""), query.get("who", ""))
    return _InWords(trial, {view.id: view for view in shown.messages}).timeline(played, sample)


def _subscriber(text: str) -> Body:
    try:
        return checked_subscriber(json.loads(text), "subscriber")
    except (ValueError, RecursionError) as error:
        raise UsageError("the subscriber isn't JSON", "write one as a JourneyTest has it") from error


@dataclass(slots=True)
class _InWords:
    """A trial's timelines as a page draws them. ``views`` are the messages by their ids.

    Entries of several timelines that are alike are put into words once; they are kept, so that what is known by its
    identity stays what it is.
    """

    trial: JourneyTrial
    views: Mapping[str, MessageView]
    _entries: dict[Hashable, tuple[sim.AnyEntry, sim.AnyEntry, dict[str, Any]]] = field(default_factory=dict)
    _assumed: dict[tuple[str, ...], list[tuple[str, str]]] = field(default_factory=dict)
    _clocks: dict[tuple[datetime, ZoneInfo], datetime] = field(default_factory=dict)

    def timeline(self, played: Played, sample: str) -> dict[str, Any]:
        """One timeline; ``rows`` are entries, each with the seconds after ``from`` on the subscriber's clock."""
        timeline = played.timeline
        zone = ZoneInfo(timeline.zone)
        clocks = [self._clock(entry.at, zone) for entry in timeline.entries]
        rows = [
            (int((clock - clocks[0]).total_seconds()), self._entry(entry, other, zone, sample))
            for clock, entry, other in zip(clocks, timeline.entries, played.shown.entries, strict=True)
        ]
        return {
            "from": clocks[0].isoformat(),
            "zone": timeline.zone,
            "rows": rows,
            "cost": _read(cost_words(timeline, timeline.cost)) if timeline.cost is not None else "",
            "assumed": self._assumptions(timeline.assumed),
        }

    def _clock(self, at: datetime, zone: ZoneInfo) -> datetime:
        """What a clock in a zone shows: many ways through a journey have the same moments."""
        shown = self._clocks.get((at, zone))
        if shown is None:
            shown = self._clocks[at, zone] = at.astimezone(zone).replace(tzinfo=None)
        return shown

    def _assumptions(self, names: tuple[str, ...]) -> list[tuple[str, str]]:
        if names not in self._assumed:
            self._assumed[names] = list(assumed(self.trial.program, names))
        return self._assumed[names]

    def _entry(self, entry: sim.AnyEntry, shown: sim.AnyEntry, zone: ZoneInfo, sample: str) -> dict[str, Any]:
        key = _same_words(entry, shown, sample)
        known = self._entries.get(key)
        if known is None:
            words = self._words(entry, zone)
            if isinstance(entry, sim.Sent) and isinstance(shown, sim.Sent):
                sent = _sent(shown, self.views[entry.message], sample)
                words |= {name: value for name, value in sent.items() if value}
            known = self._entries[key] = (entry, shown, words)
        return known[2]

    def _words(self, entry: sim.AnyEntry, zone: ZoneInfo) -> dict[str, Any]:
        """An entry in words; what is empty is left out."""
        found = {
            "kind": WHAT[type(entry)],
            "step": entry.step if isinstance(entry, sim.AtStep) else "",
            "words": _read(happens(entry, self.trial.program, zone)),
            "why": entry.because.words,
        }
        return {key: value for key, value in found.items() if value}


def _same_words(entry: sim.AnyEntry, shown: sim.AnyEntry, sample: str) -> Hashable:
    """What entries have in common that are the same in words on one clock."""
    if isinstance(entry, sim.Sent):
        of_its_own = (entry.because.words, entry.segments, entry.picture, entry.cost)
        return (
            sample,
            entry.step,
            entry.message,
            entry.to,
            *of_its_own,
            id(shown.reads if isinstance(shown, sim.Sent) else shown),
        )
    if isinstance(entry, sim.Received) and entry.what.occurred_at is None:
        return entry.what.type, entry.because.words
    return id(entry)


def _read(line: Iterable[str | Run]) -> str:
    """Runs as plain words."""
    return "".join(part if isinstance(part, str) else part.text for part in line)


def _sent(sent: sim.Sent, view: MessageView, sample: str) -> dict[str, Any]:
    """A message that is sent: its words where the page hasn't got them with the message, since they name the time."""
    parts = next((sample_view.parts for sample_view in view.samples if sample_view.name == sample), {})
    lead = facts(view.channel).lead
    reads = sent.reads.get(lead, "")  # a text whose words aren't written yet, or an email without a subject
    same = "".join(run.text for run in parts.get(lead, ())) == reads
    return {"message": view.address, "reads": "" if same else reads, "fault": sent.fault}
