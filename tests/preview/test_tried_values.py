"""Values that someone tries in a message: filled in as a sample is, checked as an event is, written as YAML."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

import deployer
from deployer.contracts.payloads import check_properties
from deployer.kinds.event_type import EventType
from deployer.preview.previewer import preview
from deployer.preview.tried_values import TRIED
from deployer.views.pages.preview import tried_data

if TYPE_CHECKING:
    from deployer.preview.tried_values import ValuesTrial
    from deployer.preview.values import Preview

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "northwind"
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@pytest.fixture(scope="module")
def shown() -> Preview:
    """The example's preview."""
    return preview(deployer.load(EXAMPLE))


class Trial:
    """A text's trial, whose printed form is short: a failing example is shown with it."""

    def __init__(self, found: ValuesTrial) -> None:
        self.found = found

    def __repr__(self) -> str:
        return self.found.message.address


@pytest.fixture(scope="module")
def text(shown: Preview) -> Trial:
    """The trial of a text."""
    return Trial(shown.values["message.order_shipped_text"])


def test_a_sample_tried_is_the_sample_shown(shown: Preview) -> None:
    """The values of each sample give what the page shows of it, where nothing personal is masked."""
    compared = 0
    for view in shown.messages:
        for sample in view.samples:
            tried = shown.values[view.address].of_sample(sample.name)
            masked = any("*" in run.text for runs in sample.parts.values() for run in runs)
            if not masked:
                compared += 1
                assert (tried.sample.parts, tried.sample.counts) == (sample.parts, sample.counts), sample.name
                assert tried.macros == {one.name: one.values[sample.name] for one in view.macros}
    assert compared > 10


@settings(deadline=None, max_examples=40)
@given(
    data=st.dictionaries(st.sampled_from(["Order Id", "tracking_url", "delivery_date", "carrier", "other", ""]), JSON)
)
def test_any_values_are_answered(text: Trial, data: dict[str, Any]) -> None:
    """Whatever is typed: the problems are those of a payload, the gaps are what prints nothing, YAML gives it back."""
    trial = text.found
    tried = trial.tried(data)
    expected = [(one.message, one.hint) for one in check_properties(trial.event, trial.project, data)]
    assert [(one.message, one.hint) for one in tried.problems] == expected
    assert (tried.sample.name, tried.data) == (TRIED, data)
    holes = {run.macro for runs in tried.sample.parts.values() for run in runs if run.macro and not run.text.strip()}
    if not tried.sample.error:
        assert holes <= {f"triggerEvent.custom['{key}']" for key in tried.gaps}
    assert yaml.safe_load("\n".join(tried.lines)) == (data or None)


@pytest.mark.parametrize("value", [1e16, 1e-7, "\x85", "\x7f", "a\u2028b", "\ufeff", {"\x9f": [-1e22]}])
def test_unusual_values_are_written_for_every_reader(shown: Preview, value: Any) -> None:
    """A number with an exponent stays a number, and what YAML takes for the end of a line stays in its text."""
    tried = shown.values["message.order_shipped_text"].tried({"Order Id": value})
    assert yaml.safe_load("\n".join(tried.lines)) == {"Order Id": value}


def test_the_fields_are_those_of_the_event(shown: Preview) -> None:
    """Each property is a field with its definition, a shared one's too, and says whether it may be missing."""
    fields = {one.key: one for one in shown.values["message.order_shipped_text"].of_sample("happy").fields}
    project = deployer.load(EXAMPLE).linked().project
    event = project.find(EventType, "order_shipped")
    assert event is not None
    assert list(fields) == list(event.properties)
    assert fields["Order Id"].schema["maxLength"] == 12
    assert fields["carrier"].schema["enum"] == ["UPS", "FedEx", "USPS"]
    assert {key for key, one in fields.items() if one.optional} == {"carrier"}


@pytest.mark.parametrize(
    "given_",
    [{}, {"message": "message.other", "data": {}}, {"message": "message.order_shipped_text", "sample": "other"}],
)
def test_what_cannot_be_tried_says_why(shown: Preview, given_: dict[str, Any]) -> None:
    """A message or a sample that isn't there is refused with what to do."""
    with pytest.raises(deployer.UsageError, match=r"values can't be tried|there is no sample") as refused:
        tried_data(shown, given_)
    assert refused.value.hint
