"""The exact clicks for each of a journey's tasks, in the words of Attentive's pages.

Sources: Attentive's help center, "What are custom journey triggers?", "Add steps to a journey", "Branches in journeys",
"Add an A/B test step to a journey", "Journey version management", and "Transactional messages using Attentive's APIs".
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any, assert_never

from deployer.kinds.base import Fields, Instruction
from deployer.kinds.channels import Channel, facts
from deployer.kinds.journey.naming import condition
from deployer.nouns import article

if TYPE_CHECKING:
    from collections.abc import Callable

    from deployer.kinds.base import Block

PURPOSES = {
    "transactional": "Notify subscribers about a transaction (the category Transactional)",
    "marketing": "the promotional choice (the category Promotional)",
}
"""What the journey builder asks when a custom journey is created, for each of our categories."""


def instruct(key: str, before: Any, value: Any, context: Fields) -> Instruction:
    """The clicks that lead from what exists to what is wanted."""
    family = key.partition(".")[0]
    if value is None:
        return _take_out(key, context)
    return _WRITERS[family](key, before, value, context)


def _create(key: str, before: Any, value: Any, context: Fields) -> Instruction:
    del key
    if before and all(before.get(field) == value[field] for field in ("category", "trigger", "app")):
        return _rename(before, value)
    app = context.get("app_name") or value["app"]
    blocks: list[Block] = [
        ("step", "On the Journeys tab (Messaging > Journeys), select Create Journey, then Custom Journey.", ""),
        ("note", "Some accounts call it Start from scratch.", ""),
        ("step", f"From the list of triggers choose “{value['trigger']}”, shown under “{app}”.", ""),
        ("note", "Not offered? The event was never sent by that app. Don't choose one of another app or spelling.", ""),
        ("field", "Macros that the event must offer", ", ".join(context.get("macros", ())) or "none"),
        ("step", f"Select {PURPOSES[value['category']]}.", ""),
        ("note", "Trigger and category can't be changed later.", ""),
        ("step", "Name the journey.", ""),
        ("text", "Journey name", value["name"]),
    ]
    if before:
        blocks.insert(
            0, ("note", "The trigger or category differs from the existing journey, so this is a new journey.", "")
        )
    return Instruction(f"A new journey “{value['name']}”", tuple(blocks))


def _rename(before: Any, value: Any) -> Instruction:
    blocks: list[Block] = [
        ("step", f"Open Messaging > Journeys > “{before['name']}”.", ""),
        ("text", "New name", value["name"]),
        ("step", "Save.", ""),
    ]
    return Instruction(f"Rename “{before['name']}”", tuple(blocks))


def _called(key: str, context: Fields, family: str) -> str:
    """The step's name; tasks that older versions recorded have none and show the id."""
    name: str = context.get("name") or f"{family} step “{key.partition('.')[2]}”"
    return name


def _open(before: Any, context: Fields, name: str, panel: str) -> list[Block]:
    """How to get to the step: it is on the canvas already, or it is dragged in."""
    journey = context.get("journey", "")
    steps: list[Block] = [("step", f"Open Messaging > Journeys > “{journey}”; choose to edit it.", "")]
    if before is None:
        where = context.get("where", "right after the trigger")
        steps.append(("step", f"From the Steps panel on the left drag {panel} onto the canvas, {where}.", ""))
    else:
        steps.append(("step", f"Click the {name} to edit it.", ""))
    return steps


def _send(key: str, before: Any, value: Any, context: Fields) -> Instruction:
    channel = Channel(value["channel"])
    panel = facts(channel).panel
    name = _called(key, context, panel)
    other: list[Block] = []
    if before is not None and before.get("channel") != value["channel"]:
        other = list(_take_out(key, context).blocks)
        before = None
    blocks = [*other, *_open(before, context, name, panel)]
    blocks += _words(channel, before, value)
    blocks += [("field", "Quiet Hours", _toggle(value["quiet_hours"], "respect"))]
    blocks += [("field", "Smart Sending", _toggle(value["smart_sending"], "respect"))]
    blocks += [("step", "Save the step.", "")]
    return Instruction(f"The {name}", tuple(blocks))


def _words(channel: Channel, before: Any, value: Any) -> list[Block]:
    match channel:
        case Channel.TEXT:
            return _text_blocks(before, value)
        case Channel.EMAIL:
            return _email_blocks(before, value)
    assert_never(channel)


def _toggle(value: str, on: str) -> str:
    return "on (respect)" if value == on else "off (ignore)"


def _differs(before: Any, value: Any, name: str) -> bool:
    return before is None or before.get(name) != value.get(name)


def _text_blocks(before: Any, value: Any) -> list[Block]:
    blocks: list[Block] = []
    if _differs(before, value, "text"):
        blocks += [
            ("step", "Replace the whole text by this; paste without formatting (Ctrl/Cmd+Shift+V).", ""),
            ("text", "Composer text", value["text"]),
            ("note", "Attentive puts the brand name in front by itself.", ""),
        ]
    else:
        blocks += [("note", "The text stays as it is.", "")]
    return blocks + _media_blocks(before, value)


def _media_blocks(before: Any, value: Any) -> list[Block]:
    media = value.get("media")
    if not _differs(before, value, "media"):
        return []
    if not media:
        return [("step", "Take the picture out of the message.", "")] if before and before.get("media") else []
    if "property" in media:
        return [
            ("step", "In the composer add a dynamic product image: it shows the picture of each event.", ""),
            ("field", "Comes from the event's property", media["property"]),
        ]
    return [("step", f"In the composer add this picture: {media['file']}", "")]


def _email_blocks(before: Any, value: Any) -> list[Block]:
    labels = {part.field: part.label for part in facts(Channel.EMAIL).parts}
    names = {"from": "From", "from_name": "From name", "reply_to": "Reply-to"}
    names |= {field: labels[field] for field in ("subject", "preheader", "plain", "html")}
    blocks: list[Block] = []
    if any(name in value and _differs(before, value, name) for name in names if name != "html"):
        blocks.append(("step", "Fill in these fields.", ""))
    for name, label in names.items():
        if name in value and _differs(before, value, name):
            if name == "html":
                blocks.append(("step", "Choose the HTML editor and replace its whole content.", ""))
            blocks.append(("text", label, value[name]))
        elif before and name in before and name not in value:
            blocks.append(("step", f"Empty the field {label}.", ""))
    if value.get("design") == "external":
        blocks.append(("note", "The design is built in Attentive's drag-and-drop editor; it isn't kept here.", ""))
    return blocks


def _review(key: str, before: Any, value: Any, context: Fields) -> Instruction:
    del before, key
    blocks: list[Block] = [
        ("step", f"In the journey “{context.get('journey', '')}”, submit the text for Attentive's review.", ""),
        *(("text", "Text under review", words) for words in value.values()),
        ("step", "Record it as sent with `deployer confirm TOKEN --submitted`.", ""),
        ("step", "When Attentive has approved it, confirm this task.", ""),
        ("note", "Changed transactional text must be reviewed before the journey can be turned on.", ""),
    ]
    return Instruction("Attentive's review of the text", tuple(blocks))


def _wait(key: str, before: Any, value: Any, context: Fields) -> Instruction:
    name = _called(key, context, "Wait")
    blocks = _open(before, context, name, "Wait")
    blocks.append(("field", "Wait for", value["for"]))
    if value.get("between"):
        blocks.append(("field", "Only between", " and ".join(value["between"])))
    if value.get("days"):
        blocks.append(("field", "Only on", ", ".join(value["days"])))
    blocks.append(("step", "Save the step.", ""))
    return Instruction(f"The {name}", tuple(blocks))


def _branch(key: str, before: Any, value: Any, context: Fields) -> Instruction:
    name = _called(key, context, "Branch")
    blocks = _open(before, context, name, "Branch")
    for number, case in enumerate(value["cases"], 1):
        blocks.append(("field", f"Branch {number} from the left", condition(case)))
    blocks += [
        ("field", "Last branch", "Else (everyone who matches none)"),
        ("note", "If several match, the left-most wins.", ""),
        ("step", "Save the step.", ""),
    ]
    return Instruction(f"The {name}", tuple(blocks))


def _ab_test(key: str, before: Any, value: Any, context: Fields) -> Instruction:
    name = _called(key, context, "A/B test")
    blocks = _open(before, context, name, "A/B test")
    even = len({variant["share"] for variant in value["variants"]}) == 1
    blocks.append(("step", f"Choose {'Split traffic evenly' if even else 'Customize traffic split'}.", ""))
    blocks.append(("step", f"Use + Add variant until there are {len(value['variants'])}.", ""))
    blocks += [("field", f"Variant “{variant['name']}”", f"{variant['share']:g} %") for variant in value["variants"]]
    blocks.append(("step", "Save.", ""))
    return Instruction(f"The {name}", tuple(blocks))


def _take_out(key: str, context: Fields) -> Instruction:
    family, _, step = key.partition(".")
    label = {"send": "message", "wait": "Wait", "branch": "Branch", "ab_test": "A/B test"}[family]
    name = context.get("name") or f"{label} step “{step}”"
    return Instruction(
        f"Take out the {name}",
        (("step", f"On the journey's canvas delete the {name}, and keep the steps below it.", ""),),
    )


def _arrange(key: str, before: Any, value: Any, context: Fields) -> Instruction:
    del key, before
    lines = context.get("canvas") or value["outline"]  # tasks that older versions recorded have the ids only
    blocks: list[Block] = [("text", "The canvas reads, top to bottom and left to right", "\n".join(lines))]
    blocks.append(("step", "Drag each step that is elsewhere to its place; then confirm.", ""))
    return Instruction("The order of the steps", tuple(blocks))


def _turn_on(key: str, before: Any, value: Any, context: Fields) -> Instruction:
    del key
    again = bool(before) and before.get("status") == "active"
    recorded = value.get("re_entry", "")  # of a journey that was turned off there is none
    cooldown = "none: every event starts it" if recorded == "none" else recorded
    blocks: list[Block] = [
        ("step", f"Open Messaging > Journeys > “{context.get('name', '')}” > the draft version.", ""),
        ("step", "Click Turn On.", ""),
        ("field", "Re-entry (frequency preferences)", cooldown),
        ("step", "Confirm in the dialog.", ""),
    ]
    if context.get("doubted"):
        see = "It may run so already: if its status is Active and there is no draft, there is nothing to click."
        blocks.insert(1, ("note", see, ""))
    elif again:
        blocks.append(("note", "The version that runs now becomes inactive; no one new enters it.", ""))
    blocks.append(("step", "See that the journey's status is Active.", ""))
    return Instruction(f"Turn on “{context.get('name', '')}”", tuple(blocks))


def _turn_off(key: str, before: Any, value: Any, context: Fields) -> Instruction:
    del key, before
    name = value.get("name") or context.get("name", "")
    blocks: list[Block] = [
        ("step", f"Open Messaging > Journeys > “{name}”.", ""),
        ("step", "Turn it off, and see that its status is Inactive.", ""),
        *_on_their_way(context.get("reason", "")),
    ]
    blocks += [("step", f"Turn off its former one, “{former}”, too.", "") for former in value.get("formers", ())]
    return Instruction(f"Turn off “{name}”", tuple(blocks))


def _on_their_way(reason: str) -> tuple[Block, ...]:
    """What to answer where Attentive asks about people who are in the journey already."""
    if not reason:
        let = "Attentive asks whether people on their way may finish; without a reason against it, let them."
        return (("note", let, ""),)
    end = "Attentive asks whether people on their way may finish: end it for them too, unless the reason allows it."
    return (("text", "Why it is stopped", reason), ("step", end, ""))


def _verify(key: str, before: Any, value: Any, context: Fields) -> Instruction:
    del key, before, value
    blocks = [*_subscribed(context), *_let_in_again(context), *_sent(context)]
    blocks.append(("step", "Wait for what follows on the phone and in the inbox.", ""))
    sends = context.get("sends", ())
    for conditions, alike in groupby(sends, _beforehand):
        blocks += [("note", line, "") for line in conditions]
        blocks += [_expected(send) for send in alike]
    chosen = [
        fork for fork, field in (("variant", "test"), ("branch", "branch")) if any(send.get(field) for send in sends)
    ]
    words = f"those of one {' and one '.join(chosen)}" if chosen else "the same"
    blocks.append(("step", f"Confirm when the words are {words}, without a hole or a leftover macro.", ""))
    blocks.append(("note", "Attentive shortens links, so that they read differently on the phone.", ""))
    if context.get("opt_out"):
        blocks.append(("note", f"“{context['opt_out']}” at the end comes for some subscribers only.", ""))
    blocks.append(("note", "The event also shows in the subscriber's Activities pane.", ""))
    return Instruction("The test contact gets it", tuple(blocks))


def _subscribed(context: Fields) -> list[Block]:
    """That the test contact must be subscribed; tasks that older versions recorded tell nothing of it."""
    commands = context.get("subscribe")
    if commands is None:
        return []
    if not commands:
        see = "In Attentive, see that the environment's test contact is subscribed: only subscribers get messages."
        return [("step", see, "")]
    look = "Subscribe the environment's test contact; the command looks first, and does nothing for a subscriber."
    shown: list[Block] = [("text", "Command", command) for command in commands]
    return [("step", look, ""), *shown]


def _let_in_again(context: Fields) -> list[Block]:
    if not context.get("cooldown"):
        return []
    passed = f"The journey's cooldown is {context['cooldown']}: a test contact who entered it less than that ago"
    return [("note", f"{passed} gets nothing. Wait for the end of it, or use another test contact.", "")]


def _sent(context: Fields) -> list[Block]:
    event = context.get("event", "")
    if "ask" not in context:
        command = context.get("command", "")  # tasks that older versions recorded only send
        compares = "; the command compares what comes" if command.startswith("deployer verify ") else ""
        step = f"Send {article(event)} “{event}” event to the environment's test contact{compares}."
        return [("step", step, ""), ("text", "Command", command)]
    step = f"Ask {context['ask']} to send one “{event}” event about the environment's test contact."
    blocks: list[Block] = [("step", step, "")]
    if context.get("payload"):
        blocks.append(("text", "The event to ask for", context["payload"]))
    return blocks


def _beforehand(send: Fields) -> tuple[str, ...]:
    """What to know before a message is waited for; tasks that older versions recorded name A/B tests only."""
    waits, branch, test = send.get("waits"), send.get("branch"), send.get("test")
    word = "waits" if waits and len(waits) > 1 else "wait"
    return (
        *((f"What follows comes after the {word} of {' and '.join(waits)}.",) if waits else ()),
        *(
            (f"Of the {branch}, the messages of one branch come, or none: it depends on the test contact.",)
            if branch
            else ()
        ),
        *((f"{test}: the messages of one variant come.",) if test else ()),
    )


def _expected(send: Fields) -> Block:
    lanes = f" ({'; '.join(send['lanes'])})" if send["lanes"] else ""
    what = facts(Channel(send["channel"])).reads
    return ("text", f"{what}{lanes}, {send['where']}", send["reads"])


_WRITERS: dict[str, Callable[[str, Any, Any, Fields], Instruction]] = {
    "create": _create,
    "send": _send,
    "review": _review,
    "wait": _wait,
    "branch": _branch,
    "ab_test": _ab_test,
    "arrange": _arrange,
    "turn_on": _turn_on,
    "turn_off": _turn_off,
    "retire": _turn_off,
    "verify": _verify,
}
