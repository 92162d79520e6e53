"""Whether a branch still has what was seen there: a record that steps back is never taken for the present one."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from deployer.state.encoding import decode
from deployer.state.errors import StateError, UnreadableError

if TYPE_CHECKING:
    from deployer.state.git.branch import Branch, Tip
    from deployer.state.git.record import BranchRecord


def check_not_set_back(record: BranchRecord, tip: Tip, seen: str) -> None:
    """Refuse a tip whose history lacks the record that was at ``seen``, the tip that this repository saw last.

    A history that was cut short or rewritten, but still has that record somewhere, is fine. Raises ``UnreadableError``,
    ``GitError``.
    """
    branch = record.repository.branch
    if seen in ("", tip.commit) or (tip.commit and branch.follows(tip.commit, seen)):
        return
    former = branch.at(seen)
    if record.state_path not in former.files or branch.ever_had(tip, record.state_path, former):
        return
    now, was = (_described(record, branch, tip) for tip in (tip, former))
    hint = f"restore it: `{branch.restore_hint(seen)}`; or accept what is there now: `{branch.forget_hint()}`"
    message = f"state `{record.location}` was rewritten: {was} was seen here before, {now} is there now"
    raise UnreadableError(message, hint)


def _described(record: BranchRecord, branch: Branch, tip: Tip) -> str:
    content = branch.content(tip, record.state_path)
    if content is None:
        return "nothing"
    with suppress(StateError):
        state = decode(content, record.location)
        return f"serial {state.serial} of lineage `{state.lineage}`"
    return "a damaged record"
