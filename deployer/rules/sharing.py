"""A project of which nothing is known, on every core: each process tells what it found sound in its part.

Processes are forked, so that the project needn't travel to them, and only digests travel back (``rules.sound``). This
process looks at a part itself, and takes the rest for sound meanwhile. Where it isn't, the check that follows finds
what a check on one core finds, as it does after an edit: what is known to be sound is passed over, and everything else
is looked at there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployer.dataclass import dataclass
from deployer.rules.checking import check, subject_of
from deployer.rules.sound import Sound

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from deployer.project import Project
    from deployer.rules.sound import Work
    from deployer.rules.subject import Subject
    from deployer.source import Document, Problem

PAYS = 1_200
"""The fewest messages and event types for other cores: with fewer, starting processes takes longer than they save."""

MOST = 4
"""Processes that check side by side, at most: each looks at the project as a whole too, and has memory for its part."""


@dataclass(frozen=True, slots=True)
class _Share:
    """What a check found that looked at some of the declarations: problems, and the digests of what is sound."""

    digests: frozenset[str]
    problems: tuple[Problem, ...]
    seen: Mapping[str, Work]

    @property
    def sound(self) -> Mapping[str, Work]:
        """What is sound of what was looked at."""
        return {digest: work for digest, work in self.seen.items() if digest in self.digests}


def learn(
    project: Project, settings: Document | None, documents: Sequence[Document], sound: Sound
) -> tuple[Problem, ...] | None:
    """Note in ``sound`` what is sound in a project, where it is large enough and there are several cores.

    The arguments are those of ``check``. Where all that others looked at is sound, what was found here is everything:
    the problems that ``check`` would give. Else ``None``; what a process that ended early would have found is unknown.
    """
    subject = subject_of(project, settings, documents, sound)
    # By digest, which says nothing of the kind: each part has of those that take long.
    unknown = sorted(digest for address, digest in subject.digests.items() if address not in subject.passed)
    if len(unknown) < PAYS:
        return None
    from deployer.cores import in_parts  # noqa: PLC0415 - most projects are smaller
    from deployer.messages import templating  # noqa: F401, PLC0415 - before the fork, so that not every process loads it

    def look(first: int, last: int) -> _Share:
        digests = frozenset(unknown[first:last])
        others = {address: digest for address, digest in subject.digests.items() if digest not in digests}
        own = Sound({digest: subject.passed.get(address, ()) for address, digest in others.items()})
        return _Share(digests, check(project, settings, documents=documents, sound=own), own.seen)

    def theirs(first: int, last: int) -> Mapping[str, Work]:
        return look(first, last).sound

    mine: list[_Share] = []
    found: dict[str, Work] = {}
    for others in in_parts(theirs, len(unknown), mine=lambda first, last: mine.append(look(first, last)), most=MOST):
        found.update(others)
    return _together(subject, unknown, mine[0], found) if mine else None


def _together(
    subject: Subject, unknown: Collection[str], mine: _Share, found: Mapping[str, Work]
) -> tuple[Problem, ...] | None:
    """Note what is sound, and give the problems where nothing is left to be looked at."""
    sound = subject.sound
    assert sound is not None
    sound.known = {**sound.known, **found, **mine.sound}
    if any(digest not in found and digest not in mine.digests for digest in unknown):
        return None
    subject.count({address: found.get(digest, ()) for address, digest in subject.digests.items()})
    sound.seen.update({**mine.seen, **found})
    return mine.problems
