"""The same work on many things, on one core and on several."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from deployer import cores
from deployer.cores import CHUNK, in_chunks, in_parts
from deployer.errors import DeployerError, UsageError

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
def test_other_processes_work_where_it_pays(monkeypatch: pytest.MonkeyPatch) -> None:
    """From ``least`` things on other processes do the work; below that, this one."""
    monkeypatch.setattr(cores, "cores", lambda: 2)  # whatever threads other tests left
    many = {who for _, (who, _) in in_chunks(span, 10 * CHUNK, least=10 * CHUNK)}
    assert os.getpid() not in many
    assert {who for _, (who, _) in in_chunks(span, 10 * CHUNK, least=10 * CHUNK + 1)} == {os.getpid()}


@pytest.mark.parametrize("number", [1, 2, 3, 9])
@pytest.mark.parametrize("count", [0, 1, 2, 7])
def test_this_process_does_the_last_part(monkeypatch: pytest.MonkeyPatch, number: int, count: int) -> None:
    """Others do all parts but the last, which this one does meanwhile; a single part is nobody's."""
    monkeypatch.setattr(cores, "cores", lambda: number)
    mine: list[int] = []
    found = list(in_parts(span, count, mine=lambda first, last: mine.extend(range(first, last))))
    done = [*(one for _, part in found for one in part), *mine]
    assert done == (list(range(count)) if number > 1 and count > 1 else [])
    assert os.getpid() not in {who for who, _ in found}
    assert bool(found) == bool(mine)


def test_parts_of_a_process_that_is_gone_are_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """If a process is gone, its part and those after it are left to be done, and this one has done its own."""
    monkeypatch.setattr(cores, "cores", lambda: 3)
    mine: list[int] = []

    def work(first: int, last: int) -> int:
        if first:
            os.kill(os.getpid(), signal.SIGKILL)
        return last

    assert list(in_parts(work, 9, mine=lambda first, last: mine.extend(range(first, last)))) == [3]
    assert mine == [6, 7, 8]


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
    assert number == 1 or "in work" in error.value.__notes__[0]


def test_one_core_works_beside_another_thread() -> None:
    """Where another thread runs, which may hold a lock as a process is forked, none is forked."""
    with ThreadPoolExecutor(1) as crew:
        crew.submit(int).result()
        assert cores.cores() == 1


def test_a_process_that_is_gone_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """If the system kills a process that works, the work fails with what to do, and nothing waits for it."""
    monkeypatch.setattr(cores, "cores", lambda: 2)
    before = set(multiprocessing.active_children())

    def work(first: int, last: int) -> int:
        if first == CHUNK:
            os.kill(os.getpid(), signal.SIGKILL)
        return last

    with pytest.raises(DeployerError, match="exit code -9") as error:
        list(in_chunks(work, 3 * CHUNK, least=1))
    assert error.value.hint
    assert set(multiprocessing.active_children()) == before


def test_who_stops_early_leaves_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """If only the first result is taken, whatever others do is ended; results larger than a pipe don't hold it up."""
    monkeypatch.setattr(cores, "cores", lambda: 3)
    before = set(multiprocessing.active_children())

    def work(first: int, last: int) -> bytes:
        if first > CHUNK:
            time.sleep(600)
        return bytes(1_000_000 + last)

    running = in_chunks(work, 9 * CHUNK, least=1)
    assert [len(next(running)[1]) for _ in range(2)] == [1_000_000 + CHUNK, 1_000_000 + 2 * CHUNK]
    running.close()
    assert set(multiprocessing.active_children()) == before
