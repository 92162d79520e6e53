"""`confirm --segments`: the count that Attentive's composer showed, and what `status` makes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from deployer.cli import exits

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Deployer = Callable[..., Any]

STATE = ".deployer/state/sandbox.json"


def test_a_count_that_differs_is_listed(tea: Path, deployer: Deployer, tokens: Any) -> None:
    """If the composer showed more segments than were estimated, `status` says so."""
    deployer("apply", "--yes", "--project", tea)
    known = tokens(tea / STATE)
    deployer("confirm", known["journey.shipped/create"], "--project", tea)
    done = deployer("confirm", known["journey.shipped/send.text"], "--segments", "9", "--project", tea)
    assert done.code == exits.DONE
    shown = deployer("status", "--project", tea, "--format", "json")
    (count,) = shown.data["counts"]
    assert (count["task"], count["composer"]) == ("journey.shipped/send.text", 9)


@pytest.mark.parametrize("more", [("--submitted",), ("--rejected", "no"), ("abcdefh",)])
def test_a_count_is_of_one_text_that_is_done(tea: Path, deployer: Deployer, more: tuple[str, ...]) -> None:
    """If several tokens or a review come with a count, nobody knows what it is of."""
    done = deployer("confirm", "abcdefg", *more, "--segments", "2", "--project", tea)
    assert done.code == exits.USAGE
    assert "--segments" in done.err
