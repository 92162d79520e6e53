"""The Language Server Protocol over ``deployer.editor``: positions and values are turned, nothing is decided here."""

from __future__ import annotations

import asyncio
import logging
import tempfile
from collections import Counter
from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Protocol

from lsprotocol import types as lsp
from pygls.lsp.server import LanguageServer
from pygls.uris import from_fs_path, to_fs_path

from deployer import __version__, render_messages
from deployer.atomic import write_file
from deployer.dataclass import dataclass
from deployer.editor.completing import complete
from deployer.editor.desk import Desk
from deployer.editor.fixing import fixes, problem_span
from deployer.editor.inlays import inlays
from deployer.editor.lenses import lenses
from deployer.editor.looking import definitions, hover, uses
from deployer.editor.renaming import renamable, rename
from deployer.editor.values import Place, Span, What
from deployer.errors import DeployerError
from deployer.source import Severity, project_folder
from deployer.source.editing.canonical import CantWriteError
from deployer.source.root import SETTINGS_NAMES
from deployer.source.source_file import SourceFile
from deployer.views.render_html import render_html
from deployer.workspace.formatting import text_form

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pygls.server import ServerErrors

    from deployer.editor.values import Proposal, TextEdit
    from deployer.source import Problem
    from deployer.workspace.workspace import Workspace

QUIET = 0.15
"""Seconds without a keystroke after which the project is checked."""

_SEVERITIES = {
    Severity.ERROR: lsp.DiagnosticSeverity.Error,
    Severity.WARNING: lsp.DiagnosticSeverity.Warning,
    Severity.INFO: lsp.DiagnosticSeverity.Information,
}
_KINDS = {
    What.KEY: lsp.CompletionItemKind.Field,
    What.VALUE: lsp.CompletionItemKind.EnumMember,
    What.REFERENCE: lsp.CompletionItemKind.Reference,
    What.PROPERTY: lsp.CompletionItemKind.Property,
    What.ATTRIBUTE: lsp.CompletionItemKind.Property,
    What.MACRO: lsp.CompletionItemKind.Function,
}


@dataclass(slots=True)
class _Open:
    """The projects of the files that the editor has open, and what was last published about them."""

    desks: dict[Path, Desk] = field(default_factory=dict)
    published: dict[Path, set[str]] = field(default_factory=dict)
    strokes: Counter[Path] = field(default_factory=Counter)

    def desk(self, uri: str) -> tuple[Desk, str] | None:
        """The project that a file is in, and its path there; ``None`` for one that is in no project."""
        name = to_fs_path(uri)
        if name is None:
            return None
        place = Path(name).resolve()
        root = project_folder(place.parent).resolve()
        if not any((root / settings).is_file() for settings in SETTINGS_NAMES):
            return None
        desk = self.desks.setdefault(root, Desk(root))
        return desk, place.relative_to(root).as_posix()


class _Positioned(Protocol):
    """Parameters that name a place in a file."""

    text_document: lsp.TextDocumentIdentifier
    position: lsp.Position


class Language(LanguageServer):
    """The server, with the projects that it answers for."""

    def __init__(self) -> None:
        super().__init__("deployer", __version__, text_document_sync_kind=lsp.TextDocumentSyncKind.Incremental)
        self.opened = _Open()
        self.lost: OSError | None = None

    def report_server_error(self, error: Exception, source: ServerErrors) -> None:
        """Show an error in the editor; one of the output itself can't be shown there, and ends the session."""
        if not isinstance(error, OSError):
            super().report_server_error(error, source)
            return
        self.lost = error
        if self._stop_event is not None:
            self._stop_event.set()

    def at(self, params: _Positioned) -> tuple[Desk, str, Place] | None:
        """What a position of the protocol is here."""
        opened = self.opened.desk(params.text_document.uri)
        if opened is None:
            return None
        document = self.workspace.get_text_document(params.text_document.uri)
        position = document.position_codec.position_from_client_units(document.lines, params.position)
        return (*opened, Place(position.line, position.character))

    def range(self, desk: Desk, span: Span) -> lsp.Range:
        """A stretch of a file in the units of the protocol."""
        text = desk.text(span.path)
        return lsp.Range(*(self._position(text.line(place.line), place) for place in (span.start, span.end)))

    def _position(self, line: str, place: Place) -> lsp.Position:
        units = self.workspace.position_codec.client_num_units(line[: place.column])
        return lsp.Position(place.line, units)

    def location(self, desk: Desk, span: Span) -> lsp.Location:
        """A stretch with its file."""
        return lsp.Location(uri_of(desk, span.path), self.range(desk, span))

    def edit(self, desk: Desk, changes: Iterable[TextEdit]) -> lsp.WorkspaceEdit:
        """Changes of several files."""
        found: dict[str, list[lsp.TextEdit]] = {}
        for change in changes:
            edits = found.setdefault(uri_of(desk, change.span.path), [])
            edits.append(lsp.TextEdit(self.range(desk, change.span), change.text))
        return lsp.WorkspaceEdit(changes=dict(found))

    def publish(self, desk: Desk) -> None:
        """Show everything that is wrong with a project, and take back what no longer is."""
        problems = desk.problems()
        for path in {*problems, *desk.open, *self.opened.published.get(desk.root, ())}:
            shown = [self.diagnostic(desk, problem) for problem in problems.get(path, ())]
            self.text_document_publish_diagnostics(lsp.PublishDiagnosticsParams(uri_of(desk, path), shown))
        self.opened.published[desk.root] = set(problems)

    def diagnostic(self, desk: Desk, problem: Problem) -> lsp.Diagnostic:
        """A finding in the words of the protocol."""
        words = f"{problem.message}\nhint: {problem.hint}" if problem.hint else problem.message
        return lsp.Diagnostic(
            self.range(desk, problem_span(desk, problem)),
            words,
            severity=_SEVERITIES[problem.severity],
            code=problem.rule,
            source="deployer",
        )


def uri_of(desk: Desk, path: str) -> str:
    """The address of a file of a project."""
    uri = from_fs_path(str(desk.root / path))
    assert uri is not None
    return uri


server = Language()


def _unless_lost(record: logging.LogRecord) -> bool:
    """Leave out the library's traceback for answers that can't be written: that is raised, and reported as an error."""
    error = record.exc_info[1] if record.exc_info else None
    return not (isinstance(error, OSError) and str(record.msg).startswith("Error sending data"))


def begin(workspace: Workspace, input_: BinaryIO, output: BinaryIO) -> None:
    """Answer an editor until it ends the session; ``workspace`` is the project in the folder where it was started.

    Raises ``OSError`` where the answers can't be written.
    """
    server.opened.desks[workspace.root.resolve()] = Desk.of(workspace)
    logging.getLogger("pygls.protocol.json_rpc").addFilter(_unless_lost)
    server.start_io(input_, output)
    if server.lost is not None:
        raise server.lost


@server.feature(lsp.TEXT_DOCUMENT_DID_OPEN)
@server.feature(lsp.TEXT_DOCUMENT_DID_CHANGE)
async def changed(ls: Language, params: lsp.DidOpenTextDocumentParams | lsp.DidChangeTextDocumentParams) -> None:
    """Take over what is typed, and check the project once the typing pauses."""
    opened = ls.opened.desk(params.text_document.uri)
    if opened is None:
        return
    desk, path = opened
    desk.write(path, ls.workspace.get_text_document(params.text_document.uri).source)
    ls.opened.strokes[desk.root] += 1
    stroke = ls.opened.strokes[desk.root]
    await asyncio.sleep(QUIET)
    if stroke == ls.opened.strokes[desk.root]:
        ls.publish(desk)


@server.feature(lsp.TEXT_DOCUMENT_DID_SAVE)
@server.feature(lsp.TEXT_DOCUMENT_DID_CLOSE)
def saved(ls: Language, params: lsp.DidSaveTextDocumentParams | lsp.DidCloseTextDocumentParams) -> None:
    """Read the disk again."""
    opened = ls.opened.desk(params.text_document.uri)
    if opened is None:
        return
    desk, path = opened
    if isinstance(params, lsp.DidCloseTextDocumentParams):
        desk.close(path)
    desk.refresh()
    ls.publish(desk)


@server.feature(lsp.WORKSPACE_DID_CHANGE_WATCHED_FILES)
def changed_on_disk(ls: Language, params: lsp.DidChangeWatchedFilesParams) -> None:
    """Read the disk again: a branch was switched, a file was written by another program."""
    del params
    for desk in ls.opened.desks.values():
        desk.refresh()
        ls.publish(desk)


@server.feature(
    lsp.TEXT_DOCUMENT_COMPLETION, lsp.CompletionOptions(trigger_characters=["{", "[", "'", '"', ".", "(", ":", " "])
)
def completion(ls: Language, params: lsp.CompletionParams) -> list[lsp.CompletionItem]:
    """Propose what can be typed."""
    at = ls.at(params)
    if at is None:
        return []
    desk, path, place = at
    return [_item(ls, desk, proposal) for proposal in complete(desk, path, place)]


def _item(ls: Language, desk: Desk, proposal: Proposal) -> lsp.CompletionItem:
    return lsp.CompletionItem(
        proposal.label,
        kind=_KINDS[proposal.what],
        detail=proposal.detail or None,
        documentation=lsp.MarkupContent(lsp.MarkupKind.Markdown, proposal.about) if proposal.about else None,
        filter_text=proposal.text,
        text_edit=lsp.TextEdit(ls.range(desk, proposal.span), proposal.text),
    )


@server.feature(lsp.TEXT_DOCUMENT_HOVER)
def explained(ls: Language, params: lsp.HoverParams) -> lsp.Hover | None:
    """Explain what is under the cursor."""
    at = ls.at(params)
    explanation = hover(*at) if at else None
    if at is None or explanation is None:
        return None
    return lsp.Hover(
        lsp.MarkupContent(lsp.MarkupKind.Markdown, explanation.markdown), ls.range(at[0], explanation.span)
    )


@server.feature(lsp.TEXT_DOCUMENT_DEFINITION)
def defined(ls: Language, params: lsp.DefinitionParams) -> list[lsp.Location]:
    """Go to what is under the cursor."""
    at = ls.at(params)
    return [ls.location(at[0], span) for span in definitions(*at)] if at else []


@server.feature(lsp.TEXT_DOCUMENT_REFERENCES)
def referenced(ls: Language, params: lsp.ReferenceParams) -> list[lsp.Location]:
    """List every mention of what is under the cursor."""
    at = ls.at(params)
    return [ls.location(at[0], span) for span in uses(*at)] if at else []


@server.feature(lsp.TEXT_DOCUMENT_PREPARE_RENAME)
def may_rename(ls: Language, params: lsp.PrepareRenameParams) -> lsp.Range | None:
    """Say whether an id is under the cursor."""
    at = ls.at(params)
    span = renamable(*at) if at else None
    return ls.range(at[0], span) if at and span else None


@server.feature(lsp.TEXT_DOCUMENT_RENAME, lsp.RenameOptions(prepare_provider=True))
def renamed(ls: Language, params: lsp.RenameParams) -> lsp.WorkspaceEdit | None:
    """Give a declaration another id."""
    at = ls.at(params)
    if at is None:
        return None
    try:
        return ls.edit(at[0], rename(*at, params.new_name))
    except DeployerError as error:
        ls.window_show_message(lsp.ShowMessageParams(lsp.MessageType.Error, f"{error.message}; {error.hint}"))
        return None


@server.feature(lsp.TEXT_DOCUMENT_CODE_ACTION, lsp.CodeActionOptions(code_action_kinds=[lsp.CodeActionKind.QuickFix]))
def actions(ls: Language, params: lsp.CodeActionParams) -> list[lsp.CodeAction]:
    """Offer what can be done about the findings on the lines that are selected."""
    opened = ls.opened.desk(params.text_document.uri)
    if opened is None:
        return []
    desk, path = opened
    lines = range(params.range.start.line, params.range.end.line + 1)
    return [
        lsp.CodeAction(
            fix.title,
            kind=lsp.CodeActionKind.QuickFix,
            diagnostics=[ls.diagnostic(desk, problem)],
            is_preferred=fix.sure,
            edit=ls.edit(desk, fix.changes),
        )
        for line in lines
        for problem, fix in fixes(desk, path, line)
    ]


@server.feature(lsp.TEXT_DOCUMENT_CODE_LENS)
def small_print(ls: Language, params: lsp.CodeLensParams) -> list[lsp.CodeLens]:
    """Show above each message what it takes."""
    opened = ls.opened.desk(params.text_document.uri)
    if opened is None:
        return []
    desk, path = opened
    return [
        lsp.CodeLens(
            ls.range(desk, lens.span),
            lsp.Command(lens.title, "deployer.preview", arguments=[str(desk.root), lens.address]),
        )
        for lens in lenses(desk, path)
    ]


@server.feature(lsp.TEXT_DOCUMENT_INLAY_HINT)
def values_beside(ls: Language, params: lsp.InlayHintParams) -> list[lsp.InlayHint]:
    """Show beside each macro what it prints for its event's usual sample."""
    opened = ls.opened.desk(params.text_document.uri)
    if opened is None:
        return []
    desk, path = opened
    return [
        lsp.InlayHint(
            ls.range(desk, inlay.at).start,
            inlay.text,
            kind=lsp.InlayHintKind.Parameter,
            tooltip=inlay.about,
            padding_left=True,
        )
        for inlay in inlays(desk, path, params.range.start.line, params.range.end.line)
    ]


@server.feature(lsp.TEXT_DOCUMENT_FORMATTING)
def formatted(ls: Language, params: lsp.DocumentFormattingParams) -> list[lsp.TextEdit]:
    """Write a YAML file in the canonical form; one that can't be written so stays."""
    opened = ls.opened.desk(params.text_document.uri)
    if opened is None or not opened[1].endswith((".yaml", ".yml")):
        return []
    desk, path = opened
    text = desk.text(path)
    try:
        canonical = text_form(SourceFile(path, text.text))
    except CantWriteError as error:
        words = f"{path}:{error.line} is left as it is: {error.reason}"
        ls.window_show_message(lsp.ShowMessageParams(lsp.MessageType.Warning, words))
        return []
    return [lsp.TextEdit(ls.range(desk, text.whole), canonical)] if canonical != text.text else []


@server.command("deployer.preview")
def preview(ls: Language, root: str, address: str) -> None:
    """Open a message as people read it, in the browser; the page is a temporary file."""
    project = ls.opened.desks[Path(root)].workspace.project(may_be_empty=True)
    page = render_html(render_messages(project, address.partition(".")[2]))
    folder = Path(tempfile.mkdtemp(prefix="deployer-"))
    write_file(folder / f"{address}.html", page + "\n")
    shown = lsp.ShowDocumentParams((folder / f"{address}.html").as_uri(), external=True)
    ls.window_show_document(shown)
