"""A project as people read it: each message for each sample, journeys as pictures, problems at their places."""

from __future__ import annotations

from dataclasses import field, replace
from typing import TYPE_CHECKING

from deployer.dataclass import dataclass
from deployer.errors import UsageError
from deployer.forge.refs import RefError
from deployer.kinds.channels import Channel, facts
from deployer.preview.against import Base
from deployer.preview.declared_changes import declared
from deployer.preview.drafting import drafting
from deployer.preview.faults import fault, placed
from deployer.preview.journeys import journeys, uses
from deployer.preview.making import Known, make_views, make_views_again
from deployer.preview.message_values import MessageView, ShownProblem
from deployer.preview.messages import Memo
from deployer.preview.opt_ins import opt_ins
from deployer.preview.piece_digests import PieceDigests
from deployer.preview.starter import starter
from deployer.preview.trials import trials
from deployer.preview.tried_values import value_trials
from deployer.preview.values import ChannelView, KnownJourneys, Preview
from deployer.source import ProblemsError, Severity
from deployer.workspace.loading import load

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from deployer.preview.declared_changes import Declared
    from deployer.preview.making import Views
    from deployer.preview.values import JourneyView
    from deployer.project import Project
    from deployer.source import Problem
    from deployer.workspace.workspace import Workspace


def preview(
    workspace: Workspace, environment: str | None = None, against: str = "", memo: Memo | None = None
) -> Preview:
    """Show a project in one environment; ``against`` names a commit to compare its messages with.

    What is wrong in the project is part of the preview, at its place. With a ``memo``, only what changed since it was
    used last is rendered again. Raises ``UsageError`` for an unknown environment, ``ProblemsError`` where
    ``deployer.yaml`` can't be read, ``RefError`` where the commit can't.
    """
    return preview_once(workspace, environment, against, memo)[0]


def preview_once(
    workspace: Workspace, environment: str | None = None, against: str = "", memo: Memo | None = None
) -> tuple[Preview, tuple[Problem, ...]]:
    """The same, with all that is wrong in the project."""
    shown, problems, now = _now(workspace, environment, memo, against)
    return Base(workspace.root, environment, against).compare(shown, now), problems


def _now(
    workspace: Workspace, environment: str | None, memo: Memo | None, against: str
) -> tuple[Preview, tuple[Problem, ...], Declared]:
    """The project as it is, all that is wrong in it, and what it declares where that is compared."""
    project, problems = workspace.as_it_is(environment)
    known = _known(workspace, project) if memo is None else None
    made = make_views(project, known) if memo is None else make_views_again(project, memo)
    sent = uses(project)
    messages = tuple(replace(view, uses=sent.get(view.id, ())) for view in made.messages)
    settings, drawn = project.settings, journeys(project)
    shown = Preview(
        settings.project,
        settings.brand.name,
        project.environment.name,
        starter(project),
        channels=tuple(map(_channel, Channel)),
        messages=messages,
        journeys=drawn,
        opt_ins=opt_ins(project),
        trials=trials(project, _composer(messages)),
        drafting=drafting(project, made.vocabularies, made.everywhere),
        values=value_trials(project, messages),
        known=_known_journeys(known, drawn, made) if known else None,
    )
    return placed(shown, problems), problems, declared(project) if against else {}


def _known(workspace: Workspace, project: Project) -> Known | None:
    """What earlier runs made for this page, where something is kept."""
    if workspace.pieces is None or workspace.sources.settings is None:
        return None
    return Known(workspace.pieces, PieceDigests(project, workspace.sources.settings))


def _known_journeys(known: Known, views: Iterable[JourneyView], made: Views) -> KnownJourneys:
    return KnownJourneys(known.pieces, {view.address: known.digests.drawn(view, made.digests) for view in views})


def _composer(messages: Iterable[MessageView]) -> dict[str, dict[str, str]]:
    """The composer text of what can be shown, by the message's id and its parts."""
    return {view.id: {part.name: part.composer for part in view.parts} for view in messages if view.state == "ok"}


def _channel(channel: Channel) -> ChannelView:
    known = facts(channel)
    parts = {part.name: part.label for part in known.parts}
    return ChannelView(channel, channel.title(), known.look, known.lead, parts)


@dataclass(slots=True)
class Previewer:
    """Shows a folder again and again while someone edits it, and keeps the last good rendering of what is broken.

    ``problems`` are those of the last look, for the terminal.
    """

    folder: Path
    environment: str | None = None
    against: str = ""
    memo: Memo = field(default_factory=Memo)
    problems: tuple[Problem, ...] = ()
    _base: Base | None = None
    _last: Preview | None = None
    _good: dict[str, MessageView] = field(default_factory=dict)

    def look(self) -> Preview:
        """Show the folder as it is now.

        The first time it raises what ``preview`` raises; later on it shows what was there last, as stale, with what
        went wrong.
        """
        try:
            shown = self._fresh()
        except (UsageError, ProblemsError, RefError) as error:
            if self._last is None:
                raise
            return replace(self._last, state="stale", faults=self._reasons(error))
        self._last = shown
        return shown

    def _fresh(self) -> Preview:
        workspace = load(self.folder)
        self.problems = workspace.problems
        shown, self.problems, now = _now(workspace, self.environment, self.memo, self.against)
        if self._base is None:
            self._base = Base(self.folder, self.environment, self.against)
        return self._base.compare(self._with_stale(shown), now)

    def _with_stale(self, shown: Preview) -> Preview:
        """Put the last good rendering in the place of a message that can't be read now, or not even be found."""
        present = {view.address for view in shown.messages}
        broken = {problem.file for problem in shown.faults if problem.severity == Severity.ERROR}
        lost = [
            replace(view, state="stale", faults=tuple(problem for problem in shown.faults if _explains(problem, view)))
            for address, view in self._good.items()
            if address not in present and view.spot.file in broken
        ]
        messages = [self._kept(view) for view in shown.messages]
        self._good = {view.address: replace(view, change=None) for view in messages if view.state == "ok"} | {
            view.address: replace(view, faults=()) for view in (*lost, *messages) if view.state == "stale"
        }
        merged = sorted((*messages, *lost), key=lambda view: view.address)
        return replace(shown, messages=tuple(merged))

    def _kept(self, view: MessageView) -> MessageView:
        good = self._good.get(view.address)
        if view.state != "error" or good is None:
            return view
        return replace(good, state="stale", faults=view.faults, uses=view.uses, spot=view.spot)

    def _reasons(self, error: UsageError | ProblemsError | RefError) -> tuple[ShownProblem, ...]:
        if isinstance(error, ProblemsError):
            self.problems = error.problems
            return tuple(fault(problem) for problem in error.problems)
        self.problems = ()
        return (ShownProblem("", "error", error.message, error.hint, "", 0, 0, "", 0),)


def _explains(problem: ShownProblem, view: MessageView) -> bool:
    return problem.file == view.spot.file or problem.address == view.address
