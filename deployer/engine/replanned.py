"""A saved plan against the one that its apply makes again: what was edited is refused, what moved on is not.

From the same record and the same live objects the same plan is made, to the byte. Where either moved since, each
address of which the same is known as then (its fingerprint) has the same change as then, or none. What is done of the
others is what would be done now, too; what came up of them since is left for the next plan and named.
"""

from __future__ import annotations

import json
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from deployer.engine.plan_json import row_of
from deployer.kinds.base import GuardError
from deployer.source import canonical
from deployer.state.codec import to_json

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from deployer.engine.changes import Change
    from deployer.engine.live_now import LiveNow
    from deployer.engine.plan import Plan

_SHOWN = 60
"""Characters of a value in the sentence about a difference."""

_ABSENT = object()


def check_replanned(plan: Plan, again: Plan, live: LiveNow, declared: Collection[str]) -> tuple[Change, ...]:
    """The plan does what the one that was made ``again`` would do; raises ``GuardError`` with the first difference.

    Gives the changes that only the one that was made again has. ``declared`` are the addresses that every plan of this
    project has a fingerprint of.
    """
    difference = _edited(plan, again) if plan.seen == again.seen else _unfounded(plan, again, declared)
    if difference:
        raise edited(plan, difference)
    if plan.seen == again.seen:
        return ()
    done = [change for change in plan.changes if not (change.blocked or _moved_on(change, live))]
    if difference := _beyond(done, again.changes):
        raise changed_since(plan, difference)
    return _missing(plan, again)


def changed_since(plan: Plan, difference: str) -> GuardError:
    """The refusal of a plan that can't be made again, for a reason that may be an edit or a change elsewhere."""
    return _refusal(plan, "the plan was changed, or what it was made from was", difference)


def edited(plan: Plan, difference: str = "") -> GuardError:
    """The refusal of a plan that no planning can have made."""
    return _refusal(plan, "the plan was changed after `deployer plan --out` saved it", difference)


def _refusal(plan: Plan, cause: str, difference: str) -> GuardError:
    way = f"change the YAML instead and plan again: `deployer plan --env {plan.environment} --out FILE`"
    return GuardError("edited-plan", f"{cause}: {difference}" if difference else cause, way)


def _edited(plan: Plan, again: Plan) -> str:
    """The first difference of two whole plans, changes first; empty where they are the same."""
    saved, data = plan.to_json(), again.to_json()
    if canonical(saved) == canonical(data):
        return ""
    missing = (f"{change.address}: this change is missing" for change in _missing(plan, again))
    return _beyond(plan.changes, again.changes) or next(missing, "") or next(_within("the plan", saved, data))


def _unfounded(plan: Plan, again: Plan, declared: Collection[str]) -> str:
    """The first change, or lack of one, that differs although the same is known of its address; empty: none does."""
    if lost := sorted(set(declared) - set(plan.fingerprints)):
        return f"{lost[0]}: its fingerprint is missing"
    same = {address for address, known in again.fingerprints.items() if plan.fingerprints.get(address) == known}
    saved, made = ([change for change in one.changes if change.address in same] for one in (plan, again))
    missing = (change.address for change in made if _key(change) not in {_key(other) for other in saved})
    return _beyond(saved, made) or next((f"{address}: this change is missing" for address in missing), "")


def _missing(plan: Plan, again: Plan) -> tuple[Change, ...]:
    """The changes of the plan that was made again that the other one doesn't have."""
    keys = {_key(change) for change in plan.changes}
    return tuple(change for change in again.changes if _key(change) not in keys)


def _beyond(done: Sequence[Change], changes: Sequence[Change]) -> str:
    """The first thing that would be done and that a plan made now wouldn't do so; empty where there is none."""
    by_key = {_key(change): change for change in changes}
    for change in done:
        row, other = _row(change), _row(by_key.get(_key(change)))
        if other is None:
            return f"{change.address}: there is nothing to {change.action}"
        if canonical(row) != canonical(other):
            return next(_within(change.address, row, other))
    order = [_key(change) for change in done]
    kept = set(order)
    return "" if order == [key for key in by_key if key in kept] else "its changes are doubled, or in another order"


def _moved_on(change: Change, live: LiveNow) -> bool:
    """Whether the apply leaves it alone for what is at Attentive now, whatever it says."""
    return bool(live.moved(change)) or live.gone(change)


def _key(change: Change) -> tuple[str, str]:
    return change.address, type(change).__name__


def _row(change: Change | None) -> Any:
    """A change as the plan's file has it."""
    return None if change is None else to_json(row_of(change))


def _within(where: str, value: Any, other: Any, path: str = "") -> Iterator[str]:
    """The differences of two JSON values, each as a sentence with the way to it."""
    if isinstance(value, dict) and isinstance(other, dict):
        pairs = ((f"{path}.{key}", value.get(key, _ABSENT), other.get(key, _ABSENT)) for key in {**other, **value})
    elif isinstance(value, list) and isinstance(other, list):
        both = zip_longest(value, other, fillvalue=_ABSENT)
        pairs = ((f"{path}[{place}]", *values) for place, values in enumerate(both))
    else:
        if value is _ABSENT or other is _ABSENT or canonical(value) != canonical(other):
            yield f"{where}: `{path.removeprefix('.')}` is {_shown(value)} instead of {_shown(other)}"
        return
    for deeper, left, right in pairs:
        yield from _within(where, left, right, deeper)


def _shown(value: Any) -> str:
    text = "absent" if value is _ABSENT else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
