"""What an import writes, what it leaves alone, and what has to be set before the next plan."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from deployer.nouns import counted
from deployer.views import terminal
from deployer.views.json_text import json_text
from deployer.views.outline import Command, Copy, Entry, Run, Tone, entry, heading, labelled

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from deployer.app.importing import Import
    from deployer.engine.importing import LeftOut
    from deployer.views.outline import Node


def import_text(planned: Import, *, dry_run: bool, color: bool = False, width: int = 80) -> str:
    """Show an import on a terminal; of a ``dry_run`` the whole files that would be written."""
    return terminal.write(_outline(planned, dry_run=dry_run), color=color, width=width)


def import_json(planned: Import, *, dry_run: bool) -> str:
    """Write an import as JSON.

    ``{"version": 1, "environment", "written", "company", "apps", "files", "imported", "known", "left",
    "unread"}``; ``files`` are texts by path, an imported object has ``address``, ``id`` and ``variable``.
    """
    listed = planned.listed
    return json_text(
        {
            "version": 1,
            "environment": planned.environment,
            "written": not dry_run,
            "company": _company(planned),
            "apps": {app: me.application_name for app, me in listed.identities.items()},
            "files": dict(planned.files),
            "imported": [
                {
                    "address": declaration.address,
                    "id": declaration.id,
                    "variable": declaration.variable.name if declaration.variable else "",
                }
                for declaration in listed.declarations
            ],
            "known": [_left(left_out) for left_out in listed.known],
            "left": [_left(left_out) for left_out in listed.left],
            "unread": [{"what": what, "why": why} for what, why in listed.unread],
        }
    )


def _company(planned: Import) -> dict[str, Any]:
    me = next(iter(planned.listed.identities.values()), None)
    return {
        "id": me.company_id if me else "",
        "name": me.company_name if me else "",
        "filled_in": bool(planned.company_id),
    }


def _left(left_out: LeftOut) -> dict[str, str]:
    return {"kind": left_out.kind, "title": left_out.title, "why": left_out.why}


def _outline(planned: Import, *, dry_run: bool) -> Iterator[Node]:
    listed = planned.listed
    yield Entry((Run(_summary(planned, dry_run=dry_run), Tone.STRONG),))
    yield from _account(planned)
    if listed.declarations:
        yield heading("new in the YAML, with its adopt entry", 3)
        for declaration in listed.declarations:
            yield entry(
                Run(declaration.address, code=True), f"  id at Attentive: {declaration.id}", marker="+", tone=Tone.GOOD
            )
    yield from _variables(planned)
    yield from _section("left out", listed.left, "!")
    yield from _section("known already", listed.known, "=")
    if listed.unread:
        yield heading("couldn't be read", 3)
        yield from (entry(f"{what}: {why}", marker="?", tone=Tone.BAD) for what, why in listed.unread)
    if dry_run:
        yield from (Copy(path, text.rstrip("\n")) for path, text in planned.files.items())
    elif planned.files:
        yield heading("written", 3)
        yield from (entry(Run(path, code=True)) for path in planned.files)
        yield Command("next", f"deployer plan --env {planned.environment}", apart=True)


def _summary(planned: Import, *, dry_run: bool) -> str:
    name, number = planned.environment, len(planned.listed.declarations)
    if not planned.files:
        return f"Nothing new to import from {name}."
    would = "would be " if dry_run else ""
    return f"Import from {name}: {counted(number, 'resource')} {would}declared"


def _account(planned: Import) -> Iterator[Node]:
    """Whose account it is."""
    company = _company(planned)
    if company["id"]:
        note = " (filled in)" if company["filled_in"] else ""
        yield labelled("company", f"{company['name']}, company_id {company['id']}{note}")
    for app, me in planned.listed.identities.items():
        yield labelled("app", f"{app} is “{me.application_name}”")


def _variables(planned: Import) -> Iterator[Node]:
    needed = [
        (declaration, declaration.variable) for declaration in planned.listed.declarations if declaration.variable
    ]
    if needed:
        yield heading("to set where deployer runs, since it may hold a token and isn't written or printed", 3)
    for each, variable in needed:
        yield entry(
            Run(variable.name, Tone.WARN, code=True), f": {variable.description}, of {each.address} ({each.id})"
        )


def _section(title: str, left_outs: Sequence[LeftOut], marker: str) -> Iterator[Node]:
    if left_outs:
        yield heading(title, 3)
    for left_out in left_outs:
        yield entry(f"{left_out.kind} “{left_out.title}”: {left_out.why}", marker=marker)
