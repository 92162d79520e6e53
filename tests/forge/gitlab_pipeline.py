"""The example pipeline as GitLab makes it: its component included, inputs filled in, jobs chosen by their rules."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml

from tests.forge.merged import ROOT

if TYPE_CHECKING:
    from collections.abc import Mapping

COMPONENT = ROOT / "templates" / "attentive.yml"
EXAMPLE = ROOT / "examples" / "workflows" / "gitlab" / ".gitlab-ci.yml"
_INPUT = re.compile(r"\$\[\[ inputs\.([a-z-]+) \]\]")
_SIDE = re.compile(r"\$(\w+)|\"([^\"]*)\"")


@dataclass(frozen=True, slots=True)
class Job:
    """A job: the lines of its script, its variables, the files it hands over, when it runs, what it waits for.

    ``dotenv`` is the file of variables that it hands to those that wait for it.
    """

    name: str
    script: tuple[str, ...]
    variables: Mapping[str, str]
    artifacts: tuple[str, ...]
    rules: tuple[Mapping[str, str], ...]
    needs: tuple[str, ...] = ()
    dotenv: str = ""

    def when(self, known: Mapping[str, str]) -> str:
        """How the job is part of a pipeline with these variables: empty where it isn't."""
        return next((rule.get("when", "on_success") for rule in self.rules if holds(rule["if"], known)), "")


def holds(condition: str, known: Mapping[str, str]) -> bool:
    """Whether a rule's condition holds: equalities, joined by `&&`, of variables and texts."""
    sides = [part.strip().split(" == ") for part in condition.split("&&")]
    assert all(len(one) == 2 and all(map(_SIDE.fullmatch, one)) for one in sides), condition
    return all(_value(left, known) == _value(right, known) for left, right in sides)


def _value(side: str, known: Mapping[str, str]) -> str:
    return known.get(side[1:], "") if side.startswith("$") else side[1:-1]


def included(**inputs: str) -> dict[str, Any]:
    """The component with its inputs filled in after it was parsed, as GitLab does; a wrong input is an error."""
    head, body = yaml.safe_load_all(COMPONENT.read_text(encoding="utf-8"))
    known = head["spec"]["inputs"]
    assert set(inputs) <= set(known)
    values = {name: inputs.get(name, one.get("default")) for name, one in known.items()}
    for name, one in known.items():
        assert isinstance(values[name], str), name
        assert re.fullmatch(one.get("regex", ".*"), values[name]), name
        assert values[name] in one.get("options", [values[name]]), name
    return _filled(body, values)


def _filled(node: Any, values: Mapping[str, str]) -> Any:
    if isinstance(node, dict):
        return {_filled(key, values): _filled(value, values) for key, value in node.items()}
    if isinstance(node, list):
        return [_filled(one, values) for one in node]
    return _INPUT.sub(lambda found: values[found[1]], node) if isinstance(node, str) else node


def example_inputs() -> dict[str, str]:
    """The inputs that the example gives to the component."""
    (include,) = yaml.safe_load(EXAMPLE.read_text(encoding="utf-8"))["include"]
    return dict(include["inputs"])


def jobs_of(data: Mapping[str, Any]) -> dict[str, Job]:
    """The jobs of a pipeline by their names, without the hidden ones that they extend."""
    return {name: _job(name, one, data) for name, one in data.items() if isinstance(one, dict) and name[0] != "."}


def _job(name: str, one: dict[str, Any], data: Mapping[str, Any]) -> Job:
    base = data[one["extends"]]
    variables = {**base.get("variables", {}), **one.get("variables", {})}
    script = [line for part in one["script"] for line in (part if isinstance(part, list) else [part])]
    artifacts = one.get("artifacts", {})
    dotenv = artifacts.get("reports", {}).get("dotenv", "")
    needs, rules = tuple(one.get("needs", ())), tuple(one["rules"])
    return Job(name, tuple(script), variables, tuple(artifacts.get("paths", ())), rules, needs, dotenv)
