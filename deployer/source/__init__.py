"""YAML text to documents that know where each value is; settings, environments, secrets, files, schemas.

Nothing here knows a kind. Names are imported when they are used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployer.on_demand import on_demand

if TYPE_CHECKING:
    from deployer.source.characters import CONTROL, UNSEEN, control_named, named
    from deployer.source.contents import FileProblem
    from deployer.source.documents import Document, problem_at
    from deployer.source.environments import as_meant, check_environments, origin, specialise, varies
    from deployer.source.files import ProjectFiles
    from deployer.source.gate import Gate
    from deployer.source.hint import Correction, Hint, MissingProperty, Proposal, proposals_of
    from deployer.source.loading import Sources, read, read_settings
    from deployer.source.problems import Position, Problem, Problems, ProblemsError, Severity, few_of_a_rule
    from deployer.source.root import project_folder
    from deployer.source.schemas import schema, schema_names
    from deployer.source.secret import MissingSecret, Secret, is_secret
    from deployer.source.settings import (
        App,
        AppBinding,
        Brand,
        CompatAllow,
        CompatSettings,
        Environment,
        Limits,
        Move,
        RuleSetting,
        Settings,
        TestContact,
    )
    from deployer.source.settings_parsing import parse_settings
    from deployer.source.source_file import SourceFile
    from deployer.source.suggestion import Candidates, did_you_mean, meant_hint, name_form, near_or_few, some, suggest
    from deployer.source.values import (
        JSON,
        Body,
        Pointer,
        as_bytes,
        canonical,
        composed_letters,
        content,
        digest,
        digest_of_letters,
        merge_patch,
        of_content,
        pointer_text,
        same_letters,
    )
    from deployer.source.violations import SchemaError, Violation
    from deployer.source.yaml_files import compose

_MODULES = {
    "characters": (
        "CONTROL",
        "UNSEEN",
        "control_named",
        "named",
    ),
    "contents": ("FileProblem",),
    "documents": (
        "Document",
        "problem_at",
    ),
    "environments": (
        "as_meant",
        "check_environments",
        "origin",
        "specialise",
        "varies",
    ),
    "files": ("ProjectFiles",),
    "gate": ("Gate",),
    "hint": (
        "Correction",
        "Hint",
        "MissingProperty",
        "Proposal",
        "proposals_of",
    ),
    "loading": (
        "Sources",
        "read",
        "read_settings",
    ),
    "problems": (
        "Position",
        "Problem",
        "Problems",
        "ProblemsError",
        "Severity",
        "few_of_a_rule",
    ),
    "root": ("project_folder",),
    "schemas": (
        "schema",
        "schema_names",
    ),
    "secret": (
        "MissingSecret",
        "Secret",
        "is_secret",
    ),
    "settings": (
        "App",
        "AppBinding",
        "Brand",
        "CompatAllow",
        "CompatSettings",
        "Environment",
        "Limits",
        "Move",
        "RuleSetting",
        "Settings",
        "TestContact",
    ),
    "settings_parsing": ("parse_settings",),
    "source_file": ("SourceFile",),
    "suggestion": (
        "Candidates",
        "did_you_mean",
        "meant_hint",
        "name_form",
        "near_or_few",
        "some",
        "suggest",
    ),
    "values": (
        "JSON",
        "Body",
        "Pointer",
        "as_bytes",
        "canonical",
        "content",
        "composed_letters",
        "digest",
        "digest_of_letters",
        "merge_patch",
        "of_content",
        "pointer_text",
        "same_letters",
    ),
    "violations": (
        "SchemaError",
        "Violation",
    ),
    "yaml_files": ("compose",),
}

__all__ = [
    "CONTROL",
    "JSON",
    "UNSEEN",
    "App",
    "AppBinding",
    "Body",
    "Brand",
    "Candidates",
    "CompatAllow",
    "CompatSettings",
    "Correction",
    "Document",
    "Environment",
    "FileProblem",
    "Gate",
    "Hint",
    "Limits",
    "MissingProperty",
    "MissingSecret",
    "Move",
    "Pointer",
    "Position",
    "Problem",
    "Problems",
    "ProblemsError",
    "ProjectFiles",
    "Proposal",
    "RuleSetting",
    "SchemaError",
    "Secret",
    "Settings",
    "Severity",
    "SourceFile",
    "Sources",
    "TestContact",
    "Violation",
    "as_bytes",
    "as_meant",
    "canonical",
    "check_environments",
    "compose",
    "composed_letters",
    "content",
    "control_named",
    "did_you_mean",
    "digest",
    "digest_of_letters",
    "few_of_a_rule",
    "is_secret",
    "meant_hint",
    "merge_patch",
    "name_form",
    "named",
    "near_or_few",
    "of_content",
    "origin",
    "parse_settings",
    "pointer_text",
    "problem_at",
    "project_folder",
    "proposals_of",
    "read",
    "read_settings",
    "same_letters",
    "schema",
    "schema_names",
    "some",
    "specialise",
    "suggest",
    "varies",
]

if not TYPE_CHECKING:  # a type checker would take every name for one of the package's, mistyped ones too
    __getattr__ = on_demand(__name__, _MODULES)
