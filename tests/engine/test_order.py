"""The order of work: what others need comes first, ties by rank, the same order every time."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from deployer.engine.desired import kind_of
from deployer.engine.order import arranged, closing_needs, in_order, rings
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
    """Every address is there once, after all that it needs."""
    ranks = {name: chance.randrange(3) for name in needs}
    result = in_order(needs, ranks.__getitem__)
    assert sorted(result) == sorted(needs)
    assert all(result.index(need) < result.index(name) for name, found in needs.items() for need in found)


@given(graphs())
def test_the_order_of_the_input_does_not_matter(needs):
    """The same graph in another order is the same list."""
    assert in_order(needs, str) == in_order(dict(reversed(needs.items())), str)


def test_ties_go_by_rank():
    """Of what could come next, the lower rank comes."""
    ranks = {"a": 2, "b": 1, "c": 0}
    assert in_order({"b": [], "a": [], "c": ["b"]}, ranks.__getitem__) == ("b", "c", "a")


def test_needs_from_elsewhere_are_no_hindrance():
    """Something needed that isn't part of the work is there already."""
    assert in_order({"a": ["elsewhere"]}, str) == ("a",)


def test_a_ring_comes_last_and_is_named():
    """What is in a ring, or needs one, comes at the end by rank, and can be told from the rest."""
    needs = {"d": [], "c": ["b"], "b": ["a"], "a": ["b"], "e": ["e"], "f": ["d"]}
    assert in_order(needs, str) == ("d", "f", "a", "b", "c", "e")
    assert sorted(arranged(needs, str).held_up) == ["a", "b", "c", "e"]


def test_a_kind_is_known_by_its_address():
    """An address leads to its kind; one of an unknown kind to nothing."""
    assert kind_of("journey.order_shipped") is KINDS["Journey"]
    assert kind_of("push.order_shipped") is None


@st.composite
def tangles(draw):
    """Addresses that need any of them, themselves too."""
    names = [f"n{number}" for number in range(draw(st.integers(0, 8)))]
    return {name: draw(st.lists(st.sampled_from(names), unique=True, max_size=3)) for name in names}


def reached(needs, start):
    """Everything that an address needs, directly or through others."""
    found, left = set(), list(needs[start])
    while left:
        node = left.pop()
        if node not in found:
            found.add(node)
            left.extend(needs[node])
    return found


@given(tangles())
def test_a_ring_is_what_need_each_other(needs):
    """Two addresses are in one ring exactly if each needs the other, perhaps through others."""
    number = rings(needs)
    assert set(number) == set(needs)
    for one in needs:
        for other in needs:
            together = one == other or (other in reached(needs, one) and one in reached(needs, other))
            assert (number[one] == number[other]) == together


@given(tangles())
def test_without_what_closes_a_ring_there_is_an_order(needs):
    """If the closing needs are dropped, nothing is held up; where there is no ring, none is dropped."""
    closing = closing_needs(needs)
    assert all(one in reached(needs, other) or one == other for one, other in closing)
    rest = {node: [need for need in wanted if (node, need) not in closing] for node, wanted in needs.items()}
    assert arranged(rest, str).held_up == ()
    assert bool(closing) == bool(arranged(needs, str).held_up)


def test_the_need_that_comes_back_to_the_first_is_dropped():
    """Of a plain ring only its last need is dropped: the work begins with the first address that was named."""
    assert closing_needs({"a": ["b"], "b": ["c"], "c": ["a"]}) == {("c", "a")}
