"""Try the engine's promises for real and write ``docs/reliability.md`` with the figures of that run.

It runs the tests that kill, race and disturb (``SUITES``) with more examples than CI takes, and sums what they counted,
also where one of them fails: it exits with 1 then. It takes some minutes. Git has to be installed, and for the row
about Azure ``azurite-blob`` has to be on PATH or in DEPLOYER_AZURITE.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

DOCS = Path(__file__).resolve().parent
ROOT = DOCS.parent
SUITES = ("tests/reliability", "tests/state", "tests/attentive")
THOROUGH = {"DEPLOYER_EXAMPLES": "200"}
"""How many random worlds each property is tried on, and how often two processes race for each kind of lock."""

NEVER = (
    "duplicates",
    "lost writes",
    "things of others removed or changed",
    "confirmations lost",
    "lock races with none or two winners",
)
"""What must not happen: counted by the tests where they look for it."""

MADE = "<!-- Made by docs/make_reliability.py; run that instead of changing this. -->"
SAYS = """\
# What shows that the engine holds

An apply may be killed, lose its answers, find its key revoked or meet another one. What is promised for that is held
by the tests below. Each is a real run of the engine against the embedded sandbox, which has the account; no part of the
engine is replaced, only waits are skipped.

- **Killed.** A process applies a project and sends itself SIGKILL before or after the *k*-th write at Attentive, line
  of the journal, or write of the record, for every *k* until there is none left, while a shop is created, changed and
  removed (`tests/reliability/test_killed.py`). Then it runs again at once, and again when no create is held any longer.
  The account and the record have to be those of a run that wasn't killed, and one more run has to find nothing to do.
  With the record in git the lock outlives the process: the next apply names it, and it is freed by its id.
- **Disturbed.** What is declared, recorded and live is drawn at random, and so is a schedule of faults: refusals,
  failing servers, time-outs and resets before and after the write, slow, malformed and cut answers, lists that are
  behind, a clock that is off, and runs that die at a write (`tests/reliability/test_any_world.py`). Apply is repeated
  until the schedule is spent; the end has to be that of an undisturbed twin. Things of others are made before the plan
  and between plan and apply; they have to stay as they are.
- **Raced.** Two processes ask for the lock, and write from the same serial, at the same moment, on each backend: a
  file, a git repository, S3 (moto's server) and Azure (azurite) (`tests/state/test_conformance.py`). Exactly one may
  win.
- **Edited meanwhile.** Between plan and apply a person edits, deletes or makes an object of each kind that Attentive
  lists (`tests/reliability/test_edited_meanwhile.py`). That change has to fail, what depends on it to be blocked, the
  rest to be done.
- **Confirmed in any order.** Texts change and change back, the journey is turned off and on, and any task that was
  ever asked is confirmed at any time, from two machines, also at once (`tests/reliability/test_confirmations.py`). In
  the end Attentive has to hold what a shop built that way in one step holds.
- **Every call, every fault.** Each fault is put before each call of the client, in process and on a port
  (`tests/attentive/test_faults.py`): the answer has to be right, or the error has to say what may have happened.

What they can't show: Attentive itself was never called. Its lists are looked at four times within seven seconds where
they don't show what was written lately. One that stays behind for longer, right after the answer of a create was lost,
can't be distinguished from one that never got the object: a webhook would be made a second time.
"""
AGAIN = """\
## Make this page again

```sh
pip install -e '.[test]' && python docs/make_reliability.py
```

The worlds and faults are drawn again each time, so the figures of what was tried differ a little from run to run. What
must not happen is counted where it is looked for, before a test fails because of it: this page shows it.
"""


def page(figures: Mapping[str, int]) -> str:
    """The page for figures by their names."""
    tried = {name: count for name, count in figures.items() if name not in NEVER}
    never = {name: figures[name] for name in NEVER if name in figures}
    parts = [
        MADE,
        "",
        SAYS,
        "## Figures of one run",
        "",
        *_table("what was tried", tried),
        "",
        *_table("what must not happen", never),
        "",
        AGAIN,
    ]
    return "\n".join(parts)


def _table(title: str, figures: Mapping[str, int]) -> Iterator[str]:
    yield f"| {title} | times |"
    yield "|---|---:|"
    yield from (f"| {name} | {count} |" for name, count in sorted(figures.items()))


def summed(lines: str) -> Counter[str]:
    """The figures of all tests together; each line is those of one test, as JSON."""
    total: Counter[str] = Counter()
    for line in lines.splitlines():
        total.update(json.loads(line))
    return total


def run(figures: Path) -> int:
    """Run the suites; the exit code of pytest."""
    environment = {**THOROUGH, **os.environ, "DEPLOYER_FIGURES": str(figures)}
    words = [sys.executable, "-m", "pytest", "-q", "-n", "auto", "-p", "no:cacheprovider", *SUITES]
    return subprocess.run(words, cwd=ROOT, env=environment, check=False).returncode  # noqa: S603 - our own words


def main() -> None:
    """Run the suites and write the page; exits with 1 where a test failed, or where what must not happen did."""
    with tempfile.TemporaryDirectory() as folder:
        figures = Path(folder) / "figures.ndjson"
        code = run(figures)
        if not figures.exists():
            sys.exit(code or "no test counted anything")
        total = summed(figures.read_text(encoding="utf-8"))
    (DOCS / "reliability.md").write_text(page(total), encoding="utf-8", newline="\n")
    if happened := [name for name in NEVER if total[name]]:
        sys.exit(f"this must not happen, and did: {', '.join(happened)}")
    sys.exit(1 if code else 0)


if __name__ == "__main__":
    main()
