"""Confirmations in any order, late, superseded, reverted, from two machines: the record tells what was done."""

from __future__ import annotations

import os
import threading
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

import deployer
from deployer.engine.confirm import ConfirmError
from deployer.kinds.base import GuardError
from deployer.state import LockedError, TaskStatus

EXAMPLES = int(os.environ.get("DEPLOYER_EXAMPLES", "15"))
TEXTS = ("It left.", "It is on its way.", "Order {{triggerEvent.custom['Order Id']}} left.")


def programme(make, text, status):
    """A journey that sends one text, and what it needs."""
    return [
        make.event("order_shipped", ["Order Id"]),
        make.text("shipped_text", text),
        make.opt_in(),
        make.journey("shipped_text", opt_in=["checkout"], status=status),
    ]


def existing(trial):
    """What stands at Attentive by people's work, as far as is recorded.

    A design comes before what it designs: a shop that confirmed the opt-in as live is not asked for one afterwards.
    """
    people = {address: entry.existing for address, entry in trial.state().entries.items() if entry.by == "person"}
    return {
        address: {slot: value for slot, value in slots.items() if slot != "design"} for address, slots in people.items()
    }


def settle(trial):
    """Apply and confirm until nothing is left to do."""
    for _ in range(3):
        assert not trial.apply().failed
        trial.confirm_all()
        if trial.plan().empty:
            return
    raise AssertionError(trial.plan().changes)


class Programme(RuleBasedStateMachine):
    """A team with two machines: it changes the YAML, applies, and confirms whatever was ever asked."""

    def __init__(self, trials, make, figures):
        super().__init__()
        self.make, self.figures, self.trials = make, figures, trials
        first = trials()
        other = replace(first, root=first.root.with_name(f"{first.root.name}-other"))
        first.settings["environments"]["production"]["state"] = "file:.shared/production.json"
        (first.root / ".shared").mkdir(parents=True)
        other.root.mkdir()
        (other.root / ".shared").symlink_to(first.root / ".shared")  # a disk that both machines have
        self.machines = (first, other)
        self.declared = (TEXTS[0], "active")
        self.done = set()

    @rule(text=st.sampled_from(TEXTS), status=st.sampled_from(["active", "active", "inactive"]))
    def change(self, text, status):
        """Somebody merges another text, or turns the journey off in the YAML."""
        self.declared = (text, status)

    @rule(machine=st.integers(0, 1))
    def apply(self, machine):
        """A machine applies what is declared."""
        trial = self.machines[machine]
        trial.resources = programme(self.make, *self.declared)
        assert not trial.apply().failed

    @precondition(lambda self: self.machines[0].state().entries)
    @rule(machine=st.integers(0, 1), data=st.data())
    def confirm(self, machine, data):
        """A person says on a machine that something is done which was asked at some time, in any order."""
        state = self.machines[0].state()
        known = sorted({token for entry in state.entries.values() for token in entry.tasks})
        if not known:
            return
        token = data.draw(st.sampled_from(known))
        refused = ""
        try:
            self.machines[machine].confirm(token)
        except ConfirmError as error:
            refused = error.message
        seen = self.machines[1 - machine].state()
        self.figures["confirmations in any order"] += 1
        self.figures["confirmations lost"] += not refused and seen.task(token).status is not TaskStatus.DONE
        assert self.figures["confirmations lost"] == 0
        if refused:
            assert "needs these confirmed first" in refused
            assert seen == state

    def teardown(self):
        """In the end what stands is what a shop has that was built so at once."""
        for machine in self.machines:
            machine.resources = programme(self.make, self.declared[0], "active")
        settle(self.machines[1])
        assert self.machines[0].plan().empty
        fresh = self.trials()
        fresh.resources = self.machines[0].resources
        settle(fresh)
        assert existing(self.machines[0]) == existing(fresh)
        self.figures["histories of confirmations settled"] += 1


def test_any_history_of_changes_and_confirmations(trials, make, figures):
    """Whatever is changed, applied and confirmed, early or late, on two machines: nothing that was said is lost."""
    chosen = settings(
        max_examples=EXAMPLES, stateful_step_count=15, deadline=None, suppress_health_check=list(HealthCheck)
    )
    run_state_machine_as_test(lambda: Programme(trials, make, figures), settings=chosen)


@pytest.fixture
def two_machines(trial, make, repository, tmp_path):
    """Two clones of one repository whose record is on its branch; everything is applied, nothing confirmed."""
    remote = repository(tmp_path)
    made = []
    for name in ("ana", "ben"):
        make.git(tmp_path, "clone", "--quiet", f"file://{remote}", str(tmp_path / name))
        made.append(replace(trial, root=tmp_path / name))
    trial.settings["environments"]["production"]["state"] = "git"
    for one in made:
        one.resources = programme(make, TEXTS[0], "active")
    assert not made[0].apply().failed
    return made


def at_once(*actions):
    """Do things side by side; what each raised, or None."""
    errors = [None] * len(actions)
    barrier = threading.Barrier(len(actions))

    def run(number):
        barrier.wait()
        try:
            actions[number]()
        except Exception as error:  # noqa: BLE001 - handed to the test
            errors[number] = error

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(actions))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return errors


def confirming(trial, make, *tokens):
    """Confirm as the command line does: waiting for another one's lock."""
    return lambda: deployer.confirm(trial.backend, "production", tokens, make.said(), lock_timeout=120)


def open_tokens(trial):
    """The tokens that may be confirmed, by task."""
    return {task.id: task.token for task in trial.state().open_tasks() if task.confirmable}


def test_two_people_confirm_different_tasks_at_the_same_time(two_machines, make, figures):
    """If two clones confirm different tasks at once, both are recorded, whoever came first."""
    ana, ben = two_machines
    tokens = open_tokens(ana)
    placed, made = tokens["opt_in_source.checkout/place"], tokens["journey.order_shipped/create"]
    assert at_once(confirming(ana, make, placed), confirming(ben, make, made)) == [None, None]
    for machine in two_machines:
        assert {machine.state().task(token).status for token in (placed, made)} == {TaskStatus.DONE}
    figures["confirmations from two machines at once"] += 2


def test_two_people_confirm_the_same_task_at_the_same_time(two_machines, make, figures):
    """If two clones confirm the same task at once, it is done, and neither is told of an error."""
    ana, ben = two_machines
    token = open_tokens(ana)["journey.order_shipped/create"]
    assert at_once(confirming(ana, make, token), confirming(ben, make, token)) == [None, None]
    assert ana.state().task(token).status is TaskStatus.DONE
    assert ana.state() == ben.state()
    figures["confirmations from two machines at once"] += 2


def test_one_applies_while_the_other_confirms(two_machines, make, figures):
    """If a confirmation comes while an apply runs elsewhere, it is refused and names that run; afterwards it counts."""
    ana, ben = two_machines
    token = open_tokens(ben)["journey.order_shipped/create"]
    for machine in two_machines:
        machine.resources = [*programme(make, TEXTS[1], "active"), make.hook("receipts", "a")]
    told = []

    def meanwhile(request):
        if request.method == "POST":
            with pytest.raises(LockedError) as caught:
                deployer.confirm(ben.backend, "production", [token], make.said(), lock_timeout=0)
            told.append(caught.value)

    with ana.connect(before=meanwhile) as connection:
        assert not deployer.apply(connection, deployer.plan(connection)).failed
    assert [one.holder.operation for one in told] == ["apply"]
    confirming(ben, make, token)()
    assert ana.state().task(token).status is TaskStatus.DONE
    assert set(ana.state().entries) >= {"webhook.receipts", "journey.order_shipped"}
    settle(ben)
    assert ana.plan().empty
    figures["confirmations refused while an apply ran"] += len(told)


def test_a_plan_from_before_a_confirmation_elsewhere(two_machines, make):
    """If a task of the same address was confirmed elsewhere since a plan was saved, the plan is refused as stale."""
    ana, ben = two_machines
    ana.resources = programme(make, TEXTS[1], "active")
    plan = ana.plan()
    ben.confirm(open_tokens(ben)["journey.order_shipped/create"])
    with pytest.raises(GuardError, match="changed since the plan was made"):
        ana.apply(plan)
    assert not ana.apply().failed
