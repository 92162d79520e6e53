"""What people do for an opt-in source: place it, have it reviewed, write down the ID.

Attentive creates API sign-up units itself, after its legal review of a screenshot sent to the client strategy manager
or to White Glove (help centre, "Transactional messages using Attentive's APIs").
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from deployer.kinds.base import Fields, Instruction, Scope, Unit
from deployer.kinds.defaults import PersonDefaults
from deployer.state.model import Effect

if TYPE_CHECKING:
    from deployer.kinds.base import Block
    from deployer.kinds.opt_in_source import OptInSource

WHITE_GLOVE = "whiteglove@attentivemobile.com"
"""Where Attentive takes opt-in screenshots, besides the client strategy manager (OpenAPI file, ``signUpSourceId``)."""


class OptInSourcePerson(PersonDefaults):
    """The tasks of one opt-in source."""

    irreversible = ""

    def units(self, model: OptInSource, scope: Scope, stands: Fields) -> tuple[Unit, ...]:
        """Place it; have it reviewed; and, while the YAML has no ID, wait for Attentive's."""
        del stands
        disclosure = scope.text(model.disclosure_file).strip() if model.disclosure_file else model.disclosure.strip()
        consent = {"control": model.control, "pre_checked": model.pre_checked, "disclosure": disclosure}
        place = {"placement": model.placement, **consent}
        kind_of = {"channel": model.channel.value, "subscription_type": model.subscription_type}
        shot = {"screenshot": scope.file_digest(model.screenshot)[:12]} if model.screenshot else {}
        units = [
            Unit("place", f"Put the {model.control} on {model.placement}", place, effect=Effect.LIVE),
            Unit(
                "review",
                f"Have Attentive review the {model.subscription_type} opt-in on {model.placement}",
                {**kind_of, **consent, **shot},
                effect=Effect.LIVE,
                review=True,
                needs=("place",),
                context={"screenshot": model.screenshot, "placement": model.placement, "name": model.name},
            ),
        ]
        return (*units, *self._id_unit(model, scope))

    @staticmethod
    def _id_unit(model: OptInSource, scope: Scope) -> tuple[Unit, ...]:
        if model.sign_up_source_id:
            return ()
        context = {"address": model.address, "environment": scope.environment.name}
        title = "Write Attentive's sign-up source ID into the YAML"
        value = {"sign_up_source_id": "to come"}
        unit = Unit("id", title, value, effect=Effect.LIVE, confirmable=False, needs=("review",), context=context)
        return (unit,)

    def removal(self, stands: Fields) -> tuple[Unit, ...]:
        """Take the control off the page and have the unit retired."""
        value = {"status": "retired", "was": stands.get("place")}
        return (Unit("retire", "Take the opt-in off the page and have its sign-up unit retired", value, Effect.RETIRE),)

    def instruction(self, key: str, before: Any, value: Any, context: Fields) -> Instruction:
        """The steps for one of the tasks."""
        return {"place": _place, "review": _review, "id": _id, "retire": _retire}[key](before, value, context)


def _place(before: Any, value: Any, context: Fields) -> Instruction:
    del context
    state = "checked when the page loads" if value["pre_checked"] else "unchecked when the page loads"
    verb = "Change" if before else "Put"
    blocks: list[Block] = [
        ("step", f"{verb} the opt-in on {value['placement']}: a {value['control']}, {state}.", ""),
        ("text", "Disclosure, beside it and readable without a click", value["disclosure"]),
        ("step", "Deploy the page and take a screenshot of it as a customer sees it.", ""),
        ("note", "A person is opted in only if they gave the number or address and the box was checked.", ""),
    ]
    return Instruction(f"The opt-in on {value['placement']}", tuple(blocks))


def _review(before: Any, value: Any, context: Fields) -> Instruction:
    again = "again, because it changed" if before else "before launch"
    wanted = f"{value['subscription_type']}, {value['channel']}"
    shot = context.get("screenshot") or "a screenshot of the opt-in"
    blocks: list[Block] = [
        ("step", f"Send {shot} to your client strategy manager or to {WHITE_GLOVE}, {again}.", ""),
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
    blocks: list[Block] = [
        ("step", "In Attentive, open the Sign-up Units tab and find the API unit that was issued.", ""),
        ("step", "Copy the number in its ID column.", ""),
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
        ("step", f"Ask your client strategy manager or {WHITE_GLOVE} to retire the sign-up unit.", ""),
    ]
    return Instruction("An opt-in that is no longer declared", tuple(blocks))
