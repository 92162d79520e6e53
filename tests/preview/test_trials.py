"""Trials: what can be chosen for a journey, and that what follows is the simulation's answer and nothing else."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import deployer
from deployer.app.simulating import Scene, simulate_event
from deployer.errors import UsageError
from deployer.preview.every_choice import every_choice
from deployer.preview.previewer import preview
from deployer.preview.trials import MOST_STEPS
from deployer.simulation import Reason, Sent
from deployer.views.pages.preview import preview_data

if TYPE_CHECKING:
    from deployer.preview.values import Preview

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "northwind"
AGREED = {
    "both": {"text": ["transactional"], "email": ["transactional"]},
    "neither": {},
    "promotional": {"text": ["transactional", "marketing"], "email": ["transactional", "marketing"]},
}


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A copy of the example that a test may edit."""
    return Path(shutil.copytree(EXAMPLE, tmp_path / "shop"))


@pytest.fixture(scope="module")
def shown() -> Preview:
    """The example's preview."""
    return preview(deployer.load(EXAMPLE))


def edit(path: Path, before: str, after: str) -> None:
    """Replace words in a file."""
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after), encoding="utf-8")


@pytest.mark.parametrize("who", list(AGREED))
def test_what_follows_is_what_simulate_says(shown: Preview, who: str) -> None:
    """For every journey, sample and time the timeline is the one of `deployer simulate` for the same subscriber."""
    project = deployer.load(EXAMPLE).project()
    for trial in shown.trials.values():
        for sample in trial.samples:
            for moment in trial.moments:
                at = moment.at.isoformat(sep=" ")
                body = {"subscriptions": AGREED[who]}
                scene = Scene(datetime.now(UTC), sample=sample, at=at, subscriber=body, active=True)
                expected = simulate_event(project, f"journey.{trial.journey}", scene).timeline
                assert trial.offered(sample, moment.key, who).timeline == expected
                assert trial.at_any_time(sample, at, body).timeline == expected


def test_a_segment_and_a_variant_can_be_chosen(shop: Path) -> None:
    """A journey's own branches and A/B tests add the subscribers whom they tell apart, and those take that lane."""
    path = shop / "journeys" / "order_delivered.yaml"
    edit(path, "{ subscription: both }", "{ segment: testers }")
    found = preview(deployer.load(shop))
    branch = found.trials["journey.order_delivered"]
    assert [one.label for one in branch.people][-1] == "In “Internal testers”"
    sent = [one.step for one in branch.offered("happy", "noon", "segment:testers").timeline.sent]
    assert sent == ["delivered", "review"]
    test = found.trials["journey.out_for_delivery"]
    for name in ("short", "detailed"):
        assert [one.step for one in test.offered("happy", "noon", f"variant:copy_test:{name}").timeline.sent] == [name]


def test_the_night_is_in_quiet_hours(shown: Preview) -> None:
    """One of the times is in the project's own quiet hours, and says so."""
    trial = shown.trials["journey.order_shipped"]
    labels = {one.key: one.label for one in trial.moments}
    assert labels["night"].endswith("in quiet hours")
    assert "quiet" not in labels["noon"] + labels["weekend"]
    entries = trial.offered("happy", "night", "both").timeline.entries
    assert any("quiet hours" in one.because.words for one in entries)


def test_without_quiet_hours_there_is_no_such_night(shop: Path) -> None:
    """A project without quiet hours has no time to choose that is in them."""
    edit(shop / "deployer.yaml", "time_zone:", 'assumptions: {quiet_hours: ["00:00", "00:00"]}\ntime_zone:')
    trial = preview(deployer.load(shop)).trials["journey.order_shipped"]
    assert [one.key for one in trial.moments] == ["noon", "weekend"]


def test_who_opted_out_gets_nothing(shown: Preview) -> None:
    """The subscriber who opted out doesn't enter a journey of texts, and the reason is kept."""
    timeline = shown.trials["journey.order_shipped"].offered("happy", "noon", "neither").timeline
    assert not list(timeline.sent)
    assert Reason.NOT_SUBSCRIBED in {one.because.reason for one in timeline.entries}


def test_a_broken_message_takes_its_own_journey_only(shop: Path) -> None:
    """A message that can't be shown leaves every other journey's trial."""
    before = preview(deployer.load(shop)).trials.keys()
    edit(shop / "messages" / "parcels.yaml", "is on its way", "{% if %} is on its way")
    assert before - preview(deployer.load(shop)).trials.keys() == {"journey.order_shipped"}


def test_a_journey_without_end_has_nothing_to_try(shop: Path) -> None:
    """A journey of so many steps that its choices would fill no page is drawn like any other, and isn't tried."""
    path = shop / "journeys" / "delivery_delayed.yaml"
    waits = "".join(f"  - {{ id: wait{number}, wait: {{ for: 1 days }} }}\n" for number in range(MOST_STEPS))
    for steps in (waits.rpartition("  - ")[0], waits):
        edit(path, "steps:\n", f"steps:\n{steps}")
        look = preview(deployer.load(shop))
        assert ("journey.delivery_delayed" in look.trials) == (steps is not waits)
        assert "journey.delivery_delayed" in [one.address for one in look.journeys]
        edit(path, f"steps:\n{steps}", "steps:\n")


def test_the_page_has_every_choice_once(shown: Preview) -> None:
    """The page's timelines, in the order of the choices, say what the trial says; equal ones are kept once."""
    data = json.loads(json.dumps(preview_data(shown)))["trials"]
    for address, trial in shown.trials.items():
        one = data[address]
        choices = list(trial.choices())
        assert len(one["index"]) == len(choices)
        for number, (sample, moment, person) in zip(one["index"], choices, strict=True):
            rows = one["timelines"][number]["rows"]
            played = trial.offered(sample, moment.key, person.key).timeline
            kinds = [one["entries"][row]["kind"] for row in rows[1::2]]
            assert kinds.count("sent") == len(list(played.sent))
            assert len(kinds) == len(played.entries)
        assert len({json.dumps(found) for found in one["timelines"]}) == len(one["timelines"])


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        ("deployer.yaml", "time_zone:", "time_zone:"),
        ("messages/delivered.yaml", "has arrived", "has arrived on {{ 'now' | date: '%B %d' }}"),
        ("messages/delivered.yaml", "has arrived", "has arrived, {{subscriber.firstName}}"),
        ("properties/orders.yaml", "pii: false", "pii: true"),
        ("deployer.yaml", "time_zone:", "prices: { currency: USD, segment: 0.01, mms: 0.03 }\ntime_zone:"),
        ("deployer.yaml", "time_zone:", "assumptions: { texts_with_gaps: not_sent }\ntime_zone:"),
    ],
)
def test_samples_that_share_a_way_get_what_each_gets_alone(shop: Path, path: str, before: str, after: str) -> None:
    """All choices together are what each of them is alone: with gaps, prices, hidden values, words of the moment."""
    edit(shop / path, before, after)
    for trial in preview(deployer.load(shop)).trials.values():
        alone = [(sample, trial.offered(sample, moment.key, person.key)) for sample, moment, person in trial.choices()]
        assert list(every_choice(trial)) == alone


def test_words_that_name_the_time_are_those_of_that_time(shop: Path) -> None:
    """A message with the date in it reads what the virtual clock shows; every other has its words with the message."""
    edit(shop / "messages" / "delivered.yaml", "has arrived", "has arrived on {{ 'now' | date: '%B %d' }}")
    one = preview_data(preview(deployer.load(shop)))["trials"]["journey.order_delivered"]
    reads = {entry["reads"] for entry in one["entries"] if entry.get("message") == "message.delivered_email"}
    assert any("on May 13" in text for text in reads)
    assert any("on May 16" in text for text in reads)
    assert not [
        entry for entry in one["entries"] if entry.get("reads") and entry["message"] != "message.delivered_email"
    ]


def test_personal_data_stays_masked(shop: Path) -> None:
    """What is personal in a sample is counted as it is, and shown as asterisks, where the words name the time too."""
    path = shop / "messages" / "parcels.yaml"
    edit(path, "is on its way", "is on its way on {{ 'now' | date: '%B %d' }}")
    edit(shop / "properties" / "orders.yaml", "pii: false", "pii: true")
    found = preview(deployer.load(shop))
    assert "54321 is on its way" not in json.dumps(preview_data(found)["trials"])
    (sent,) = found.trials["journey.order_shipped"].offered("happy", "noon", "both").timeline.sent
    assert isinstance(sent, Sent)
    assert "54321" in sent.reads["body"]


@pytest.mark.parametrize(
    ("sample", "at", "zone", "words"),
    [
        ("nowhere", "2026-05-13 12:00", "America/New_York", "no sample"),
        ("happy", "tomorrow", "America/New_York", "not a time"),
        ("happy", "3 days", "America/New_York", "not a time"),
        ("happy", "2026-03-08 02:30", "America/New_York", "no clock"),
        ("happy", "2026-05-13 12:00", "Europe/Nowhere", "not a time zone"),
    ],
)
def test_what_cannot_be_tried_says_why(shown: Preview, sample: str, at: str, zone: str, words: str) -> None:
    """A sample, a time or a zone that there isn't is refused with what to do."""
    with pytest.raises(UsageError, match=words):
        shown.trials["journey.order_shipped"].at_any_time(sample, at, {"time_zone": zone})
