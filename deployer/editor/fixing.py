"""Changes that mend a finding, as its hint proposes; and a comment that leaves it out."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from deployer.contracts.infer import Concluded
from deployer.contracts.infer.event_yaml import with_properties
from deployer.editor.mentions import EVENT
from deployer.editor.values import Fix, Place, Span, TextEdit
from deployer.rules import RULES
from deployer.source import Correction, MissingProperty
from deployer.source.editing.mappings import CantAddError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deployer.editor.desk import Desk
    from deployer.editor.text import Text
    from deployer.source import Problem, Proposal
    from deployer.source.positions import Node

NEW_PROPERTY = {"type": "string", "minLength": 1, "maxLength": 80}
"""What a property is until someone says more: a text that may be in any message."""


def problem_span(desk: Desk, problem: Problem) -> Span:
    """The stretch of the file that a finding underlines."""
    text = desk.text(problem.position.path)
    start = Place(max(0, problem.position.line - 1), max(0, problem.position.column - 1))
    end = min(start.column + problem.length, max(start.column + 1, len(text.line(start.line))))
    return Span(problem.position.path, start, Place(start.line, end))


def fixes(desk: Desk, path: str, line: int) -> tuple[tuple[Problem, Fix], ...]:
    """What can be done about the findings on a line, each with its finding."""
    problems = [problem for problem in desk.problems().get(path, ()) if problem.position.line == line + 1]
    return tuple((problem, fix) for problem in problems for fix in _fixes(desk, problem))


def _fixes(desk: Desk, problem: Problem) -> Iterator[Fix]:
    for proposal in problem.proposals:
        yield from _proposed(desk, problem, proposal)
    if problem.rule in RULES:
        yield from _ignored(desk, problem)


def _proposed(desk: Desk, problem: Problem, proposal: Proposal) -> Iterator[Fix]:
    match proposal:
        case Correction():
            yield from _corrected(desk, problem, proposal)
        case MissingProperty():
            yield from _declared(desk, proposal.event, proposal.key)
        case _:
            assert_never(proposal)


def _corrected(desk: Desk, problem: Problem, correction: Correction) -> Iterator[Fix]:
    """The right words in the place of the wrong ones, where the underlined ones hold these as they are written."""
    span = problem_span(desk, problem)
    line = desk.text(span.path).line(span.start.line)
    words = line[span.start.column : span.end.column]
    title = f"Write {correction.right}" if correction.right.strip() else "Take it out"
    if correction.wrong in words:
        new = words.replace(correction.wrong, correction.right, 1) if correction.wrong else correction.right
        yield Fix(title, (TextEdit(span, new),))
        return
    begin = _around(line, correction.wrong, span)
    if begin is not None:
        start, end = Place(span.start.line, begin), Place(span.start.line, begin + len(correction.wrong))
        yield Fix(title, (TextEdit(Span(span.path, start, end), correction.right),))


def _around(line: str, words: str, span: Span) -> int | None:
    """Where the words of a line begin that hold what is underlined."""
    first = max(0, span.end.column - len(words))
    begins = (line.find(words, at) for at in range(first, span.start.column + 1))
    return next((begin for begin in begins if 0 <= begin <= span.start.column), None)


def _declared(desk: Desk, event: str, key: str) -> Iterator[Fix]:
    """Declare a property that a message names and its event doesn't have, with a value in the event's samples."""
    linked = desk.linked()
    resource = linked.project.resources.get(f"{EVENT}.{event}") if linked else None
    if resource is None:
        return
    concluded = Concluded(key, dict(NEW_PROPERTY), key.replace("_", " "), "say what it is, and its longest value")
    try:
        text = with_properties(resource.document, [concluded])
    except CantAddError:  # it is written in a way that no program adds to
        return
    whole = desk.text(resource.document.file.path).whole
    yield Fix(f"Declare the property {key} in {event}", (TextEdit(whole, text),), sure=False)


def _ignored(desk: Desk, problem: Problem) -> Iterator[Fix]:
    """A comment above the finding's line, or above the text that holds it; its reason is to be typed."""
    text = desk.text(problem.position.path)
    line = _begins(desk, text, problem)
    if line is None:
        return
    row = text.line(line)
    comment = f"{row[: len(row) - len(row.lstrip())]}# deployer: ignore[{problem.rule}] REASON\n"
    place = Place(line, 0)
    title = f"Ignore {problem.rule} here, with a reason"
    yield Fix(title, (TextEdit(Span(text.path, place, place), comment),), sure=False)


def _begins(desk: Desk, text: Text, problem: Problem) -> int | None:
    """The line of a finding in YAML; in a text of several lines, that of its key."""
    offset = text.offset(Place(problem.position.line - 1, problem.position.column - 1))
    settings = desk.workspace.sources.settings
    for document in (*desk.workspace.sources.documents, *([settings] if settings else [])):
        if document.file.path == text.path and document.span[0] <= offset <= document.span[1]:
            lines = (node for node in _scalars(document.node(())) if node.start < offset < node.end)
            inside = next(lines, None)
            return (inside.key.line if inside and inside.key else problem.position.line) - 1
    return None


def _scalars(node: Node) -> Iterator[Node]:
    if node.style is not None:
        yield node
    for child in node.children.values():
        yield from _scalars(child)
