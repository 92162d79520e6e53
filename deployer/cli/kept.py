"""Commands that only read, repeated from what an earlier run printed where they would print the same.

Where a command prints anything on standard error, nothing is kept. What reading a record logs is the exception: the
look by which a result is compared logs it, too.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from deployer.cli.transcript import Transcript, listening, noticing

if TYPE_CHECKING:
    from collections.abc import Callable

    from deployer.cli.options import CommandRun
    from deployer.workspace.results import Result, Results


def kept(run: CommandRun, name: str, choices: Any, work: Callable[[CommandRun], int]) -> int:
    """Do a command's ``work``, or print again what an earlier run of it printed, and give its exit code.

    ``choices`` are its own options, as JSON; those of every command are in ``run``. The work must write nothing, and
    read through the workspace of the run that it is given.
    """
    folder = run.kept_in
    if folder is None or sys.stderr is None:
        return work(run)
    from deployer.source.consulted import ConsultedFiles
    from deployer.workspace.results import Result, Results

    results = Results(folder, run.project, _words(run, name, choices))
    files = ConsultedFiles(run.project)
    with listening() as printed:
        known = results.find(os.environ, files)
    if known is not None:
        for text in known.texts:
            run.out(text)
        return known.code
    transcript = Transcript(read=files)
    with noticing(transcript, printed):
        code = work(replace(run, transcript=transcript))
    _keep(results, Result(code, tuple(transcript.texts)), transcript)
    return code


def _keep(results: Results, result: Result, transcript: Transcript) -> None:
    """Keep a result of one project that was read as a whole, unless more was printed or it depends on the clock."""
    from deployer.messages.virtual import looks_at_the_clock

    if transcript.more or len(transcript.workspaces) != 1:
        return
    [workspace] = transcript.workspaces
    keeping = workspace.keeping
    if workspace.settings is None or keeping is None:
        return  # without settings, the files that they would name weren't read, so that a change of those isn't seen
    if looks_at_the_clock() == keeping.looks:
        results.keep(result, keeping.files, workspace.elsewhere)


def _words(run: CommandRun, name: str, choices: Any) -> str:
    """Everything that decides about the words of a result besides what is read."""
    own = [run.env, run.envs, run.all_envs, run.format, run.verbose, run.quiet, run.color, run.width, run.on_terminal]
    # Where standard output doesn't speak UTF-8, views write other signs.
    return json.dumps([name, choices, *own, getattr(sys.stdout, "encoding", None), _here()])


def _here() -> str:
    """The folder that paths are relative to; empty where it is gone."""
    try:
        return str(Path.cwd())
    except OSError:
        return ""
