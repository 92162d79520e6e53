"""The schedule: counts the requests that each fault matches, says which fault is due, and counts what was injected."""

from __future__ import annotations

import threading
from collections import Counter
from typing import TYPE_CHECKING

from deployer.dataclass import dataclass
from deployer.sandbox.faults.files import FaultsError, parse_faults
from deployer.sandbox.faults.memory import Memory

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from deployer.sandbox.faults.fault import Fault, FaultKind


@dataclass(slots=True)
class _Counted:
    """A fault, and how many requests it has matched."""

    fault: Fault
    seen: int = 0


class Faults:
    """A schedule of faults. Deterministic for requests that come one after the other; safe for threads.

    One schedule may be behind several transports and servers: it counts for all of them together.
    """

    def __init__(self, faults: Iterable[Fault]) -> None:
        self._counted = [_Counted(fault) for fault in faults]
        self._injected: Counter[FaultKind] = Counter()
        self._lock = threading.Lock()
        self.memory = Memory(max((counted.fault.behind or 0 for counted in self._counted), default=0))

    def __repr__(self) -> str:
        return f"Faults({[counted.fault for counted in self._counted]!r})"

    @classmethod
    def parse(cls, text: str, name: str = "faults") -> Faults:
        """Read a schedule from YAML or JSON; ``name`` is in front of each mistake. Raises ``FaultsError``."""
        return cls(parse_faults(text, name))

    @classmethod
    def read(cls, path: Path) -> Faults:
        """Read a schedule from a file; raises ``FaultsError``, also where the file can't be read."""
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or "it isn't text in UTF-8"
            raise FaultsError([f"{path} can't be read: {reason}"]) from error
        return cls.parse(text, str(path))

    @property
    def injected(self) -> dict[str, int]:
        """How many requests each kind of fault struck, by the kind's name; kinds that struck none are left out."""
        with self._lock:
            return {str(kind): count for kind, count in sorted(self._injected.items())}

    def unspent(self) -> tuple[Fault, ...]:
        """List the faults whose ``nth`` matching request never came, so that a test can see that it tested nothing."""
        with self._lock:
            return tuple(counted.fault for counted in self._counted if counted.seen < counted.fault.nth)

    def due(self, endpoint: str) -> Fault | None:
        """Count a request to an endpoint (``POST /v1/webhooks``), and give the fault that it should meet."""
        chosen = None
        with self._lock:
            for counted in self._counted:
                if counted.fault.matches(endpoint):
                    counted.seen += 1
                    if chosen is None and counted.fault.due(counted.seen):
                        chosen = counted.fault
        return chosen

    def note(self, kind: FaultKind) -> None:
        """Count that a fault of this kind struck."""
        with self._lock:
            self._injected[kind] += 1
