"""A project of which nothing is known, on every core: each process tells what it found sound in its part.

Processes are forked, so that the project needn't travel to them, and only digests travel back (``rules.sound``). The
check that follows finds what a check on one core finds, as it does after an edit: what is known to be sound is passed
over, and everything else is looked at there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployer.rules.checking import check, subject_of
from deployer.rules.sound import Sound

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from deployer.project import Project
    from deployer.rules.sound import Work
    from deployer.source import Document

PAYS = 300
"""From so many messages and event types on other cores save more time than it takes to start them."""

MOST = 4
"""Processes that check side by side, at most: each looks at the project as a whole too, and has memory for its part."""


def learn(project: Project, settings: Document | None, documents: Sequence[Document], sound: Sound) -> None:
    """Note in ``sound`` what is sound in a project, where it is large enough and there are several cores.

    The arguments are those of ``check``. What a process that ended early would have found is unknown.
    """
    subject = subject_of(project, settings, documents, sound)
    unknown = [digest for address, digest in subject.digests.items() if address not in subject.passed]
    if len(unknown) < PAYS:
        return
    from deployer.cores import in_parts  # noqa: PLC0415 - most projects are smaller

    def part(first: int, last: int) -> Mapping[str, Work]:
        mine = set(unknown[first:last])
        others: dict[str, Work] = {digest: () for digest in subject.digests.values() if digest not in mine}
        own = Sound(others)
        check(project, settings, documents=documents, sound=own)
        return {digest: work for digest, work in own.seen.items() if digest in mine}

    for found in in_parts(part, len(unknown), most=MOST):
        sound.known = {**sound.known, **found}
