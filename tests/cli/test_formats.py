"""The formats of every command: one table from names to views is the option's list of choices."""

from __future__ import annotations

import inspect
from importlib import import_module
from typing import TYPE_CHECKING, Any

import click
import pytest

from deployer.cli import views
from deployer.cli.commands.schema_export import export
from deployer.cli.main import COMMANDS, module_of
from deployer.contracts.export.project import FORMATS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def tables(module: str) -> Iterator[Mapping[str, Any]]:
    """The tables of formats of a command's module."""
    annotations = inspect.get_annotations(import_module(module))
    for name, written in annotations.items():
        if str(written).startswith("Formats["):
            yield getattr(import_module(module), name)


def choices(command: click.Command) -> Iterator[tuple[str, ...]]:
    """What ``--format`` takes in a command and in those below it."""
    for one in command.params:
        if one.name == "format_" and isinstance(one.type, click.Choice):
            yield tuple(one.type.choices)
    for below in getattr(command, "commands", {}).values():
        yield from choices(below)


MODULES = {name: f"deployer.cli.commands.{module_of(name)}" for name in COMMANDS}


@pytest.mark.parametrize("name", COMMANDS)
def test_a_table_holds_what_its_command_takes(name: str) -> None:
    """Each table of a command's module has exactly the names that the command offers, so that each has its view."""
    offered = set(choices(import_module(MODULES[name]).command))
    for table in tables(MODULES[name]):
        assert tuple(table) in offered


def test_almost_every_command_has_a_table() -> None:
    """What prints in more than one format registers them: the list of those that don't is short, and known."""
    several = {name for name in COMMANDS if any(len(one) > 1 for one in choices(import_module(MODULES[name]).command))}
    assert {name for name in several if not [*tables(MODULES[name])]} == {"validate"}  # its table is of the views


def test_an_event_is_exported_in_every_format_there_is() -> None:
    """What ``schema export`` offers is what events can be exported as."""
    assert [*choices(export)] == [FORMATS]


@pytest.mark.parametrize("name", views.__all__)
def test_a_view_is_loaded_by_its_name(name: str) -> None:
    """Every view that commands print with is there."""
    assert getattr(views, name).__name__ == f"deployer.views.{name}"


def test_what_is_no_view_is_an_error() -> None:
    """A name that isn't a view's is no attribute, as of any module."""
    with pytest.raises(AttributeError, match="nothing_of_this_name"):
        views.nothing_of_this_name  # noqa: B018 - reading it is the test
