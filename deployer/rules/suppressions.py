"""Rules about suppressions themselves; applying them (``deployer.rules.suppressing``) meets their problems."""

from __future__ import annotations

from deployer.rules.rule import Rule
from deployer.source import Severity

FORM = "# deployer: ignore[RULE, RULE] reason until 2027-01-31"
"""How a suppression is written; ``until`` and its date may be left out."""

SUPPRESSIONS = (
    Rule(
        "suppression/ended",
        Severity.WARNING,
        "a suppression's last day is over",
        "A date limits how long the reason holds. After that day the finding is back, and the comment has no effect.",
        "mend what was suppressed, or agree on a new date",
    ),
    Rule(
        "suppression/malformed",
        Severity.ERROR,
        "a comment for deployer can't be read",
        "A suppression with a mistake in it would have no effect, and it wouldn't be clear why.",
        f"write `{FORM}`",
    ),
    Rule(
        "suppression/no-reason",
        Severity.ERROR,
        "a suppression gives no reason",
        "A reader a year from now has to know whether it still applies. Without a reason it has no effect.",
        "write the reason behind the brackets",
    ),
    Rule(
        "suppression/unknown-rule",
        Severity.ERROR,
        "a suppression names a rule that can't be suppressed",
        "A misspelt id suppresses nothing. Problems of files, YAML, schemas and references can't be suppressed: what "
        "they are about isn't in the project, so no later check could be trusted.",
        "use the id that the finding shows",
    ),
    Rule(
        "suppression/unused",
        Severity.WARNING,
        "a suppression suppresses nothing",
        "The finding was fixed, or is on another line now. Left there, the comment would hide the next finding.",
        "remove it, or put it on the finding's line or on the line above",
    ),
)
"""Met once every rule has run; a project may weigh them or switch them off."""
