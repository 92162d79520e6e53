"""Modules that load when a name of theirs is first used."""

from __future__ import annotations

import subprocess
import sys

import pytest

SHOP = """
import sys, threading
sys.path.insert(0, sys.argv[1])
from deployer.on_demand import own_process, postpone
own_process()
postpone("shop.till", "shop.none", "shop.torn", "sys")
"""


@pytest.fixture
def run(tmp_path):
    """Runs lines in a process of their own, beside a package that prints when its modules are executed."""
    package = tmp_path / "shop"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "till.py").write_text(
        "import time\nprint('executed', __name__)\ntime.sleep(0.2)\nfrom shop import till\n"
        "assert not hasattr(till, 'open')\nopen = 5\n"
    )
    (package / "torn.py").write_text(
        "import shop\nshop.tries = getattr(shop, 'tries', 0) + 1\nif shop.tries < 2: 1 / 0\nmended = shop.tries\n"
    )

    def runs(lines: str) -> list[str]:
        command = [sys.executable, "-c", SHOP + lines, str(tmp_path)]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()

    return runs


def test_a_postponed_module_is_executed_for_a_name_of_it(run):
    """Importing it executes nothing; the first name that is read does, once, and it is the module from then on."""
    lines = "import shop.till\nfrom shop import till\nprint('imported')\nprint(till.open, shop.till.open)"
    assert run(lines) == ["imported", "executed shop.till", "5 5"]
    assert run(lines + "\nprint(hasattr(till, 'none'), hasattr(till, '__getattr__'))")[-1] == "False False"


def test_a_name_of_a_postponed_module_can_be_imported(run):
    """`from … import` reads a name, so that the module is executed."""
    assert run("from shop.till import open\nprint(open)") == ["executed shop.till", "5"]


def test_threads_wait_for_a_postponed_module(run):
    """A thread that reads a name while another executes the module waits for it, and finds the name."""
    lines = (
        "import shop.till\n"
        "found = []\n"
        "read = lambda: found.append(shop.till.open)\n"
        "threads = [threading.Thread(target=read) for _ in range(4)]\n"
        "for thread in threads: thread.start()\n"
        "for thread in threads: thread.join()\n"
        "print(found)"
    )
    assert run(lines) == ["executed shop.till", "[5, 5, 5, 5]"]


def test_what_is_not_there_is_not_postponed(run):
    """A module that doesn't exist is missing where it is imported, and one that is loaded stays as it is."""
    lines = (
        "print('shop.none' in sys.modules, sys.argv[0])\ntry: import shop.none\nexcept ImportError: print('missing')"
    )
    assert run(lines) == ["False -c", "missing"]


def test_a_module_that_fails_is_executed_again(run):
    """What a module raises is raised where a name of it was read, and the next name executes it again."""
    lines = "import shop.torn\ntry: shop.torn.mended\nexcept ZeroDivisionError: print('torn')\nprint(shop.torn.mended)"
    assert run(lines) == ["torn", "2"]


def test_another_program_keeps_its_modules():
    """Where a program imports deployer, nothing is postponed: its own packages import as they always do."""
    lines = (
        "import sys\nfrom deployer import messages\n"
        "print(messages.render('{% if a %}b{% endif %}', {'a': 1}).text)\n"
        "print(hasattr(sys.modules['asyncio'], '__getattr__'))"
    )
    done = subprocess.run([sys.executable, "-c", lines], capture_output=True, text=True, check=True)
    assert done.stdout == "b\nFalse\n"
