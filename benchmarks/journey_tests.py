"""How long journey tests take: ``python benchmarks/journey_tests.py [COUNT] [--write]``.

It runs COUNT tests (10,000) of three events each. The project is Northwind with that many tests. Measured are
``deployer test`` as a whole process, the part of it that runs the tests, and pytest with as many test functions that do
nothing. ``--write`` puts the table into README.md beside this file.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage

from page import machine, put

from deployer import load
from deployer.app.journey_tests import run_tests

ROOT = Path(__file__).resolve().parent.parent
NORTHWIND = ROOT / "examples" / "northwind"
DEPLOYER = (sys.executable, "-c", "from deployer.cli import main; main()")
IN_A_FILE = 500
TEST = """\
kind: JourneyTest
id: parcel_{number}
start: 2026-05-10 13:00
subscriber: {{ phone: "+1212555{number:04}", time_zone: America/New_York }}
events:
  - {{ event: order_confirmed, data: {{ Order Id: "{number}" }}, sample: happy }}
  - {{ at: 1 day, event: order_shipped, data: {{ Order Id: "{number}" }}, sample: happy }}
  - {{ at: 33 hours, event: delivery_delayed, data: {{ Order Id: "{number}" }}, sample: happy }}
expect:
  - {{ not_sent: {{ message: order_confirmed_email, because: no_address }} }}
  - {{ sent: {{ message: order_confirmed_text, at: 0 minutes, text: {{ contains: "{number}" }} }} }}
  - {{ sent: {{ message: order_shipped_text, at: 1 day, text: {{ contains: "{number}" }} }} }}
  - {{ sent: {{ message: delivery_delayed_text, at: 47 hours, segments: 2 }} }}
"""


def write(folder: Path, count: int) -> None:
    """Write Northwind with so many tests, and as many functions for pytest."""
    shutil.copytree(NORTHWIND, folder / "shop", ignore=shutil.ignore_patterns(".deployer", "tests"))
    (folder / "shop" / "tests").mkdir()
    for first in range(0, count, IN_A_FILE):
        numbers = range(first, min(first + IN_A_FILE, count))
        text = "---\n".join(TEST.format(number=number) for number in numbers)
        (folder / "shop" / "tests" / f"parcels-{first}.yaml").write_text(text, encoding="utf-8")
    functions = "".join(f"def test_{number}():\n    pass\n\n\n" for number in range(count))
    (folder / "test_nothing.py").write_text(functions, encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Took:
    """What a process took, its children with it: seconds of CPU and by the clock; and the last line that it printed."""

    cpu: float
    wall: float
    said: str


def process(*command: str, cwd: Path) -> Took:
    """Run a process. Raises where it fails."""
    before, begin = getrusage(RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=True)  # noqa: S603 - our own commands
    wall, after = time.perf_counter() - begin, getrusage(RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Took(cpu, wall, done.stdout.strip().splitlines()[-1])


def simulated(folder: Path) -> float:
    """Give the seconds by the clock that running the tests takes, with the project loaded."""
    project = load(folder).linked().project
    begin = time.perf_counter()
    run = run_tests(project)
    assert not run.failed
    return time.perf_counter() - begin


def measured(folder: Path, count: int) -> str:
    """Measure so many tests beside as many functions that do nothing; give the table."""
    write(folder, count)
    ours = process(*DEPLOYER, "test", cwd=folder / "shop")
    options = ("-q", "-p", "no:cacheprovider", "-p", "no:randomly")
    peer = process(sys.executable, "-m", "pytest", *options, "test_nothing.py", cwd=folder)
    only = simulated(folder / "shop")
    rows = [
        f"| `deployer test`, {count:,} tests of three events | {ours.cpu:.1f} | {ours.wall:.1f} |",
        f"| of which running the tests, the project being loaded and checked | | {only:.1f} |",
        f"| pytest, {count:,} functions that do nothing | {peer.cpu:.1f} | {peer.wall:.1f} |",
        f"| ratio | {ours.cpu / peer.cpu:.2f} | {ours.wall / peer.wall:.2f} |",
    ]
    assert ours.said == f"{count} tests passed", ours.said
    return "\n".join([f"{machine()}.", "", "| what | CPU s | wall s |", "|---|--:|--:|", *rows])


def main() -> None:
    """Measure, print the table, and write it into the page where that is asked."""
    count = int(next((one for one in sys.argv[1:] if one.isdecimal()), 10_000))
    with tempfile.TemporaryDirectory() as name:
        text = measured(Path(name), count)
    sys.stdout.write(f"{text}\n")
    if "--write" in sys.argv[1:]:
        put("journey_tests", f"## Journey tests\n\n{text}")


if __name__ == "__main__":
    main()
