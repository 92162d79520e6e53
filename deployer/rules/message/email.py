"""Rules about emails."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployer.messages import path_text
from deployer.rules.rule import Finding, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deployer.messages import Macro
    from deployer.rules.subject import Subject
    from deployer.rules.texts import Text

KEY_AT = 2


@rule(
    "message/no-default-in-email",
    "a transactional email prints a value that may be missing",
    fix="write `| default: '…'` behind it, or put an `if` around it",
)
def no_default_in_email(subject: Subject) -> Iterator[Finding]:
    """A transactional email is sent even with a value missing; a marketing email isn't.

    Attentive's help page "Fine-tune email message personalization with Liquid". An `if` around it counts where it holds
    only with the value there: `x != ''` and `x != blank` hold without it too.
    """
    for text in subject.texts.read:
        if text.is_sms or not subject.transactional(text.message):
            continue
        for macro in text.scan.macros:
            reason = _may_be_missing(text, macro)
            if reason and not macro.guarded and (macro.bare or macro.filters):
                message = f"{reason}, and a transactional email is sent even with the gap"
                yield Finding(text.at(macro), message, "write `| default: '…'` behind it, or put an `if` around it")


def _may_be_missing(text: Text, macro: Macro) -> str:
    """Why the value may be missing; empty where it can't be, or where it isn't known."""
    if macro.path[0] == "subscriber" and macro.path[1:2] != ("signupOffer",):
        return f"`{path_text(macro.path)}` isn't known of every subscriber"
    if macro.path[:KEY_AT] == ("triggerEvent", "custom") and len(macro.path) > KEY_AT and text.event:
        item = text.event.properties.get(str(macro.path[KEY_AT]))
        if item and item.optional and macro.proven <= KEY_AT:
            return f"`{item.key}` is optional"
    return ""
