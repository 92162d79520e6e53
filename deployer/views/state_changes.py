"""What is done to the record of an environment as a whole: addresses removed, a copy put back, a lock freed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployer.views import terminal
from deployer.views.json_text import json_text
from deployer.views.outline import Entry, Run, Tone, entry, heading
from deployer.views.state import lines_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from deployer.app.records import Pushed
    from deployer.state import Entry as Recorded
    from deployer.state import Holder
    from deployer.views.outline import Node

WHAT_REMOVING_MEANS = (
    "Nothing changes at Attentive: only the state forgets. What the YAML still declares counts as new from then on, "
    "so that an apply would create it, send it or ask people for it a second time. The reviewed way is `forget` in "
    "deployer.yaml."
)
"""Said before someone agrees to `state rm`."""


def to_remove_text(chosen: Mapping[str, Recorded], *, color: bool = False, width: int = 80) -> str:
    """Say on a terminal what would be removed, and what that means."""
    what = "1 address" if len(chosen) == 1 else f"{len(chosen)} addresses"
    nodes = [
        heading(f"Removing {what} from the state"),
        *lines_of(chosen),
        Entry((Run(WHAT_REMOVING_MEANS),), apart=True),
    ]
    return terminal.write(nodes, color=color, width=width)


def removed_text(chosen: Iterable[str]) -> str:
    """Say what was removed, one address a line."""
    return "\n".join(f"removed {address} from the state" for address in chosen)


def removed_json(chosen: Iterable[str], serial: int) -> str:
    """Write what was removed as JSON: ``{"version": 1, "let_go": […], "serial": …}``."""
    return json_text({"version": 1, "let_go": list(chosen), "serial": serial})


def pushed_text(pushed: Pushed, *, color: bool = False, width: int = 80) -> str:
    """Say on a terminal what putting a copy back changed in the record."""
    return terminal.write(_pushed(pushed), color=color, width=width)


def pushed_json(pushed: Pushed) -> str:
    """Write what putting a copy back changed as JSON: ``{"version": 1, "written": …, "serial": …, "lineage": …}``.

    With the addresses that were ``added``, ``changed`` and ``removed``.
    """
    data = {"written": pushed.written, "serial": pushed.state.serial, "lineage": pushed.state.lineage}
    addresses = {"added": pushed.added, "changed": pushed.changed, "removed": pushed.removed}
    return json_text({"version": 1, **data, **{name: list(group) for name, group in addresses.items()}})


def unlocked_text(holder: Holder) -> str:
    """Say whose lock was freed."""
    return f"freed the lock: {holder}"


def unlocked_json(holder: Holder) -> str:
    """Write whose lock was freed as JSON: ``{"version": 1, "freed": …}``."""
    return json_text({"version": 1, "freed": holder.to_json()})


def _pushed(pushed: Pushed) -> Iterator[Node]:
    if not pushed.written:
        yield entry(f"nothing to do: {pushed.location} holds the same already, under serial {pushed.state.serial}")
        return
    yield entry(f"stored in {pushed.location} under serial {pushed.state.serial}")
    for sign, tone, addresses in (
        ("+", Tone.GOOD, pushed.added),
        ("~", Tone.WARN, pushed.changed),
        ("-", Tone.BAD, pushed.removed),
    ):
        yield from (entry(Run(address, code=True), marker=sign, tone=tone) for address in addresses)
