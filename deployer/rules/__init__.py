"""Checks with stable ids, one family a module: ``check`` runs them over the project of one environment.

What is wrong with files, YAML, schemas and references is found while a project is read and linked; those problems are
no rules, and no setting relaxes them.
"""

from deployer.rules.checking import check
from deployer.rules.registry import RULES
from deployer.rules.rule import Finding, Rule, rule
from deployer.rules.subject import Subject

__all__ = ["RULES", "Finding", "Rule", "Subject", "check", "rule"]
