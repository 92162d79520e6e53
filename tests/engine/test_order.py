"""The order of work: what others need comes first, ties by rank, the same order every time."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from deployer.engine.desired import kind_of, ordered
from deployer.kinds import KINDS


@st.composite
def graphs(draw):
    """Addresses that need only earlier ones, shuffled."""
    names = [f"n{number}" for number in range(draw(st.integers(0, 8)))]
    needs = {
        name: draw(st.lists(st.sampled_from(names[:index]), unique=True)) if index else []
        for index, name in enumerate(names)
    }
    shuffled = draw(st.permutations(list(needs)))
    return {name: needs[name] for name in shuffled}


@given(graphs(), st.randoms(use_true_random=False))
def test_what_is_needed_comes_first(needs, chance):
    """Every address stands once, after all that it needs."""
    ranks = {name: chance.randrange(3) for name in needs}
    result = ordered(needs, ranks)
    assert sorted(result) == sorted(needs)
    assert all(result.index(need) < result.index(name) for name, found in needs.items() for need in found)


@given(graphs())
def test_the_order_of_the_input_does_not_matter(needs):
    """The same graph in another order is the same list."""
    ranks = {name: name for name in needs}
    assert ordered(needs, ranks) == ordered(dict(reversed(needs.items())), ranks)


def test_ties_go_by_rank():
    """Of what could come next, the lower rank comes."""
    assert ordered({"b": [], "a": [], "c": ["b"]}, {"a": 2, "b": 1, "c": 0}) == ("b", "c", "a")


def test_needs_from_elsewhere_are_no_hindrance():
    """Something needed that isn't part of the work is there already."""
    assert ordered({"a": ["elsewhere"]}, {"a": 0}) == ("a",)


def test_a_kind_is_known_by_its_address():
    """An address leads to its kind; one of an unknown kind to nothing."""
    assert kind_of("journey.order_shipped") is KINDS["Journey"]
    assert kind_of("push.order_shipped") is None
