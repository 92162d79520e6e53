"""From the document of ``deployer.yaml`` to settings: its schema first, then what a schema can't say."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from deployer.source.documents import problem_at
from deployer.source.gate import Gate
from deployer.source.inheritance import Inherited, check_inheritance, inherited
from deployer.source.schemas import schema
from deployer.source.secret import Secret, is_secret
from deployer.source.settings import (
    App,
    AppBinding,
    Brand,
    CompatAllow,
    CompatSettings,
    Confirmations,
    Environment,
    Limits,
    Move,
    Prices,
    RuleSetting,
    Settings,
    TestContact,
    WordList,
)
from deployer.source.settings_checks import check_settings
from deployer.source.tails import lost_tails

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from deployer.source.documents import Document
    from deployer.source.loading import Sources
    from deployer.source.problems import Problem
    from deployer.source.values import JSON, Body, Pointer
    from deployer.source.violations import Violation

_RULES = {
    "additionalProperties": "settings/unknown-key",
    "required": "settings/missing-key",
    "type": "settings/wrong-type",
    "enum": "settings/unknown-value",
    "const": "settings/unknown-value",
}
"""The rule of a violated keyword; anything else is ``settings/invalid``."""


_UNKNOWN = ("additionalProperties", "unevaluatedProperties")
_VARIABLE = re.compile(r"[A-Z][A-Z0-9_]*")
"""What is surely the name of an environment variable and not a key that is in its place."""


def parse_settings(sources: Sources) -> tuple[Settings | None, tuple[Problem, ...]]:
    """Give the project's settings and what is wrong with them.

    None where ``deployer.yaml`` is missing or breaks its schema. The problems of ``sources`` itself aren't repeated.
    """
    document = sources.settings
    if document is None:
        return None, ()
    tails = dict(lost_tails(document, schema("deployer")))
    violations = [
        violation for violation in Gate.named("deployer").violations(document.value) if violation.pointer not in tails
    ]
    if violations or tails:
        problems = dict.fromkeys((*tails.values(), *(_problem(document, violation) for violation in violations)))
        return None, tuple(sorted(problems, key=lambda problem: problem.sort_key))
    wrong = tuple(check_inheritance(document, _own(document.value["environments"])))
    if wrong:
        return None, wrong
    settings = _settings(document.value)
    return settings, tuple(sorted(check_settings(document, settings), key=lambda problem: problem.sort_key))


def _problem(document: Document, violation: Violation) -> Problem:
    if "api_key" in violation.pointer:
        pointer = violation.pointer[: violation.pointer.index("api_key") + 1]
        misplaced = violation.pointer == pointer and violation.keyword in _UNKNOWN
        if misplaced and _names_a_variable(document, pointer):
            return _misplaced_key(document, pointer)
        return _key_problem(document, pointer)
    rule = _RULES.get(violation.keyword, "settings/invalid")
    hint = violation.hint_in(document, violation.pointer)
    return problem_at(document, violation.pointer, rule, violation.message, hint=hint, key=violation.at_key)


def _names_a_variable(document: Document, pointer: Pointer) -> bool:
    """Whether the place holds what a key should be written as, so that only the place can be wrong."""
    value: JSON = document.value
    for part in pointer:
        value = value[part]
    return is_secret(value) and _VARIABLE.fullmatch(Secret.of(value).env) is not None


def _misplaced_key(document: Document, pointer: Pointer) -> Problem:
    hint = "write it under an environment's app: `environments: {NAME: {apps: {APP: {name: …, api_key: {env: …}}}}}`"
    return problem_at(document, pointer, "settings/unknown-key", "`api_key` doesn't belong here", hint=hint, key=True)


def _key_problem(document: Document, pointer: Pointer) -> Problem:
    """Report a malformed key without showing what is there, for it may be the key itself."""
    hint = "write `{env: NAME}` with the name of the environment variable; a key that was in a file must be replaced"
    message = "an API key is named by its environment variable, never written here"
    return replace(problem_at(document, pointer, "settings/api-key", message, hint=hint, key=True), excerpt="")


def _settings(body: Body) -> Settings:
    brand = body["brand"]
    declared = _own(body["environments"])
    environments = inherited(declared)
    return Settings(
        project=body["project"],
        brand=Brand(brand["name"], brand.get("support_url", ""), brand),
        time_zone=body.get("time_zone", "UTC"),
        hand_to=body.get("hand_to", ""),
        apps={name: _app(name, app) for name, app in _own(body.get("apps", {})).items()},
        environments={
            name: _environment(name, environment, _prices((name, *environment.ancestors), declared, body))
            for name, environment in environments.items()
            if not environment.abstract
        },
        bases=tuple(name for name, environment in environments.items() if environment.abstract),
        moved=tuple(Move(item["from"], item["to"]) for item in body.get("moved", ())),
        forget=tuple(body.get("forget", ())),
        rules={name: _rule(item) for name, item in body.get("rules", {}).items()},
        limits=Limits(**_own(body.get("limits", {}))),
        confirmations=_confirmations(body.get("confirmations", {})),
        promotional_words=_words(body.get("promotional_words", {})),
        ignore=tuple(body.get("ignore", ())),
        compat=_compat(body.get("compat", {})),
        assumptions=_own(body.get("assumptions", {})),
    )


def _confirmations(body: Body) -> Confirmations:
    return Confirmations(int(body.get("max_age", "0").partition(" ")[0]))


def _compat(body: Body) -> CompatSettings:
    allow = tuple(CompatAllow(**_own(item)) for item in body.get("allow", ()))
    return CompatSettings(body.get("fail_on", "breaking"), allow)


def _rule(value: JSON) -> RuleSetting:
    if isinstance(value, str):
        return RuleSetting(value)
    return RuleSetting(value.get("severity", ""), dict(value.get("paths", {})))


def _words(body: Body) -> WordList:
    return WordList(tuple(body.get("add", ())), tuple(body.get("remove", ())))


def _own(mapping: Body) -> dict[str, JSON]:
    """Copy a mapping without the keys that are the user's own."""
    return {key: value for key, value in mapping.items() if not key.startswith("x-")}


def _app(name: str, body: Body) -> App:
    return App(name, body.get("description", ""), vendor=body.get("managed_by") == "vendor")


def _prices(line: Iterable[str], environments: Mapping[str, Body], project: Body) -> Prices | None:
    """The prices of the first that has some, whole: amounts of one currency are never read in another."""
    written: Body | None = next((prices for name in line if (prices := environments[name].get("prices"))), None)
    body = _own(written or project.get("prices", {}))
    return Prices(body.pop("currency"), **{what: Decimal(str(price)) for what, price in body.items()}) if body else None


def _environment(name: str, inherited: Inherited, prices: Prices | None) -> Environment:
    body = inherited.body
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
        inherits=inherited.ancestors,
        prices=prices,
    )


def _binding(app: str, body: Body) -> AppBinding:
    key = body.get("api_key")
    return AppBinding(app, body.get("name", ""), Secret.of(key) if key else None)


def _contact(body: Body) -> TestContact:
    return TestContact(phone=_text_or_secret(body.get("phone")), email=_text_or_secret(body.get("email")))


def _text_or_secret(value: JSON) -> str | Secret | None:
    return Secret.of(value) if is_secret(value) else value
