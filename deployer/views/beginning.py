"""What `init` and `new` wrote, and what to do next."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from deployer.contracts.infer import words
from deployer.nouns import counted
from deployer.views import terminal
from deployer.views.json_text import json_text
from deployer.views.outline import Command, Copy, Entry, Run, Tone, entry, labelled
from deployer.views.problems.json_report import problem_object

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deployer.authoring.beginning import Beginning
    from deployer.authoring.declaring import Declared
    from deployer.views.outline import Node

_LEFT_TO_DO = (
    ("PLACEHOLDER", "a screenshot of the page on which customers agree goes in its place"),
    ("legal/", "a draft: have your lawyers read it, as Attentive's review will"),
    (".github/workflows/", "set the repository variable DEPLOYER to what pip installs"),
    (".gitlab-ci.yml", "set the variable DEPLOYER to what pip installs"),
    ("events/captured", "read it: what is optional, who is the customer, what is personal"),
)
_NEXT = (
    ("see what customers read", "deployer render"),
    ("see what would be done", "deployer plan"),
    ("do it in the sandbox, where no one is messaged", "deployer apply"),
)


def next_commands(begun: Beginning, here: str) -> tuple[tuple[str, str], ...]:
    """The three next commands with what each is for; ``here`` is the folder where they are typed."""
    folder = str(begun.folder)
    into = "" if _is_here(begun, here) else f"cd {shlex.quote(folder)} && "
    first, *others = _NEXT
    return ((first[0], into + first[1]), *others)


def _is_here(begun: Beginning, here: str) -> bool:
    return begun.folder.resolve() == Path(here).resolve()


def beginning_text(begun: Beginning, here: str, *, color: bool = False, width: int = 80) -> str:
    """Show what was begun on a terminal."""
    return terminal.write(_begun(begun, here), color=color, width=width)


def beginning_json(begun: Beginning, here: str) -> str:
    """Write what was begun as JSON: ``{"version": 1, "folder", "written", "kept", "to_do", "problems", "next"}``."""
    return json_text(
        {
            "version": 1,
            "folder": str(begun.folder),
            "written": list(begun.written),
            "kept": list(begun.kept),
            "to_do": [{"file": path, "what": what} for path, what in _to_do(begun)],
            "problems": [problem_object(problem) for problem in begun.problems],
            "next": [command for _, command in next_commands(begun, here)],
        }
    )


def _begun(begun: Beginning, here: str) -> Iterator[Node]:
    shown = [path for path in begun.written if not path.startswith(".schemas/")]
    schemas = len(begun.written) - len(shown)
    yield entry("Began a project here:" if _is_here(begun, here) else f"Began a project in {begun.folder}:")
    yield from (entry(Run(path, code=True), marker="+", tone=Tone.GOOD) for path in shown)
    if schemas:
        yield entry(f"{counted(schemas, 'schema')} in .schemas, for editors", marker="+", tone=Tone.GOOD)
    yield from (labelled("left as it is", path) for path in begun.kept if not path.startswith(".schemas/"))
    yield from _found(begun)
    yield Entry((Run("Before customers see it:"),), tuple(_labelled(begun)), apart=True)
    if not begun.problems:
        yield Entry((Run("`deployer validate` finds no problem. Next:"),), apart=True)
    for label, command in next_commands(begun, here):
        yield Command(label, command)


def _found(begun: Beginning) -> Iterator[Node]:
    """What captured payloads showed that is worth a look."""
    if begun.inferred is None:
        return
    for event in begun.inferred.events:
        events = counted(event.payloads, "payload")
        yield entry(
            f"{event.name}: {counted(len(event.added), 'property').replace('propertys', 'properties')} from {events}"
        )


def _labelled(begun: Beginning) -> Iterator[Node]:
    yield from (entry(Run(path, code=True), f": {what}") for path, what in _to_do(begun))


def _to_do(begun: Beginning) -> Iterator[tuple[str, str]]:
    if begun.include:
        yield ".gitlab-ci.yml", f"GitLab reads the repository's top only: write `include: {begun.include}` there"
    for path in begun.written:
        yield from ((path, what) for part, what in _LEFT_TO_DO if part in path)
        if path.startswith("events/captured"):
            yield from ((path, what) for what in _ids_to_write(begun))


def _ids_to_write(begun: Beginning) -> Iterator[str]:
    """The events whose names have nothing that an id could be made of."""
    for event in begun.inferred.events if begun.inferred else ():
        if not words(event.name):
            made_up = event.address.partition(".")[2]
            why = f"nothing in “{event.name}” can be spelled in ASCII"
            yield f"`{made_up}` is a made-up id, since {why}: replace it here and in all files before the first apply"


def declared_text(declared: Declared, *, dry_run: bool = False, color: bool = False, width: int = 80) -> str:
    """Show a new resource on a terminal: where it is, or of a ``dry_run`` would be, and its YAML."""
    return terminal.write(_declared(declared, dry_run=dry_run), color=color, width=width)


def declared_json(declared: Declared, *, dry_run: bool = False) -> str:
    """Write a new resource as JSON: ``{"version": 1, "written", "address", "path", "yaml", "files", "problems"}``."""
    return json_text(
        {
            "version": 1,
            "written": not dry_run,
            "address": declared.address,
            "path": declared.path,
            "yaml": declared.text,
            "files": sorted(declared.files),
            "problems": [problem_object(problem) for problem in declared.problems],
        }
    )


def _declared(declared: Declared, *, dry_run: bool) -> Iterator[Node]:
    wrote = "Would write" if dry_run else "Wrote"
    yield Copy(f"{wrote} {declared.address} to {declared.path}", declared.text.removesuffix("\n"))
    for path in sorted(set(declared.files) - {declared.path}):
        yield labelled(wrote.lower(), path)
    for problem in declared.problems:
        yield labelled(problem.severity.value, f"{problem.message} [{problem.rule}]", Tone.WARN)
        if problem.hint:
            yield labelled("hint", problem.hint, Tone.INFO)
