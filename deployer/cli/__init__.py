"""The command line: ``deployer``. It holds no logic; a command is one file; only ``main`` exits.

``--version`` and a Ctrl-C while Python still imports are answered here, before anything else is loaded.
"""

from __future__ import annotations

import _thread
import gc
import os
import sys

from deployer import __version__
from deployer.on_demand import own_process

TYPE_CHECKING = False  # type checkers know the name; importing it from `typing` would double the time of `--version`
if TYPE_CHECKING:
    from sys import UnraisableHookArgs
    from typing import NoReturn

__all__ = ["main"]

INTERRUPTED = 130

_RARE = (100_000, 20, 20)
"""When to look for rings of objects: a command makes millions that live until it ends, and hardly a ring."""


def main() -> NoReturn:
    """Run the command line and exit."""
    sys.unraisablehook = _interrupt_again
    if sys.argv[1:] == ["--version"] and _version():
        sys.exit()
    own_process()
    gc.set_threshold(*_RARE)  # before anything is imported: modules are many objects, and none of them ends
    try:
        from deployer.cli.main import main as run
    except KeyboardInterrupt:
        sys.stderr.write("interrupted\n")
        sys.exit(INTERRUPTED)
    run()


def _interrupt_again(unraised: UnraisableHookArgs) -> None:
    """Interrupt once more where a Ctrl-C met a callback: Python prints what is raised there, and goes on."""
    if unraised.exc_type is KeyboardInterrupt:
        from signal import SIGINT

        _thread.start_new_thread(os.kill, (os.getpid(), SIGINT))  # from here it would be raised within this callback
    else:
        sys.__unraisablehook__(unraised)


def _version() -> bool:
    """Print the version; False where it can't be written, which the command line answers as for any command."""
    if sys.stdout is None:
        return False
    try:
        sys.stdout.write(f"deployer {__version__}\n")
        sys.stdout.flush()
    except OSError:
        return False
    return True
