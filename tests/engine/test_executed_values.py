"""What the record learns from each change and keeps of others: records written out, and what a run leaves in them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast

import pytest

from deployer.engine.changes import Action, ApiChange, FieldChange, PersonChange, Reason, RecordChange
from deployer.engine.executor import Executor
from deployer.engine.ledger import Ledger
from deployer.source.secret import Sealer
from deployer.state import Confirmation, Effect, Entry, Intent, State, TaskRecord
from deployer.state.model import Archived

if TYPE_CHECKING:
    from deployer.kinds.base import Session

URL = "https://hooks.northwind.example/1"
FIELDS = {"app": "orders", "url": URL, "events": ["sms.sent"]}
HOOK = Entry("Webhook", "api", id="7", app="orders", fields=FIELDS)
LATER = datetime(2026, 5, 10, 12, tzinfo=UTC)


@dataclass
class Memory:
    """A backend and a journal in memory; ``during`` runs while a state is stored."""

    location: str = "memory"
    stored: list[State] = field(default_factory=list)
    cleared: int = 0
    during: Any = None

    def write(self, state: State, *, expected_serial: int) -> State:
        """Store a state under the next serial."""
        if self.during is not None:
            self.during()
        self.stored.append(replace(state, serial=expected_serial + 1))
        return self.stored[-1]

    def begin(self, state: State, meanwhile: Any = None) -> None:
        """Begin a journal."""

    def record(self, address: str, entry: Entry | None, *, version: int) -> None:
        """Keep a line."""

    def clear(self) -> None:
        """End the journal."""
        self.cleared += 1


class Clock:
    """A session that knows the time and has no client: what would call Attentive fails."""

    def now(self) -> datetime:
        """Some time."""
        return LATER


def ledger(entries: dict[str, Entry], memory: Memory | None = None, **more: Any) -> Ledger:
    """A ledger of these records that has begun."""
    memory = memory or Memory()
    state = State("production", "lineage", entries=entries, **more)
    opened = Ledger(cast("Any", memory), cast("Any", memory), state, lambda stamped: stamped)
    opened.open(recovered=False)
    return opened


def executor(record: Ledger, **environ: str) -> Executor:
    """What does changes without a way to Attentive."""
    return Executor(cast("Session", Clock()), record, environ)


def task(key: str, **more: Any) -> TaskRecord:
    """A task of the journey `a`."""
    return TaskRecord(f"journey.a/{key}", key, key, key, {"text": "x"}, None, Effect.DRAFT, **more)


def create(address: str = "webhook.a") -> ApiChange:
    """The creation of a webhook."""
    return ApiChange(
        address=address, kind="Webhook", action=Action.CREATE, reason=Reason.NEW, wanted=FIELDS, app="orders"
    )


def requests(*tasks: TaskRecord, **more: Any) -> PersonChange:
    """A change of the journey `a` that requests these tasks."""
    return PersonChange(
        address="journey.a", kind="Journey", action=Action.UPDATE, reason=Reason.CHANGED, tasks=tasks, **more
    )


def test_a_create_that_is_begun_says_of_which_app() -> None:
    """A lost answer is looked up with the key of the app that sent it."""
    record = ledger({})
    assert executor(record).intend(create())
    begun = record.entry("webhook.a")
    assert begun is not None
    assert (begun.app, begun.intent) == ("orders", Intent("create", FIELDS))


def test_a_lost_create_stays_one_where_the_next_attempt_is_not_sent() -> None:
    """An intent of an earlier run says that an answer was lost: taking back this run's create doesn't end it."""
    lost = Entry("Webhook", "api", app="orders", intent=Intent("create", FIELDS))
    record = ledger({"webhook.a": lost})
    run = executor(record)
    run.intend(create("webhook.a"))
    run.intend(create("webhook.b"))
    run.retract(create("webhook.a"))
    run.retract(create("webhook.b"))
    assert record.entry("webhook.b") is None
    kept = record.entry("webhook.a")
    assert kept is not None
    assert kept.intent is not None


def test_a_create_that_is_taken_back_keeps_the_tasks() -> None:
    """Tasks of an address stay recorded where the create of it isn't sent after all."""
    record = ledger({"webhook.a": Entry("Webhook", "person", tasks={"t": task("t")})})
    run = executor(record)
    run.intend(create())
    run.retract(create())
    kept = record.entry("webhook.a")
    assert kept is not None
    assert (kept.intent, [*kept.tasks]) == (None, ["t"])


def test_a_repeated_task_keeps_its_time_and_what_it_uses() -> None:
    """A task keeps the time at which it was first requested, and what people still use stays a dependency."""
    before = Entry("Journey", "person", depends_on=("webhook.old",), tasks={"t": task("t", asked_at="2026-05-01")})
    record = ledger({"journey.a": before})
    change = requests(task("t", asked_at="2026-05-01"), task("u"), depends_on=("webhook.new",))
    executor(record).execute(change)
    after = record.entry("journey.a")
    assert after is not None
    assert after.depends_on == ("webhook.new", "webhook.old")
    assert {token: one.asked_at for token, one in after.tasks.items()} == {"t": "2026-05-01", "u": LATER.isoformat()}


@pytest.mark.parametrize("ends", [False, True])
def test_a_stop_ends_only_with_the_change_that_says_so(ends: bool) -> None:
    """Tasks that are requested while something is stopped leave it stopped."""
    stopped = Confirmation(by="ana", at="2026-05-01", how="stopped")
    record = ledger({"journey.a": Entry("Journey", "person", stopped=stopped)})
    fields = (FieldChange("stopped", "2026-05-01", None),) if ends else ()
    executor(record).execute(requests(task("t"), fields=fields))
    after = record.entry("journey.a")
    assert after is not None
    assert (after.stopped is None) is ends


def test_adopting_what_is_as_wanted_sends_nothing() -> None:
    """Only the record learns of it: its tasks end, those that had ended stay so, and only what it uses is kept."""
    tasks = {"open": task("open"), "old": task("old", superseded=True)}
    record = ledger({"webhook.a": Entry("Webhook", "person", tasks=tasks)})
    change = ApiChange(
        address="webhook.a",
        kind="Webhook",
        action=Action.ADOPT,
        reason=Reason.ADOPTED,
        wanted=FIELDS,
        before=FIELDS,
        id="7",
        app="orders",
        depends_on=("event_type.used", "webhook.z"),
        released_by=("webhook.z",),
    )
    executor(record).execute(change)
    after = record.entry("webhook.a")
    assert after is not None
    assert (after.id, after.app, after.by, after.fields) == ("7", "orders", "api", FIELDS)
    assert after.depends_on == ("event_type.used",)
    assert [one.superseded for one in after.tasks.values()] == [True, True]


def test_a_secret_is_recorded_under_its_present_name() -> None:
    """If only its protection changes, a resource's secret is recorded by the variable that the YAML names now."""
    old = Sealer("lineage", {"OLD": URL}).wanted({"url": {"$env": "OLD"}})
    record = ledger({"webhook.a": replace(HOOK, fields={**FIELDS, **old})})
    change = RecordChange(
        address="webhook.a",
        kind="Webhook",
        reason=Reason.PROTECT,
        fields=(FieldChange("protect", False, True),),
        wanted={"app": "loyalty", "url": {"$env": "NEW"}},
        protect=True,
        id="7",
    )
    executor(record, NEW=URL).execute(change)
    after = record.entry("webhook.a")
    assert after is not None
    assert after.protect
    assert after.fields == {**FIELDS, "url": {"$secret": "NEW", "hash": old["url"]["hash"]}}


def test_an_archived_id_is_of_its_kind() -> None:
    """Archiving an object forgets no archived object of another kind with the same id, and doubles none of its own."""
    before = (Archived("Segment", "same", "2026-05-01"), Archived("Webhook", "same", "2026-05-02"))
    record = ledger({}, archived=before)
    record.archive("Segment", "same", "2026-05-03")
    assert sorted(record.state.archived, key=lambda one: one.kind) == [
        Archived("Segment", "same", "2026-05-03"),
        Archived("Webhook", "same", "2026-05-02"),
    ]


def test_what_is_archived_while_the_record_is_stored_is_kept() -> None:
    """It is in the state that is stored next."""
    memory = Memory()
    record = ledger({"webhook.a": HOOK}, memory)
    memory.during = lambda: record.archive("Segment", "testers", "2026-05-03")
    record.amend("webhook.a", lambda entry: entry)
    record.save()
    assert [one.id for one in record.state.archived] == ["testers"]
    memory.during = None
    record.save()
    assert [one.id for one in memory.stored[-1].archived] == ["testers"]


def test_what_is_pending_ends_with_a_save() -> None:
    """A record is stored now and then by how much was recorded since the last time, not since the run began."""
    record = ledger({"webhook.a": HOOK})
    record.amend("webhook.a", lambda entry: entry)
    record.amend("webhook.a", lambda entry: entry)
    assert record.pending == 2
    record.save()
    assert (record.pending, record.unsaved) == (0, False)


def test_a_journal_ends_only_with_a_stored_record() -> None:
    """While something isn't stored, closing leaves the journal that has it."""
    memory = Memory()
    record = ledger({"webhook.a": HOOK}, memory)
    record.amend("webhook.a", lambda entry: entry, written=True)
    record.close()
    assert memory.cleared == 0
    record.save()
    record.close()
    assert memory.cleared == 1


def test_what_could_not_be_stored_is_unsaved() -> None:
    """Also where storing it was interrupted: the journal stays, since no one knows what is stored."""
    memory = Memory()
    record = ledger({"webhook.a": HOOK}, memory)
    record.amend("webhook.a", lambda entry: entry)

    def interrupted() -> None:
        raise KeyboardInterrupt

    memory.during = interrupted
    with pytest.raises(KeyboardInterrupt):
        record.save()
    assert record.unsaved
    record.close()
    assert memory.cleared == 0


def test_only_others_mention_an_address_and_only_while_they_do() -> None:
    """An address isn't among those that speak of it, and one that no longer does isn't either."""
    user = replace(HOOK, depends_on=("segment.s",))
    own = Entry("Journey", "person", tasks={"t": task("t", needs=("journey.a/u",))})
    record = ledger({"webhook.a": user, "webhook.b": user, "webhook.c": user, "journey.a": own})
    assert record.mentioning("segment.s") == ("webhook.a", "webhook.b", "webhook.c")
    assert record.mentioning("journey.a") == ()
    record.amend("webhook.b", lambda _: HOOK)
    record.amend("webhook.c", lambda _: None)
    assert record.mentioning("segment.s") == ("webhook.a",)
