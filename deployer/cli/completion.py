"""What a shell completes: environments, addresses, ids, samples, tokens and rules of the project that is worked on.

A shell that completes must neither fail nor print: where the project or its record can't be read there is nothing to
offer. ``docs/completion.md`` shows how each shell is set up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployer.errors import DeployerError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    import click
    from click.shell_completion import CompletionItem

    from deployer.workspace.workspace import Workspace

    Completer = Callable[[click.Context, click.Parameter, str], list[CompletionItem]]
    Source = Callable[[click.Context], Iterable[tuple[str, str]]]


def _completer(source: Source) -> Completer:
    """Offer what begins like the word; ``source`` gives each with a line about it."""

    def complete(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        from click.shell_completion import CompletionItem

        del param
        try:
            words = dict(source(ctx))
        except (DeployerError, OSError):
            return []
        return [CompletionItem(word, help=words[word]) for word in sorted(words) if word.startswith(incomplete)]

    return complete


def _given(ctx: click.Context, option: str) -> str:
    """What was typed for an option, before the command or after it; empty where nothing was."""
    for context in (ctx, ctx.find_root()):
        value = context.params.get(option)
        if value:
            return str(value[0] if isinstance(value, tuple) else value)
    return ""


def _folder(ctx: click.Context) -> Path:
    from pathlib import Path

    from deployer.source import project_folder

    return project_folder(Path(_given(ctx, "project") or "."))


def _workspace(ctx: click.Context) -> Workspace:
    from deployer.workspace.loading import load

    return load(_folder(ctx))


def _environments(ctx: click.Context) -> Iterator[tuple[str, str]]:
    from deployer.workspace.loading import load_settings

    settings = load_settings(_folder(ctx))
    yield from ((name, f"target: {settings.environment(name).target}") for name in settings.environments())


def _resources(ctx: click.Context) -> Iterator[tuple[str, str]]:
    """Every address with the first line of its description."""
    project = _workspace(ctx).linked(_given(ctx, "env") or None).project
    for address, resource in project.resources.items():
        yield address, str(resource.body.get("description", "")).partition("\n")[0]


def _ids(*kinds: str) -> Source:
    """Ids of declared resources of some kinds, by the front of their address."""

    def source(ctx: click.Context) -> Iterator[tuple[str, str]]:
        for address, line in _resources(ctx):
            kind, _, name = address.partition(".")
            if kind in kinds:
                yield name, line

    return source


def _drawable(ctx: click.Context) -> Iterator[tuple[str, str]]:
    """What `render` takes: messages by their id, journeys by their address."""
    for address, line in _resources(ctx):
        kind, _, name = address.partition(".")
        if kind in {"message", "journey"}:
            yield (name if kind == "message" else address), line


def _samples(ctx: click.Context) -> Iterator[tuple[str, str]]:
    """The samples of all events: which one is meant may come after them on the line."""
    from deployer.kinds.event_type import EventType

    project = _workspace(ctx).linked(_given(ctx, "env") or None).project
    for event in project.all(EventType):
        yield from ((name, f"a sample of {event.id}") for name in event.samples)


def _tokens(ctx: click.Context) -> Iterator[tuple[str, str]]:
    """The tasks that can be confirmed, by token, with their title."""
    from deployer.app.issue_sync import task_board
    from deployer.forge.boxes import Scope
    from deployer.kinds.records import open_record
    from deployer.workspace.loading import load_settings

    folder = _folder(ctx)
    settings = load_settings(folder)
    environment = settings.environment(_given(ctx, "env") or None)
    state = open_record(environment.state, root=folder, environment=environment.name).read()
    board = task_board(state, Scope("", environment.name)) if state else None
    for open_task in board.waiting if board else ():
        if open_task.task.confirmable:
            yield open_task.task.token, open_task.task.title


def _rules(_ctx: click.Context) -> Iterator[tuple[str, str]]:
    from deployer.rules import CATALOGUE

    yield from ((name, rule.title) for name, rule in CATALOGUE.items())


environments = _completer(_environments)
addresses = _completer(_resources)
messages_and_journeys = _completer(_drawable)
journeys = _completer(_ids("journey"))
events = _completer(_ids("event_type"))
journeys_and_events = _completer(_ids("journey", "event_type"))
opt_ins = _completer(_ids("opt_in_source"))
journey_tests = _completer(_ids("journey_test"))
samples = _completer(_samples)
tokens = _completer(_tokens)
rules = _completer(_rules)
