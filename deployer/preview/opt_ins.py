"""How people opt in: what they read there, and how it looks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployer.kinds.opt_in_source import OptInSource
from deployer.preview.message_values import Spot
from deployer.preview.pictures import from_file
from deployer.preview.values import OptInView
from deployer.source import FileProblem

if TYPE_CHECKING:
    from deployer.project import Project


def opt_ins(project: Project) -> tuple[OptInView, ...]:
    """Every opt-in source, by address."""
    return tuple(_opt_in(source, project) for source in project.all(OptInSource))


def _opt_in(source: OptInSource, project: Project) -> OptInView:
    position = project.resources[source.address].locate(())
    return OptInView(
        source.address,
        source.name or source.id,
        source.channel,
        source.subscription_type,
        source.placement,
        source.control,
        source.pre_checked,
        _disclosure(source, project),
        from_file(source.screenshot, project) if source.screenshot else None,
        Spot.of(position),
    )


def _disclosure(source: OptInSource, project: Project) -> str:
    if not source.disclosure_file:
        return source.disclosure
    try:
        return project.text(source.disclosure_file)
    except FileProblem:  # its own problem says so
        return ""
