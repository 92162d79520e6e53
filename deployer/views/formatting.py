"""What `fmt` wrote, would write, and left alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployer.nouns import counted
from deployer.views import terminal
from deployer.views.json_text import json_text
from deployer.views.outline import Run, Tone, entry, labelled
from deployer.workspace.formatting import Form

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from deployer.views.outline import Node
    from deployer.workspace.formatting import FileForm


def forms_text(forms: Sequence[FileForm], *, written: bool, color: bool = False, width: int = 80) -> str:
    """Show on a terminal which files changed or, where nothing is ``written``, would change."""
    return terminal.write(_forms(forms, written=written), color=color, width=width)


def forms_json(forms: Sequence[FileForm], *, written: bool) -> str:
    """Write the files as JSON: ``{"version": 1, "written", "files": [{"path", "form", "why", "line"}]}``."""
    files = [{"path": form.path, "form": form.form.value, "why": form.why, "line": form.line} for form in forms]
    return json_text({"version": 1, "written": written, "files": files})


def _forms(forms: Sequence[FileForm], *, written: bool) -> Iterator[Node]:
    for form in forms:
        place = f"{form.path}:{form.line}" if form.line else form.path
        match form.form:
            case Form.REWRITTEN:
                yield labelled("rewritten" if written else "would be rewritten", form.path, Tone.WARN)
            case Form.LEFT:
                yield labelled("left as it is", f"{place}: {form.why}", Tone.INFO)
            case Form.BROKEN:
                yield labelled("can't be read", f"{place}: {form.why}", Tone.BAD)
            case Form.CANONICAL:
                pass
    yield _summary(forms, written=written)
    if any(file_form.form is Form.BROKEN for file_form in forms):
        yield labelled("hint", "`deployer validate` says what is wrong with a file that can't be read", Tone.INFO)
    elif not written and any(file_form.form is Form.REWRITTEN for file_form in forms):
        yield labelled("hint", "`deployer fmt` rewrites them", Tone.INFO)


def _summary(forms: Sequence[FileForm], *, written: bool) -> Node:
    changed, fine, others = (
        sum(form.form in which for form in forms)
        for which in ({Form.REWRITTEN}, {Form.CANONICAL}, {Form.LEFT, Form.BROKEN})
    )
    verb = "rewritten" if written else "would be rewritten"
    parts = [f"{counted(changed, 'file')} {verb}", f"{fine} in the canonical form already"]
    parts += [f"{others} left alone"] if others else []
    return entry(Run(", ".join(parts), Tone.STRONG))
