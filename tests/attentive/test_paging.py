"""A list of segments is whole, or an error."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deployer.attentive import Unreadable


def page(ids, cursor=None, *, more=None):
    """Write a page of the list as Attentive answers it."""
    entries = [{"externalId": one, "name": one, "description": ""} for one in ids]
    return {"segments": entries, "cursor": cursor, "hasMore": cursor is not None if more is None else more}


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sizes=st.lists(st.integers(1, 3), min_size=1, max_size=5))
def test_every_page_is_read(sizes, serve, connect, say):
    """However the list is cut into pages, it comes whole, in order, with one request a page."""
    ids = [[f"s{number}_{place}" for place in range(size)] for number, size in enumerate(sizes)]
    last = len(ids) - 1
    pages = [page(some, None if number == last else f"c/{number}+") for number, some in enumerate(ids)]
    server = serve(*[say(200, one) for one in pages])
    found = connect(server).segments()
    assert [one.external_id for one in found] == [one for some in ids for one in some]
    targets = [seen.target for seen in server.seen]
    expected = [f"/v2/segments?limit=1000&cursor=c%2F{number}%2B" for number in range(last)]
    assert targets == ["/v2/segments?limit=1000", *expected]


@pytest.mark.parametrize(
    "pages",
    [
        [page(["a"], "c1"), page(["b"], "c1")],
        [page(["a"], "c1"), page(["b"], "c2"), page(["c"], "c1")],
        [page(["a"], "c1"), page(["a"])],
        [page(["a", "a"])],
        [page(["a"], None, more=True)],
        [page(["a"], "", more=True)],
        [page([], "c1")],
    ],
    ids=["same cursor", "cursor circle", "same id", "same id on a page", "no cursor", "empty cursor", "empty page"],
)
def test_pages_that_make_no_list_are_unreadable(pages, serve, connect, say):
    """If pages repeat themselves or don't lead on, Unreadable is raised: the list is neither cut nor endless."""
    server = serve(*[say(200, one) for one in pages])
    with pytest.raises(Unreadable):
        connect(server).segments()
    assert len(server.seen) == len(pages)


def test_the_end_is_what_has_more_says(serve, connect, say):
    """If nothing more follows, a cursor that is there all the same isn't followed."""
    server = serve(say(200, page(["a"], "c1", more=False)))
    assert len(connect(server).segments()) == 1
    assert len(server.seen) == 1
