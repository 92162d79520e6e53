"""What changed of the declared events, whom it meets, and the way out: for a terminal, as markdown, for programs."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from deployer.contracts.compat import MATRIX, Verdict, counts
from deployer.source import Position, Problem, Severity
from deployer.views import markdown, terminal
from deployer.views.json_text import json_text
from deployer.views.notation import arrow
from deployer.views.outline import Entry, Run, Tone, counted, entry, heading, labelled
from deployer.views.problems import Report, render

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from deployer.contracts.compat import ContractChange, Impact, Standing, Step
    from deployer.contracts.compat.project import Compatibility
    from deployer.views.outline import Node

_TONES = {Verdict.BREAKING: Tone.BAD, Verdict.RISKY: Tone.WARN, Verdict.SAFE: Tone.GOOD}
_SHORT_ID = 12


def compat_text(found: Compatibility, *, color: bool = False, width: int = 80) -> str:
    """Show the changes on a terminal, the gravest first, with whom they meet and the way out of what breaks."""
    return terminal.write(_outline(found), color=color, width=width)


def compat_markdown(found: Compatibility) -> str:
    """Show the changes as markdown."""
    return markdown.write(_outline(found))


def compat_json(found: Compatibility) -> str:
    """Write the changes as JSON; its shape is ``schemas/compatibility.schema.json``."""
    return json_text(compat_object(found))


def compat_object(found: Compatibility) -> dict[str, Any]:
    """The changes as values that JSON can hold."""
    return {
        "version": 1,
        "against": found.against,
        "commit": found.commit,
        "environments": list(found.environments),
        "fail_on": found.gated.fail_on.word,
        "failed": found.gated.failed,
        "notes": [{"environment": note.environment, "text": note.text} for note in found.notes],
        "changes": [_object(one) for one in found.changes],
        "summary": {verdict.word: number for verdict, number in counts(found.changes).items()},
    }


def compat_github(found: Compatibility, *, folder: str = "", files: int = 0) -> str:
    """Write GitHub annotations: an error for what fails, a warning for other breaking or risky changes.

    ``folder`` is the project's within the repository.
    """
    problems = tuple(_problem(one, found) for one in found.changes if one.verdict)
    return render("github", Report(problems, files, prefix=folder))


def compat_summary(found: Compatibility) -> str:
    """Say in one line what there is: ``1 breaking, 2 risky, 3 safe``."""
    parts = [f"{number} {verdict.word}" for verdict, number in counts(found.changes).items() if number]
    return ", ".join(parts) or "nothing changed"


def _outline(found: Compatibility) -> Iterator[Node]:
    commit = f" ({found.commit[:_SHORT_ID]})" if found.commit else ""
    yield heading(f"Compatibility with {found.against}{commit}: {compat_summary(found)}")
    yield entry(f"compared in {', '.join(found.environments)}")
    yield from (labelled("note", one.text, Tone.INFO) for one in found.notes)
    for verdict in sorted(Verdict, reverse=True):
        changes = [one for one in found.changes if one.verdict is verdict]
        if changes:
            yield heading(verdict.word, 3)
            yield from (_change(one, found) for one in changes)
    yield _outcome(found)


def _outcome(found: Compatibility) -> Node:
    failing = len(found.gated.failing)
    what = "breaking" if found.gated.fail_on is Verdict.BREAKING else "breaking or risky"
    if failing:
        return Entry((Run(f"fails: {counted(failing, f'{what} change')}", Tone.BAD),), apart=True)
    return Entry((Run(f"passes: nothing {what} that isn't allowed", Tone.GOOD),), apart=True)


def _change(one: ContractChange, found: Compatibility) -> Entry:
    where = ".".join(one.path)
    title = (Run(one.address, Tone.STRONG, code=True), Run(f" {where}" if where else "", code=True))
    row = MATRIX[one.change]
    text = (*title, Run(f": {row.title} "), Run(f"[{one.change}]", Tone.DIM))
    return Entry(text, tuple(_details(one, found)), _MARKS[one.verdict], _TONES[one.verdict])


_MARKS = {Verdict.BREAKING: "x", Verdict.RISKY: "!", Verdict.SAFE: "="}


def _details(one: ContractChange, found: Compatibility) -> Iterator[Node]:
    if _is_plain(one.before) and _is_plain(one.after) and (one.before, one.after) != (None, None):
        yield entry(arrow(one.before, one.after))
    if not one.verdict:
        return
    if len(found.environments) > 1 and one.environments != found.environments:
        yield entry(f"in {', '.join(one.environments)} only")
    yield entry(f"for producers: {one.producers.word}; for readers: {one.readers.word}")
    yield from (entry(sentence(one, impact)) for impact in one.impacts)
    if one.remark:
        yield entry(one.remark)
    yield labelled("why", MATRIX[one.change].why, Tone.INFO)
    if one.allowed:
        yield labelled("allowed", one.allowed, Tone.GOOD)
    elif one.way_out:
        yield labelled("way out", "in this order", Tone.INFO)
        yield from (_step(number, step) for number, step in enumerate(one.way_out, 1))


def _is_plain(value: Any) -> bool:
    return not isinstance(value, dict)


def _step(number: int, step: Step) -> Entry:
    commands = tuple(entry(Run(command, code=True), marker="$", tone=Tone.DIM) for command in step.commands)
    return entry(f"{step.phase}: {step.what}", children=commands, marker=f"{number}.")


def sentence(change: ContractChange, impact: Impact) -> str:
    """Say what becomes of one reader, who sends it, and where it is live."""
    effect = MATRIX[change.change].effect
    journeys = f"journey{'s' if len(impact.journeys) > 1 else ''} {', '.join(map(_id, impact.journeys))}"
    live = _live(impact.live)
    if impact.message:
        sent = f", sent by {journeys}" if impact.journeys else ", sent by no journey"
        return f"{effect} {_id(impact.message)}{sent}{live}"
    subject_last = effect.endswith((" in", ":", "through"))
    return f"{effect} {journeys}{live}" if subject_last else f"{journeys} {effect}{live}"


def _id(address: str) -> str:
    return address.partition(".")[2]


def _live(standings: Sequence[Standing]) -> str:
    """Where a journey is live, and since when that is known."""
    parts = [f"live in {one.environment}{_confirmed(one)}" for one in standings]
    return f" ({'; '.join(dict.fromkeys(parts))})" if parts else ""


def _confirmed(one: Standing) -> str:
    if not one.at:
        return ""
    try:
        day = datetime.fromisoformat(one.at)
    except ValueError:  # someone edited the record
        return f", confirmed {one.at}"
    return f", confirmed {day.day} {day:%b %Y}"


def _object(one: ContractChange) -> dict[str, Any]:
    return {
        "change": one.change,
        "address": one.address,
        "path": list(one.path),
        "before": one.before,
        "after": one.after,
        "verdict": one.verdict.word,
        "producers": one.producers.word,
        "readers": one.readers.word,
        "environments": list(one.environments),
        "impacts": [_impact(one, impact) for impact in one.impacts],
        "why": MATRIX[one.change].why,
        "remark": one.remark,
        "allowed": one.allowed,
        "file": one.position.path if one.position else None,
        "line": one.position.line if one.position else None,
        "way_out": [{"phase": step.phase, "what": step.what, "commands": list(step.commands)} for step in one.way_out],
    }


def _impact(change: ContractChange, impact: Impact) -> dict[str, Any]:
    live = [{"environment": one.environment, "journey": one.journey, "confirmed": one.at} for one in impact.live]
    return {
        "message": impact.message,
        "journeys": list(impact.journeys),
        "live": live,
        "guarded": impact.guarded,
        "sentence": sentence(change, impact),
    }


def _problem(one: ContractChange, found: Compatibility) -> Problem:
    fails = one in found.gated.failing
    where = f" `{'.'.join(one.path)}`" if one.path else ""
    met = "".join(f"; {sentence(one, impact)}" for impact in one.impacts)
    message = f"{one.verdict.word}: {MATRIX[one.change].title} ({one.address}{where}){met}"
    hint = f"allowed: {one.allowed}" if one.allowed else "`deployer compat` shows the way out" if one.way_out else ""
    severity = Severity.ERROR if fails else Severity.WARNING
    position = one.position or Position("deployer.yaml", 1)
    return Problem(f"compat/{one.change}", message, position, severity, hint, address=one.address)
