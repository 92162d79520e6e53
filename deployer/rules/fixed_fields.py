"""Rules about fields and settings: met while documents are held against their schemas, and relaxed by nothing."""

from __future__ import annotations

from deployer.rules.rule import fixed
from deployer.source import Severity

_UNUSABLE = "A document that breaks its schema is left out, so nothing that was checked after it could be trusted."

FIELDS = (
    fixed(
        "environment/fixed-field",
        "a patch changes what is the same everywhere",
        "Kind and id make the address, under which every environment keeps its state.",
        "remove it from the patch; declare another resource where another one is meant",
    ),
    fixed(
        "environment/shape",
        "`environments` or `per_environment` has another form",
        "A limit or a patch that can't be read would be left out without a word.",
        "write `environments: [NAME]` and `per_environment: {NAME: {field: value}}`",
    ),
    fixed(
        "environment/unknown",
        "an environment that deployer.yaml doesn't declare",
        "A misspelt environment would leave the resource out of it, or its patch without effect.",
        "correct the name",
    ),
    fixed(
        "schema/invalid",
        "a field's value doesn't have the form that it needs",
        _UNUSABLE,
        "write the value as the field's description requires; `deployer schema KIND` shows it",
    ),
    fixed("schema/missing-key", "a field is missing", _UNUSABLE, "add the field"),
    fixed(
        "schema/unknown-key",
        "a field that doesn't exist",
        "A misspelt field would be left out without a word. Keys of your own begin with `x-`.",
        "correct the name, or write `x-` in front of it",
    ),
    fixed(
        "schema/unknown-value", "a field's value isn't one of those that it may have", _UNUSABLE, "write one of them"
    ),
    fixed("schema/wrong-type", "a field's value is of another type", _UNUSABLE, "write a value of the type named"),
)
"""Fields of resources."""

SETTINGS = (
    fixed(
        "settings/api-key",
        "an API key's place holds something else than its variable's name",
        "A key in a file stays in git's history forever, and anyone who can read the repository can send as the brand.",
        "write `api_key: {env: NAME}`; replace a key that was in a file",
    ),
    fixed(
        "settings/base-url",
        "`base_url` is neither https nor this machine",
        "The API key travels with each request; over plain http anyone on the way can read it.",
        "write an https URL, or `http://127.0.0.1:PORT`",
    ),
    fixed(
        "settings/idle-ignore",
        "a pattern under `ignore` names no file",
        "A misspelt pattern leaves nothing out, and one whose files are gone hides whatever gets their name next.",
        "correct the pattern, or take it out",
        Severity.WARNING,
    ),
    fixed("settings/empty", "deployer.yaml is empty", _UNUSABLE, "write `version: 1`, `project:` and so on"),
    fixed(
        "settings/incomplete-environment",
        "an account lacks what protects it",
        "`company_id` refuses the key of another company, and only the people under `test_contacts` may be messaged.",
        "write `company_id`, `apps` and `test_contacts`",
    ),
    fixed(
        "settings/inherits",
        "an environment inherits from one that isn't there",
        "What it inherits is undefined, and so is what would be deployed.",
        "correct the name, or break the ring",
    ),
    fixed("settings/invalid", "a setting's value doesn't have the form that it needs", _UNUSABLE, "correct the value"),
    fixed(
        "settings/missing-api-key",
        "an app of an account has no key",
        "Without the app's own key nothing can be sent with it, and a type belongs for ever to the app that first "
        "sent it (Attentive's OpenAPI file, POST /v1/events/custom).",
        "write `api_key: {env: NAME}`",
    ),
    fixed("settings/missing-key", "a setting is missing", _UNUSABLE, "add it"),
    fixed(
        "settings/no-environment",
        "the project has no environment",
        "Each check looks at the project as it is in an environment; without one nothing is checked.",
        "write `sandbox: {target: sandbox}` under `environments`",
    ),
    fixed(
        "settings/protected-local-state",
        "a protected environment keeps its state on one machine",
        "Every colleague and CI would have a separate record, and plan without knowing what the others did.",
        "write `state: git` or an object store",
    ),
    fixed(
        "settings/same-company",
        "two environments are one Attentive account",
        "Each would plan to undo what the other one did.",
        "one account is one environment: remove one of them",
    ),
    fixed(
        "settings/several-documents",
        "the settings are more than one document",
        "Only one of them would count, and it isn't visible which.",
        "put resources in separate files",
    ),
    fixed(
        "settings/state",
        "`state` names no place that a state can be kept in",
        "The state holds what was done and who confirmed it; without it the next plan starts from nothing.",
        "write `git`, `file:PATH`, `s3://BUCKET/PREFIX` or `az://CONTAINER/PREFIX`",
    ),
    fixed(
        "settings/same-state",
        "two environments keep their record in one file",
        "A file holds the state of one environment; the other one could neither plan nor apply.",
        "name another file, or write `git` or an object store, which keep each environment apart",
    ),
    fixed(
        "settings/state-path",
        "the state's file lies outside of the project",
        "A path that leaves the project is another one on each machine.",
        "write a path within the project",
    ),
    fixed(
        "settings/time-zone",
        "a time zone that doesn't exist",
        "Waits and quiet hours in tests, and the last day of a suppression, are reckoned in it.",
        "write an IANA name such as `America/New_York`",
    ),
    fixed(
        "settings/unknown-app", "an environment binds an app that isn't declared", _UNUSABLE, "declare it under `apps`"
    ),
    fixed(
        "settings/unknown-key",
        "a setting that doesn't exist",
        "A misspelt setting would be left out without a word. Keys of your own begin with `x-`.",
        "correct the name, or write `x-` in front of it",
    ),
    fixed(
        "settings/unknown-value",
        "a setting's value isn't one of those that it may have",
        _UNUSABLE,
        "write one of them",
    ),
    fixed(
        "settings/vendor-key",
        "a vendor's app has a key",
        "A vendor's events are described here and never sent by us, so the key would be a secret too many.",
        "remove `api_key`",
    ),
    fixed("settings/wrong-type", "a setting is of another type", _UNUSABLE, "write a value of the type named"),
)
"""Settings in ``deployer.yaml``."""
