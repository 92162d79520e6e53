"""The same work on many things, on one core and on several."""

from __future__ import annotations

import os

import pytest

from deployer.app import cores
from deployer.app.cores import CHUNK, in_chunks
from deployer.errors import UsageError

pytestmark = pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")


def span(first: int, last: int) -> tuple[int, list[int]]:
    """Say which process did it, and what it did."""
    return os.getpid(), list(range(first, last))


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize("count", [0, 1, CHUNK, CHUNK + 1, 7 * CHUNK])
def test_results_are_in_order(monkeypatch: pytest.MonkeyPatch, number: int, count: int) -> None:
    """However many cores there are, everything is done once, and results come in order."""
    monkeypatch.setattr(cores, "cores", lambda: number)
    found = list(in_chunks(span, count, least=2))
    assert [one for _, (_, done) in found for one in done] == list(range(count))
    assert [last for last, _ in found] == [done[-1] + 1 for _, (_, done) in found]


@pytest.mark.skipif(cores.cores() < 2, reason="this machine has one core, or can't fork")
def test_other_processes_work_where_it_pays() -> None:
    """From ``least`` things on other processes do the work; below that, this one."""
    many = {who for _, (who, _) in in_chunks(span, 10 * CHUNK, least=10 * CHUNK)}
    assert os.getpid() not in many
    assert {who for _, (who, _) in in_chunks(span, 10 * CHUNK, least=10 * CHUNK + 1)} == {os.getpid()}


@pytest.mark.parametrize("number", [1, 2])
def test_what_goes_wrong_is_raised(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    """What the work raises in another process is raised here, with its words."""
    monkeypatch.setattr(cores, "cores", lambda: number)

    def work(first: int, last: int) -> int:
        if first:
            raise UsageError("no", "try again")
        return last

    with pytest.raises(UsageError) as error:
        list(in_chunks(work, 3 * CHUNK, least=1))
    assert (error.value.message, error.value.hint) == ("no", "try again")
