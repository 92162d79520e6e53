"""``deployer issue answer``: what a collaborator asks for in a comment, such as to free a lock."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from deployer.cli import exits
from deployer.cli.forge_options import opened_forge
from deployer.cli.input_files import InputPath
from deployer.cli.notices import say
from deployer.cli.options import command as make_command

if TYPE_CHECKING:
    from deployer.app.commanded import Free, Refuse
    from deployer.cli.options import CommandRun
    from deployer.forge.commands import CommandComment


@make_command("text", name="answer")
@click.option(
    "--from-comment",
    type=InputPath(path_type=Path),
    metavar="EVENT_FILE",
    required=True,
    help="GitHub's event of a comment.",
)
def answer(run: CommandRun, *, from_comment: Path) -> int:
    """Do what a collaborator's comment asks for, and answer it once: `/deployer unlock NAME ID` frees a lock.

    NAME is PROJECT/ENVIRONMENT. Where the repository holds one project, `/deployer unlock ID` is enough. A command
    that names another project of the repository is left to that project's workflow. What isn't a command is answered
    with what to write, and the exit code is 1.

    \b
    Example:
      deployer issue answer --env production --from-comment "$GITHUB_EVENT_PATH"
    """
    from deployer.app.commanded import Leave, Refuse, reaction
    from deployer.cli.stored import scope
    from deployer.forge.commands import command_comment
    from deployer.forge.events import read_event
    from deployer.workspace.repository import scopes

    comment = command_comment(read_event(from_comment))
    if comment is None:
        run.tell("the comment holds no command")
        return exits.DONE
    own = scope(run, run.workspace().environment(run.env).name)
    match reaction(comment.command, own, scopes(Path(run.project))):
        case Leave():
            run.tell("another project's workflow does it")
            return exits.DONE
        case Refuse() as refused:
            return _refused(comment, refused)
        case chosen:
            return _freed(run, comment, chosen)


def _freed(run: CommandRun, comment: CommandComment, chosen: Free) -> int:
    """Free the lock in the environment whose lock it is, and answer; in the first one where no environment holds it."""
    from deployer.app.commanded import Refuse
    from deployer.cli.stored import backend
    from deployer.state import StateError
    from deployer.views.state_changes import unlocked_text

    stores = [backend(replace(run, env=name), None)[0] for name in chosen.environments]
    try:
        held = (store for store in stores if (holder := store.holder()) and holder.id == chosen.lock)
        text = unlocked_text(next(held, stores[0]).unlock(chosen.lock))
    except StateError as error:
        return _refused(comment, Refuse(error.message, error.hint))
    _post(comment, text)
    run.out(text)
    return exits.DONE


def _refused(comment: CommandComment, refused: Refuse) -> int:
    _post(comment, f"error: {refused.message}" + (f"\nhint: {refused.hint}" if refused.hint else ""))
    return say(refused.message, refused.hint)


def _post(comment: CommandComment, text: str) -> None:
    from deployer.forge.boxes import answer_mark
    from deployer.forge.sticky import answer_once
    from deployer.forge.values import Thread
    from deployer.views.issue import answer_markdown

    with opened_forge() as (_, forge):
        mark = answer_mark(comment.id)
        answer_once(forge, Thread("issue", comment.issue), mark, answer_markdown(text, mark))
