"""What people do for an opt-in source, in Attentive's order: design, review, the ID, and only then put it live.

The screenshot goes to the Customer Success Manager or to White Glove "for review prior to implementation"; after its
legal review Attentive gives the SignUpSourceID (launch guide "Transactional messages using Attentive's APIs", step 1).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from deployer.kinds.base import Fields, Instruction, Scope, Unit
from deployer.kinds.defaults import PersonDefaults
from deployer.state.tasks import Effect

if TYPE_CHECKING:
    from deployer.kinds.base import Block
    from deployer.kinds.opt_in_source.model import OptInSource

WHITE_GLOVE = "whiteglove@attentivemobile.com"
"""Where Attentive takes opt-in screenshots, besides the Customer Success Manager (launch guide, step 1)."""

REVIEW = "review"
"""The task of Attentive's review, and the slot that keeps what was reviewed."""


class OptInSourcePerson(PersonDefaults):
    """The tasks of one opt-in source."""

    irreversible = ""
    reaches = "place"

    def units(self, model: OptInSource, scope: Scope, existing: Fields) -> tuple[Unit, ...]:
        """Design it; have it reviewed; while the YAML has no ID, wait for Attentive's; only then put it live."""
        place, reviewed = placed(model, scope), under_review(model, scope)
        what = f"the {model.subscription_type} opt-in on {model.placement}"
        designed = [] if existing.get("place") == place else [_design_unit(model, place)]
        review = Unit(
            REVIEW,
            f"Have Attentive review {what}",
            reviewed,
            effect=Effect.LIVE,
            review=True,
            needs=tuple(unit.key for unit in designed),
            context={"screenshot": model.screenshot, "placement": model.placement, "name": model.name},
        )
        id_unit = self._id_unit(model, scope)
        needs = (REVIEW, *(unit.key for unit in id_unit))
        live = Unit("place", f"Put {what} live", place, effect=Effect.LIVE, needs=needs)
        return (*designed, review, *id_unit, live)

    @staticmethod
    def _id_unit(model: OptInSource, scope: Scope) -> tuple[Unit, ...]:
        if model.sign_up_source_id:
            return ()
        context: Fields = {"address": model.address, "environment": scope.environment.name}
        if scope.environment.is_sandbox:
            context = {**context, "sandbox": True}
        title = "Write Attentive's sign-up source ID into the YAML"
        value = {"sign_up_source_id": "to come"}
        unit = Unit("id", title, value, effect=Effect.LIVE, confirmable=False, needs=(REVIEW,), context=context)
        return (unit,)

    def removal(self, existing: Fields) -> tuple[Unit, ...]:
        """Take the control off the page and have the unit retired."""
        value = {"status": "retired", "was": existing.get("place")}
        return (Unit("retire", "Take the opt-in off the page and have its sign-up unit retired", value, Effect.RETIRE),)

    def instruction(self, key: str, before: Any, value: Any, context: Fields) -> Instruction:
        """The steps for one of the tasks."""
        writers = {"design": _design, REVIEW: _review, "id": _id, "place": _place, "retire": _retire}
        return writers[key](before, value, context)


def _consent(model: OptInSource, scope: Scope) -> dict[str, Any]:
    disclosure = scope.text(model.disclosure_file).strip() if model.disclosure_file else model.disclosure.strip()
    return {"control": model.control, "pre_checked": model.pre_checked, "disclosure": disclosure}


def placed(model: OptInSource, scope: Scope) -> dict[str, Any]:
    """What customers see: where it is, the control, the disclosure."""
    return {"placement": model.placement, **_consent(model, scope)}


def under_review(model: OptInSource, scope: Scope) -> dict[str, Any]:
    """What Attentive reviews: kind, control, disclosure and the screenshot."""
    kind_of = {"channel": model.channel.value, "subscription_type": model.subscription_type}
    shot = {"screenshot": scope.file_digest(model.screenshot)[:12]} if model.screenshot else {}
    return {**kind_of, **_consent(model, scope), **shot}


def _design_unit(model: OptInSource, place: Fields) -> Unit:
    title = f"Design the {model.control} on {model.placement}, and take a screenshot"
    context = {"address": model.address, "screenshot": model.screenshot}
    return Unit("design", title, place, effect=Effect.LIVE, context=context)


def _look(value: Any) -> str:
    state = "checked when the page loads" if value["pre_checked"] else "unchecked when the page loads"
    return f"a {value['control']}, {state}"


def _design(before: Any, value: Any, context: Fields) -> Instruction:
    del before
    shot = context.get("screenshot")
    keep = (
        f"Save it as {shot}"
        if shot
        else f"Save it in the project and name it under `screenshot` of {context['address']}"
    )
    blocks: list[Block] = [
        ("step", f"On a staging site, design the opt-in on {value['placement']}: {_look(value)}.", ""),
        ("text", "Disclosure, beside it and readable without a click", value["disclosure"]),
        ("step", f"Take a screenshot of the page as a customer will see it. {keep}, and commit it.", ""),
        ("note", "Don't put it live yet: Attentive reviews the screenshot prior to implementation.", ""),
    ]
    return Instruction(f"The design of the opt-in on {value['placement']}", tuple(blocks))


def _place(before: Any, value: Any, context: Fields) -> Instruction:
    del context
    verb = "Change" if before else "Put"
    blocks: list[Block] = [
        ("step", f"{verb} the opt-in on {value['placement']}, as it was reviewed: {_look(value)}.", ""),
        ("text", "Disclosure, beside it and readable without a click", value["disclosure"]),
        ("step", "Deploy the page, and compare it with the screenshot that was reviewed.", ""),
        ("note", "A person is opted in only if they gave the number or address and the box was checked.", ""),
    ]
    return Instruction(f"The opt-in on {value['placement']}", tuple(blocks))


def _review(before: Any, value: Any, context: Fields) -> Instruction:
    again = "again, because it changed" if before else "before the page is live"
    wanted = f"{value['subscription_type']}, {value['channel']}"
    shot = context.get("screenshot") or "a screenshot of the opt-in"
    blocks: list[Block] = [
        ("step", f"Send {shot} to your Customer Success Manager or to {WHITE_GLOVE}, {again}.", ""),
        ("step", f"Ask for an API sign-up unit{_called(context)}: {wanted}.", ""),
        ("step", "Record it as sent with `deployer confirm TOKEN --submitted`; allow a day or two.", ""),
        ("step", "When Attentive's legal team has approved it, confirm this task.", ""),
        ("note", 'Refused? `deployer confirm TOKEN --rejected "why"` keeps the reason.', ""),
    ]
    return Instruction(f"Attentive's review of the opt-in on {context.get('placement', 'the page')}", tuple(blocks))


def _called(context: Fields) -> str:
    return f" named “{context['name']}”" if context.get("name") else ""


def _id(before: Any, value: Any, context: Fields) -> Instruction:
    del before, value
    environment = context["environment"]
    found: list[Block] = [
        ("step", "In Attentive, open the Sign-up Units tab and find the API unit that was issued.", ""),
        ("step", "Copy the number in its ID column.", ""),
    ]
    made_up: list[Block] = [("step", "No unit is issued in a sandbox: make up a number, such as 1001.", "")]
    blocks: list[Block] = [
        *(made_up if context.get("sandbox") else found),
        (
            "text",
            f"Write it into the YAML of {context['address']}, then commit",
            f'per_environment: {{{environment}: {{sign_up_source_id: "ID"}}}}',
        ),
        ("note", "This task ends when the YAML has the ID; there is nothing to confirm.", ""),
    ]
    return Instruction("Attentive's sign-up source ID", tuple(blocks))


def _retire(before: Any, value: Any, context: Fields) -> Instruction:
    del before, context
    place = (value.get("was") or {}).get("placement", "its page")
    blocks: list[Block] = [
        ("step", f"Take the opt-in off {place} and deploy the page.", ""),
        ("step", f"Ask your Customer Success Manager or {WHITE_GLOVE} to retire the sign-up unit.", ""),
    ]
    return Instruction("An opt-in that is no longer declared", tuple(blocks))
