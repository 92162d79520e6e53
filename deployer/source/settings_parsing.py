"""From the document of ``deployer.yaml`` to settings: its schema first, then what a schema can't say."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from deployer.source.documents import problem_at
from deployer.source.gate import Gate
from deployer.source.schemas import schema
from deployer.source.secret import Secret, is_secret
from deployer.source.settings import App, AppBinding, Brand, Environment, Limits, Move, Settings, TestContact
from deployer.source.settings_checks import check_settings

if TYPE_CHECKING:
    from deployer.source.documents import Document
    from deployer.source.gate import Violation
    from deployer.source.loading import Sources
    from deployer.source.problems import Problem
    from deployer.source.values import JSON, Body

_RULES = {
    "additionalProperties": "settings/unknown-key",
    "required": "settings/missing-key",
    "type": "settings/wrong-type",
    "enum": "settings/unknown-value",
    "const": "settings/unknown-value",
}
"""The rule of a violated keyword; anything else is ``settings/invalid``."""


def parse_settings(sources: Sources) -> tuple[Settings | None, tuple[Problem, ...]]:
    """Give the project's settings and what is wrong with them.

    None where ``deployer.yaml`` is missing or breaks its schema. The problems of ``sources`` itself aren't repeated.
    """
    document = sources.settings
    if document is None:
        return None, ()
    violations = Gate.of(schema("deployer")).violations(document.value)
    if violations:
        found = dict.fromkeys(_problem(document, violation) for violation in violations)
        return None, tuple(sorted(found, key=lambda problem: problem.sort_key))
    settings = _settings(document.value)
    return settings, tuple(sorted(check_settings(document, settings), key=lambda problem: problem.sort_key))


def _problem(document: Document, violation: Violation) -> Problem:
    if "api_key" in violation.pointer[:-1] or violation.pointer[-1:] == ("api_key",):
        return _key_problem(document, violation)
    rule = _RULES.get(violation.keyword, "settings/invalid")
    return problem_at(document, violation.pointer, rule, violation.message, hint=violation.hint, key=violation.at_key)


def _key_problem(document: Document, violation: Violation) -> Problem:
    """Report a malformed key without showing what stands there, for it may be the key itself."""
    pointer = violation.pointer[: violation.pointer.index("api_key") + 1]
    hint = "write `{env: NAME}` with the name of the environment variable; a key that stood in a file must be replaced"
    message = "an API key is named by its environment variable, never written here"
    return replace(problem_at(document, pointer, "settings/api-key", message, hint=hint, key=True), excerpt="")


def _settings(body: Body) -> Settings:
    brand = body["brand"]
    return Settings(
        project=body["project"],
        brand=Brand(brand["name"], brand.get("support_url", ""), brand),
        time_zone=body.get("time_zone", "UTC"),
        apps={name: _app(name, app) for name, app in _own(body.get("apps", {})).items()},
        environments={name: _environment(name, item) for name, item in _own(body["environments"]).items()},
        moved=tuple(Move(item["from"], item["to"]) for item in body.get("moved", ())),
        forget=tuple(body.get("forget", ())),
        rules=dict(body.get("rules", {})),
        limits=Limits(**_own(body.get("limits", {}))),
        ignore=tuple(body.get("ignore", ())),
    )


def _own(mapping: Body) -> dict[str, JSON]:
    """Copy a mapping without the keys that are the user's own."""
    return {key: value for key, value in mapping.items() if not key.startswith("x-")}


def _app(name: str, body: Body) -> App:
    return App(name, body.get("description", ""), vendor=body.get("managed_by") == "vendor")


def _environment(name: str, body: Body) -> Environment:
    return Environment(
        name=name,
        target=body["target"],
        company_id=body.get("company_id", ""),
        apps={app: _binding(app, item) for app, item in _own(body.get("apps", {})).items()},
        test_contacts=tuple(_contact(item) for item in body.get("test_contacts", ())),
        state=body.get("state") or f"file:.deployer/state/{name}.json",
        protected=body.get("protected", False),
        base_url=body.get("base_url", ""),
        adopt={address: item["id"] for address, item in _own(body.get("adopt", {})).items()},
    )


def _binding(app: str, body: Body) -> AppBinding:
    key = body.get("api_key")
    return AppBinding(app, body.get("name", ""), Secret(key["env"]) if key else None)


def _contact(body: Body) -> TestContact:
    return TestContact(phone=_text_or_secret(body.get("phone")), email=_text_or_secret(body.get("email")))


def _text_or_secret(value: JSON) -> str | Secret | None:
    return Secret(value["env"]) if is_secret(value) else value
