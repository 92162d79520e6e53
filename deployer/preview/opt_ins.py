"""How people opt in: what they read there, and how it looks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployer.kinds.opt_in_source import OptInSource
from deployer.preview.pictures import from_file
from deployer.preview.values import OptInView, Spot
from deployer.source import FileProblem

if TYPE_CHECKING:
    from deployer.project import Project


def opt_ins(project: Project) -> tuple[OptInView, ...]:
    """Every opt-in source, by address."""
    return tuple(_opt_in(one, project) for one in project.all(OptInSource))


def _opt_in(one: OptInSource, project: Project) -> OptInView:
    position = project.resources[one.address].locate(())
    return OptInView(
        one.address,
        one.name or one.id,
        one.channel,
        one.subscription_type,
        one.placement,
        one.control,
        one.pre_checked,
        _disclosure(one, project),
        from_file(one.screenshot, project) if one.screenshot else None,
        Spot(position.path, position.line),
    )


def _disclosure(one: OptInSource, project: Project) -> str:
    if not one.disclosure_file:
        return one.disclosure
    try:
        return project.text(one.disclosure_file)
    except FileProblem:  # its own problem says so
        return ""
