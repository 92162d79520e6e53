"""Measure the memory of `deployer check` over a large file: python benchmarks/check_memory.py [MEGABYTES].

It writes NDJSON of so many megabytes (1,000 unless said) into a temporary folder, one payload in a thousand wrong, runs
the command as a process, samples its resident memory, and writes the figures into README.md beside this file.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
import time
from itertools import count
from pathlib import Path

from page import machine, put

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parent / "examples" / "northwind"
COMMAND = (sys.executable, "-c", "from deployer.cli import main; main()")
MEGA = 1_000_000
SAMPLES = 10


def payload(number: int) -> str:
    """One request body on a line; every thousandth has an undeclared key."""
    properties = {
        "Order Id": str(number),
        "tracking_url": f"https://northwind.example/t/{number}",
        "mediaUrl": f"https://northwind.example/img/parcel-{number}.jpg",
        "delivery_date": "Wednesday, Sept. 30",
        "carrier": ("UPS", "FedEx", "USPS")[number % 3],
    }
    if number % 1_000 == 0:
        properties["Carrier"] = "UPS"
    body = {"type": "Order Shipped", "user": {"phone": "+12065550100"}, "properties": properties}
    return json.dumps({**body, "occurredAt": "2026-05-10T12:30:00-04:00"}) + "\n"


def write_payloads(path: Path, size: int) -> int:
    """Write at least ``size`` bytes of payloads; returns how many payloads that are."""
    written = 0
    with path.open("w", encoding="utf-8") as file:
        for number in count(1):
            written += file.write(payload(number))
            if written >= size:
                return number
    raise AssertionError


def resident(process: int) -> float:
    """Resident memory of a process in megabytes; 0 where it has ended. Linux only."""
    try:
        status = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    except OSError:
        return 0
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    return int(found[1]) * 1024 / MEGA if found else 0


def measure(path: Path) -> tuple[list[float], float, dict[str, int]]:
    """Run the check: samples of memory in megabytes, four a second; seconds; what it counted."""
    arguments = ["check", "order_shipped", str(path), "--project", str(PROJECT), "--format", "json"]
    began, samples = time.monotonic(), []
    with tempfile.TemporaryFile("w+") as out, subprocess.Popen([*COMMAND, *arguments], stdout=out) as process:  # noqa: S603 - our own command
        while process.poll() is None:
            samples.append(resident(process.pid))
            time.sleep(0.25)
        seconds = time.monotonic() - began
        out.seek(0)
        report = json.load(out)
    return [one for one in samples if one], seconds, report


def section(size: int, samples: list[float], seconds: float, report: dict[str, int]) -> str:
    """The figures as Markdown."""
    loaded = samples[min(len(samples) - 1, 8) :]
    curve = [loaded[int(step * (len(loaded) - 1) / SAMPLES)] for step in range(SAMPLES + 1)]
    return "\n".join(
        [
            "## `deployer check` over a large file",
            "",
            f"`python benchmarks/check_memory.py {size}`: {report['payloads']:,} request bodies in {size:,} MB of",
            f"NDJSON, {report['violations']:,} violations, all of them counted.",
            "",
            "| what | figure |",
            "|---|---|",
            f"| time | {seconds:,.0f} s, {size / seconds:,.0f} MB/s |",
            f"| resident memory, most | {max(samples):,.0f} MB |",
            f"| resident memory over the run, a tenth each | {', '.join(f'{one:,.0f}' for one in curve)} MB |",
            "",
            f"{machine()}.",
        ]
    )


def main() -> None:
    """Measure and write the figures."""
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "captured.ndjson")
        write_payloads(path, size * MEGA)
        made = section(size, *measure(path))
    put("check_memory", made)
    sys.stdout.write(f"{made}\n")


if __name__ == "__main__":
    main()
