"""Measure everything beside the peers that are installed: python benchmarks/run.py [--documents 1000] [--write].

Each work runs as a whole process, in turn with its peer, after one warm-up; figures are medians. Peers that aren't
installed are named. ``--growth`` measures again at several sizes. ``--write`` puts the tables into README.md.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from page import machine, put
from processes import FailedError, Use, paired
from works import WORKS, Place, Work

if TYPE_CHECKING:
    from collections.abc import Sequence

HEAD = (
    "| work | CPU s | wall s | MiB | peer | CPU, of the peer's | wall, of the peer's |\n|---|--:|--:|--:|---|--:|--:|"
)


def _ratio(ours: float, theirs: float) -> str:
    return f"{ours / theirs:.2f}" if theirs else "-"


def row(work: Work, ours: Use, peer: Use | None) -> str:
    """One work as a row of the table."""
    beside = ("not installed" if work.peer_name else "", "-", "-")
    if peer is not None:
        beside = (work.peer_name, _ratio(ours.cpu, peer.cpu), _ratio(ours.wall, peer.wall))
    elif work.peer_name:
        beside = (f"{work.peer_name}: not installed", "-", "-")
    cells = (work.name, f"{ours.cpu:.2f}", f"{ours.wall:.2f}", f"{ours.memory:.0f}", *beside)
    return f"| {' | '.join(cells)} |"


def table(place: Place, works: Sequence[Work], runs: int) -> list[str]:
    """The rows of all works at one size, printed as they are measured."""
    rows = []
    for work in works:
        made = row(work, *paired(work.ours(place), work.peer(place), runs))
        sys.stdout.write(f"{made}\n")
        sys.stdout.flush()
        rows.append(made)
    return rows


def growth(folder: Path, works: Sequence[Work], sizes: Sequence[int]) -> list[str]:
    """CPU seconds of each work that grows, a column a size; the last column compares the last two sizes."""
    rows = [f"| work | {' | '.join(f'{size:,}' for size in sizes)} | growth of the last step |"]
    rows.append(f"|---|{'--:|' * (len(sizes) + 1)}")
    factor = sizes[-1] / sizes[-2] if len(sizes) > 1 else 1
    for work in (one for one in works if one.grows):
        used = [paired(work.ours(Place(folder / str(size), size, 1)), None, 1)[0].cpu for size in sizes]
        step = f"{used[-1] / used[-2]:.1f} for {factor:.1f} times the documents" if len(sizes) > 1 else "-"
        rows.append(f"| {work.name} | {' | '.join(f'{cpu:.2f}' for cpu in used)} | {step} |")
        sys.stdout.write(f"{rows[-1]}\n")
        sys.stdout.flush()
    return rows


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure deployer beside its peers.")
    parser.add_argument("--documents", type=int, default=1_000)
    parser.add_argument("--megabytes", type=int, default=100, help="the size of the capture for `check`")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--only", default="", help="works whose names hold this")
    parser.add_argument("--growth", type=lambda text: [int(one) for one in text.split(",")], default=[])
    parser.add_argument("--write", action="store_true", help="put the tables into README.md")
    return parser.parse_args()


def main() -> None:
    """Measure, print, and write where that is wanted."""
    given = _arguments()
    works = [work for work in WORKS if given.only in work.name]
    with tempfile.TemporaryDirectory() as folder:
        try:
            rows = table(Place(Path(folder), given.documents, given.megabytes), works, given.runs)
            grown = growth(Path(folder), works, given.growth) if given.growth else []
        except FailedError as failure:
            sys.exit(f"error: {failure}")
    title = f"## {given.documents:,} documents, a capture of {given.megabytes} MB"
    made = [title, "", f"{datetime.now(UTC).date().isoformat()}, {machine()}.", "", HEAD, *rows]
    made += ["", "## Growth, in CPU seconds by number of documents", "", *grown] if grown else []
    if given.write:
        put("run", "\n".join(made))


if __name__ == "__main__":
    main()
