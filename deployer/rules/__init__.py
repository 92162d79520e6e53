"""Checks with stable ids, one family a module: ``check`` runs them over the project of one environment.

What is wrong with files, YAML, schemas and references is found while a project is read and linked; those problems have
rules in the catalogue too, but no setting relaxes them.
"""

from deployer.rules.checking import check
from deployer.rules.example import Example
from deployer.rules.identity import identity, without_known
from deployer.rules.place import Finding
from deployer.rules.registry import CATALOGUE, RULES
from deployer.rules.rule import Rule, rule
from deployer.rules.settings import rule_meant
from deployer.rules.sharing import learn
from deployer.rules.sound import Sound
from deployer.rules.subject import Subject
from deployer.rules.suppressing import suppress
from deployer.source.checked import Checked, Suppressed

__all__ = [
    "CATALOGUE",
    "RULES",
    "Checked",
    "Example",
    "Finding",
    "Rule",
    "Sound",
    "Subject",
    "Suppressed",
    "check",
    "identity",
    "learn",
    "rule",
    "rule_meant",
    "suppress",
    "without_known",
]
