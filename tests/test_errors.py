"""Every error is of one tree: what can happen is said with a hint, and what gets out of its room is a bug."""

from __future__ import annotations

import importlib
import pkgutil

import pytest

import deployer
from deployer.errors import DeployerError, InnerError, TextError, UsageError


def classes() -> list[type[BaseException]]:
    """Every class of errors that the package defines."""
    modules = [one.name for one in pkgutil.walk_packages(deployer.__path__, "deployer.")]
    found = {
        one
        for name in modules
        if not name.endswith("__main__")
        for one in vars(importlib.import_module(name)).values()
        if isinstance(one, type) and issubclass(one, BaseException) and one.__module__.startswith("deployer")
    }
    return sorted(found, key=lambda one: (one.__module__, one.__name__))


def test_every_error_is_of_the_tree() -> None:
    """No class of errors stands beside the two roots of `errors.py`, and none belongs to both."""
    known = [one for one in classes() if issubclass(one, DeployerError) != issubclass(one, InnerError)]
    assert classes() == known
    assert len(known) > 40  # the walk reached the rooms


def test_only_wrong_usage_has_an_exit_code_of_its_own() -> None:
    """An error ends a command with 1, wrong usage with 64."""
    expected = [one for one in classes() if issubclass(one, DeployerError)]
    assert {one for one in expected if one.exit_code != DeployerError.exit_code} == {
        one for one in expected if issubclass(one, UsageError)
    }


@pytest.mark.parametrize("error", [DeployerError, UsageError, TextError])
def test_an_error_says_what_happened_and_what_to_do(error: type[DeployerError]) -> None:
    """An error's text is its message; its hint stands apart, and may be empty."""
    made = error("the moon fell", "look up")
    assert (str(made), made.message, made.hint, error("it fell").hint) == (
        "the moon fell",
        "the moon fell",
        "look up",
        "",
    )
