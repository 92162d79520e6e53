"""The embedded sandbox of an environment: its file in the project's private folder, or a copy to look at."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict, TypeVar

from deployer.app.left_behind import PRIVATE
from deployer.atomic import write_file
from deployer.kinds.base import GuardError
from deployer.kinds.opt_in_source import OptInSource
from deployer.sandbox import SandboxApp, SandboxFileError, SandboxUnwritableError, SignUpUnit

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from deployer.project import Project
    from deployer.sandbox import Sandbox
    from deployer.sandbox.model import SubscriptionType

T = TypeVar("T")


class Company(TypedDict):
    """Whose account a sandbox is."""

    company_name: str
    company_id: str


def sandbox_key(app: str) -> str:
    """The key that a sandbox gives to an app. It opens nothing but the sandbox, so that it may be known."""
    return f"sandbox-{app}"


def private_folder(root: Path) -> Path:
    """The project's private folder, made where it is missing and kept out of git. Raises ``GuardError``."""
    return guarded(lambda: _made(root / PRIVATE))


def open_sandbox(project: Project) -> Sandbox:
    """The environment's sandbox, with an app for each of ours and a unit for each opt-in source that has its ID.

    Raises ``GuardError`` where the file can't be used or written.
    """
    return guarded(lambda: _opened(project))


def sandbox_to_look_at(project: Project) -> Sandbox:
    """The environment's sandbox, or a copy in memory where its file can't be written, so that reading still works.

    Whatever would write to the copy raises ``SandboxUnwritableError``. Raises ``GuardError`` where it can't be read.
    """
    try:
        return _opened(project)
    except SandboxUnwritableError as error:
        unwritable = error
    except SandboxFileError as error:
        raise _trouble(error) from error
    return guarded(lambda: _copied(project, unwritable))


def _opened(project: Project) -> Sandbox:
    from deployer.sandbox import Sandbox  # noqa: PLC0415 - it loads a database, which an offline plan doesn't need

    _made(project.root / PRIVATE)
    return _complete(project, Sandbox.open(sandbox_file(project), **_company(project)))


def _made(folder: Path) -> Path:
    """Make the folder, or what a link leads to, as the record's does."""
    try:
        folder.resolve().mkdir(parents=True, exist_ok=True)
        ignore = folder / ".gitignore"
        if not ignore.exists():
            write_file(ignore, "*\n")
    except FileExistsError as error:
        raise SandboxUnwritableError(str(folder), "it is a file, where a folder belongs") from error
    except OSError as error:
        raise SandboxUnwritableError(str(folder), error.strerror or str(error)) from error
    return folder


def _copied(project: Project, error: SandboxUnwritableError) -> Sandbox:
    from deployer.sandbox import Sandbox  # noqa: PLC0415 - it loads a database, and most sandboxes can be written

    sandbox = _complete(project, Sandbox.copy_of(sandbox_file(project), **_company(project)))
    sandbox.seal(error)
    return sandbox


def sandbox_file(project: Project) -> Path:
    """The file of an environment's embedded sandbox."""
    return project.root / PRIVATE / "sandbox" / f"{project.environment.name}.sqlite"


def _company(project: Project) -> Company:
    return {"company_name": project.settings.brand.name, "company_id": project.environment.company_id}


def _complete(project: Project, sandbox: Sandbox) -> Sandbox:
    """Give a sandbox the apps and the sign-up units that people would have made at Attentive."""
    try:
        _ensure(project, sandbox)
    except BaseException:
        sandbox.close()
        raise
    return sandbox


def _ensure(project: Project, sandbox: Sandbox) -> None:
    for name in project.settings.apps:
        sandbox.ensure_app(SandboxApp(name, project.app_name(name), sandbox_key(name)))
    for source in project.all(OptInSource):
        if source.sign_up_source_id:
            kind: SubscriptionType = "TRANSACTIONAL" if source.subscription_type == "transactional" else "MARKETING"
            sandbox.ensure_sign_up_unit(SignUpUnit(source.sign_up_source_id, kind, (source.channel.upper(),)))


def guarded(work: Callable[[], T]) -> T:
    """Do something with a sandbox. Raises ``GuardError`` where its file has trouble."""
    try:
        return work()
    except SandboxFileError as error:
        raise _trouble(error) from error


def _trouble(error: SandboxFileError) -> GuardError:
    if isinstance(error, SandboxUnwritableError):
        way = "free up space or make it writable, then run the command again; its contents are unchanged"
        return GuardError("sandbox", str(error), way)
    way = "look at the file first: without it the sandbox starts with an empty account"
    return GuardError("sandbox", f"the sandbox's file can't be used: {error}", way)
