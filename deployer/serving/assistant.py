"""The Model Context Protocol: tools that read a project, for assistants. Nothing is written, here or at Attentive."""

from __future__ import annotations

import difflib
import functools
import io
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ResourceError, ToolError

import deployer
from deployer import __version__
from deployer.app.simulating import Scene, needed, simulate_event, subscriptions_named
from deployer.authoring.declaring import NewResource, declare
from deployer.errors import DeployerError, UsageError
from deployer.kinds import BY_SNAKE
from deployer.project.overview import Wanted, declaration, listed
from deployer.rules import CATALOGUE
from deployer.simulation import SUBSCRIBED
from deployer.source import ProblemsError, near_or_few, schema, schema_names
from deployer.views import contracts, overview, timeline
from deployer.views import plan as plan_view
from deployer.views import render as render_view
from deployer.views.problems import Report, rule_markdown
from deployer.views.problems import render as render_problems
from deployer.workspace.around_errors import messages_meant, project_around_errors
from deployer.workspace.formatting import Form, file_forms
from deployer.workspace.loading import load
from deployer.workspace.trial import with_files

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from pathlib import Path

    from deployer.project import Project
    from deployer.source import Problem
    from deployer.workspace.workspace import Workspace

INSTRUCTIONS = """\
deployer keeps a shop's transactional journeys at Attentive as YAML. These tools read the project in the folder where
the server was started: nothing is written there or at Attentive, and no one is messaged. Begin with `validate` and
`list_declarations`.
A change is proposed as a patch, for a person to apply with `git apply`. The words of a text follow strict rules:
look at `explain` for the rule that a finding names."""


def serve(project: Path) -> None:
    """Answer on standard input and output until it is closed. Raises ``OSError`` where the answers can't be written."""
    try:
        make_server(project).run("stdio")
    except ExceptionGroup as several:
        lost, other = several.split(OSError)
        if lost is None or other is not None:
            raise
        raise _first(lost) from several


def _first(several: ExceptionGroup[OSError]) -> OSError:
    group = several.exceptions[0]
    return _first(group) if isinstance(group, ExceptionGroup) else group


def make_server(project: Path) -> MCPServer:
    """A server with every tool for the project in a folder, which is read again for each question."""
    server = MCPServer("deployer", version=__version__, instructions=INSTRUCTIONS, log_level="ERROR")
    desk = _Tools(project)
    for tool in (
        desk.validate,
        desk.explain,
        desk.list_declarations,
        desk.show,
        desk.search,
        desk.render,
        desk.simulate,
        desk.plan,
        desk.check,
        desk.propose_resource,
        desk.propose_format,
        desk.propose_edit,
    ):
        server.tool()(_answering_failures(tool))
    server.resource("deployer://schemas/{name}", mime_type="application/schema+json")(_schema)
    server.resource("deployer://rules/{family}/{name}", mime_type="text/markdown")(_rule)
    return server


def _answering_failures(tool: Callable[..., Any]) -> Callable[..., Any]:
    """The same tool, whose expected failures are answers: what happened, and what to do."""

    @functools.wraps(tool)
    def safe(*args: Any, **given: Any) -> Any:
        try:
            return tool(*args, **given)
        except DeployerError as error:
            words = f"{error.message}\nhint: {error.hint}" if error.hint else error.message
            more = [
                f"{problem.position.path}:{problem.position.line} {problem.rule}: {problem.message}"
                for problem in _problems(error)
            ]
            raise ToolError("\n".join([words, *more])) from error

    return safe


def _problems(error: DeployerError) -> tuple[Problem, ...]:
    return error.problems if isinstance(error, ProblemsError) else ()


def _schema(name: str) -> str:
    """The JSON Schema of a kind, of deployer.yaml (`deployer`), or of what a command prints."""
    if name not in schema_names():
        raise ResourceError(f"there is no schema `{name}`; {near_or_few(name, schema_names(), 'schemas')}")
    return json.dumps(schema(name), ensure_ascii=False)


def _rule(family: str, name: str) -> str:
    """A rule: why it matters, a bad and a good example."""
    rule = f"{family}/{name}"
    if rule not in CATALOGUE:
        raise ResourceError(f"there is no rule `{rule}`; {near_or_few(rule, CATALOGUE, 'rules')}")
    return rule_markdown(CATALOGUE[rule], heading="#")


class _Tools:
    """The tools, for the project in one folder. Each docstring is what an assistant reads about its tool."""

    def __init__(self, project: Path) -> None:
        self.project = project

    def validate(self, environment: str = "") -> dict[str, Any]:
        """Check the project: every problem with file, line, rule and hint. No environment: all of them."""
        workspace = load(self.project)
        checked = workspace.checked(environment or None)
        name = workspace.settings.project if workspace.settings else ""
        report = Report(checked.problems, workspace.files, checked.suppressed, "", strict=False, project=name)
        return _object(render_problems("json", report))

    def explain(self, rule: str) -> str:
        """Explain a rule by its id (`message/optional-in-text`): why it matters, a bad and a good example."""
        if rule not in CATALOGUE:
            raise UsageError(f"there is no rule `{rule}`", near_or_few(rule, CATALOGUE, "rules"))
        return rule_markdown(CATALOGUE[rule], heading="#")

    def list_declarations(self, kind: str = "", uses: str = "", used_by: str = "", owner: str = "") -> dict[str, Any]:
        """List what is declared, with its place. `kind` is in snake_case, `uses` and `used_by` are addresses or ids."""
        if kind and kind not in BY_SNAKE:
            raise UsageError(f"there is no kind `{kind}`", near_or_few(kind, BY_SNAKE, "kinds"))
        project = self._project()
        items = listed(project, Wanted(kind, uses, used_by, owner))
        return _object(overview.list_json(project.environment.name, items))

    def show(self, address: str, environment: str = "") -> dict[str, Any]:
        """Show a declaration by its address (`journey.order_shipped`): each value with its place, and what uses it."""
        return _object(overview.show_json(declaration(self._project(environment), address), None))

    def search(self, words: str) -> dict[str, Any]:
        """Find declarations that hold all of these words in ids, names, descriptions or texts, capitals aside."""
        wanted = words.casefold().split()
        if not wanted:
            raise UsageError("no words were given", "pass one or more words")
        hits = [
            {"address": resource.address, "name": resource.body.get("name", ""), "file": place.path, "line": place.line}
            for resource in self._project().resources.values()
            for place in [resource.locate(("id",))]
            if all(word in json.dumps(dict(resource.body), ensure_ascii=False).casefold() for word in wanted)
        ]
        return {"found": hits}

    def render(self, message: str, sample: str = "") -> dict[str, Any]:
        """Show a message as a customer reads it, with its length in segments; `sample` may be `all`."""
        project = self._part(lambda project: messages_meant(project, message))
        return _object(render_view.render_json(deployer.render_messages(project, message, sample)))

    def simulate(self, name: str, sample: str = "", at: str = "", subscribed: str = "") -> dict[str, Any]:
        """Show what one subscriber gets after an event or in a journey, when and why, on a virtual clock.

        `at` is a time such as `2026-05-10 21:30`; `subscribed` is transactional, both, marketing or nothing.
        """
        if subscribed and subscribed not in SUBSCRIBED:
            raise UsageError(f"`{subscribed}` isn't a subscription", near_or_few(subscribed, SUBSCRIBED, "it may be"))
        body = {"subscriptions": subscriptions_named(subscribed)} if subscribed else {}
        now = datetime.now(UTC).replace(second=0, microsecond=0)
        project = self._part(lambda project: needed(project, name))
        simulated = simulate_event(project, name, Scene(now=now, sample=sample, at=at, subscriber=body))
        return _object(timeline.timeline_json(simulated))

    def plan(self, environment: str = "") -> dict[str, Any]:
        """Compare what is declared with what is recorded: what would change, and who does it. Needs no key."""
        with deployer.connect(load(self.project), environment or None) as connection:
            return _object(plan_view.plan_json(deployer.plan(connection, offline=True)))

    def check(self, event: str, payloads: list[dict[str, Any]]) -> dict[str, Any]:
        """Hold payloads (request bodies, or their properties) against what an event type declares."""
        stream = io.BytesIO("\n".join(json.dumps(payload) for payload in payloads).encode())
        report = deployer.check_payloads(self._project(), event, deployer.payload_files(("-",)), stdin=stream)
        return _object(contracts.check_json(report, values=False))

    def propose_resource(self, kind: str, name: str, event: str = "", app: str = "") -> str:
        """Propose a new declaration that validates, as a patch. `kind` in snake_case; a message needs its `event`."""
        if kind not in BY_SNAKE:
            raise UsageError(f"there is no kind `{kind}`", near_or_few(kind, BY_SNAKE, "kinds"))
        workspace = load(self.project)
        declared = declare(workspace, None, NewResource(BY_SNAKE[kind], name, event, app))
        texts = {path: file if isinstance(file, str) else file.decode() for path, file in declared.files.items()}
        return "".join(_patch(path, _text(workspace, path), text) for path, text in sorted(texts.items()))

    def propose_format(self) -> str:
        """Propose the canonical form of the project's YAML, as a patch; empty where every file is in it."""
        forms = file_forms(load(self.project))
        return "".join(_patch(form.path, form.before, form.after) for form in forms if form.form is Form.REWRITTEN)

    def propose_edit(self, path: str, text: str) -> dict[str, Any]:
        """Propose a new text for a file of the project: the patch, and what `validate` would find after it."""
        workspace = load(self.project)
        after = with_files(workspace, {path: text})
        patch = _patch(path, _text(workspace, path), text)
        name = workspace.settings.project if workspace.settings else ""
        report = Report(after.checked().problems, after.files, (), "", strict=False, project=name)
        return {"patch": patch, "findings": _object(render_problems("json", report))}

    def _part(self, asked_for: Callable[[Project], Collection[str]]) -> Project:
        """What is asked for, where that is without errors; `validate` shows those of the rest."""
        return project_around_errors(load(self.project), None, asked_for).project

    def _project(self, environment: str = "") -> Project:
        return load(self.project).project(environment or None)


def _object(text: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(text)
    return data


def _text(workspace: Workspace, path: str) -> str | None:
    """A file's text; ``None`` for one that isn't there yet."""
    return workspace.sources.files.text(path) if path in workspace.sources.files.paths() else None


def _patch(path: str, before: str | None, after: str) -> str:
    """A change of one file as `git apply` takes it. For git only a line feed ends a line, not a U+2028 in a text."""
    old, new = (list(io.StringIO(text, newline="\n")) for text in (before or "", after))
    rows = difflib.unified_diff(old, new, f"a/{path}" if before is not None else "/dev/null", f"b/{path}")
    return "".join(row if row.endswith("\n") else f"{row}\n\\ No newline at end of file\n" for row in rows)
