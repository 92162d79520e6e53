"""What was taken over, what someone saw changed, and what was stopped, as people and programs read it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from deployer.nouns import counted
from deployer.views import terminal
from deployer.views.differences import LEGEND, difference_nodes
from deployer.views.json_text import json_text
from deployer.views.outline import Command, Entry, Run, Tone, entry, heading, labelled
from deployer.views.tasks import tasks_json, tasks_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from deployer.engine.baseline_folder import Compared, TakenAll
    from deployer.engine.record_live import Observed
    from deployer.engine.tasks import OpenTask
    from deployer.views.outline import Node

_OUTCOMES = {
    "differs": ("~", Tone.WARN, "not recorded: Attentive shows another text"),
    "missing": ("?", Tone.WARN, "not recorded: no pasted text was found"),
    "unreadable": ("!", Tone.BAD, "not recorded: the file couldn't be read"),
}
"""What keeps a text from being recorded: its sign, color and heading."""


def recorded_text(address: str, recorded: Sequence[str]) -> str:
    """Show what a baseline of one address recorded, a line each."""
    return "\n".join(f"recorded  {name}" for name in recorded) or f"nothing of {address} was left to record"


def recorded_json(recorded: Sequence[str]) -> str:
    """Write as JSON what a baseline of one address recorded: ``{"version": 1, "recorded"}``."""
    return json_text({"version": 1, "recorded": list(recorded)})


def taken_text(taken: TakenAll, *, environment: str, color: bool = False, width: int = 80) -> str:
    """Show what a folder of pasted texts let be recorded, and everything that wasn't."""
    return terminal.write(_taken(taken, environment), color=color, width=width)


def taken_json(taken: TakenAll, *, environment: str) -> str:
    """Write it as JSON.

    ``{"version": 1, "environment", "ok", "recorded", "already", "texts", "unused", "left"}``; a text has ``id``,
    ``source``, ``part``, ``file``, ``outcome``, ``why``, and of one that differs ``shown`` and ``declared``.
    """
    return json_text(
        {
            "version": 1,
            "environment": environment,
            "ok": not taken.failed,
            "recorded": list(taken.recorded),
            "already": list(taken.already),
            "texts": [_text(compared) for compared in taken.compared],
            "unused": list(taken.unused),
            "left": [{"address": address, "why": why} for address, why in taken.left],
        }
    )


def observed_text(observed: Observed, *, environment: str, color: bool = False, width: int = 80) -> str:
    """Show what is recorded as live now, and the two ways from there."""
    return terminal.write(_observed(observed, environment), color=color, width=width)


def observed_json(observed: Observed, *, environment: str) -> str:
    """Write it as JSON: ``{"version": 1, "environment", "recorded", "unchanged", "differs"}``.

    ``recorded`` and ``unchanged`` are task ids, ``differs`` the addresses whose YAML says something else.
    """
    return json_text(
        {
            "version": 1,
            "environment": environment,
            "recorded": list(observed.recorded),
            "unchanged": list(observed.unchanged),
            "differs": list(observed.differs),
        }
    )


def stopped_text(
    tasks: Sequence[OpenTask], *, environment: str, address: str, color: bool = False, width: int = 80
) -> str:
    """Show what was recorded and the clicks that stop it."""
    text = terminal.write(_stopped(tasks, environment, address), color=color, width=width)
    if not tasks:
        return text
    return f"{text}\n\n{tasks_text(tasks, environment=environment, address=address, color=color, width=width)}"


def stopped_json(tasks: Sequence[OpenTask], *, environment: str) -> str:
    """Write the tasks that stop it as JSON, as ``tasks_json`` does."""
    return tasks_json(tasks, environment=environment)


def lifted_text(address: str, *, lifted: bool) -> str:
    """Say that a stop was ended, or that there was none."""
    return f"{address} is no longer stopped; `deployer plan` shows what starts it" if lifted else _never(address)


def lifted_json(address: str, *, lifted: bool) -> str:
    """Write it as JSON: ``{"version": 1, "address", "lifted"}``."""
    return json_text({"version": 1, "address": address, "lifted": lifted})


def _never(address: str) -> str:
    return f"{address} wasn't stopped: there is nothing to lift"


def _stopped(tasks: Sequence[OpenTask], environment: str, address: str) -> Iterator[Node]:
    yield entry(Run("stopped", Tone.WARN), f"  {address} in {environment}: no task starts it while this holds")
    if not tasks:
        yield entry("It isn't recorded as running, so there is nothing to turn off. Does it run all the same?")
        yield Command("record that first", f"deployer record-live {address} --status on --env {environment}")


def _taken(taken: TakenAll, environment: str) -> Iterator[Node]:
    yield Entry((Run(_summary(taken, environment), Tone.STRONG),))
    if taken.recorded:
        yield heading("recorded", 3)
        yield from (entry(Run(address, code=True), marker="=", tone=Tone.GOOD) for address in taken.recorded)
    for outcome, (sign, tone, title) in _OUTCOMES.items():
        chosen = [compared for compared in taken.compared if compared.outcome == outcome]
        if chosen:
            yield heading(title, 3)
            yield from (_one(compared, sign, tone) for compared in chosen)
    if any(compared.difference for compared in taken.compared):
        yield entry(Run(LEGEND, Tone.DIM))
    if taken.unused:
        yield heading("files that belong to no text", 3)
        yield from (entry(Run(path, code=True), marker="?", tone=Tone.WARN) for path in taken.unused)
    if taken.left:
        yield heading("left as it is: nothing to compare", 3)
        yield from (entry(Run(address, code=True), f": {why}", marker="-") for address, why in taken.left)


def _summary(taken: TakenAll, environment: str) -> str:
    counts = {
        "recorded": len(taken.recorded),
        "recorded before": len(taken.already),
        "different": sum(compared.outcome == "differs" for compared in taken.compared),
        "missing": sum(compared.outcome == "missing" for compared in taken.compared),
        "unreadable": sum(compared.outcome == "unreadable" for compared in taken.compared),
    }
    summary = ", ".join(f"{number} {what}" for what, number in counts.items() if number)
    return (
        f"Baseline of {environment}: {counted(len(taken.compared), 'text')} looked at; {summary or 'nothing to record'}"
    )


def _one(compared: Compared, sign: str, tone: Tone) -> Entry:
    children: list[Node] = [*(difference_nodes(compared.difference) if compared.difference else ())]
    if compared.why:
        children.append(labelled("why", compared.why, Tone.BAD))
    wanted = "looked for" if compared.outcome == "missing" else "in"
    where = (f", {compared.part}, {wanted} ", Run(compared.file, code=True))
    return entry(Run(compared.id, Tone.STRONG, code=True), *where, children=tuple(children), marker=sign, tone=tone)


def _text(compared: Compared) -> dict[str, Any]:
    data = {"id": compared.id, "source": compared.source, "part": compared.part, "file": compared.file}
    data |= {"outcome": compared.outcome, "why": compared.why}
    return (
        {**data, "shown": compared.difference.shown, "declared": compared.difference.declared}
        if compared.difference
        else data
    )


def _observed(observed: Observed, environment: str) -> Iterator[Node]:
    for seen in observed.recorded:
        yield entry(Run("recorded", Tone.GOOD), "   as seen at Attentive: ", Run(seen, code=True))
    for seen in observed.unchanged:
        yield entry(Run("unchanged", Tone.DIM), "  recorded so already: ", Run(seen, code=True))
    if not observed.differs:
        yield entry("The YAML has the same value.")
        return
    for address in observed.texts:
        yield Command("to take it into the YAML", f"deployer absorb {address} --text FILE --env {environment}")
    yield Command("to see to go back to the YAML", f"deployer plan --env {environment}")
