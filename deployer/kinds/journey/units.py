"""A journey taken apart into what a person brings about in the journey builder, one unit a task.

The journey's trigger and category are fixed when it is created; an edit makes a draft that takes effect only when it is
turned on (help center, "Journey version management"); edited transactional text is reviewed by Attentive before it can
be activated ("Send transactional emails with Attentive").
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, assert_never

from deployer.kinds.base import Fields, Scope, Unit
from deployer.kinds.channels import all_parts, facts
from deployer.kinds.event_type import EventType, sent_by_us
from deployer.kinds.journey.expect import expectations
from deployer.kinds.journey.model import BranchStep, Journey, Placed, SendStep, SplitStep, WaitStep, walk
from deployer.kinds.journey.naming import StepName, names, noun
from deployer.kinds.lazy import LazyFields
from deployer.kinds.message import Message, composer_values, estimate
from deployer.kinds.segment import Segment
from deployer.source import digest, digest_of_letters
from deployer.state.tasks import Effect

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from deployer.kinds.channels import Channel
    from deployer.kinds.journey.model import Step

FIXED = ("category", "trigger", "app")
"""What can't be changed on a journey that exists."""

COPIED = tuple(all_parts())
"""What a person can copy out of Attentive's composer, by its key in a unit's value."""

LIMIT = "limit"
"""Where a task's context keeps the most segments that its text may have."""

STEP_KEYS = ("send.", "wait.", "branch.", "ab_test.")

AFTER = ("turn_on", "verify")
"""What comes after building, and is no part of what is built."""

FORMER = "former."
"""Where the record keeps a journey that a new one replaced, with its status."""


def units(journey: Journey, scope: Scope, existing: Fields) -> tuple[Unit, ...]:
    """Everything that should exist for a journey, given what exists."""
    if journey.status == "inactive":
        return off(existing)
    create = _created(journey, scope)
    old: Mapping[str, Any] = existing.get("create") or {}
    new_object = bool(old) and any(old.get(field) != create[field] for field in FIXED)
    formers = _formers(existing, new_object=new_object)
    steps = tuple(walk(journey))
    values = [_step_value(placed.step, scope) for placed in steps]
    by_key = {placed.step.key: value for placed, value in zip(steps, values, strict=True)}
    called = names(steps, {} if new_object else existing, lambda step: by_key[step.key])
    build = [_create_unit(journey, scope, create, formers, old, new_object=new_object)]
    build += [
        unit
        for placed, value in zip(steps, values, strict=True)
        for unit in _placed_units(journey, placed.step, scope, called[placed.step.key], value, new_object=new_object)
    ]
    build += [] if new_object else list(_gone(build, existing))
    build += _arranged(steps, build, called, existing, new_object=new_object)
    if journey.status == "draft":
        return (*build, *(_turn_off_formers(formers) if new_object else off(existing)))
    return (*build, *_published(journey, scope, build, called, new_object=new_object), *_turn_off_formers(formers))


def removal(existing: Fields) -> tuple[Unit, ...]:
    """Turn off a journey that is no longer declared; its record ends with it."""
    name = existing.get("create", {}).get("name", "")
    title = f"Turn off “{name}”, which is no longer declared"
    formers = sorted(former["name"] for former in _formers(existing, new_object=False).values())
    value = {"status": "inactive", "name": name, **({"formers": formers} if formers else {})}
    return (Unit("retire", title, value, effect=Effect.RETIRE),)


def off(existing: Fields) -> tuple[Unit, ...]:
    """A journey declared inactive: turned off if it runs; what else changed is asked when it is to run again."""
    formers = _turn_off_formers(_formers(existing, new_object=False))
    if existing.get("turn_on", {}).get("status") != "active":
        return formers
    name = existing.get("create", {}).get("name", "")
    context = {"name": name}
    return (
        Unit("turn_off", f"Turn off “{name}”", {"status": "inactive"}, Effect.LIVE, slot="turn_on", context=context),
        *formers,
    )


def _created(journey: Journey, scope: Scope) -> dict[str, Any]:
    event = scope.find(EventType, journey.trigger)
    trigger, app = (event.name, event.app) if event else (journey.trigger, "")
    return {"name": journey.name, "category": journey.category, "trigger": trigger, "app": app}


def _create_unit(
    journey: Journey, scope: Scope, create: Fields, formers: Fields, old: Fields, *, new_object: bool
) -> Unit:
    event = scope.find(EventType, journey.trigger)
    title = (
        f"Rename “{old['name']}” to “{journey.name}”"
        if old and not new_object
        else f"Create {'a new' if new_object else 'the'} journey “{journey.name}”"
    )
    return Unit(
        "create",
        title,
        create,
        effect=Effect.RESTART if new_object else Effect.DRAFT,
        new_object=new_object,
        begins=not old or new_object,
        needs=_first_event(event, scope),
        snapshot=formers if new_object else None,
        context={
            "macros": sorted(event.properties) if event else [],
            "opt_in": list(journey.opt_in),
            "app_name": scope.app_name(event.app) if event else "",
        },
    )


def _first_event(event: EventType | None, scope: Scope) -> tuple[str, ...]:
    """The task that has someone else send the event with every key: what reads a key comes after it."""
    return (f"{event.address}/first_event",) if event and not sent_by_us(event, scope) else ()


def _step_value(step: Step, scope: Scope) -> dict[str, Any]:
    """What a person sets in the step."""
    if not isinstance(step, SendStep):
        return _rule(step, scope)
    message = scope.find(Message, step.message)
    values = composer_values(message, scope) if message else {}
    toggles = {"quiet_hours": step.quiet_hours, "smart_sending": step.smart_sending}
    return {"channel": step.channel.value, **values, **toggles}


def _placed_units(
    journey: Journey, step: Step, scope: Scope, name: StepName, value: Fields, *, new_object: bool
) -> Iterator[Unit]:
    context: dict[str, Any] = {"journey": journey.name, "where": name.where, "name": name.full}
    if isinstance(step, SendStep):
        yield from _send_units(journey, step, scope, name, value, context, new_object=new_object)
    else:
        yield Unit(step.key, name.task, value, new_object=new_object, needs=("create",), context=context)


def _send_units(
    journey: Journey, step: SendStep, scope: Scope, name: StepName, value: Fields, context: Fields, *, new_object: bool
) -> Iterator[Unit]:
    message = scope.find(Message, step.message)
    event = scope.find(EventType, message.event) if message else None
    base = Unit(
        step.key,
        name.task,
        value,
        new_object=new_object,
        needs=("create", *_first_event(event, scope)),
        context=_step_context(message, scope, {**context, "message": step.message}),
        source=f"message.{step.message}",
        composer=value.get(_pasted(step.channel), ""),
        texts={part: value[part] for part in COPIED if part in value},
    )
    yield base
    if facts(step.channel).review and journey.category == "transactional":
        text = {part.field: value.get(part.field, "") for part in facts(step.channel).parts}
        title = f"Have Attentive review the {noun(step.key, value)}"
        about: dict[str, Any] = {"title": title, "value": text, "needs": (step.key,)}
        yield replace(base, key=f"review.{step.id}", effect=Effect.LIVE, review=True, **about)


def _pasted(channel: Channel) -> str:
    """The field of a task that is pasted as a whole."""
    return next(part.field for part in facts(channel).parts if part.name == facts(channel).pasted)


def _step_context(message: Message | None, scope: Scope, context: Fields) -> Fields:
    """What the instructions of a step tell; of a text also the fewest and the most segments that it may have.

    What the composer shows is held against them. They are counted when they are looked at: the words are composed.
    """
    if message is None or not facts(message.channel).segments:
        return context
    limit = {} if message.max_segments is None else {LIMIT: message.max_segments}
    return LazyFields(lambda: {**context, "estimate": list(estimate(message, scope)), **limit})


def _rule(step: WaitStep | BranchStep | SplitStep, scope: Scope) -> dict[str, Any]:
    if isinstance(step, WaitStep):
        limits = {"between": list(step.between), "days": list(step.days)}
        return {"for": step.duration, **{k: v for k, v in limits.items() if v}}
    if isinstance(step, BranchStep):
        return {"cases": [_condition(lane.condition, scope) for lane in step.lanes if lane.condition]}
    if isinstance(step, SplitStep):
        return {"variants": [{"name": lane.name, "share": lane.share} for lane in step.lanes]}
    assert_never(step)


def _condition(when: Mapping[str, Any], scope: Scope) -> dict[str, Any]:
    """The condition in Attentive's words: a segment by its name there."""
    if "segment" in when:
        segment = scope.find(Segment, when["segment"])
        return {"segment": segment.name if segment else when["segment"]}
    return dict(when)


def _gone(build: list[Unit], existing: Fields) -> Iterator[Unit]:
    """Steps that are in the builder but are no longer declared."""
    wanted = {unit.settles for unit in build}
    for slot in sorted(existing):
        if slot.startswith(STEP_KEYS) and slot not in wanted:
            name = noun(slot, existing[slot])
            yield Unit(slot, f"Take out the {name}", None, needs=("create",), context={"name": name})


def _arranged(
    steps: Sequence[Placed], build: list[Unit], called: Mapping[str, StepName], existing: Fields, *, new_object: bool
) -> list[Unit]:
    """The order of the steps, asked about where there is more than one."""
    outline = [" > ".join([*placed.lanes, placed.step.key]) for placed in steps]
    if len(outline) < 2:  # noqa: PLR2004 - one step has no order
        return []
    needs = tuple(unit.key for unit in build if unit.effect is Effect.DRAFT)
    names_in_order = [called[placed.step.key] for placed in steps]
    context = {"canvas": [" > ".join([*name.lanes, name.noun]) for name in names_in_order]}
    new = any(placed.step.key not in existing for placed in steps)  # it may come to any place
    value, title = {"outline": outline}, "Check the order of the steps"
    about: dict[str, Any] = {"new_object": new_object, "needs": needs, "context": context}
    return [Unit("arrange", title, value, again=new, lasting=True, **about)]


def _published(
    journey: Journey, scope: Scope, build: list[Unit], called: Mapping[str, StepName], *, new_object: bool
) -> tuple[Unit, Unit]:
    """Turning on, which makes the draft live, and the proof on a phone."""
    shall_be: dict[str, Any] = {unit.settles: unit.value for unit in build if unit.value is not None}
    revision = _revision(shall_be)
    value = {"status": "active", "re_entry": journey.cooldown, "revision": revision}
    on = Unit(
        "turn_on",
        f"Turn on “{journey.name}”",
        value,
        effect=Effect.PUBLISH,
        snapshot=shall_be,
        new_object=new_object,
        hidden=("revision",),
        needs=tuple(unit.key for unit in build),
        context={"name": journey.name},
    )
    expected = expectations(journey, scope, called, shall_be)
    title = f"See that the test contact gets “{journey.name}”"
    proof = {"revision": revision}
    details: dict[str, Any] = {"context": expected, "hidden": ("revision",), "proof": True}
    verify = Unit("verify", title, proof, Effect.LIVE, new_object=new_object, needs=("turn_on",), **details)
    return on, verify


def _revision(built: Fields) -> str:
    """The short name of a version: a digest of everything that is built."""
    return digest_of_letters(built)[:12]


def observed(live: Fields) -> dict[str, Any]:
    """What is live after someone saw a change in it: the version that runs is the one that was seen.

    A journey's API shows no version, so ours is a digest of what is built. A proof of another version is dropped.
    """
    data = dict(live)
    on = data.get("turn_on", {})
    if on.get("status") != "active":
        return data
    built = {slot: value for slot, value in data.items() if slot not in AFTER and not slot.startswith(FORMER)}
    data["turn_on"] = {**on, "revision": _revision(built)}
    if data.get("verify", {}).get("revision") != data["turn_on"]["revision"]:
        data.pop("verify", None)
    return data


def _formers(existing: Fields, *, new_object: bool) -> dict[str, dict[str, Any]]:
    """The journeys that were replaced by a new one and still run, by slot; with ``new_object`` the present one too."""
    formers = {slot: dict(value) for slot, value in existing.items() if slot.startswith(FORMER)}
    if new_object:
        former = {**existing["create"], "status": existing.get("turn_on", {}).get("status", "draft")}
        formers[FORMER + digest(former)[:6]] = former
    return {slot: former for slot, former in sorted(formers.items()) if former["status"] == "active"}


def _turn_off_formers(formers: Mapping[str, Fields]) -> tuple[Unit, ...]:
    return tuple(
        Unit(
            f"turn_off.{slot}",
            f"Turn off the former “{former['name']}”",
            {**former, "status": "inactive"},
            Effect.LIVE,
            slot=slot,
        )
        for slot, former in formers.items()
    )
