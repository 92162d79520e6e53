"""A run of ``check`` over files: every payload is held against its declaration, and what is wrong is counted."""

from __future__ import annotations

import zlib
from dataclasses import field, replace
from io import BufferedReader, BytesIO
from typing import TYPE_CHECKING, BinaryIO, Protocol

from deployer.contracts.batches import Batch
from deployer.contracts.captured import CHUNK, Capture
from deployer.contracts.checking import PayloadVerdict
from deployer.contracts.faults import PayloadFault
from deployer.contracts.inputs import Input, opened
from deployer.contracts.locating import part, place
from deployer.contracts.scanning import Captured
from deployer.contracts.stretches import PAYS, number_of, size_of, stretch
from deployer.contracts.tally import Row, Tally
from deployer.cores import in_chunks
from deployer.dataclass import dataclass
from deployer.source import pointer_text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from deployer.contracts.captured import Form
    from deployer.contracts.scanning import Unreadable
    from deployer.source import JSON, Pointer


_FEW = 8
"""The most payloads of a batch with a fault that are checked one by one; a larger batch is halved."""


class Judge(Protocol):
    """Says what is wrong with a payload."""

    def verdict(self, value: JSON) -> PayloadVerdict:
        """Hold one payload against what is declared."""
        ...

    def all_fine(self, values: Sequence[JSON]) -> int | None:
        """How many are taken as whole request bodies, where nothing is wrong with any; ``None``: ask for each."""
        ...


@dataclass(frozen=True, slots=True)
class Finding:
    """One violation at its place. ``number`` counts the payloads of the file from 1; column 0: none is known."""

    file: str
    line: int
    column: int
    number: int
    event: str
    fault: PayloadFault


@dataclass(slots=True)
class FileCount:
    """What one file held: payloads taken as whole request bodies, as the properties alone, and those with faults.

    ``unreadable`` are the values that aren't JSON, or aren't read; ``cut``: the file itself can't be read to its end.
    """

    name: str
    form: Form = "empty"
    payloads: int = 0
    bodies: int = 0
    properties_alone: int = 0
    faulty: int = 0
    unreadable: int = 0
    cut: bool = False

    def add(self, other: FileCount) -> None:
        """Add what another stretch of the file held."""
        self.payloads += other.payloads
        self.bodies += other.bodies
        self.properties_alone += other.properties_alone
        self.faulty += other.faulty
        self.unreadable += other.unreadable


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What a check found: the first violations in full, and all of them counted."""

    events: tuple[str, ...]
    files: tuple[FileCount, ...]
    findings: tuple[Finding, ...]
    violations: int
    rows: tuple[Row, ...]
    uncounted: int = 0

    @property
    def payloads(self) -> int:
        """How many payloads were checked."""
        return sum(file.payloads for file in self.files)

    @property
    def faulty(self) -> int:
        """How many payloads aren't what is declared."""
        return sum(file.faulty for file in self.files)

    @property
    def captured(self) -> int:
        """How many values the files held, those that aren't read included."""
        return self.payloads + sum(file.unreadable for file in self.files)

    @property
    def fine(self) -> int:
        """How many payloads are what is declared."""
        return self.payloads - self.faulty

    @property
    def failed(self) -> bool:
        """Whether anything is wrong; to have found no payload at all is."""
        return bool(self.violations) or not self.payloads


@dataclass(frozen=True, slots=True)
class _Part:
    """What checking one stretch of ``lines`` lines found, numbered as if the file began there."""

    count: FileCount
    findings: list[Finding]
    tally: Tally
    lines: int


@dataclass(slots=True)
class CheckRun:
    """One run: ``judge`` decides, ``keep`` violations at most are kept in full, ``on_bytes`` hears how many bytes came.

    ``at`` is where the payload is in each captured value. ``on_every_core``: the judge remembers nothing, so that other
    processes may ask their copies of it.
    """

    judge: Judge
    keep: int
    stdin: BinaryIO
    on_bytes: Callable[[int], None]
    at: Pointer = ()
    on_every_core: bool = False
    tally: Tally = field(default_factory=Tally)
    findings: list[Finding] = field(default_factory=list)
    files: list[FileCount] = field(default_factory=list)

    def over(self, inputs: Sequence[Input], events: tuple[str, ...]) -> CheckReport:
        """Read every input to its end and report."""
        for source in inputs:
            self._file(source)
        tally = self.tally
        return CheckReport(events, tuple(self.files), tuple(self.findings), tally.total, tally.rows(), tally.uncounted)

    def _file(self, source: Input) -> None:
        count = FileCount(source.name)
        self.files.append(count)
        try:
            if self.on_every_core and source.path and (number := number_of(source)):
                self._stretches(count, source.path, source.size, number)
            else:
                with opened(source, self.stdin, self.on_bytes) as stream:
                    self.items(count, Capture(stream))
        except (EOFError, zlib.error, OSError) as error:
            reason = error.strerror if isinstance(error, OSError) and error.strerror else "it isn't whole gzip"
            self._broken(
                count, f"{source.name} can't be read to its end: {reason}", "read it again from where it is from"
            )
        if source.named and not count.payloads and not count.unreadable and not count.cut:
            self._broken(count, f"{source.name} holds no payload", "write one JSON object a line, or a list of objects")

    def items(self, count: FileCount, capture: Capture) -> None:
        """Check everything that a file, or a stretch of its lines, holds."""
        for part_of_it in capture.parts():
            if isinstance(part_of_it, Batch):
                self._batch(count, part_of_it)
            else:
                self._item(count, part_of_it)
        count.form = capture.form

    def _stretches(self, count: FileCount, path: Path, size: int, number: int) -> None:
        """Check a large file of lines on every core, a stretch at a time; what comes of each is joined in order."""
        lines = 0
        self._warm_up(path)
        for end, done in in_chunks(lambda first, _: self._part(count.name, path, first), number, least=PAYS, chunk=1):
            if done.tally.uncounted:  # more rows than are kept: which of them are known, only the whole run knows
                self.lines_of(count, path, end - 1, after=lines)
            else:
                self._join(count, done, lines)
            lines += done.lines
            self.on_bytes(size_of(end - 1, size))
        count.form = "ndjson"

    def _warm_up(self, path: Path) -> None:
        """Load modules and compile schemas before processes are forked, so that it isn't done in each of them."""
        with path.open("rb") as file:
            first = Capture(BufferedReader(BytesIO(file.read(CHUNK))), after=0)
        CheckRun(self.judge, 0, self.stdin, self.on_bytes, self.at).items(FileCount(""), first)

    def _part(self, name: str, path: Path, number: int) -> _Part:
        """Check one stretch by itself, as if the file began there."""
        run, count = CheckRun(self.judge, self.keep, self.stdin, self.on_bytes, self.at), FileCount(name)
        lines = run.lines_of(count, path, number, after=0)
        return _Part(count, run.findings, run.tally, lines)

    def lines_of(self, count: FileCount, path: Path, number: int, *, after: int) -> int:
        """Check one stretch behind the line ``after``; returns the number of its last line."""
        with stretch(path, number) as stream:
            capture = Capture(stream, after=after)
            self.items(count, capture)
        return capture.last

    def _join(self, count: FileCount, done: _Part, lines: int) -> None:
        room, values = self.keep - len(self.findings), count.payloads + count.unreadable
        self.findings += [
            replace(one, line=one.line + lines, number=one.number + values) for one in done.findings[: max(room, 0)]
        ]
        self.tally.join(done.tally, lines)
        count.add(done.count)

    def _batch(self, count: FileCount, batch: Batch) -> None:
        if (bodies := self._all_fine(batch.values)) is not None:
            count.payloads += len(batch.values)
            count.bodies += bodies
        elif len(batch.values) > _FEW:
            for half in batch.halves():
                self._batch(count, half)
        else:
            for item in batch:
                self._item(count, item)

    def _all_fine(self, values: Sequence[JSON]) -> int | None:
        """What the judge says of the parts that are asked for, where each has one."""
        if not self.at:
            return self.judge.all_fine(values)
        found = [part(value, self.at) for value in values]
        return None if None in found else self.judge.all_fine([inner[0] for inner in found if inner])

    def _item(self, count: FileCount, item: Captured | Unreadable) -> None:
        if not isinstance(item, Captured):
            count.unreadable += 1
            fault = PayloadFault((), item.kind, item.message, item.hint)
            self._found(Finding(count.name, item.line, item.column, count.payloads + count.unreadable, "", fault))
            return
        count.payloads += 1
        verdict = self._verdict(item.value)
        count.bodies += verdict.taken == "body"
        count.properties_alone += verdict.taken == "properties"
        if verdict.faults:
            count.faulty += 1
            for fault in verdict.faults:
                self._fault(count, item, verdict, fault)

    def _verdict(self, value: JSON) -> PayloadVerdict:
        """Hold the part that is asked for against the declaration; pointers lead from the captured value."""
        if not self.at:
            return self.judge.verdict(value)
        part_found = part(value, self.at)
        if part_found is None:
            message = f"there is nothing at {pointer_text(self.at)}"
            return PayloadVerdict(
                "", "neither", (PayloadFault((), "nothing-there", message, "name the place of the payload"),)
            )
        inner, base = part_found
        verdict = self.judge.verdict(inner)
        if not base:
            return verdict
        return replace(
            verdict, faults=tuple(replace(fault, pointer=(*base, *fault.pointer)) for fault in verdict.faults)
        )

    def _fault(self, count: FileCount, item: Captured, verdict: PayloadVerdict, fault: PayloadFault) -> None:
        if len(self.findings) >= self.keep:
            self.tally.add(verdict.event, fault, count.name, item.line)
            return
        line, column = place(item.text, fault.pointer, key=fault.at_key)
        column += item.column - 1 if line == 1 else 0
        number = count.payloads + count.unreadable
        self._found(Finding(count.name, item.line + line - 1, column, number, verdict.event, fault))

    def _broken(self, count: FileCount, message: str, hint: str) -> None:
        count.cut = True
        self._found(Finding(count.name, 0, 0, 0, "", PayloadFault((), "unreadable-file", message, hint)))

    def _found(self, finding: Finding) -> None:
        self.tally.add(finding.event, finding.fault, finding.file, finding.line)
        if len(self.findings) < self.keep:
            self.findings.append(finding)
