"""What was made once a run, and what of it stays in memory."""

from __future__ import annotations

import weakref

import pytest

from deployer.project import Memory


class _Project:
    """Something that can be watched."""


def test_of_a_whole_project_only_the_last_stays():
    """What was made of a project is given again for the same one, and goes with it once there is another."""
    memory, first, second = Memory(), _Project(), _Project()
    assert memory.latest("size", (first,), lambda: 1) == 1
    assert memory.latest("size", (first,), lambda: pytest.fail("it was made twice")) == 1
    watched = weakref.ref(first)
    del first
    assert watched() is not None
    assert memory.latest("size", (second,), lambda: 2) == 2
    assert watched() is None
