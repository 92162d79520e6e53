"""What changed of the declared events, whom it meets, and the way out: for a terminal, as markdown, for programs."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from deployer.contracts.compat import MATRIX, Verdict, counts
from deployer.nouns import counted
from deployer.source import Position, Problem, Severity
from deployer.source.root import SETTINGS_NAMES
from deployer.views import markdown, terminal
from deployer.views.json_text import json_text
from deployer.views.notation import arrow
from deployer.views.outline import Entry, Run, Tone, entry, heading, labelled
from deployer.views.problems import Report, render

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from deployer.contracts.compat import ContractChange, Impact, Standing, Step
    from deployer.contracts.compat.project import Compatibility
    from deployer.views.outline import Node

_TONES = {Verdict.BREAKING: Tone.BAD, Verdict.RISKY: Tone.WARN, Verdict.SAFE: Tone.GOOD}
_SHORT_ID = 12


def compat_text(compatibility: Compatibility, *, color: bool = False, width: int = 80) -> str:
    """Show the changes on a terminal, the gravest first, with whom they meet and the way out of what breaks."""
    return terminal.write(_outline(compatibility), color=color, width=width)


def compat_markdown(compatibility: Compatibility) -> str:
    """Show the changes as markdown."""
    return markdown.write(_outline(compatibility))


def compat_json(compatibility: Compatibility) -> str:
    """Write the changes as JSON; its shape is ``schemas/compatibility.schema.json``."""
    return json_text(compat_object(compatibility))


def compat_object(compatibility: Compatibility) -> dict[str, Any]:
    """The changes as values that JSON can hold."""
    return {
        "version": 1,
        "against": compatibility.against,
        "commit": compatibility.commit,
        "environments": list(compatibility.environments),
        "fail_on": compatibility.gated.fail_on.word,
        "failed": compatibility.gated.failed,
        "notes": [{"environment": note.environment, "text": note.text} for note in compatibility.notes],
        "changes": [_object(change) for change in compatibility.changes],
        "summary": {verdict.word: number for verdict, number in counts(compatibility.changes).items()},
    }


def compat_github(
    compatibility: Compatibility, *, folder: str = "", files: int = 0, settings: str = SETTINGS_NAMES[0]
) -> str:
    """Write GitHub annotations: an error for what fails, a warning for other breaking or risky changes.

    ``folder`` is the project's within the repository, ``settings`` the path of its settings, where what is no longer
    declared is shown.
    """
    otherwise = Position(settings, 1)
    problems = tuple(_problem(change, compatibility, otherwise) for change in compatibility.changes if change.verdict)
    return render("github", Report(problems, files, prefix=folder))


def compat_summary(compatibility: Compatibility) -> str:
    """Say in one line what there is: ``1 breaking, 2 risky, 3 safe``."""
    parts = [f"{number} {verdict.word}" for verdict, number in counts(compatibility.changes).items() if number]
    return ", ".join(parts) or "nothing changed"


def _outline(compatibility: Compatibility) -> Iterator[Node]:
    commit = f" ({compatibility.commit[:_SHORT_ID]})" if compatibility.commit else ""
    yield heading(f"Compatibility with {compatibility.against}{commit}: {compat_summary(compatibility)}")
    yield entry(f"compared in {', '.join(compatibility.environments)}")
    yield from (labelled("note", note.text, Tone.INFO) for note in compatibility.notes)
    for verdict in sorted(Verdict, reverse=True):
        changes = [change for change in compatibility.changes if change.verdict is verdict]
        if changes:
            yield heading(verdict.word, 3)
            yield from (_change(change, compatibility) for change in changes)
    yield _outcome(compatibility)


def _outcome(compatibility: Compatibility) -> Node:
    failing = len(compatibility.gated.failing)
    what = "breaking" if compatibility.gated.fail_on is Verdict.BREAKING else "breaking or risky"
    if failing:
        return Entry((Run(f"fails: {counted(failing, f'{what} change')}", Tone.BAD),), apart=True)
    return Entry((Run(f"passes: nothing {what} that isn't allowed", Tone.GOOD),), apart=True)


def _change(contract_change: ContractChange, compatibility: Compatibility) -> Entry:
    where = ".".join(contract_change.path)
    title = (Run(contract_change.address, Tone.STRONG, code=True), Run(f" {where}" if where else "", code=True))
    row = MATRIX[contract_change.change]
    text = (*title, Run(f": {row.title} "), Run(f"[{contract_change.change}]", Tone.DIM))
    return Entry(
        text,
        tuple(_details(contract_change, compatibility)),
        _MARKS[contract_change.verdict],
        _TONES[contract_change.verdict],
    )


_MARKS = {Verdict.BREAKING: "x", Verdict.RISKY: "!", Verdict.SAFE: "="}


def _details(contract_change: ContractChange, compatibility: Compatibility) -> Iterator[Node]:
    if (
        _is_plain(contract_change.before)
        and _is_plain(contract_change.after)
        and (contract_change.before, contract_change.after) != (None, None)
    ):
        yield entry(arrow(contract_change.before, contract_change.after))
    if not contract_change.verdict:
        return
    if len(compatibility.environments) > 1 and contract_change.environments != compatibility.environments:
        yield entry(f"in {', '.join(contract_change.environments)} only")
    yield entry(f"for producers: {contract_change.producers.word}; for readers: {contract_change.readers.word}")
    yield from (entry(sentence(contract_change, impact)) for impact in contract_change.impacts)
    if contract_change.remark:
        yield entry(contract_change.remark)
    yield labelled("why", MATRIX[contract_change.change].why, Tone.INFO)
    if contract_change.allowed:
        yield labelled("allowed", contract_change.allowed, Tone.GOOD)
    elif contract_change.way_out:
        yield labelled("way out", "in this order", Tone.INFO)
        yield from (_step(number, step) for number, step in enumerate(contract_change.way_out, 1))


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
    parts = [f"live in {standing.environment}{_confirmed(standing)}" for standing in standings]
    return f" ({'; '.join(dict.fromkeys(parts))})" if parts else ""


def _confirmed(standing: Standing) -> str:
    if not standing.at:
        return ""
    try:
        day = datetime.fromisoformat(standing.at)
    except ValueError:  # someone edited the record
        return f", confirmed {standing.at}"
    return f", confirmed {day.day} {day:%b %Y}"


def _object(contract_change: ContractChange) -> dict[str, Any]:
    return {
        "change": contract_change.change,
        "address": contract_change.address,
        "path": list(contract_change.path),
        "before": contract_change.before,
        "after": contract_change.after,
        "verdict": contract_change.verdict.word,
        "producers": contract_change.producers.word,
        "readers": contract_change.readers.word,
        "environments": list(contract_change.environments),
        "impacts": [_impact(contract_change, impact) for impact in contract_change.impacts],
        "why": MATRIX[contract_change.change].why,
        "remark": contract_change.remark,
        "allowed": contract_change.allowed,
        "file": contract_change.position.path if contract_change.position else None,
        "line": contract_change.position.line if contract_change.position else None,
        "way_out": [
            {"phase": step.phase, "what": step.what, "commands": list(step.commands)}
            for step in contract_change.way_out
        ],
    }


def _impact(change: ContractChange, impact: Impact) -> dict[str, Any]:
    live = [
        {"environment": standing.environment, "journey": standing.journey, "confirmed": standing.at}
        for standing in impact.live
    ]
    return {
        "message": impact.message,
        "journeys": list(impact.journeys),
        "live": live,
        "guarded": impact.guarded,
        "sentence": sentence(change, impact),
    }


def _problem(contract_change: ContractChange, compatibility: Compatibility, otherwise: Position) -> Problem:
    fails = contract_change in compatibility.gated.failing
    where = f" `{'.'.join(contract_change.path)}`" if contract_change.path else ""
    met = "".join(f"; {sentence(contract_change, impact)}" for impact in contract_change.impacts)
    title = MATRIX[contract_change.change].title
    message = f"{contract_change.verdict.word}: {title} ({contract_change.address}{where}){met}"
    hint = (
        f"allowed: {contract_change.allowed}"
        if contract_change.allowed
        else "`deployer compat` shows the way out"
        if contract_change.way_out
        else ""
    )
    severity = Severity.ERROR if fails else Severity.WARNING
    position = contract_change.position or otherwise
    return Problem(
        f"compat/{contract_change.change}", message, position, severity, hint, address=contract_change.address
    )
