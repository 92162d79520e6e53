"""``deployer test``."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from deployer.cli import exits, views
from deployer.cli.completion import journey_tests
from deployer.cli.options import command as make_command
from deployer.cli.outputs import write_output

if TYPE_CHECKING:
    from deployer.app.journey_tests import TestRun
    from deployer.cli.options import CommandRun, Formats
    from deployer.simulation import Coverage


FORMATS: Formats[[TestRun, Coverage | None]] = {
    "text": lambda run, done, covered: views.journey_tests.results_text(done, covered, **run.look),
    "json": lambda _, done, covered: views.journey_tests.results_json(done, covered),
    "github": lambda run, done, covered: views.journey_tests.results_github(
        done, covered, views.problems.prefix(run.project, os.environ)
    ),
}


@make_command(*FORMATS, name="test")
@click.argument("names", nargs=-1, metavar="[NAME|PATH]...", shell_complete=journey_tests)
@click.option("--run", "pattern", default="", metavar="REGEX", help="Only tests whose id matches this.")
@click.option(
    "--update", is_flag=True, help="Rewrite the expectations of failed tests to the actual results; comments stay."
)
@click.option("--coverage", is_flag=True, help="Show the steps, lanes, messages and reasons that no test reaches.")
@click.option("--fail-under", type=click.FloatRange(0, 100), metavar="PERCENT", help="Fail if less is covered.")
@click.option(
    "--junit", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Write JUnit's XML as well."
)
def command(
    run: CommandRun,
    *,
    names: tuple[str, ...],
    pattern: str,
    update: bool,
    coverage: bool,
    fail_under: float | None,
    junit: Path | None,
) -> int:
    """Run the project's journey tests on a virtual clock, and show the first difference of each that fails.

    Nothing but the project is read, nothing is sent, and only --update writes. NAME is a test's id, PATH a file or a
    folder; errors in what the tests that are named don't use stop nothing. Coverage is of every journey of the
    project, and needs all of it without errors. Values of properties that are marked `pii: true` are shown as
    asterisks, since reports are shared; `deployer simulate` shows them.

    \b
    Example:
      deployer test --coverage --fail-under 100
      deployer test tests/orders.yaml --run night
    """
    from deployer.app.journey_tests import update_tests

    covers = coverage or fail_under is not None
    done = _run(run, names, pattern, covers=covers)
    if update and done.failed:
        run.tell(f"updated: {', '.join(update_tests(done))}")
        done = _run(run, names, pattern, covers=covers)
    covered = done.coverage() if covers else None
    if junit:
        write_output(junit, views.journey_tests.results_junit(done) + "\n", "--junit")
    run.show(FORMATS, done, covered)
    thin = fail_under is not None and covered is not None and covered.percent < fail_under
    if thin:
        run.tell(f"error: less than {fail_under:g} % of the journeys is covered")
    return exits.of(failed=bool(done.failed) or thin)


def _run(run: CommandRun, names: tuple[str, ...], pattern: str, *, covers: bool) -> TestRun:
    """Run the tests that are meant; all of them, and coverage, need the whole project without errors."""
    from deployer.app.journey_tests import needed_by_tests, plain_name, run_tests
    from deployer.cli.elsewhere import project_for
    from deployer.cli.testing_progress import testing

    names = tuple(_below(run.project, name) for name in names)
    some_are_meant = bool(names or pattern) and not covers
    project = project_for(
        run,
        lambda project: needed_by_tests(project, names, pattern) if some_are_meant else (),
        within=[plain_name(name) for name in names],
    )
    with testing(quiet=run.quiet, no_color=run.no_color) as progress:
        return run_tests(project, names, pattern, progress)


def _below(project: Path, name: str) -> str:
    """A path of the project as the project has it, though it is absolute, or of a folder inside the project."""
    root, path = project.resolve(), Path(name)
    if not path.is_absolute() and (Path.cwd() == root or root not in Path.cwd().parents):
        return name
    resolved = path.resolve()
    return resolved.relative_to(root).as_posix() if path.exists() and resolved.is_relative_to(root) else name
