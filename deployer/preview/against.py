"""What changed since another commit: which messages came, went or read otherwise, and whatever else is declared."""

from __future__ import annotations

from dataclasses import field, replace
from typing import TYPE_CHECKING

from deployer.dataclass import dataclass
from deployer.forge.refs import find_commit
from deployer.messages import word_diff
from deployer.preview.declared_changes import changed, declared
from deployer.preview.message_values import MessageChange
from deployer.preview.values import Against, Gone
from deployer.workspace.earlier import earlier_at

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from deployer.forge.refs import Commit
    from deployer.preview.declared_changes import Declared
    from deployer.preview.message_values import MessageView
    from deployer.preview.values import Preview


@dataclass(slots=True)
class Base:
    """The commit to compare with. It is read once, and again when its name stands for another commit."""

    folder: Path
    environment: str | None
    ref: str
    _commit: Commit | None = None
    _messages: Mapping[str, MessageView] | None = None
    _declared: Declared = field(default_factory=dict)
    _note: str = ""

    def compare(self, shown: Preview, now: Declared) -> Preview:
        """Say of each message, and of ``now``, how it differs. Raises ``RefError`` for a commit that can't be read."""
        if not self.ref:
            return shown
        commit = find_commit(self.folder, self.ref)
        if commit != self._commit:
            self._messages, self._declared, self._note = _read(self.folder, commit, shown.environment)
            self._commit = commit
        others = changed(self._declared, now) if self._messages is not None else ()
        return compared(shown, Against(commit.ref, commit.id, changes=others), self._messages, self._note)


def _read(folder: Path, commit: Commit, environment: str) -> tuple[Mapping[str, MessageView] | None, Declared, str]:
    """The messages of a commit by address, and all that it declares; ``None`` with the reason where none can be."""
    from deployer.kinds.message import Message  # noqa: PLC0415 - only a comparison reads a second project
    from deployer.preview.messages import message_view  # noqa: PLC0415 - as above

    with earlier_at(folder, commit) as workspace:
        if workspace is None:
            return {}, {}, ""
        if workspace.settings is None:
            return None, {}, f"`deployer.yaml` can't be read as it was at {commit.ref}"
        if environment not in workspace.settings.environments:
            return None, {}, f"there was no environment `{environment}` at {commit.ref}"
        project = workspace.linked(environment).project
        messages = {message.address: message_view(message, project) for message in project.all(Message)}
        return messages, declared(project), ""


def compared(shown: Preview, against: Against, base: Mapping[str, MessageView] | None, note: str = "") -> Preview:
    """Put the differences into a preview; ``base`` is ``None`` where there is nothing to compare with: ``note``."""
    if base is None:
        unknown = MessageChange("unknown", note=note)
        messages = tuple(replace(view, change=unknown) for view in shown.messages)
        return replace(shown, messages=messages, against=against)
    messages = tuple(replace(view, change=_change(view, base.get(view.address))) for view in shown.messages)
    here = {view.address for view in shown.messages}
    gone = tuple(_gone(view) for address, view in base.items() if address not in here)
    return replace(shown, messages=messages, against=replace(against, gone=gone))


def _gone(view: MessageView) -> Gone:
    return Gone(view.address, view.id, view.channel, {part.name: part.composer for part in view.parts})


def _change(now: MessageView, before: MessageView | None) -> MessageChange | None:
    if before is None:
        return MessageChange("added")
    if now.state != "ok":
        return MessageChange("unknown", note="It can't be read as it is now.")
    if before.state != "ok":
        return MessageChange("unknown", note="It could not be read as it was.")
    old = {part.name: part.composer for part in before.parts}
    new = {part.name: part.composer for part in now.parts}
    names = [*new, *(name for name in old if name not in new)]
    differ = {name: word_diff(old.get(name, ""), new.get(name, "")) for name in names if old.get(name) != new.get(name)}
    segments = _segments(before, now)
    around = _around(before, now, segments)
    if not differ and not around:
        return None
    former = {sample.name: sample.parts["body"] for sample in before.samples if "body" in sample.parts}
    note = "" if differ else f"The words are the same; changed: {', '.join(around)}."
    return MessageChange("changed", differ, former, segments, note, _html(before) if "html" in differ else "")


def _html(view: MessageView) -> str:
    """An email as it was, for its usual sample."""
    sample = view.usual()
    return "".join(run.text for run in sample.parts.get("html", ())) if sample else ""


def _around(before: MessageView, now: MessageView, segments: tuple[object, object] | None) -> list[str]:
    """What changed of a message beside its words, for a reader."""
    seen = {
        "the sender": before.sender != now.sender,
        "the picture": before.picture != now.picture,
        "the length": segments is not None and segments[0] != segments[1],
    }
    return [name for name, differs in seen.items() if differs]


def _segments(before: MessageView, now: MessageView) -> tuple[tuple[int, int], tuple[int, int]] | None:
    old, new = before.segments(), now.segments()
    return (old, new) if old and new else None
