"""How long journey tests take: ``python benchmarks/journey_tests.py [COUNT]`` runs COUNT tests of three events each.

The project is Northwind with that many tests. Measured are ``deployer test`` as a whole process, the part of it that
simulates, and pytest with as many test functions that do nothing.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

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


def process(*command: str, cwd: Path) -> tuple[float, str]:
    """Run a process; give its seconds and the last line of what it printed. Raises where it fails."""
    begin = time.perf_counter()
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=True)  # noqa: S603 - our own commands
    return time.perf_counter() - begin, done.stdout.strip().splitlines()[-1]


def simulated(folder: Path) -> float:
    """Give the seconds that simulating takes, with the project loaded and its samples read."""
    project = load(folder).linked().project
    begin = time.perf_counter()
    run = run_tests(project)
    assert not run.failed
    return time.perf_counter() - begin


def tell(line: str) -> None:
    """Write a line of the outcome."""
    sys.stdout.write(f"{line}\n")


def main() -> None:
    """Measure, and print a line for each."""
    count = int(sys.argv[1]) if sys.argv[1:] else 10_000
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write(folder, count)
        seconds, said = process(*DEPLOYER, "test", cwd=folder / "shop")
        tell(f"deployer test, {count:,} tests of three events: {seconds:.1f} s ({said})")
        tell(f"  of which simulating: {simulated(folder / 'shop'):.1f} s")
        options = ("-q", "-p", "no:cacheprovider", "-p", "no:randomly")
        seconds, said = process(sys.executable, "-m", "pytest", *options, "test_nothing.py", cwd=folder)
        tell(f"pytest, {count:,} functions that do nothing: {seconds:.1f} s ({said})")


if __name__ == "__main__":
    main()
